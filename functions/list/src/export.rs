//! `GET /api/events/export`: every event, a line of JSON each (NDJSON), without tokens.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream};
use http::{HeaderValue, header};
use shared::{
    config::Settings,
    domain::Event,
    formats::export_line,
    http::Error,
    http::Query,
    store::{self, Db, StoreError},
};

/// Events fetched at once: enough to keep a fast reader busy, little enough to keep in memory for a slow one.
const BATCH: i64 = 500;

/// Answers events by id, after the one named. Between batches no connection is held, so a slow reader costs nothing.
/// Where an answer may only be so large, it ends early, and its `Link` says where the rest is.
pub(crate) async fn export(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    query: Query,
) -> Result<Response, Error> {
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
    let media_type = HeaderValue::from_static("application/x-ndjson");
    let media_type = [(header::CONTENT_TYPE, media_type)];
    // The first batch is fetched before the answer begins, so that a database that is away is a 503.
    let first = store::events_after(&db, after, BATCH).await?;
    let Some(bytes_max) = settings.answer_bytes_max else {
        return Ok((media_type, Body::from_stream(batches(db, first))).into_response());
    };

    let part = part(&db, first, bytes_max).await?;
    let body = Body::from_stream(stream::iter([Ok::<_, Infallible>(part.lines)]));
    Ok(match part.next {
        None => (media_type, body).into_response(),
        Some(id) => {
            let link = format!("</api/events/export?after={id}>; rel=\"next\"");
            (media_type, [(header::LINK, link)], body).into_response()
        }
    })
}

fn batches(db: Db, first: Vec<Event>) -> impl Stream<Item = Result<Vec<u8>, StoreError>> {
    stream::try_unfold(first, move |batch| {
        let db = db.clone();
        async move {
            let Some(last) = batch.last() else {
                return Ok(None);
            };
            let next = store::events_after(&db, last.id, BATCH).await?;
            Ok(Some((batch.iter().flat_map(export_line).collect(), next)))
        }
    })
}

/// As many lines as may be sent at once, and the last of them where there are more.
struct Part {
    lines: Vec<u8>,
    next: Option<i64>,
}

async fn part(db: &Db, mut batch: Vec<Event>, bytes_max: usize) -> Result<Part, StoreError> {
    let (mut lines, mut last) = (Vec::new(), None);
    while !batch.is_empty() {
        for event in &batch {
            let line = export_line(event);
            if lines.len() + line.len() > bytes_max {
                return Ok(Part { lines, next: last });
            }
            lines.extend(line);
            last = Some(event.id);
        }
        batch = store::events_after(db, last.unwrap_or_default(), BATCH).await?;
    }
    Ok(Part { lines, next: None })
}
