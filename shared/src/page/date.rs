//! Dates in words, on the wall clock of the event's own zone.

use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::text::Lang;
use crate::event::Event;

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
pub(super) fn start_words(lang: Lang, event: &Event) -> String {
    moment_words(
        lang,
        event.date(),
        &zone_words(lang, event.timezone, event.starts_at),
    )
}

/// The end, as short as the start allows: the hour alone on the same day.
pub(super) fn end_words(lang: Lang, event: &Event) -> Option<String> {
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
pub(super) fn moment_words(lang: Lang, wall: NaiveDateTime, zone: &str) -> String {
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
fn day_words(lang: Lang, wall: NaiveDateTime) -> String {
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

/// `19h`, `9h05`.
pub(super) fn time_words(lang: Lang, wall: NaiveDateTime) -> String {
    let key = if wall.minute() == 0 {
        "hour"
    } else {
        "hour-and-minutes"
    };
    lang.text_with(
        key,
        [
            ("hour", wall.hour().into()),
            ("minutes", format!("{:02}", wall.minute()).into()),
        ],
    )
}

/// `mar`.
pub(super) fn short_month(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text(&format!("month-short-{}", wall.month()))
}

/// `qui`.
pub(super) fn short_weekday(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text(&format!(
        "weekday-short-{}",
        wall.weekday().number_from_monday()
    ))
}

/// `horário de Brasília`.
pub(super) fn zone_words(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    if BRASILIA.contains(&zone) && offset(zone) == offset(chrono_tz::America::Sao_Paulo) {
        return lang.text("zone-brasilia");
    }
    lang.try_text(&format!("zone-{}", zone.name().replace('/', "-")))
        .unwrap_or_else(|| {
            let city = zone
                .name()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .replace('_', " ");
            lang.text_with("zone-other", [("city", city.into())])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wall: &str, zone: Tz, words: &str) {
        let wall = NaiveDateTime::parse_from_str(wall, "%Y-%m-%dT%H:%M").unwrap();
        let instant = zone
            .from_local_datetime(&wall)
            .earliest()
            .unwrap()
            .with_timezone(&Utc);
        assert_eq!(
            moment_words(Lang::PtBr, wall, &zone_words(Lang::PtBr, zone, instant)),
            words
        );
    }

    #[test]
    fn a_date_reads_as_a_brazilian_says_it() {
        let sao_paulo = chrono_tz::America::Sao_Paulo;
        check(
            "2027-03-18T19:00",
            sao_paulo,
            "quinta-feira, 18 de março de 2027, 19h (horário de Brasília)",
        );
        check(
            "2027-05-01T09:05",
            sao_paulo,
            "sábado, 1º de maio de 2027, 9h05 (horário de Brasília)",
        );
        check(
            "2027-12-31T00:00",
            sao_paulo,
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
    fn recife_had_no_summer_time_when_brasilia_had() {
        check(
            "2018-12-10T19:00",
            chrono_tz::America::Recife,
            "segunda-feira, 10 de dezembro de 2018, 19h (horário do Recife)",
        );
    }
}
