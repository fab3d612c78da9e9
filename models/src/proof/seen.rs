//! What an actor has seen: the results of its sections, and what the world chose for it.
//!
//! An actor of the real code is nothing but what it has seen since it began: run it again, feed it that, and it stands
//! where it stood. Two that have seen the same, up to names, go on in the same way. So results are kept as values of
//! known types, which can be compared and renamed; an actor that takes anything else from one section to the next,
//! such as a count, cannot be followed.

use std::any::Any;

use logon_core::server::{Arbitration, Demand, LogonPhase};
use logon_core::{Claim, Ending, StationName};

/// How identifiers are renamed.
pub(super) struct Renaming<'a> {
    /// The new claim for an old one.
    pub(super) claim: &'a mut dyn FnMut(Claim) -> Claim,
    /// The new name for an old one.
    pub(super) name: &'a mut dyn FnMut(StationName) -> StationName,
}

/// A value in which identifiers can be renamed.
trait Rename: Clone {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self;
}

macro_rules! without_identifiers {
    ($($type:ty),*) => {
        $(impl Rename for $type {
            fn renamed(&self, _: &mut Renaming<'_>) -> Self { self.clone() }
        })*
    };
}
without_identifiers!((), bool, Ending, LogonPhase);

impl Rename for Claim {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        (by.claim)(*self)
    }
}

impl Rename for StationName {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        (by.name)(*self)
    }
}

impl Rename for Demand {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        match *self {
            Demand::Create(claim) => Demand::Create(claim.renamed(by)),
            Demand::Stop => Demand::Stop,
        }
    }
}

impl Rename for Arbitration {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        match *self {
            Arbitration::Own(claim) => Arbitration::Own(claim.renamed(by)),
            Arbitration::Reconnect => Arbitration::Reconnect,
        }
    }
}

impl<T: Rename> Rename for Option<T> {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        self.as_ref().map(|value| value.renamed(by))
    }
}

impl<T: Rename, E: Rename> Rename for Result<T, E> {
    fn renamed(&self, by: &mut Renaming<'_>) -> Self {
        match self {
            Ok(value) => Ok(value.renamed(by)),
            Err(error) => Err(error.renamed(by)),
        }
    }
}

macro_rules! values {
    ($($name:ident($type:ty),)*) => {
        /// What a section returned.
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub(super) enum Value { $($name($type),)* }

        impl Value {
            /// This value, if it is of a known type.
            pub(super) fn of(value: &dyn Any) -> Option<Value> {
                $(if let Some(value) = value.downcast_ref::<$type>() {
                    return Some(Value::$name(value.clone()));
                })*
                None
            }

            /// The value of the type `R`, if it is one.
            pub(super) fn get<R: Clone + 'static>(&self) -> Option<R> {
                match self {
                    $(Value::$name(value) => (value as &dyn Any).downcast_ref::<R>().cloned(),)*
                }
            }

            fn renamed(&self, by: &mut Renaming<'_>) -> Value {
                match self { $(Value::$name(value) => Value::$name(value.renamed(by)),)* }
            }
        }
    };
}

values! {
    Nothing(()),
    Flag(bool),
    Ending(Ending),
    Claim(Claim),
    MaybeClaim(Option<Claim>),
    Name(StationName),
    Demand(Demand),
    Admission(Result<(), Ending>),
    Phase(Result<LogonPhase, Ending>),
    Session(Result<Claim, Ending>),
    SessionOrPlace(Result<Option<Claim>, Ending>),
    Heard(Option<Result<Claim, Ending>>),
    Arbitration(Result<Arbitration, Ending>),
    Said(Result<bool, Ending>),
}

/// What the world decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Question {
    /// Whether the client's line is up.
    Line,
    /// Whether a license is granted. The answer may never come.
    License,
    /// Whether a session loads.
    Load,
    /// What a client does next. It may never do it.
    Decision,
    /// Whether the password is right.
    Password,
}

impl Question {
    /// Whether the answer may never come.
    pub(super) fn may_stay_open(self) -> bool {
        matches!(self, Question::License | Question::Decision)
    }
}

/// The answer to a question of the kind "is it so": yes.
pub(super) const YES: usize = 0;

/// The answer to a question of the kind "is it so": no.
pub(super) const NO: usize = 1;

/// One thing that an actor has seen.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Seen {
    /// A section of this label returned this.
    Result(&'static str, Value),
    /// The world answered a question.
    Answer(Question, usize),
}

impl Seen {
    /// Whether it is about this claim.
    pub(super) fn mentions(&self, claim: Claim) -> bool {
        let mut is_mentioned = false;
        let _ = self.renamed(&mut Renaming {
            claim: &mut |other| {
                is_mentioned |= other == claim;
                other
            },
            name: &mut |name| name,
        });
        is_mentioned
    }

    /// The same, with other identifiers.
    pub(super) fn renamed(&self, by: &mut Renaming<'_>) -> Seen {
        match self {
            Seen::Result(label, value) => Seen::Result(label, value.renamed(by)),
            Seen::Answer(question, answer) => Seen::Answer(*question, *answer),
        }
    }
}
