//! How a trace is run again: by the program if it knows the allocator, else from where that is known.

use super::plain::{Charset, clean};
use crate::program;
use crate::trace::Trace;

/// The command that runs the file behind it again.
pub(super) fn replay() -> String {
    format!("{} replay", program::command())
}

/// How a trace in a file is run again.
pub(super) enum Again {
    /// By [`replay`] and this word, as a shell takes it.
    Command(String),
    /// Not by a command, which would be refused: how else, in words.
    Elsewhere(&'static str),
}

impl Again {
    /// How `trace`, which is in `file`, is run again.
    pub(super) fn of(trace: &Trace, file: &str, charset: Charset) -> Again {
        if program::knows(&trace.variant) {
            return Again::Command(shell_word(&clean(file, charset)));
        }
        Again::Elsewhere(
            "the allocator is no variant of logon-check; a program that has it replays this trace with \
             logon_models::replay",
        )
    }
}

/// A word that a shell takes as it stands.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+:,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
