//! `local-server import`: adds the events of an export, from another site or from an earlier state of the same site.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    time::Instant,
};

use anyhow::{Context, bail};
use shared::{
    config::DatabaseUrl,
    domain::Event,
    formats::parse_export_line,
    store::{BulkLoad, BulkLoader},
};

use crate::serve;

/// Number of events per `COPY`: few enough to hold in memory, and enough that the overhead of each `COPY` does not
/// matter.
const BATCH: usize = 500;
/// Maximum length of a line of an export, in bytes: many times the size of the largest event.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// The number of events that an import added or found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Imported {
    /// The number of events that were added.
    pub added: u64,
    /// The number of events that the database already had (including those deleted within the last 30 days), which are
    /// unchanged.
    pub existing: u64,
}

/// Opens `file`, or standard input if it is `-`.
///
/// # Errors
/// When the file cannot be opened; the message is one line.
pub fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Adds the events of an export with their ids, uids and times, all or none. The added events have no edit links.
/// Events that the database already has stay unchanged, so that an import can be repeated.
///
/// During an import, other clients cannot write events, nor read them if there were none before.
///
/// # Errors
/// The number of the first line that is not an event or whose id or uid belongs to another event; a database error; or
/// Ctrl-C. In all cases no event was added, unless only the final `VACUUM` failed.
pub async fn import(url: &DatabaseUrl, lines: impl BufRead) -> anyhow::Result<Imported> {
    let began = Instant::now();
    let mut loader = BulkLoader::connect(url).await?;
    let copy = async {
        let load = loader.begin().await?;
        let imported = copy_events(&load, lines)
            .await
            .context("nothing was added")?;
        anyhow::Ok((load, imported))
    };
    let (load, imported) = tokio::select! {
        copied = copy => copied?,
        stopped = serve::stop_signal() => {
            stopped?;
            bail!("stopped: nothing was added");
        }
    };
    load.commit().await?;
    loader.vacuum_events().await?;
    tracing::info!(
        added = imported.added,
        existing = imported.existing,
        seconds = format!("{:.1}", began.elapsed().as_secs_f64()),
        "Events were imported"
    );
    Ok(imported)
}

async fn copy_events(load: &BulkLoad<'_>, lines: impl BufRead) -> anyhow::Result<Imported> {
    load.lock_events_against_writers().await?;
    // An import into an empty table may be large, and no other client needs its indexes until then.
    let mut indexes = Vec::new();
    if load.last_event_id().await? == 0 {
        indexes = load.secondary_indexes().await?;
    }
    for index in &indexes {
        load.drop_index(index).await?;
    }
    let mut imported = Imported::default();
    let mut events = Events::new(lines);
    loop {
        let batch: Vec<(u64, Event)> = events.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            break;
        }
        let size = batch.len() as u64;
        let new = without_existing(load, batch).await?;
        load.copy_events_with_ids(&new).await?;
        imported.added += new.len() as u64;
        imported.existing += size - new.len() as u64;
    }
    for index in &indexes {
        load.create_index(index).await?;
    }
    if imported.added > 0 {
        load.advance_event_id_sequence().await?;
    }
    Ok(imported)
}

/// Returns the events of `batch`, each given with its line number, that the database does not have.
async fn without_existing(
    load: &BulkLoad<'_>,
    batch: Vec<(u64, Event)>,
) -> anyhow::Result<Vec<Event>> {
    let ids: Vec<_> = batch.iter().map(|(_, event)| event.id).collect();
    let uids: Vec<_> = batch.iter().map(|(_, event)| event.uid).collect();
    let existing = load.existing_events(&ids, &uids).await?;
    let mut by_id: HashMap<_, _> = existing.iter().copied().collect();
    let mut by_uid: HashMap<_, _> = existing.iter().map(|(id, uid)| (*uid, *id)).collect();
    let mut new = Vec::new();
    for (line, event) in batch {
        let (id, uid) = (event.id, event.uid);
        if by_id.get(&id).is_some_and(|stored| *stored != uid) {
            bail!("line {line}: another event has the id {id}");
        }
        if by_uid.get(&uid).is_some_and(|stored| *stored != id) {
            bail!("line {line}: another event has the uid {uid}");
        }
        if by_id.insert(id, uid).is_none() {
            by_uid.insert(uid, id);
            new.push(event);
        }
    }
    Ok(new)
}

/// An iterator over the events of an export and their line numbers.
struct Events<R> {
    lines: R,
    line: u64,
}

impl<R: BufRead> Events<R> {
    fn new(lines: R) -> Self {
        Self { lines, line: 0 }
    }

    /// Reads the next line that is not blank; returns an empty string at the end.
    fn next_line(&mut self) -> anyhow::Result<String> {
        loop {
            let mut text = String::new();
            self.line += 1;
            let read = Read::take(&mut self.lines, LINE_BYTES_MAX)
                .read_line(&mut text)
                .with_context(|| format!("line {} cannot be read", self.line))?;
            if read as u64 == LINE_BYTES_MAX {
                bail!("line {} is too long to be an event", self.line);
            }
            if read == 0 || !text.trim().is_empty() {
                return Ok(text);
            }
        }
    }
}

impl<R: BufRead> Iterator for Events<R> {
    type Item = anyhow::Result<(u64, Event)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_line() {
            Ok(text) if text.is_empty() => None,
            Ok(text) => {
                let event = parse_export_line(&text)
                    .map_err(|problem| anyhow::anyhow!("line {}: {problem}", self.line));
                Some(event.map(|event| (self.line, event)))
            }
            Err(error) => Some(Err(error)),
        }
    }
}
