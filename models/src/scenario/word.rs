//! Words: values of a document that come from a fixed list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

/// A value that is written as one of a fixed list of words.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// The values with their words.
    const VALUES: &'static [(Self, &'static str)];
    /// The words alone, for errors.
    const WORDS: &'static [&'static str];
}

/// Reads a word. Serde's own reading of enumerations would not say which words there are when
/// something other than a text is found.
pub(super) fn read<'de, W: Word, D: Deserializer<'de>>(deserializer: D) -> Result<W, D::Error> {
    deserializer.deserialize_any(WordVisitor(PhantomData))
}

struct WordVisitor<W>(PhantomData<W>);

impl<W: Word> Visitor<'_> for WordVisitor<W> {
    type Value = W;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of")?;
        for (position, word) in W::WORDS.iter().enumerate() {
            write!(f, "{} \"{word}\"", if position == 0 { "" } else { "," })?;
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<W, E> {
        let found = W::VALUES.iter().find(|(_, word)| *word == text);
        found
            .map(|(value, _)| *value)
            .ok_or_else(|| E::unknown_variant(text, W::WORDS))
    }
}

/// Lists the words of a type and lets documents use them.
macro_rules! words {
    ($type:ty { $($value:ident = $word:literal,)* }) => {
        impl crate::scenario::word::Word for $type {
            const VALUES: &'static [(Self, &'static str)] = &[$((Self::$value, $word)),*];
            const WORDS: &'static [&'static str] = &[$($word),*];
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                crate::scenario::word::read(deserializer)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(match self { $(Self::$value => $word),* })
            }
        }
    };
}
pub(super) use words;
