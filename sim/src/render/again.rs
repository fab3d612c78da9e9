//! How a trace is run again: by the program if it knows the code, else from where that is known.

use super::plain::{Charset, clean};
use super::vocabulary::Vocabulary;
use crate::trace::Trace;

/// How a trace in a file is run again.
pub(super) enum Again {
    /// By this command and the name of the file, as a shell takes it.
    Command(String, String),
    /// Not by a command, which would be refused: how else, in words.
    Elsewhere(String),
}

impl Again {
    /// How `trace`, which is in `file`, is run again.
    pub(super) fn of(trace: &Trace, words: &dyn Vocabulary, file: &str, charset: Charset) -> Again {
        if let Some(why) = words.is_not_replayed(&trace.checker) {
            return Again::Elsewhere(why);
        }
        match words.replay(&trace.variant) {
            Some(command) => Again::Command(command, shell_word(&clean(file, charset))),
            None => Again::Elsewhere(words.elsewhere()),
        }
    }
}

/// A word that a shell takes as it stands.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
