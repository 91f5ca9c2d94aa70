//! Extractors of paths, tokens and JSON, which reject requests with the site's own errors.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use http::{Method, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    body::{media_type, read_body},
    error::Error,
};
use crate::{
    clock::Clock,
    domain::{EditToken, ValidationErrors},
    store::{Db, RecentFacets},
};

/// An extractor of the parameters of a path. A parameter that cannot be parsed is a 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the only place that uses it")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// An extractor of the edit token in the path.
#[derive(Debug)]
pub struct Token(pub EditToken);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(token) = Path::<String>::from_request_parts(parts, state).await?;
        Ok(Self(EditToken::parse(&token)))
    }
}

/// An extractor of names of technologies of upcoming events, as suggestions in a form: cached, and empty if the
/// technologies cannot be counted.
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

/// An extractor of a JSON object in the body: `application/json`, or a merge patch (RFC 7396) if the method is PATCH.
#[derive(Debug)]
pub struct JsonObject(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let is_patch = request.method() == Method::PATCH;
        match media_type(request.headers()).as_deref() {
            Some("application/json") => {}
            Some("application/merge-patch+json") if is_patch => {}
            _ => {
                return Err(Error::UnsupportedMediaType {
                    expected: "application/json",
                });
            }
        }
        match serde_json::from_slice(&read_body(request).await?) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Error::Invalid(ValidationErrors::not_an_object())),
            Err(error) => Err(Error::BadJson {
                parser: error.to_string(),
            }),
        }
    }
}
