//! Describes the time between now and an event as text.

use chrono::{DateTime, Days, Duration, NaiveDateTime, Timelike, Utc};

use super::{date_text::time_text, i18n::Lang};
use crate::domain::{Event, parse_instant};

/// Assumed duration of an event without an end.
const ASSUMED_DURATION: Duration = Duration::hours(2);
/// Time before the start from which the text shows the remaining minutes.
const MINUTES_SHOWN: Duration = Duration::minutes(59);

/// Returns the end of `event`, or an assumed end if it has none.
pub(crate) fn end_or_assumed_end(event: &Event) -> DateTime<Utc> {
    event.ends_at.unwrap_or(event.starts_at + ASSUMED_DURATION)
}

/// The phases of an event: before, during, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Upcoming,
    Ongoing,
    Past,
}

/// The time between now and an event, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RelativeTime {
    pub(crate) phase: Phase,
    /// The time as text: `em 3 dias`, `amanhã, às 19h`, `acontecendo agora`, `há 2 semanas`.
    pub(crate) text: String,
    /// First instant at which the text is wrong.
    pub(crate) valid_until: DateTime<Utc>,
}

impl RelativeTime {
    /// Describes the time between `now` and `event`; days are calendar days in the event's time zone.
    pub(crate) fn new(lang: Lang, event: &Event, now: DateTime<Utc>) -> Self {
        let (start, end) = (event.starts_at, end_or_assumed_end(event));
        if now < start - MINUTES_SHOWN {
            let (text, midnight) = days_text(lang, event, start, now, &UPCOMING_KEYS);
            Self {
                phase: Phase::Upcoming,
                text,
                valid_until: midnight.min(start - MINUTES_SHOWN),
            }
        } else if now < start {
            let minutes = minutes_rounded_up(start - now);
            Self {
                phase: Phase::Upcoming,
                text: lang.text_with("starts-in-minutes", [("count", minutes.into())]),
                valid_until: start - Duration::minutes(minutes - 1),
            }
        } else if now < end {
            let has_end = event.ends_at.is_some();
            let key = if has_end {
                "happening-now"
            } else {
                "has-started"
            };
            Self {
                phase: Phase::Ongoing,
                text: lang.text(key),
                valid_until: end,
            }
        } else {
            // An event that ends at midnight was on the day before.
            let last = (event.ends_at.unwrap_or(start) - Duration::seconds(1)).max(start);
            let (text, valid_until) = days_text(lang, event, last, now, &PAST_KEYS);
            Self {
                phase: Phase::Past,
                text,
                valid_until,
            }
        }
    }
}

/// The translation keys of texts for a number of days: 0, 1, several days, weeks, months, years.
type DayKeys = [&'static str; 6];

const UPCOMING_KEYS: DayKeys = [
    "today-at",
    "tomorrow-at",
    "in-days",
    "in-weeks",
    "in-months",
    "in-years",
];
const PAST_KEYS: DayKeys = [
    "earlier-today",
    "yesterday",
    "days-ago",
    "weeks-ago",
    "months-ago",
    "years-ago",
];

/// Returns the number of days between `now` and `at` as text, and the midnight at which the text changes.
fn days_text(
    lang: Lang,
    event: &Event,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    keys: &DayKeys,
) -> (String, DateTime<Utc>) {
    let date = |at: DateTime<Utc>| at.with_timezone(&event.timezone).date_naive();
    let today = date(now);
    let days = (date(at) - today).num_days();
    let key_and_count = |days_later: u64| round_days(keys, (days - days_later.cast_signed()).abs());
    let (key, count) = key_and_count(0);
    // Weeks, months and years do not change at every midnight.
    let change = (1..).find(|days_later| key_and_count(*days_later) != (key, count));
    let day = change.and_then(|days_later| today.checked_add_days(Days::new(days_later)));
    let midnight = day.and_then(|day| parse_instant(&day.to_string(), event.timezone));
    let time = ("at", at_time(lang, event.date()).into());
    let text = lang.text_with(key, [("count", count.into()), time]);
    (text, midnight.unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// Returns the translation key for `days` and the number in its unit, rounded: days up to 13, weeks up to 8, months up
/// to 23.
fn round_days(keys: &DayKeys, days: i64) -> (&'static str, i64) {
    /// Number of days in 400 years, after which the Gregorian calendar repeats.
    const CYCLE_DAYS: i64 = 146_097;
    let round_div = |dividend: i64, divisor: i64| (2 * dividend + divisor) / (2 * divisor);
    let months = round_div(days * 400 * 12, CYCLE_DAYS);
    match days {
        0 => (keys[0], 0),
        1 => (keys[1], 0),
        2..14 => (keys[2], days),
        14..60 => (keys[3], round_div(days, 7)),
        _ if months < 24 => (keys[4], months),
        _ => (keys[5], round_div(days * 400, CYCLE_DAYS)),
    }
}

fn minutes_rounded_up(duration: Duration) -> i64 {
    (duration + Duration::minutes(1) - Duration::nanoseconds(1)).num_minutes()
}

/// Returns the time of day after a preposition, as text: `às 19h`.
fn at_time(lang: Lang, local: NaiveDateTime) -> String {
    let time = time_text(lang, local);
    let hour = ("hour", local.hour().into());
    lang.text_with("at-time", [hour, ("time", time.into())])
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::pages::samples::sample_event;

    const SAO_PAULO: Tz = chrono_tz::America::Sao_Paulo;

    fn instant(local: &str, zone: Tz) -> DateTime<Utc> {
        parse_instant(local, zone).unwrap()
    }

    fn event(start: &str, end: Option<&str>, zone: Tz) -> Event {
        Event {
            starts_at: instant(start, zone),
            ends_at: end.map(|end| instant(end, zone)),
            timezone: zone,
            ..sample_event()
        }
    }

    #[test]
    fn relative_times_are_written_in_every_language() {
        let event = event("2027-03-18T19:00", Some("2027-03-18T22:00"), SAO_PAULO);
        for (now, portuguese, english, spanish) in [
            (
                "2024-03-18T12:00",
                "em 3 anos",
                "in 3 years",
                "dentro de 3 años",
            ),
            (
                "2026-03-18T12:00",
                "em 12 meses",
                "in 12 months",
                "dentro de 12 meses",
            ),
            (
                "2027-03-01T12:00",
                "em 2 semanas",
                "in 2 weeks",
                "dentro de 2 semanas",
            ),
            (
                "2027-03-15T23:59",
                "em 3 dias",
                "in 3 days",
                "dentro de 3 días",
            ),
            (
                "2027-03-17T00:00",
                "amanhã, às 19h",
                "tomorrow at 19:00",
                "mañana a las 19:00",
            ),
            (
                "2027-03-18T00:00",
                "hoje, às 19h",
                "today at 19:00",
                "hoy a las 19:00",
            ),
            (
                "2027-03-18T18:01",
                "começa em 59 minutos",
                "starts in 59 minutes",
                "empieza en 59 minutos",
            ),
            (
                "2027-03-18T18:59:59",
                "começa em 1 minuto",
                "starts in 1 minute",
                "empieza en 1 minuto",
            ),
            (
                "2027-03-18T19:00",
                "acontecendo agora",
                "happening now",
                "en curso ahora",
            ),
            (
                "2027-03-18T22:00",
                "hoje, mais cedo",
                "earlier today",
                "hoy, más temprano",
            ),
            ("2027-03-19T00:00", "ontem", "yesterday", "ayer"),
            ("2027-03-20T00:00", "há 2 dias", "2 days ago", "hace 2 días"),
            (
                "2027-04-02T00:00",
                "há 2 semanas",
                "2 weeks ago",
                "hace 2 semanas",
            ),
            (
                "2027-05-20T00:00",
                "há 2 meses",
                "2 months ago",
                "hace 2 meses",
            ),
            (
                "2029-04-20T00:00",
                "há 2 anos",
                "2 years ago",
                "hace 2 años",
            ),
        ] {
            let now = instant(now, SAO_PAULO);
            let texts = [Lang::PtBr, Lang::En, Lang::Es]
                .map(|lang| RelativeTime::new(lang, &event, now).text);
            assert_eq!(texts, [portuguese, english, spanish], "{now}");
        }
    }

    #[test]
    fn one_o_clock_has_a_singular_preposition_in_portuguese_and_spanish() {
        let event = event("2027-03-18T01:00", None, SAO_PAULO);
        let now = instant("2027-03-17T09:00", SAO_PAULO);
        let texts = Lang::ALL.map(|lang| RelativeTime::new(lang, &event, now).text);
        assert_eq!(
            texts,
            ["amanhã, à 1h", "tomorrow at 01:00", "mañana a la 01:00"]
        );
    }

    #[test]
    fn an_event_without_an_end_is_past_after_two_hours() {
        let event = event("2027-03-18T23:00", None, SAO_PAULO);
        let phase_and_text = |now| {
            let relative = RelativeTime::new(Lang::PtBr, &event, instant(now, SAO_PAULO));
            (relative.phase, relative.text)
        };
        let started = (Phase::Ongoing, "já começou".to_owned());
        let yesterday = (Phase::Past, "ontem".to_owned());
        assert_eq!(phase_and_text("2027-03-18T23:00"), started);
        assert_eq!(phase_and_text("2027-03-19T00:59"), started);
        assert_eq!(phase_and_text("2027-03-19T01:00"), yesterday);
    }

    #[test]
    fn a_text_changes_exactly_at_valid_until() {
        let new_york = chrono_tz::America::New_York;
        for event in [
            event("2027-03-18T19:00", Some("2027-03-18T22:00"), SAO_PAULO),
            event("2027-03-18T19:00", None, SAO_PAULO),
            event("2027-03-18T00:20", Some("2027-03-18T00:20"), SAO_PAULO),
            event("2027-03-18T20:00", Some("2027-03-19T00:00"), SAO_PAULO),
            event(
                "2027-05-20T08:00",
                Some("2027-05-21T18:00"),
                chrono_tz::America::Cuiaba,
            ),
            // Midnight is skipped, or occurs twice.
            event("2018-11-04T19:00", None, SAO_PAULO),
            event("2018-02-17T23:30", Some("2018-02-18T02:00"), SAO_PAULO),
            event("2026-11-01T01:30", Some("2026-11-01T03:00"), new_york),
            event("2027-03-18T19:00:30", None, chrono_tz::Asia::Kathmandu),
            event("2012-01-02T10:00", None, chrono_tz::Pacific::Apia),
        ] {
            let mut now = event.starts_at - Duration::days(1_300);
            while now < event.starts_at + Duration::days(1_300) {
                let relative = RelativeTime::new(Lang::PtBr, &event, now);
                assert!(relative.valid_until > now, "{now}: {relative:?}");
                let last = relative.valid_until - Duration::microseconds(1);
                for at in [now + (last - now) / 3, now + (last - now) / 2, last] {
                    assert_eq!(
                        RelativeTime::new(Lang::PtBr, &event, at),
                        relative,
                        "{now} {at}"
                    );
                }
                let next = RelativeTime::new(Lang::PtBr, &event, relative.valid_until);
                assert_ne!(next.text, relative.text, "{now}: {relative:?}");
                now = relative.valid_until;
            }
        }
    }
}
