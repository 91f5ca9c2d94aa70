//! The Brazilian states, and finding the city and state at the end of a location.

/// Maximum length of the name of a city or state, in characters.
pub const PLACE_CHARS_MAX: usize = 80;

/// The 26 states of Brazil and its federal district: ISO 3166-2:BR code without the prefix, and name.
pub const BRAZILIAN_STATES: [(&str, &str); 27] = [
    ("AC", "Acre"),
    ("AL", "Alagoas"),
    ("AM", "Amazonas"),
    ("AP", "Amapá"),
    ("BA", "Bahia"),
    ("CE", "Ceará"),
    ("DF", "Distrito Federal"),
    ("ES", "Espírito Santo"),
    ("GO", "Goiás"),
    ("MA", "Maranhão"),
    ("MG", "Minas Gerais"),
    ("MS", "Mato Grosso do Sul"),
    ("MT", "Mato Grosso"),
    ("PA", "Pará"),
    ("PB", "Paraíba"),
    ("PE", "Pernambuco"),
    ("PI", "Piauí"),
    ("PR", "Paraná"),
    ("RJ", "Rio de Janeiro"),
    ("RN", "Rio Grande do Norte"),
    ("RO", "Rondônia"),
    ("RR", "Roraima"),
    ("RS", "Rio Grande do Sul"),
    ("SC", "Santa Catarina"),
    ("SE", "Sergipe"),
    ("SP", "São Paulo"),
    ("TO", "Tocantins"),
];

/// Returns the city and the state code of a location that ends in `City - UF`, where UF is one of the 27 codes of
/// [`BRAZILIAN_STATES`].
pub(super) fn city_and_state(location: &str) -> Option<(String, String)> {
    let last_dash = |text: &str| {
        [" - ", " – ", " — "]
            .iter()
            .filter_map(|dash| text.rfind(dash).map(|at| (at, at + dash.len())))
            .max()
    };
    let (end, start) = last_dash(location)?;
    let state = location[start..].trim().to_uppercase();
    if !BRAZILIAN_STATES.iter().any(|(code, _)| *code == state) {
        return None;
    }
    let before = &location[..end];
    let before = last_dash(before).map_or(before, |(_, start)| &before[start..]);
    let city = before.rsplit(',').next()?.trim();
    (!city.is_empty() && city.chars().count() <= PLACE_CHARS_MAX).then(|| (city.to_owned(), state))
}

#[cfg(test)]
mod tests {
    use super::city_and_state;

    #[test]
    fn city_and_state_come_from_the_end_of_the_location() {
        for (location, expected) in [
            ("São Paulo - SP", Some(("São Paulo", "SP"))),
            ("Porto Digital, Recife - PE", Some(("Recife", "PE"))),
            (
                "Rua das Flores, 10 - Centro - Embu-Guaçu – sp",
                Some(("Embu-Guaçu", "SP")),
            ),
            ("Lisboa, Portugal", None),
            ("Online", None),
            ("Sala 3 - XX", None),
            (" - SP", None),
        ] {
            let expected = expected.map(|(city, state)| (city.to_owned(), state.to_owned()));
            assert_eq!(city_and_state(location), expected, "{location}");
        }
    }
}
