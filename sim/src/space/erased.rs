//! One search for all programs whose verdicts are of one type.
//!
//! The search is a lot of code, and a program is started once for each of its executions, and its watch asked once for
//! each state. So what is compiled is one search for each type of verdict, which asks through a table of functions, and
//! not one for each program: a crate with a hundred programs would be compiled for minutes, and run no faster.

use std::fmt::Debug;

use super::{Cycle, SharedState, StateWatch};
use crate::execution::Rest;
use crate::program::{Actors, Program, Watch};
use crate::step::{ActorInfo, Step};

/// A program of which nothing is known but the type of its verdicts.
pub(super) struct Erased<'p, V> {
    pub(super) start: &'p dyn Fn(&mut Actors<'_>) -> ErasedWatch<'p, V>,
}

/// Its watch.
pub(super) struct ErasedWatch<'p, V>(pub(super) Box<dyn StateWatch<Verdict = V> + 'p>);

impl<'p, V: Debug> Program for Erased<'p, V> {
    type Watch = ErasedWatch<'p, V>;

    fn start(&self, actors: &mut Actors<'_>) -> Self::Watch {
        (self.start)(actors)
    }
}

impl<V: Debug> Watch for ErasedWatch<'_, V> {
    type Verdict = V;

    fn after_step(&mut self, step: &Step) -> Option<V> {
        self.0.after_step(step)
    }

    fn at_rest(&mut self, rest: &Rest) -> Option<V> {
        self.0.at_rest(rest)
    }

    fn on_panic(&mut self, actor: &ActorInfo, message: &str, place: &str) -> Option<V> {
        self.0.on_panic(actor, message, place)
    }
}

impl<V: Debug> StateWatch for ErasedWatch<'_, V> {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<V> {
        self.0.in_state(state)
    }

    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        self.0.obligations(state)
    }

    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<V> {
        self.0.starves(cycle)
    }
}
