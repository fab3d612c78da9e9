//! The checker `shuttle-exhaustive`: every reachable state, on the real shuttle.
//!
//! The same search as `exhaustive`, by other primitives and other stack switching. Shuttle runs the program
//! from the start for each step between two states, under a scheduler that knows which of shuttle's switches
//! lie before an operation and which do not matter. What a state is, and when two are the same, is decided by
//! the same code, so the two checkers must agree in states, steps, fingerprint, verdict and length of the
//! shortest trace.
//!
//! # What it distrusts
//!
//! Every execution first shows that it has come to the state it started out for. A section that does two
//! things on one value after the same results, or an actor that goes on in two ways, is a fault: something is
//! remembered besides shared state and results, in a captured cell for example. One in so many states that
//! were merged is expanded besides the one it was merged with, and both must lead to the same states.
//!
//! # Limits
//!
//! Fair cycles are not judged: a program whose states lie on a cycle is reported as incomplete.

mod follow;
mod host;
mod survey;

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{Schedule, Symmetry};

use self::survey::{CYCLES, Survey};
use super::exhaustive::{Limits, UNTIL_VIOLATION, merging, stopped, visited};
use super::play::fallen;
use super::progress::Progress;
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, Memory};
use crate::backend::Shuttle;
use crate::judge::Violation;
use crate::outcome::Finding;
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Actor, Cast, Stage, Subject, symmetry};

/// What a complete search may claim. It judges no fairness, and needs none where nothing can go round for ever: a
/// program with a state on a cycle is incomplete.
const CLAIM: &str = "every reachable state, none on a cycle, sequential consistency";

/// A program that can be run again and again.
pub trait Program: Send + Sync + 'static {
    /// Creates the shared objects and the actors. It must do the same each time. The onlooker keeps the objects
    /// alive, also when every actor has come to its end.
    fn start(&self) -> (Box<dyn Onlooker>, Vec<Actor>);
}

impl<F: Fn() -> (Box<dyn Onlooker>, Vec<Actor>) + Send + Sync + 'static> Program for F {
    fn start(&self) -> (Box<dyn Onlooker>, Vec<Actor>) {
        self()
    }
}

/// Who judges the states of an execution. It looks from outside and takes no step.
pub trait Onlooker {
    /// What has fallen so far.
    fn in_state(&self) -> Vec<Violation>;

    /// What has fallen if nobody can go on anymore.
    fn at_rest(&self) -> Vec<Violation>;
}

impl Onlooker for Stage<Shuttle> {
    fn in_state(&self) -> Vec<Violation> {
        self.violations()
    }

    fn at_rest(&self) -> Vec<Violation> {
        self.judge_rest()
    }
}

/// Which violations end a search.
pub type Counts = Box<dyn Fn(&[Violation]) -> bool + Send>;

/// Shown how many bytes the states take before each one is expanded; may end the search with the name of a limit.
pub type Monitor = Box<dyn FnMut(u64) -> ControlFlow<String> + Send>;

/// What to search for, and how far.
pub struct Question {
    /// What is interchangeable.
    pub symmetry: Symmetry,
    /// Which violations end the search; a state with others is not expanded.
    pub counts: Counts,
    /// One in so many merged states is expanded besides the one it was merged with; 0 is none.
    pub check_one_in: u32,
    /// Which those are.
    pub seed: u64,
    /// After how many states to stop.
    pub max_states: Option<u64>,
    /// Who is told of the progress.
    pub monitor: Monitor,
}

/// How a search ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Every reachable state was seen, and nothing counted against any.
    #[default]
    Complete,
    /// These properties fell, at the end of this execution, found breadth first.
    Violated {
        /// What fell, the first first.
        violations: Vec<Violation>,
        /// The steps.
        schedule: Schedule,
    },
    /// This limit was reached.
    Limit(String),
    /// The program broke a rule.
    Fault(String),
}

/// What a search has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// How it ended.
    pub end: End,
    /// Different states.
    pub states: u64,
    /// Steps between them.
    pub transitions: u64,
    /// States in which nobody can go on.
    pub rests: u64,
    /// States in which something fell that does not count.
    pub passed_over: u64,
    /// Merged states looked at from the other side.
    pub compared: u64,
    /// How many steps the farthest state is away from the beginning.
    pub depth: u32,
    /// A number for the set of states: that of `exhaustive`, if the sets are the same.
    pub fingerprint: u64,
    /// Bytes of keys and graph.
    pub bytes: u64,
    /// How often shuttle ran the program.
    pub executions: u64,
}

/// Visits every reachable state of `program`.
///
/// # Errors
///
/// The message, if the program panics.
pub fn survey(
    program: impl Program,
    question: Question,
    progress: &Arc<Progress>,
) -> Result<Surveyed, Fault> {
    let done = host::run(program, Survey::new(question), progress).map_err(Fault::new)?;
    Ok(done.finish())
}

/// The search of this checker, for whoever wants more of it than an outcome.
///
/// # Errors
///
/// [`Fault`] when the subject panics.
pub fn survey_scenario<S: Subject + Clone + 'static>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    progress: &Arc<Progress>,
) -> Result<Surveyed, Fault> {
    let effort = &merging(subject, effort);
    let mut limits = Limits::of(effort);
    let symmetry = symmetry(subject, scenario, &Arc::new(Cast::of(scenario)));
    let counting = effort.clone();
    let question = Question {
        symmetry: if effort.symmetry {
            symmetry
        } else {
            symmetry.without_exchange()
        },
        counts: Box::new(move |violations| counting.counts(violations)),
        check_one_in: 100,
        seed: effort.seed,
        max_states: effort.max_states,
        monitor: Box::new(move |bytes| limits.look(bytes)),
    };
    let (subject, scenario) = (subject.clone(), Arc::clone(scenario));
    let program = move || -> (Box<dyn Onlooker>, Vec<Actor>) {
        let (stage, actors) = Stage::<Shuttle>::set(&subject, &scenario, false);
        (Box::new(stage), actors)
    };
    survey(program, question, progress)
}

/// Visits every reachable state of `subject` in `scenario` on shuttle, until a property falls.
///
/// # Errors
///
/// [`Fault`] when the subject panics or breaks a rule of the primitives.
pub fn shuttle_exhaustive<S: Subject + Clone + 'static>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    progress: &Arc<Progress>,
) -> Result<Outcome, Fault> {
    let (cpu, memory) = (CpuTime::start(), Memory::start());
    let effort = &merging(subject, effort);
    let done = survey_scenario(subject, scenario, effort, progress)?;
    let sizes = (done.states, done.transitions, done.bytes);
    let mut outcome = Outcome {
        executions: Some(done.executions),
        orders: progress.orders(),
        warnings: warnings(Checker::ShuttleExhaustive, progress.orders(), scenario),
        reached: None,
        ..visited(CLAIM, effort, done.passed_over, sizes, &cpu, memory.peak())
    };
    match done.end {
        End::Complete => {}
        End::Limit(limit) => {
            let on_a_cycle = limit == CYCLES;
            outcome = stopped(outcome, done.passed_over, limit);
            if on_a_cycle {
                outcome.coverage =
                    Coverage::Bounded("every reachable state, but no cycle of them".to_owned());
            }
        }
        End::Fault(fault) => return Err(Fault::new(fault)),
        End::Violated {
            violations,
            schedule,
        } => {
            outcome.verdict = Verdict::Violated;
            outcome.coverage = Coverage::Bounded(UNTIL_VIOLATION.to_owned());
            outcome.finding = fallen(&violations, &Cast::of(scenario))
                .map(|fallen| Finding::new(fallen, schedule));
        }
    }
    Ok(outcome)
}
