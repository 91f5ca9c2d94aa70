//! Loads sample events into the database.

use std::{borrow::Cow, time::Instant};

use anyhow::bail;
use chrono::{DateTime, NaiveDate, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use shared::{
    config::DatabaseUrl,
    store::{BulkLoad, BulkLoader},
};

use super::event::sample_event;
use crate::serve;

/// The number of new events from which on dropping the indexes and creating them again is faster than updating them.
const REINDEX_MIN: u64 = 20_000;

/// The template of the progress bar that is shown while events are copied.
const BAR: &str = "{msg} {wide_bar} {human_pos} of {human_len}, {eta} to go";
/// The template of the progress indicator for a step of unknown duration.
const SPINNER: &str = "{spinner} {msg} ({elapsed})";

/// Adds `count` sample events to the database, all or none. Every empty database gets the same events on the same day
/// (the date of `now`); a database that has events gets different ones.
///
/// A large load drops the indexes and creates them again, so that other clients cannot access events until it ends.
///
/// # Errors
/// A database error, or Ctrl-C. In both cases no event was added, unless only the final `VACUUM` failed.
pub async fn seed(url: &DatabaseUrl, count: u64, now: DateTime<Utc>) -> anyhow::Result<()> {
    let began = Instant::now();
    let bar = ProgressBar::new(count);
    let mut loader = BulkLoader::connect(url).await?;
    let copy = async {
        let load = loader.begin().await?;
        copy_events(&load, count, now.date_naive(), &bar).await?;
        anyhow::Ok(load)
    };
    let load = tokio::select! {
        copied = copy => copied?,
        stopped = serve::stop_signal() => {
            stopped?;
            bail!("stopped: nothing was added");
        }
    };
    show_step(&bar, "commit and vacuum")?;
    load.commit().await?;
    loader.vacuum_events().await?;
    bar.finish_and_clear();
    tracing::info!(
        count,
        seconds = format!("{:.1}", began.elapsed().as_secs_f64()),
        "Added sample events"
    );
    Ok(())
}

async fn copy_events(
    load: &BulkLoad<'_>,
    count: u64,
    today: NaiveDate,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let last_id = load.last_event_id().await?;
    let mut indexes = Vec::new();
    // The highest id is an upper bound of the number of existing events, which would be indexed again too.
    if count >= REINDEX_MIN && count >= last_id.unsigned_abs() {
        indexes = load.secondary_indexes().await?;
    }
    for index in &indexes {
        load.drop_index(index).await?;
    }
    let style = ProgressStyle::with_template(BAR)?;
    bar.set_style(style);
    bar.set_message("events");
    let events = (0..count).map(|number| sample_event(last_id, number, today));
    load.copy_events(events.inspect(|_| bar.inc(1))).await?;
    for (index, number) in indexes.iter().zip(1..) {
        let name = &index.name;
        show_step(bar, format!("index {number} of {}, {name}", indexes.len()))?;
        load.create_index(index).await?;
    }
    Ok(())
}

/// Replaces the progress bar `bar` by a spinner with `message`.
fn show_step(bar: &ProgressBar, message: impl Into<Cow<'static, str>>) -> anyhow::Result<()> {
    bar.set_style(ProgressStyle::with_template(SPINNER)?);
    bar.set_message(message);
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    Ok(())
}
