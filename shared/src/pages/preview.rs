//! What is told of a page where its address is shared: in chats and social networks (Open Graph, Twitter's cards) and by search
//! engines (schema.org).

use serde::Serialize;
use serde_json::{Value, json};

use super::{dates, external_links, view::View};
use crate::domain::{Attendance, BRAZILIAN_STATES, Event, Status};

/// How much of a description is told, in characters; chats show less.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// A page in a few words and a picture.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// What it is called.
    pub title: String,
    /// What it is about, 200 characters at most.
    pub description: String,
    /// Its picture.
    pub card: Card,
}

/// The picture of a page: a PNG of 1200 × 630 pixels.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// Its address, absolute.
    address: String,
    width: u32,
    height: u32,
    /// The same in words.
    alt: String,
}

impl Card {
    /// Its width, in pixels: what the networks ask for.
    pub const WIDTH: u32 = 1200;
    /// Its height, in pixels.
    pub const HEIGHT: u32 = 630;

    fn at(address: String, alt: String) -> Self {
        Self {
            address,
            width: Self::WIDTH,
            height: Self::HEIGHT,
            alt,
        }
    }
}

impl Preview {
    /// What the board says of itself; `title` is the page's, unless that bears the board's name.
    pub(crate) fn of_board(title: Option<String>, view: &View) -> Self {
        let address = format!("{}/card.png?lang={}", view.base_url, view.lang.tag());
        let tagline = view.lang.text("tagline");
        Self {
            title: title.unwrap_or_else(|| view.app_title.clone()),
            card: Card::at(address, format!("{} · {tagline}", view.app_title)),
            description: view.lang.text("list-lead"),
        }
    }

    /// What is told of an event: when and where, then the beginning of its description.
    pub(crate) fn of_event(event: &Event, title: &str, view: &View) -> Self {
        let facts = facts(event, view);
        let alt = format!("{title} · {facts}");
        let description = match event.description.as_deref().map(one_line) {
            Some(text) if !text.is_empty() => format!("{facts}. {text}"),
            _ => facts,
        };
        let (id, version, lang) = (event.id, event.version, view.lang.tag());
        let address = format!(
            "{}/events/{id}/card.png?lang={lang}&v={version}",
            view.base_url
        );
        Self {
            title: title.to_owned(),
            description: shortened(&description, DESCRIPTION_CHARS_MAX),
            card: Card::at(address, alt),
        }
    }
}

/// `Cancelado · quinta-feira, 18 de março de 2027, 19h (horário de Brasília) · São Paulo - SP`.
fn facts(event: &Event, view: &View) -> String {
    let status = match event.status {
        Status::Scheduled => None,
        Status::Postponed | Status::Cancelled => {
            let key = format!("status-{}", event.status.as_str());
            Some(view.lang.text(&key))
        }
    };
    let facts = [
        status,
        Some(dates::start_words(view.lang, event)),
        Some(external_links::place(event)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, or as many of its whole words as fit, with an ellipsis; a word that alone does not fit is cut.
fn shortened(text: &str, chars_max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars_max) else {
        return text.to_owned();
    };
    let last = text[..end].char_indices().next_back();
    let room = last.map_or(0, |(place, _)| place);
    let cut = text[..room].rfind(' ').unwrap_or(room);
    let cut = if cut * 2 < room { room } else { cut };
    format!("{}…", text[..cut].trim_end_matches([' ', ',', '.', ';']))
}

/// The event as schema.org has it (<https://schema.org/Event>).
pub(crate) fn event_data(event: &Event, preview: &Preview, view: &View) -> Value {
    let public_url = external_links::public_url(event, view);
    let zoned = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&event.timezone).to_rfc3339();
    let status = match event.status {
        Status::Scheduled => "https://schema.org/EventScheduled",
        Status::Postponed => "https://schema.org/EventPostponed",
        Status::Cancelled => "https://schema.org/EventCancelled",
    };
    let online =
        json!({"@type": "VirtualLocation", "url": event.url.as_deref().unwrap_or(&public_url)});
    let (attendance, location) = match event.attendance {
        Attendance::InPerson => ("OfflineEventAttendanceMode", place_data(event)),
        Attendance::Online => ("OnlineEventAttendanceMode", online),
        Attendance::Hybrid => (
            "MixedEventAttendanceMode",
            json!([place_data(event), online]),
        ),
    };
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": preview.title,
        "startDate": zoned(event.starts_at),
        "eventStatus": status,
        "eventAttendanceMode": format!("https://schema.org/{attendance}"),
        "location": location,
        "image": [preview.card.address],
        "url": public_url,
        "description": event.description.as_deref().unwrap_or(&preview.description),
    });
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            data[name] = value;
        }
    };
    tell("endDate", event.ends_at.map(|end| zoned(end).into()));
    tell("sameAs", event.url.clone().map(Value::from));
    tell(
        "organizer",
        event
            .organizer
            .as_ref()
            .map(|name| json!({"@type": "Organization", "name": name})),
    );
    let technologies = &event.technologies;
    tell(
        "keywords",
        (!technologies.is_empty()).then(|| json!(technologies)),
    );
    data
}

/// The place; its country is known where its state is one of Brazil's.
fn place_data(event: &Event) -> Value {
    let state = event.state.as_deref();
    let brazilian = state.and_then(|state| {
        let known = |(code, name): &&(&str, &str)| {
            state.eq_ignore_ascii_case(code) || state.to_lowercase() == name.to_lowercase()
        };
        BRAZILIAN_STATES.iter().find(known)
    });
    let mut address = json!({"@type": "PostalAddress"});
    let parts = [
        ("addressLocality", event.city.as_deref()),
        (
            "addressRegion",
            brazilian.map_or(state, |(code, _)| Some(*code)),
        ),
        ("addressCountry", brazilian.map(|_| "BR")),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            address[name] = value.into();
        }
    }
    if event.city.is_none() && event.state.is_none() {
        address = event.location.clone().into();
    }
    json!({"@type": "Place", "name": event.location, "address": address})
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_text_is_cut_between_words() {
        for (text, chars, short) in [
            ("um dois", 7, "um dois"),
            ("um dois três", 10, "um dois…"),
            ("um dois, três", 10, "um dois…"),
            ("çççççççççç", 5, "çççç…"),
            ("a çççççççççç", 8, "a ççççç…"),
            ("", 5, ""),
        ] {
            assert_eq!(shortened(text, chars), short, "{text}");
            assert!(shortened(text, chars).chars().count() <= chars);
        }
    }
}
