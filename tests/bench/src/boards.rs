//! The boards that are measured: one private PostgreSQL, a database for each size.

use std::{path::Path, time::SystemTime};

use anyhow::Context;
use local_server::{
    database::{self, Database},
    seed,
};
use shared::{clock::Clock, config::DatabaseUrl, store::migrations};
use tokio_postgres::NoTls;

use crate::settings;

/// How many events each board has.
pub(crate) const SIZES: [u64; 3] = [100, 10_000, 1_000_000];
/// A word that twenty thousand events of the largest board have, all of them over.
pub(crate) const PAST_WORD: &str = "quokkaverso";

/// PostgreSQL for all of them, running.
pub(crate) async fn open(data: &Path) -> anyhow::Result<Database> {
    std::fs::create_dir_all(data)?;
    let data = data.canonicalize()?;
    let data = data.to_str().context("the folder's name is no text")?;
    database::open_private(&settings(&[("DATA_DIR", data)])?).await
}

/// The URL of the board of this size, which is filled if it is not there yet.
pub(crate) async fn board(database: &Database, size: u64) -> anyhow::Result<String> {
    let name = format!("board_{size}");
    let text = url_of(database, &name);
    let (admin, connection) = database.url().connection.connect(NoTls).await?;
    tokio::spawn(connection);
    let there = admin
        .query_opt("select from pg_database where datname = $1", &[&name])
        .await?;
    let url = DatabaseUrl::parse(&text).map_err(anyhow::Error::msg)?;
    if there.is_none() {
        let began = SystemTime::now();
        admin
            .batch_execute(&format!("create database {name}"))
            .await?;
        let zone = settings(&[])?.default_timezone;
        migrations::migrate(&url, zone).await?;
        seed::seed(&url, size, Clock::System.now()).await?;
        eprintln!("{name}: filled in {:?}", began.elapsed()?);
    }
    let zone = settings(&[])?.default_timezone;
    migrations::migrate(&url, zone).await?;
    let (client, connection) = url.connection.connect(NoTls).await?;
    tokio::spawn(connection);
    if size == SIZES[2] {
        let marked = "select from events where search_document like '%' || $1 || '%' limit 1";
        if client.query_opt(marked, &[&PAST_WORD]).await?.is_none() {
            let mark = "update events set description = concat(description, ' ', $1::text)
                where starts_at < now() - interval '30 days' and id % 35 = 0";
            client.execute(mark, &[&PAST_WORD]).await?;
            client.batch_execute("vacuum analyze events").await?;
        }
    }
    // What comes into memory by use is there before.
    client
        .execute("select count(search_document) from events", &[])
        .await?;
    Ok(text)
}

/// The URL of a copy of the board of this size, which writes may fill.
pub(crate) async fn copy(database: &Database, size: u64) -> anyhow::Result<String> {
    let name = "board_written";
    let (admin, connection) = database.url().connection.connect(NoTls).await?;
    tokio::spawn(connection);
    admin
        .batch_execute(&format!("drop database if exists {name} with (force)"))
        .await?;
    admin
        .batch_execute(&format!("create database {name} template board_{size}"))
        .await?;
    Ok(url_of(database, name))
}

fn url_of(database: &Database, name: &str) -> String {
    database
        .text()
        .replacen("/encontros_tech?", &format!("/{name}?"), 1)
}
