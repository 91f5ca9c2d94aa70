//! The board behind one of its three ways: the combined server's router, the functions behind an API Gateway, or whatever
//! answers at an address.

use std::sync::Mutex;

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    answer::Answer,
    gateway::Gateway,
    network::Network,
    promises,
    site::{EventJson, Published},
};

/// The board, by the way requests take to it.
pub(crate) enum Board {
    Server(Router),
    Gateway(Gateway),
    Network(Network),
}

impl Board {
    /// Publishes an event through the API.
    pub(crate) async fn given(&self, event: EventJson) -> Published {
        let answer = self.post("/api/events/", &Value::Object(event.0)).await;
        assert_eq!(answer.status, 201, "{answer}");
        let event = answer.json();
        Published {
            id: event["id"].as_i64().unwrap(),
            token: event["edit_token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, json: &Value) -> Answer {
        self.json(Method::POST, path, json).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, json: &Value) -> Answer {
        let mut request = request(method, path);
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        *request.body_mut() = Body::from(json.to_string());
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let path = match self {
            // API Gateway decodes a path, and with it what looked like one part of it.
            Self::Gateway(_) => percent_decode_str(&path).decode_utf8_lossy().into_owned(),
            Self::Server(_) | Self::Network(_) => path,
        };
        let answer = match self {
            Self::Server(router) => {
                Answer::of(router.clone().oneshot(request).await.unwrap()).await
            }
            Self::Gateway(gateway) => gateway.send(request).await,
            Self::Network(network) => network.send(request).await,
        };
        promises::keep(&method, &path, &answer);
        answer.shows_its_icons();
        answer
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            board: self,
            cookies: Mutex::default(),
        }
    }

    /// The titles the API lists for this query string.
    pub(crate) async fn titles(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/api/events/?{query}")).await;
        assert_eq!(answer.status, 200, "{answer}");
        let events = answer.json();
        events
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A request without a body, as a browser on this host sends it.
pub(crate) fn request(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "board.example");
    request.body(Body::empty()).unwrap()
}

/// A browser: it keeps cookies by path and posts forms from this very site.
pub(crate) struct Browser<'a> {
    board: &'a Board,
    cookies: Mutex<Vec<Cookie>>,
}

struct Cookie {
    path: String,
    pair: String,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path)).await
    }

    /// Opens the secret link, and follows it to the form.
    pub(crate) async fn enter(&self, token: &str) -> Answer {
        self.follow(&self.get(&format!("/events/edit/{token}")).await)
            .await
    }

    /// Follows a redirect.
    pub(crate) async fn follow(&self, answer: &Answer) -> Answer {
        self.get(&answer.location()).await
    }

    /// Fills in the page's first form, as far as named, and sends it.
    pub(crate) async fn submit(&self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        self.submit_to(page, "", fields).await
    }

    /// Fills in the page's form whose action ends so, and sends it.
    pub(crate) async fn submit_to(
        &self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
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
        headers.insert(header::ORIGIN, "http://board.example".parse().unwrap());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        *request.body_mut() = Body::from(body);
        self.send(request).await
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        let path = request.uri().path().to_owned();
        let sent: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            let fits = |cookie: &&Cookie| {
                path == cookie.path || path.starts_with(&format!("{}/", cookie.path))
            };
            cookies
                .iter()
                .filter(fits)
                .map(|cookie| cookie.pair.clone())
                .collect()
        };
        if !sent.is_empty() {
            request
                .headers_mut()
                .insert(header::COOKIE, sent.join("; ").parse().unwrap());
        }
        let answer = self.board.send(request).await;
        self.keep(&answer.headers);
        answer
    }

    fn keep(&self, headers: &HeaderMap) {
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
