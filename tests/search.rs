//! Tests of search and filters on the front page and in the API.

use chrono::TimeDelta;
use serde_json::json;
use shared::{
    config::Settings,
    domain::{Attendance, SearchTerm},
    store::{self, Db, Filter, ListQuery, PageRequest, Phase, ScanLimits, SortKey},
};

use crate::{
    database::Database,
    site::{NOW, Site, event, moment},
};

async fn site_with_events() -> Site {
    let site = Site::new().await;
    for event in [
        event("Python Meetup São Paulo")
            .starts("2027-03-01T19:00")
            .technologies(&["Python", "Flask"]),
        event("C++, C# e .NET na mesma sala")
            .starts("2027-03-02T19:00")
            .technologies(&["C++", "C#", ".NET"])
            .with("location", "Florianópolis - SC"),
        event("Mulheres em Dados")
            .starts("2027-03-03T19:00")
            .technologies(&["PostgreSQL"])
            .with("location", "Recife - PE"),
        event("Concorrência de verdade")
            .starts("2027-03-04T19:00")
            .technologies(&["Go"])
            .with("location", "Online"),
        event("Google e Django")
            .starts("2027-03-05T19:00")
            .technologies(&["TypeScript"])
            .with("organizer", "GDG Cuiabá"),
        event("Conversa")
            .starts("2027-03-06T19:00")
            .with("description", "Na sala da mesma\nrua, 100 vagas")
            .with("city", "Niterói"),
    ] {
        site.given(event).await;
    }
    site
}

fn encoded(q: &str) -> String {
    url::form_urlencoded::byte_serialize(q.as_bytes()).collect()
}

#[tokio::test]
async fn search_matches_words_prefixes_phrases_and_symbols() {
    let site = site_with_events().await;
    let python = "Python Meetup São Paulo";
    let cpp = "C++, C# e .NET na mesma sala";
    let dados = "Mulheres em Dados";
    let go = "Concorrência de verdade";
    let google = "Google e Django";
    let talk = "Conversa";
    for (q, titles) in [
        ("sao paulo", vec![python, google, talk]),
        ("SÃO PAULO pyth", vec![python]),
        ("sa\u{303}o paulo python", vec![python]),
        ("pyth", vec![python]),
        ("sql", vec![dados]),
        ("script", vec![google]),
        ("go", vec![go, google]),
        ("jango", vec![google]),
        ("an", vec![]),
        ("C++", vec![cpp]),
        ("c#", vec![cpp]),
        (".net", vec![cpp]),
        ("(C++, C#)", vec![cpp]),
        ("F#", vec!["Python Meetup São Paulo", cpp]),
        ("\"mesma sala\"", vec![cpp]),
        ("“mesma sala”", vec![cpp]),
        ("mesma sala", vec![cpp, talk]),
        ("\"mesma rua\"", vec![talk]),
        ("\"esma sala\"", vec![]),
        ("\"paulo sp\" python", vec![python]),
        ("\"verdade go\"", vec![]),
        ("cuiaba", vec![google]),
        ("niteroi", vec![talk]),
        ("100%", vec![talk]),
        ("%", vec![]),
        ("_", vec![]),
        ("\\", vec![]),
        ("'; drop table events; --", vec![]),
        ("\"\"", vec![]),
        ("!!! ???", vec![]),
        ("python \"", vec![python]),
        ("python 🐍", vec![python]),
    ] {
        assert_eq!(
            site.titles(&format!("q={}", encoded(q))).await,
            titles,
            "q = {q}"
        );
        assert_eq!(
            site.titles(&format!("search={}", encoded(q))).await,
            titles,
            "search = {q}"
        );
        let page = site.get(&format!("/?q={}", encoded(q))).await;
        assert_eq!(page.cards(), titles, "page, q = {q}");
        assert_eq!(
            page.attributes("input[name=q]", "value"),
            [q],
            "the search field shows the query"
        );
    }
}

#[tokio::test]
async fn no_search_text_causes_an_error() {
    let site = site_with_events().await;
    for query in [
        "q=%00".to_owned(),
        "q=%FF%FE".to_owned(),
        "q=python%00".to_owned(),
        "technology=%00".to_owned(),
        "city=%00&state=%FF".to_owned(),
        format!("q={}", "a".repeat(20_000)),
        format!("q={}", "a%20".repeat(5_000)),
        format!("q={}", "%22".repeat(5_000)),
        format!("q={}", encoded(&"ﷺ".repeat(500))),
    ] {
        for path in ["/api/events/", "/"] {
            let response = site.get(&format!("{path}?{query}")).await;
            assert_eq!(
                response.status,
                200,
                "{path} {}",
                &query[..query.len().min(60)]
            );
        }
    }
    assert_eq!(
        site.titles("q=python%00%FF").await,
        ["Python Meetup São Paulo"]
    );
    assert_eq!(site.titles("q=").await.len(), 6);
    assert_eq!(site.titles("q=%20").await.len(), 6);
}

#[tokio::test]
async fn filters_ignore_case_and_accents() {
    let site = site_with_events().await;
    for (query, titles) in [
        ("technology=python", vec!["Python Meetup São Paulo"]),
        ("technology=C%2B%2B", vec!["C++, C# e .NET na mesma sala"]),
        ("technology=C", vec![]),
        ("technology=postgre", vec![]),
        ("city=FLORIANOPOLIS", vec!["C++, C# e .NET na mesma sala"]),
        ("city=niteroi", vec!["Conversa"]),
        ("state=pe", vec!["Mulheres em Dados"]),
        ("state=SP&technology=typescript", vec!["Google e Django"]),
        ("q=dados&state=SP", vec![]),
    ] {
        assert_eq!(site.titles(query).await, titles, "{query}");
        assert_eq!(
            site.get(&format!("/?{query}")).await.cards(),
            titles,
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_date_range_includes_events_that_overlap_it() {
    let site = Site::new().await;
    site.given(
        event("Before")
            .starts("2027-03-01T10:00")
            .ends("2027-03-02T00:00"),
    )
    .await;
    site.given(
        event("Across")
            .starts("2027-03-01T23:00")
            .ends("2027-03-02T01:00"),
    )
    .await;
    site.given(event("At").starts("2027-03-02T00:00")).await;
    site.given(event("Within").starts("2027-03-02T12:00")).await;
    site.given(event("After").starts("2027-03-03T00:00")).await;
    assert_eq!(
        site.titles("from=2027-03-02&to=2027-03-03").await,
        ["Across", "At", "Within"]
    );
    assert_eq!(
        site.titles("from=2027-03-02T00:00:00-03:00&to=2027-03-02T12:00")
            .await,
        ["Across", "At"]
    );
    assert_eq!(
        site.titles("from=2027-03-02T03:00:00%2B00:00").await,
        ["Across", "At", "Within", "After"]
    );
    assert_eq!(site.titles("to=2027-03-02").await, ["Before", "Across"]);
}

#[tokio::test]
async fn a_changed_event_is_found_by_its_new_text() {
    let site = Site::new().await;
    let published = site.given(event("Elixir à noite")).await;
    site.json(
        http::Method::PATCH,
        &published.api_path(),
        &json!({"title": "Erlang à tarde"}),
    )
    .await;
    assert_eq!(site.titles("q=elixir").await, Vec::<String>::new());
    assert_eq!(site.titles("q=erlang").await, ["Erlang à tarde"]);
}

#[tokio::test]
async fn a_very_long_search_uses_only_its_longest_words() {
    let site = Site::new().await;
    let words: Vec<String> = (0..32).map(|n| format!("palavra{n:02}")).collect();
    site.given(event("Long").with("description", words.join(" ")))
        .await;
    let typed = words.join("-");
    assert_eq!(site.titles(&format!("q={typed}-zz-yy")).await, ["Long"]);
    assert_eq!(
        site.titles(&format!("q={typed}-palavralonga-zz")).await,
        Vec::<String>::new()
    );
}

/// Uses different scan limits, so that each step of the search returns results; all must be the same events in the
/// same order.
#[tokio::test]
async fn every_search_step_finds_the_same_events() {
    let database = Database::migrated().await;
    let now = moment(NOW);
    local_server::seed::seed(&database.url, 1_500, now)
        .await
        .unwrap();
    let settings = Settings::from_pairs(&[]).unwrap();
    let db_with_limits = |first_scan, second_scan, index_hits_max, third_scan| {
        let mut db = Db::new(&database.url, &settings).unwrap();
        db.scan_limits = ScanLimits {
            first_scan,
            second_scan,
            index_hits_max,
            third_scan,
        };
        db
    };
    let all = db_with_limits(i64::MAX, 0, 0, 0);
    let others = [
        db_with_limits(1, 2, i64::MAX - 1, 0),
        db_with_limits(1, 2, 0, 3),
        db_with_limits(1, 2, 0, 1_000),
        db_with_limits(40, 400, 10, 0),
        Db::new(&database.url, &settings).unwrap(),
    ];
    let term = |text: &str| SearchTerm {
        text: text.to_owned(),
        quoted: false,
    };
    let searches = [
        vec![],
        vec!["python"],
        vec!["cuiaba"],
        vec!["sao", "python"],
        vec!["go"],
        vec!["a"],
        vec!["haskell"],
        vec!["C++"],
        vec!["nowhere"],
        vec!["de", "com", "para", "que", "uma", "sala"],
        vec!["perguntas", "comunidade", "python"],
        vec!["palestra", "palestras", "pergunto"],
    ];
    let moments = [
        None,
        Some(now),
        Some(now - TimeDelta::days(40)),
        Some(now + TimeDelta::days(40)),
    ];
    let mut checked = 0;
    for (number, words) in searches.iter().enumerate() {
        let terms: Vec<_> = words.iter().map(|word| term(word)).collect();
        let patterns = store::search_patterns(&all, &terms).await.unwrap();
        for round in 0..12 {
            // Each filter applies in some rounds, so that all combinations occur.
            let every = |n: usize, of: usize| (number + round) % of == n;
            let filter = || Filter {
                search: (!words.is_empty()).then(|| patterns.clone()),
                technology: every(1, 4).then(|| "rust".to_owned()),
                city: every(1, 5).then(|| "Recife".to_owned()),
                state: every(0, 3).then(|| "sp".to_owned()),
                attendance: if every(1, 3) {
                    vec![Attendance::Online, Attendance::Hybrid]
                } else {
                    vec![]
                },
                from: moments[round % 4].filter(|_| round > 3),
                to: moments[(round + number) % 4].filter(|_| round > 7),
                ..Filter::default()
            };
            let page = PageRequest {
                after: None,
                offset: 3,
                limit: 1,
            };
            let middle = store::list_events(
                &all,
                &ListQuery {
                    filter: &filter(),
                    phase: Phase::All,
                    page,
                },
            )
            .await
            .unwrap();
            for after in [None, middle.first().map(SortKey::of)] {
                let page = PageRequest {
                    after,
                    offset: round as i64 % 3,
                    limit: 7,
                };
                let find = async |db: &Db| {
                    let filter = filter();
                    let mut found = Vec::new();
                    for phase in [Phase::Upcoming(now), Phase::Past(now), Phase::All] {
                        let query = ListQuery {
                            filter: &filter,
                            phase,
                            page,
                        };
                        let events = store::list_events(db, &query).await.unwrap();
                        found.push(events.iter().map(|event| event.id).collect::<Vec<_>>());
                    }
                    found
                };
                let expected = find(&all).await;
                checked += expected.iter().map(Vec::len).sum::<usize>();
                for db in &others {
                    assert_eq!(
                        find(db).await,
                        expected,
                        "{:?} {page:?} {:?}",
                        filter(),
                        db.scan_limits
                    );
                }
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}
