//! One call that checks a program of one's own: every state, or else executions drawn by a sampler, and a counterexample that
//! explains itself.

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use crate::artefact::{self, Written};
use crate::classes::Classes;
use crate::counted::counted;
use crate::deadline::Deadline;
use crate::execution::End;
use crate::explain::{Diligence, Finder, explain};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::instance::Instance;
use crate::observed::explore;
use crate::orders::WordOrders;
use crate::render::{self, TextOptions};
use crate::sample::Sample;
use crate::schedule::Schedule;
use crate::scheduler::Sampler;
use crate::simulation::{Limits, Stop, Verdict};
use crate::space::{Search, SpaceEnd, Violation};
use crate::trace::Trace;

/// So many executions at random come after a search that a limit has stopped, if nothing else is said.
const EXECUTIONS: u64 = 10_000;

/// A check of a program.
///
/// Every reachable state is visited, breadth first, so the first violation is one of fewest steps. Where a limit stops
/// that, executions that a [`Sampler`] draws look further; what they do not find is not shown to hold, and the report is *incomplete*.
#[derive(Clone, Debug)]
pub struct Check<I> {
    instance: I,
    search: Search,
    executions: u64,
    sampler: Sampler,
    seconds: Option<f64>,
    diligence: Diligence,
}

impl<I: Instance> Check<I> {
    /// A check without limits but that on memory: see [`Search::max_bytes`].
    #[must_use]
    pub fn new(instance: I) -> Self {
        Check {
            instance,
            search: Search::default(),
            executions: EXECUTIONS,
            sampler: Sampler::default(),
            seconds: None,
            diligence: Diligence::default(),
        }
    }

    /// Visits at most so many states.
    #[must_use]
    pub fn max_states(mut self, states: u64) -> Self {
        self.search.max_states = Some(states);
        self
    }

    /// Stops after so many seconds of wall-clock time. It decides no verdict: whoever is stopped is incomplete.
    #[must_use]
    pub fn time_limit(mut self, seconds: f64) -> Self {
        self.seconds = Some(seconds);
        self
    }

    /// Runs so many executions at random where a limit stops the search; 10,000 if nothing is said.
    #[must_use]
    pub fn executions(mut self, executions: u64) -> Self {
        self.executions = executions;
        self
    }

    /// Which sampler draws those executions; the random walk if nothing is said.
    ///
    /// # Panics
    ///
    /// If the depth of [`Sampler::Pct`] is 0: every fault has at least depth 1.
    #[must_use]
    pub fn sampler(mut self, sampler: Sampler) -> Self {
        let has_depth = !matches!(sampler, Sampler::Pct { depth: 0 });
        assert!(has_depth, "the caller is at fault: every fault has a depth");
        self.sampler = sampler;
        self
    }

    /// The seed of every random choice; 1 if nothing is said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.search.seed = seed;
        self
    }

    /// How much is done to explain what is found.
    #[must_use]
    pub fn diligence(mut self, diligence: Diligence) -> Self {
        self.diligence = diligence;
        self
    }

    /// Checks it, and explains what falls.
    ///
    /// # Errors
    ///
    /// [`Fault`] when an actor breaks a rule of the primitives: that is no verdict.
    ///
    /// # Panics
    ///
    /// If the program's start or its watch panics, or breaks a rule: two objects or two actors of one name, an operation.
    pub fn run(&self) -> Result<Report, Box<Fault>> {
        let deadline = Deadline::after(self.seconds);
        let search = Search {
            symmetry: self.instance.symmetry(),
            ..self.search.clone()
        };
        let space = search.run_while(&self.instance, &|_| true, &mut |_| deadline.look());
        let mut report = Report {
            name: self.instance.name().to_owned(),
            input: self.instance.input().name,
            states: space.progress.states,
            transitions: space.progress.transitions,
            executions: 0,
            sampler: self.sampler,
            sample: None,
            limit: None,
            orders: space.progress.orders,
            trace: None,
        };
        match space.end {
            SpaceEnd::Complete => {}
            SpaceEnd::Fault(fault) => return Err(Box::new(fault)),
            SpaceEnd::Violated(evidence) => {
                let verdict = evidence.execution.verdict();
                let verdict = verdict.expect("the execution of a violation ends with it");
                let repeats_from = match evidence.violation {
                    Violation::Cycle { loop_from } => Some(loop_from),
                    Violation::Step | Violation::Rest => None,
                };
                let found = Finding {
                    repeats_from,
                    ..self.found(verdict, Schedule::from_execution(&evidence.execution))
                };
                report.trace = Some(self.explained(&found, "exhaustive")?);
            }
            SpaceEnd::Limit(limit) => {
                report.limit = Some(limit);
                let found = self.sampled(&mut report)?;
                let trace = found.map(|found| self.explained(&found, self.sampler.name()));
                report.trace = trace.transpose()?;
            }
        }
        Ok(report)
    }

    fn found(&self, verdict: &Verdict<I>, schedule: Schedule) -> Finding {
        Finding::new(self.instance.fallen(verdict), schedule)
    }

    fn explained(&self, found: &Finding, checker: &str) -> Result<Trace, Box<Fault>> {
        let finder = Finder {
            name: checker,
            afterwards: "",
        };
        explain(&self.instance, found, finder, self.diligence)
    }

    /// What falls in one of some executions that the sampler draws. If nothing does, `report` has the sample.
    fn sampled(&self, report: &mut Report) -> Result<Option<Finding>, Box<Fault>> {
        let deadline = Deadline::after(self.seconds);
        let mut found = Ok(None);
        let mut classes = Classes::default();
        let mut sampling = self.sampler.start(self.search.seed);
        let done = explore(
            &self.instance,
            &mut sampling,
            Limits::executions(self.executions),
            |execution| {
                classes.note(&execution.steps);
                match &execution.end {
                    End::Stopped { verdict, .. } => {
                        let schedule = Schedule::from_execution(execution);
                        found = Ok(Some(self.found(verdict, schedule)));
                    }
                    End::Fault(fault) => found = Err(Box::new(fault.clone())),
                    _ if deadline.has_passed() => {}
                    _ => return ControlFlow::Continue(()),
                }
                ControlFlow::Break(())
            },
        );
        report.executions = done.executions;
        if matches!(found, Ok(None)) && done.executions > 0 {
            report.sample = Some(Sample {
                executions: done.executions,
                pilots: sampling.pilots().min(done.executions),
                distinct: classes.count(),
                cut_short: done.cut_short,
                property: None,
                passed_over: 0,
                is_whole: done.stop == Stop::ExecutionLimit,
                guarantee: sampling.guarantee(),
            });
        }
        found
    }
}

/// What a check has found. Printed it is a line with how far it looked, and the counterexample as text.
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the program.
    pub name: String,
    /// The name of its input.
    pub input: String,
    /// How many states were visited.
    pub states: u64,
    /// How many steps there are between them.
    pub transitions: u64,
    /// How many executions were run after a limit had stopped the search.
    pub executions: u64,
    /// Which sampler drew them.
    pub sampler: Sampler,
    /// What follows from them, if any were run and nothing fell.
    pub sample: Option<Sample>,
    /// The limit that stopped it, if one did.
    pub limit: Option<String>,
    /// With which memory orderings words were used: see [`Report::holds`].
    pub orders: WordOrders,
    /// The counterexample, if something fell.
    pub trace: Option<Trace>,
}

impl Report {
    /// Whether every state was visited and nothing fell. Words that are used with orders weaker than `SeqCst` may do more
    /// than was looked at: then it does not.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.trace.is_none() && self.limit.is_none() && !self.is_weak()
    }

    fn is_weak(&self) -> bool {
        WordOrders {
            seq_cst: false,
            ..self.orders
        }
        .are_weak()
    }

    /// Panics with the whole report unless it [holds](Report::holds): for tests.
    ///
    /// # Panics
    ///
    /// If something fell, or if not everything was looked at.
    pub fn assert_holds(&self) {
        assert!(self.holds(), "{self}");
    }

    /// Writes the counterexample, if there is one, in every rendering into a folder of its own below `out`, and the index
    /// of all there are.
    pub fn write(&self, out: &Path) -> Option<Written> {
        let trace = self.trace.as_ref()?;
        let mut written = artefact::write(out, trace, &());
        written
            .failures
            .extend(artefact::write_index(out, &()).err());
        Some(written)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { name, input, .. } = self;
        let states = counted(self.states, "state");
        let executions = match self.executions {
            0 => String::new(),
            run => {
                let executions = counted(run, "execution");
                match self.sampler {
                    Sampler::Random => format!(", then {executions} at random"),
                    sampler => format!(", then {executions} with {sampler}"),
                }
            }
        };
        match (&self.trace, &self.limit) {
            (Some(trace), limit) => {
                let until = match limit {
                    None => "until the violation",
                    Some(_) => "until a limit",
                };
                writeln!(f, "FAIL {name} in {input}: {states} {until}{executions}\n")?;
                f.write_str(&render::text(trace, &(), &TextOptions::default()))
            }
            (None, Some(limit)) => {
                writeln!(
                    f,
                    "STOP {name} in {input}: nothing fell in the first {states}{executions}; stopped by {limit}"
                )?;
                let sample = self
                    .sample
                    .as_ref()
                    .map_or(String::new(), |sample| sample.to_string());
                sample.lines().try_for_each(|line| writeln!(f, "  {line}"))
            }
            (None, None) if self.is_weak() => writeln!(
                f,
                "STOP {name} in {input}: nothing fell in all {states} under sequential consistency, and words are used \
                 with weaker orders ({})",
                self.orders
            ),
            (None, None) => writeln!(f, "PASS {name} in {input}: nothing falls in all {states}"),
        }
    }
}
