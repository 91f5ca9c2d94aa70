//! What handlers take from a request. Whatever cannot be taken is one of our errors.

use std::{convert::Infallible, fmt, sync::Arc, time::Duration};

use axum::{
    RequestExt,
    body::Body,
    extract::{FromRef, FromRequest, FromRequestParts, Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{conditional, error::Error};
use crate::{
    clock::Clock,
    config::Settings,
    domain::{EditToken, Event, EventForm, ValidationErrors},
    pages::{Lang, View},
    query::QueryParams,
    store::{self, Db, RecentFacets},
};

/// Largest body, in bytes: the longest description in the worst encoding fits several times.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// How long a body may take to arrive; less than an answer may take in all.
const BODY_TIMEOUT: Duration = Duration::from_secs(8);
/// How much of a larger body is still read, so that its sender gets to read the answer.
const BODY_BYTES_DRAINED: usize = 4 * 1024 * 1024;

/// How long an idempotency key may be, in visible ASCII characters.
const IDEMPOTENCY_KEY_CHARS: std::ops::RangeInclusive<usize> = 16..=255;

/// The form's field that people do not see, and programs that fill in whatever they find do.
const TRAP_FIELD: &str = "homepage";

/// The name of the cookie that keeps an event's token; its path is the event's.
const KEY_COOKIE: &str = "edit_token";
/// How long the browser keeps it, in seconds: 30 days.
const KEY_COOKIE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// The parameters of a path. One that cannot be read names nothing: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "its one home")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// Names of technologies in use, for a form to suggest.
#[derive(Debug)]
pub struct Suggestions(pub Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Suggestions
where
    Db: FromRef<S>,
    RecentFacets: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let (db, now) = (Db::from_ref(state), Clock::from_ref(state).now());
        let facets = RecentFacets::from_ref(state).get(&db, now).await;
        Ok(Self(facets.technology_names()))
    }
}

/// A JSON object in the body, of one of two media types: `application/json`, or a merge patch where `PATCH` is used.
#[derive(Debug)]
pub struct JsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let patch = request.method() == http::Method::PATCH;
        match media_type(request.headers()).as_deref() {
            Some("application/json") => {}
            Some("application/merge-patch+json") if patch => {}
            _ => {
                return Err(Error::WrongMediaType {
                    wanted: "application/json",
                });
            }
        }
        match serde_json::from_slice(&body(request).await?) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Error::Invalid(ValidationErrors::not_an_object())),
            Err(error) => Err(Error::BadJson {
                parser: error.to_string(),
            }),
        }
    }
}

/// A form that a page of this board posted.
#[derive(Debug)]
pub struct Form {
    /// The event as typed.
    pub event: EventForm,
    /// The version of the event that the form was opened with.
    pub version: Option<i64>,
    /// What the form was given so that sending it twice publishes once: its stamp.
    pub key: Option<IdempotencyKey>,
    /// Whether something is in the field that people do not see.
    pub honeypot_filled: bool,
    /// Whether a browser sent it, as far as it says so.
    pub by_browser: bool,
}

impl<S: Send + Sync> FromRequest<S> for Form
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let marks = [header::ORIGIN.as_str(), "sec-fetch-site"];
        let by_browser = marks
            .iter()
            .any(|mark| request.headers().contains_key(*mark));
        let Fields(fields) = Fields::from_request(request, state).await?;
        Ok(Self {
            version: fields
                .get(&["version"])
                .and_then(|version| version.parse().ok()),
            key: fields.get(&["key"]).and_then(IdempotencyKey::parse),
            honeypot_filled: fields.get(&[TRAP_FIELD]).is_some(),
            by_browser,
            event: EventForm::from_pairs(fields),
        })
    }
}

/// The fields of any form that a page of this board posted.
#[derive(Debug)]
pub struct Fields(pub QueryParams);

impl<S: Send + Sync> FromRequest<S> for Fields
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Error> {
        let _: SameOriginForm = request.extract_parts_with_state(state).await?;
        if media_type(request.headers()).as_deref() != Some("application/x-www-form-urlencoded") {
            return Err(Error::WrongMediaType {
                wanted: "application/x-www-form-urlencoded",
            });
        }
        let bytes = body(request).await?;
        Ok(Self(QueryParams::parse(&bytes)))
    }
}

/// The mark of a request that no other site made: its `Sec-Fetch-Site` is not cross-site, or, where that is missing, its
/// `Origin` is this host; a request with neither is no browser's and is accepted.
#[derive(Debug)]
pub struct SameOriginForm;

impl<S: Send + Sync> FromRequestParts<S> for SameOriginForm
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let own = match (
            text(&parts.headers, "sec-fetch-site"),
            text(&parts.headers, "origin"),
        ) {
            (Some(site), _) => site != "cross-site",
            (None, None) => true,
            (None, Some(origin)) => {
                let settings = Arc::<Settings>::from_ref(state);
                let origin_host = origin
                    .split_once("://")
                    .map(|(_, host)| host.to_lowercase());
                let public = settings
                    .public_url
                    .as_ref()
                    .map(|url| url.origin().ascii_serialization());
                origin_host.is_some()
                    && origin_host == host(&parts.headers, &parts.uri).map(str::to_lowercase)
                    || public.is_some_and(|public| public == origin.to_lowercase())
            }
        };
        if own { Ok(Self) } else { Err(Error::CrossSite) }
    }
}

/// The mark of the operator's own request: `Authorization` holds the operator's token, as the password of whatever user
/// (Basic, RFC 7617: browsers ask for it) or by itself (Bearer, RFC 6750). Where there is no such token, there is nothing.
#[derive(Debug)]
pub struct Operator;

impl<S: Send + Sync> FromRequestParts<S> for Operator
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let settings = Arc::<Settings>::from_ref(state);
        let token = settings.admin_token.as_ref().ok_or(Error::NotFound)?;
        let presented = text(&parts.headers, "authorization").and_then(password);
        match presented {
            Some(presented) if token.matches(&presented) => Ok(Self),
            _ => Err(Error::NotOperator),
        }
    }
}

/// What an `Authorization` header presents as its secret.
fn password(authorization: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = authorization.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().as_bytes().to_vec()),
        "basic" => {
            let pair = BASE64_STANDARD.decode(rest.trim()).ok()?;
            let colon = pair.iter().position(|byte| *byte == b':')?;
            Some(pair[colon + 1..].to_vec())
        }
        _ => None,
    }
}

/// The token in this path.
#[derive(Debug)]
pub struct Token(pub EditToken);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(token) = Path::<String>::from_request_parts(parts, state).await?;
        Ok(Self(EditToken::parse(&token)))
    }
}

/// What makes a request that is sent twice publish once (draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    fn parse(text: &str) -> Option<Self> {
        let fits = IDEMPOTENCY_KEY_CHARS.contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The key itself, for the form that carries it and for what it seals.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of the key: all that is stored of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(..)")
    }
}

/// The key of the `Idempotency-Key` header, if there is one.
#[derive(Debug)]
pub struct Idempotency(pub Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for Idempotency {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value.to_str().ok().and_then(IdempotencyKey::parse);
        key.map(|key| Self(Some(key))).ok_or(Error::BadParameter {
            name: "Idempotency-Key",
            allowed: "idempotency-key",
        })
    }
}

/// What the caller believes to be current: the tags of `If-Match` (RFC 9110 §13.1.1), if there are any.
#[derive(Debug)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Lets a write go on whose caller has seen the event as it is, or does not say.
    ///
    /// # Errors
    /// [`Error::Changed`] where none of the tags is the event's.
    pub fn check(&self, event: &Event) -> Result<(), Error> {
        match &self.0 {
            Some(tags) if !conditional::if_match_allows(tags, &event.etag()) => {
                Err(Error::Changed { etag: event.etag() })
            }
            _ => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let tags = parts.headers.get_all(header::IF_MATCH).iter();
        // One that is no text matches nothing.
        let tags: Vec<&str> = tags.map(|tags| tags.to_str().unwrap_or_default()).collect();
        Ok(Self((!tags.is_empty()).then(|| tags.join(","))))
    }
}

/// The event of this path and the key to it, out of the visitor's cookie.
///
/// Without the key, or with that of another event, it is [`Error::NoEditSession`]; a deleted event is gone for everyone.
#[derive(Debug)]
pub struct EditSession {
    /// The event.
    pub event: Event,
    /// What opens it.
    pub token: EditToken,
}

impl<S: Send + Sync> FromRequestParts<S> for EditSession
where
    Db: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(id) = Path::<i64>::from_request_parts(parts, state).await?;
        let db = Db::from_ref(state);
        if let Some(token) = edit_token_cookie(&parts.headers)
            && let Some(event) = store::event_by_token(&db, &token).await?
            && event.id == id
        {
            return Ok(Self { event, token });
        }
        store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
        Err(Error::NoEditSession)
    }
}

/// The token in the cookie; a browser sends the one whose path fits this event.
#[must_use]
pub fn edit_token_cookie(headers: &HeaderMap) -> Option<EditToken> {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == KEY_COOKIE)
        .map(|(_, value)| EditToken::parse(value))
}

/// The `Set-Cookie` that leaves the token with the visitor, for the pages of this event only.
#[must_use]
pub fn edit_cookie(event_id: i64, token: &EditToken, view: &View) -> HeaderValue {
    cookie(event_id, token.expose(), KEY_COOKIE_SECONDS, view)
}

/// The `Set-Cookie` that takes it back.
#[must_use]
pub fn expired_edit_cookie(event_id: i64, view: &View) -> HeaderValue {
    cookie(event_id, "", 0, view)
}

fn cookie(event_id: i64, value: &str, seconds: u32, view: &View) -> HeaderValue {
    let secure = if view.base_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{KEY_COOKIE}={value}; Path=/events/{event_id}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    // A presented token that opened an event is made of visible characters, save for an adopted one that was not.
    let mut cookie = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""));
    cookie.set_sensitive(true);
    cookie
}

impl<S: Send + Sync> FromRequestParts<S> for View
where
    Arc<Settings>: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let (settings, clock) = (Arc::<Settings>::from_ref(state), Clock::from_ref(state));
        let mut view = view(&settings, &clock, &parts.headers, &parts.uri);
        if parts.method == http::Method::GET {
            view.here = Some(query(&parts.uri).append_to(parts.uri.path()));
        }
        Ok(view)
    }
}

/// What the query asks for, without what chooses the language.
fn query(uri: &Uri) -> QueryParams {
    let query = QueryParams::parse(uri.query().unwrap_or_default());
    match crate::routes::find(uri.path()).and_then(crate::routes::Route::params) {
        Some(params) => query.only(params),
        None => query.without(&["lang"]),
    }
}

/// For whom this request's page is rendered.
#[must_use]
pub fn view(settings: &Settings, clock: &Clock, headers: &HeaderMap, uri: &Uri) -> View {
    let base_url = match &settings.public_url {
        Some(url) => url.origin().ascii_serialization(),
        None => {
            let scheme = if proxy_says_https(settings, headers) {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{}", host(headers, uri).unwrap_or("localhost"))
        }
    };
    let chosen = QueryParams::parse(uri.query().unwrap_or_default());
    let chosen = chosen.get(&["lang"]).and_then(Lang::of_tag);
    View {
        lang: chosen.unwrap_or_else(|| {
            Lang::preferred(text(headers, "accept-language").unwrap_or_default())
        }),
        lang_chosen: chosen.is_some(),
        here: None,
        now: clock.now(),
        app_title: settings.app_title.clone(),
        base_url,
    }
}

/// Whether the outermost trusted proxy was called by https. Each proxy appends to the header, or the last one sets it.
fn proxy_says_https(settings: &Settings, headers: &HeaderMap) -> bool {
    let hops = usize::from(settings.trusted_proxy_hops);
    let Some(schemes) = text(headers, "x-forwarded-proto").filter(|_| hops > 0) else {
        return false;
    };
    let schemes: Vec<&str> = schemes.split(',').map(str::trim).collect();
    schemes.get(schemes.len().saturating_sub(hops)) == Some(&"https")
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    text(headers, "host").or_else(|| uri.authority().map(http::uri::Authority::as_str))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The media type without its parameters, in lower case.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let essence = text(headers, "content-type")?.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// The whole body, if it is not too large and arrives in time.
async fn body(request: Request) -> Result<Bytes, Error> {
    tokio::time::timeout(BODY_TIMEOUT, collect(request.into_body()))
        .await
        .map_err(|_| Error::BodyLate)?
}

async fn collect(mut body: Body) -> Result<Bytes, Error> {
    let (mut kept, mut seen) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Error::BodyBroken)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen > BODY_BYTES_DRAINED {
            break;
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        }
    }
    if seen > BODY_BYTES_MAX {
        Err(Error::TooLarge)
    } else {
        Ok(kept.freeze())
    }
}

/// Answers what no route takes: 405 where the path has other methods, 404 elsewhere.
pub(crate) async fn unrouted(State(settings): State<Arc<Settings>>, uri: Uri) -> Response {
    match crate::routes::find(uri.path()) {
        Some(route) if route.is_operators() && settings.admin_token.is_none() => Error::NotFound,
        Some(route) => Error::MethodNotAllowed {
            allow: route.allow(),
        },
        None => Error::NotFound,
    }
    .into_response()
}
