//! What is wrong, and in which words it is told.

use std::fmt;

use crate::execution::Site;
use crate::mark::{Body, BodyKind};

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The actor panicked, between operations or in a section.
    Panic {
        /// The panic's message.
        message: String,
        /// Where it happened, if it is known.
        place: Option<String>,
    },
    /// A rule of the primitives was broken.
    BrokenRule {
        /// Which, and by whom.
        message: String,
        /// Where.
        place: String,
    },
    /// An execution that was to be repeated has come to no end within the limit on steps.
    Endless,
    /// So many steps were taken at one moment, and still somebody could go on.
    NoTimePasses(u64),
    /// An operation was performed inside the section of another one.
    NestedOperation {
        /// The operation whose section it was.
        outer: Site,
        /// The operation inside it.
        inner: Site,
    },
    /// More stack was needed than there is.
    StackOverflow {
        /// By this section; `None` is between two operations, or outside of actors.
        section: Option<Site>,
    },
    /// The system has no memory for another stack, or the process may have no more of it.
    NoStack(String),
    /// An actor caught the panic that ends it when its execution is over, and went on with this operation again
    /// and again.
    CaughtEnd(Site),
    /// An actor panicked, a destructor performed this operation meanwhile, and the panic was caught. The operation was
    /// answered from a clone and no step.
    CaughtStep(Site),
    /// `Clone`, `Eq`, `Hash` or `Debug` of a value panicked.
    ValuePanic {
        /// Which of them.
        code: &'static str,
        /// Of which type.
        type_name: &'static str,
        /// What the panic says.
        told: String,
    },
    /// A `wait_for` changed the state and yielded nothing.
    MutatingWait {
        /// The state before.
        before: String,
        /// The state after.
        after: String,
    },
    /// A section called twice on clones of one state gave two answers.
    UnstableSection {
        /// What the first call returned and left.
        first: String,
        /// What the second call returned and left.
        second: String,
    },
    /// The object belongs to another execution.
    ForeignObject,
    /// Repeated from scratch, the steps that led here came to something else: something besides shared state
    /// and results was remembered.
    Unrepeatable {
        /// What it was at first.
        expected: String,
        /// What it was when repeated.
        found: String,
    },
    /// An actor forgot what it had learned in a loop or a scope, and went on differently after what differed in nothing
    /// else.
    Remembered {
        /// The loop or the scope.
        body: Body,
        /// How it went on after one past.
        expected: String,
        /// How it went on after another one.
        found: String,
    },
    /// Nothing falls in a recorded execution, so that no change can mend it.
    NoCounterexample,
    /// A recorded execution is of another input.
    AnotherInput {
        /// The name of that.
        recorded: String,
        /// And of the input at hand.
        now: String,
    },
    /// A recorded execution has an actor that the program does not have.
    AbsentActor {
        /// Its name.
        absent: String,
        /// The names of those that the program has.
        actors: Vec<String>,
    },
    /// A search of states needs all objects to be created by the program's start, and this one was not.
    LateObject(&'static str),
    /// A search with symmetry met a value of this type, of which it is not known where its identifiers are.
    NotDescribed(&'static str),
    /// An execution at random came to something that a search of all states had not seen.
    Overlooked {
        /// To what.
        state: String,
    },
    /// Two values are equal, and print different things.
    CoarseEquality {
        /// Of which type.
        type_name: &'static str,
        /// What the one prints.
        kept: String,
        /// What the other one does.
        merged: String,
    },
    /// `Eq` is no equality: it says different things of the same two values, or that one is not equal to itself.
    NoEquality {
        /// Of which type.
        type_name: &'static str,
        /// What one of the values prints.
        value: String,
    },
    /// A value changed although nobody was given more than clones of it.
    SharedClone {
        /// Of which type.
        type_name: &'static str,
        /// What it prints now.
        now: String,
    },
    /// Two states have one description, and something in them prints different things.
    CoarseDescription {
        /// Of which type, and where it was.
        what: String,
        /// What it prints in the one.
        kept: String,
        /// What it prints in the other one.
        merged: String,
    },
    /// The watch judges after steps and not in states, of which a search visits each once.
    JudgesStepsAlone,
    /// The watch gave a verdict after a step, and none in the state that it led to.
    JudgesStepsOtherwise {
        /// What it said after the step.
        verdict: String,
    },
    /// Somebody goes round for ever although everybody is treated fairly, and the watch judges at rest alone.
    NeverRests {
        /// In which loop, if it is known.
        body: Option<Body>,
    },
    /// Somebody goes round for ever, as it may, and no rest follows, where alone the watch judges.
    NothingRests {
        /// In which loop, if it is known.
        body: Option<Body>,
    },
    /// Two states that were held for the same up to an exchange go on differently.
    Asymmetric {
        /// How the one goes on that was kept.
        kept: String,
        /// How the other one does.
        merged: String,
    },
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic {
                message,
                place: Some(place),
            } => {
                write!(f, "panicked at {place}: {message}")
            }
            Self::Panic {
                message,
                place: None,
            } => write!(f, "panicked: {message}"),
            Self::BrokenRule { message, place } => write!(f, "{message} ({place})"),
            Self::Endless => f.write_str("comes to no end within the limit on steps"),
            Self::NestedOperation { outer, inner } => {
                write!(
                    f,
                    "performed the operation {inner} inside the section {outer}"
                )
            }
            Self::StackOverflow {
                section: Some(site),
            } => write!(
                f,
                "used more stack than there is in the section {site}; recurse less deeply"
            ),
            Self::StackOverflow { section: None } => f.write_str(
                "used more stack than there is; recurse less deeply, or raise `stack_size`",
            ),
            Self::NoStack(told) => write!(
                f,
                "there is no memory for one more stack ({told}); raise the limit of the process (on Linux \
                 `vm.max_map_count`), or run fewer at a time"
            ),
            Self::CaughtEnd(site) => write!(
                f,
                "caught the panic that ends an actor when its execution is over, and went on with {site} again and \
                 again; do not put operations into `catch_unwind`"
            ),
            Self::CaughtStep(site) => write!(
                f,
                "performed {site} in a destructor while it panicked, which is no step, and then caught the panic; \
                 do not put operations into `catch_unwind`"
            ),
            Self::ValuePanic {
                code,
                type_name,
                told,
            } => write!(f, "`{code}` of {type_name} {told}"),
            Self::MutatingWait { before, after } => {
                write!(
                    f,
                    "changed the state from {before} to {after} while it waits"
                )
            }
            Self::UnstableSection { first, second } => {
                write!(
                    f,
                    "a section called twice on the same state disagrees: {first}, {second}"
                )
            }
            Self::NoTimePasses(steps) => write!(
                f,
                "after {} steps at one moment somebody can still go on: an actor spins",
                crate::grouped(*steps)
            ),
            Self::ForeignObject => f.write_str("operated on an object of another execution"),
            Self::Unrepeatable { expected, found } => write!(
                f,
                "the same steps, repeated from scratch, led to {found} and not to {expected}: something is \
                 remembered besides the shared state and the results of sections"
            ),
            Self::Remembered {
                body,
                expected,
                found,
            } => {
                write!(
                    f,
                    "went on with {expected} after {body}, and with {found} after other results inside of it: something \
                     that was learned there is remembered in another way than "
                )?;
                f.write_str(match body.kind {
                    BodyKind::Scope | BodyKind::Retry => {
                        "by the value that it returns; let it return all that is needed later"
                    }
                    BodyKind::Forever => {
                        "as shared state, and no round may carry anything to the next one; keep it in a monitor of its \
                         own, or return it from a `retry`"
                    }
                })
            }
            Self::NoCounterexample => f.write_str(
                "is held against a recorded execution in which nothing falls; keep one in which something does",
            ),
            Self::AnotherInput { recorded, now } => write!(
                f,
                "has {} for its input, and the recorded execution has {}; give it that one",
                named(now),
                named(recorded)
            ),
            Self::AbsentActor { absent, actors } => write!(
                f,
                "has no actor called `{absent}`, and the recorded execution has: its actors are {}; give it the input of \
                 the recording, with the same actors",
                actors.join(", ")
            ),
            Self::LateObject(name) => write!(
                f,
                "created `{name}` while it ran; a search of states needs all objects from the program's start"
            ),
            Self::NotDescribed(type_name) => write!(
                f,
                "shares or learns a value of type {type_name}, and where the identifiers in it are nobody has said, \
                 though states that differ in names alone are to be merged: describe it (`symmetric!`, and \
                 `Symmetry::knows`), or merge nothing (`Symmetry::without_exchange`)"
            ),
            Self::Overlooked { state } => write!(
                f,
                "{state} of an execution at random was not seen by the search: something is \
                 remembered besides the shared state and the results of sections, or what is declared \
                 interchangeable is not; search without symmetry, or declare less"
            ),
            Self::CoarseEquality {
                type_name,
                kept,
                merged,
            } => write!(
                f,
                "two values of {type_name} are equal, and one prints {kept} and the other one {merged}: `Eq` must \
                 compare, and `Hash` take in, every field that `Debug` prints, and `Debug` print nothing else"
            ),
            Self::NoEquality { type_name, value } => write!(
                f,
                "`Eq` of {type_name} is no equality: asked again, or the other way round, it says something else \
                 of {value}"
            ),
            Self::SharedClone { type_name, now } => write!(
                f,
                "a value of {type_name} changed, and prints {now} now, although sections were only given clones of \
                 it: a clone must share nothing with its original"
            ),
            Self::CoarseDescription { what, kept, merged } => write!(
                f,
                "two states have one description, and {what} is {kept} in the one and {merged} in the other: \
                 `Symmetric`, or `Eq` of a type that has no description, must take in every field that may differ"
            ),
            Self::JudgesStepsAlone => f.write_str(
                "has a watch that judges after steps and not in states, and a search comes to each state once, by one \
                 step of several: judge in `StateWatch::in_state`; if no state is to be judged, write one that says \
                 nothing",
            ),
            Self::JudgesStepsOtherwise { verdict } => write!(
                f,
                "has a watch that says {verdict} after a step, and in the state to which it leads it says nothing: \
                 `Watch::after_step` and `StateWatch::in_state` must judge alike"
            ),
            Self::NeverRests { body } => {
                f.write_str("goes round for ever")?;
                if let Some(body) = body {
                    write!(f, " in {body}")?;
                }
                f.write_str(
                    " although everybody is treated fairly, so that there is an execution that never comes to rest, and \
                     the watch judges at rest alone: let it wait with `wait_for`, or judge this in \
                     `StateWatch::starves`; if it is as it should be, say so with `MayGoRound`",
                )
            }
            Self::NothingRests { body } => {
                f.write_str("goes round for ever")?;
                if let Some(body) = body {
                    write!(f, " in {body}")?;
                }
                f.write_str(
                    ", as it may, and no rest can follow, so that the judge at rest is never asked: let it wait with \
                     `wait_for`, or end after some rounds, or judge in `StateWatch::in_state`",
                )
            }
            Self::Asymmetric { kept, merged } => write!(
                f,
                "what is declared interchangeable is not: one state goes on with {kept}, and one that \
                 differs in names alone with {merged}; search without symmetry, or declare less"
            ),
        }
    }
}

/// An input by its name, if it has one.
fn named(input: &str) -> String {
    match input {
        "" => "nothing".to_owned(),
        input => format!("`{input}`"),
    }
}
