//! The databases of the benchmark: one private PostgreSQL with one database for each number of events.

use std::{path::Path, time::SystemTime};

use anyhow::Context;
use local_server::{
    database::{self, Database},
    seed,
};
use shared::{clock::Clock, config::DatabaseUrl, store::migrations};
use tokio_postgres::{Client, NoTls};

use crate::settings;

/// The numbers of events in the databases of the benchmark.
pub(crate) const SIZES: [u64; 3] = [100, 10_000, 1_000_000];
/// A word that about twenty thousand events of the largest database contain, all of them past.
pub(crate) const PAST_WORD: &str = "quokkaverso";

/// Starts the private PostgreSQL whose data is in the folder `data`.
pub(crate) async fn open(data: &Path) -> anyhow::Result<Database> {
    std::fs::create_dir_all(data)?;
    let data = data.canonicalize()?;
    let data = data.to_str().context("the folder's path is not UTF-8")?;
    database::open_private(&settings(&[("DATA_DIR", data)])?).await
}

/// Returns the URL of the database with `size` events, which is created if it does not exist.
pub(crate) async fn seeded(database: &Database, size: u64) -> anyhow::Result<String> {
    let name = format!("events_{size}");
    let text = url_of(database, &name);
    let url = DatabaseUrl::parse(&text).map_err(anyhow::Error::msg)?;
    let admin = connect(database.url()).await?;
    let existing = admin
        .query_opt("select from pg_database where datname = $1", &[&name])
        .await?;
    let zone = settings(&[])?.default_timezone;
    if existing.is_none() {
        let began = SystemTime::now();
        admin
            .batch_execute(&format!("create database {name}"))
            .await?;
        migrations::migrate(&url, zone).await?;
        seed::seed(&url, size, Clock::System.now()).await?;
        eprintln!("{name}: seeded in {:?}", began.elapsed()?);
    }
    migrations::migrate(&url, zone).await?;
    let client = connect(&url).await?;
    if size == SIZES[2] {
        add_past_word(&client).await?;
    }
    // Reads the table once, so that the first measurement does not wait for the disk.
    client
        .execute("select count(search_document) from events", &[])
        .await?;
    Ok(text)
}

/// Adds [`PAST_WORD`] to every 35th past event, unless that was done in an earlier run.
async fn add_past_word(client: &Client) -> anyhow::Result<()> {
    let marked = "select from events where search_document like '%' || $1 || '%' limit 1";
    if client.query_opt(marked, &[&PAST_WORD]).await?.is_none() {
        let mark = "update events set description = concat(description, ' ', $1::text)
            where starts_at < now() - interval '30 days' and id % 35 = 0";
        client.execute(mark, &[&PAST_WORD]).await?;
        client.batch_execute("vacuum analyze events").await?;
    }
    Ok(())
}

/// Returns the URL of a new copy of the database with `size` events, for the measurements that write.
pub(crate) async fn copy(database: &Database, size: u64) -> anyhow::Result<String> {
    let name = "events_written";
    let admin = connect(database.url()).await?;
    admin
        .batch_execute(&format!("drop database if exists {name} with (force)"))
        .await?;
    admin
        .batch_execute(&format!("create database {name} template events_{size}"))
        .await?;
    Ok(url_of(database, name))
}

async fn connect(url: &DatabaseUrl) -> anyhow::Result<Client> {
    let (client, connection) = url.connection.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn url_of(database: &Database, name: &str) -> String {
    database
        .url_text()
        .replacen("/encontros_tech?", &format!("/{name}?"), 1)
}
