//! Schedulers: who goes next.

mod bounded;
mod draws;
mod few;
mod pct;
mod pos;
mod random;
mod replay;
mod sampler;
mod spin;
mod urw;

pub use bounded::BoundedPreemptions;
pub use few::FewPreemptions;
pub use pct::{Guarantee, Pct};
pub use pos::Pos;
pub use random::RandomWalk;
pub use replay::Replay;
pub use sampler::{Sampler, Sampling};
pub use urw::Urw;

use std::fmt;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::engine::Engine;
use crate::execution::{Blocked, EndKind};
use crate::fault::FaultKind;
use crate::object::ObjectId;
use crate::schedule::{Chosen, Divergence};
use crate::step::{ActorId, ActorInfo, Offer, Step, Turn};
use crate::value::Value;

/// Chooses the actor of each step, over any number of executions.
pub trait Scheduler {
    /// Prepares the next execution; `false` if there is none. Asking twice changes nothing.
    fn begin(&mut self) -> bool;

    /// Chooses among the enabled actors, of which there is at least one.
    fn choose(&mut self, point: &Point<'_>) -> Choice;

    /// Learns how the execution ended. A divergence returned here replaces its end.
    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        let _ = ending;
        None
    }
}

/// So many executions measure the program, for a scheduler that has to know how long it is: a random walk.
pub(crate) const PILOTS: u64 = 10;

/// A scheduling point: everything a choice may depend on.
#[derive(Clone, Copy)]
pub struct Point<'a> {
    /// The number of the step to be chosen, from 1.
    pub number: usize,
    /// The actor of the step before; `None` at the first.
    pub previous: Option<ActorId>,
    /// Who can go on, in order of spawning, and what each would do.
    pub enabled: &'a [Offer],
    /// All actors of the program.
    pub actors: &'a [ActorInfo],
    pub(crate) engine: &'a Engine,
}

impl fmt::Debug for Point<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point")
            .field("number", &self.number)
            .field("previous", &self.previous)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

/// A shared object as it is at a scheduling point.
#[derive(Debug)]
pub struct ObjectState {
    /// Which object.
    pub id: ObjectId,
    /// Its name.
    pub name: &'static str,
    /// A clone of its state.
    pub state: Box<dyn Value>,
}

impl Point<'_> {
    /// Whether the previous actor could go on, so that choosing another one is a preemption.
    #[must_use]
    pub fn previous_is_enabled(&self) -> bool {
        self.previous
            .is_some_and(|previous| self.offer(previous).is_some())
    }

    /// What `actor` would do, if it can go on.
    #[must_use]
    pub fn offer(&self, actor: ActorId) -> Option<&Offer> {
        self.enabled.iter().find(|offer| offer.actor == actor)
    }

    /// Who is asleep, and in which operation.
    #[must_use]
    pub fn blocked(&self) -> Vec<Blocked> {
        self.engine.rest().blocked
    }

    /// The states of all objects, in order of creation.
    #[must_use]
    pub fn objects(&self) -> Vec<ObjectState> {
        let objects = self.engine.objects();
        objects
            .map(|(id, object)| ObjectState {
                id,
                name: object.name(),
                state: object.snapshot(),
            })
            .collect()
    }

    /// A number for what all objects hold: equal states have equal numbers.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for (_, object) in self.engine.objects() {
            object.with_state(&mut |state| state.hash_into(&mut hasher));
        }
        hasher.finish()
    }

    /// Calls the pending section of `actor` on `state`, as often as one likes and without taking the
    /// step. Returns what the section would return, `None` if the actor would fall asleep; for a choice, its first value.
    ///
    /// # Errors
    ///
    /// What is wrong with the section, if it breaks a rule or panics; also if `state` is not of the type
    /// of the object's state.
    ///
    /// # Panics
    ///
    /// If the actor has finished.
    pub fn try_out(
        &self,
        actor: ActorId,
        state: &mut dyn Value,
    ) -> Result<Option<Box<dyn Value>>, FaultKind> {
        let yielded = self.engine.try_out(actor, state)?;
        Ok(yielded.map(|yielded| yielded.result))
    }

    /// Which way of the pending step of `actor` makes this choice; `None` if none does.
    #[must_use]
    pub fn way_of(&self, actor: ActorId, chosen: &Chosen) -> Option<u32> {
        self.engine.way_of(actor, chosen)
    }
}

/// What a scheduler says at a scheduling point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This actor takes the next step, in its first way if there are several. It must be enabled.
    Run(ActorId),
    /// This actor takes the next step in this way, of those that its [`Offer`] counts. It must be enabled.
    RunWay(Turn),
    /// This actor takes the next step, a load, and reads this value whatever the word holds. A search has no
    /// use for it: it repeats an execution that was found under a weaker memory than this runtime's.
    RunReading(ActorId, u64),
    /// The execution ends here.
    Stop,
    /// The program is not doing what it was expected to do.
    Diverge(Divergence),
}

/// The execution that just ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// Its steps.
    pub steps: &'a [Step],
    /// How it ended.
    pub kind: EndKind,
}
