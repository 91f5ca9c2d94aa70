//! The board on other sites: a list for a frame, and what oEmbed (<https://oembed.com>) tells of an event.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;

use super::{
    event::{Summary, title_of},
    external_links,
    i18n::Lang,
    subscription::in_language,
    view::{Page, RenderError, View},
};
use crate::domain::Event;
use crate::formats::plain_text::one_line;

/// How large a frame with one event is, in CSS pixels, where there is room.
const FRAME: (u32, u32) = (480, 200);

/// `GET /embed`: a short list for a frame on another site.
#[derive(Debug, Serialize)]
pub struct EmbedPage {
    heading: String,
    events: Vec<Summary>,
    /// The page that shows all of them.
    all: String,
}

impl EmbedPage {
    /// These events under this heading, and the path of the page that shows more.
    #[must_use]
    pub fn new(heading: String, events: &[Event], all: String, view: &View) -> Self {
        let events = events.iter().map(|event| Summary::of(event, view));
        Self {
            heading,
            events: events.collect(),
            all,
        }
    }
}

impl Page for EmbedPage {
    const TEMPLATE: &'static str = "embed";

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.heading.clone())
    }
}

/// The frame that shows one event.
#[derive(Serialize)]
struct EmbedFrame {
    frame: String,
    width: u32,
    height: u32,
    name: String,
}

impl Page for EmbedFrame {
    const TEMPLATE: &'static str = "oembed";

    fn title(&self, _: Lang) -> Option<String> {
        None
    }
}

/// What oEmbed tells of an event (§2.3.4).
#[derive(Serialize)]
struct Embedding<'a> {
    version: &'static str,
    r#type: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    provider_name: &'a str,
    provider_url: &'a str,
    html: String,
    width: u32,
    height: u32,
}

impl View {
    /// What oEmbed tells of this event: a frame with it, no larger than there is room, in CSS pixels.
    ///
    /// # Errors
    /// When its template fails, a fault of ours.
    pub fn oembed(
        &self,
        event: &Event,
        width_max: u32,
        height_max: u32,
    ) -> Result<Response, RenderError> {
        let (width, height) = FRAME;
        let frame = EmbedFrame {
            frame: format!(
                "{}{}",
                self.base_url,
                in_language(&format!("/embed?id={}", event.id), self)
            ),
            width: width.min(width_max),
            height: height.min(height_max),
            name: one_line(&title_of(event, self)),
        };
        let embedding = Embedding {
            version: "1.0",
            r#type: "rich",
            title: one_line(&self.marked_title(event)),
            author_name: event.organizer.as_deref().map(one_line),
            provider_name: &self.app_title,
            provider_url: &self.base_url,
            html: self.html(&frame)?,
            width: frame.width,
            height: frame.height,
        };
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(self.lang.tag()),
            ),
        ];
        let json = serde_json::to_string(&embedding).unwrap_or_default();
        Ok((headers, json).into_response())
    }

    /// The event whose page on this board has this address; none where it is another's, or no event's.
    #[must_use]
    pub fn event_at(&self, address: &str) -> Option<i64> {
        let address = url::Url::parse(address).ok()?;
        let board = url::Url::parse(&self.base_url).ok()?;
        // Behind some proxies the board does not know that it is asked by https.
        let web = matches!(address.scheme(), "http" | "https");
        let here = (address.host_str(), address.port()) == (board.host_str(), board.port());
        let id = address.path().strip_prefix("/events/")?;
        let plain = id.bytes().all(|byte| byte.is_ascii_digit());
        id.parse().ok().filter(|_| web && here && plain)
    }

    /// Where oEmbed tells of this event.
    pub(crate) fn oembed_address(&self, event: &Event) -> String {
        let page = external_links::public_url(event, self);
        let address = format!("{}/oembed", self.base_url);
        in_language(
            &external_links::address(&address, &[("url", &page), ("format", "json")]),
            self,
        )
    }
}
