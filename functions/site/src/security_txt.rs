//! `GET /.well-known/security.txt` (RFC 9116): where to report a vulnerability.

use std::{sync::Arc, time::Duration};

use axum::{extract::State, response::Response};
use shared::{
    clock::Clock,
    config::Settings,
    http::{Error, response},
    pages::View,
    routes::paths,
};

/// The time until the `Expires` date of security.txt.
const VALIDITY: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// Responds with the operator's security contact, or with 404 if none is configured.
pub(crate) async fn security_txt(
    State(settings): State<Arc<Settings>>,
    State(clock): State<Clock>,
    view: View,
) -> Result<Response, Error> {
    let contact = settings.security_contact.as_ref().ok_or(Error::NotFound)?;
    // Rounded to the day, so that the response, and with it the ETag, is the same for a day.
    let expires = (clock.now() + VALIDITY).format("%Y-%m-%dT00:00:00Z");
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: pt-BR, en, es\nCanonical: {}{}\n",
        view.base_url,
        paths::SECURITY_TXT
    );
    Ok(response::with_type(text, "text/plain; charset=utf-8"))
}
