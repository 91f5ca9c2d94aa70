//! `GET /api/events/export`: all events as NDJSON, one JSON object a line, without edit tokens.

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
    query::QueryParams,
    routes::paths,
    store::{self, Db, StoreError},
};

/// Number of events per database query of the export: enough for a fast client, and few enough to hold in memory for
/// many slow ones.
const BATCH: i64 = 500;

/// Responds with the events whose ids are above the query parameter `after`, by id. No database connection is held
/// between batches, so slow clients occupy none. Where the size of responses is limited (on AWS Lambda), the response
/// ends early, and its header `Link` has the address of the rest.
pub(crate) async fn export(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    query: QueryParams,
) -> Result<Response, Error> {
    let after = after(&query)?;
    let media_type = HeaderValue::from_static("application/x-ndjson");
    let media_type = [(header::CONTENT_TYPE, media_type)];
    // Fetched before the response begins, so that an unavailable database is a 503.
    let first = store::events_after(&db, after, BATCH).await?;
    let Some(bytes_max) = settings.response_bytes_max else {
        return Ok((media_type, Body::from_stream(batches(db, first))).into_response());
    };

    let part = part(&db, first, bytes_max).await?;
    let body = Body::from_stream(stream::iter([Ok::<_, Infallible>(part.lines)]));
    Ok(match part.next {
        None => (media_type, body).into_response(),
        Some(id) => {
            let query = QueryParams::default().with("after", Some(&id.to_string()));
            let link = format!("<{}>; rel=\"next\"", query.append_to(paths::API_EXPORT));
            (media_type, [(header::LINK, link)], body).into_response()
        }
    })
}

/// Parses the query parameter `after`, the id to start after; 0 by default.
fn after(query: &QueryParams) -> Result<i64, Error> {
    let error = |_| Error::BadParameter {
        name: "after",
        allowed: "after",
    };
    let text = query.get(&["after"]).unwrap_or("0");
    text.trim().parse().map_err(error)
}

/// Streams `first` and the batches after it as NDJSON, fetching each batch when the client has read the previous one.
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

/// The NDJSON lines that fit into one response; `next` is the id of the last event if more events follow.
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
