//! `GET /api/events/export`: every event, a line of JSON each (NDJSON), without tokens.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use http::{HeaderValue, header};
use shared::{
    error::Error,
    event::Event,
    extract::Query,
    store::{self, Db},
};

/// Events fetched at once: enough to keep a fast reader busy, little enough to keep in memory for a slow one.
const BATCH: i64 = 500;

/// Answers events by id, after the one named. Between batches no connection is held, so a slow reader costs nothing.
pub(crate) async fn export(State(db): State<Db>, query: Query) -> Result<Response, Error> {
    let after = match query.get(&["after"]) {
        None => 0,
        Some(text) => text
            .trim()
            .parse::<i64>()
            .map_err(|_| Error::BadParameter {
                name: "after",
                allowed: "after",
            })?,
    };
    // The first batch is fetched before the answer begins, so that a database that is away is a 503.
    let first = store::events_after(&db, after, BATCH).await?;
    let batches = stream::try_unfold(Some(first), move |batch| {
        let db = db.clone();
        async move {
            let Some(last) = batch
                .as_ref()
                .and_then(|batch| batch.last())
                .map(|event| event.id)
            else {
                return Ok::<_, store::StoreError>(None);
            };
            let lines = lines(&batch.unwrap_or_default());
            Ok(Some((
                lines,
                Some(store::events_after(&db, last, BATCH).await?),
            )))
        }
    });
    let media_type = HeaderValue::from_static("application/x-ndjson");
    Ok((
        [(header::CONTENT_TYPE, media_type)],
        Body::from_stream(batches),
    )
        .into_response())
}

fn lines(events: &[Event]) -> Vec<u8> {
    let mut lines = Vec::new();
    for event in events {
        // An event has no map with strange keys: it always serialises.
        if serde_json::to_writer(&mut lines, &event.to_json(None)).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}
