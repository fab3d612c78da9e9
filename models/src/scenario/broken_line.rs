//! What the server does when a line breaks.

use schemars::JsonSchema;

use super::word::words;

/// What becomes of a logged-on session whose line breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum OnBrokenLine {
    /// It stays, disconnected.
    #[default]
    Disconnect,
    /// It ends.
    Reset,
}

words! {
    OnBrokenLine {
        Disconnect = "disconnect",
        Reset = "reset",
    }
}
