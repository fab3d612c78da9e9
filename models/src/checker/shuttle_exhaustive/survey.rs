//! The search: breadth first over states, one execution for each step between two of them.
//!
//! Each execution follows the way on which a state was first reached, shows that it is this state again, takes
//! one step more, and ends. States are expanded and steps are taken in the order of the own runtime's search,
//! so the two agree also where a violation ends them early.

use std::collections::{BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    Fault, FaultKind, HostedStates, Schedule, ScheduledStep, Standing, StateId, Symmetry, counted,
};

use super::super::limit::told;
use super::follow::{Follow, general, unrepeatable};
use super::{End, Onlooker, Question, Surveyed};
use crate::backend::{Published, Recorder};
use crate::judge::Violation;

/// Why a search that has seen everything may still claim nothing.
pub(super) const CYCLES: &str =
    "a cycle of states: whether it is fair, `exhaustive` judges and this checker does not";

/// A state that was reached and not expanded.
struct Open {
    id: StateId,
    depth: u32,
    standings: Vec<Standing>,
    enabled: Vec<usize>,
}

/// A state that is being expanded.
struct Expansion {
    state: Open,
    path: Vec<usize>,
    /// Where the steps taken so far led.
    steps: Vec<(usize, StateId)>,
}

/// A state that was merged with one reached before, to be expanded besides it.
struct Merged {
    of: StateId,
    path: Vec<usize>,
    enabled: Vec<usize>,
    /// Where the steps taken so far led; `None` is a state that was never reached.
    found: Vec<Option<StateId>>,
}

/// What the execution under way is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    /// To see the beginning.
    Begin,
    /// To take a step from the state under expansion.
    Step,
    /// To take a step from the merged state that is being looked at.
    Merged,
}

/// A search under way.
pub(super) struct Survey {
    question: Question,
    published: Arc<Published>,
    states: Option<HostedStates>,
    open: VecDeque<Open>,
    expansion: Option<Expansion>,
    merged: Vec<Merged>,
    /// The states with a verdict that does not count.
    fallen: BTreeSet<StateId>,
    done: Surveyed,
    end: Option<End>,
    job: Job,
    execution: Follow,
}

impl Survey {
    pub(super) fn new(question: Question) -> Self {
        Self {
            question,
            published: Published::new(),
            states: None,
            open: VecDeque::new(),
            expansion: None,
            merged: Vec::new(),
            fallen: BTreeSet::new(),
            done: Surveyed::default(),
            end: None,
            job: Job::Begin,
            execution: Follow::new(Vec::new(), None),
        }
    }

    pub(super) fn published(&self) -> &Arc<Published> {
        &self.published
    }

    /// What was found; to be asked when there is no next execution.
    pub(super) fn finish(self) -> Surveyed {
        let mut done = self.done;
        done.end = self.end.unwrap_or(End::Complete);
        if let Some(states) = self.states {
            done.states = states.states();
            done.transitions = states.transitions();
            done.fingerprint = states.fingerprint();
            done.bytes = states.bytes();
        }
        done
    }

    /// Decides what the next execution is for; breaks if there is none.
    pub(super) fn next_execution(&mut self) -> ControlFlow<()> {
        if self.states.is_some() {
            match self.next_job() {
                Ok(Some((job, execution))) => (self.job, self.execution) = (job, execution),
                Ok(None) => {}
                Err(fault) => self.end = Some(End::Fault(told(&fault))),
            }
        }
        if self.end.is_some() {
            return ControlFlow::Break(());
        }
        self.done.executions += 1;
        ControlFlow::Continue(())
    }

    /// The next job; `None` if the search has ended.
    fn next_job(&mut self) -> Result<Option<(Job, Follow)>, Box<Fault>> {
        while self.end.is_none() {
            let Some(expansion) = &mut self.expansion else {
                match self.open.pop_front() {
                    Some(state) => self.expand(state),
                    None => match self.next_merged()? {
                        Some(execution) => return Ok(Some((Job::Merged, execution))),
                        None => self.conclude(),
                    },
                }
                continue;
            };
            let taken = expansion.steps.len();
            if let Some(&place) = expansion.state.enabled.get(taken) {
                let execution = Follow::new(expansion.path.clone(), Some(place));
                return Ok(Some((Job::Step, execution)));
            }
            let (id, steps) = (expansion.state.id, std::mem::take(&mut expansion.steps));
            self.expansion = None;
            self.known().expanded(id, &steps);
        }
        Ok(None)
    }

    fn expand(&mut self, state: Open) {
        let bytes = self.known().bytes();
        if let ControlFlow::Break(limit) = (self.question.monitor)(bytes) {
            self.end = Some(End::Limit(limit));
        }
        self.expansion = Some(Expansion {
            path: self.known().path(state.id),
            state,
            steps: Vec::new(),
        });
    }

    /// The next step from a merged state; asked when all states have been expanded.
    fn next_merged(&mut self) -> Result<Option<Follow>, Box<Fault>> {
        while let Some(merged) = self.merged.last() {
            if let Some(&place) = merged.enabled.get(merged.found.len()) {
                return Ok(Some(Follow::new(merged.path.clone(), Some(place))));
            }
            let (of, found) = (merged.of, merged.found.clone());
            self.merged.pop();
            self.done.compared += 1;
            self.known().compare(of, &found)?;
        }
        Ok(None)
    }

    fn conclude(&mut self) {
        self.end = Some(if self.known().have_a_cycle() {
            End::Limit(CYCLES.to_owned())
        } else {
            End::Complete
        });
    }

    fn known(&mut self) -> &mut HostedStates {
        let states = self.states.as_mut();
        states.expect("the first execution has begun")
    }

    /// An execution begins with these actors, given by name and class.
    pub(super) fn begin(&mut self, actors: impl Iterator<Item = (String, String)>) {
        let symmetry: &Symmetry = &self.question.symmetry;
        self.states
            .get_or_insert_with(|| HostedStates::new(symmetry.clone(), actors));
    }

    /// Nobody is in the middle of a step: who takes the next one. Breaks if the state is to be looked at.
    pub(super) fn quiet(&mut self) -> ControlFlow<(), usize> {
        if self.end.is_some() {
            return ControlFlow::Break(());
        }
        match self.next_step() {
            Ok(Some(place)) => ControlFlow::Continue(place),
            Ok(None) => ControlFlow::Break(()),
            Err(fault) => {
                self.end = Some(End::Fault(told(&fault)));
                ControlFlow::Break(())
            }
        }
    }

    fn next_step(&mut self) -> Result<Option<usize>, Box<Fault>> {
        if let Some(name) = self.published.late_object() {
            return Err(general(FaultKind::LateObject(name)));
        }
        let states = self.states.as_mut().expect("the execution has begun");
        self.execution.settle(&self.published, states)?;
        if self.execution.is_at_path_end() {
            self.recognize()?;
        }
        let states = self.states.as_ref().expect("the execution has begun");
        self.execution.advance(&self.published, states)
    }

    /// The path must have led to the state it led to before.
    fn recognize(&mut self) -> Result<(), Box<Fault>> {
        let states = self.states.as_mut().expect("the execution has begun");
        let mut found = || self.execution.number(&self.published, states);
        let is_it = match (self.job, &self.expansion, self.merged.last()) {
            (Job::Step, Some(Expansion { state, .. }), _) => {
                state.standings == self.execution.standings() && found()? == Some(state.id)
            }
            (Job::Merged, _, Some(merged)) => found()? == Some(merged.of),
            _ => true,
        };
        if is_it {
            return Ok(());
        }
        let expected = "the state it led to before".to_owned();
        Err(unrepeatable(expected, "another state"))
    }

    /// Looks at the state in which the execution stopped.
    pub(super) fn look(&mut self, onlooker: &dyn Onlooker, recorder: &Recorder) {
        if self.end.is_some() {
            return;
        }
        let noted = match self.job {
            Job::Begin | Job::Step => self.note_state(onlooker, recorder),
            Job::Merged => self.note_merged(),
        };
        if let Err(fault) = noted {
            self.end = Some(End::Fault(told(&fault)));
        }
    }

    fn note_merged(&mut self) -> Result<(), Box<Fault>> {
        let states = self.states.as_mut().expect("the execution has begun");
        let found = self.execution.number(&self.published, states)?;
        if let Some(merged) = self.merged.last_mut() {
            merged.found.push(found);
        }
        Ok(())
    }

    fn note_state(
        &mut self,
        onlooker: &dyn Onlooker,
        recorder: &Recorder,
    ) -> Result<(), Box<Fault>> {
        let states = self.states.as_mut().expect("the execution has begun");
        let from = self.expansion.as_ref().and_then(|expansion| {
            let place = expansion.state.enabled.get(expansion.steps.len())?;
            Some((expansion.state.id, *place))
        });
        let most = self.question.max_states;
        if let Some(most) = most.filter(|&most| states.states() >= most)
            && self.execution.number(&self.published, states)?.is_none()
        {
            let limit = format!("the limit of {}", counted(most, "state"));
            self.end = Some(End::Limit(limit));
            return Ok(());
        }
        let objects = self.published.objects();
        let (id, is_new) = states.reach(objects, self.execution.standings(), from)?;
        let is_drawn = states.is_drawn(self.question.seed, self.question.check_one_in);
        let mut depth = 0;
        if let (Some(expansion), Some((_, place))) = (&mut self.expansion, from) {
            expansion.steps.push((place, id));
            depth = expansion.state.depth + 1;
        }
        let enabled = self.execution.enabled(&self.published);
        let fallen = onlooker.in_state();
        if is_new {
            self.done.depth = self.done.depth.max(depth);
            let is_at_rest = fallen.is_empty() && enabled.is_empty();
            self.done.rests += u64::from(is_at_rest);
            // What follows a violation means nothing, also of one that does not count.
            if self.judge(fallen, recorder) {
                self.fallen.insert(id);
            } else if is_at_rest {
                self.judge(onlooker.at_rest(), recorder);
            } else {
                self.open.push_back(Open {
                    id,
                    depth,
                    standings: self.execution.standings().to_vec(),
                    enabled,
                });
            }
        } else if is_drawn {
            states.compare_verdicts(self.fallen.contains(&id), !fallen.is_empty())?;
            if fallen.is_empty() {
                self.merged.push(Merged {
                    of: id,
                    path: self.execution.whole_path(),
                    enabled,
                    found: Vec::new(),
                });
            }
        }
        Ok(())
    }

    /// Whether there is a violation; one that counts ends the search.
    fn judge(&mut self, violations: Vec<Violation>, recorder: &Recorder) -> bool {
        if violations.is_empty() {
            return false;
        }
        if (self.question.counts)(&violations) {
            let steps = recorder.steps();
            self.end = Some(End::Violated {
                violations,
                schedule: Schedule {
                    steps: steps.iter().map(ScheduledStep::from).collect(),
                },
            });
        } else {
            self.done.passed_over += 1;
        }
        true
    }
}
