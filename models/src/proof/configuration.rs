//! The four kinds of settings that are proved one by one.

use logon_core::OnBrokenLine;

/// The settings that are no quantities.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Configuration {
    /// Whether there is a maximum of connections.
    pub has_maximum: bool,
    /// What becomes of a session whose line breaks.
    pub on_broken_line: OnBrokenLine,
}

impl Configuration {
    /// All four.
    pub const ALL: [Configuration; 4] = {
        const fn of(has_maximum: bool, on_broken_line: OnBrokenLine) -> Configuration {
            Configuration {
                has_maximum,
                on_broken_line,
            }
        }
        [
            of(true, OnBrokenLine::Disconnect),
            of(true, OnBrokenLine::Reset),
            of(false, OnBrokenLine::Disconnect),
            of(false, OnBrokenLine::Reset),
        ]
    };
}

impl Configuration {
    /// What becomes of the session of a client whose line breaks, in a word.
    pub fn on_broken_line(self) -> &'static str {
        match self.on_broken_line {
            OnBrokenLine::Disconnect => "disconnect",
            OnBrokenLine::Reset => "reset",
        }
    }

    /// Its name: whether there is a maximum, and what becomes of a broken line.
    pub fn name(self) -> String {
        let maximum = if self.has_maximum {
            "any maximum"
        } else {
            "no maximum"
        };
        format!("{maximum}, {}", self.on_broken_line())
    }
}
