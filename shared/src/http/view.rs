//! The [`View`] of a request: its language, the current time and the site's base URL.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, Method, Uri, request::Parts};

use super::error::Error;
use crate::{
    clock::Clock,
    config::Settings,
    pages::{Lang, View},
    query::QueryParams,
    routes,
};

impl<S: Send + Sync> FromRequestParts<S> for View
where
    Arc<Settings>: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let (settings, clock) = (Arc::<Settings>::from_ref(state), Clock::from_ref(state));
        let mut view = view_of(&settings, &clock, &parts.headers, &parts.uri);
        if parts.method == Method::GET {
            view.path_and_query = Some(canonical_path(&parts.uri));
        }
        Ok(view)
    }
}

/// Returns the path with those query parameters that change the response, without the language.
fn canonical_path(uri: &Uri) -> String {
    let params = routes::find(uri.path()).map_or(&[][..], |route| route.params);
    let query = QueryParams::parse(uri.query().unwrap_or_default()).only(params);
    query.append_to(uri.path())
}

/// Creates the view of the request with the given headers and URI.
#[must_use]
pub fn view_of(settings: &Settings, clock: &Clock, headers: &HeaderMap, uri: &Uri) -> View {
    let query = QueryParams::parse(uri.query().unwrap_or_default());
    let chosen = query.get(&["lang"]).and_then(Lang::from_tag);
    View {
        lang: chosen.unwrap_or_else(|| {
            Lang::preferred(header_text(headers, "accept-language").unwrap_or_default())
        }),
        lang_chosen: chosen.is_some(),
        path_and_query: None,
        now: clock.now(),
        app_title: settings.app_title.clone(),
        base_url: base_url(settings, headers, uri),
    }
}

/// Returns the site's base URL: `PUBLIC_URL`, or else scheme and host of the request.
fn base_url(settings: &Settings, headers: &HeaderMap, uri: &Uri) -> String {
    if let Some(url) = &settings.public_url {
        return url.origin().ascii_serialization();
    }
    let scheme = if is_https(settings, headers) {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{}", host(headers, uri).unwrap_or("localhost"))
}

/// Returns whether the outermost trusted proxy received the request by HTTPS, according to `X-Forwarded-Proto`. Each
/// proxy appends to that header, or the last one sets it.
fn is_https(settings: &Settings, headers: &HeaderMap) -> bool {
    let hops = usize::from(settings.trusted_proxy_hops);
    let Some(schemes) = header_text(headers, "x-forwarded-proto").filter(|_| hops > 0) else {
        return false;
    };
    let schemes: Vec<&str> = schemes.split(',').map(str::trim).collect();
    schemes.get(schemes.len().saturating_sub(hops)) == Some(&"https")
}

/// Returns the host, with its port, that a request is addressed to.
pub(super) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    header_text(headers, "host").or_else(|| uri.authority().map(http::uri::Authority::as_str))
}

/// Returns the value of the header `name`, or `None` if it is absent or not text.
pub(super) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
