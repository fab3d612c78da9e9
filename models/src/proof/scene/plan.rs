//! What happens in a scene, before it is set.

/// Which session somebody from outside aims at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::proof) enum Target {
    /// The session at this place of a party of this type.
    SessionOf(usize, usize),
    /// An earlier session of the same id as that one.
    EarlierThan(usize, usize),
    /// A session that is gone.
    Gone,
}

/// What happens in a scene. Types of parties go by their number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::proof) enum Act {
    /// A party of this type takes its next section.
    Own(usize),
    /// Somebody else hangs up for a client of this type: its line is cut.
    Cut(usize),
    /// An administrator begins to reset a session.
    Reset(Target),
    /// A timer begins to reset a session.
    Expire(Target),
    /// An administrator looks for this session.
    LookUp(Target),
    /// A timer waits until this session is disconnected.
    AwaitDisconnected(Target),
    /// An administrator enables logons, or disables them.
    EnableLogons(bool),
    /// The server is told to shut down.
    Close,
}

impl Act {
    /// The type of the party that acts by itself.
    pub(in crate::proof) fn actor(self) -> Option<usize> {
        match self {
            Act::Own(actor) => Some(actor),
            _ => None,
        }
    }

    /// Whether it is a reset or a time-out from outside.
    pub(in crate::proof) fn is_aimed(self) -> bool {
        matches!(self, Act::Reset(_) | Act::Expire(_))
    }

    /// Whether somebody only looks, or waits until there is something to see.
    pub(in crate::proof) fn only_looks(self) -> bool {
        matches!(self, Act::LookUp(_) | Act::AwaitDisconnected(_))
    }

    pub(super) fn target(self) -> Option<Target> {
        match self {
            Act::Reset(target) | Act::Expire(target) => Some(target),
            _ => None,
        }
    }

    pub(super) fn subject(self) -> Option<usize> {
        match self {
            Act::Own(kind) | Act::Cut(kind) => Some(kind),
            Act::Reset(target)
            | Act::Expire(target)
            | Act::LookUp(target)
            | Act::AwaitDisconnected(target) => match target {
                Target::SessionOf(kind, _) | Target::EarlierThan(kind, _) => Some(kind),
                Target::Gone => None,
            },
            Act::EnableLogons(_) | Act::Close => None,
        }
    }
}

/// A session that the actor remembers by a number of its own, and whose it is by now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::proof) struct Remembered {
    /// The number by which the actor knows it.
    pub(in crate::proof) number: u32,
    /// The type of the other party whose it is; `None` if it has come to be the actor's own.
    pub(in crate::proof) kind: Option<usize>,
    /// The place among the sessions of that party.
    pub(in crate::proof) place: usize,
}

/// A scene before it is run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::proof) struct Plan {
    /// What happens.
    pub(in crate::proof) act: Act,
    /// Whose session it is that the actor remembers by a number that is not that of one of its own.
    pub(in crate::proof) remembered: Option<Remembered>,
    /// The types of those who stand at the front of a list, in this order.
    pub(in crate::proof) shown: Vec<usize>,
}
