//! Whether a property falls in an instance: by a search of every state, and by executions at random.

use std::ops::ControlFlow;

use super::Tried;
use crate::deadline::Deadline;
use crate::execution::{End, Fault};
use crate::finding::Finding;
use crate::instance::Instance;
use crate::observed::explore;
use crate::schedule::Schedule;
use crate::scheduler::RandomWalk;
use crate::simulation::{Limits, Verdict};
use crate::space::{Search, SpaceEnd, Violation};

/// So many executions at random come before a search of every state: what falls easily need not be searched for.
const QUICKLY: u64 = 100;

/// How it is tried whether a property falls in an instance.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The property.
    pub property: String,
    /// Whether nothing counts but it from the beginning: an execution in which another one falls first is passed over.
    pub only: bool,
    /// How every state is visited. What is interchangeable says the instance; with [`Trial::merges`] false, nothing is.
    pub search: Search,
    /// Whether states are merged that the instance says are alike.
    pub merges: bool,
    /// After how many seconds of wall-clock time a search stops.
    pub seconds: Option<f64>,
    /// How many executions at random take the place of a search that comes to no end; without, none do, and none come
    /// before it. What is left then need not be the smallest.
    pub sample: Option<u64>,
    /// After how many instances it is left as it is.
    pub most: Option<usize>,
}

impl Trial {
    /// Whether the property falls in `instance`.
    pub(super) fn of<I: Instance>(&self, instance: &I) -> Result<Tried, Box<Fault>> {
        if self.sample.is_some()
            && let Some(finding) = self.sampled(instance, QUICKLY)?
        {
            return Ok(Tried::Falls(Box::new(finding)));
        }
        let first = self.visited(instance, self.only)?;
        match (first, self.sample) {
            (Visited::Falls(finding), _) if finding.property == self.property => {
                Ok(Tried::Falls(finding))
            }
            (Visited::Falls(other), _) => Ok(match self.visited(instance, true)? {
                Visited::Falls(finding) => Tried::Falls(finding),
                Visited::Holds(states) => Tried::AnotherFalls(other.property, states),
                Visited::Stopped(limit) => Tried::Incomplete(limit),
            }),
            (Visited::Holds(states), _) => Ok(Tried::Holds(states)),
            (Visited::Stopped(limit), None) => Ok(Tried::Incomplete(limit)),
            (Visited::Stopped(limit), Some(executions)) => {
                let sampled = self.sampled(instance, executions)?;
                Ok(sampled.map_or(Tried::Incomplete(limit), |finding| {
                    Tried::Falls(Box::new(finding))
                }))
            }
        }
    }

    fn counts<I: Instance>(&self, instance: &I, verdict: &Verdict<I>, only: bool) -> bool {
        !only || instance.fallen(verdict).property == self.property
    }

    /// What a search of every state comes to. Where nothing falls the instance is not taken, and where something does it
    /// is executed: nobody is told that an instance passes, so few second looks are enough.
    fn visited<I: Instance>(&self, instance: &I, only: bool) -> Result<Visited, Box<Fault>> {
        let symmetry = instance.symmetry();
        let search = Search {
            symmetry: match self.merges {
                true => symmetry,
                false => symmetry.map(crate::Symmetry::without_exchange),
            },
            ..self.search.clone()
        };
        let deadline = Deadline::after(self.seconds);
        let counts = |verdict: &Verdict<I>| self.counts(instance, verdict, only);
        let space = search.run_while(instance, &counts, &mut |_| deadline.look());
        match space.end {
            SpaceEnd::Complete => Ok(Visited::Holds(space.progress.states)),
            SpaceEnd::Limit(limit) => Ok(Visited::Stopped(limit)),
            SpaceEnd::Fault(fault) => Err(Box::new(fault)),
            SpaceEnd::Violated(evidence) => {
                let schedule = Schedule::from_execution(&evidence.execution);
                let verdict = evidence.execution.verdict();
                let verdict = verdict.expect("the execution of a violation ends with it");
                let repeats_from = match evidence.violation {
                    Violation::Cycle { loop_from } => Some(loop_from),
                    Violation::Step | Violation::Rest => None,
                };
                Ok(Visited::Falls(Box::new(Finding {
                    repeats_from,
                    ..Finding::new(instance.fallen(verdict), schedule)
                })))
            }
        }
    }

    /// The property falling in one of so many executions at random, if it does.
    fn sampled<I: Instance>(
        &self,
        instance: &I,
        executions: u64,
    ) -> Result<Option<Finding>, Box<Fault>> {
        let deadline = Deadline::after(self.seconds);
        let mut found: Result<Option<Finding>, Box<Fault>> = Ok(None);
        explore(
            instance,
            &mut RandomWalk::new(self.search.seed),
            Limits::executions(executions),
            |execution| {
                match &execution.end {
                    End::Stopped { verdict, .. } if self.counts(instance, verdict, self.only) => {
                        let fallen = instance.fallen(verdict);
                        let schedule = Schedule::from_execution(execution);
                        let is_meant = fallen.property == self.property;
                        found = Ok(is_meant.then(|| Finding::new(fallen, schedule)));
                        return ControlFlow::Break(());
                    }
                    End::Fault(fault) => {
                        found = Err(Box::new(fault.clone()));
                        return ControlFlow::Break(());
                    }
                    _ => {}
                }
                match deadline.has_passed() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            },
        );
        found
    }
}

/// What a search of every state comes to.
enum Visited {
    /// Something falls that counts.
    Falls(Box<Finding>),
    /// Nothing does in any of so many states.
    Holds(u64),
    /// This limit stopped it.
    Stopped(String),
}
