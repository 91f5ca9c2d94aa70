//! HTML escaping.

/// Escapes the characters with a special meaning in HTML text and in quoted attribute values. All attributes in the
/// templates are quoted.
pub(crate) fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut copied = 0;
    for (index, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        escaped.push_str(&text[copied..index]);
        escaped.push_str(entity);
        copied = index + 1;
    }
    escaped.push_str(&text[copied..]);
    escaped
}
