//! What holds of any board, also of one that others use at the same time: at `TEST_BASE_URL`, or else in this process.

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

/// A board to visit.
enum Live {
    There(Client),
    Here(Box<Site>),
}

impl std::ops::Deref for Live {
    type Target = Client;

    fn deref(&self) -> &Client {
        match self {
            Self::There(board) => board,
            Self::Here(site) => site,
        }
    }
}

async fn board() -> Live {
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the tests says which board they visit"
    )]
    match std::env::var("TEST_BASE_URL") {
        Ok(url) => Live::There(Client::Network(Network::at(&url))),
        Err(_) => {
            let database = Database::migrated().await;
            Live::Here(Box::new(Site::with_transport(
                crate::TRANSPORT,
                database,
                Clock::System,
                &[],
            )))
        }
    }
}

/// A word that nobody else has written.
fn word() -> String {
    format!("w{}", uuid::Uuid::new_v4().simple())
}

/// An event in a month's time.
fn coming(title: &str) -> EventJson {
    let date = Clock::System.now() + Duration::days(30);
    event(title).starts(&date.format("%Y-%m-%dT19:30").to_string())
}

fn path_of(link: &str) -> &str {
    &link[link.find("/events/").unwrap()..]
}

#[tokio::test]
async fn a_community_publishes_edits_and_deletes_with_a_browser() {
    let (board, word) = (board().await, word());
    let browser = board.browser();
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
    // As long as a person takes at least (FORM_MIN_SECONDS), on a clock that does not stand still.
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let sent = browser.submit(&form, &typed).await;
    assert_eq!(sent.status, 303, "{sent}");
    let created = browser.follow(&sent).await;
    let link = created.select("#secret-link").remove(0);

    let found = browser.get(&format!("/?q={word}")).await;
    let card = found.attributes("article h4 a", "href").remove(0);
    let page = board.get(&card).await;
    assert_eq!(page.select("h1"), [typed[0].1]);
    assert_eq!(page.select("dd li"), ["C++", ".NET"]);

    let elsewhere = board.browser();
    let entered = elsewhere.get(path_of(&link)).await;
    assert_eq!(entered.header(header::REFERRER_POLICY), "no-referrer");
    let form = elsewhere.follow(&entered).await;
    let wrong = elsewhere
        .submit(&form, &[("title", ""), ("organizer", "Nós")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong
            .form("/edit")
            .fields
            .contains(&("organizer".to_owned(), "Nós".to_owned()))
    );
    let saved = elsewhere
        .submit(&form, &[("title", "Mudou"), ("status", "cancelled")])
        .await;
    assert_eq!(elsewhere.follow(&saved).await.select("h1"), ["Mudou"]);

    let question = elsewhere.get(&format!("{card}/delete")).await;
    let deleted = elsewhere.submit(&question, &[]).await;
    assert_eq!(deleted.status, 303);
    assert_eq!(board.get(&card).await.status, 404);
    assert_eq!(board.get(path_of(&link)).await.status, 404);
}

#[tokio::test]
async fn a_program_publishes_reads_changes_and_deletes() {
    let (board, word) = (board().await, word());
    let published = board
        .given(coming(&format!("API {word}")).technologies(&["Rust", "Ação"]))
        .await;
    let path = format!("/api/events/{}", published.id);

    let shown = board.get(&path).await;
    assert_eq!(
        (shown.status.as_u16(), shown.header(header::CONTENT_TYPE)),
        (200, "application/json")
    );
    assert!(shown.json().get("edit_token").is_none());
    assert_eq!(
        board
            .titles(&format!("q={word}&technology=acao&city=sao+paulo"))
            .await
            .len(),
        1
    );

    let patch = json!({"title": format!("Mudou {word}"), "organizer": "Nós"});
    let patched = board
        .json(Method::PATCH, &published.api_path(), &patch)
        .await;
    assert_eq!(patched.json()["version"], 2, "{patched}");
    let put = board
        .json(
            Method::PUT,
            &published.api_path(),
            &Value::Object(coming("Trocado").0),
        )
        .await;
    assert_eq!(
        (&put.json()["organizer"], &put.json()["version"]),
        (&Value::Null, &json!(3))
    );

    let rotated = board
        .post(&format!("{}/rotate", published.api_path()), &json!({}))
        .await
        .json();
    let new = format!(
        "/api/events/by-token/{}",
        rotated["edit_token"].as_str().unwrap()
    );
    assert_eq!(board.get(&published.api_path()).await.status, 404);
    assert_eq!(board.send(request(Method::DELETE, &new)).await.status, 204);
    assert_eq!(board.get(&path).await.status, 404);
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let (board, word) = (board().await, word());
    let mut given = Vec::new();
    for _ in 0..3 {
        given.push(board.given(coming(&format!("Lista {word}"))).await);
    }
    let first = board
        .get(&format!("/api/events/?q={word}&limit=2&when=upcoming"))
        .await;
    let link = first.header(header::LINK).to_owned();
    let next = link
        .strip_prefix('<')
        .unwrap()
        .strip_suffix(">; rel=\"next\"")
        .unwrap();
    let second = board.get(next).await;
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
        given.iter().map(|event| event.id).collect::<Vec<_>>()
    );

    let after = given[0].id - 1;
    let export = board
        .get(&format!("/api/events/export?after={after}"))
        .await
        .text();
    assert!(export.lines().filter(|line| line.contains(&word)).count() == 3);
    for event in given {
        board.send(request(Method::DELETE, &event.api_path())).await;
    }
}

#[tokio::test]
async fn errors_have_the_skin_of_their_path() {
    let board = board().await;
    for (method, path, status) in [
        (Method::GET, "/nada/aqui", 404),
        (Method::GET, "/events/a%C3%A7%C3%A3o", 404),
        (Method::GET, "/events/edit/nada", 404),
        (Method::DELETE, "/", 405),
        (Method::PUT, "/events/", 405),
        (Method::POST, "/events/new", 405),
        (Method::GET, "/?cursor=x", 400),
    ] {
        let response = board.send(request(method, path)).await;
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
        let response = board.send(request(method, path)).await;
        assert_eq!(response.status, status, "{path}");
        assert_eq!(
            response.header(header::CONTENT_TYPE),
            "application/problem+json"
        );
        assert_eq!(response.json()["status"], status);
    }
    let refused = board.send(request(Method::PUT, "/api/events/")).await;
    assert_eq!(refused.header(header::ALLOW), "GET, HEAD, POST");
    let large = coming("Grande").with("description", "x".repeat(300 * 1024));
    assert_eq!(
        board
            .post("/api/events/", &Value::Object(large.0))
            .await
            .status,
        413
    );
    let wrong = board
        .post("/api/events/", &json!({"title": "", "date": "ontem"}))
        .await;
    assert_eq!(
        wrong.field_errors(),
        ["/title required", "/date date-format", "/location required"]
    );
}

#[tokio::test]
async fn reads_are_cheap_to_repeat() {
    let board = board().await;
    let published = board.given(coming("Repetido")).await;
    let path = format!("/events/{}", published.id);
    let ask = async |method: Method, name: header::HeaderName, value: &str| {
        let mut ask = request(method, &path);
        ask.headers_mut().insert(name, value.parse().unwrap());
        board.send(ask).await
    };
    let plain = board.get(&path).await;
    let again = ask(
        Method::GET,
        header::IF_NONE_MATCH,
        plain.header(header::ETAG),
    )
    .await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    for coding in ["gzip", "br"] {
        let packed = ask(Method::GET, header::ACCEPT_ENCODING, coding).await;
        assert_eq!(packed.header(header::CONTENT_ENCODING), coding);
        assert!(packed.bytes.len() < plain.bytes.len());
    }
    let head = ask(Method::HEAD, header::ACCEPT, "*/*").await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    assert_eq!(head.header(header::ETAG), plain.header(header::ETAG));

    let style = plain.attributes("link[rel=stylesheet]", "href").remove(0);
    let style = board.get(&style).await;
    assert_eq!(
        style.header(header::CONTENT_TYPE),
        "text/css; charset=utf-8"
    );
    assert!(style.header(header::CACHE_CONTROL).contains("immutable"));
    board
        .send(request(Method::DELETE, &published.api_path()))
        .await;
}

#[tokio::test]
async fn the_operator_is_answered() {
    let board = board().await;
    assert_eq!(board.get("/healthz").await.text(), "ok\n");
    assert_eq!(board.get("/readyz").await.text(), "ready\n");
    assert!(board.get("/metrics").await.text().contains("\napp_info{"));
}
