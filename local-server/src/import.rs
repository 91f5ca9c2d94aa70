//! Takes the events of another board, or of this one at an earlier time, out of an export.

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

/// Events copied at once: little to keep in memory, enough to keep the database busy.
const BATCH: usize = 500;
/// Longest line, in bytes: many times what the largest event takes.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Imported {
    /// Events that are new here.
    pub added: u64,
    /// Events that were here already (or had been deleted here not long ago), left as they are.
    pub known: u64,
}

/// Opens the file, or the standard input where it is called `-`.
///
/// # Errors
/// Why it cannot, in one line.
pub fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Adds the events of an export with their ids, uids and times, all or none; no edit link opens them. Events that are here
/// already are left as they are, so that an import can be run again.
///
/// Until it has ended nobody else can write events, nor read them where there were none before.
///
/// # Errors
/// The first line that is no event, or whose id or uid another event has here; or that the database cannot answer, or
/// Ctrl-C: nothing was added then, unless only the tidying up at the end failed.
pub async fn import(url: &DatabaseUrl, lines: impl BufRead) -> anyhow::Result<Imported> {
    let began = Instant::now();
    let mut loader = BulkLoader::connect(url).await?;
    let filling = async {
        let load = loader.begin().await?;
        let imported = fill(&load, lines).await.context("nothing was added")?;
        anyhow::Ok((load, imported))
    };
    let (load, imported) = tokio::select! {
        filled = filling => filled?,
        stopped = serve::stop_signal() => {
            stopped?;
            bail!("stopped: nothing was added");
        }
    };
    load.commit().await?;
    loader.vacuum_events().await?;
    tracing::info!(
        added = imported.added,
        known = imported.known,
        seconds = format!("{:.1}", began.elapsed().as_secs_f64()),
        "Events were imported"
    );
    Ok(imported)
}

async fn fill(load: &BulkLoad<'_>, lines: impl BufRead) -> anyhow::Result<Imported> {
    load.lock_events_against_writers().await?;
    // Into an empty board there may be a million to come, and nobody misses the indexes meanwhile.
    let mut indexes = Vec::new();
    if load.last_event_id().await? == 0 {
        indexes = load.secondary_indexes().await?;
    }
    for index in &indexes {
        load.drop_index(index).await?;
    }
    let mut imported = Imported::default();
    let mut events = Events::of(lines);
    loop {
        let batch: Vec<(u64, Event)> = events.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            break;
        }
        let size = batch.len() as u64;
        let new = unknown(load, batch).await?;
        load.copy_events_with_ids(&new).await?;
        imported.added += new.len() as u64;
        imported.known += size - new.len() as u64;
    }
    for index in &indexes {
        load.create_index(index).await?;
    }
    if imported.added > 0 {
        load.advance_event_id_sequence().await?;
    }
    Ok(imported)
}

/// Those of the events, each with its line, that are not here yet.
async fn unknown(load: &BulkLoad<'_>, batch: Vec<(u64, Event)>) -> anyhow::Result<Vec<Event>> {
    let ids: Vec<_> = batch.iter().map(|(_, event)| event.id).collect();
    let uids: Vec<_> = batch.iter().map(|(_, event)| event.uid).collect();
    let known = load.existing_events(&ids, &uids).await?;
    let mut by_id: HashMap<_, _> = known.iter().copied().collect();
    let mut by_uid: HashMap<_, _> = known.iter().map(|(id, uid)| (*uid, *id)).collect();
    let mut new = Vec::new();
    for (line, event) in batch {
        let (id, uid) = (event.id, event.uid);
        if by_id.get(&id).is_some_and(|here| *here != uid) {
            bail!("line {line}: another event has the id {id} here");
        }
        if by_uid.get(&uid).is_some_and(|here| *here != id) {
            bail!("line {line}: another event has the uid {uid} here");
        }
        if by_id.insert(id, uid).is_none() {
            by_uid.insert(uid, id);
            new.push(event);
        }
    }
    Ok(new)
}

/// The events of an export, each with the number of its line.
struct Events<R> {
    lines: R,
    line: u64,
}

impl<R: BufRead> Events<R> {
    fn of(lines: R) -> Self {
        Self { lines, line: 0 }
    }

    /// The next line with something in it; empty at the end.
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
