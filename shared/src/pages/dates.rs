//! Dates in words, on the wall clock of the event's own zone.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::i18n::Lang;
use crate::domain::{Event, parse_instant};

/// How long an event is taken to last that does not say when it ends.
const DURATION_ASSUMED: Duration = Duration::hours(2);
/// From when on the wait is told in minutes.
const SOON: Duration = Duration::minutes(59);

/// The zones of Brazil that keep Brasília's time today. They did not always, so each moment is compared.
const BRASILIA: [Tz; 8] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::America::Araguaina,
    chrono_tz::America::Bahia,
    chrono_tz::America::Belem,
    chrono_tz::America::Fortaleza,
    chrono_tz::America::Maceio,
    chrono_tz::America::Recife,
    chrono_tz::America::Santarem,
];

/// `quinta-feira, 18 de março de 2027, 19h (horário de Brasília)`.
pub(crate) fn start_words(lang: Lang, event: &Event) -> String {
    moment_words(
        lang,
        event.date(),
        &zone_words(lang, event.timezone, event.starts_at),
    )
}

/// The end, as short as the start allows: the hour alone on the same day.
pub(crate) fn end_words(lang: Lang, event: &Event) -> Option<String> {
    let (start, end) = (event.date(), event.end_date()?);
    Some(if start.date() == end.date() {
        lang.text_with("ends-same-day", [("time", time_words(lang, end).into())])
    } else {
        lang.text_with(
            "ends-another-day",
            [
                ("day", day_words(lang, end).into()),
                ("time", time_words(lang, end).into()),
            ],
        )
    })
}

/// A moment on this zone's wall clock.
pub(crate) fn moment_words(lang: Lang, wall: NaiveDateTime, zone: &str) -> String {
    lang.text_with(
        "moment",
        [
            ("day", day_words(lang, wall).into()),
            ("time", time_words(lang, wall).into()),
            ("zone", zone.into()),
        ],
    )
}

/// `quinta-feira, 18 de março de 2027`.
pub(crate) fn day_words(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text_with(
        "day",
        [
            (
                "weekday",
                lang.text(&format!("weekday-{}", wall.weekday().number_from_monday()))
                    .into(),
            ),
            ("day", wall.day().into()),
            (
                "month",
                lang.text(&format!("month-{}", wall.month())).into(),
            ),
            ("year", wall.year().to_string().into()),
        ],
    )
}

/// `19h`, `9h05`; `09:05` where hours are written as a clock shows them.
pub(crate) fn time_words(lang: Lang, wall: NaiveDateTime) -> String {
    let hour = match lang {
        Lang::PtBr => wall.format("%-H"),
        Lang::En | Lang::Es => wall.format("%H"),
    };
    let key = if wall.minute() == 0 {
        "hour"
    } else {
        "hour-and-minutes"
    };
    lang.text_with(
        key,
        [
            ("hour", hour.to_string().into()),
            ("minutes", wall.format("%M").to_string().into()),
        ],
    )
}

/// `mar`.
pub(crate) fn short_month(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text(&format!("month-short-{}", wall.month()))
}

/// `qui`.
pub(crate) fn short_weekday(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text(&format!(
        "weekday-short-{}",
        wall.weekday().number_from_monday()
    ))
}

/// `horário de Brasília`.
pub(crate) fn zone_words(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    if BRASILIA.contains(&zone) && offset(zone) == offset(chrono_tz::America::Sao_Paulo) {
        return lang.text("zone-brasilia");
    }
    lang.try_text(&format!("zone-{}", zone.name().replace('/', "-")))
        .unwrap_or_else(|| match zone.name().rsplit_once('/') {
            // Named after no place, some of them with the sign turned round: `Etc/GMT+3` is three hours behind.
            None | Some(("Etc", _)) => format!("UTC{}", offset(zone)),
            Some((_, city)) => {
                lang.text_with("zone-other", [("city", city.replace('_', " ").into())])
            }
        })
}

/// When the event ends, or may be taken to end.
pub(crate) fn end(event: &Event) -> DateTime<Utc> {
    event.ends_at.unwrap_or(event.starts_at + DURATION_ASSUMED)
}

/// Where an event is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Coming,
    Now,
    Over,
}

/// How far an event is from the present moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relative {
    pub(crate) phase: Phase,
    /// `em 3 dias`, `amanhã, às 19h`, `acontecendo agora`, `há 2 semanas`.
    pub(crate) words: String,
    /// The first instant at which this is not true any more.
    pub(crate) until: DateTime<Utc>,
}

/// The words for a day to come: today, tomorrow, and in days, weeks, months and years.
const COMING: [&str; 6] = [
    "today-at",
    "tomorrow-at",
    "in-days",
    "in-weeks",
    "in-months",
    "in-years",
];
/// The words for a day that is over.
const OVER: [&str; 6] = [
    "earlier-today",
    "yesterday",
    "days-ago",
    "weeks-ago",
    "months-ago",
    "years-ago",
];

/// How far the event is from `now`, by the calendar of its own zone.
pub(crate) fn relative(lang: Lang, event: &Event, now: DateTime<Utc>) -> Relative {
    let (start, end) = (event.starts_at, end(event));
    let today = now.with_timezone(&event.timezone).date_naive();
    let days_to = |at: DateTime<Utc>| {
        let day = at.with_timezone(&event.timezone).date_naive();
        (day - today).num_days()
    };
    // Words that count days change at a midnight, and not at each.
    let by_days = |words: &[&'static str; 6], days: i64| {
        let told = |ahead: u64| said(words, (days - ahead.cast_signed()).abs());
        let (key, count) = told(0);
        let change = (1..).find(|ahead| told(*ahead) != (key, count));
        let day = change.and_then(|ahead| today.checked_add_days(Days::new(ahead)));
        let midnight = day.and_then(|day| parse_instant(&day.to_string(), event.timezone));
        let at = at_words(lang, event.date());
        let words = lang.text_with(key, [("count", count.into()), ("at", at.into())]);
        (words, midnight.unwrap_or(DateTime::<Utc>::MAX_UTC))
    };
    if now < start - SOON {
        let (words, midnight) = by_days(&COMING, days_to(start));
        Relative {
            phase: Phase::Coming,
            words,
            until: midnight.min(start - SOON),
        }
    } else if now < start {
        let minutes =
            ((start - now) + Duration::minutes(1) - Duration::nanoseconds(1)).num_minutes();
        Relative {
            phase: Phase::Coming,
            words: lang.text_with("soon", [("count", minutes.into())]),
            until: start - Duration::minutes(minutes - 1),
        }
    } else if now < end {
        let key = if event.ends_at.is_some() {
            "happening-now"
        } else {
            "has-started"
        };
        Relative {
            phase: Phase::Now,
            words: lang.text(key),
            until: end,
        }
    } else {
        // What ends at midnight was yesterday's.
        let last = (event.ends_at.unwrap_or(start) - Duration::seconds(1)).max(start);
        let (words, until) = by_days(&OVER, days_to(last));
        Relative {
            phase: Phase::Over,
            words,
            until,
        }
    }
}

/// A number of days as it is said, to the nearest of the unit: days up to thirteen, weeks up to eight, months up to
/// twenty-three.
fn said(words: &[&'static str; 6], days: i64) -> (&'static str, i64) {
    /// 400 years of the Gregorian calendar.
    const CYCLE_DAYS: i64 = 146_097;
    let nearest = |whole: i64, part: i64| (2 * whole + part) / (2 * part);
    let months = nearest(days * 400 * 12, CYCLE_DAYS);
    match days {
        0 => (words[0], 0),
        1 => (words[1], 0),
        2..14 => (words[2], days),
        14..60 => (words[3], nearest(days, 7)),
        _ if months < 24 => (words[4], months),
        _ => (words[5], nearest(days * 400, CYCLE_DAYS)),
    }
}

/// `às 19h`.
fn at_words(lang: Lang, wall: NaiveDateTime) -> String {
    let time = time_words(lang, wall);
    lang.text_with(
        "at-time",
        [("hour", wall.hour().into()), ("time", time.into())],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::event::tests::stored;

    const SAO_PAULO: Tz = chrono_tz::America::Sao_Paulo;

    fn instant(wall: &str, zone: Tz) -> DateTime<Utc> {
        parse_instant(wall, zone).unwrap()
    }

    #[track_caller]
    fn check_in(lang: Lang, wall: &str, zone: Tz, words: &str) {
        let instant = instant(wall, zone);
        let wall = instant.with_timezone(&zone).naive_local();
        assert_eq!(
            moment_words(lang, wall, &zone_words(lang, zone, instant)),
            words
        );
    }

    #[track_caller]
    fn check(wall: &str, zone: Tz, words: &str) {
        check_in(Lang::PtBr, wall, zone, words);
    }

    #[test]
    fn a_date_reads_as_a_brazilian_says_it() {
        check(
            "2027-03-18T19:00",
            SAO_PAULO,
            "quinta-feira, 18 de março de 2027, 19h (horário de Brasília)",
        );
        check(
            "2027-05-01T09:05",
            SAO_PAULO,
            "sábado, 1º de maio de 2027, 9h05 (horário de Brasília)",
        );
        check(
            "2027-12-31T00:00",
            SAO_PAULO,
            "sexta-feira, 31 de dezembro de 2027, 0h (horário de Brasília)",
        );
        check(
            "2027-07-01T10:00",
            chrono_tz::America::Noronha,
            "quinta-feira, 1º de julho de 2027, 10h (horário de Fernando de Noronha)",
        );
        check(
            "2027-03-08T18:30",
            chrono_tz::America::Recife,
            "segunda-feira, 8 de março de 2027, 18h30 (horário de Brasília)",
        );
        check(
            "2027-03-28T18:00",
            chrono_tz::Europe::Lisbon,
            "domingo, 28 de março de 2027, 18h (horário de Lisboa)",
        );
        check(
            "2027-03-28T18:00",
            chrono_tz::Asia::Tokyo,
            "domingo, 28 de março de 2027, 18h (horário de Tóquio)",
        );
        check(
            "2027-03-28T18:00",
            chrono_tz::Asia::Ho_Chi_Minh,
            "domingo, 28 de março de 2027, 18h (horário de Ho Chi Minh)",
        );
    }

    #[test]
    fn a_date_reads_natively_in_english_and_spanish() {
        for (wall, zone, english, spanish) in [
            (
                "2027-03-18T19:00",
                SAO_PAULO,
                "Thursday, 18 March 2027, 19:00 (Brasília time)",
                "jueves, 18 de marzo de 2027, 19:00 (hora de Brasilia)",
            ),
            (
                "2027-05-01T09:05",
                chrono_tz::Europe::London,
                "Saturday, 1 May 2027, 09:05 (London time)",
                "sábado, 1 de mayo de 2027, 09:05 (hora de Londres)",
            ),
            (
                "2027-08-04T00:00",
                chrono_tz::Africa::PortoNovo,
                "Wednesday, 4 August 2027, 00:00 (Porto-Novo time)",
                "miércoles, 4 de agosto de 2027, 00:00 (hora de Porto-Novo)",
            ),
        ] {
            check_in(Lang::En, wall, zone, english);
            check_in(Lang::Es, wall, zone, spanish);
        }
    }

    #[test]
    fn a_zone_of_no_place_is_told_by_its_distance() {
        for (zone, words) in [
            (chrono_tz::UTC, "UTC"),
            (chrono_tz::Etc::GMTPlus3, "UTC-03:00"),
            (chrono_tz::Japan, "UTC+09:00"),
        ] {
            let at = instant("2027-03-18T19:00", zone);
            assert_eq!(zone_words(Lang::PtBr, zone, at), words);
        }
    }

    #[test]
    fn recife_had_no_summer_time_when_brasilia_had() {
        check(
            "2018-12-10T19:00",
            chrono_tz::America::Recife,
            "segunda-feira, 10 de dezembro de 2018, 19h (horário do Recife)",
        );
    }

    fn event(start: &str, end: Option<&str>, zone: Tz) -> Event {
        Event {
            starts_at: instant(start, zone),
            ends_at: end.map(|end| instant(end, zone)),
            timezone: zone,
            ..stored()
        }
    }

    #[test]
    fn how_far_an_event_is_reads_natively() {
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
            let told =
                [Lang::PtBr, Lang::En, Lang::Es].map(|lang| relative(lang, &event, now).words);
            assert_eq!(told, [portuguese, english, spanish], "{now}");
        }
    }

    #[test]
    fn one_in_the_morning_is_singular_where_hours_are_counted() {
        let event = event("2027-03-18T01:00", None, SAO_PAULO);
        let now = instant("2027-03-17T09:00", SAO_PAULO);
        let told = Lang::ALL.map(|lang| relative(lang, &event, now).words);
        assert_eq!(
            told,
            ["amanhã, à 1h", "tomorrow at 01:00", "mañana a la 01:00"]
        );
    }

    #[test]
    fn without_an_end_it_has_started_for_two_hours() {
        let event = event("2027-03-18T23:00", None, SAO_PAULO);
        let told = |now| {
            let told = relative(Lang::PtBr, &event, instant(now, SAO_PAULO));
            (told.phase, told.words)
        };
        let started = (Phase::Now, "já começou".to_owned());
        assert_eq!(told("2027-03-18T23:00"), started);
        assert_eq!(told("2027-03-19T00:59"), started);
        assert_eq!(told("2027-03-19T01:00"), (Phase::Over, "ontem".to_owned()));
    }

    #[test]
    fn words_are_true_until_the_instant_they_name_and_no_longer() {
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
            // Clocks skip midnight, and go back over it.
            event("2018-11-04T19:00", None, SAO_PAULO),
            event("2018-02-17T23:30", Some("2018-02-18T02:00"), SAO_PAULO),
            event("2026-11-01T01:30", Some("2026-11-01T03:00"), new_york),
            event("2027-03-18T19:00:30", None, chrono_tz::Asia::Kathmandu),
            event("2012-01-02T10:00", None, chrono_tz::Pacific::Apia),
        ] {
            let mut now = event.starts_at - Duration::days(1_300);
            while now < event.starts_at + Duration::days(1_300) {
                let told = relative(Lang::PtBr, &event, now);
                assert!(told.until > now, "{now}: {told:?}");
                let last = told.until - Duration::microseconds(1);
                for moment in [now + (last - now) / 3, now + (last - now) / 2, last] {
                    assert_eq!(relative(Lang::PtBr, &event, moment), told, "{now} {moment}");
                }
                let next = relative(Lang::PtBr, &event, told.until);
                assert_ne!(next.words, told.words, "{now}: {told:?}");
                now = told.until;
            }
        }
    }
}
