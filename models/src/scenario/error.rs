//! What is wrong with a scenario, where it stands, and the way out.

use std::fmt;

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
    /// Things take time in the scenario, and the checker has none.
    NeedsTime,
}

/// A place in a document. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One thing that is wrong: `origin:line:column: what is wrong; what was expected`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    kind: ErrorKind,
    origin: String,
    /// Its offset in the text in bytes, and what a reader sees there.
    place: Option<(usize, Place)>,
    message: String,
}

/// Where a mistake stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: Position,
    /// Two lines: the text, and a caret under each column that the mistake takes.
    pub(super) excerpt: String,
}

impl Mistake {
    /// A mistake that concerns no particular line.
    pub(crate) fn new(kind: ErrorKind, origin: &str, message: String) -> Self {
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
            place: None,
            message,
        }
    }

    /// The same mistake, at this offset of a text.
    pub(super) fn at(self, offset: usize, place: Place) -> Self {
        let place = Some((offset, place));
        Self { place, ..self }
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it stands, when it stands in a text.
    pub fn position(&self) -> Option<Position> {
        self.place.as_ref().map(|(_, place)| place.position)
    }

    /// The sentence, without origin and position.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line of the text in which it stands, and below it a caret under each column that is meant: two lines,
    /// without a newline at the end. A long line is cut, and characters that cannot be seen are shown as `\u{fffd}`.
    pub fn excerpt(&self) -> Option<&str> {
        self.place.as_ref().map(|(_, place)| &*place.excerpt)
    }

    /// Where it begins in the text, in bytes.
    pub(super) fn offset(&self) -> Option<usize> {
        self.place.as_ref().map(|(offset, _)| *offset)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.origin)?;
        if let Some(Position { line, column }) = self.position() {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

/// Why a document is refused: everything that is wrong with it, in its order.
///
/// Written out, it is each mistake with the line in which it stands, and then what could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    // Boxed, for every result of reading a scenario has room for it.
    first: Box<Mistake>,
    others: Vec<Mistake>,
    unseen: Option<&'static str>,
}

impl ScenarioError {
    /// A single mistake that concerns no particular line.
    pub(crate) fn new(kind: ErrorKind, origin: &str, message: String) -> Self {
        Mistake::new(kind, origin, message).into()
    }

    /// These mistakes, put in the order of the text, and what could not be looked at because of them; `None` if there
    /// is no mistake.
    pub(super) fn of(mut mistakes: Vec<Mistake>, unseen: Option<&'static str>) -> Option<Self> {
        mistakes.sort_by_key(Mistake::offset);
        let mut mistakes = mistakes.into_iter();
        Some(Self {
            first: Box::new(mistakes.next()?),
            others: mistakes.collect(),
            unseen,
        })
    }

    /// Everything that is wrong, at least one mistake, in the order of the text.
    pub fn mistakes(&self) -> impl Iterator<Item = &Mistake> {
        std::iter::once(&*self.first).chain(&self.others)
    }

    /// The kind of the first mistake.
    pub fn kind(&self) -> ErrorKind {
        self.first.kind()
    }

    /// Where the first mistake stands, when it stands in a text.
    pub fn position(&self) -> Option<Position> {
        self.first.position()
    }

    /// The sentence of the first mistake, without origin and position.
    pub fn message(&self) -> &str {
        self.first.message()
    }

    /// What could not be looked at because of these mistakes, as a sentence.
    pub fn unseen(&self) -> Option<&'static str> {
        self.unseen
    }
}

impl From<Mistake> for ScenarioError {
    fn from(first: Mistake) -> Self {
        Self {
            first: Box::new(first),
            others: Vec::new(),
            unseen: None,
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{mistake}")?;
            if let Some(excerpt) = mistake.excerpt() {
                write!(f, "\n{excerpt}")?;
            }
        }
        if let Some(unseen) = self.unseen {
            write!(f, "\n{unseen}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ScenarioError {}

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
