//! Short counterexamples: the fewest preemptions, then the fewest steps.
//!
//! Few preemptions make an execution readable, and most faults need no more than two (Musuvathi and Qadeer,
//! PLDI 2007). So schedules with no preemption are tried, then with one, and so on, until some violate the
//! property; of those, the one with the fewest steps is kept. For each number all schedules are tried in turn, up to a
//! limit, but for those in which an actor goes more than three rounds in vain. Where the limit is reached, or such schedules
//! were left out, as many are tried at random besides.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::execution::End;
use crate::instance::Instance;
use crate::observed::explore;
use crate::schedule::Schedule;
use crate::scheduler::{BoundedPreemptions, FewPreemptions, Scheduler};
use crate::simulation::Limits;

/// How far the search goes before it gives up.
#[derive(Clone, Copy, Debug)]
pub struct ShortSearch {
    /// The most preemptions.
    pub preemptions: usize,
    /// The most executions for each number of preemptions, in turn and at random each.
    pub executions: u64,
    /// The most steps for each of those, over all executions.
    pub steps: u64,
}

impl Default for ShortSearch {
    fn default() -> Self {
        ShortSearch {
            preemptions: 3,
            executions: 10_000,
            steps: 300_000,
        }
    }
}

/// The shortest execution found of `instance` in which one of `properties` is the first to fall.
pub fn shortest<I: Instance>(
    instance: &I,
    properties: &BTreeSet<String>,
    search: ShortSearch,
) -> Option<Schedule> {
    (0..=search.preemptions).find_map(|preemptions| {
        let mut iteration = Iteration {
            instance,
            properties,
            best: None,
        };
        let mut bounded = BoundedPreemptions::new(preemptions);
        let ran_all = iteration.explore(&mut bounded, search);
        if !ran_all || bounded.left_out_spins() {
            iteration.explore(&mut FewPreemptions::new(SEED, preemptions), search);
        }
        iteration.best
    })
}

/// The seed of the random part: fixed, so that the same finding gives the same counterexample.
const SEED: u64 = 1;

/// The schedules of one number of preemptions.
struct Iteration<'a, I> {
    instance: &'a I,
    properties: &'a BTreeSet<String>,
    best: Option<Schedule>,
}

impl<I: Instance> Iteration<'_, I> {
    /// Keeps the shortest violation among so many executions; says whether those were all that the scheduler
    /// has, each to its end.
    fn explore(&mut self, scheduler: &mut dyn Scheduler, search: ShortSearch) -> bool {
        let (instance, properties, best) = (self.instance, self.properties, &mut self.best);
        let done = explore(
            instance,
            scheduler,
            Limits {
                executions: Some(search.executions),
                steps: Some(search.steps),
            },
            |execution| {
                if let End::Stopped { verdict, .. } = &execution.end {
                    let wanted = properties.contains(&instance.fallen(verdict).property);
                    let steps = execution.steps.len();
                    if wanted && best.as_ref().is_none_or(|best| steps < best.steps.len()) {
                        *best = Some(Schedule::from_execution(execution));
                    }
                }
                ControlFlow::Continue(())
            },
        );
        done.is_complete()
    }
}
