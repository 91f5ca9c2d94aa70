//! Writes oEmbed responses (<https://oembed.com>), with which other sites embed an event.

use serde::Serialize;
use url::Url;

use super::plain_text::one_line;
use crate::{
    domain::Event,
    pages::{
        render::RenderError,
        summary::{title, title_with_status},
        view::View,
    },
    routes::{links, paths},
};

/// Width and height of an embedded event, in CSS pixels, unless the client requests less.
const IFRAME_SIZE: (u32, u32) = (480, 200);

/// An oEmbed response of the type `rich` (§2.3.4.4 of the specification).
#[derive(Serialize)]
struct OEmbed<'a> {
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

#[derive(Serialize)]
struct Iframe {
    src: String,
    width: u32,
    height: u32,
    title: String,
}

/// Returns the oEmbed JSON of `event`: an `iframe` of at most `width_max` × `height_max` CSS pixels.
///
/// # Errors
/// If a template cannot be rendered, which is a bug.
pub fn oembed(
    event: &Event,
    width_max: u32,
    height_max: u32,
    view: &View,
) -> Result<String, RenderError> {
    let (width, height) = IFRAME_SIZE;
    let iframe = Iframe {
        src: view.localized_url(&format!("{}?id={}", paths::EMBED, event.id)),
        width: width.min(width_max),
        height: height.min(height_max),
        title: one_line(&title(event, view)),
    };
    let oembed = OEmbed {
        version: "1.0",
        r#type: "rich",
        title: one_line(&title_with_status(event, view)),
        author_name: event.organizer.as_deref().map(one_line),
        provider_name: &view.app_title,
        provider_url: &view.base_url,
        html: view.fragment("oembed", &iframe)?.html,
        width: iframe.width,
        height: iframe.height,
    };
    Ok(serde_json::to_string(&oembed).unwrap_or_default())
}

/// Returns the id of the event whose page on this site has the URL `url`; `None` for any other URL.
#[must_use]
pub fn event_id_of_url(url: &str, view: &View) -> Option<i64> {
    let url = Url::parse(url).ok()?;
    let site = Url::parse(&view.base_url).ok()?;
    // The schemes may differ: behind some proxies the server does not know that clients use https.
    let is_http = matches!(url.scheme(), "http" | "https");
    let is_this_site = (url.host_str(), url.port()) == (site.host_str(), site.port());
    (is_http && is_this_site).then(|| links::event_id(url.path()))?
}
