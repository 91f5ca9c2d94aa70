//! What is so on AWS Lambda only, and that all else is alike.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};
use shared::{
    clock::Clock,
    config::{DatabaseUrl, Settings},
};
use tokio::net::TcpListener;

use crate::{
    api_gateway::{ApiGateway, http_response},
    client::request,
    database::Database,
    database_proxy::{DatabaseProxy, ProxyMode},
    response::Response,
    site::{NOW, Published, Site, Transport, event, moment},
};

/// What stands before the one thing on a page that is never twice the same.
const FORM_KEY: &str = "name=\"key\" value=\"";

/// Headers that may differ between the two runtimes: an id of each request's own.
const MAY_DIFFER: [&str; 1] = ["x-request-id"];

async fn site_by(way: Transport) -> Site {
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

    board.site.database.let_in(false).await;
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

#[tokio::test]
async fn an_export_too_large_for_one_answer_goes_on_at_the_next() {
    let site = site_by(Transport::ApiGateway).await;
    let long = event("Long").with("description", "ç".repeat(10_000));
    let mut published = Vec::new();
    for _ in 0..230 {
        published.push(site.given(long.clone()).await.id);
    }
    let (mut path, mut exported, mut parts) = ("/api/events/export".to_owned(), Vec::new(), 0);
    loop {
        let part = site.get(&path).await;
        assert_eq!(part.status, 200);
        assert!(part.bytes.len() <= 5 * 1024 * 1024, "{}", part.bytes.len());
        let lines = part.text();
        let ids = lines.lines().map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            event["id"].as_i64().unwrap()
        });
        exported.extend(ids);
        parts += 1;
        let link = part.header(header::LINK);
        let Some(next) = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            assert_eq!(link, "");
            break;
        };
        path = next.to_owned();
    }
    assert_eq!((exported, parts), (published, 2));
}

#[tokio::test]
async fn metrics_tell_what_the_database_knows() {
    let site = site_by(Transport::ApiGateway).await;
    site.given(event("To come")).await;
    site.given(
        event("Under way")
            .starts("2026-12-31T09:00")
            .ends("2027-01-02T18:00"),
    )
    .await;
    site.given(
        event("Over")
            .starts("2026-12-31T09:00")
            .ends("2026-12-31T18:00"),
    )
    .await;
    site.given(event("Long over").starts("2020-01-01T09:00"))
        .await;
    site.given(event("Just now").starts("2027-01-01T09:00"))
        .await;
    let gone = site.given(event("Gone")).await;
    site.send(request(Method::DELETE, &gone.api_path())).await;

    let text = site.get("/metrics").await.text();

    for line in [
        "# TYPE events gauge",
        "events{state=\"upcoming\"} 3",
        "events{state=\"past\"} 2",
        "events{state=\"deleted\"} 1",
        "app_info{name=\"encontros-tech\",version=\"1.0.0\"} 1",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} in\n{text}");
    }
    assert!(!text.contains("process_"), "nothing of this one process");

    site.database.let_in(false).await;
    let text = site.get("/metrics").await.text();
    assert!(
        text.contains("app_info{") && !text.contains("events{"),
        "{text}"
    );
}

#[tokio::test]
async fn after_a_thaw_a_dead_connection_is_replaced_within_the_request() {
    let site = site_by(Transport::ApiGateway).await;
    site.given(event("Thawed")).await;
    assert_eq!(site.titles("").await, ["Thawed"]);
    // The server has gone and come back while the function was frozen.
    site.database.let_in(false).await;
    site.database.let_in(true).await;
    assert_eq!(site.titles("").await, ["Thawed"]);
}

async fn timed(gateway: &ApiGateway, path: &str) -> (u16, Duration) {
    let started = Instant::now();
    let response = gateway.send(request(Method::GET, path)).await;
    (response.status.as_u16(), started.elapsed())
}

#[tokio::test]
async fn after_a_thaw_a_silent_connection_is_replaced_within_the_request() {
    let database = Database::migrated().await;
    let wire = DatabaseProxy::to(&database).await;
    let gateway = gateway_to(&wire.url);
    assert_eq!(timed(&gateway, "/").await.0, 200);
    // Nobody told either end that the other is gone: the way between them has forgotten the connection.
    wire.set_mode(ProxyMode::Hang);
    wire.set_mode(ProxyMode::Forward);
    let (status, time) = timed(&gateway, "/").await;
    assert_eq!(status, 200);
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[tokio::test]
async fn a_database_that_says_nothing_at_a_cold_start_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = DatabaseUrl::parse(&format!("postgresql://u@127.0.0.1:{port}/x")).unwrap();
    let gateway = gateway_to(&url);
    for path in ["/", "/api/events/1", "/events/edit/x", "/readyz"] {
        let (status, time) = timed(&gateway, path).await;
        assert_eq!(status, 503, "{path}");
        assert!(time < Duration::from_secs(3), "{path}: {time:?}");
    }
}

fn gateway_to(url: &DatabaseUrl) -> ApiGateway {
    let settings = [("TRUSTED_PROXY_HOPS", "1"), ("FORM_MIN_SECONDS", "0")];
    let settings = Settings::from_pairs(&settings).unwrap();
    let clock = Clock::stopped(moment(NOW));
    ApiGateway::new(url, &clock, settings.for_function())
}

fn recorded(name: &str) -> Value {
    let file = format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test]
async fn recorded_events_are_answered() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    let response = async |function: &str, event: &Value| {
        Response::of(http_response(
            &gateway.invoke(function, event).await.unwrap(),
        ))
        .await
    };

    // A form from a browser: its body comes in base64.
    let created = response("create", &recorded("post_form_base64")).await;
    assert_eq!(
        (created.status.as_u16(), created.location()),
        (303, "/events/1/created".to_owned())
    );
    let cookie = created.header(header::SET_COOKIE).to_owned();
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );

    // Its key comes back among other cookies, in a list of their own.
    let mut edit = recorded("get_with_cookies");
    edit["cookies"][1] = cookie.split(';').next().unwrap().into();
    let page = response("edit", &edit).await;
    let title = (
        "title".to_owned(),
        "Noite de Rust & C++ — “edição”".to_owned(),
    );
    assert!(page.form("/edit").fields.contains(&title), "{page}");

    let mut shown = recorded("get_with_cookies");
    shown["cookies"] = edit["cookies"].clone();
    shown["rawPath"] = "/events/1/created".into();
    let link = response("create", &shown)
        .await
        .select("#secret-link")
        .remove(0);
    assert!(
        link.starts_with("https://abcdef1234.execute-api.sa-east-1.amazonaws.com/events/edit/"),
        "{link}"
    );

    // Percent-encoding stays in the query and is taken from the path.
    let found = response("list", &recorded("get_percent_encoded")).await;
    assert_eq!(found.cards(), ["Noite de Rust & C++ — “edição”"]);
    let nothing = response("detail", &recorded("get_decoded_path")).await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.select("h1").len()),
        (404, 1)
    );

    // A program's JSON comes as it is.
    let problem = response("create", &recorded("post_json")).await;
    assert_eq!(
        problem.field_errors(),
        ["/date required", "/location required"]
    );
    assert_eq!(problem.header("x-request-id"), "8b1f5a7e-invocation");

    let ready = response("metrics", &recorded("get_readyz")).await;
    assert_eq!(ready.text(), "ready\n");
}

#[tokio::test]
async fn an_event_that_is_no_request_is_refused_clearly() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    for event in [json!({}), json!("x"), recorded("scheduled")] {
        let refused = gateway.invoke("list", &event).await.unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("expects a JSON payload from Amazon API Gateway"),
            "{refused}"
        );
    }
}
