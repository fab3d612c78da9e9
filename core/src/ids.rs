//! Identifiers, each a type of its own.

use std::fmt;

use crate::symmetric;
use crate::symmetry::{Family, Shape, Symmetric};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $family:literal, $format:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// The family of these identifiers.
            pub const FAMILY: Family = Family($family);
        }

        impl Symmetric for $name {
            fn describe(&self, shape: &mut dyn Shape) {
                shape.identifier(Self::FAMILY, self.0);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, $format, self.0)
            }
        }
    };
}

identifier!(
    /// One attempt of a client to connect; the unit of all properties. The embedder chooses it, and must
    /// not choose it again while the allocator knows the first or a call for it is under way. Counting up
    /// is simplest.
    LogonId, "logon", "logon {}"
);
identifier!(
    /// A session of the server. Small, and possibly reused once the session is gone: wherever an id
    /// outlives the section that read it, it travels as a [`Claim`].
    SessionId, "session", "session {}"
);
identifier!(
    /// Which creation made a session, counted from 1. It tells a session from an earlier one of its id.
    Generation, "generation", "generation {}"
);
identifier!(
    /// A user account.
    UserId, "user", "user {}"
);
identifier!(
    /// The number in a session's name. Names look like `rdp-tcp#3` (KB Q186592).
    StationName, "name", "rdp-tcp#{}"
);

/// The console: a session that is never disconnected and never a target of a reconnect
/// (codes 7041 and 7042 of KB Q186548).
pub const CONSOLE: SessionId = SessionId(0);

/// The listener: a session that "cannot be reset, shadowed, or changed" (KB Q186592).
pub const LISTENER: SessionId = SessionId(1);

/// The first id a client's session may have.
pub const FIRST_SESSION: SessionId = SessionId(2);

/// An id together with its generation: names one session for good, although ids may be reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Claim {
    /// The session's id.
    pub session: SessionId,
    /// The creation that made it.
    pub generation: Generation,
}
symmetric! { struct Claim { session, generation } }

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.session)
    }
}
