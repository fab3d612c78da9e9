//! What is wrong with a scenario, where it stands, and the way out.

use std::fmt;
use std::ops::Range;

/// Which kind of thing is wrong: for callers and tests that must tell errors apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The file is missing, a folder, empty, too large, or not UTF-8.
    Unreadable,
    /// The text is not TOML.
    Syntax,
    /// A key that the format does not have.
    UnknownKey,
    /// A required key is absent.
    MissingKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A word, where the format lists the words that may stand there.
    UnknownWord,
    /// A number or a length outside its range.
    OutOfRange,
    /// A name with a forbidden character or of a forbidden length.
    BadName,
    /// Two actors of one name.
    DuplicateName,
    /// A reference to an actor, a user or a preset that does not exist.
    UnknownName,
    /// An operation that cannot happen at its place of the script.
    ImpossibleScript,
    /// Two settings that contradict each other.
    Contradiction,
    /// A key or a word that acts in no order of events.
    NeverActs,
    /// An override that this scenario cannot take.
    Override,
    /// More actors than the chosen checker holds.
    TooManyActors,
}

/// A place in a document. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Why a document is refused: `origin:line:column: what is wrong; what was expected`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    kind: ErrorKind,
    origin: String,
    position: Option<Position>,
    message: String,
}

impl ScenarioError {
    /// An error that concerns no particular line.
    pub(super) fn new(kind: ErrorKind, origin: &str, message: String) -> Self {
        let origin = origin
            .chars()
            .flat_map(|c| {
                if c.is_control() {
                    c.escape_default().collect()
                } else {
                    vec![c]
                }
            })
            .collect();
        Self {
            kind,
            origin,
            position: None,
            message,
        }
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it stands, when it stands in a text.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The sentence, without origin and position.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.origin)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for ScenarioError {}

/// Where a document came from; turns spans into positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    origin: &'a str,
    text: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// A document that was read from a text.
    pub(super) fn written(origin: &'a str, text: &'a str) -> Self {
        Self {
            origin,
            text: Some(text),
        }
    }

    /// A document that was built, so that no line can be named.
    pub(super) fn unwritten(origin: &'a str) -> Self {
        Self { origin, text: None }
    }

    /// The line of the text in which this offset is.
    pub(super) fn line(&self, offset: usize) -> &'a str {
        let text = self.text.unwrap_or_default();
        let offset = text.floor_char_boundary(offset);
        let (before, after) = text.split_at(offset);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = after.find('\n').map_or(text.len(), |end| offset + end);
        &text[start..end]
    }

    /// An error at a place of the text.
    pub(super) fn error(
        &self,
        kind: ErrorKind,
        span: Range<usize>,
        message: String,
    ) -> ScenarioError {
        let mut error = ScenarioError::new(kind, self.origin, message);
        error.position = self.text.map(|text| position(text, span.start));
        error
    }
}

/// The position of a byte offset. An offset past the end names the end.
fn position(text: &str, offset: usize) -> Position {
    let before = text
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= offset)
        .map(|(_, c)| c)
        .skip_while(|c| *c == '\u{feff}');
    let mut position = Position { line: 1, column: 1 };
    for character in before {
        if character == '\n' {
            position = Position {
                line: position.line + 1,
                column: 1,
            };
        } else {
            position.column += 1;
        }
    }
    position
}

/// The text in quotes on one line, shortened when it is long.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// The text on one line, at most sixty characters of it.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// The names in quotes, separated by commas.
pub(super) fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    const MOST: usize = 20;
    let mut all: Vec<String> = names
        .into_iter()
        .map(|name| quoted(name.as_ref()))
        .collect();
    if all.len() > MOST {
        all.truncate(MOST);
        all.push("…".to_owned());
    }
    all.join(", ")
}

/// `; did you mean "…"?` when one of the names is close to what was written.
pub(super) fn suggestion<S: AsRef<str>>(
    written: &str,
    names: impl IntoIterator<Item = S>,
) -> String {
    const CLOSE: f64 = 0.75;
    const LONGEST: usize = 100;
    if written.len() > LONGEST {
        return String::new();
    }
    let lower = written.to_lowercase();
    let mut best: Option<(f64, String)> = None;
    for name in names {
        let name = name.as_ref();
        let close = strsim::jaro_winkler(&lower, &name.to_lowercase());
        if close >= CLOSE && best.as_ref().is_none_or(|(nearest, _)| close > *nearest) {
            best = Some((close, name.to_owned()));
        }
    }
    best.map_or_else(String::new, |(_, name)| {
        format!("; did you mean {}?", quoted(&name))
    })
}
