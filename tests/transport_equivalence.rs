//! The combined server and the functions behind API Gateway answer the same requests identically.

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

/// What stands before the one thing on a page that is never twice the same.
const FORM_KEY: &str = "name=\"key\" value=\"";

/// Headers that may differ between the two runtimes: an id of each request's own.
const MAY_DIFFER: [&str; 1] = ["x-request-id"];

pub(crate) async fn site_by(way: Transport) -> Site {
    Site::with_transport(
        way,
        Database::migrated().await,
        Clock::stopped(moment(NOW)),
        &[],
    )
}

/// What was asked, and all that came back.
type Told = (String, u16, BTreeMap<String, Vec<String>>, String);

/// A board that is asked, and everything that it answers.
struct Asked {
    site: Site,
    told: Vec<Told>,
    secrets: Vec<String>,
}

/// Gives the events of both boards the same uids, which are random otherwise.
const SAME_UIDS: &str = "
    create function same_uid() returns trigger language plpgsql as $$
        begin new.uid = md5(new.id::text)::uuid; return new; end
    $$;
    create trigger same_uid before insert on events for each row execute function same_uid()";

impl Asked {
    async fn by(way: Transport) -> Self {
        let site = site_by(way).await;
        let database = site.database.connect().await;
        database.batch_execute(SAME_UIDS).await.unwrap();
        Self {
            site,
            told: Vec::new(),
            secrets: Vec::new(),
        }
    }

    async fn ask(&mut self, request: Request<Body>) -> Response {
        let asked = format!(
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
        // The form has a key of its own each time.
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
        self.told.push((
            self.without_secrets(&asked),
            response.status.as_u16(),
            headers,
            body,
        ));
        response
    }

    async fn get(&mut self, path: &str) -> Response {
        self.ask(request(Method::GET, path)).await
    }

    async fn with(
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
        self.ask(request).await
    }

    /// Publishes; the token, which is another one each time, is not compared.
    async fn given(&mut self, title: &str) -> Published {
        let published = self
            .site
            .given(event(title).technologies(&["Rust", "C++"]))
            .await;
        self.secrets.push(published.token.clone());
        published
    }

    fn without_secrets(&self, text: &str) -> String {
        let hidden = |text: String, secret: &String| text.replace(secret, "SECRET");
        self.secrets.iter().fold(text.to_owned(), hidden)
    }
}

/// One visit to everything there is.
async fn visit(way: Transport) -> Vec<Told> {
    let mut board = Asked::by(way).await;
    let json = [("content-type", "application/json")];
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];

    for number in 0..30 {
        board
            .given(&format!("Encontro n.º {number} — ação & “aspas”"))
            .await;
    }
    let one = board.given("Rust à noite").await;
    let (page, by_token) = (format!("/events/{}", one.id), one.api_path());
    let cookies = [
        ("cookie", format!("a=1; edit_token={}", one.token)),
        ("cookie", "b=2".to_owned()),
    ];
    let cookies = cookies
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));

    let pages = [
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
    for path in pages {
        let response = board.get(path).await;
        // Compressed, a key that differs changes everything.
        let codings = ["gzip", "br", "gzip, deflate, br"];
        for coding in codings.iter().filter(|_| path != "/events/new") {
            board
                .with("GET", path, &[("accept-encoding", coding)], "")
                .await;
        }
        board.ask(request(Method::HEAD, path)).await;
        let tag = response.header(header::ETAG).to_owned();
        board
            .with("GET", path, &[("if-none-match", &tag)], "")
            .await;
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            board.with(method, path, &[], "").await;
        }
    }
    let front = board.get("/").await;
    for asset in front.attributes("link[rel=stylesheet], link[rel=icon]", "href") {
        board.get(&asset).await;
        board
            .with("GET", &asset, &[("accept-encoding", "br")], "")
            .await;
    }
    let next = front.attributes("a[rel=next]", "href").remove(0);
    board.get(&next).await;

    for path in [
        page.clone(),
        format!("/api{page}"),
        by_token.clone(),
        format!("/events/edit/{}", one.token),
    ] {
        board.get(&path).await;
    }
    for path in ["edit", "delete", "created"] {
        board.get(&format!("{page}/{path}")).await;
        board
            .with("GET", &format!("{page}/{path}"), &cookies, "")
            .await;
    }

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
            board.with("POST", path, &json, body).await;
        }
        board
            .with("POST", path, &[("content-type", "text/plain")], "x")
            .await;
    }
    for path in ["/events", "/events/"] {
        for body in [
            "",
            "title=a%C3%A7%C3%A3o&date=x&technologies=C%2B%2B%2C+Go",
            "a\0b",
            "%ff%fe",
            &too_large,
        ] {
            board.with("POST", path, &form, body).await;
        }
        board
            .with(
                "POST",
                path,
                &[form[0], ("sec-fetch-site", "cross-site")],
                "title=x",
            )
            .await;
    }
    let signed: Vec<_> = form.iter().chain(&cookies).copied().collect();
    let typed = "title=Rust+%C3%A0+tarde&date=2027-06-01T15%3A00&timezone=America%2FRecife&location=Recife+-+PE";
    board
        .with("POST", &format!("{page}/edit"), &signed, typed)
        .await;
    board
        .with("POST", &format!("{page}/edit"), &signed, "title=")
        .await;
    board
        .with("POST", &format!("{page}/edit"), &form, typed)
        .await;
    board
        .with("PATCH", &by_token, &json, r#"{"organizer":"Nós"}"#)
        .await;
    board
        .with(
            "PUT",
            &by_token,
            &json,
            r#"{"title":"x","date":"2027-06-01T15:00","location":"y"}"#,
        )
        .await;
    board
        .with("POST", &format!("{page}/delete"), &signed, "")
        .await;
    board.get(&page).await;
    let other = board.given("Sem demora").await;
    board.with("DELETE", &other.api_path(), &[], "").await;
    board.with("DELETE", &other.api_path(), &[], "").await;

    board.site.database.allow_connections(false).await;
    for path in [
        "/",
        "/api/events/",
        "/events/1",
        "/events/edit/x",
        "/readyz",
        "/healthz",
        "/events/new",
    ] {
        board.get(path).await;
    }
    board.told
}

#[tokio::test]
async fn both_runtimes_answer_alike() {
    let (server, functions) = tokio::join!(visit(Transport::Router), visit(Transport::ApiGateway));
    assert!(server.len() > 400, "{}", server.len());
    assert_eq!(server.len(), functions.len());
    for (server, function) in server.iter().zip(&functions) {
        assert_eq!(server, function);
    }
}
