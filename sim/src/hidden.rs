//! Characters that steer a terminal, turn the direction of writing, are drawn as nothing or as whatever a font likes: no
//! text that is shown has one from a file or an argument.

/// Controls, separators of lines, controls of direction, characters that are drawn as nothing, and what is no character
/// of Unicode's or is one by private agreement alone.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_no_character(c)
        || is_private(c)
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Unicode keeps these for programs: no text has them.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// What these mean, and what they look like, a font decides.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// A JSON document in which each such character of a string is written by its number: the same value, whether it is
/// read by a program or shown in a terminal.
#[must_use]
pub fn visible_json(json: String) -> String {
    // Outside of strings a document has no other of them than what separates its parts.
    let is_plain = |c: char| matches!(c, '\n' | '\t' | '\r') || !is_hidden(c);
    if json.chars().all(is_plain) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    let mut units = [0; 2];
    for c in json.chars() {
        if is_plain(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_keeps_its_value_and_hides_nothing() {
        let hidden = "a\u{9b}31m \u{202e}gnp \u{200b} \u{e0041} \u{7f} \u{2066} \u{feff} \u{ad} \u{2028} \u{fe0f}\n\u{1b}é";
        let text = serde_json::to_string_pretty(&[hidden]).expect("plain data");
        let shown = visible_json(text);
        assert!(
            !shown.contains(|c: char| c != '\n' && is_hidden(c)),
            "{shown}"
        );
        assert!(
            shown.contains("\\udb40\\udc41") && shown.contains('é'),
            "{shown}"
        );
        let back: Vec<String> = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(back, [hidden]);
    }

    #[test]
    fn what_is_private_or_no_character_is_hidden_and_its_neighbors_are_not() {
        let hidden = [
            0xe000, 0xf8ff, 0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1_fffe, 0xa_ffff, 0xf_0000, 0xf_fffd,
            0xf_ffff, 0x10_0000, 0x10_fffd, 0x10_ffff,
        ];
        // A letter, a compatibility ideograph, letters of Arabic, the sign that replaces, and an ideograph.
        let shown = [0xd7a3, 0xf900, 0xfdcf, 0xfdf0, 0xfffd, 0x1_fffd, 0x2_0000];
        let is_hidden = |code| is_hidden(char::from_u32(code).expect("no surrogate"));
        for code in hidden {
            assert!(is_hidden(code), "{code:x}");
        }
        for code in shown {
            assert!(!is_hidden(code), "{code:x}");
        }
    }

    #[test]
    fn what_hides_nothing_is_left_as_it_is() {
        let text = "{\n  \"a\": \"会話 → …\"\n}\n".to_owned();
        assert_eq!(visible_json(text.clone()), text);
    }
}
