//! The properties by name.

use std::fmt;

use logon_core::symmetric;

/// When a property is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// In every section: something bad never happens.
    Safety,
    /// At rest, when nobody can move: something good has happened.
    Rest,
}

macro_rules! properties {
    ($($property:ident $number:literal $name:literal $kind:ident $sentence:literal;)*) => {
        /// A property of the allocator. Each is judged by one function of this module and has one row in
        /// `docs/invariants.md`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Property {
            $(#[doc = $sentence] $property,)*
        }

        impl Property {
            /// Every property.
            pub const ALL: &'static [Property] = &[$(Property::$property,)*];

            /// Its name, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Property::$property => $name,)* }
            }

            /// Its number.
            pub fn number(self) -> &'static str {
                match self { $(Property::$property => $number,)* }
            }

            /// What it says, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Property::$property => $sentence,)* }
            }

            /// When it is looked at.
            pub fn kind(self) -> Kind {
                match self { $(Property::$property => Kind::$kind,)* }
            }
        }
    };
}

properties! {
    NoFalseRefusal "S1" "no-false-refusal" Safety
        "A logon is refused only if the reason was true while it tried to get in, and is not served if it had to be refused.";
    AdmissionLinearizable "S1-lin" "admission-linearizable" Safety
        "Admissions, refusals because the server is full (event 71) and departures fit one order in which each was right at its moment.";
    Capacity "S2" "capacity" Safety
        "There are never more admitted logons than the maximum of connections allows.";
    OneHolder "S3" "one-holder" Safety
        "A session belongs to at most one logon at a time, and a logon has at most one session, or two while it goes over to an old one of its user.";
    Conservation "S4" "conservation" Rest
        "When nobody can do anything any more, no permit, session or place in the waiting line is lost or left over.";
    LegalTransition "S5" "legal-transition" Safety
        "A session changes from one state only to those that may follow it.";
    Identity "S6" "identity" Safety
        "Nobody's session is ended except by its own logon or by a reset aimed at that very session.";
    Initialized "S7" "initialized" Safety
        "No logon attaches to a session that has not finished initializing.";
    UniqueNames "S8" "unique-names" Safety
        "No two sessions that exist at the same time have the same id or the same name.";
    OneOutcome "S9" "one-outcome" Safety
        "Each logon ends in one way, the event for that is logged, nothing happens to it afterwards, and its client is told how it ended.";
    Reconnect "S10" "reconnect" Safety
        "A user who was disconnected and comes again gets the same session back unless it was reset, and nobody else gets it.";
    Overtaking "S11" "overtaking" Safety
        "No logon is served while an earlier one waits in line.";
    BoundedCreation "S12" "bounded-creation" Safety
        "No more sessions are being created at a time than there are workers, and none is created that nobody wants.";
    AsAsked "S13" "as-asked" Safety
        "When a call returns, what was asked for has been done, and nothing is done that nobody asked for.";
    Termination "L1" "termination" Rest
        "When nobody can do anything any more, every client has been served, refused or has left, and no call is still waiting.";
    WorkConservation "L2" "work-conservation" Rest
        "When nobody can do anything any more, no logon waits in line while a session is idle or could be created.";
    PoolRefill "L3" "pool-refill" Rest
        "When nobody can do anything any more, the pool of idle sessions is full.";
    Cleanup "L4" "cleanup" Rest
        "When nobody can do anything any more, no session is stuck in the states reset or down.";
    Isolation "L5" "isolation" Rest
        "A license reply that never comes stops nobody but the client it is for.";
    Burst "L6" "burst" Safety
        "No logon waits in line longer than its place in it explains, at the pace at which sessions can be set up.";
}

symmetric! { plain Property }

impl Property {
    /// The property of this name.
    pub fn named(name: &str) -> Option<Property> {
        Property::ALL
            .iter()
            .copied()
            .find(|property| property.name() == name)
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
