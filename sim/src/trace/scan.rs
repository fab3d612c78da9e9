//! The bytes of a file, looked at as they come, before anything is kept of them: whether this can be a trace, and one
//! that takes no more memory than a trace should.
//!
//! It knows of JSON only where strings, lists and objects begin and end. What it lets pass may still be no trace.

use super::{FORMAT, VERSION};

/// How deep lists and objects may be nested. A trace has six levels.
const DEEPEST: usize = 16;

/// The most bytes that a string may take in the file.
pub(super) const LONGEST_STRING: u64 = 1024 * 1024;

/// So many entries may be in the lists of any file...
const FREE_ENTRIES: u64 = 50_000;

/// ...and one more for so many bytes of it. An entry may take 56 bytes of memory, however short it is.
const BYTES_PER_ENTRY: u64 = 8;

/// The most bytes of a key, or of the value of one, that are looked at.
const LONGEST_WORD: usize = 64;

/// The keys of a trace.
const KEYS: [&str; 15] = [
    "actors",
    "checker",
    "explanation",
    "fingerprint",
    "format",
    "needs_weak_memory",
    "notes",
    "preemptions",
    "scenario",
    "start",
    "steps",
    "variant",
    "version",
    "violation",
    "waiting",
];

/// What has been seen of a file.
#[derive(Default)]
pub(super) struct Scan {
    bytes: u64,
    /// The entries of all lists, but for the last of each.
    entries: u64,
    depth: usize,
    /// For each level whether it is a list, the outermost in the lowest bit.
    lists: u32,
    /// The bytes of the string under way, if there is one.
    string: Option<u64>,
    is_escaped: bool,
    /// A key or a value of the outermost object, as far as it has been seen; a string without its quotes.
    word: Vec<u8>,
    /// The key whose value comes next.
    key: Option<&'static str>,
    has_format: bool,
    has_version: bool,
    is_closed: bool,
}

/// Why it is not a trace, in words.
type Seen = Result<(), String>;

impl Scan {
    /// Looks at the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Seen {
        for &byte in bytes {
            self.bytes += 1;
            match self.string {
                Some(length) => self.within_string(byte, length)?,
                None => self.between_strings(byte)?,
            }
        }
        Ok(())
    }

    /// Says what is missing now that there are no more.
    pub(super) fn end(&self) -> Seen {
        match (self.is_closed, self.has_format, self.has_version) {
            (true, false, _) => Err(format!("no \"format\"; expected {FORMAT:?}")),
            (true, true, false) => Err(format!("no \"version\"; expected {VERSION}")),
            _ if self.bytes == 0 => {
                Err("the file is empty; expected a trace written by logon-check".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn within_string(&mut self, byte: u8, length: u64) -> Seen {
        if length >= LONGEST_STRING {
            return Err(format!(
                "byte {}: a string of more than {LONGEST_STRING} bytes; expected a trace written by logon-check",
                self.bytes
            ));
        }
        if byte == b'"' && !self.is_escaped {
            self.string = None;
            return Ok(());
        }
        self.is_escaped = byte == b'\\' && !self.is_escaped;
        self.string = Some(length + 1);
        self.note(byte);
        Ok(())
    }

    fn between_strings(&mut self, byte: u8) -> Seen {
        if byte.is_ascii_whitespace() {
            return Ok(());
        }
        if self.depth == 0 && !self.is_closed && byte != b'{' {
            return Err(format!(
                "it does not begin with {{, so it is not a JSON object; expected a trace in UTF-8, of format {FORMAT:?}"
            ));
        }
        match byte {
            b'"' => {
                self.string = Some(0);
                self.is_escaped = false;
                self.note(b'"');
            }
            b'{' | b'[' => self.open(byte == b'[')?,
            b'}' | b']' => {
                self.end_of_value()?;
                self.depth = self.depth.saturating_sub(1);
                self.is_closed |= self.depth == 0;
            }
            b':' => self.end_of_key()?,
            b',' => {
                self.end_of_value()?;
                self.entries += u64::from(self.is_in_list());
                let most = FREE_ENTRIES + self.bytes / BYTES_PER_ENTRY;
                if self.entries > most {
                    return Err(format!(
                        "its lists have {} entries in the first {} bytes; expected at most {FREE_ENTRIES}, and one more \
                         for each {BYTES_PER_ENTRY} bytes",
                        self.entries, self.bytes
                    ));
                }
            }
            _ => self.note(byte),
        }
        Ok(())
    }

    fn open(&mut self, is_list: bool) -> Seen {
        if self.depth == DEEPEST {
            return Err(format!(
                "byte {}: more than {DEEPEST} lists and objects in each other; expected a trace written by logon-check",
                self.bytes
            ));
        }
        let level = 1 << self.depth;
        self.lists = if is_list {
            self.lists | level
        } else {
            self.lists & !level
        };
        self.depth += 1;
        Ok(())
    }

    fn is_in_list(&self) -> bool {
        self.depth > 0 && self.lists & (1 << (self.depth - 1)) != 0
    }

    /// Keeps a byte of a word of the outermost object.
    fn note(&mut self, byte: u8) {
        if self.depth == 1 && self.word.len() <= LONGEST_WORD {
            self.word.push(byte);
        }
    }

    fn end_of_key(&mut self) -> Seen {
        if self.depth != 1 || self.is_in_list() {
            return Ok(());
        }
        let word = std::mem::take(&mut self.word);
        let word = String::from_utf8_lossy(&word);
        let name = word.trim_start_matches('"');
        self.key = KEYS.into_iter().find(|key| *key == name);
        match self.key {
            Some(_) => Ok(()),
            None => Err(format!(
                "{:?} is no key of a trace of version {VERSION}; if another version of this program wrote the file, use \
                 that one",
                name
            )),
        }
    }

    fn end_of_value(&mut self) -> Seen {
        if self.depth != 1 {
            return Ok(());
        }
        let word = std::mem::take(&mut self.word);
        let word = String::from_utf8_lossy(&word);
        match self.key.take() {
            Some("format") => {
                self.has_format = true;
                let is_text = word.starts_with('"');
                match word.trim_start_matches('"') {
                    FORMAT if is_text => Ok(()),
                    other => Err(format!("the format is {other:?}; expected {FORMAT:?}")),
                }
            }
            Some("version") => {
                self.has_version = true;
                match word.parse::<u64>() {
                    Ok(version) if version == u64::from(VERSION) => Ok(()),
                    _ => Err(format!(
                        "version {word} of the format; this program reads version {VERSION}, so use the one that wrote \
                         the file"
                    )),
                }
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a file that comes byte by byte, and after how many bytes.
    fn seen(text: &[u8]) -> (usize, Seen) {
        let mut scan = Scan::default();
        for (at, &byte) in text.iter().enumerate() {
            if let Err(what) = scan.feed(&[byte]) {
                return (at + 1, Err(what));
            }
        }
        (text.len(), scan.end())
    }

    #[track_caller]
    fn refused(text: &[u8], within: usize, part: &str) {
        let (after, seen) = seen(text);
        let what = seen.expect_err(part);
        assert!(what.contains(part), "{what}");
        assert!(after <= within, "only after {after} bytes: {what}");
    }

    #[test]
    fn what_is_not_ours_is_refused_by_its_beginning() {
        refused(b"", 0, "empty");
        refused(&[0; 64], 1, "does not begin with {");
        refused(b"\xff\xfe{\0", 1, "does not begin with {");
        refused(b"\xef\xbb\xbf{}", 1, "does not begin with {");
        refused(b"  [1, 2, 3]", 3, "does not begin with {");
        refused(b"{\"x\":[1, 2, 3]}", 5, "\"x\" is no key");
        refused(
            b"{\"format\": \"something\", \"a\": 1}",
            23,
            "the format is \"something\"",
        );
        refused(b"{\"format\": 3, \"a\": 1}", 13, "the format is \"3\"");
        let ours = "{\"format\": \"logon-check/trace\", \"version\": ";
        refused(format!("{ours}5, \"x\": 1}}").as_bytes(), 47, "version 5");
        refused(
            format!("{ours}1e999, \"x\": 1}}").as_bytes(),
            51,
            "version 1e999",
        );
        refused(
            format!("{ours}4, \"x\": [{{}}]}}").as_bytes(),
            51,
            "\"x\" is no key",
        );
        refused(b"{\"variant\": \"x\"}", 16, "no \"format\"");
        refused(b"{\"format\": \"logon-check/trace\"}", 32, "no \"version\"");
    }

    #[test]
    fn lists_in_lists_long_strings_and_crowds_of_short_ones_are_refused_where_they_are_too_many() {
        let deep = format!("{{\"steps\": {}", "[".repeat(1_000_000));
        refused(deep.as_bytes(), 10 + DEEPEST, "in each other");
        let long = format!("{{\"variant\": \"{}", "x".repeat(2 * 1024 * 1024));
        refused(long.as_bytes(), 1024 * 1024 + 20, "a string of more than");
        let crowd = format!("{{\"actors\": [{}", "\"a\",".repeat(1_000_000));
        refused(crowd.as_bytes(), 500_000, "entries");
        let pairs = format!(
            "{{\"explanation\": {{\"pairs\": [{}",
            "[1,2],".repeat(1_000_000)
        );
        refused(pairs.as_bytes(), 500_000, "entries");
    }

    #[test]
    fn quotes_and_brackets_within_strings_are_no_structure() {
        let text = r#"{"variant": "a\"],}{[\\", "format": "logon-check/trace", "checker": "{\"x\":1,", "version": 4}"#;
        assert_eq!(seen(text.as_bytes()), (text.len(), Ok(())));
    }
}
