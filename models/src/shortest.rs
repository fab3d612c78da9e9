//! Short counterexamples: the fewest preemptions, then the fewest steps.
//!
//! Few preemptions make an execution readable, and most faults need no more than two (Musuvathi and Qadeer,
//! PLDI 2007). So schedules with no preemption are tried, then with one, and so on, until some violate the
//! property; of those, the one with the fewest steps is kept. For each number all schedules are tried in turn,
//! up to a limit; where that limit is reached, as many are tried at random besides.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    BoundedPreemptions, Config, End, FewPreemptions, Limits, Schedule, Scheduler, Simulation,
};

use crate::checker::Play;
use crate::scenario::Scenario;
use crate::stage::Subject;

/// How far the search goes before it gives up.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The most preemptions.
    pub preemptions: usize,
    /// The most executions for each number of preemptions, in turn and at random each.
    pub executions: u64,
    /// The most steps for each of those, over all executions.
    pub steps: u64,
}

impl Default for Search {
    fn default() -> Self {
        Search {
            preemptions: 3,
            executions: 10_000,
            steps: 300_000,
        }
    }
}

/// The shortest execution found of `subject` in `scenario` in which one of `properties` is the first to fall.
pub fn shortest<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    properties: &BTreeSet<String>,
    search: Search,
) -> Option<Schedule> {
    (0..=search.preemptions).find_map(|preemptions| {
        let mut iteration = Iteration {
            play: Play { subject, scenario },
            properties,
            best: None,
        };
        let tried_all = iteration.explore(&mut BoundedPreemptions::new(preemptions), search);
        if !tried_all {
            iteration.explore(&mut FewPreemptions::new(SEED, preemptions), search);
        }
        iteration.best
    })
}

/// The seed of the random part: fixed, so that the same finding gives the same counterexample.
const SEED: u64 = 1;

/// The schedules of one number of preemptions.
struct Iteration<'a, S> {
    play: Play<'a, S>,
    properties: &'a BTreeSet<String>,
    best: Option<Schedule>,
}

impl<S: Subject> Iteration<'_, S> {
    /// Keeps the shortest violation among so many executions; says whether those were all there are.
    fn explore(&mut self, scheduler: &mut dyn Scheduler, search: Search) -> bool {
        let (properties, best) = (self.properties, &mut self.best);
        let done = Simulation::new(Config::default()).explore(
            &self.play,
            scheduler,
            Limits {
                executions: Some(search.executions),
                steps: Some(search.steps),
            },
            |execution| {
                if let End::Stopped { verdict, .. } = &execution.end {
                    let wanted = verdict
                        .first()
                        .is_some_and(|v| properties.contains(v.property.name()));
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
