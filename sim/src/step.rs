//! Operations and steps: what an actor is about to do, and what it did.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::primitives::Condition;
use serde::{Deserialize, Serialize};

use crate::object::ObjectId;
use crate::schedule::Chosen;

/// An actor of one execution: its place in the order of spawning.
///
/// Within one program it names the same actor in every execution; across programs and files use the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(pub(crate) u32);

impl ActorId {
    /// The place in the order of spawning, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of an actor from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorInfo {
    /// Which actor.
    pub id: ActorId,
    /// Its name, unique in the program.
    pub name: Arc<str>,
    /// Its class: actors of one class run the same script and differ only in names.
    pub class: Arc<str>,
    /// Whether it has idle priority: it takes a step only where nobody without it can.
    pub is_idle: bool,
}

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperationKind {
    /// `Monitor::enter`: one section, nobody wakes.
    Enter,
    /// `Monitor::update`: one section, and all who sleep on the monitor wake.
    Update,
    /// `Monitor::wait_for`: one section, and the actor falls asleep unless it yields a value. After
    /// waking, the next attempt is a step of the same kind.
    Wait,
    /// `Monitor::sleep`, first step: falling asleep.
    Sleep,
    /// `Monitor::sleep`, second step, after an update: going on.
    Wake,
    /// `Word::load`.
    Load,
    /// `Word::store`.
    Store,
    /// `Word::compare_exchange`.
    CompareExchange,
    /// `Word::fetch_add`.
    FetchAdd,
    /// `Word::swap`.
    Swap,
    /// `Chance::choose`: one of several numbers, whichever the search tries or the scheduler draws.
    Choose,
    /// `Monitor::change`: one section, and those wake whom it says.
    Change,
    /// `Monitor::wait_on`: one section; if it yields a value those wake whom it says, and if not the actor falls asleep
    /// on a condition.
    WaitOn,
}

impl OperationKind {
    /// The kind as schedules spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Update => "update",
            Self::Wait => "wait",
            Self::Sleep => "sleep",
            Self::Wake => "wake",
            Self::Load => "load",
            Self::Store => "store",
            Self::CompareExchange => "compare-exchange",
            Self::FetchAdd => "fetch-add",
            Self::Swap => "swap",
            Self::Choose => "choose",
            Self::Change => "change",
            Self::WaitOn => "wait-on",
        }
    }

    /// Whether it reads a word and writes it in one step, if it writes it at all.
    #[must_use]
    pub fn is_read_modify_write(self) -> bool {
        matches!(self, Self::CompareExchange | Self::FetchAdd | Self::Swap)
    }

    /// Whether it changes nothing that another actor can see, whatever the state. A section of a monitor may.
    #[must_use]
    pub fn only_reads(self) -> bool {
        matches!(self, Self::Load | Self::Choose)
    }

    /// Whether it is an operation of a monitor that falls asleep unless its section yields a value.
    #[must_use]
    pub fn is_wait(self) -> bool {
        matches!(self, Self::Wait | Self::WaitOn)
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One operation of one actor, pending or performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub kind: OperationKind,
    /// The object it does it to.
    pub object: ObjectId,
    /// That object's name.
    pub object_name: &'static str,
    /// The label it carries in traces.
    pub label: &'static str,
    /// Where in the source it is called.
    pub location: &'static Location<'static>,
    /// It is the actor's nth step with this label on this object, counted from 1.
    pub nth: u32,
    /// The memory ordering asked for, for a word. This runtime is sequentially consistent whatever it is.
    pub order: Option<Ordering>,
    /// The condition it waits on, for a `wait_on`.
    pub condition: Option<Condition>,
}

impl Operation {
    /// Whether the order of the two may matter: they are about the same object, and one of them may change it. It is judged
    /// by their kinds alone, so two sections of one monitor are dependent although neither may change anything.
    #[must_use]
    pub fn is_dependent_on(&self, other: &Operation) -> bool {
        let only_read = self.kind.only_reads() && other.kind.only_reads();
        self.object == other.object && !only_read
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}` on `{}`",
            self.kind, self.label, self.object_name
        )?;
        if let Some(condition) = self.condition {
            write!(f, " for `{condition}`")?;
        }
        if self.nth > 1 {
            write!(f, ", time {}", self.nth)?;
        }
        Ok(())
    }
}

/// A step of an actor, and which of its ways it goes where one operation can end in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turn {
    /// Whose step.
    pub actor: ActorId,
    /// Which way, from 0: the number chosen, or the place of the actor woken among those who may be, in order of
    /// spawning. It is 0 where there is only one.
    pub way: u32,
}

impl Turn {
    /// The actor's step, and its first way.
    #[must_use]
    pub fn of(actor: ActorId) -> Self {
        Self { actor, way: 0 }
    }
}

/// An actor that can go on, and what it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which actor.
    pub actor: ActorId,
    /// Its name.
    pub name: Arc<str>,
    /// Its pending operation.
    pub operation: Operation,
    /// How many rounds of `Primitives::forever` and `Primitives::retry` it has begun.
    pub rounds: u32,
    /// In how many ways its operation can end: as many as a choice has values, or as there are sleepers of which it
    /// wakes one; 1 for all others.
    pub ways: u32,
}

impl Offer {
    /// A turn for each way in which its operation can end.
    pub(crate) fn turns(&self) -> impl Iterator<Item = Turn> + use<> {
        let actor = self.actor;
        (0..self.ways).map(move |way| Turn { actor, way })
    }
}

/// What a step did to its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The operation is done and the actor went on to its next one.
    Done,
    /// The actor fell asleep on the object.
    Asleep,
    /// The section broke a rule or panicked, which ends the execution.
    Faulted,
}

/// What a step did to a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordAccess {
    /// The value read, if it read.
    pub read: Option<u64>,
    /// The value written, if it wrote.
    pub written: Option<u64>,
}

/// Values around a step, rendered with `Debug`; recorded when `Config::record_values` asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The object's state before the step.
    pub before: String,
    /// The object's state after it.
    pub after: String,
    /// What the section returned; `None` if the actor fell asleep.
    pub result: Option<String>,
}

/// One step of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The position in the execution, from 1.
    pub number: usize,
    /// Whose step.
    pub actor: ActorId,
    /// That actor's name.
    pub name: Arc<str>,
    /// What it did.
    pub operation: Operation,
    /// What became of the actor.
    pub effect: Effect,
    /// The actors this step woke.
    pub woken: Vec<ActorId>,
    /// What was chosen in it, if anything was.
    pub chosen: Option<Chosen>,
    /// Whether the actor of the previous step could have gone on instead.
    pub preemption: bool,
    /// For a word: the values read and written.
    pub word: Option<WordAccess>,
    /// The state around the step and the result, if the configuration asks for them.
    pub values: Option<Values>,
    /// All who could go on before this step, in order of spawning; the actor itself is one of them.
    pub enabled: Vec<Offer>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.number, self.name, self.operation)?;
        if let Some(WordAccess { read, written }) = self.word {
            if let Some(value) = read {
                write!(f, ", reads {value}")?;
            }
            if let Some(value) = written {
                write!(f, ", writes {value}")?;
            }
        }
        match &self.chosen {
            Some(Chosen::Value(value)) => write!(f, ", chooses {value}")?,
            Some(Chosen::Woken(name)) => write!(f, ", wakes {name}")?,
            None => {}
        }
        match self.effect {
            Effect::Done => Ok(()),
            Effect::Asleep => f.write_str(", falls asleep"),
            Effect::Faulted => f.write_str(", does not complete"),
        }
    }
}
