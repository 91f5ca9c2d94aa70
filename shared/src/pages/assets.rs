//! Style sheets, scripts and images, embedded in the binary. Their names contain a hash of their content, so that
//! clients can cache them permanently. The fonts for preview images are embedded in the function `card` only.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use rust_embed::RustEmbed;

use crate::routes::links;

#[derive(RustEmbed)]
#[folder = "../static/dist"]
#[exclude = "*.ttf"]
#[exclude = "sprite.svg"]
struct Files;

/// The file names with hashes, keyed by the file names in `static/src`.
static NAMES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(&text("manifest.json")).unwrap_or_default());

/// Returns the URL path of the file `name` in `static/src`; `None` if there is no such file.
#[must_use]
pub fn path(name: &str) -> Option<String> {
    NAMES.get(name).map(|hashed| links::static_file(hashed))
}

/// Returns the content and the media type of the file whose name with a hash is `hashed`; `None` if there is no such
/// file.
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

/// Returns the built content of the file `name` in `static/src`; `None` if there is no such file.
#[must_use]
pub fn source_file(name: &str) -> Option<Cow<'static, [u8]>> {
    Some(Files::get(NAMES.get(name)?)?.data)
}

fn text(name: &str) -> String {
    let file = Files::get(name).expect("the build of static/ writes this file");
    String::from_utf8(file.data.into_owned()).expect("the build of static/ writes text as UTF-8")
}
