//! The checkers: each runs one variant in one scenario and says what it saw.

mod alarm;
mod cpu;
mod exhaustive;
mod foreign;
mod interrupted;
mod limit;
mod loom;
mod memory;
mod own_thread;
mod play;
mod progress;
mod random;
mod reached;
mod served;
mod shuttle;
pub mod shuttle_exhaustive;
mod threads;
mod time;
mod unseen;
mod warning;

use std::fmt;
use std::sync::Arc;

pub use logon_sim::Deadline;
use logon_sim::Sampler;

use crate::judge::Violation;
use crate::outcome::{Coverage, Outcome};
use crate::scenario::{Scenario, ScenarioError};
use crate::stage::Subject;
use serde::{Deserialize, Serialize};

pub(crate) use alarm::{is_false, settled};
pub use cpu::CpuTime;
#[cfg(feature = "cli")]
pub(crate) use exhaustive::UNTIL_VIOLATION;
pub(crate) use exhaustive::visiting;
pub use exhaustive::{CLAIM, exhaustive, search};
pub(crate) use interrupted::{cut_off, stopped};
pub use limit::Fault;
#[cfg(feature = "cli")]
pub(crate) use loom::WITHOUT_BOUND;
pub use loom::loom;
pub(crate) use loom::{CAVEAT as LOOM_CAVEAT, MOST_ACTORS, MOST_BRANCHES};
pub use memory::Memory;
pub(crate) use own_thread::run_in_process;
pub(crate) use play::fallen;
pub use play::{Jury, Play};
pub(crate) use progress::own_limit;
pub use progress::{Progress, reports_deadlock};
pub use random::random;
use random::sampled;
pub(crate) use reached::unreached;
pub use reached::{Survey, reached};
pub use served::{Served, served};
pub use shuttle::shuttle;
pub use shuttle_exhaustive::shuttle_exhaustive;
pub use threads::threads;
pub(crate) use time::TimeLimits;
#[cfg(feature = "cli")]
pub(crate) use unseen::hold_back;
pub(crate) use unseen::unseen;

/// What `pct` looks for: as many changes of a priority as `shuttle-pct` makes.
const PCT: Sampler = Sampler::Pct { depth: 3 };

macro_rules! checkers {
    ($($checker:ident $name:literal $sentence:literal;)*) => {
        /// A checker.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Checker {
            $(#[doc = $sentence] $checker,)*
        }

        impl Checker {
            /// Every checker.
            pub const ALL: &'static [Checker] = &[$(Checker::$checker,)*];

            /// Its name, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Checker::$checker => $name,)* }
            }

            /// What it does, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Checker::$checker => $sentence,)* }
            }
        }
    };
}

checkers! {
    Exhaustive "exhaustive" "The own deterministic runtime; every reachable state, each once.";
    Random "random" "The own deterministic runtime; each step chosen at random from a seed.";
    Pct "pct" "The own deterministic runtime; random priorities that change twice, as in the paper but for a few points.";
    Pos "pos" "The own deterministic runtime; a random priority for each operation, drawn anew where an order was decided.";
    Urw "urw" "The own deterministic runtime; each actor in proportion to the steps it has left.";
    Loom "loom" "loom 0.7.3: a memory model, and all interleavings within a bound on preemptions that it does not miss.";
    ShuttleRandom "shuttle-random" "shuttle 0.9.9; each step chosen at random.";
    ShuttlePct "shuttle-pct" "shuttle 0.9.9; random priorities with few changes.";
    ShuttleUrw "shuttle-urw" "shuttle 0.9.9; a random walk meant to be uniform over interleavings.";
    ShuttleDfs "shuttle-dfs" "shuttle 0.9.9; depth first, without reduction.";
    ShuttleExhaustive "shuttle-exhaustive" "shuttle 0.9.9; every reachable state, each once.";
    Std "std" "Real threads with scheduling noise.";
}

impl Checker {
    /// Runs this checker in this process.
    ///
    /// loom and shuttle may abort the process or write to its output, and real threads may hang it:
    /// [`crate::cell`] runs them in a process of their own.
    ///
    /// # Errors
    ///
    /// [`Fault`] when something other than a property went wrong.
    pub fn run<S: Subject + Clone + 'static>(
        self,
        subject: &S,
        scenario: &Arc<Scenario>,
        effort: &Effort,
        progress: &Arc<Progress>,
    ) -> Result<Outcome, Fault> {
        progress.count_only(effort.property.clone());
        match self {
            Checker::Exhaustive => exhaustive(subject, scenario, effort),
            Checker::Random => random(subject, scenario, effort),
            Checker::Pct => sampled(self, PCT, subject, scenario, effort),
            Checker::Pos => sampled(self, Sampler::Pos, subject, scenario, effort),
            Checker::Urw => sampled(self, Sampler::Urw, subject, scenario, effort),
            Checker::Loom => loom(subject, scenario, effort, progress),
            Checker::ShuttleRandom
            | Checker::ShuttlePct
            | Checker::ShuttleUrw
            | Checker::ShuttleDfs => shuttle(self, subject, scenario, effort, progress),
            Checker::ShuttleExhaustive => shuttle_exhaustive(subject, scenario, effort, progress),
            Checker::Std => threads(subject, scenario, effort, progress),
        }
    }

    /// The checker of this name.
    pub fn named(name: &str) -> Option<Checker> {
        Checker::ALL
            .iter()
            .copied()
            .find(|checker| checker.name() == name)
    }

    /// What to say of the coverage of a run that a violation ended: it claims nothing beyond the executions
    /// that were run.
    pub fn coverage_of_a_finding(self) -> Coverage {
        match self {
            Checker::Exhaustive | Checker::ShuttleExhaustive | Checker::Loom => {
                Coverage::Bounded("until the violation".to_owned())
            }
            _ => Coverage::Sampled("until the violation".to_owned()),
        }
    }

    /// Whether it runs in a child process, because it may abort, hang, or write where it should not.
    pub fn needs_child(self) -> bool {
        self != Checker::Exhaustive && self != Checker::Random && !self.is_by_name_alone()
    }

    /// Whether it runs only where it is asked for by name: it is no part of the matrix.
    pub fn is_by_name_alone(self) -> bool {
        matches!(self, Checker::Pct | Checker::Pos | Checker::Urw)
    }

    /// Those of the matrix.
    pub fn of_matrix() -> impl Iterator<Item = Checker> {
        let all = Checker::ALL.iter().copied();
        all.filter(|checker| !checker.is_by_name_alone())
    }

    /// Whether it visits states, and keeps which it has seen.
    pub fn visits_states(self) -> bool {
        matches!(self, Checker::Exhaustive | Checker::ShuttleExhaustive)
    }

    /// Whether it has a memory model: whether it sees what words allow that are used with orders weaker than `SeqCst`.
    pub fn has_memory_model(self) -> bool {
        self == Checker::Loom
    }

    /// How many actors it holds besides the harness, if it has a limit.
    pub fn most_actors(self) -> Option<usize> {
        (self == Checker::Loom).then_some(MOST_ACTORS)
    }

    /// Whether it knows that time passes only when nobody can act: those on the own runtime do.
    pub fn has_time(self) -> bool {
        matches!(
            self,
            Checker::Exhaustive | Checker::Random | Checker::Pct | Checker::Pos | Checker::Urw
        )
    }

    /// Whether it can run this scenario.
    pub fn can_run(self, scenario: &Scenario) -> bool {
        self.expect_can_run(scenario).is_ok()
    }

    /// Refuses a scenario that it cannot run.
    ///
    /// # Errors
    ///
    /// What the scenario has that this checker has not, and what does.
    pub fn expect_can_run(self, scenario: &Scenario) -> Result<(), ScenarioError> {
        if let Some(time) = scenario.time.filter(|_| !scenario.arrivals.is_empty()) {
            scenario.drawn(time.seed)?;
        }
        if scenario.time.is_some() && !self.has_time() {
            let others = Checker::ALL.iter().filter(|other| other.has_time());
            let others: Vec<&str> = others.map(|other| other.name()).collect();
            return Err(scenario.needs_time(self.name(), &others.join(", ")));
        }
        match self.most_actors() {
            Some(most) => scenario.check_fits(most, self.name()),
            None => Ok(()),
        }
    }
}

/// The scenario as the checkers play it: with its clients [drawn](Scenario::drawn), if it says how.
pub(crate) fn played(scenario: &Arc<Scenario>) -> Result<Arc<Scenario>, Fault> {
    let drawn = scenario.as_played();
    drawn.map_err(|error| Fault::new(error.to_string()))
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much work a checker may do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effort {
    /// The seed of every random choice.
    pub seed: u64,
    /// How many executions: exactly so many for a checker that samples, at most so many for one that
    /// enumerates.
    pub executions: u64,
    /// loom alone: the preemption bounds, each explored after the one before is done; `None` is no bound. Where
    /// it comes after a bound it is given few executions: it ends soon, or not for a long time.
    pub preemption_bounds: Vec<Option<usize>>,
    /// The one property that counts, if not all do: an execution in which another one falls first is passed
    /// over, for what an allocator does after that means nothing.
    #[serde(default)]
    pub property: Option<String>,
    /// Those that visit states: whether states that differ in names alone are merged.
    #[serde(default = "yes")]
    pub symmetry: bool,
    /// Those that visit states: whether many executions from scratch follow a complete search, to notice what an
    /// allocator hides from it. Without, there are few: for a search whose "holds" nobody is told.
    #[serde(default = "yes")]
    pub second_looks: bool,
    /// Those that visit states: after how many to stop.
    #[serde(default)]
    pub max_states: Option<u64>,
    /// Those that visit states: at how many bytes of memory, taken since the start, to stop; `None` is
    /// [`logon_sim::default_memory_limit`].
    #[serde(default)]
    pub memory_limit: Option<u64>,
    /// After how many seconds of wall-clock time the checker stops and reports what it did.
    pub time_limit: Option<f64>,
    /// After how many seconds of processor time it does, of the thread that checks; of the process, for real threads and
    /// in a child.
    #[serde(default)]
    pub cpu_limit: Option<f64>,
}

impl Effort {
    /// The work that `checker` does where nobody says how much: 1,000 executions, but 8,000 of loom and 100 of real
    /// threads; and at most 30 seconds, but 60 for those that visit states and for loom, and 10 for real threads.
    pub fn usual(checker: Checker) -> Self {
        let (executions, seconds) = match checker {
            Checker::Exhaustive | Checker::ShuttleExhaustive => (1_000, 60.0),
            // What it finds, it finds within 7,000; the clock must not decide what it says.
            Checker::Loom => (8_000, 60.0),
            Checker::Std => (100, 10.0),
            _ => (1_000, 30.0),
        };
        Effort {
            executions,
            time_limit: Some(seconds),
            ..Effort::default()
        }
    }

    /// Whether an execution with these violations counts: whether the first of them does.
    pub fn counts(&self, violations: &[Violation]) -> bool {
        violations.first().is_some_and(|first| {
            self.property
                .as_ref()
                .is_none_or(|wanted| wanted == first.property.name())
        })
    }
}

fn yes() -> bool {
    true
}

impl Default for Effort {
    fn default() -> Self {
        Effort {
            seed: 1,
            executions: 1_000,
            preemption_bounds: vec![Some(0), Some(1), Some(2), None],
            property: None,
            symmetry: true,
            second_looks: true,
            max_states: None,
            memory_limit: None,
            time_limit: None,
            cpu_limit: None,
        }
    }
}
