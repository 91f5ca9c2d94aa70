//! Validation of the web addresses in events.

use url::Url;

/// Maximum length of the web address of an event, in characters.
pub const URL_CHARS_MAX: usize = 500;

/// Returns whether `text` is an absolute `http` or `https` URL. `http:example.org`, which the URL standard accepts, is
/// not.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    is_web
        && text
            .split_once(':')
            .is_some_and(|(_, rest)| rest.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    #[test]
    fn only_absolute_http_urls_are_web_addresses() {
        for (text, expected) in [
            ("https://example.org/a?b=c&d", true),
            ("http://localhost:8000", true),
            ("HTTPS://exemplo.org/ação", true),
            ("example.org", false),
            ("ftp://example.org", false),
            ("//example.org", false),
            ("https://", false),
            ("http:example.org", false),
            ("mailto:a@b", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_web_address(text), expected, "{text}");
        }
    }
}
