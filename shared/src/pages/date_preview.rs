//! The preview of a date typed into a form, as pages will show it.

use chrono::NaiveDateTime;
use fluent_bundle::FluentValue;
use serde::Serialize;

use super::{date_text::date_time_text, i18n::Lang};

/// A typed date as text, and the patterns with which a script updates the text while the date is typed.
#[derive(Debug, Serialize)]
pub(super) struct DatePreview {
    text: String,
    /// Text of a date with placeholders such as `{weekday}` instead of its parts.
    pattern: String,
    /// The same as `pattern`, for the first day of a month.
    pattern_first: String,
    hour: String,
    hour_and_minutes: String,
    zone: String,
}

impl DatePreview {
    /// Creates the preview of `local`, which is `None` until a valid date is typed. `zone` is the name of the time
    /// zone.
    pub(super) fn new(lang: Lang, local: Option<NaiveDateTime>, zone: &str) -> Self {
        let hour = ("hour", "{hour}".into());
        let minutes = ("minutes", "{minutes}".into());
        Self {
            text: local.map_or_else(String::new, |local| {
                preview_text(lang, date_time_text(lang, local, zone))
            }),
            pattern: pattern(lang, "{day}".into()),
            pattern_first: pattern(lang, 1.into()),
            hour: lang.text_with("hour", [hour.clone()]),
            hour_and_minutes: lang.text_with("hour-and-minutes", [hour, minutes]),
            zone: lang.text_with("zone-other", [("city", "{city}".into())]),
        }
    }
}

fn preview_text(lang: Lang, date_time: String) -> String {
    lang.text_with("date-preview", [("date-time", date_time.into())])
}

fn pattern(lang: Lang, day: FluentValue<'_>) -> String {
    let day = lang.text_with(
        "day",
        [
            ("weekday", "{weekday}".into()),
            ("day", day),
            ("month", "{month}".into()),
            ("year", "{year}".into()),
        ],
    );
    let date_time = lang.text_with(
        "date-time",
        [
            ("day", day.into()),
            ("time", "{time}".into()),
            ("zone", "{zone}".into()),
        ],
    );
    preview_text(lang, date_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_pattern_equals_the_text() {
        let local = "2027-03-18T19:05:00".parse().unwrap();
        let zone = "horário de Brasília";
        let preview = DatePreview::new(Lang::PtBr, Some(local), zone);
        let fill = |pattern: &str| {
            let time = preview.hour_and_minutes.replace("{hour}", "19");
            pattern
                .replace("{weekday}", "quinta-feira")
                .replace("{day}", "18")
                .replace("{month}", "março")
                .replace("{year}", "2027")
                .replace("{time}", &time.replace("{minutes}", "05"))
                .replace("{zone}", zone)
        };
        assert_eq!(fill(&preview.pattern), preview.text);
        let first = fill(&preview.pattern_first);
        assert_eq!(first, preview.text.replace("18", "1º"));
    }
}
