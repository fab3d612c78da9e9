//! Executions of an instance: one after the other, each judged in every state it comes to.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::engine::Engine;
use crate::execution::Execution;
use crate::instance::Instance;
use crate::scheduler::Scheduler;
use crate::simulation::{Config, Exploration, Limits, Observer, Simulation, Verdict};
use crate::space::{SharedState, StateWatch};
use crate::step::Step;
use crate::value::Value;

/// What every object of a program holds at some moment, in the order of creation.
#[derive(Debug)]
pub struct Objects {
    names: Vec<String>,
    values: Vec<Arc<dyn Value>>,
}

impl Objects {
    pub(crate) fn of(engine: &Engine) -> Objects {
        let objects = engine.objects();
        let (names, values) = objects
            .map(|(_, object)| (object.name().to_owned(), object.snapshot().into()))
            .unzip();
        Objects { names, values }
    }

    /// Each object's name and what it holds.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &dyn Value)> {
        let names = self.names.iter().map(String::as_str);
        names.zip(self.values.iter().map(|value| &**value))
    }

    /// The same for a judge of states.
    #[must_use]
    pub fn state(&self) -> SharedState<'_> {
        SharedState {
            objects: &self.values,
        }
    }
}

/// Lets a watch that judges states look at each state of an execution, too.
pub(crate) struct EachState;

impl<W: StateWatch> Observer<W> for EachState {
    fn after_step(&mut self, watch: &mut W, _: &Step, engine: &Engine) -> Option<W::Verdict> {
        watch.in_state(&Objects::of(engine).state())
    }
}

/// Runs executions of `instance` until the scheduler has no more, a limit is reached, or `on_execution` breaks.
pub(crate) fn explore<I: Instance>(
    instance: &I,
    scheduler: &mut dyn Scheduler,
    limits: Limits,
    on_execution: impl FnMut(&Execution<Verdict<I>>) -> ControlFlow<()>,
) -> Exploration {
    let mut simulation = Simulation::new(Config::default());
    match instance.judges_each_step() {
        true => simulation.explore(instance, scheduler, limits, on_execution),
        false => {
            let mut each = EachState;
            simulation.explore_observed(instance, scheduler, limits, &mut each, on_execution)
        }
    }
}

/// Runs the one execution that `scheduler` has.
pub(crate) fn run_once<I: Instance>(
    instance: &I,
    scheduler: &mut dyn Scheduler,
) -> Execution<Verdict<I>> {
    let mut simulation = Simulation::new(Config::default());
    match instance.judges_each_step() {
        true => simulation.run_once(instance, scheduler),
        false => simulation.run_once_observed(instance, scheduler, &mut EachState),
    }
}
