//! Reads a document to its end although parts of it have the wrong form: a part that is wrong is told and taken out, and
//! the rest is read again.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnosis::{self, ACTORS};
use super::document::Document;
use super::error::{Mistake, ScenarioError};
use super::source::Source;

/// How many mistakes of form are told of one document.
const MOST: usize = 50;

/// The keys that a table must have, each with a value that is as good as any.
const REQUIRED: [(&str, &str); 6] = [
    ("name", "unnamed"),
    ("summary", "none"),
    ("source", "none"),
    ("script", "disable-logons"),
    ("cuts", "nobody"),
    ("expires", "nobody"),
];

/// What could be read of a document.
pub(super) struct Read {
    pub(super) document: Document,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) spoiled: Spoiled,
}

/// What was taken out of a document, so that nothing is told twice.
#[derive(Debug, Default)]
pub(super) struct Spoiled {
    /// The values of the keys in which something was wrong.
    values: Vec<Range<usize>>,
    /// The tables that lack a key for it.
    tables: Vec<Range<usize>>,
    /// The keys, with those of the tables that they are in: `client.name`.
    keys: Vec<String>,
}

impl Spoiled {
    /// Whether nothing is.
    pub(super) fn is_nothing(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a mistake that stands here may come from another one that was told.
    pub(super) fn covers(&self, span: &Range<usize>) -> bool {
        let within = |value: &Range<usize>| value.start <= span.start && span.end <= value.end;
        self.values.iter().any(within) || self.tables.contains(span)
    }

    /// Whether it may be unknown who the clients are.
    pub(super) fn has_clients(&self) -> bool {
        let naming = ["client", "client.name", "client.count", "client.user"];
        self.keys.iter().any(|key| naming.contains(&&**key))
    }

    /// Whether this key of the document stood in one of its tables.
    fn has_misplaced(&self, key: &str) -> bool {
        let mut keys = self.keys.iter().filter_map(|path| path.rsplit_once('.'));
        keys.any(|(_, last)| last == key)
    }
}

/// Reads the text, without asking whether it makes sense.
///
/// # Errors
///
/// The text is not TOML, or has too many mistakes, or one that cannot be told from the rest.
pub(super) fn read(source: &Source<'_>, text: &str) -> Result<Read, ScenarioError> {
    let mut root = DeTable::parse(text).map_err(|error| {
        // Whatever a reader of TOML finds behind its first error comes of that error more often than not.
        let unread = "The rest is looked at once this is TOML.";
        let first = vec![diagnosis::of_syntax(source, &error)];
        ScenarioError::of(first, Some(unread)).expect("it is one mistake")
    })?;
    let mut mistakes = Vec::new();
    let mut spoiled = Spoiled::default();
    loop {
        let error = match Document::deserialize(toml::Deserializer::from(root.clone())) {
            Ok(document) => {
                return Ok(Read {
                    document,
                    mistakes,
                    spoiled,
                });
            }
            Err(error) => error,
        };
        let missing = diagnosis::missing_key(error.message());
        if !missing.is_some_and(|key| spoiled.has_misplaced(key)) {
            mistakes.push(diagnosis::of_data(source, &error));
        }
        let wrong = Wrong {
            span: error.span().unwrap_or(0..0),
            missing,
        };
        if mistakes.len() >= MOST || !wrong.mend(&mut root, &mut spoiled) {
            let unread = "There may be more mistakes; they are looked for once these are mended.";
            return Err(ScenarioError::of(mistakes, Some(unread)).expect("one was just told"));
        }
    }
}

/// What is wrong with the form of a document.
struct Wrong<'a> {
    /// Where: a key, a value, or the table that lacks a key.
    span: Range<usize>,
    /// The key that is missing, if one is.
    missing: Option<&'a str>,
}

/// What was done about it.
enum Mended {
    /// An element was taken out of the array that is the value of a key.
    InArray,
    /// All there was to do.
    Whole,
}

impl Wrong<'_> {
    /// Takes it out; false if it is not found.
    fn mend(&self, root: &mut Spanned<DeTable<'_>>, spoiled: &mut Spoiled) -> bool {
        if self.in_table(root.get_mut(), "", None, spoiled).is_some() {
            return true;
        }
        // The document itself has no place of its own.
        self.missing
            .is_some_and(|key| add(root.get_mut(), key, self.span.clone(), "", spoiled))
    }

    fn in_table(
        &self,
        table: &mut DeTable<'_>,
        path: &str,
        span: Option<Range<usize>>,
        spoiled: &mut Spoiled,
    ) -> Option<Mended> {
        if span.as_ref() == Some(&self.span)
            && let Some(key) = self.missing
        {
            return add(table, key, self.span.clone(), path, spoiled).then_some(Mended::Whole);
        }
        let mut wrong = None;
        for (key, value) in table.iter_mut() {
            let inner = joined(path, key.as_ref());
            let place = value.span();
            if self.missing.is_none() && (key.span() == self.span || place == self.span) {
                if path.is_empty()
                    && ACTORS.contains(&&**key.as_ref())
                    && value.get_ref().is_table()
                {
                    put_in_array(value);
                    return Some(Mended::Whole);
                }
                wrong = Some((key.clone(), place, inner));
                break;
            }
            match self.in_value(value, &inner, spoiled) {
                Some(Mended::InArray) => {
                    spoiled.values.push(place);
                    spoiled.keys.push(inner);
                    return Some(Mended::Whole);
                }
                Some(Mended::Whole) => return Some(Mended::Whole),
                None => {}
            }
        }
        let (key, place, inner) = wrong?;
        table.remove(&key);
        spoiled.values.push(place);
        spoiled.tables.extend(span);
        spoiled.keys.push(inner);
        Some(Mended::Whole)
    }

    fn in_value(
        &self,
        value: &mut Spanned<DeValue<'_>>,
        path: &str,
        spoiled: &mut Spoiled,
    ) -> Option<Mended> {
        let span = value.span();
        match value.get_mut() {
            DeValue::Table(table) => self.in_table(table, path, Some(span), spoiled),
            DeValue::Array(array) => self.in_array(array, path, spoiled),
            _ => None,
        }
    }

    fn in_array(
        &self,
        array: &mut DeArray<'_>,
        path: &str,
        spoiled: &mut Spoiled,
    ) -> Option<Mended> {
        let mut elements = array.iter_mut();
        if let Some(mended) = elements.find_map(|element| self.in_value(element, path, spoiled)) {
            return Some(mended);
        }
        let wrong = array
            .iter()
            .position(|element| element.span() == self.span)?;
        let others = array
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != wrong);
        *array = others.map(|(_, element)| element.clone()).collect();
        Some(Mended::InArray)
    }
}

/// Gives a table a key that it lacks; false if no table must have it.
fn add(
    table: &mut DeTable<'_>,
    key: &str,
    span: Range<usize>,
    path: &str,
    spoiled: &mut Spoiled,
) -> bool {
    let Some((_, value)) = REQUIRED.iter().find(|(required, _)| *required == key) else {
        return false;
    };
    let mut value = Spanned::new(span.clone(), DeValue::String((*value).into()));
    if key == "script" {
        put_in_array(&mut value);
    }
    table.insert(Spanned::new(span.clone(), key.to_owned().into()), value);
    spoiled.tables.push(span);
    spoiled.keys.push(joined(path, key));
    true
}

/// The value as the one element of an array.
fn put_in_array(value: &mut Spanned<DeValue<'_>>) {
    let span = value.span();
    let element = std::mem::replace(value.get_mut(), DeValue::Boolean(false));
    let array = DeArray::from_iter([Spanned::new(span, element)]);
    *value.get_mut() = DeValue::Array(array);
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
