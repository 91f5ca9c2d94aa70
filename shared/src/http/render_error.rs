//! Renders the errors of requests, as `application/problem+json` (RFC 9457) under `/api` and as a page everywhere else,
//! and sets the response headers that depend on the route and the language.

use std::sync::Arc;

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::{
    error::Error, request_log::RequestId, response, security_headers::set_security_headers,
    view::view_of,
};
use crate::{
    app::App,
    pages::{ErrorPage, View, with_lang},
    query::QueryParams,
    routes::{self, Route},
};

/// Value of `Retry-After`, in seconds, when the server or the database is unavailable.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The last step of handling one request: it renders the error in the response, if any, and sets the headers.
pub(super) struct Renderer {
    path: String,
    route: Option<&'static Route>,
    is_readable_cross_origin: bool,
    view: View,
    request_id: String,
}

impl Renderer {
    /// Prepares the last step for `request`, whose path has the given route, if any.
    pub(super) fn new(app: &App, request: &Request, route: Option<&'static Route>) -> Self {
        let path = request.uri().path();
        let route = route.or_else(|| routes::find(&routes::with_slash_corrected(path)?));
        let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
        // The 404 of an unknown path of the API is as public as the API.
        let is_cross_origin = route.map_or(routes::is_api(path), |route| route.cross_origin);
        let id = request.extensions().get::<RequestId>();
        Self {
            route,
            path: path.to_owned(),
            is_readable_cross_origin: is_get && is_cross_origin,
            view: view_of(&app.settings, &app.clock, request.headers(), request.uri()),
            request_id: id.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        }
    }

    /// Returns the route of the request's path, or of the page whose path differs from it by one slash at the end.
    pub(super) fn route(&self) -> Option<&'static Route> {
        self.route
    }

    /// Renders the error that `response` carries, if any, and sets all headers.
    pub(super) fn finish(&self, response: Response) -> Response {
        let mut response = self.render_error(response);
        set_security_headers(
            response.headers_mut(),
            self.route,
            self.is_readable_cross_origin,
            self.view.base_url.starts_with("https:"),
        );
        self.set_language_headers(&mut response);
        response
    }

    /// Renders the error that `response` carries, if any.
    fn render_error(&self, mut response: Response) -> Response {
        let Some(error) = response.extensions_mut().remove::<Arc<Error>>() else {
            return response;
        };
        error.log(&self.request_id);
        let mut rendered = if routes::is_api(&self.path) {
            self.problem_json(&error)
        } else {
            self.page(&error)
        };
        set_error_headers(rendered.headers_mut(), &error);
        rendered
    }

    fn problem_json(&self, error: &Error) -> Response {
        let bytes = serde_json::to_vec(&error.problem(self.view.lang)).unwrap_or_default();
        let body = response::with_type(bytes, "application/problem+json");
        (error.status(), body).into_response()
    }

    fn page(&self, error: &Error) -> Response {
        let status = error.status();
        let page = ErrorPage {
            status: status.as_u16(),
            title: error.title(self.view.lang),
            detail: error.detail(self.view.lang),
        };
        match self.view.show(&page) {
            Ok(page) => (status, page).into_response(),
            // The template of the error page failed: plain text still works.
            Err(_) => (status, page.detail).into_response(),
        }
    }

    /// Adds `Vary: Accept-Language` to a response that has a language, and preserves a chosen language in redirects to
    /// pages.
    fn set_language_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        let is_problem = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"application/problem+json"));
        if is_problem || headers.contains_key(header::CONTENT_LANGUAGE) {
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        }
        if self.view.lang_chosen
            && !routes::is_api(&self.path)
            && let Some(location) = headers.get(header::LOCATION)
            && let Ok(location) = location.to_str()
            && !has_lang_parameter(location)
            && let Ok(location) = HeaderValue::from_str(&with_lang(location, self.view.lang.tag()))
        {
            headers.insert(header::LOCATION, location);
        }
    }
}

fn has_lang_parameter(location: &str) -> bool {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    QueryParams::parse(query).get(&["lang"]).is_some()
}

fn set_error_headers(headers: &mut HeaderMap, error: &Error) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    let specific = match error {
        Error::RateLimited(limited) => Some((header::RETRY_AFTER, limited.seconds().into())),
        Error::PreconditionFailed { etag } => value(etag).map(|etag| (header::ETAG, etag)),
        Error::MethodNotAllowed { allow } => value(allow).map(|allow| (header::ALLOW, allow)),
        Error::Unauthorized => Some((
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"operator\", charset=\"UTF-8\""),
        )),
        _ => None,
    };
    headers.extend(specific);
}

fn value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}
