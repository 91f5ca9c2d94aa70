//! Builds the links of a list of events that add, replace or remove one filter.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    date_ranges::DateRanges,
    date_text::day_text,
    i18n::Lang,
    landing_page::{LandingPage, ONLINE, state_name},
};
use crate::{
    query::QueryParams,
    routes::paths,
    store::{Facet, Facets},
};

/// Maximum number of technologies to link, the most frequent first: about two lines.
const TECHNOLOGIES_MAX: usize = 12;

/// A link to the list of events with one filter changed.
#[derive(Clone, Debug, Serialize)]
pub struct FilterLink {
    /// Text of the link.
    pub text: String,
    /// Number of events of the next 90 days that match the filter, as text.
    pub count_text: Option<String>,
    /// Number of events of the next 90 days that match the filter.
    pub count: Option<i64>,
    /// Path and query of the list with the filter changed.
    pub href: String,
    /// Whether the filter is in effect on the current page.
    pub current: bool,
}

/// Query parameters with their new values; `None` removes a parameter.
type Changes<'a> = [(&'a str, Option<&'a str>)];

/// A builder of links to the list of events with a filter changed. If a landing page has the resulting filters, the
/// link leads there.
pub struct FilterLinks<'a> {
    /// Query parameters of the filters in effect, without paging.
    filters: &'a QueryParams,
    lang: Lang,
    ranges: DateRanges,
}

impl<'a> FilterLinks<'a> {
    /// Creates a builder of links that change `filters`; `today` is the date in the site's time zone.
    #[must_use]
    pub fn new(filters: &'a QueryParams, lang: Lang, today: NaiveDate) -> Self {
        Self {
            filters,
            lang,
            ranges: DateRanges::on(today),
        }
    }

    /// Returns the landing page with exactly the filters in effect, if there is one.
    #[must_use]
    pub fn landing_page(&self) -> Option<LandingPage> {
        LandingPage::matching(self.filters, &self.ranges)
    }

    /// Returns the path and query of the list with the filters in effect.
    #[must_use]
    pub fn current(&self) -> String {
        self.changed(&[])
    }

    /// Returns the path and query of the list after `changes` to the filters in effect.
    fn changed(&self, changes: &Changes<'_>) -> String {
        let is_changed = |name| changes.iter().any(|(changed, _)| *changed == name);
        let unchanged = self
            .filters
            .pairs()
            .filter(|(name, value)| !is_changed(*name) && !value.is_empty());
        let added = changes
            .iter()
            .filter_map(|(name, value)| Some((*name, (*value)?)));
        let filters: QueryParams = unchanged.chain(added).collect();
        LandingPage::matching(&filters, &self.ranges)
            .and_then(|page| page.path())
            .unwrap_or_else(|| filters.append_to(paths::HOME))
    }

    fn link(&self, text: String, changes: &Changes<'_>, current: bool) -> FilterLink {
        FilterLink {
            text,
            count_text: None,
            count: None,
            href: self.changed(changes),
            current,
        }
    }

    /// Builds a link that sets `filters`, or removes them if they are in effect.
    fn toggle(&self, text: String, events: Option<i64>, filters: &Changes<'_>) -> FilterLink {
        let current = filters
            .iter()
            .all(|(name, value)| self.filters.get(&[*name]) == *value);
        let removed: Vec<_> = filters.iter().map(|(name, _)| (*name, None)).collect();
        FilterLink {
            count_text: events.map(|count| {
                let count = [("count", count.into())];
                self.lang.text_with("facet-count", count)
            }),
            count: events,
            ..self.link(text, if current { &removed } else { filters }, current)
        }
    }

    /// Builds links to all, upcoming and past events.
    #[must_use]
    pub fn phases(&self) -> Vec<FilterLink> {
        let phase = |label: &str, value: Option<&str>| {
            let current = self.filters.get(&["when"]) == value;
            self.link(self.lang.text(label), &[("when", value)], current)
        };
        vec![
            phase("when-all", None),
            phase("when-upcoming", Some("upcoming")),
            phase("when-past", Some("past")),
        ]
    }

    /// Builds links that set or remove the filters for today, this weekend, this month, and online or hybrid events.
    #[must_use]
    pub fn quick_filters(&self) -> Vec<FilterLink> {
        let ranges = self.ranges.all().into_iter().map(|range| {
            let dates = [
                ("from", Some(range.from.as_str())),
                ("to", Some(range.to.as_str())),
            ];
            self.toggle(self.lang.text(range.label), None, &dates)
        });
        let online = [("attendance", Some(ONLINE))];
        let online = self.toggle(self.lang.text("quick-online"), None, &online);
        ranges.chain([online]).collect()
    }

    /// Builds links that set or remove the filters for the most frequent technologies, 12 at most.
    #[must_use]
    pub fn technologies(&self, facets: &Facets) -> Vec<FilterLink> {
        let facets = facets.technologies.iter().take(TECHNOLOGIES_MAX);
        facets
            .map(|Facet { name, events }| {
                self.toggle(name.clone(), Some(*events), &[("technology", Some(name))])
            })
            .collect()
    }

    /// Builds links that set or remove the filters for the states, the most frequent first.
    #[must_use]
    pub fn states(&self, facets: &Facets) -> Vec<FilterLink> {
        let link = |Facet { name, events }: &Facet| {
            // With a city of another state in effect, no event would match.
            let state = [("state", Some(name.as_str())), ("city", None)];
            self.toggle(state_name(name), Some(*events), &state)
        };
        facets.states.iter().map(link).collect()
    }

    /// Builds a link for each filter in effect, which removes it.
    #[must_use]
    pub fn active(&self) -> Vec<FilterLink> {
        let active = [
            self.active_as("filter-search", "text", &["q", "search"], str::to_owned),
            self.active_as("filter-technology", "name", &["technology"], str::to_owned),
            self.active_as("filter-city", "name", &["city"], str::to_owned),
            self.active_as("filter-state", "name", &["state"], state_name),
            self.active_attendance(),
        ];
        active
            .into_iter()
            .flatten()
            .chain(self.active_dates())
            .collect()
    }

    /// Builds the link that removes the query parameters `names`.
    fn removal(&self, text: String, names: &[&str]) -> FilterLink {
        let removed: Vec<_> = names.iter().map(|name| (*name, None)).collect();
        self.link(text, &removed, true)
    }

    /// Builds the link that removes a query parameter, which has all of `names`, if it has a value. The text of the
    /// link is the message `key` with the displayed value as `argument`.
    fn active_as(
        &self,
        key: &str,
        argument: &'static str,
        names: &[&str],
        display: impl Fn(&str) -> String,
    ) -> Option<FilterLink> {
        let value = display(self.filters.get(names)?);
        let text = self.lang.text_with(key, [(argument, value.into())]);
        Some(self.removal(text, names))
    }

    fn active_attendance(&self) -> Option<FilterLink> {
        let modes = self.filters.get(&["attendance"])?;
        let text = if modes == ONLINE {
            self.lang.text("quick-online")
        } else {
            let modes = modes.split(',').map(str::trim).filter(|s| !s.is_empty());
            let keys = modes.map(|mode| format!("attendance-{}", mode.replace('_', "-")));
            let texts: Vec<String> = keys.map(|key| self.lang.text(&key)).collect();
            texts.join(", ")
        };
        (!text.is_empty()).then(|| self.removal(text, &["attendance"]))
    }

    /// Builds the links that remove dates: one for a named range of dates, else one each for `from` and `to`.
    fn active_dates(&self) -> Vec<FilterLink> {
        let (from, to) = (self.filters.get(&["from"]), self.filters.get(&["to"]));
        let named = self
            .ranges
            .all()
            .into_iter()
            .find(|range| (from, to) == (Some(range.from.as_str()), Some(range.to.as_str())));
        if let Some(range) = named {
            return vec![self.removal(self.lang.text(range.label), &["from", "to"])];
        }
        let day = |text: &str| match text.parse() {
            Ok(day) => day_text(self.lang, NaiveDate::into(day)),
            Err(_) => text.to_owned(),
        };
        let from = self.active_as("filter-from", "day", &["from"], day);
        let to = self.active_as("filter-to", "day", &["to"], day);
        from.into_iter().chain(to).collect()
    }

    /// Returns the path and query of the list of online or hybrid events with the same filters except city and state,
    /// to offer when a list is empty; `None` without a filter by city or state.
    #[must_use]
    pub fn online_instead(&self) -> Option<String> {
        self.filters.get(&["city", "state"])?;
        let online = [
            ("attendance", Some(ONLINE)),
            ("city", None),
            ("state", None),
        ];
        Some(self.changed(&online))
    }

    /// Returns the name of the city in the filter, else of the state; `None` without a filter by city or state.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let city = self.filters.get(&["city"]).map(str::to_owned);
        city.or_else(|| self.filters.get(&["state"]).map(state_name))
    }
}
