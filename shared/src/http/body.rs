//! Request bodies: their size, their time limit and their media type.

use std::time::Duration;

use axum::{body::Body, extract::Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use super::error::Error;

/// Maximum size of a body, in bytes: several times the longest description in any encoding.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Time limit for receiving a body; less than the timeout of the request.
const BODY_TIMEOUT: Duration = Duration::from_secs(8);
/// How many bytes of a larger body are read and dropped before the connection is closed, so that its client can read the
/// response.
const BODY_BYTES_DRAINED_MAX: usize = 4 * 1024 * 1024;

/// The media type in `Content-Type` without parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// The complete body.
///
/// # Errors
/// [`Error::PayloadTooLarge`], [`Error::BodyTimeout`], or [`Error::IncompleteBody`] when the connection closes before its end.
pub(super) async fn read_body(request: Request) -> Result<Bytes, Error> {
    tokio::time::timeout(BODY_TIMEOUT, collect(request.into_body()))
        .await
        .map_err(|_| Error::BodyTimeout)?
}

async fn collect(mut body: Body) -> Result<Bytes, Error> {
    let (mut bytes, mut received) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Error::IncompleteBody)?.into_data() else {
            continue;
        };
        received += data.len();
        if received > BODY_BYTES_DRAINED_MAX {
            break;
        }
        if received <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&data);
        }
    }
    if received > BODY_BYTES_MAX {
        Err(Error::PayloadTooLarge)
    } else {
        Ok(bytes.freeze())
    }
}
