//! Text put into a page so that it stays text.

/// Clean text as HTML shows it literally, between tags and in a quoted attribute.
pub(in crate::render) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A JSON document as it may stand in a `script` element of type `application/json`: the same value, in printable
/// ASCII and newlines alone, without a character that could end the element, begin a comment or a reference, turn
/// the direction of writing, or hide.
pub(super) fn embedded(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{7f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ if c.is_ascii() => out.push(c),
            // Outside ASCII a JSON document has characters in strings only, and there this means the same.
            _ => {
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

/// One part of a path, as part of a relative address.
pub(in crate::render) fn address(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' | b'.' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
