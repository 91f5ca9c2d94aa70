//! Renders pages as HTTP responses.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::{expiry::with_expiry, response};
use crate::pages::{Page, RenderError, View};

impl View {
    /// Renders `page` as a 200 response. The first instant at which the page becomes wrong is attached for the page
    /// cache.
    ///
    /// # Errors
    /// Returns an error if the template cannot be rendered, which is a bug.
    pub fn show<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        let html = self.html(page)?;
        let cache = if P::PRIVATE { "no-store" } else { "no-cache" };
        let mut response = response::in_language(html, "text/html; charset=utf-8", self.lang);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        let referrer_policy = HeaderValue::from_static("same-origin");
        headers.insert(header::REFERRER_POLICY, referrer_policy);
        if page.is_noindex() {
            headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        }
        Ok(match page.expires_at() {
            Some(instant) => with_expiry(response, instant),
            None => response,
        })
    }

    /// Renders `page`, which contains a form with errors, as a 422 response.
    ///
    /// # Errors
    /// Returns an error if the template cannot be rendered, which is a bug.
    pub fn show_invalid<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, self.show(page)?).into_response())
    }

    /// Renders `page`, whose form conflicts with a concurrent change, as a 409 response.
    ///
    /// # Errors
    /// Returns an error if the template cannot be rendered, which is a bug.
    pub fn show_conflict<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        Ok((StatusCode::CONFLICT, self.show(page)?).into_response())
    }

    /// Renders `page`, whose form exceeded a rate limit, as a 429 response with `Retry-After` in seconds.
    ///
    /// # Errors
    /// Returns an error if the template cannot be rendered, which is a bug.
    pub fn show_rate_limited<P: Page>(
        &self,
        page: &P,
        seconds: u64,
    ) -> Result<Response, RenderError> {
        let retry_after = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        let status = StatusCode::TOO_MANY_REQUESTS;
        Ok((status, retry_after, self.show(page)?).into_response())
    }
}
