//! Tests of the Atom (RFC 4287) and JSON Feed 1.1 feeds.

use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

/// Returns the unescaped texts of the XML elements called `name` in an Atom feed.
fn texts(atom: &Response, name: &str) -> Vec<String> {
    let text = atom.text();
    let start = format!("<{name}");
    let end = format!("</{name}>");
    let mut found = Vec::new();
    for part in text
        .split(&start)
        .skip(1)
        .filter(|part| part.starts_with(['>', ' ']))
    {
        let (_, rest) = part.split_once('>').unwrap();
        if let Some((inner, _)) = rest.split_once(&end) {
            let mut inner = inner.to_owned();
            for (entity, character) in [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&quot;", "\""),
                ("&apos;", "'"),
                ("&amp;", "&"),
            ] {
                inner = inner.replace(entity, character);
            }
            found.push(inner);
        }
    }
    found
}

fn entry_titles(atom: &Response) -> Vec<String> {
    texts(atom, "title").split_off(1)
}

#[track_caller]
fn items(json: &Response) -> Vec<Value> {
    assert_eq!(json.status, 200, "{json}");
    json.json()["items"].as_array().unwrap().clone()
}

fn item_titles(json: &Response) -> Vec<String> {
    let items = items(json);
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_feed_entry_contains_all_data_of_the_event() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Rust & Café <3")
                .starts("2027-03-18T19:00")
                .ends("2027-03-18T22:00")
                .with("location", "Porto Digital, Recife - PE")
                .with(
                    "description",
                    "Um <b>parágrafo</b>\nem duas linhas\n\nE outro",
                )
                .with("url", "https://example.org/a?b=c&d")
                .with("organizer", "Nós & eles")
                .technologies(&["C++", "Rust"]),
        )
        .await;
    let uid = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json()["uid"]
        .clone();
    let uid = uid.as_str().unwrap();
    let atom = site.get("/feed.atom?technology=rust").await;
    assert_eq!(
        atom.header(header::CONTENT_TYPE),
        "application/atom+xml; charset=utf-8"
    );
    insta::assert_snapshot!(atom.text().replace(uid, "UID").replace("><", ">\n<"), @r#"
    <?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pt-BR">
    <title>Encontros Tech · Tecnologia: rust</title>
    <id>http://site.example/feed.atom?technology=rust</id>
    <updated>2027-01-01T12:00:00+00:00</updated>
    <author>
    <name>Encontros Tech</name>
    </author>
    <link href="http://site.example/feed.atom?technology=rust" rel="self" type="application/atom+xml"/>
    <link href="http://site.example/technology/rust" rel="alternate" type="text/html"/>
    <entry>
    <title>Rust &amp; Café &lt;3</title>
    <id>urn:uuid:UID</id>
    <updated>2027-01-01T12:00:00+00:00</updated>
    <author>
    <name>Nós &amp; eles</name>
    </author>
    <category term="C++"/>
    <category term="Rust"/>
    <link href="http://site.example/events/1" rel="alternate" type="text/html"/>
    <published>2027-01-01T12:00:00+00:00</published>
    <content type="html">&lt;p&gt;&lt;time datetime=&quot;2027-03-18T19:00:00-03:00&quot;&gt;quinta-feira, 18 de março de 2027, 19h (horário de Brasília)&lt;/time&gt; (até 22h)&lt;br&gt;Porto Digital, Recife - PE · Presencial&lt;/p&gt;&lt;p&gt;Organização: Nós &amp;amp; eles&lt;/p&gt;&lt;p&gt;Um &amp;lt;b&amp;gt;parágrafo&amp;lt;/b&amp;gt;&lt;br&gt;em duas linhas&lt;/p&gt;&lt;p&gt;E outro&lt;/p&gt;&lt;p&gt;&lt;a href=&quot;https://example.org/a?b=c&amp;amp;d&quot;&gt;https://example.org/a?b=c&amp;amp;d&lt;/a&gt;&lt;/p&gt;</content>
    </entry>
    </feed>
    "#);
    let json = site.get("/feed.json?technology=rust").await;
    assert_eq!(
        json.header(header::CONTENT_TYPE),
        "application/feed+json; charset=utf-8"
    );
    let text = serde_json::to_string_pretty(&json.json()).unwrap();
    insta::assert_snapshot!(text.replace(uid, "UID"), @r#"
    {
      "authors": [
        {
          "name": "Encontros Tech"
        }
      ],
      "feed_url": "http://site.example/feed.json?technology=rust",
      "home_page_url": "http://site.example/technology/rust",
      "items": [
        {
          "authors": [
            {
              "name": "Nós & eles"
            }
          ],
          "content_html": "<p><time datetime=\"2027-03-18T19:00:00-03:00\">quinta-feira, 18 de março de 2027, 19h (horário de Brasília)</time> (até 22h)<br>Porto Digital, Recife - PE · Presencial</p><p>Organização: Nós &amp; eles</p><p>Um &lt;b&gt;parágrafo&lt;/b&gt;<br>em duas linhas</p><p>E outro</p><p><a href=\"https://example.org/a?b=c&amp;d\">https://example.org/a?b=c&amp;d</a></p>",
          "date_modified": "2027-01-01T12:00:00Z",
          "date_published": "2027-01-01T12:00:00Z",
          "external_url": "https://example.org/a?b=c&d",
          "id": "urn:uuid:UID",
          "tags": [
            "C++",
            "Rust"
          ],
          "title": "Rust & Café <3",
          "url": "http://site.example/events/1"
        }
      ],
      "language": "pt-BR",
      "title": "Encontros Tech · Tecnologia: rust",
      "version": "https://jsonfeed.org/version/1.1"
    }
    "#);
}

#[tokio::test]
async fn feeds_list_the_last_published_event_first() {
    let site = Site::new().await;
    for (title, at, start) in [
        ("First", "2027-01-01T12:00:00Z", "2027-09-01T19:00"),
        ("Second", "2027-01-02T12:00:00Z", "2027-05-01T19:00"),
        ("Third", "2027-01-03T12:00:00Z", "2027-07-01T19:00"),
        ("Past", "2027-01-04T12:00:00Z", "2026-07-01T19:00"),
    ] {
        site.set_clock(at);
        site.given(event(title).starts(start)).await;
    }
    for (query, expected) in [
        ("", &["Past", "Third", "Second", "First"][..]),
        ("?when=upcoming", &["Third", "Second", "First"]),
        ("?when=past", &["Past"]),
        ("?q=second", &["Second"]),
        ("?from=2027-06-01&to=2027-08-01", &["Third"]),
        (
            "?state=sp&attendance=in_person&limit=1",
            &["Past", "Third", "Second", "First"],
        ),
        ("?attendance=online", &[]),
        ("?when=soon", &[]),
        ("?from=x", &[]),
        ("?city=Nowhere", &[]),
    ] {
        assert_eq!(
            item_titles(&site.get(&format!("/feed.json{query}")).await),
            expected,
            "{query}"
        );
        assert_eq!(
            entry_titles(&site.get(&format!("/feed.atom{query}")).await),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn titles_are_read_back_unchanged() {
    let site = Site::new().await;
    let titles = [
        r#"Vírgula, ponto e vírgula; "aspas" 'simples' \ barra & <b>negrito</b> ]]> &amp;"#
            .to_owned(),
        "🦀👩‍💻".repeat(50),
        "x".repeat(200),
        "Duas\nlinhas".to_owned(),
    ];
    for title in &titles[..3] {
        site.given(event(title)).await;
    }
    let adopted = site.given(event("Adopted")).await;
    let database = site.database.connect().await;
    database
        .execute(
            "update events set title = $1 where id = $2",
            &[&"Duas\r\nlinhas\u{1}", &adopted.id],
        )
        .await
        .unwrap();
    let mut expected = titles.to_vec();
    expected.reverse();
    assert_eq!(item_titles(&site.get("/feed.json").await), expected);
    assert_eq!(entry_titles(&site.get("/feed.atom").await), expected);
}

#[tokio::test]
async fn a_change_and_a_cancellation_update_the_same_entry() {
    let site = Site::new().await;
    let published = site.given(event("Rust Nights")).await;
    let first = site.get("/feed.atom").await;
    site.set_clock("2027-01-02T12:00:00Z");
    site.json(
        Method::PATCH,
        &published.api_path(),
        &serde_json::json!({"status": "cancelled"}),
    )
    .await;
    let second = site.get("/feed.atom").await;
    assert_eq!(texts(&first, "id")[1], texts(&second, "id")[1]);
    assert!(texts(&first, "id")[1].starts_with("urn:uuid:"));
    assert_eq!(entry_titles(&second), ["Cancelado: Rust Nights"]);
    assert_eq!(texts(&first, "updated"), ["2027-01-01T12:00:00+00:00"; 2]);
    assert_eq!(texts(&second, "updated"), ["2027-01-02T12:00:00+00:00"; 2]);
    assert_eq!(texts(&second, "published"), ["2027-01-01T12:00:00+00:00"]);
    let item = &items(&site.get("/feed.json?lang=en").await)[0];
    assert_eq!(item["title"], "Cancelled: Rust Nights");
    assert_eq!(item["date_modified"], "2027-01-02T12:00:00Z");
    assert_eq!(item["id"], texts(&first, "id")[1].as_str());
}

#[tokio::test]
async fn a_feed_contains_at_most_five_hundred_events_and_keeps_its_etag() {
    let site = Site::new().await;
    let first = site.given(event("First")).await;
    let database = site.database.connect().await;
    database
        .execute(
            "insert into events (uid, title, starts_at, timezone, location, attendance, status, technologies, created_at, updated_at)
             select gen_random_uuid(), 'Event ' || n, starts_at, timezone, location, attendance, status, technologies,
                 created_at + n * interval '1 minute', updated_at
             from events, generate_series(1, 600) as n where id = $1",
            &[&first.id],
        )
        .await
        .unwrap();
    for path in ["/feed.atom", "/feed.json"] {
        let feed = site.get(path).await;
        let titles = if path == "/feed.json" {
            item_titles(&feed)
        } else {
            entry_titles(&feed)
        };
        assert_eq!(titles.len(), 500);
        assert_eq!(
            (titles[0].as_str(), titles[499].as_str()),
            ("Event 600", "Event 101")
        );
        assert_eq!(feed.header(header::CACHE_CONTROL), "no-cache");
        assert!(feed.header(header::VARY).contains("accept-language"));
        site.set_clock("2027-01-01T12:30:00Z");
        let mut conditional = request(Method::GET, path);
        conditional
            .headers_mut()
            .insert(header::IF_NONE_MATCH, feed.headers[header::ETAG].clone());
        assert_eq!(
            site.send(conditional).await.status,
            StatusCode::NOT_MODIFIED
        );
    }
}

#[tokio::test]
async fn pages_link_to_their_feeds() {
    let site = Site::with_settings(
        "2027-01-01T12:00:00Z",
        &[("PUBLIC_URL", "https://encontros.example")],
    )
    .await;
    let published = site.given(event("Rust Nights")).await;
    let feeds = |page: &Response| {
        ["application/atom+xml", "application/feed+json"]
            .map(|kind| page.attributes(&format!("link[rel=alternate][type='{kind}']"), "href"))
            .concat()
    };
    let list = site.get("/?state=SP&cursor=").await;
    assert_eq!(
        feeds(&list),
        [
            "https://encontros.example/feed.atom?state=SP",
            "https://encontros.example/feed.json?state=SP"
        ]
    );
    let detail = site.get(&format!("/events/{}?lang=es", published.id)).await;
    assert_eq!(
        feeds(&detail),
        [
            "https://encontros.example/feed.atom?lang=es",
            "https://encontros.example/feed.json?lang=es"
        ]
    );
}

#[tokio::test]
async fn a_feed_is_at_most_four_mebibytes() {
    let site = Site::new().await;
    let database = site.database.connect().await;
    let first = site
        .given(event("First").with("description", "\"".repeat(10_000)))
        .await;
    database
        .execute(
            "insert into events (uid, title, description, starts_at, timezone, location, attendance, status, technologies, created_at, updated_at)
             select gen_random_uuid(), title, description, starts_at, timezone, location, attendance, status, technologies,
                 created_at, updated_at
             from events, generate_series(1, 600) as n where id = $1",
            &[&first.id],
        )
        .await
        .unwrap();
    for path in ["/feed.atom", "/feed.json", "/events.ics"] {
        let feed = site.get(path).await;
        assert_eq!(feed.status, 200);
        assert!(
            feed.bytes.len() < 4 * 1024 * 1024 + 1,
            "{path}: {}",
            feed.bytes.len()
        );
        assert!(
            feed.bytes.len() > 500 * 1024,
            "{path}: {}",
            feed.bytes.len()
        );
    }
}

#[tokio::test]
async fn feeds_and_pages_ignore_unknown_repeated_and_empty_parameters() {
    let site = Site::new().await;
    site.given(event("Same").technologies(&["Rust"])).await;
    for path in ["/feed.atom", "/feed.json", "/events.ics", "/embed", "/"] {
        let plain = site.get(&format!("{path}?technology=Rust")).await;
        let other = site
            .get(&format!(
                "{path}?utm_source=x&technology=Rust&q=&technology=Go"
            ))
            .await;
        // The links to other languages contain the query as received.
        let text = |response: Response| {
            let lines = response.text();
            let lines = lines.lines().filter(|line| !line.contains("hreflang"));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(text(other), text(plain), "{path}");
    }
}
