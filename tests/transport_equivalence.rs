//! Checks that `local-server` and the functions behind an emulated API Gateway answer the same requests identically.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use shared::clock::Clock;

use crate::{
    client::request,
    database::Database,
    response::Response,
    site::{NOW, Published, Site, Transport, event, moment},
};

/// The HTML that precedes the form token, which differs in every response.
const FORM_KEY: &str = "name=\"key\" value=\"";

/// The response headers that may differ between the two transports: the id of the request.
const MAY_DIFFER: [&str; 1] = ["x-request-id"];

pub(crate) async fn site_with(transport: Transport) -> Site {
    Site::with_transport(
        transport,
        Database::migrated().await,
        Clock::stopped(moment(NOW)),
        &[],
    )
}

/// A request as text, and the status, headers and body of its response.
type Exchange = (String, u16, BTreeMap<String, Vec<String>>, String);

/// Sends requests to a site and records them with their responses.
struct Recorder {
    site: Site,
    exchanges: Vec<Exchange>,
    secrets: Vec<String>,
}

/// The SQL that makes the uids of events, which are otherwise random, the same on both sites.
const SAME_UIDS: &str = "
    create function same_uid() returns trigger language plpgsql as $$
        begin new.uid = md5(new.id::text)::uuid; return new; end
    $$;
    create trigger same_uid before insert on events for each row execute function same_uid()";

impl Recorder {
    async fn new(transport: Transport) -> Self {
        let site = site_with(transport).await;
        let database = site.database.connect().await;
        database.batch_execute(SAME_UIDS).await.unwrap();
        Self {
            site,
            exchanges: Vec::new(),
            secrets: Vec::new(),
        }
    }

    async fn send(&mut self, request: Request<Body>) -> Response {
        let sent = format!(
            "{} {} {:?}",
            request.method(),
            request.uri(),
            request.headers()
        );
        let response = self.site.send(request).await;
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &response.headers {
            if !MAY_DIFFER.contains(&name.as_str()) {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                headers
                    .entry(name.to_string())
                    .or_default()
                    .push(self.without_secrets(&value));
            }
        }
        let body = if String::from_utf8_lossy(&response.bytes).contains(FORM_KEY) {
            let text = response.text();
            let (before, rest) = text.split_once(FORM_KEY).unwrap();
            let (_, rest) = rest.split_once('"').unwrap();
            format!("{before}{rest}")
        } else if response.headers.contains_key(header::CONTENT_ENCODING) {
            format!("{:?}", response.bytes)
        } else {
            self.without_secrets(&String::from_utf8_lossy(&response.bytes))
        };
        self.exchanges.push((
            self.without_secrets(&sent),
            response.status.as_u16(),
            headers,
            body,
        ));
        response
    }

    async fn get(&mut self, path: &str) -> Response {
        self.send(request(Method::GET, path)).await
    }

    async fn send_with(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let mut request = request(method.parse().unwrap(), path);
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        *request.body_mut() = body.to_owned().into();
        self.send(request).await
    }

    /// Publishes an event, and masks its random edit token in the recorded exchanges.
    async fn given(&mut self, title: &str) -> Published {
        let published = self
            .site
            .given(event(title).technologies(&["Rust", "C++"]))
            .await;
        self.secrets.push(published.token.clone());
        published
    }

    fn without_secrets(&self, text: &str) -> String {
        let mask = |text: String, secret: &String| text.replace(secret, "SECRET");
        self.secrets.iter().fold(text.to_owned(), mask)
    }
}

const PAGES: [&str; 89] = [
    "/",
    "/?q=a%C3%A7%C3%A3o",
    "/?q=ação",
    "/?technology=C%2B%2B&city=s%C3%A3o+paulo",
    "/?cursor=x",
    "/events",
    "/events/",
    "/events/new",
    "/events/999",
    "/events/abc",
    "/events/%C3%A7",
    "/events/ç",
    "/events/a%20b",
    "/events/%2e%2e",
    "/events/100%",
    "/events/1/nope",
    "/nope",
    "/nope/",
    "//",
    "/events//1",
    "/events/1/",
    "/api",
    "/api/events",
    "/api/events/",
    "/api/events?limit=2&q=%22n.%C2%BA+2%22",
    "/api/events/?limit=0",
    "/api/events/?from=2027-01-01T00:00:00+00:00",
    "/api/events/?limit=3&offset=2",
    "/api/events/999",
    "/api/events/x",
    "/api/events/1/x",
    "/api/events/export",
    "/api/events/export?after=29",
    "/api/events/by-token/x",
    "/api/events/by-token/%C3%A7",
    "/events/edit/x",
    "/healthz",
    "/readyz",
    "/.well-known/security.txt",
    "/card.png",
    "/card.png?lang=en",
    "/events/31/card.png",
    "/events/31/card.png?lang=es&v=1",
    "/events/999/card.png",
    "/api/openapi.json",
    "/api/openapi.json?lang=en",
    "/docs",
    "/docs?lang=es",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/1.xml",
    "/sitemap/2.xml",
    "/sitemap/1",
    "/static/nope.css",
    "/site.webmanifest",
    "/?lang=en",
    "/?lang=es&when=past",
    "/?state=AC&attendance=online,hybrid",
    "/today",
    "/weekend?lang=en",
    "/online",
    "/state/sp",
    "/state/SP?lang=es",
    "/state/xx",
    "/city/sp/sao-paulo",
    "/city/SP/S%C3%A3o%20Paulo",
    "/city/SP/São%20Paulo",
    "/technology/c++",
    "/technology/C%2B%2B",
    "/technology/C%23",
    "/technology/.net",
    "/technology/100%25",
    "/events.ics",
    "/events.ics?technology=C%2B%2B&when=upcoming&lang=en",
    "/events.ics?when=never",
    "/events/1/event.ics",
    "/embed",
    "/embed?technology=C%2B%2B&lang=en",
    "/embed?id=1",
    "/embed?id=x",
    "/oembed?url=http://site.example/events/1",
    "/oembed?url=http%3A%2F%2Fsite.example%2Fevents%2F1&maxwidth=200&lang=es",
    "/oembed?url=http://site.example/events/1&format=xml",
    "/oembed?maxwidth=x",
    "/feed.atom",
    "/feed.atom?q=ação&lang=es",
    "/feed.json?technology=c%2B%2B",
    "/feed.json?from=x",
    "/events/999/event.ics",
];

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];
const FORM: [(&str, &str); 2] = [
    ("content-type", "application/x-www-form-urlencoded"),
    ("sec-fetch-site", "same-origin"),
];

/// Requests every path in [`PAGES`] with every content encoding and method, and conditionally.
async fn visit_pages(recorder: &mut Recorder) {
    for path in PAGES {
        let response = recorder.get(path).await;
        // Compression spreads the differing form token over the whole body.
        let encodings = ["gzip", "br", "gzip, deflate, br"];
        for encoding in encodings.iter().filter(|_| path != "/events/new") {
            let headers = [("accept-encoding", *encoding)];
            recorder.send_with("GET", path, &headers, "").await;
        }
        recorder.send(request(Method::HEAD, path)).await;
        let tag = response.header(header::ETAG).to_owned();
        let headers = [("if-none-match", tag.as_str())];
        recorder.send_with("GET", path, &headers, "").await;
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            recorder.send_with(method, path, &[], "").await;
        }
    }
}

/// Requests the static files and the next page that the front page links to.
async fn visit_links_of_the_front_page(recorder: &mut Recorder) {
    let front = recorder.get("/").await;
    for asset in front.attributes("link[rel=stylesheet], link[rel=icon]", "href") {
        recorder.get(&asset).await;
        let headers = [("accept-encoding", "br")];
        recorder.send_with("GET", &asset, &headers, "").await;
    }
    let next = front.attributes("a[rel=next]", "href").remove(0);
    recorder.get(&next).await;
}

/// Sends bodies that the API and the form reject.
async fn send_invalid_bodies(recorder: &mut Recorder) {
    let too_large = "x".repeat(300 * 1024);
    for path in ["/api/events", "/api/events/"] {
        for body in [
            "{",
            "[]",
            "{}",
            r#"{"title":"ação","date":5}"#,
            "\u{1F600}",
            &too_large,
        ] {
            recorder.send_with("POST", path, &JSON, body).await;
        }
        let plain = [("content-type", "text/plain")];
        recorder.send_with("POST", path, &plain, "x").await;
    }
    for path in ["/events", "/events/"] {
        for body in [
            "",
            "title=a%C3%A7%C3%A3o&date=x&technologies=C%2B%2B%2C+Go",
            "a\0b",
            "%ff%fe",
            &too_large,
        ] {
            recorder.send_with("POST", path, &FORM, body).await;
        }
        let cross_site = [FORM[0], ("sec-fetch-site", "cross-site")];
        recorder
            .send_with("POST", path, &cross_site, "title=x")
            .await;
    }
}

/// Requests the pages of an event, changes it by form and by API, and deletes it.
async fn edit_and_delete(recorder: &mut Recorder, event: &Published) {
    let (page, api) = (format!("/events/{}", event.id), event.api_path());
    let cookie = format!("a=1; edit_token={}", event.token);
    let cookies = [("cookie", cookie.as_str()), ("cookie", "b=2")];
    for path in [
        page.clone(),
        format!("/api{page}"),
        api.clone(),
        format!("/events/edit/{}", event.token),
    ] {
        recorder.get(&path).await;
    }
    for path in ["edit", "delete", "created"] {
        let path = format!("{page}/{path}");
        recorder.get(&path).await;
        recorder.send_with("GET", &path, &cookies, "").await;
    }

    let (edit, delete) = (format!("{page}/edit"), format!("{page}/delete"));
    let with_cookies = [&FORM[..], &cookies].concat();
    let fields = "title=Rust+%C3%A0+tarde&date=2027-06-01T15%3A00&timezone=America%2FRecife&location=Recife+-+PE";
    recorder
        .send_with("POST", &edit, &with_cookies, fields)
        .await;
    recorder
        .send_with("POST", &edit, &with_cookies, "title=")
        .await;
    recorder.send_with("POST", &edit, &FORM, fields).await;
    let patch = r#"{"organizer":"Nós"}"#;
    recorder.send_with("PATCH", &api, &JSON, patch).await;
    let put = r#"{"title":"x","date":"2027-06-01T15:00","location":"y"}"#;
    recorder.send_with("PUT", &api, &JSON, put).await;
    recorder.send_with("POST", &delete, &with_cookies, "").await;
    recorder.get(&page).await;
}

/// Sends requests to every page and operation of a new site, and returns the requests with their responses.
async fn visit(transport: Transport) -> Vec<Exchange> {
    let mut recorder = Recorder::new(transport).await;
    for number in 0..30 {
        let title = format!("Encontro n.º {number} — ação & “aspas”");
        recorder.given(&title).await;
    }
    let event = recorder.given("Rust à noite").await;
    visit_pages(&mut recorder).await;
    visit_links_of_the_front_page(&mut recorder).await;
    send_invalid_bodies(&mut recorder).await;
    edit_and_delete(&mut recorder, &event).await;
    let other = recorder.given("Sem demora").await;
    for _ in 0..2 {
        recorder
            .send_with("DELETE", &other.api_path(), &[], "")
            .await;
    }

    recorder.site.database.allow_connections(false).await;
    for path in [
        "/",
        "/api/events/",
        "/events/1",
        "/events/edit/x",
        "/readyz",
        "/healthz",
        "/events/new",
    ] {
        recorder.get(path).await;
    }
    recorder.exchanges
}

#[tokio::test]
async fn both_transports_give_the_same_responses() {
    let (server, functions) = tokio::join!(visit(Transport::Router), visit(Transport::ApiGateway));
    assert!(server.len() > 400, "{}", server.len());
    assert_eq!(server.len(), functions.len());
    for (server, function) in server.iter().zip(&functions) {
        assert_eq!(server, function);
    }
}
