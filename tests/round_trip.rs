//! Property test: the API and the page return published text unchanged (in NFC), for any Unicode.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::site::Site;

/// Returns a strategy that generates lines of 1 to `chars_max` characters, without control characters and
/// without white space at either end.
fn line(chars_max: usize) -> impl Strategy<Value = String> {
    let text = prop::collection::vec(any::<char>(), 1..=chars_max);
    text.prop_map(|chars| {
        let breaks = ['\u{2028}', '\u{2029}'];
        let text: String = chars
            .into_iter()
            .filter(|c| !c.is_control() && !breaks.contains(c))
            .collect();
        text.trim().to_owned()
    })
    .prop_filter("not empty", |text| !text.is_empty())
}

#[test]
fn any_unicode_text_is_returned_as_published() {
    let runtime = Runtime::new().unwrap();
    let site = runtime.block_on(Site::new());
    // The expected text is the NFC form, computed by PostgreSQL.
    let database = runtime.block_on(site.database.connect());
    let composed = async |text: &str| -> String {
        database
            .query_one("select normalize($1, nfc)", &[&text])
            .await
            .unwrap()
            .get(0)
    };
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 96,
        ..ProptestConfig::default()
    });
    let events = (
        line(60),
        prop::option::of(line(400)),
        line(40),
        prop::option::of(line(40)),
    );
    runner
        .run(&events, |(title, description, place, technology)| {
            runtime.block_on(async {
                let sent = json!({
                    "title": title, "description": description, "location": place, "date": "2027-06-01T19:00",
                    "technologies": technology.iter().collect::<Vec<_>>()
                });
                let response = site.post("/api/events/", &sent).await;
                prop_assert_eq!(response.status.as_u16(), 201, "{}", response);
                let id = response.json()["id"].clone();
                let read = site.get(&format!("/api/events/{id}")).await.json();
                prop_assert_eq!(read["title"].as_str().unwrap(), composed(&title).await);
                prop_assert_eq!(read["location"].as_str().unwrap(), composed(&place).await);
                if let Some(description) = &description {
                    prop_assert_eq!(read["description"].as_str().unwrap(), composed(description).await);
                }
                let names: Vec<&str> = read["technologies"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
                match &technology {
                    Some(name) => prop_assert_eq!(names, [composed(name).await]),
                    None => prop_assert!(names.is_empty()),
                }
                let page = site.get(&format!("/events/{id}")).await;
                prop_assert_eq!(page.status.as_u16(), 200);
                let heading = page.select("h1").remove(0);
                let collapsed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(heading, collapsed(&composed(&title).await));
                Ok(())
            })
        })
        .unwrap();
    // The site's connections must be dropped before this runtime.
    drop(site);
}
