//! The date ranges that have a name: today, this weekend, this month.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A named range of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateRange {
    /// Translation key of the range's name.
    pub(crate) label: &'static str,
    /// First day of the range, as the value of the query parameter `from`: `2027-03-18`.
    pub(crate) from: String,
    /// Day after the last day of the range, as the value of the query parameter `to`.
    pub(crate) to: String,
}

/// The date ranges with names. Days before today are excluded.
#[derive(Clone, Debug)]
pub(crate) struct DateRanges {
    pub(crate) today: DateRange,
    pub(crate) weekend: DateRange,
    pub(crate) month: DateRange,
}

impl DateRanges {
    /// Returns the ranges for the day `today`.
    pub(crate) fn on(today: NaiveDate) -> Self {
        let days_after = |day: NaiveDate, days: u32| day + Days::new(days.into());
        let sunday = days_after(today, 6 - today.weekday().num_days_from_monday());
        let saturday = (sunday - Days::new(1)).max(today);
        let next_month = today.with_day(1).unwrap_or(today) + Months::new(1);
        let range = |label, from: NaiveDate, to: NaiveDate| DateRange {
            label,
            from: from.to_string(),
            to: to.to_string(),
        };
        Self {
            today: range("quick-today", today, days_after(today, 1)),
            weekend: range("quick-weekend", saturday, days_after(sunday, 1)),
            month: range("quick-month", today, next_month),
        }
    }

    /// Returns all ranges, the shortest first.
    pub(crate) fn all(&self) -> [&DateRange; 3] {
        [&self.today, &self.weekend, &self.month]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(today: &str, weekend: (&str, &str), month: (&str, &str)) {
        let ranges = DateRanges::on(today.parse().unwrap());
        let days = |range: &DateRange| (range.from.clone(), range.to.clone());
        let owned = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
        assert_eq!(ranges.today.from, today);
        assert_eq!(days(&ranges.weekend), owned(weekend), "{today}");
        assert_eq!(days(&ranges.month), owned(month), "{today}");
    }

    #[test]
    fn weekend_and_month_begin_today_at_the_earliest() {
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
