//! An HTTP client of the site, over one of three transports: the router of `local-server`, which runs all functions in
//! one process; the functions behind an emulated API Gateway; or the network.

use std::sync::Mutex;

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    api_gateway::ApiGateway,
    network::Network,
    openapi_conformance,
    response::Response,
    site::{EventJson, Published},
};

/// An HTTP client of the site, by its transport. Every response is checked against the OpenAPI document.
pub(crate) enum Client {
    Router(Router),
    ApiGateway(ApiGateway),
    Network(Network),
}

impl Client {
    /// Publishes `event` through the API.
    pub(crate) async fn given(&self, event: EventJson) -> Published {
        let response = self.post("/api/events/", &Value::Object(event.0)).await;
        assert_eq!(response.status, 201, "{response}");
        let event = response.json();
        Published {
            id: event["id"].as_i64().unwrap(),
            token: event["edit_token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(request(Method::GET, path)).await
    }

    /// Sends a POST request with a JSON body.
    pub(crate) async fn post(&self, path: &str, json: &Value) -> Response {
        self.json(Method::POST, path, json).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, json: &Value) -> Response {
        let mut request = request(method, path);
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        *request.body_mut() = Body::from(json.to_string());
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let path = match self {
            // API Gateway decodes the path, so an encoded `/` separates segments.
            Self::ApiGateway(_) => percent_decode_str(&path).decode_utf8_lossy().into_owned(),
            Self::Router(_) | Self::Network(_) => path,
        };
        let response = match self {
            Self::Router(router) => {
                Response::of(router.clone().oneshot(request).await.unwrap()).await
            }
            Self::ApiGateway(gateway) => gateway.send(request).await,
            Self::Network(network) => network.send(request).await,
        };
        openapi_conformance::check(&method, &path, &response);
        response.assert_icons_defined();
        response
    }

    /// Returns a browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            client: self,
            cookies: Mutex::default(),
        }
    }

    /// Returns the titles of the events that the API lists for the query string `query`.
    pub(crate) async fn titles(&self, query: &str) -> Vec<String> {
        let response = self.get(&format!("/api/events/?{query}")).await;
        assert_eq!(response.status, 200, "{response}");
        let events = response.json();
        events
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Creates a request without a body to the host `site.example`.
pub(crate) fn request(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "site.example");
    request.body(Body::empty()).unwrap()
}

/// A simulated browser, which stores cookies by path and submits forms from the site's own origin.
pub(crate) struct Browser<'a> {
    client: &'a Client,
    cookies: Mutex<Vec<Cookie>>,
}

struct Cookie {
    path: String,
    pair: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(request(Method::GET, path)).await
    }

    /// Opens the secret link with the edit token, and follows the redirect to the edit form.
    pub(crate) async fn open_edit_link(&self, token: &str) -> Response {
        self.follow(&self.get(&format!("/events/edit/{token}")).await)
            .await
    }

    /// Follows the redirect in `response`.
    pub(crate) async fn follow(&self, response: &Response) -> Response {
        self.get(&response.location()).await
    }

    /// Sets `fields` in the first form of `page` and submits it.
    pub(crate) async fn submit(&self, page: &Response, fields: &[(&str, &str)]) -> Response {
        self.submit_to(page, "", fields).await
    }

    /// Sets `fields` in the form of `page` whose action ends with `action`, and submits it.
    pub(crate) async fn submit_to(
        &self,
        page: &Response,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let form = page.form(action);
        let mut pairs = form.fields;
        for (name, value) in fields {
            let field = pairs.iter_mut().find(|(field, _)| field == name);
            (*value).clone_into(
                &mut field
                    .unwrap_or_else(|| panic!("no field {name} in\n{page}"))
                    .1,
            );
        }
        let mut request = request(Method::POST, &form.action);
        let headers = request.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        headers.insert(header::ORIGIN, "http://site.example".parse().unwrap());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        *request.body_mut() = Body::from(body);
        self.send(request).await
    }

    async fn send(&self, mut request: Request<Body>) -> Response {
        let path = request.uri().path().to_owned();
        let sent: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            let matches = |cookie: &&Cookie| {
                path == cookie.path || path.starts_with(&format!("{}/", cookie.path))
            };
            cookies
                .iter()
                .filter(matches)
                .map(|cookie| cookie.pair.clone())
                .collect()
        };
        if !sent.is_empty() {
            request
                .headers_mut()
                .insert(header::COOKIE, sent.join("; ").parse().unwrap());
        }
        let response = self.client.send(request).await;
        self.store_cookies(&response.headers);
        response
    }

    fn store_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for set in headers.get_all(header::SET_COOKIE) {
            let parts: Vec<&str> = set.to_str().unwrap().split("; ").collect();
            let path = parts
                .iter()
                .find_map(|part| part.strip_prefix("Path="))
                .unwrap()
                .to_owned();
            cookies.retain(|cookie| cookie.path != path);
            if !parts.contains(&"Max-Age=0") {
                cookies.push(Cookie {
                    path,
                    pair: parts[0].to_owned(),
                });
            }
        }
    }
}
