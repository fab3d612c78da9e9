//! The exhaustive search: every reachable state of the real code, once.
//!
//! # Why states
//!
//! Under one lock every two sections depend on each other, so whoever explores executions explores a number of
//! them that grows like a factorial, even with an optimal partial-order reduction. The *states* those executions
//! lead through are few. And states of real code can be explored without copying a stack, because of the rules
//! of [`logon_core::primitives`]: what is shared lies in monitors and words, and an actor learns only what a
//! section returns. So what an actor will do is a function of its script and of the results it has observed,
//! and
//!
//! > state = what every object holds + for every actor the results it has observed, and whether it is asleep.
//!
//! Sections are `Fn`. So one coroutine for each such list of results, suspended inside its pending section, is
//! enough: the section is called on clones of the objects of every state in which the actor stands there.
//!
//! # What it finds
//!
//! - [`Watch::on_panic`] judges a panic in a step, which has no state after it.
//! - [`StateWatch::in_state`] judges every state; [`Watch::at_rest`] every state in which nobody can go on, from
//!   an execution that leads there; [`StateWatch::starves`] every fair cycle in which something stands for
//!   ever. The fairness assumed is weak: whoever could go on without interruption does so in the end.
//! - Every state is judged when it is first reached. So, breadth first, an execution to a violation in a step or at
//!   rest has the fewest steps it can have. One that ends in a cycle is only looked for when there is no other; of
//!   those, too, a shortest is shown, as far as [`Evidence::is_shortest`] says so.
//! - A search that ends as [`SpaceEnd::Complete`] has left nothing out but what lies behind a verdict that does
//!   not count ([`Progress::passed_over`]), and what this runtime leaves out: weak memory (see the crate's limits).
//!
//! Wake-ups for no reason are not made up: a program that wants them has an actor that updates a monitor and changes
//! nothing.
//!
//! # Symmetry
//!
//! With a [`Symmetry`] states are merged that differ only in which of several alike actors did what, and in
//! the numbers things happened to get. The types of objects and results then describe themselves
//! ([`logon_core::symmetry`]). Without one, or [without exchange](Symmetry::without_exchange), they need nothing but
//! `Eq` and `Hash`, and are told apart by `Eq`.
//!
//! # What it distrusts
//!
//! Every check but the first three is for a share alone, [`Search::check_one_in`]. What breaks the premise is a
//! fault that says what is wrong, never a verdict.
//!
//! - Sections are called twice; a wait that yields nothing must change nothing; a panic is a fault although it is
//!   caught, and so is an overflow of a stack (on Linux).
//! - A section that remembers something outside the state breaks the premise. One in so many transitions
//!   is repeated from scratch, on an execution of its own, and everything is compared.
//! - An `Eq` may be coarser than its value, a description may leave something out, and a clone may share something with
//!   its original. Of what is taken for the same, the first ones and then a share are compared by what they print:
//!   the first 2,000 values and results, and the first 300 states that describe themselves.
//! - When all is seen, some executions are run at random, from scratch. Each of their states must be one of
//!   those seen, and their rest is judged: what was overlooked on one way shows itself on another. Up to four actors that
//!   go round [for ever](Primitives::forever) take 60,000 steps each. If all executions take no more than 250,000 steps
//!   together, all are run, and there must be as many as the graph has ways.
//! - A wrong declaration of symmetry merges what differs. Actors of one class that have observed the same must do
//!   the same next. One in so many merged states is expanded besides the one it was merged with, and both must
//!   lead to the same states; so must one in so many steps that another actor of the class takes instead. Where there are
//!   no more than 1,000 of either, all are.
//! - What a `retry`, a `scope` or a round has forgotten must make no difference:
//!   an actor is run again after other pasts that lead to the same local state, and compared for 60 steps.
//! - A watch that judges after steps and not in states is refused, and one that judges at rest and says nothing of cycles,
//!   if somebody goes round for ever ([`MayGoRound`] says that this is as it should be).
//!
//! So what is in neither `Eq` nor `Debug` nor any result goes unnoticed where it shows in few of many executions: in one
//! of the 184,756 orders of two actors with ten steps each.
//!
//! # Example
//!
//! Three philosophers, each of whom takes the left fork first.
//!
//! ```
//! use logon_core::primitives::Monitor;
//! use logon_sim::{Actors, AtRest, Rest, Search, SimMonitor, SpaceEnd};
//!
//! let program = |actors: &mut Actors<'_>| {
//!     let forks: SimMonitor<[bool; 3]> = Monitor::new("forks", [false; 3]);
//!     for (place, name) in ["anna", "ben", "carl"].into_iter().enumerate() {
//!         let forks = forks.clone();
//!         actors.spawn(name, "philosopher", move || {
//!             for fork in [place, (place + 1) % 3] {
//!                 forks.wait_for("take a fork", |forks| {
//!                     (!std::mem::replace(&mut forks[fork], true)).then_some(())
//!                 });
//!             }
//!             forks.update("put both back", |forks| {
//!                 forks[place] = false;
//!                 forks[(place + 1) % 3] = false;
//!             });
//!         });
//!     }
//!     AtRest(|rest: &Rest| (!rest.all_finished()).then_some("they starve"))
//! };
//! let space = Search::default().run(&program);
//! let SpaceEnd::Violated(evidence) = &space.end else {
//!     panic!("nobody starves")
//! };
//! // Each takes the fork to the left and falls asleep over the other one: six steps, and no fewer do.
//! assert_eq!(evidence.execution.steps.len(), 6);
//! ```
//!
//! # Limits
//!
//! - All objects are created by the program's start; one that is created later is a fault.
//! - Up to 2^32 states and transitions, 2^16 actors; more is a panic. Each state costs its key, some 30 bytes and
//!   six for each transition, and while it waits to be expanded what its objects hold.
//! - An actor that repeats operations outside of [`Primitives::forever`] and [`Primitives::retry`] for ever has infinitely
//!   many states; the limit that is reached names it.
//! - The search stops at [`Search::max_bytes`], which it looks at every 64 steps or more often; what one section
//!   takes by itself it cannot stop.
//!
//! [`Primitives::forever`]: logon_core::primitives::Primitives::forever
//! [`Primitives::retry`]: logon_core::primitives::Primitives::retry
//! [`Watch::at_rest`]: crate::Watch::at_rest

mod canonical;
mod erased;
mod executions;
mod found;
mod graph;
mod growth;
mod halt;
mod hosted;
mod interner;
mod keys;
mod lasso;
mod liveness;
mod local;
mod memory;
mod merged;
mod next;
mod parked;
mod pasts;
mod prints;
mod recent;
mod search;
mod seen;
mod standing;
mod state;
mod step;
mod symmetry;
mod token;
mod verify;
mod words;

use std::fmt;
use std::ops::ControlFlow;

pub use found::{Evidence, Orbits, Progress, Space, SpaceEnd, Violation};
pub use graph::StateGraph;
pub use hosted::HostedStates;
pub use memory::default_memory_limit;
pub use seen::StateId;
pub use standing::Standing;
pub use state::SharedState;
pub use symmetry::{Owner, Rule, Symmetry};

use crate::execution::Rest;
use crate::program::{AtRest, Program, Watch};
use crate::silence::{self, Silence};
use crate::simulation::Verdict;
use crate::step::{ActorId, ActorInfo, Operation, Step};

/// In which order states are expanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Those nearest to the beginning first: a violation is found on a shortest way.
    #[default]
    BreadthFirst,
    /// Those reached last first: fewer states wait at a time.
    DepthFirst,
}

/// A fault of the search itself, for tests that show that it would be noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// An update wakes nobody.
    ForgottenWake,
    /// Of more than two actors that can go on, the last is left out.
    DroppedChoice,
    /// The key says nothing about the last object.
    KeyWithoutObject,
    /// An identifier that only actors remember is taken for the first one there is.
    DeadForLiving,
}

/// How to search.
#[derive(Clone, Debug)]
pub struct Search {
    /// In which order.
    pub order: Order,
    /// What is interchangeable, if anything is declared to be.
    pub symmetry: Option<Symmetry>,
    /// The search stops before it would see more states.
    pub max_states: Option<u64>,
    /// How many pairs of a state and the actors that have had their due are looked at, over all cycles in which something
    /// is starved, to find the shortest. Where there are more, a short one is shown: [`Evidence::is_shortest`].
    pub max_loop_pairs: usize,
    /// One in so many transitions is repeated from scratch, one in so many merged states is looked at from
    /// the other side, one in so many things that are taken for the same is compared by what it prints, besides the
    /// first ones, and there is one execution at random for ten times as many states, at least ten and at
    /// most a thousand, each of at most a thousand steps or twice the depth of the search, and of no more than
    /// `max_steps_of_rounds`; 0 is none of all that.
    pub check_one_in: u32,
    /// How many steps all executions may take together for all of them to be run from scratch, when all states have
    /// been seen; what shows in one order of all only is noticed up to there.
    pub max_steps_of_all: u64,
    /// How many steps are taken with each of the first actors that go round for ever, in an execution in which it goes
    /// first; what is carried from round to round is noticed up to there. No execution at random is longer.
    pub max_steps_of_rounds: usize,
    /// Which transitions those are.
    pub seed: u64,
    /// The search stops when the process has grown by more bytes since it began; on systems that do not tell, when
    /// keys and graph take more. [`default_memory_limit`] if nothing is said; `None` is no limit.
    pub max_bytes: Option<u64>,
    /// Whether each section is called on two clones of the state, which must agree.
    pub call_twice: bool,
    /// Whether a `wait_for` that yields nothing is checked to have changed nothing.
    pub check_waits: bool,
    /// Whether to merge nothing and to note the canonical form of every state besides: [`Space::orbits`]. They
    /// must be the states of a search that merges. Needs a symmetry.
    pub gate: bool,
    /// Bytes of stack for each coroutine.
    pub stack_size: usize,
    /// A fault of the search, to show that it would be noticed.
    pub planted: Option<Planted>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            order: Order::default(),
            symmetry: None,
            max_states: None,
            max_loop_pairs: 200_000,
            check_one_in: 100,
            max_steps_of_all: 250_000,
            max_steps_of_rounds: 60_000,
            seed: 1,
            max_bytes: Some(default_memory_limit()),
            call_twice: true,
            check_waits: true,
            gate: false,
            stack_size: 256 << 10,
            planted: None,
        }
    }
}

impl Search {
    /// A search that few executions from scratch follow: for one whose "complete" nobody is told, since what it finds is
    /// executed afterwards.
    #[must_use]
    pub fn with_few_looks() -> Self {
        Search {
            max_steps_of_all: 1_000,
            max_steps_of_rounds: 100,
            ..Search::default()
        }
    }

    /// Searches the states of `program` until all were seen, one is violated, or the limit is reached.
    ///
    /// # Panics
    ///
    /// If called inside an execution, or if the program's start or its watch panics.
    pub fn run<P: Program + ?Sized>(&self, program: &P) -> Space<Verdict<P>>
    where
        P::Watch: StateWatch,
    {
        self.run_while(program, &|_| true, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`Search::run`]. Only verdicts that `counts` admits end the search; a state with another one is not
    /// expanded. `monitor` is shown the progress before each state is expanded, and may end the search with the
    /// name of a limit.
    ///
    /// # Panics
    ///
    /// As [`Search::run`].
    pub fn run_while<P: Program + ?Sized>(
        &self,
        program: &P,
        counts: &dyn Fn(&Verdict<P>) -> bool,
        monitor: &mut dyn FnMut(&Progress) -> ControlFlow<String>,
    ) -> Space<Verdict<P>>
    where
        P::Watch: StateWatch,
    {
        search::run(self, program, None, counts, monitor)
    }

    /// Searches all states and tells `chronicler` of each when it is first reached, in the order of their numbers.
    /// No verdict ends the search; what lies behind one is not looked at. With [`Space::graph`] that is every
    /// execution, with what is done in it.
    ///
    /// # Panics
    ///
    /// As [`Search::run`].
    pub fn chronicle<'p, P: Program + ?Sized>(
        &self,
        program: &'p P,
        chronicler: Chronicler<'p, Verdict<P>>,
    ) -> Space<Verdict<P>>
    where
        P::Watch: StateWatch,
    {
        let never = |_: &Verdict<P>| false;
        search::run(self, program, Some(chronicler), &never, &mut |_| {
            ControlFlow::Continue(())
        })
    }
}

/// Who is told of every state that is reached.
pub type Chronicler<'a, V> = &'a mut dyn FnMut(&Reached<'_, V>);

/// A state, when it is first reached.
#[derive(Debug)]
pub struct Reached<'a, V> {
    /// Its number.
    pub state: StateId,
    /// Who can go on, and what each would do. The `nth` of an operation depends on the way, and is 1 here.
    pub offers: &'a [(ActorId, Operation)],
    /// What fell in it, if anything did; then it has no successors.
    pub verdict: Option<&'a V>,
}

/// A watch that judges states, whichever way led to them.
pub trait StateWatch: Watch {
    /// Looks at a state; a verdict ends the search. If the watch also judges
    /// [after steps](Watch::after_step), it must do so alike.
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<Self::Verdict> {
        let _ = state;
        silence::note(Silence::IN_STATE);
        None
    }

    /// Which obligations stand in a state, by numbers of the watch's own: what must not stand for ever. Asked
    /// only of states on cycles. The numbers must not be identifiers that may be exchanged.
    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        let _ = state;
        Vec::new()
    }

    /// An obligation stands for ever in a fair cycle; a verdict ends the search. Whether there is one must depend
    /// on the obligation alone, for one cycle of several is shown, and one of its states. That an actor does not come
    /// to its end is an obligation, too, and for one that serves for ever it is none of anybody's concern.
    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<Self::Verdict> {
        let _ = cycle;
        silence::note(Silence::STARVES);
        None
    }
}

impl StateWatch for () {}

impl<V: fmt::Debug, F: FnMut(&Rest) -> Option<V>> StateWatch for AtRest<F> {}

/// A watch of a program in which somebody may go round for ever: what it says in all else, and that this is as it should
/// be. A watch that judges at rest and says nothing of cycles must say so, for it never judges what does not come to rest.
/// If nothing comes to rest, and it judges nowhere else, that is a fault all the same.
pub struct MayGoRound<W>(pub W);

impl<W: Watch> Watch for MayGoRound<W> {
    type Verdict = W::Verdict;

    fn after_step(&mut self, step: &Step) -> Option<W::Verdict> {
        self.0.after_step(step)
    }

    fn at_rest(&mut self, rest: &Rest) -> Option<W::Verdict> {
        self.0.at_rest(rest)
    }

    fn on_panic(&mut self, actor: &ActorInfo, message: &str, place: &str) -> Option<W::Verdict> {
        self.0.on_panic(actor, message, place)
    }
}

impl<W: StateWatch> StateWatch for MayGoRound<W> {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<W::Verdict> {
        self.0.in_state(state)
    }

    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        self.0.obligations(state)
    }

    fn starves(&mut self, _: &Cycle<'_>) -> Option<W::Verdict> {
        silence::note(Silence::ALLOWED);
        None
    }
}

/// Something that must not stand for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obligation {
    /// One of the watch's [`obligations`](StateWatch::obligations), by its number.
    Stated(u32),
    /// This actor has not come to its end.
    End(ActorId),
}

/// A fair cycle in which an obligation stands in every state.
pub struct Cycle<'a> {
    /// The obligation.
    pub obligation: Obligation,
    /// All actors.
    pub actors: &'a [ActorInfo],
    /// Those who take steps in it. The others are at their end, or cannot go on at some point of it.
    pub moving: Vec<ActorId>,
    /// One of its states.
    pub state: SharedState<'a>,
}
