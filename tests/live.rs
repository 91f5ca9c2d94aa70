//! Tests that pass on any site, even one in use by others. `TEST_BASE_URL` selects the site; by default, it is one in
//! the test process.

use chrono::Duration;
use http::{Method, header};
use serde_json::{Value, json};
use shared::clock::Clock;

use crate::{
    client::{Client, request},
    database::Database,
    network::Network,
    response::Response,
    site::{EventJson, Site, event},
};

/// The site that the tests run on: a remote site, or a site in the test process.
enum Live {
    Remote(Client),
    Local(Box<Site>),
}

impl std::ops::Deref for Live {
    type Target = Client;

    fn deref(&self) -> &Client {
        match self {
            Self::Remote(client) => client,
            Self::Local(site) => site,
        }
    }
}

async fn live_site() -> Live {
    #[expect(
        clippy::disallowed_methods,
        reason = "the variable selects the site under test"
    )]
    match std::env::var("TEST_BASE_URL") {
        Ok(url) => Live::Remote(Client::Network(Network::at(&url))),
        Err(_) => {
            let database = Database::migrated().await;
            Live::Local(Box::new(Site::with_transport(
                crate::TRANSPORT,
                database,
                Clock::System,
                &[],
            )))
        }
    }
}

/// Returns a random word, by which a test finds its own events.
fn unique_word() -> String {
    format!("w{}", uuid::Uuid::new_v4().simple())
}

/// Returns the JSON object of an event that starts in 30 days.
fn upcoming(title: &str) -> EventJson {
    let date = Clock::System.now() + Duration::days(30);
    event(title).starts(&date.format("%Y-%m-%dT19:30").to_string())
}

fn path_of(link: &str) -> &str {
    &link[link.find("/events/").unwrap()..]
}

#[tokio::test]
async fn an_event_is_published_edited_and_deleted_with_a_browser() {
    let (site, word) = (live_site().await, unique_word());
    let browser = site.browser();
    let date = (Clock::System.now() + Duration::days(30)).format("%Y-%m-%dT19:30");
    let typed = [
        ("title", format!("Encontro {word} — ação & “aspas”")),
        ("date", date.to_string()),
        ("location", "Porto Digital, Recife - PE".to_owned()),
        ("technologies", "C++, .NET".to_owned()),
        ("description", "Linha um\r\n\r\nlinha <dois>".to_owned()),
    ];
    let typed = typed
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));

    let form = browser.get("/events/new").await;
    // The real clock runs here, and a form must be open for FORM_MIN_SECONDS (2 by default).
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let sent = browser.submit(&form, &typed).await;
    assert_eq!(sent.status, 303, "{sent}");
    let created = browser.follow(&sent).await;
    let link = created.select("#secret-link").remove(0);

    let found = browser.get(&format!("/?q={word}")).await;
    let card = found.attributes("article h4 a", "href").remove(0);
    let page = site.get(&card).await;
    assert_eq!(page.select("h1"), [typed[0].1]);
    assert_eq!(page.select("dd li"), ["C++", ".NET"]);

    let other = site.browser();
    let entered = other.get(path_of(&link)).await;
    assert_eq!(entered.header(header::REFERRER_POLICY), "no-referrer");
    let form = other.follow(&entered).await;
    let rejected = other
        .submit(&form, &[("title", ""), ("organizer", "Nós")])
        .await;
    assert_eq!(rejected.status, 422);
    assert!(
        rejected
            .form("/edit")
            .fields
            .contains(&("organizer".to_owned(), "Nós".to_owned()))
    );
    let saved = other
        .submit(&form, &[("title", "Mudou"), ("status", "cancelled")])
        .await;
    assert_eq!(other.follow(&saved).await.select("h1"), ["Mudou"]);

    let confirmation = other.get(&format!("{card}/delete")).await;
    let deleted = other.submit(&confirmation, &[]).await;
    assert_eq!(deleted.status, 303);
    assert_eq!(site.get(&card).await.status, 404);
    assert_eq!(site.get(path_of(&link)).await.status, 404);
}

#[tokio::test]
async fn an_event_is_published_read_changed_and_deleted_through_the_api() {
    let (site, word) = (live_site().await, unique_word());
    let published = site
        .given(upcoming(&format!("API {word}")).technologies(&["Rust", "Ação"]))
        .await;
    let path = format!("/api/events/{}", published.id);

    let shown = site.get(&path).await;
    assert_eq!(
        (shown.status.as_u16(), shown.header(header::CONTENT_TYPE)),
        (200, "application/json")
    );
    assert!(shown.json().get("edit_token").is_none());
    assert_eq!(
        site.titles(&format!("q={word}&technology=acao&city=sao+paulo"))
            .await
            .len(),
        1
    );

    let patch = json!({"title": format!("Mudou {word}"), "organizer": "Nós"});
    let patched = site
        .json(Method::PATCH, &published.api_path(), &patch)
        .await;
    assert_eq!(patched.json()["version"], 2, "{patched}");
    let put = site
        .json(
            Method::PUT,
            &published.api_path(),
            &Value::Object(upcoming("Trocado").0),
        )
        .await;
    assert_eq!(
        (&put.json()["organizer"], &put.json()["version"]),
        (&Value::Null, &json!(3))
    );

    let rotated = site
        .post(&format!("{}/rotate", published.api_path()), &json!({}))
        .await
        .json();
    let new = format!(
        "/api/events/by-token/{}",
        rotated["edit_token"].as_str().unwrap()
    );
    assert_eq!(site.get(&published.api_path()).await.status, 404);
    assert_eq!(site.send(request(Method::DELETE, &new)).await.status, 204);
    assert_eq!(site.get(&path).await.status, 404);
}

#[tokio::test]
async fn lists_and_the_export_continue_after_a_given_event() {
    let (site, word) = (live_site().await, unique_word());
    let mut published = Vec::new();
    for _ in 0..3 {
        published.push(site.given(upcoming(&format!("Lista {word}"))).await);
    }
    let first = site
        .get(&format!("/api/events/?q={word}&limit=2&when=upcoming"))
        .await;
    let link = first.header(header::LINK).to_owned();
    let next = link
        .strip_prefix('<')
        .unwrap()
        .strip_suffix(">; rel=\"next\"")
        .unwrap();
    let second = site.get(next).await;
    let ids = |response: &Response| -> Vec<i64> {
        let events = response.json();
        events
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["id"].as_i64().unwrap())
            .collect()
    };
    let listed = [ids(&first), ids(&second)].concat();
    assert_eq!(
        listed,
        published.iter().map(|event| event.id).collect::<Vec<_>>()
    );

    let after = published[0].id - 1;
    let export = site
        .get(&format!("/api/events/export?after={after}"))
        .await
        .text();
    assert!(export.lines().filter(|line| line.contains(&word)).count() == 3);
    for event in published {
        site.send(request(Method::DELETE, &event.api_path())).await;
    }
}

#[tokio::test]
async fn errors_are_pages_or_problem_json_depending_on_the_path() {
    let site = live_site().await;
    for (method, path, status) in [
        (Method::GET, "/nada/aqui", 404),
        (Method::GET, "/events/a%C3%A7%C3%A3o", 404),
        (Method::GET, "/events/edit/nada", 404),
        (Method::DELETE, "/", 405),
        (Method::PUT, "/events/", 405),
        (Method::POST, "/events/new", 405),
        (Method::GET, "/?cursor=x", 400),
    ] {
        let response = site.send(request(method, path)).await;
        assert_eq!(response.status, status, "{path}");
        assert_eq!(
            response.header(header::CONTENT_TYPE),
            "text/html; charset=utf-8"
        );
    }
    for (method, path, status) in [
        (Method::GET, "/api/nada", 404),
        (Method::GET, "/api/events/0", 404),
        (Method::GET, "/api/events/by-token/nada", 404),
        (Method::DELETE, "/api/events/1", 405),
        (Method::PUT, "/api/events/", 405),
        (Method::GET, "/api/events/?limit=0", 400),
        (Method::POST, "/api/events/", 415),
    ] {
        let response = site.send(request(method, path)).await;
        assert_eq!(response.status, status, "{path}");
        assert_eq!(
            response.header(header::CONTENT_TYPE),
            "application/problem+json"
        );
        assert_eq!(response.json()["status"], status);
    }
    let rejected = site.send(request(Method::PUT, "/api/events/")).await;
    assert_eq!(rejected.header(header::ALLOW), "GET, HEAD, POST, OPTIONS");
    let large = upcoming("Grande").with("description", "x".repeat(300 * 1024));
    assert_eq!(
        site.post("/api/events/", &Value::Object(large.0))
            .await
            .status,
        413
    );
    let invalid = site
        .post("/api/events/", &json!({"title": "", "date": "ontem"}))
        .await;
    assert_eq!(
        invalid.field_errors(),
        ["/title required", "/date date-format", "/location required"]
    );
}

#[tokio::test]
async fn repeated_reads_are_conditional_and_compressed() {
    let site = live_site().await;
    let published = site.given(upcoming("Repetido")).await;
    let path = format!("/events/{}", published.id);
    let send = async |method: Method, name: header::HeaderName, value: &str| {
        let mut request = request(method, &path);
        request.headers_mut().insert(name, value.parse().unwrap());
        site.send(request).await
    };
    let plain = site.get(&path).await;
    let again = send(
        Method::GET,
        header::IF_NONE_MATCH,
        plain.header(header::ETAG),
    )
    .await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    for encoding in ["gzip", "br"] {
        let compressed = send(Method::GET, header::ACCEPT_ENCODING, encoding).await;
        assert_eq!(compressed.header(header::CONTENT_ENCODING), encoding);
        assert!(compressed.bytes.len() < plain.bytes.len());
    }
    let head = send(Method::HEAD, header::ACCEPT, "*/*").await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    assert_eq!(head.header(header::ETAG), plain.header(header::ETAG));

    let style = plain.attributes("link[rel=stylesheet]", "href").remove(0);
    let style = site.get(&style).await;
    assert_eq!(
        style.header(header::CONTENT_TYPE),
        "text/css; charset=utf-8"
    );
    assert!(style.header(header::CACHE_CONTROL).contains("immutable"));
    site.send(request(Method::DELETE, &published.api_path()))
        .await;
}

#[tokio::test]
async fn health_checks_and_metrics_are_available() {
    let site = live_site().await;
    assert_eq!(site.get("/healthz").await.text(), "ok\n");
    assert_eq!(site.get("/readyz").await.text(), "ready\n");
    assert!(site.get("/metrics").await.text().contains("\napp_info{"));
}
