//! The cookie with an event's edit token. Its path is that of the event's page, so browsers send it only for that
//! event.

use http::{HeaderMap, HeaderValue, header};

use crate::{domain::EditToken, pages::View, routes::links};

const EDIT_COOKIE: &str = "edit_token";
/// How long browsers store the cookie with the edit token, in seconds: 30 days.
const EDIT_COOKIE_MAX_AGE: u32 = 30 * 24 * 60 * 60;

/// Returns the edit token in the cookie of a request.
#[must_use]
pub fn edit_token_cookie(headers: &HeaderMap) -> Option<EditToken> {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == EDIT_COOKIE)
        .map(|(_, value)| EditToken::parse(value))
}

/// Returns the `Set-Cookie` value that stores the edit token in the browser, for the pages of the event `event_id`
/// only.
#[must_use]
pub fn edit_cookie(event_id: i64, token: &EditToken, view: &View) -> HeaderValue {
    set_cookie(event_id, token.expose(), EDIT_COOKIE_MAX_AGE, view)
}

/// Returns the `Set-Cookie` value that deletes the cookie with the edit token of the event `event_id`.
#[must_use]
pub fn expired_edit_cookie(event_id: i64, view: &View) -> HeaderValue {
    set_cookie(event_id, "", 0, view)
}

fn set_cookie(event_id: i64, value: &str, max_age: u32, view: &View) -> HeaderValue {
    let path = links::event(event_id);
    let secure = if view.base_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{EDIT_COOKIE}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"
    );
    // The value of a cookie may not contain every character, but a token that matched an event has visible characters only,
    // except some issued by the previous system.
    let mut cookie = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""));
    cookie.set_sensitive(true);
    cookie
}
