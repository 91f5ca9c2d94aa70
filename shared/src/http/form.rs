//! Extractors of the forms that the site's own pages post.

use std::sync::Arc;

use axum::{
    RequestExt,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
};
use http::{header, request::Parts};

use super::{
    body::{media_type, read_body},
    error::Error,
    idempotency::IdempotencyKey,
    view::{header_text, host},
};
use crate::{config::Settings, domain::EventForm, query::QueryParams};

const FORM_MEDIA_TYPE: &str = "application/x-www-form-urlencoded";
/// The name of the honeypot: a form field that people do not see and that programs fill in.
const HONEYPOT_FIELD: &str = "homepage";

/// The posted form that publishes or changes an event.
#[derive(Debug)]
pub struct Form {
    /// The fields of the event, as typed.
    pub event: EventForm,
    /// The version of the event that was current when the form was opened.
    pub version: Option<i64>,
    /// The form token, which also serves as the form's idempotency key.
    pub key: Option<IdempotencyKey>,
    /// Whether the honeypot field has a value.
    pub honeypot_filled: bool,
    /// Whether a browser sent the form: the request has `Origin` or `Sec-Fetch-Site`.
    pub by_browser: bool,
}

impl<S: Send + Sync> FromRequest<S> for Form
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let by_browser = [header::ORIGIN.as_str(), "sec-fetch-site"]
            .iter()
            .any(|name| request.headers().contains_key(*name));
        let Fields(fields) = Fields::from_request(request, state).await?;
        Ok(Self {
            version: fields
                .get(&["version"])
                .and_then(|version| version.parse().ok()),
            key: fields.get(&["key"]).and_then(IdempotencyKey::parse),
            honeypot_filled: fields.get(&[HONEYPOT_FIELD]).is_some(),
            by_browser,
            event: EventForm::from_pairs(fields),
        })
    }
}

/// An extractor of the fields of any form that a page of the site posted.
#[derive(Debug)]
pub struct Fields(pub QueryParams);

impl<S: Send + Sync> FromRequest<S> for Fields
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Error> {
        let _: SameOriginForm = request.extract_parts_with_state(state).await?;
        if media_type(request.headers()).as_deref() != Some(FORM_MEDIA_TYPE) {
            return Err(Error::UnsupportedMediaType {
                expected: FORM_MEDIA_TYPE,
            });
        }
        let bytes = read_body(request).await?;
        Ok(Self(QueryParams::parse(&bytes)))
    }
}

/// An extractor that proves that no other site sent the request: `Sec-Fetch-Site` is not `cross-site` or, without that
/// header, `Origin` is the requested host. A request with neither header comes from no browser and is accepted.
#[derive(Debug)]
pub struct SameOriginForm;

impl<S: Send + Sync> FromRequestParts<S> for SameOriginForm
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let is_same_origin = match (
            header_text(&parts.headers, "sec-fetch-site"),
            header_text(&parts.headers, "origin"),
        ) {
            (Some(site), _) => site != "cross-site",
            (None, None) => true,
            (None, Some(origin)) => is_own_origin(origin, parts, &Arc::from_ref(state)),
        };
        if is_same_origin {
            Ok(Self)
        } else {
            Err(Error::CrossSite)
        }
    }
}

fn is_own_origin(origin: &str, parts: &Parts, settings: &Settings) -> bool {
    let origin = origin.to_lowercase();
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    let own_host = host(&parts.headers, &parts.uri).map(str::to_lowercase);
    let public_origin = settings
        .public_url
        .as_ref()
        .map(|url| url.origin().ascii_serialization());
    origin_host.is_some() && origin_host == own_host.as_deref()
        || public_origin.is_some_and(|public| public == origin)
}
