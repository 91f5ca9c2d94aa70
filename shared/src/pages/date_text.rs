//! Formats dates and times as text, in the local time of the event.

use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::i18n::Lang;
use crate::domain::Event;

/// Brazilian time zones that now have the same offset as Brasília. Some had another one in the past, so offsets must be
/// compared at each instant.
const BRASILIA_ZONES: [Tz; 8] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::America::Araguaina,
    chrono_tz::America::Bahia,
    chrono_tz::America::Belem,
    chrono_tz::America::Fortaleza,
    chrono_tz::America::Maceio,
    chrono_tz::America::Recife,
    chrono_tz::America::Santarem,
];

/// Returns the start of `event` as text: `quinta-feira, 18 de março de 2027, 19h (horário de Brasília)`.
pub(crate) fn start_text(lang: Lang, event: &Event) -> String {
    let zone = zone_text(lang, event.timezone, event.starts_at);
    date_time_text(lang, event.date(), &zone)
}

/// Returns the end of `event` as text: `até 22h` on the day of the start, `até sexta-feira, 19 de março de 2027, 2h` on
/// another day.
pub(crate) fn end_text(lang: Lang, event: &Event) -> Option<String> {
    let (start, end) = (event.date(), event.end_date()?);
    let time = ("time", time_text(lang, end).into());
    Some(if start.date() == end.date() {
        lang.text_with("ends-same-day", [time])
    } else {
        let day = ("day", day_text(lang, end).into());
        lang.text_with("ends-another-day", [day, time])
    })
}

/// Returns the date and time `local` as text, followed by `zone`, the name of the time zone.
pub(crate) fn date_time_text(lang: Lang, local: NaiveDateTime, zone: &str) -> String {
    lang.text_with(
        "date-time",
        [
            ("day", day_text(lang, local).into()),
            ("time", time_text(lang, local).into()),
            ("zone", zone.into()),
        ],
    )
}

/// Returns the day as text: `quinta-feira, 18 de março de 2027`.
pub(crate) fn day_text(lang: Lang, local: NaiveDateTime) -> String {
    let weekday = local.weekday().number_from_monday();
    lang.text_with(
        "day",
        [
            ("weekday", lang.text(&format!("weekday-{weekday}")).into()),
            ("day", local.day().into()),
            ("month", month_name(lang, local).into()),
            ("year", local.year().to_string().into()),
        ],
    )
}

/// Returns the month and year as text: `março de 2027`.
pub(crate) fn month_text(lang: Lang, local: NaiveDateTime) -> String {
    lang.text_with(
        "month",
        [
            ("month", month_name(lang, local).into()),
            ("year", local.year().to_string().into()),
        ],
    )
}

fn month_name(lang: Lang, local: NaiveDateTime) -> String {
    lang.text(&format!("month-{}", local.month()))
}

/// Returns the time of day as text: `19h`, `9h05`; `09:05` in English and Spanish.
pub(crate) fn time_text(lang: Lang, local: NaiveDateTime) -> String {
    let hour = match lang {
        Lang::PtBr => local.format("%-H"),
        Lang::En | Lang::Es => local.format("%H"),
    };
    let key = if local.minute() == 0 {
        "hour"
    } else {
        "hour-and-minutes"
    };
    lang.text_with(
        key,
        [
            ("hour", hour.to_string().into()),
            ("minutes", local.format("%M").to_string().into()),
        ],
    )
}

/// Returns the abbreviated name of the month: `mar`.
pub(crate) fn short_month(lang: Lang, local: NaiveDateTime) -> String {
    lang.text(&format!("month-short-{}", local.month()))
}

/// Returns the abbreviated name of the weekday: `qui`.
pub(crate) fn short_weekday(lang: Lang, local: NaiveDateTime) -> String {
    let weekday = local.weekday().number_from_monday();
    lang.text(&format!("weekday-short-{weekday}"))
}

/// Returns the name of the time in `zone` at the instant `at`: `horário de Brasília`.
pub(crate) fn zone_text(lang: Lang, zone: Tz, at: DateTime<Utc>) -> String {
    let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    if BRASILIA_ZONES.contains(&zone) && offset(zone) == offset(chrono_tz::America::Sao_Paulo) {
        return lang.text("zone-brasilia");
    }
    lang.try_text(&format!("zone-{}", zone.name().replace('/', "-")))
        .unwrap_or_else(|| match zone.name().rsplit_once('/') {
            // These names contain no city, and names in `Etc` have the opposite sign: `Etc/GMT+3` is UTC-03:00.
            None | Some(("Etc", _)) => format!("UTC{}", offset(zone)),
            Some((_, city)) => {
                lang.text_with("zone-other", [("city", city.replace('_', " ").into())])
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_instant;

    const SAO_PAULO: Tz = chrono_tz::America::Sao_Paulo;

    fn instant(local: &str, zone: Tz) -> DateTime<Utc> {
        parse_instant(local, zone).unwrap()
    }

    #[track_caller]
    fn check_in(lang: Lang, local: &str, zone: Tz, text: &str) {
        let instant = instant(local, zone);
        let local = instant.with_timezone(&zone).naive_local();
        let zone = zone_text(lang, zone, instant);
        assert_eq!(date_time_text(lang, local, &zone), text);
    }

    #[track_caller]
    fn check(local: &str, zone: Tz, text: &str) {
        check_in(Lang::PtBr, local, zone, text);
    }

    #[test]
    fn dates_are_written_in_portuguese() {
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
    fn dates_are_written_in_english_and_spanish() {
        for (local, zone, english, spanish) in [
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
            check_in(Lang::En, local, zone, english);
            check_in(Lang::Es, local, zone, spanish);
        }
    }

    #[test]
    fn a_zone_without_a_city_is_named_by_its_offset() {
        for (zone, text) in [
            (chrono_tz::UTC, "UTC"),
            (chrono_tz::Etc::GMTPlus3, "UTC-03:00"),
            (chrono_tz::Japan, "UTC+09:00"),
        ] {
            let at = instant("2027-03-18T19:00", zone);
            assert_eq!(zone_text(Lang::PtBr, zone, at), text);
        }
    }

    #[test]
    fn recife_had_no_daylight_saving_time_while_brasilia_had() {
        check(
            "2018-12-10T19:00",
            chrono_tz::America::Recife,
            "segunda-feira, 10 de dezembro de 2018, 19h (horário do Recife)",
        );
    }
}
