//! The board as a visitor meets it: the merged routers over a database of their own, with the clock stopped.

use std::sync::{Arc, Mutex, atomic::Ordering};

use axum::{Router, body::Body};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, header};
use serde_json::{Map, Value, json};
use shared::{app::App, clock::Clock, config::Settings, store::Db, telemetry::Metrics};
use tower::ServiceExt;

use crate::{answer::Answer, database::Database, log};

/// A moment most tests are content with.
pub(crate) const NOW: &str = "2027-01-01T12:00:00Z";

/// A board of its own.
pub(crate) struct Site {
    pub(crate) board: Router,
    pub(crate) database: Database,
    pub(crate) db: Db,
    clock: Clock,
}

impl Site {
    /// A board at a usual moment.
    pub(crate) async fn open() -> Self {
        Self::at(NOW).await
    }

    /// A board at this moment.
    pub(crate) async fn at(now: &str) -> Self {
        Self::with(now, &[]).await
    }

    /// A board at this moment with these settings.
    pub(crate) async fn with(now: &str, settings: &[(&str, &str)]) -> Self {
        Self::over(Database::migrated().await, now, settings)
    }

    /// A board over this database.
    pub(crate) fn over(database: Database, now: &str, settings: &[(&str, &str)]) -> Self {
        log::listen();
        let settings = Settings::from_pairs(settings).unwrap();
        let clock = Clock::stopped(moment(now));
        let db = Db::new(&database.url, &settings).unwrap();
        let app = App {
            db: db.clone(),
            clock: clock.clone(),
            metrics: Metrics::of_this_process().unwrap(),
            settings: Arc::new(settings),
        };
        Self {
            board: local_server::board(&app),
            database,
            db,
            clock,
        }
    }

    /// Moves the clock.
    pub(crate) fn becomes(&self, now: &str) {
        match &self.clock {
            Clock::Stopped(micros) => {
                micros.store(moment(now).timestamp_micros(), Ordering::Relaxed)
            }
            Clock::System => unreachable!("the clocks of tests are stopped"),
        }
    }

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
        Answer::of(self.board.clone().oneshot(request).await.unwrap()).await
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

pub(crate) fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A request without a body, as a browser on this host sends it.
pub(crate) fn request(method: Method, path: &str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "board.example");
    request.body(Body::empty()).unwrap()
}

/// What the publisher keeps.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: i64,
    pub(crate) token: String,
}

impl Published {
    pub(crate) fn by_token(&self) -> String {
        format!("/api/events/by-token/{}", self.token)
    }
}

/// An event to publish.
#[derive(Clone)]
pub(crate) struct EventJson(pub(crate) Map<String, Value>);

/// An event with this title, a date to come and a place.
pub(crate) fn event(title: &str) -> EventJson {
    let Value::Object(members) =
        json!({"title": title, "date": "2027-06-01T19:00", "location": "São Paulo - SP"})
    else {
        unreachable!()
    };
    EventJson(members)
}

impl EventJson {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn starts(self, date: &str) -> Self {
        self.with("date", date)
    }

    pub(crate) fn ends(self, date: &str) -> Self {
        self.with("end_date", date)
    }

    pub(crate) fn about(self, technologies: &[&str]) -> Self {
        self.with("technologies", technologies.to_vec())
    }
}

/// A browser: it keeps cookies by path and posts forms from this very site.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    cookies: Mutex<Vec<Cookie>>,
}

struct Cookie {
    path: String,
    pair: String,
}

impl Site {
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            site: self,
            cookies: Mutex::default(),
        }
    }
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
        let answer = self.site.send(request).await;
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
