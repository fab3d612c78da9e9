//! What an actor forgets: the loops and scopes it is in, as it tells of them between two operations.
//!
//! Each tells where it begins and how it is left. An execution counts the rounds; a search of states takes them for
//! granted, and forgets what was learned inside.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use crate::context::{self, Mode};
use crate::value::Value;

/// What an actor came to between two operations.
#[derive(Clone, Debug)]
pub enum Mark {
    /// It begins a scope, or the first round of a loop.
    Begin(Body),
    /// It begins another round of the innermost loop, and has nothing of the rounds before.
    Again,
    /// It has left the innermost loop, which is a `forever`; what its last round learned is still known.
    Leave,
    /// It has left the innermost `retry` or scope with this value, and has nothing else of what was learned inside.
    Return(Arc<dyn Value>),
}

/// A loop or a scope in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// Which of the primitives it is.
    pub kind: BodyKind,
    /// Where it is called.
    pub location: &'static Location<'static>,
}

/// The primitives inside which something is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// [`Primitives::forever`](logon_core::primitives::Primitives::forever).
    Forever,
    /// [`Primitives::retry`](logon_core::primitives::Primitives::retry).
    Retry,
    /// [`Primitives::scope`](logon_core::primitives::Primitives::scope).
    Scope,
}

impl BodyKind {
    /// Its name in the source.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forever => "forever",
            Self::Retry => "retry",
            Self::Scope => "scope",
        }
    }

    /// Whether it has rounds.
    #[must_use]
    pub fn is_loop(self) -> bool {
        self != Self::Scope
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at {}", self.kind.name(), self.location)
    }
}

/// An actor inside of a loop or a scope. If a panic passes that the actor then catches, it has left it all the same.
pub(crate) struct Inside {
    body: Body,
    /// How many operations there were when the round began.
    operations: u64,
    is_left: bool,
}

impl Inside {
    /// The running actor begins a loop or a scope.
    #[track_caller]
    pub(crate) fn begin(kind: BodyKind) -> Self {
        let body = Body {
            kind,
            location: Location::caller(),
        };
        tell(Mark::Begin(body));
        Self {
            body,
            operations: context::operations(),
            is_left: false,
        }
    }

    /// It begins another round. One that went on without any operation has learned nothing and would go on like that for
    /// ever.
    pub(crate) fn again(&mut self) {
        let operations = context::operations();
        if operations == self.operations && context::mode() == Mode::Actor {
            context::rule_broken(
                &format!(
                    "the program is at fault: a round of `{}` performed no operation and would never end",
                    self.body.kind.name()
                ),
                self.body.location,
            );
        }
        self.operations = operations;
        tell(Mark::Again);
    }

    /// It leaves a `forever`.
    pub(crate) fn leave(mut self) {
        self.is_left = true;
        tell(Mark::Leave);
    }

    /// It leaves a `retry` or a scope with this value.
    pub(crate) fn return_with(mut self, value: Arc<dyn Value>) {
        self.is_left = true;
        tell(Mark::Return(value));
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        if !self.is_left {
            tell(Mark::Leave);
        }
    }
}

/// An actor that is unwound because its execution is over has nobody left to tell.
fn tell(mark: Mark) {
    if context::mode() == Mode::Actor {
        context::leave_mark(mark);
    }
}
