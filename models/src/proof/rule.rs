//! Rules: what a section does to the bundles of those who take part, and under which conditions.

use std::fmt;

use super::arithmetic::linear::{Form, Variable};
use super::fed::Kind;

/// A property that is broken, and what is wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Broken {
    /// The property's number.
    pub(super) property: &'static str,
    /// What is wrong, in a sentence without its full stop.
    pub(super) what: String,
}

impl Broken {
    /// A property that is broken.
    pub(super) fn new(property: &'static str, what: impl Into<String>) -> Broken {
        Broken {
            property,
            what: what.into(),
        }
    }
}

/// What has to be shown of a rule besides that it keeps the invariant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Duty {
    /// A logon is admitted: there is room for it.
    Room,
    /// A logon is refused with event 71: there is none.
    Full,
    /// A logon is served that was not the first in line: there is no line.
    NoLine,
    /// A logon is refused because a creation failed: no session is idle.
    NoneIdle,
    /// A session is created: it is wanted.
    Wanted,
    /// A session is created: no more are than may be at a time.
    WithinLimit,
    /// The conditions exclude each other, for otherwise this would be broken.
    Never(Broken),
}

/// What a section does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Rule {
    /// The section's label.
    pub(super) label: &'static str,
    /// The file in which it stands.
    pub(super) file: &'static str,
    /// The line.
    pub(super) line: u32,
    /// The section's kind.
    pub(super) kind: Kind,
    /// Whether the section waits and yields nothing: nothing changes.
    pub(super) is_blocked: bool,
    /// The type of the party that takes it, unless it comes from outside.
    pub(super) actor: Option<usize>,
    /// Whether the party may put it off for ever.
    pub(super) is_voluntary: bool,
    /// Whether it is a creation that fails.
    pub(super) is_failure: bool,
    /// The types of those who take part, before.
    pub(super) before: Vec<usize>,
    /// The same after it.
    pub(super) after: Vec<usize>,
    /// Each is at least 0 where it happens.
    pub(super) conditions: Vec<Form>,
    /// By how much the ledger's count of permits changes.
    pub(super) permits: i64,
    /// The flags that it sets.
    pub(super) flags: Vec<(Variable, i64)>,
    /// What it owes.
    pub(super) duties: Vec<Duty>,
    /// The type that the party that takes it becomes, if it goes on.
    pub(super) actor_after: Option<usize>,
}

impl Rule {
    /// Whether a party takes it that is not from outside, and must not put it off: it brings the server nearer to
    /// rest.
    pub(super) fn is_progress(&self) -> bool {
        self.actor.is_some() && !self.is_blocked && !self.is_voluntary && !self.is_failure
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Duty::Room => "room",
            Duty::Full => "no room",
            Duty::NoLine => "no line",
            Duty::NoneIdle => "no idle session",
            Duty::Wanted => "a session that is wanted",
            Duty::WithinLimit => "no more than may be created",
            Duty::Never(broken) => {
                return write!(f, "not to happen ({}: {})", broken.property, broken.what);
            }
        })
    }
}
