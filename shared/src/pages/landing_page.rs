//! Landing pages: lists with one filter and a path of their own, such as `/today` and `/technology/rust`.

use chrono::NaiveDate;

use super::{
    date_ranges::{DateRange, DateRanges},
    i18n::Lang,
};
use crate::{
    query::QueryParams,
    routes::{links, paths},
};

/// Value of the query parameter `attendance` for online and hybrid events, which can be joined from anywhere.
pub(crate) const ONLINE: &str = "online,hybrid";

/// A list of events with one filter and a path of its own, such as `/today`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LandingPage {
    /// The events of today.
    Today,
    /// The events of this weekend.
    Weekend,
    /// The online and hybrid events.
    Online,
    /// The events in a Brazilian state.
    State {
        /// Code of the state, in capitals.
        code: String,
    },
    /// The events in a city.
    City {
        /// Code of the city's state, in capitals.
        code: String,
        /// Name of the city.
        name: String,
    },
    /// The events about a technology.
    Technology {
        /// Name of the technology.
        name: String,
    },
}

impl LandingPage {
    /// Returns the path of the landing page; `None` if the name of the city or technology cannot be a path segment.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Today => Some(paths::TODAY.to_owned()),
            Self::Weekend => Some(paths::WEEKEND.to_owned()),
            Self::Online => Some(paths::ONLINE.to_owned()),
            Self::State { code } => links::state(code),
            Self::City { code, name } => links::city(code, name),
            Self::Technology { name } => links::technology(name),
        }
    }

    /// Returns the heading of the landing page.
    #[must_use]
    pub fn heading(&self, lang: Lang) -> String {
        let argument = |name, text: &str| (name, text.to_owned().into());
        match self {
            Self::Today => lang.text("heading-today"),
            Self::Weekend => lang.text("heading-weekend"),
            Self::Online => lang.text("heading-online"),
            Self::State { code } => {
                let name = argument("name", &state_name(code));
                lang.text_with("heading-state", [argument("code", code), name])
            }
            Self::City { code, name } => {
                let city = argument("city", name);
                lang.text_with("heading-city", [city, argument("code", code)])
            }
            Self::Technology { name } => {
                lang.text_with("heading-technology", [argument("name", name)])
            }
        }
    }

    /// Returns the query of the landing page's calendar and feeds, if it differs from the filters of the page: a
    /// subscription to `/today` must always show the current day.
    #[must_use]
    pub fn feed_query(&self) -> Option<&'static str> {
        match self {
            Self::Today => Some("when=today"),
            Self::Weekend => Some("when=weekend"),
            Self::Online | Self::State { .. } | Self::City { .. } | Self::Technology { .. } => None,
        }
    }

    /// Returns `query` with the filter of the landing page added.
    #[must_use]
    pub fn add_filter(&self, query: &QueryParams, today: NaiveDate) -> QueryParams {
        let ranges = DateRanges::on(today);
        let within = |DateRange { from, to, .. }: &DateRange| {
            query.with("from", Some(from)).with("to", Some(to))
        };
        match self {
            Self::Today => within(&ranges.today),
            Self::Weekend => within(&ranges.weekend),
            Self::Online => query.with("attendance", Some(ONLINE)),
            Self::State { code } => query.with("state", Some(code)),
            Self::City { code, name } => query.with("city", Some(name)).with("state", Some(code)),
            Self::Technology { name } => query.with("technology", Some(name)),
        }
    }

    /// Returns the landing page with exactly the given filters, if there is one.
    pub(crate) fn matching(filters: &QueryParams, ranges: &DateRanges) -> Option<Self> {
        let mut filters: Vec<(&str, &str)> = filters.pairs().collect();
        filters.sort_unstable();
        let is_range =
            |range: &DateRange, from, to| (range.from.as_str(), range.to.as_str()) == (from, to);
        match filters[..] {
            [("attendance", ONLINE)] => Some(Self::Online),
            [("city", name), ("state", code)] => {
                let (code, _) = links::brazilian_state(code)?;
                Some(Self::City {
                    code: code.to_owned(),
                    name: name.to_owned(),
                })
            }
            [("from", from), ("to", to)] if is_range(&ranges.today, from, to) => Some(Self::Today),
            [("from", from), ("to", to)] if is_range(&ranges.weekend, from, to) => {
                Some(Self::Weekend)
            }
            [("state", code)] => {
                let (code, _) = links::brazilian_state(code)?;
                Some(Self::State {
                    code: code.to_owned(),
                })
            }
            [("technology", name)] => Some(Self::Technology {
                name: name.to_owned(),
            }),
            _ => None,
        }
    }
}

/// Returns `query` with `when=today` or `when=weekend` replaced by the dates that it means on the day `today`.
#[must_use]
pub fn resolve_relative_dates(query: &QueryParams, today: NaiveDate) -> QueryParams {
    let page = match query.get(&["when"]) {
        Some("today") => LandingPage::Today,
        Some("weekend") => LandingPage::Weekend,
        _ => return query.clone(),
    };
    page.add_filter(&query.without(&["when"]), today)
}

/// Returns the name of the Brazilian state with the code `state`; any other text unchanged.
pub(crate) fn state_name(state: &str) -> String {
    let known = links::brazilian_state(state);
    known.map_or(state, |(_, name)| name).to_owned()
}
