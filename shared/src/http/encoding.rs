//! Content codings (RFC 9110 §8.4): which one a client likes, and Brotli for what is whole.

use brotli::enc::{BrotliCompress, BrotliEncoderParams};
use bytes::Bytes;
use http::{HeaderMap, header};

/// Smaller than the best ratio by a few per cent, and ten times faster (research: brotli 5 and gzip 6 on our pages).
pub(crate) const QUALITY: i32 = 5;
/// How far back Brotli looks, as a power of two in bytes: more than a page has, and less memory than it takes by itself, by
/// megabytes for each page that is made at a moment.
const WINDOW: i32 = 18;
/// Shorter ones would hardly become shorter, in bytes.
const BYTES_MIN: usize = 32;

/// The content coding that the client likes best of those the board has (RFC 9110 §12.5.3); Brotli where it does not care.
#[must_use]
pub fn preferred_encoding(headers: &HeaderMap) -> &'static str {
    let mut best = ("", 0.0);
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    for accepted in accepted.filter_map(|value| value.to_str().ok()) {
        for wish in accepted.split(',') {
            let (name, parameters) = wish.split_once(';').unwrap_or((wish, ""));
            let quality = match parameters.trim().split_once('=') {
                Some((name, quality)) if name.eq_ignore_ascii_case("q") => {
                    quality.trim().parse().unwrap_or(0.0)
                }
                _ => 1.0,
            };
            let coding = match name.trim().to_ascii_lowercase().as_str() {
                "br" => "br",
                "gzip" | "x-gzip" => "gzip",
                _ => continue,
            };
            if quality > best.1 || quality == best.1 && quality > 0.0 && coding == "br" {
                best = (coding, quality);
            }
        }
    }
    best.0
}

/// These bytes in Brotli (RFC 7932), if they are worth it and of a type that is not compressed by itself.
pub(crate) fn brotli(bytes: &Bytes, headers: &HeaderMap) -> Option<Bytes> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let is_picture = media_type.starts_with("image/") && media_type != "image/svg+xml";
    if is_picture || bytes.len() < BYTES_MIN {
        return None;
    }
    let params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    BrotliCompress(&mut bytes.as_ref(), &mut compressed, &params).ok()?;
    // It may be kept for long.
    compressed.shrink_to_fit();
    Some(compressed.into())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_client_chooses_the_coding() {
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
