//! The ways to other events that the front page offers: by time, by place, by technology, and out of each wish in force.

use chrono::{Datelike, Days, Months, NaiveDate};
use shared::{
    http::{Query, query_string},
    pages::{FilterLink, Lang, day_words},
    routes::links,
    store::{Facet, Facets},
};

/// Names of technologies offered, the most frequent: about two lines of them.
const TECHNOLOGIES: usize = 12;
/// What asks for events that one can join from anywhere.
const ONLINE: &str = "online,hybrid";

/// What has a short address: the front page with this wish and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LandingPage {
    /// The events of today.
    Today,
    /// The events of this weekend.
    Weekend,
    /// Those that one can join from anywhere.
    Online,
    /// Those of a Brazilian state.
    State {
        /// Its code, in capitals.
        code: String,
    },
    /// Those of a city.
    City {
        /// The code of its state, in capitals.
        code: String,
        /// Its name.
        name: String,
    },
    /// Those about a technology.
    Technology {
        /// Its name.
        name: String,
    },
}

impl LandingPage {
    /// The address, unless no path can hold a name of it.
    pub(crate) fn address(&self) -> Option<String> {
        match self {
            Self::Today => Some(links::TODAY.to_owned()),
            Self::Weekend => Some(links::WEEKEND.to_owned()),
            Self::Online => Some(links::ONLINE.to_owned()),
            Self::State { code } => links::state(code),
            Self::City { code, name } => links::city(code, name),
            Self::Technology { name } => links::technology(name),
        }
    }

    /// What the page is called.
    pub(crate) fn heading(&self, lang: Lang) -> String {
        let blank = |name, text: &str| (name, text.to_owned().into());
        match self {
            Self::Today => lang.text("heading-today"),
            Self::Weekend => lang.text("heading-weekend"),
            Self::Online => lang.text("heading-online"),
            Self::State { code } => lang.text_with(
                "heading-state",
                [blank("code", code), blank("name", &state_words(code))],
            ),
            Self::City { code, name } => {
                lang.text_with("heading-city", [blank("city", name), blank("code", code)])
            }
            Self::Technology { name } => {
                lang.text_with("heading-technology", [blank("name", name)])
            }
        }
    }

    /// The query of its calendar and feeds, where that is not the wishes as they are: a day goes by, and they go on.
    pub(crate) fn feed_query(&self) -> Option<&'static str> {
        match self {
            Self::Today => Some("when=today"),
            Self::Weekend => Some("when=weekend"),
            Self::Online | Self::State { .. } | Self::City { .. } | Self::Technology { .. } => None,
        }
    }

    /// This wish beside those of the query.
    pub(crate) fn added(&self, query: &Query, today: NaiveDate) -> Query {
        let range =
            |(_, from, to): Range| query.changed("from", Some(&from)).changed("to", Some(&to));
        let [day, weekend, _] = ranges(today);
        match self {
            Self::Today => range(day),
            Self::Weekend => range(weekend),
            Self::Online => query.changed("attendance", Some(ONLINE)),
            Self::State { code } => query.changed("state", Some(code)),
            Self::City { code, name } => query
                .changed("city", Some(name))
                .changed("state", Some(code)),
            Self::Technology { name } => query.changed("technology", Some(name)),
        }
    }

    /// What these wishes are, where they are one with a short address.
    fn of(wishes: &[(&str, &str)], ranges: &Ranges) -> Option<Self> {
        let mut wishes = wishes.to_vec();
        wishes.sort_unstable();
        let [day, weekend, _] = ranges;
        let is = |(_, first, end): &Range, from, to| (first.as_str(), end.as_str()) == (from, to);
        match wishes[..] {
            [("attendance", ONLINE)] => Some(Self::Online),
            [("city", name), ("state", code)] => {
                let (code, _) = links::brazilian_state(code)?;
                Some(Self::City {
                    code: code.to_owned(),
                    name: name.to_owned(),
                })
            }
            [("from", from), ("to", to)] if is(day, from, to) => Some(Self::Today),
            [("from", from), ("to", to)] if is(weekend, from, to) => Some(Self::Weekend),
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

/// The query with the days that `when=today` and `when=weekend` stand for: what a calendar of today is asked with.
pub(crate) fn dated(query: &Query, today: NaiveDate) -> Query {
    let short = match query.get(&["when"]) {
        Some("today") => LandingPage::Today,
        Some("weekend") => LandingPage::Weekend,
        _ => return query.clone(),
    };
    short.added(&query.without(&["when"]), today)
}

/// The address of the front page with the wishes in force, as a visitor changes one of them.
pub(crate) struct FilterLinks<'a> {
    /// The wishes in force, without what only says where in the list one is.
    wishes: &'a Query,
    lang: Lang,
    ranges: Ranges,
}

impl<'a> FilterLinks<'a> {
    /// The ways on from these wishes, on this day where the board is.
    pub(crate) fn new(wishes: &'a Query, lang: Lang, today: NaiveDate) -> Self {
        Self {
            wishes,
            lang,
            ranges: ranges(today),
        }
    }

    /// The address with these wishes instead of those of the same names; one without a value is dropped.
    fn address(&self, changes: &[(&str, Option<&str>)]) -> String {
        let changed = |name| changes.iter().any(|(changed, _)| *changed == name);
        let kept = self
            .wishes
            .pairs()
            .filter(|(name, value)| !changed(*name) && !value.is_empty());
        let added = changes
            .iter()
            .filter_map(|(name, value)| Some((*name, (*value)?)));
        let wishes: Vec<(&str, &str)> = kept.chain(added).collect();
        let short = LandingPage::of(&wishes, &self.ranges).and_then(|short| short.address());
        short.unwrap_or_else(|| match query_string(wishes) {
            query if query.is_empty() => "/".to_owned(),
            query => format!("/?{query}"),
        })
    }

    /// What the wishes in force are, where they are one with a short address.
    pub(crate) fn short(&self) -> Option<LandingPage> {
        let wishes: Vec<(&str, &str)> = self.wishes.pairs().collect();
        LandingPage::of(&wishes, &self.ranges)
    }

    /// The address with the wishes in force.
    pub(crate) fn here(&self) -> String {
        self.address(&[])
    }

    fn offer(&self, words: String, changes: &[(&str, Option<&str>)], current: bool) -> FilterLink {
        FilterLink {
            words,
            events: None,
            count: None,
            href: self.address(changes),
            current,
        }
    }

    /// An offer that is taken back by the same link once it is taken.
    fn toggle(
        &self,
        words: String,
        events: Option<i64>,
        wishes: &[(&str, Option<&str>)],
    ) -> FilterLink {
        let current = wishes
            .iter()
            .all(|(name, value)| self.wishes.get(&[*name]) == *value);
        let none: Vec<_> = wishes.iter().map(|(name, _)| (*name, None)).collect();
        FilterLink {
            events: events.map(|count| {
                let count = [("count", count.into())];
                self.lang.text_with("facet-count", count)
            }),
            count: events,
            ..self.offer(words, if current { &none } else { wishes }, current)
        }
    }

    /// All events, those to come, those that are over.
    pub(crate) fn phases(&self) -> Vec<FilterLink> {
        let phase = |words: &str, value: Option<&str>| {
            let current = self.wishes.get(&["when"]) == value;
            self.offer(self.lang.text(words), &[("when", value)], current)
        };
        vec![
            phase("when-all", None),
            phase("when-upcoming", Some("upcoming")),
            phase("when-past", Some("past")),
        ]
    }

    /// Today, this weekend, this month; and what one can join from anywhere.
    pub(crate) fn soon(&self) -> Vec<FilterLink> {
        let range = |(words, from, to): &Range| {
            let range = [("from", Some(from.as_str())), ("to", Some(to.as_str()))];
            self.toggle(self.lang.text(words), None, &range)
        };
        let mut offers: Vec<FilterLink> = self.ranges.iter().map(range).collect();
        let online = self.lang.text("quick-online");
        offers.push(self.toggle(online, None, &[("attendance", Some(ONLINE))]));
        offers
    }

    /// The technologies of the coming weeks.
    pub(crate) fn technologies(&self, facets: &Facets) -> Vec<FilterLink> {
        let facets = facets.technologies.iter().take(TECHNOLOGIES);
        facets
            .map(|Facet { name, events }| {
                self.toggle(name.clone(), Some(*events), &[("technology", Some(name))])
            })
            .collect()
    }

    /// The states of the coming weeks.
    pub(crate) fn states(&self, facets: &Facets) -> Vec<FilterLink> {
        let offer = |Facet { name, events }: &Facet| {
            // A state without its city: the city of another would find nothing.
            let state = [("state", Some(name.as_str())), ("city", None)];
            self.toggle(state_words(name), Some(*events), &state)
        };
        facets.states.iter().map(offer).collect()
    }

    /// The wishes in force, each a link that drops it.
    pub(crate) fn active(&self) -> Vec<FilterLink> {
        let mut offers = Vec::new();
        let mut offer = |words: String, names: &[&str]| {
            let none: Vec<_> = names.iter().map(|name| (*name, None)).collect();
            offers.push(self.offer(words, &none, true));
        };
        let said = |key, name, text: String| self.lang.text_with(key, [(name, text.into())]);
        let wish = |names: &[&str]| self.wishes.get(names).map(str::to_owned);
        if let Some(text) = wish(&["q", "search"]) {
            offer(said("filter-search", "text", text), &["q", "search"]);
        }
        if let Some(name) = wish(&["technology"]) {
            offer(said("filter-technology", "name", name), &["technology"]);
        }
        if let Some(city) = wish(&["city"]) {
            offer(said("filter-city", "name", city), &["city"]);
        }
        if let Some(state) = wish(&["state"]) {
            offer(
                said("filter-state", "name", state_words(&state)),
                &["state"],
            );
        }
        if let Some(ways) = wish(&["attendance"]) {
            let words = if ways == ONLINE {
                self.lang.text("quick-online")
            } else {
                let words = ways.split(',').map(str::trim).filter(|way| !way.is_empty());
                let words = words.map(|way| format!("attendance-{}", way.replace('_', "-")));
                let words: Vec<String> = words.map(|key| self.lang.text(&key)).collect();
                words.join(", ")
            };
            if !words.is_empty() {
                offer(words, &["attendance"]);
            }
        }
        let (from, to) = (wish(&["from"]), wish(&["to"]));
        let known = self
            .ranges
            .iter()
            .find(|(_, start, end)| (from.as_ref(), to.as_ref()) == (Some(start), Some(end)));
        if let Some((words, ..)) = known {
            offer(self.lang.text(words), &["from", "to"]);
        } else {
            let day = |text: &str| match text.parse() {
                Ok(day) => day_words(self.lang, day),
                Err(_) => text.to_owned(),
            };
            if let Some(from) = from {
                offer(said("filter-from", "day", day(&from)), &["from"]);
            }
            if let Some(to) = to {
                offer(said("filter-to", "day", day(&to)), &["to"]);
            }
        }
        offers
    }

    /// Where to go from a list in which there is nothing: the same wishes without a place, joined from anywhere.
    pub(crate) fn online_instead(&self) -> Option<String> {
        let placed = ["city", "state"]
            .iter()
            .any(|name| self.wishes.get(&[name]).is_some());
        let online = [
            ("attendance", Some(ONLINE)),
            ("city", None),
            ("state", None),
        ];
        placed.then(|| self.address(&online))
    }

    /// The place that was asked for, in words.
    pub(crate) fn place(&self) -> Option<String> {
        let city = self.wishes.get(&["city"]).map(str::to_owned);
        city.or_else(|| self.wishes.get(&["state"]).map(state_words))
    }
}

/// Days that have a name: its words, the first of them and the day after.
type Range = (&'static str, String, String);
/// Today, this weekend and this month, as far as they are still to come.
type Ranges = [Range; 3];

fn ranges(today: NaiveDate) -> Ranges {
    let after = |day: NaiveDate, days: u32| day + Days::new(days.into());
    let sunday = after(today, 6 - today.weekday().num_days_from_monday());
    let saturday = (sunday - Days::new(1)).max(today);
    let next_month = today.with_day(1).unwrap_or(today) + Months::new(1);
    [
        ("quick-today", today, after(today, 1)),
        ("quick-weekend", saturday, after(sunday, 1)),
        ("quick-month", today, next_month),
    ]
    .map(|(words, from, to)| (words, from.to_string(), to.to_string()))
}

/// The name of a state that is given by its code.
fn state_words(state: &str) -> String {
    links::brazilian_state(state)
        .map_or(state, |(_, name)| name)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(today: &str, weekend: (&str, &str), month: (&str, &str)) {
        let ranges = ranges(today.parse().unwrap());
        let range = |place: usize| (ranges[place].1.as_str(), ranges[place].2.as_str());
        assert_eq!((range(1), range(2)), (weekend, month), "{today}");
        assert_eq!(range(0).0, today);
    }

    #[test]
    fn weekends_and_months_are_what_is_left_of_them() {
        // A Wednesday, a Saturday, a Sunday, the last day of a year.
        check(
            "2027-03-17",
            ("2027-03-20", "2027-03-22"),
            ("2027-03-17", "2027-04-01"),
        );
        check(
            "2027-03-20",
            ("2027-03-20", "2027-03-22"),
            ("2027-03-20", "2027-04-01"),
        );
        check(
            "2027-03-21",
            ("2027-03-21", "2027-03-22"),
            ("2027-03-21", "2027-04-01"),
        );
        check(
            "2027-12-31",
            ("2028-01-01", "2028-01-03"),
            ("2027-12-31", "2028-01-01"),
        );
    }
}
