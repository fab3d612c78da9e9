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

/// What every object holds, in the order of creation.
pub(crate) fn objects_of(engine: &Engine) -> Vec<Arc<dyn Value>> {
    let objects = engine.objects();
    objects
        .map(|(_, object)| object.snapshot().into())
        .collect()
}

/// Lets a watch that judges states look at each state of an execution, too.
pub(crate) struct EachState;

impl<W: StateWatch> Observer<W> for EachState {
    fn after_step(&mut self, watch: &mut W, _: &Step, engine: &Engine) -> Option<W::Verdict> {
        let objects = objects_of(engine);
        watch.in_state(&SharedState { objects: &objects })
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
