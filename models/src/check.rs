//! One call that checks an allocator from outside, and hands over what was found.
//!
//! ```no_run
//! use logon_core::primitives::{Monitor, Primitives};
//! use logon_core::{Allocator, Observer, Server};
//! use logon_models::check::Check;
//! use logon_models::checker::Checker;
//! use logon_models::subject;
//!
//! /// Does every step as the provided one.
//! struct Plain<P: Primitives, O: Observer>(P::Monitor<Server<O>>);
//!
//! impl<P: Primitives, O: Observer> Allocator<P, O> for Plain<P, O> {
//!     fn around(server: Server<O>) -> Self {
//!         Plain(P::Monitor::new("server", server))
//!     }
//!
//!     fn server(&self) -> &P::Monitor<Server<O>> {
//!         &self.0
//!     }
//! }
//!
//! let report = Check::new(subject!(Plain))
//!     .in_preset("q245221")
//!     .under([Checker::Exhaustive, Checker::ShuttleRandom])
//!     .run()?;
//! report.assert_holds();
//! # Ok::<(), logon_models::checker::Fault>(())
//! ```
//!
//! # Where the checkers run
//!
//! All of them run in the calling process, for no other one knows the allocator. `exhaustive` and `random` run on the
//! calling thread, the others each on a thread of its own.
//!
//! - A deadlock that loom or shuttle reports is judged, as in a process of its own, and the others go on after it.
//! - A panic of the allocator ends the check with a [`Fault`].
//! - One that never comes to an end is given up two seconds after the time limit and is *incomplete*; its thread and
//!   what that holds stay behind. Only `exhaustive` and `random` cannot be given up: where a section never returns,
//!   neither do they.
//! - What ends the process ends the caller: a stack that overflows, `std::process::abort`, a destructor that panics.
//! - What is found is told by the report alone. A panic of the allocator goes to the hook of the process as any other,
//!   and shuttle adds lines of its own on standard error, which nothing in the process can keep back.
//!
//! # Replaying what was found
//!
//! `logon-check replay` knows the built-in variants alone, so a trace of any other allocator is replayed where the
//! allocator is known: by the command `replay` of a program whose `main` calls
//! [`cli::main_with`](../cli/fn.main_with.html), or by a call:
//!
//! ```
//! # use std::sync::Arc;
//! # use logon_core::Variant;
//! # use logon_models::scenario::Scenario;
//! # use logon_models::trace::Trace;
//! use logon_models::replay::{On, replay};
//!
//! # let report = logon_models::check::Check::new(Variant::LostWakeup).in_preset("q245221").run()?;
//! # let folder = tempfile::tempdir()?;
//! # let file = report.write(folder.path())?.remove(0).file.expect("it was written");
//! # let subject = Variant::LostWakeup;
//! let trace = Trace::load(&file)?;
//! let scenario = Arc::new(Scenario::parse(&trace.scenario.toml, "the trace")?);
//! let replayed = replay(&trace, &subject, &scenario, On::Sim, None)?;
//! assert_eq!(replayed.parting, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod report;
mod subject;

use std::sync::Arc;

pub use report::{Checked, Report};
pub use subject::kebab_case;

use crate::checker::{Checker, Effort, Fault, played, run_in_process};
use crate::explain::{Diligence, explain};
use crate::outcome::{Outcome, Verdict};
use crate::scenario::{Scenario, ScenarioError, presets};
use crate::stage::{AnySubject, Subject};
use crate::trace::Trace;

/// What to check, where, and by whom: an allocator in every preset, by the search of every state, unless something
/// else is said.
#[derive(Clone, Debug)]
pub struct Check {
    subject: AnySubject,
    scenarios: Vec<Result<Arc<Scenario>, ScenarioError>>,
    checkers: Vec<Checker>,
    limits: Limits,
}

/// What was said of the work; `None` is what each checker does by itself.
#[derive(Clone, Copy, Debug, Default)]
struct Limits {
    seed: Option<u64>,
    executions: Option<u64>,
    max_states: Option<u64>,
    memory: Option<u64>,
    seconds: Option<f64>,
    cpu_seconds: Option<f64>,
}

impl Check {
    /// Checks what `subject` builds; [`subject!`](crate::subject) makes one of an allocator.
    #[must_use]
    pub fn new(subject: impl Subject + 'static) -> Self {
        Check {
            subject: AnySubject::new(subject),
            scenarios: Vec::new(),
            checkers: vec![Checker::Exhaustive],
            limits: Limits::default(),
        }
    }

    /// Checks it in the built-in scenario of this name, and in no other one that is not named as well. A name that
    /// there is not is an error of [`Check::run`].
    #[must_use]
    pub fn in_preset(mut self, name: &str) -> Self {
        self.scenarios.push(Scenario::preset(name).map(Arc::new));
        self
    }

    /// Checks it in `scenario`, and in no other one that is not named as well.
    #[must_use]
    pub fn in_scenario(mut self, scenario: impl Into<Arc<Scenario>>) -> Self {
        self.scenarios.push(Ok(scenario.into()));
        self
    }

    /// Checks it in every built-in scenario, as it does where none is named, and in those that are named besides.
    #[must_use]
    pub fn in_all_presets(mut self) -> Self {
        let all = presets()
            .iter()
            .map(|preset| Ok(Arc::new(preset.scenario())));
        self.scenarios.extend(all);
        self
    }

    /// Lets these checkers look, in this order, instead of `exhaustive`.
    #[must_use]
    pub fn under(mut self, checkers: impl IntoIterator<Item = Checker>) -> Self {
        self.checkers = checkers.into_iter().collect();
        self
    }

    /// The seed of every random choice; 1 if it is not said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.limits.seed = Some(seed);
        self
    }

    /// How many executions each checker runs that runs executions; see [`Effort::usual`] for how many if it is not
    /// said.
    #[must_use]
    pub fn executions(mut self, executions: u64) -> Self {
        self.limits.executions = Some(executions);
        self
    }

    /// After how many states a checker stops that visits states.
    #[must_use]
    pub fn max_states(mut self, states: u64) -> Self {
        self.limits.max_states = Some(states);
        self
    }

    /// At how many bytes of memory, taken since it began, a checker stops that visits states.
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.limits.memory = Some(bytes);
        self
    }

    /// After how many seconds of wall-clock time each checker stops in each scenario; see [`Effort::usual`] for how
    /// many if it is not said. It decides no verdict: whoever is stopped is incomplete.
    #[must_use]
    pub fn time_limit(mut self, seconds: f64) -> Self {
        self.limits.seconds = Some(seconds);
        self
    }

    /// After how many seconds of processor time each checker stops in each scenario: of its own thread, but of the whole
    /// process for real threads. Whoever hangs is given up by [`Check::time_limit`] alone. It decides no verdict: whoever
    /// is stopped is incomplete.
    #[must_use]
    pub fn cpu_limit(mut self, seconds: f64) -> Self {
        self.limits.cpu_seconds = Some(seconds);
        self
    }

    /// Checks it, scenario by scenario, under each checker that holds the scenario's actors, and explains the first
    /// counterexample in each.
    ///
    /// # Errors
    ///
    /// [`Fault`] when something other than a property went wrong: a scenario that there is not, or none that any of the
    /// checkers holds; an allocator that panics or breaks a rule of the primitives; a tool that failed; or a checker
    /// that has found what a complete search says is not there.
    pub fn run(&self) -> Result<Report, Fault> {
        let Limits {
            seconds,
            cpu_seconds,
            ..
        } = self.limits;
        for (limit, name) in [(seconds, "time_limit"), (cpu_seconds, "cpu_limit")] {
            if let Some(seconds) = limit.filter(|limit| !(limit.is_finite() && *limit > 0.0)) {
                return Err(Fault::new(format!(
                    "a time limit of {seconds} seconds makes no sense; give a positive number, or leave `{name}` out"
                )));
            }
        }
        let mut scenarios = self.scenarios.clone();
        if scenarios.is_empty() {
            scenarios = self.clone().in_all_presets().scenarios;
        }
        let mut places = Vec::new();
        for scenario in scenarios {
            let scenario = scenario.map_err(|error| Fault::new(error.to_string()))?;
            places.push(self.checked(&scenario)?);
        }
        if places.iter().all(|place| place.verdicts.is_empty()) {
            let checkers: Vec<&str> = self.checkers.iter().map(|checker| checker.name()).collect();
            return Err(Fault::new(match checkers.is_empty() {
                true => "no checker is named; name one, or leave `under` out".to_owned(),
                false => format!(
                    "no scenario has so few actors that {} holds it",
                    checkers.join(" or ")
                ),
            }));
        }
        Ok(Report {
            subject: self.subject.name().to_owned(),
            places,
        })
    }

    /// What the checkers say of one scenario.
    fn checked(&self, scenario: &Arc<Scenario>) -> Result<Checked, Fault> {
        let scenario = &played(scenario)?;
        let (able, left_out): (Vec<Checker>, Vec<Checker>) = self
            .checkers
            .iter()
            .copied()
            .partition(|checker| checker.can_run(scenario));
        let mut verdicts: Vec<(Checker, Outcome)> = Vec::new();
        for checker in able {
            let effort = self.effort(checker);
            let outcome = run_in_process(checker, &self.subject, scenario, &effort);
            verdicts.push((
                checker,
                outcome.map_err(|fault| self.named(checker, scenario, &fault))?,
            ));
        }
        self.agree(scenario, &verdicts)?;
        let counterexample = self.explained(scenario, &verdicts)?;
        Ok(Checked {
            scenario: Arc::clone(scenario),
            verdicts,
            left_out,
            counterexample,
        })
    }

    fn effort(&self, checker: Checker) -> Effort {
        let usual = Effort::usual(checker);
        let Limits {
            seed,
            executions,
            max_states,
            memory,
            seconds,
            cpu_seconds,
        } = self.limits;
        Effort {
            seed: seed.unwrap_or(usual.seed),
            executions: executions.unwrap_or(usual.executions),
            max_states: max_states.or(usual.max_states),
            memory_limit: memory.or(usual.memory_limit),
            time_limit: seconds.or(usual.time_limit),
            cpu_limit: cpu_seconds.or(usual.cpu_limit),
            ..usual
        }
    }

    /// A sampler that is as sequentially consistent as a complete search must not find what that says is not there.
    fn agree(&self, scenario: &Scenario, verdicts: &[(Checker, Outcome)]) -> Result<(), Fault> {
        let of = |wanted: Verdict| {
            let said = verdicts
                .iter()
                .filter(move |(_, outcome)| outcome.verdict == wanted);
            said.map(|(checker, _)| *checker)
        };
        let complete = of(Verdict::Holds).find(|checker| checker.visits_states());
        let found = of(Verdict::Violated).find(|checker| *checker != Checker::Loom);
        match (complete, found) {
            (Some(complete), Some(found)) => Err(Fault::new(format!(
                "{found} found a violation of {} in {}, and {complete} visited every state without one: one of the \
                 two is wrong",
                self.subject.name(),
                scenario.name
            ))),
            _ => Ok(()),
        }
    }

    /// The counterexample of whoever found a shortest one, or found one first.
    fn explained(
        &self,
        scenario: &Arc<Scenario>,
        verdicts: &[(Checker, Outcome)],
    ) -> Result<Option<Trace>, Fault> {
        let mut found: Vec<_> = verdicts
            .iter()
            .filter_map(|(checker, outcome)| Some((*checker, outcome.finding.as_ref()?)))
            .collect();
        found.sort_by_key(|(checker, _)| !checker.visits_states());
        let Some((checker, finding)) = found.first() else {
            return Ok(None);
        };
        let trace = explain(
            &self.subject,
            scenario,
            finding,
            *checker,
            Diligence::default(),
        );
        trace
            .map(Some)
            .map_err(|fault| self.named(*checker, scenario, &fault))
    }

    fn named(&self, checker: Checker, scenario: &Scenario, fault: &Fault) -> Fault {
        Fault::new(format!(
            "{checker} for {} in {}: {fault}",
            self.subject.name(),
            scenario.name
        ))
    }
}
