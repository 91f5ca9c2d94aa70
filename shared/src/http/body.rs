//! Reading request bodies, within limits of size and time, and their media type.

use std::time::Duration;

use axum::{body::Body, extract::Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use super::error::Error;

/// Maximum size of a request body, in bytes: several times the longest description in any encoding.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Maximum time for receiving a request body; less than the timeout of the whole request.
const BODY_TIMEOUT: Duration = Duration::from_secs(8);
/// Maximum number of bytes of a too large body that are read and dropped before the connection is closed, so that the
/// client can read the response.
const BODY_BYTES_DRAINED_MAX: usize = 4 * 1024 * 1024;

/// Returns the media type in `Content-Type` without parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// Reads the complete body of `request`.
///
/// # Errors
/// Returns [`Error::PayloadTooLarge`], [`Error::BodyTimeout`], or [`Error::IncompleteBody`] when the connection closes
/// before the end of the body.
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
