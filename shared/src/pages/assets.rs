//! Styles, scripts and images, embedded under names that carry a hash of their content: what a browser has once, it has
//! for good. The fonts beside them are for pictures, and only who draws those has them.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use rust_embed::RustEmbed;

use crate::routes::links;

#[derive(RustEmbed)]
#[folder = "../static/dist"]
#[exclude = "*.ttf"]
#[exclude = "sprite.svg"]
struct Files;

/// Each file's name in `static/src` with the name it is served under.
static NAMES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(&text("manifest.json")).unwrap_or_default());

/// The path at which this file of `static/src` is served (`app.css`, for its stylesheets).
#[must_use]
pub fn path(name: &str) -> Option<String> {
    NAMES.get(name).map(|hashed| links::static_file(hashed))
}

/// The bytes served under this hashed name and their media type, unless there is no such file.
#[must_use]
pub fn file(hashed: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    if !NAMES.values().any(|name| name == hashed) {
        return None;
    }
    let media_type = match hashed.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    Some((Files::get(hashed)?.data, media_type))
}

/// The bytes of this file of `static/src`.
#[must_use]
pub fn source_file(name: &str) -> Option<Cow<'static, [u8]>> {
    Some(Files::get(NAMES.get(name)?)?.data)
}

fn text(name: &str) -> String {
    let file = Files::get(name).expect("the build of static/ has made this file");
    String::from_utf8(file.data.into_owned()).expect("the build of static/ writes text as UTF-8")
}
