//! The preview of a link in chats and social networks (Open Graph, Twitter cards).

use serde::Serialize;

use super::{date_text::start_text, external_links, summary::status_text, view::View};
use crate::{
    domain::Event,
    routes::{links, paths},
};

/// Maximum length of the description in a link preview, in characters; chat applications show fewer.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// The title, description and image of a link preview.
#[derive(Clone, Debug, Serialize)]
pub struct LinkPreview {
    /// Title of the page.
    pub title: String,
    /// Description of the page, at most 200 characters.
    pub description: String,
    /// Preview image of the page.
    pub card: Card,
}

/// The image of a link preview: a PNG of 1200 × 630 pixels.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// Absolute URL of the image.
    pub(crate) url: String,
    width: u32,
    height: u32,
    /// Text alternative for the image.
    alt: String,
}

impl Card {
    /// Width of the image in pixels, as social networks recommend.
    pub const WIDTH: u32 = 1200;
    /// Height of the image in pixels, as social networks recommend.
    pub const HEIGHT: u32 = 630;

    fn new(url: String, alt: String) -> Self {
        Self {
            url,
            width: Self::WIDTH,
            height: Self::HEIGHT,
            alt,
        }
    }
}

impl LinkPreview {
    /// Creates the preview of a page that has no preview of its own. `title` is the page's title, if it has one.
    pub(crate) fn of_site(title: Option<String>, view: &View) -> Self {
        let url = format!("{}{}?lang={}", view.base_url, paths::CARD, view.lang.tag());
        let tagline = view.lang.text("tagline");
        Self {
            title: title.unwrap_or_else(|| view.app_title.clone()),
            card: Card::new(url, format!("{} · {tagline}", view.app_title)),
            description: view.lang.text("list-lead"),
        }
    }

    /// Creates the preview of `event`: time and place, then the start of its description.
    pub(crate) fn of_event(event: &Event, title: &str, view: &View) -> Self {
        let facts = facts(event, view);
        let alt = format!("{title} · {facts}");
        let description = match event.description.as_deref().map(collapse_whitespace) {
            Some(text) if !text.is_empty() => format!("{facts}. {text}"),
            _ => facts,
        };
        let (path, lang) = (links::event_card(event.id), view.lang.tag());
        let url = format!("{}{path}?lang={lang}&v={}", view.base_url, event.version);
        Self {
            title: title.to_owned(),
            description: truncate_at_word(&description, DESCRIPTION_CHARS_MAX),
            card: Card::new(url, alt),
        }
    }
}

/// Returns the status, time and place of `event` as text: `Cancelado · quinta-feira, 18 de março de 2027, 19h (horário
/// de Brasília) · São Paulo - SP`.
fn facts(event: &Event, view: &View) -> String {
    let facts = [
        status_text(event, view),
        Some(start_text(view.lang, event)),
        Some(external_links::place(event)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Truncates `text` to `chars_max` characters with an ellipsis: after a word, or inside a word that is longer than half
/// of them.
fn truncate_at_word(text: &str, chars_max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars_max) else {
        return text.to_owned();
    };
    let last = text[..end].char_indices().next_back();
    // The ellipsis replaces the last character.
    let end = last.map_or(0, |(index, _)| index);
    let word_end = text[..end].rfind(' ').unwrap_or(end);
    let end = if word_end * 2 < end { end } else { word_end };
    format!("{}…", text[..end].trim_end_matches([' ', ',', '.', ';']))
}

#[cfg(test)]
mod tests {
    use super::truncate_at_word;

    #[test]
    fn a_text_is_truncated_between_words() {
        for (text, chars, short) in [
            ("um dois", 7, "um dois"),
            ("um dois três", 10, "um dois…"),
            ("um dois, três", 10, "um dois…"),
            ("çççççççççç", 5, "çççç…"),
            ("a çççççççççç", 8, "a ççççç…"),
            ("", 5, ""),
        ] {
            assert_eq!(truncate_at_word(text, chars), short, "{text}");
            assert!(truncate_at_word(text, chars).chars().count() <= chars);
        }
    }
}
