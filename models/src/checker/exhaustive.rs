//! The checker `exhaustive`: every reachable state on the own runtime.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    Cycle, Obligation, Order, Program, Progress, Schedule, Search, SharedState, Space, SpaceEnd,
    StateWatch, Violation as Way, WordOrders, counted, default_memory_limit,
};

use super::play::{Jury, Noted, fallen};
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, Memory, Play, TimeLimits, played};
use crate::judge::{Property, Violation};
use crate::outcome::{Coverage, Finding, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Cast, Reached, Subject, symmetry};

/// What a complete search may claim, and under which assumptions.
pub const CLAIM: &str = "every reachable state, sequential consistency, weak fairness";

/// How far a search looked that a state has ended. No execution to a state in which something falls takes fewer steps.
pub(crate) const UNTIL_VIOLATION: &str = "breadth first, until the violation";

impl StateWatch for Jury {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<Vec<Violation>> {
        let server = state.monitor(self.stage().server());
        let violations = server.observer().judge.violations();
        (!violations.is_empty()).then(|| violations.to_vec())
    }

    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        let judge = &state.monitor(self.stage().server()).observer().judge;
        let standing = judge.outstanding().into_iter();
        standing.map(|property| property as u32).collect()
    }

    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<Vec<Violation>> {
        let judge = &cycle.state.monitor(self.stage().server()).observer().judge;
        match cycle.obligation {
            Obligation::Stated(number) => {
                let property = *Property::ALL.get(number as usize)?;
                Some(judge.starved(property))
            }
            Obligation::End(actor) => self.stage().never_ends(actor.index(), judge),
        }
    }
}

/// Visits every reachable state of `subject` in `scenario`, until a property falls.
///
/// # Errors
///
/// [`Fault`] when the subject panics, breaks a rule of the primitives, or is not what the symmetry declares.
pub fn exhaustive<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Outcome, Fault> {
    let scenario = &played(scenario)?;
    let cpu = CpuTime::start();
    let memory = Memory::start();
    let time = TimeLimits::of(effort);
    let reached = Reached::collecting(scenario);
    let noted = Noted {
        play: Play::new(subject, scenario),
        reached: &reached,
    };
    let space = search_of(&noted, subject, scenario, effort, &mut |_| time.look());
    let peak = memory.peak();
    let outcome = outcome(space, scenario, &merging(subject, effort), &cpu, peak)?;
    Ok(Outcome {
        reached: Some(reached.collected()),
        ..outcome
    })
}

/// How many states are expanded between two looks at the memory: a look costs as much as a few of them.
const BETWEEN_LOOKS: u64 = 16;

/// What may end a search early that does not look at its memory itself.
pub(super) struct Limits {
    time: TimeLimits,
    memory: Memory,
    memory_limit: u64,
    expanded: u64,
}

/// The memory that a checker which visits states may take, in bytes.
fn memory_limit(effort: &Effort) -> u64 {
    effort.memory_limit.unwrap_or_else(default_memory_limit)
}

impl Limits {
    pub(super) fn of(effort: &Effort) -> Self {
        Limits {
            time: TimeLimits::of(effort),
            memory: Memory::start(),
            memory_limit: memory_limit(effort),
            expanded: 0,
        }
    }

    /// Asked before each state is expanded, with the bytes of what has been seen.
    pub(super) fn look(&mut self, bytes: u64) -> ControlFlow<String> {
        self.time.look()?;
        self.expanded += 1;
        if !self.expanded.is_multiple_of(BETWEEN_LOOKS) {
            return ControlFlow::Continue(());
        }
        let taken = self.memory.growth().unwrap_or(0).max(bytes);
        if taken > self.memory_limit {
            let megabytes = self.memory_limit as f64 / 1e6;
            return ControlFlow::Break(format!("the memory limit of {megabytes} MB"));
        }
        ControlFlow::Continue(())
    }
}

/// The effort, without merging states where the subject does not say that it may be done.
pub(super) fn merging<S: Subject>(subject: &S, effort: &Effort) -> Effort {
    Effort {
        symmetry: effort.symmetry && subject.is_symmetric(),
        ..effort.clone()
    }
}

/// The search of this checker, for whoever wants more of it than an outcome.
pub fn search<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    monitor: &mut dyn FnMut(&Progress) -> ControlFlow<String>,
) -> Space<Vec<Violation>> {
    let drawn = scenario.as_played();
    let scenario = &drawn.unwrap_or_else(|error| panic!("{error}"));
    let play = Play::new(subject, scenario);
    search_of(&play, subject, scenario, effort, monitor)
}

/// The same search of a program that plays this subject in this scenario.
fn search_of<S: Subject>(
    program: &impl Program<Watch = Jury>,
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    monitor: &mut dyn FnMut(&Progress) -> ControlFlow<String>,
) -> Space<Vec<Violation>> {
    let effort = &merging(subject, effort);
    let symmetry = symmetry(subject, scenario, &Arc::new(Cast::of(scenario)));
    let search = Search {
        symmetry: Some(if effort.symmetry {
            symmetry
        } else {
            symmetry.without_exchange()
        }),
        ..visiting(effort)
    };
    search.run_while(program, &|verdict| effort.counts(verdict), monitor)
}

/// How a search with this effort visits states; what it merges is left open.
pub(crate) fn visiting(effort: &Effort) -> Search {
    Search {
        order: Order::BreadthFirst,
        max_states: effort.max_states,
        max_bytes: Some(memory_limit(effort)),
        seed: effort.seed,
        ..match effort.second_looks {
            true => Search::default(),
            false => Search::with_few_looks(),
        }
    }
}

/// The outcome of a complete search in which nothing fell that counts, but something else in `passed_over` states.
/// `sizes` are the states, the steps between them, and the bytes they took.
pub(super) fn visited(
    claim: &str,
    effort: &Effort,
    passed_over: u64,
    sizes: (u64, u64, u64),
    cpu: &CpuTime,
    peak: Option<u64>,
) -> Outcome {
    let (states, steps, bytes) = sizes;
    let symmetry = match effort.symmetry {
        true => "symmetry",
        false => "no symmetry",
    };
    let but = but(passed_over);
    Outcome {
        verdict: Verdict::Holds,
        coverage: Coverage::Exhaustive(Some(format!("{claim}, {symmetry}{but}"))),
        executions: None,
        states: Some(states),
        steps: Some(steps),
        preemption_bound: None,
        bytes: Some(bytes),
        peak_bytes: peak.map(|peak| peak.max(bytes)),
        cpu_seconds: cpu.seconds(),
        limit: None,
        orders: WordOrders::default(),
        warnings: Vec::new(),
        reached: None,
        sample: None,
        finding: None,
    }
}

/// What a search that counts one property leaves out.
fn but(passed_over: u64) -> String {
    match passed_over {
        0 => String::new(),
        other => format!(
            "; but nothing after {} in which another property fell",
            counted(other, "state")
        ),
    }
}

/// The same outcome of a search that a limit has stopped: it claims no more than it has seen.
pub(super) fn stopped(outcome: Outcome, passed_over: u64, limit: String) -> Outcome {
    let states = counted(outcome.states.unwrap_or(0), "state");
    Outcome {
        verdict: Verdict::Incomplete,
        coverage: Coverage::Bounded(format!(
            "the first {states}, breadth first{}",
            but(passed_over)
        )),
        limit: Some(limit),
        ..outcome
    }
}

fn outcome(
    space: Space<Vec<Violation>>,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    cpu: &CpuTime,
    peak: Option<u64>,
) -> Result<Outcome, Fault> {
    let seen = &space.progress;
    let sizes = (seen.states, seen.transitions, seen.bytes);
    let mut outcome = Outcome {
        orders: seen.orders,
        warnings: warnings(Checker::Exhaustive, seen.orders, scenario),
        ..visited(CLAIM, effort, seen.passed_over, sizes, cpu, peak)
    };
    match space.end {
        SpaceEnd::Complete => {}
        SpaceEnd::Limit(limit) => return Ok(stopped(outcome, seen.passed_over, limit)),
        SpaceEnd::Fault(fault) => return Err(Fault::of_search(&fault)),
        SpaceEnd::Violated(evidence) => {
            outcome.verdict = Verdict::Violated;
            outcome.coverage = match evidence.violation {
                Way::Step | Way::Rest => Coverage::Bounded(UNTIL_VIOLATION.to_owned()),
                Way::Cycle { loop_from } => Coverage::Exhaustive(Some(format!(
                    "every state; the steps from {loop_from} on repeat for ever"
                ))),
            };
            let schedule = Schedule::from_execution(&evidence.execution);
            let found = evidence
                .execution
                .verdict()
                .and_then(|violations| fallen(violations, &Cast::of(scenario)))
                .map(|fallen| Finding::new(fallen, schedule));
            let repeats_from = match evidence.violation {
                Way::Cycle { loop_from } => Some(loop_from),
                Way::Step | Way::Rest => None,
            };
            outcome.finding = found.map(|found| Finding {
                repeats_from,
                ..found
            });
        }
    }
    Ok(outcome)
}
