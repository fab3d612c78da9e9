//! Since which step an execution is as wrong as it ends.
//!
//! What is judged when nobody can go on is asked after each step what it would say if nobody went on from there. Where it
//! says nothing up to a step, and from then on what it says at the end, it would fail since that step if nobody went on.

use crate::engine::Engine;
use crate::instance::Instance;
use crate::panic;
use crate::program::Watch;
use crate::scheduler::Replay;
use crate::simulation::{Config, Observer, Simulation, Verdict};
use crate::step::Step;
use crate::trace::Trace;

/// The number of the step since which `trace`, an execution of `instance` that fails at rest, would fail as it does if
/// nobody went on; `None` if it would have failed so before that as well, or nobody knows.
pub(super) fn since<I: Instance>(instance: &I, trace: &Trace) -> Option<usize> {
    let property = &trace.violation.as_ref()?.property;
    let mut asked = AskedEachTime {
        instance,
        property,
        fails: Vec::new(),
    };
    let mut replay = Replay::new(&trace.schedule());
    let mut simulation = Simulation::new(Config::default());
    simulation.run_once_observed(instance, &mut replay, &mut asked);
    let fails = asked.fails;
    let fine = fails.iter().rposition(|fails| *fails != Some(true))?;
    let was_fine = fails[..=fine].iter().all(|fails| *fails == Some(false));
    let is_whole = fails.len() == trace.steps.len() + 1;
    (was_fine && is_whole && fine < trace.steps.len()).then_some(fine + 1)
}

/// What the judge would say before the first step and after each.
struct AskedEachTime<'a, I> {
    instance: &'a I,
    property: &'a str,
    /// Whether it would say that the property is broken; `None` where it panics, which it may: it is no rest.
    fails: Vec<Option<bool>>,
}

impl<I: Instance> AskedEachTime<'_, I> {
    fn ask(&mut self, watch: &mut I::Watch, engine: &Engine) {
        let asked = panic::ask(|| watch.at_rest(&engine.rest()));
        let fails = asked.map(|verdict| {
            let fallen = verdict.map(|verdict| self.instance.fallen(&verdict));
            fallen.is_some_and(|fallen| fallen.property == self.property)
        });
        self.fails.push(fails);
    }
}

impl<I: Instance> Observer<I::Watch> for AskedEachTime<'_, I> {
    fn at_start(&mut self, watch: &mut I::Watch, engine: &Engine) {
        self.ask(watch, engine);
    }

    fn after_step(
        &mut self,
        watch: &mut I::Watch,
        _: &Step,
        engine: &Engine,
    ) -> Option<Verdict<I>> {
        self.ask(watch, engine);
        None
    }
}
