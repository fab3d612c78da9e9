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
        "No logon is refused for a reason that did not hold, nor served against one that did.";
    AdmissionLinearizable "S1-lin" "admission-linearizable" Safety
        "Admissions, refusals with event 71 and departures look as if each happened at one moment.";
    Capacity "S2" "capacity" Safety
        "Never more logons are held than the maximum of connections.";
    OneHolder "S3" "one-holder" Safety
        "A session has at most one living holder, and a logon at most one session except during a swap.";
    Conservation "S4" "conservation" Rest
        "At rest every permit, session and place in line is accounted for.";
    LegalTransition "S5" "legal-transition" Safety
        "A session only goes from one state to another along a legal edge.";
    Identity "S6" "identity" Safety
        "Nobody's session is ended except by its own logon or by a reset aimed at that very session.";
    Initialized "S7" "initialized" Safety
        "No logon attaches to a session that has not finished initializing.";
    UniqueNames "S8" "unique-names" Safety
        "No two living sessions have one id or one name.";
    OneOutcome "S9" "one-outcome" Safety
        "A logon has one outcome, with its event, and nothing after it, and its client is told so.";
    Reconnect "S10" "reconnect" Safety
        "A user whose disconnected session was not reset gets it back, and nobody else does.";
    Overtaking "S11" "overtaking" Safety
        "No logon is served while an earlier one waits in line.";
    BoundedCreation "S12" "bounded-creation" Safety
        "No more sessions are created at a time than there are workers, and none that nobody wants.";
    AsAsked "S13" "as-asked" Safety
        "What a party asks for is done when its call returns, and nothing that nobody asked for.";
    Termination "L1" "termination" Rest
        "At rest every client has been served, refused or has left, and no call is left waiting.";
    WorkConservation "L2" "work-conservation" Rest
        "At rest no logon waits in line while a session is idle or could be created.";
    PoolRefill "L3" "pool-refill" Rest
        "At rest the idle pool is full.";
    Cleanup "L4" "cleanup" Rest
        "At rest no session is left in reset or down.";
    Isolation "L5" "isolation" Rest
        "A license reply that never comes stops nobody but the client it is for.";
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
