//! What the prover can say: every sentence in its source, so that none is forgotten.

use std::sync::LazyLock;

/// A sentence as it stands in the source, with braces where something is put in.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Sentence {
    /// The text.
    pub(crate) text: &'static str,
    /// What is said before it.
    before: &'static str,
}

const NO_LONGER_TRUE: &str = "no longer true: ";

/// The files in which something is said to be unproved, and what is said before each of their sentences.
const SOURCES: &[(&str, &str)] = &[
    (include_str!("../../../../models/src/proof/account.rs"), ""),
    (include_str!("../../../../models/src/proof/extract.rs"), ""),
    (
        include_str!("../../../../models/src/proof/invariant.rs"),
        NO_LONGER_TRUE,
    ),
    (
        include_str!("../../../../models/src/proof/obligations.rs"),
        "",
    ),
    (include_str!("../../../../models/src/proof/parties.rs"), ""),
    (include_str!("../../../../models/src/proof/prove.rs"), ""),
    (include_str!("../../../../models/src/proof/shape.rs"), ""),
    (include_str!("../../../../models/src/proof/step.rs"), ""),
    (include_str!("../../../../models/src/proof/told.rs"), ""),
    (
        include_str!("../../../../models/src/proof/told/afterwards.rs"),
        "",
    ),
    (
        include_str!("../../../../models/src/proof/told/logons.rs"),
        "",
    ),
    (
        include_str!("../../../../models/src/proof/told/sessions.rs"),
        "",
    ),
    (
        include_str!("../../../../models/src/proof/obligations/rest.rs"),
        "",
    ),
    (
        include_str!("../../../../models/src/proof/step/hand_out.rs"),
        "",
    ),
];

/// Texts of several words that are no such sentences.
const OTHERS: &[&str] = &[
    "its parties come to stand in more than {MOST_TYPES} different ways",
    "a section touches more than {MOST_SHOWN} other parties",
    "a section asks for two sessions that the actor remembers",
    "no longer true: {}",
    " (a certificate was rejected: {rejected})",
    " (the search gave up: {why})",
    "sections that might follow each other for ever (the search gave up: {why})",
];

/// How many words a text has at least that is a sentence.
const FEWEST_WORDS: usize = 4;

/// All sentences.
pub(crate) fn all() -> &'static [Sentence] {
    static ALL: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
        let texts = SOURCES.iter().flat_map(|(source, before)| {
            let texts = texts(source);
            texts.map(move |text| Sentence { text, before })
        });
        let mut sentences: Vec<Sentence> = texts
            .filter(|sentence| sentence.text.split_whitespace().count() >= FEWEST_WORDS)
            .filter(|sentence| !OTHERS.contains(&sentence.text))
            .collect();
        sentences.sort();
        sentences.dedup();
        sentences
    });
    &ALL
}

/// The texts between quotation marks, outside of comments. None has a quotation mark in itself.
fn texts(source: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2))
}

/// The sentence of which this is one.
///
/// # Panics
///
/// When there is none or more than one.
pub(crate) fn of(what: &str) -> &'static Sentence {
    let fitting: Vec<&Sentence> = all()
        .iter()
        .filter(|sentence| sentence.fits(what))
        .collect();
    let [sentence] = fitting[..] else {
        panic!("\"{what}\" is one of {fitting:?}");
    };
    sentence
}

impl Sentence {
    /// Whether this is what is said, with something put in for the braces.
    fn fits(&self, what: &str) -> bool {
        let Some(mut rest) = what.strip_prefix(self.before) else {
            return false;
        };
        let pieces = self.text.split(['{', '}']).step_by(2);
        for (place, piece) in pieces.clone().enumerate() {
            let found = match place {
                0 => rest.starts_with(piece).then_some(0),
                _ => rest.find(piece),
            };
            let Some(start) = found else { return false };
            rest = &rest[start + piece.len()..];
        }
        rest.is_empty() || self.text.ends_with('}')
    }
}
