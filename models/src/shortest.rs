//! Short counterexamples: the fewest preemptions, then the fewest steps.
//!
//! Few preemptions make an execution readable, and most faults need no more than two (Musuvathi and Qadeer,
//! PLDI 2007). So all schedules with no preemption are tried, then all with one, and so on, until some violate
//! the property; of those, the one with the fewest steps is kept.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{BoundedPreemptions, Config, End, Limits, Schedule, Simulation};

use crate::checker::Play;
use crate::scenario::Scenario;
use crate::stage::Subject;

/// How far the search goes before it gives up.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The most preemptions.
    pub preemptions: usize,
    /// The most executions for each number of preemptions.
    pub executions: u64,
}

impl Default for Search {
    fn default() -> Self {
        Search {
            preemptions: 3,
            executions: 20_000,
        }
    }
}

/// A short counterexample.
#[derive(Clone, Debug)]
pub struct Short {
    /// The schedule.
    pub schedule: Schedule,
    /// How many preemptions it has.
    pub preemptions: usize,
    /// Whether every schedule with so many preemptions was tried, so that none has fewer steps.
    pub is_smallest: bool,
}

/// The shortest execution of `subject` in `scenario` in which one of `properties` is the first to fall.
pub fn shortest<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    properties: &BTreeSet<String>,
    search: Search,
) -> Option<Short> {
    let play = Play { subject, scenario };
    let mut simulation = Simulation::new(Config::default());
    for preemptions in 0..=search.preemptions {
        let mut best: Option<Schedule> = None;
        let done = simulation.explore(
            &play,
            &mut BoundedPreemptions::new(preemptions),
            Limits::executions(search.executions),
            |execution| {
                if let End::Stopped { verdict, .. } = &execution.end {
                    let wanted = verdict
                        .first()
                        .is_some_and(|v| properties.contains(v.property.name()));
                    let shorter = best
                        .as_ref()
                        .is_none_or(|best| execution.steps.len() < best.steps.len());
                    if wanted && shorter {
                        best = Some(Schedule::from_execution(execution));
                    }
                }
                ControlFlow::Continue(())
            },
        );
        if let Some(schedule) = best {
            return Some(Short {
                schedule,
                preemptions,
                is_smallest: done.is_complete(),
            });
        }
    }
    None
}
