//! Builds the options of the field for the time zone in the event form.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::{
    date_text::zone_text,
    i18n::Lang,
    select_options::{OptionGroup, SelectOption},
    view::View,
};

/// The time zones of Brazil, the most populous first.
const BRAZILIAN_ZONES: [Tz; 16] = [
    chrono_tz::America::Sao_Paulo,
    chrono_tz::America::Recife,
    chrono_tz::America::Fortaleza,
    chrono_tz::America::Bahia,
    chrono_tz::America::Maceio,
    chrono_tz::America::Belem,
    chrono_tz::America::Santarem,
    chrono_tz::America::Araguaina,
    chrono_tz::America::Manaus,
    chrono_tz::America::Porto_Velho,
    chrono_tz::America::Boa_Vista,
    chrono_tz::America::Cuiaba,
    chrono_tz::America::Campo_Grande,
    chrono_tz::America::Rio_Branco,
    chrono_tz::America::Eirunepe,
    chrono_tz::America::Noronha,
];

/// The first parts of the names of time zones in the form; other names in the time zone database are obsolete aliases.
const REGIONS: [&str; 9] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Returns the Brazilian time zones, then all others. The zone named `selected` is selected, even if it is unknown.
pub(super) fn zone_options(view: &View, selected: &str) -> Vec<OptionGroup> {
    let lang = view.lang;
    let brazilian = BRAZILIAN_ZONES.into_iter().map(|zone| SelectOption {
        zone: Some(zone_text(lang, zone, view.now)),
        ..zone_option(lang, zone, selected)
    });
    let group = |label, options| OptionGroup {
        label: Some(lang.text(label)),
        options,
    };
    vec![
        group("zones-brazil", brazilian.collect()),
        group("zones-other", other_zones(lang, selected)),
    ]
}

/// Returns the name of `zone` in the form.
pub(super) fn zone_name(lang: Lang, zone: Tz) -> String {
    lang.try_text(&format!("zone-option-{}", key(zone)))
        .unwrap_or_else(|| zone.name().replace('_', " "))
}

fn zone_option(lang: Lang, zone: Tz, selected: &str) -> SelectOption {
    SelectOption {
        value: zone.name().to_owned(),
        text: zone_name(lang, zone),
        selected: zone.name() == selected,
        zone: lang.try_text(&format!("zone-{}", key(zone))),
    }
}

fn key(zone: Tz) -> String {
    zone.name().replace('/', "-")
}

/// Returns the time zones outside Brazil, preceded by `selected` if it is not in the form: without a selected option,
/// browsers submit the first one, which would change the event's time.
fn other_zones(lang: Lang, selected: &str) -> Vec<SelectOption> {
    let is_offered = |zone: &Tz| {
        let region = zone.name().split('/').next();
        *zone == chrono_tz::UTC || region.is_some_and(|region| REGIONS.contains(&region))
    };
    let mut zones: Vec<SelectOption> = TZ_VARIANTS
        .iter()
        .copied()
        .filter(is_offered)
        .filter(|zone| !BRAZILIAN_ZONES.contains(zone))
        .map(|zone| zone_option(lang, zone, selected))
        .collect();
    let is_brazilian = BRAZILIAN_ZONES.iter().any(|zone| zone.name() == selected);
    if !is_brazilian && !zones.iter().any(|zone| zone.selected) {
        let unknown = SelectOption {
            value: selected.to_owned(),
            text: selected.to_owned(),
            selected: true,
            zone: None,
        };
        zones.insert(0, unknown);
    }
    zones
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample_view;

    #[test]
    fn exactly_one_zone_is_selected_even_if_its_name_is_unknown() {
        let view = sample_view("2027-01-01T12:00:00Z");
        let names = TZ_VARIANTS.iter().map(|zone| zone.name());
        for timezone in names.chain(["Atlantis/Capital"]) {
            let groups = zone_options(&view, timezone);
            let options = groups.iter().flat_map(|group| &group.options);
            let selected: Vec<_> = options.filter(|option| option.selected).collect();
            assert_eq!(selected.len(), 1, "{timezone}");
            assert_eq!(selected[0].value, timezone);
        }
    }
}
