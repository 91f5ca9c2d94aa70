//! Tests of `local-server seed`, which creates sample events for trials and measurements.

use local_server::seed::seed;

use crate::site::{NOW, Site, moment};

#[tokio::test]
async fn seeded_events_are_found_and_seeding_twice_adds_more() {
    let site = Site::new().await;

    seed(&site.database.url, 300, moment(NOW)).await.unwrap();
    seed(&site.database.url, 40, moment(NOW)).await.unwrap();

    assert_eq!(
        site.get("/api/events/export").await.text().lines().count(),
        340
    );
    assert!(
        !site
            .titles("technology=python&when=upcoming")
            .await
            .is_empty()
    );
    assert!(!site.titles("state=sp&q=paulo").await.is_empty());
    assert_eq!(site.get("/").await.cards().len(), 24);
}

#[tokio::test]
async fn a_large_load_leaves_every_index_as_it_was() {
    let site = Site::new().await;
    let client = site.database.connect().await;
    let indexes = async || -> Vec<String> {
        let query = "select indexdef from pg_indexes where tablename = 'events' order by indexname";
        let rows = client.query(query, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let before = indexes().await;

    // From this number of events on, seeding drops the indexes and creates them again.
    seed(&site.database.url, 20_000, moment(NOW)).await.unwrap();

    assert_eq!(indexes().await, before);
    assert_eq!(site.titles("limit=100&offset=10000").await.len(), 100);
}
