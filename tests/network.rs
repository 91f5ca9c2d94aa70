//! Sends the requests of tests over the network, to a site at a base URL.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Request, header};
use http_body_util::BodyExt;
use ureq::Agent;

use crate::response::Response;

/// An HTTP client that sends requests over the network, to the site at a base URL.
pub(crate) struct Network {
    agent: Agent,
    base_url: String,
}

impl Network {
    pub(crate) fn at(base_url: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(20)))
            .accept_encoding("")
            .allow_non_standard_methods(true)
            .build();
        Self {
            agent: agent.into(),
            base_url: base_url.trim_end_matches('/').to_owned(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        parts.uri = format!("{}{}", self.base_url, parts.uri).parse().unwrap();
        // Replaces the tests' host by the real one.
        parts.headers.remove(header::HOST);
        if parts.headers.contains_key(header::ORIGIN) {
            let origin = HeaderValue::from_str(&self.base_url).unwrap();
            parts.headers.insert(header::ORIGIN, origin);
        }
        let (agent, request) = (self.agent.clone(), Request::from_parts(parts, body));
        let response = tokio::task::spawn_blocking(move || {
            let (parts, mut body) = agent.run(request).unwrap().into_parts();
            http::Response::from_parts(parts, Body::from(body.read_to_vec().unwrap()))
        });
        Response::of(response.await.unwrap()).await
    }
}
