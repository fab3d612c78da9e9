//! Programs under test: who acts, and who watches.

use std::convert::Infallible;
use std::fmt::Debug;
use std::sync::Arc;

use crate::execution::Rest;
use crate::fault::{Fault, FaultKind};
use crate::silence::{self, Silence};
use crate::step::{ActorId, ActorInfo, Step};

/// A program whose executions are to be explored.
///
/// Any `Fn(&mut Actors<'_>) -> impl Watch` is one.
pub trait Program {
    /// Who judges an execution.
    type Watch: Watch;

    /// Creates the shared objects and spawns the actors. Called afresh for each execution, and it must do
    /// the same each time.
    fn start(&self, actors: &mut Actors<'_>) -> Self::Watch;
}

impl<W: Watch, F: Fn(&mut Actors<'_>) -> W> Program for F {
    type Watch = W;

    fn start(&self, actors: &mut Actors<'_>) -> W {
        self(actors)
    }
}

/// The judge of one execution. It looks from outside, with `SimMonitor::peek`, and does not act.
pub trait Watch {
    /// What it says when it stops an execution.
    type Verdict: Debug;

    /// Looks after each step; a verdict ends the execution. A step that leads to a fault has ended it
    /// already and is not shown.
    fn after_step(&mut self, step: &Step) -> Option<Self::Verdict> {
        let _ = step;
        silence::note(Silence::AFTER_STEP);
        None
    }

    /// Looks when no actor can go on. Rest alone is not a failure: a server asleep is lawful.
    ///
    /// To explain a counterexample it is also asked after other steps, what it would say if nobody went on. What it says
    /// must not depend on how often it was asked; if it panics there, nothing is concluded.
    fn at_rest(&mut self, rest: &Rest) -> Option<Self::Verdict> {
        let _ = rest;
        silence::note(Silence::AT_REST);
        None
    }

    /// An actor has panicked, between two operations or in a section, with this message and in this place. A verdict ends
    /// the execution as if it had been given after the step in which that happened; without one the panic is a fault.
    ///
    /// A rule of the primitives that is broken, a stack that overflows, and a panic in `Clone`, `Eq`, `Hash` or `Debug` of
    /// a value are faults always.
    fn on_panic(&mut self, actor: &ActorInfo, message: &str, place: &str) -> Option<Self::Verdict> {
        let _ = (actor, message, place);
        None
    }
}

/// What `watch` says of a fault, if that is a panic of one of these actors.
pub(crate) fn judge_panic<W: Watch + ?Sized>(
    watch: &mut W,
    actors: &[ActorInfo],
    fault: &Fault,
) -> Option<W::Verdict> {
    let FaultKind::Panic { message, place } = &fault.kind else {
        return None;
    };
    let actor = actors.iter().find(|info| info.name == fault.actor)?;
    let place = place.as_deref().unwrap_or("a place that is not known");
    watch.on_panic(actor, message, place)
}

/// Nobody watches.
impl Watch for () {
    type Verdict = Infallible;
}

/// A watch that looks only when the program is at rest.
pub struct AtRest<F>(pub F);

impl<V: Debug, F: FnMut(&Rest) -> Option<V>> Watch for AtRest<F> {
    type Verdict = V;

    fn at_rest(&mut self, rest: &Rest) -> Option<V> {
        (self.0)(rest)
    }
}

/// Collects the actors of an execution.
pub struct Actors<'a> {
    list: &'a mut Vec<NewActor>,
}

/// An actor that has not begun.
pub(crate) struct NewActor {
    pub(crate) info: ActorInfo,
    pub(crate) body: Box<dyn FnOnce()>,
}

impl<'a> Actors<'a> {
    pub(crate) fn new(list: &'a mut Vec<NewActor>) -> Self {
        Self { list }
    }

    /// Adds an actor. It begins when `Program::start` has returned, in order of spawning, and at once
    /// runs to its first operation, which is no step: before it, it can touch nothing that is shared.
    ///
    /// # Panics
    ///
    /// If an actor of that name was spawned already.
    pub fn spawn(
        &mut self,
        name: impl Into<String>,
        class: impl Into<String>,
        body: impl FnOnce() + 'static,
    ) -> ActorId {
        self.add(name.into(), class.into(), false, Box::new(body))
    }

    /// Adds an actor of idle priority: it takes a step only where nobody without idle priority can. That is what time is,
    /// in a program whose sections take none: it passes when all that happens at one moment has happened.
    ///
    /// Every search, scheduler and replay keeps to it, and a rest is where nobody can go on, idle or not.
    ///
    /// # Panics
    ///
    /// If an actor of that name was spawned already.
    pub fn spawn_idle(
        &mut self,
        name: impl Into<String>,
        class: impl Into<String>,
        body: impl FnOnce() + 'static,
    ) -> ActorId {
        self.add(name.into(), class.into(), true, Box::new(body))
    }

    fn add(
        &mut self,
        name: String,
        class: String,
        is_idle: bool,
        body: Box<dyn FnOnce()>,
    ) -> ActorId {
        let name: Arc<str> = name.into();
        assert!(
            self.list.iter().all(|other| other.info.name != name),
            "the program is at fault: two actors are called `{name}`; names are unique"
        );
        let id = ActorId(u32::try_from(self.list.len()).expect("fewer than 2^32 actors"));
        let info = ActorInfo {
            id,
            name,
            class: class.into(),
            is_idle,
        };
        self.list.push(NewActor { info, body });
        id
    }
}
