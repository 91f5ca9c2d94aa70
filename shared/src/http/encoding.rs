//! Content encodings (RFC 9110 §8.4): which one a client prefers, and Brotli for complete bodies.

use brotli::enc::{BrotliCompress, BrotliEncoderParams};
use bytes::Bytes;
use http::{HeaderMap, header};

/// Compression level of gzip and Brotli: within a few per cent of the best ratio at a tenth of its time (measured with
/// the site's pages: Brotli 5 and gzip 6).
pub(crate) const QUALITY: i32 = 5;
/// Size of Brotli's window, as a power of two in bytes: larger than any page, and megabytes smaller than the default
/// for each concurrent compression.
const WINDOW_BITS: i32 = 18;
/// Minimum size of a body that is compressed, in bytes: smaller bodies hardly become smaller.
const BODY_BYTES_MIN: usize = 32;

/// Returns the encoding that the client prefers among `br` and `gzip` (RFC 9110 §12.5.3): `br` if the client ranks both
/// equally, an empty string if it accepts neither.
#[must_use]
pub fn preferred_encoding(headers: &HeaderMap) -> &'static str {
    let mut best = ("", 0.0);
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    for accepted in accepted.filter_map(|value| value.to_str().ok()) {
        for item in accepted.split(',') {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let quality = match parameters.trim().split_once('=') {
                Some((name, quality)) if name.eq_ignore_ascii_case("q") => {
                    quality.trim().parse().unwrap_or(0.0)
                }
                _ => 1.0,
            };
            let encoding = match name.trim().to_ascii_lowercase().as_str() {
                "br" => "br",
                "gzip" | "x-gzip" => "gzip",
                _ => continue,
            };
            if quality > best.1 || quality == best.1 && quality > 0.0 && encoding == "br" {
                best = (encoding, quality);
            }
        }
    }
    best.0
}

/// Compresses `bytes` with Brotli (RFC 7932); returns `None` for short bodies and for images that are compressed
/// already.
pub(crate) fn brotli(bytes: &Bytes, headers: &HeaderMap) -> Option<Bytes> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let is_compressed = media_type.starts_with("image/") && media_type != "image/svg+xml";
    if is_compressed || bytes.len() < BODY_BYTES_MIN {
        return None;
    }
    let params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW_BITS,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    BrotliCompress(&mut bytes.as_ref(), &mut compressed, &params).ok()?;
    // The page cache may store it.
    compressed.shrink_to_fit();
    Some(compressed.into())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_client_chooses_the_encoding() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("br;q=0, gzip;q=0", ""),
            ("br;Q=0, gzip", "gzip"),
            ("identity", ""),
            ("GZIP", "gzip"),
            ("*", ""),
            ("br;q=high", ""),
            ("", ""),
        ] {
            let headers = HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(accepted),
            )]);
            assert_eq!(preferred_encoding(&headers), expected, "{accepted}");
        }
    }
}
