//! What a simulation came to.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use logon_core::Fact;
use logon_sim::{Fault, counted, grouped};

use super::faults::Occurrence;
use super::run::{self, Choose, Fell, Order, Run, Told};
use super::tally::Tally;
use crate::render::{clean_line, shell_word};
use crate::report::{
    FellReport, LatencyReport, LevelsReport, OccurrenceReport, OutcomesReport, SimulationReport,
};
use crate::scenario::{ErrorKind, Plan, Scenario, ScenarioError};
use crate::stage::AnySubject;

/// How a scenario is simulated.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The seed of every draw; by default the scenario's own.
    pub seed: Option<u32>,
    /// How many clients come for the first time; by default as many as the scenario says.
    pub logons: Option<u32>,
    /// Whether the run ends with the first property that falls.
    pub stops: bool,
    /// Where it is noted how far the run has come, for whoever wants to say so meanwhile.
    pub progress: Option<Arc<Progress>>,
}

/// How far a simulation has come.
#[derive(Debug, Default)]
pub struct Progress {
    time: AtomicU64,
    arrived: AtomicU64,
}

impl Progress {
    pub(super) fn note(&self, time: u64, arrived: u64) {
        self.time.store(time, Ordering::Relaxed);
        self.arrived.store(arrived, Ordering::Relaxed);
    }
}

/// How many connections there have been, and the virtual time.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrived = counted(self.arrived.load(Ordering::Relaxed), "connection");
        let time = super::words::time(self.time.load(Ordering::Relaxed));
        write!(f, "{arrived}, {time} of virtual time")
    }
}

/// A simulation that has come to its end.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The subject's name.
    pub variant: String,
    /// What was run.
    pub scenario: Scenario,
    /// The seed.
    pub seed: u32,
    /// How many clients came for the first time.
    pub logons: u64,
    /// Whether it ends with the first property that falls.
    pub stops: bool,
    /// How long it was, in milliseconds of virtual time.
    pub length: u64,
    /// How many facts the server told.
    pub facts: u64,
    /// How many steps were taken.
    pub steps: u64,
    /// How many calls had a stack at a time, at the most.
    pub stacks: usize,
    /// How many admissions and refusals S1-lin was not decided for, because too many overlapped.
    pub unjudged: u64,
    /// Whether words were used with orders weaker than `SeqCst`, of which the engine has no model.
    pub uses_weaker_orders: bool,
    /// A digest of all facts and their times.
    pub digest: u64,
    /// How many clients came.
    clients: u64,
    pub(super) fell: Option<Fell>,
    pub(super) tally: Tally,
    pub(super) occurrences: Vec<Occurrence>,
}

/// A year, and how long a simulation may last, in milliseconds: at both ends of a number there is room for what is drawn.
const YEAR: u128 = 365 * 24 * 60 * 60 * 1_000;
const LONGEST: u128 = 100 * YEAR;

/// The plan of a scenario that is simulated with these options.
///
/// # Errors
///
/// Nothing is drawn in it, or it would last too long.
pub(super) fn plan(scenario: &Scenario, options: &Options) -> Result<Plan, ScenarioError> {
    let Some(mut plan) = Plan::of(scenario) else {
        return Err(ScenarioError::new(
            ErrorKind::NeedsTime,
            &scenario.name,
            "nobody is drawn in this scenario; to simulate it takes the table [time] and [[arrivals]] or [[at-scale]], as morning-storm has them".to_owned(),
        ));
    };
    if let Some(seed) = options.seed {
        plan = plan.seeded(seed);
    }
    if let Some(logons) = options.logons {
        plan = plan.with_logons(logons);
    }
    let last = plan.last_comes();
    if last > LONGEST {
        let message = format!(
            "{} come over {} years; a simulation is at most 100 years long: fewer logons, or a shorter `over`",
            counted(plan.logons(), "client"),
            grouped(last / YEAR)
        );
        return Err(ScenarioError::new(
            ErrorKind::OutOfRange,
            &scenario.name,
            message,
        ));
    }
    Ok(plan)
}

/// Runs an allocator in a scenario whose clients are drawn.
///
/// # Errors
///
/// A panic of the allocator, or a rule of the primitives that it broke; before anything runs, that nothing is drawn in
/// the scenario.
pub fn simulate(
    subject: &AnySubject,
    scenario: &Scenario,
    options: &Options,
) -> Result<Result<Simulation, Box<Fault>>, ScenarioError> {
    let scenario = &scenario.as_simulated();
    let plan = plan(scenario, options)?;
    let order = Order {
        scenario,
        plan,
        stops: options.stops,
        progress: options.progress.clone(),
    };
    let ran = run::run(subject, &order, &mut |_: &Told| {});
    Ok(ran.map(|run| Simulation::of(subject.name(), &order, run)))
}

/// The facts of a run, each with its time.
pub type TimedFacts = Vec<(u64, Fact)>;

/// The facts of a simulation in which `choose` picks who takes each step, with their times: for whoever compares the large
/// engine with the small one.
///
/// # Errors
///
/// As [`simulate`].
pub fn simulate_choosing(
    subject: &AnySubject,
    scenario: &Scenario,
    options: &Options,
    choose: &mut Choose<'_>,
) -> Result<Result<TimedFacts, Box<Fault>>, ScenarioError> {
    let scenario = &scenario.as_simulated();
    let order = Order {
        scenario,
        plan: plan(scenario, options)?,
        stops: options.stops,
        progress: options.progress.clone(),
    };
    let mut choose = |now: u64, offers: &[(String, &'static str)]| choose(now, offers);
    Ok(run::facts_choosing(subject, &order, &mut choose))
}

impl Simulation {
    pub(super) fn of(variant: &str, order: &Order<'_>, run: Run) -> Self {
        let Run {
            world,
            fell,
            steps,
            stacks,
            unjudged,
            uses_weaker_orders,
        } = run;
        let (time, faults) = (order.plan.time(), order.plan.faults());
        let has_flood = order.scenario.arrivals.iter();
        let has_flood = has_flood
            .clone()
            .any(|table| table.kind == crate::scenario::ArrivalKind::Flood);
        Simulation {
            variant: variant.to_owned(),
            scenario: order.scenario.clone(),
            seed: time.seed,
            logons: order.plan.logons(),
            stops: order.stops,
            length: world.now,
            clients: world.came,
            facts: world.facts,
            steps,
            stacks,
            unjudged,
            uses_weaker_orders,
            digest: world.digest.value(),
            fell,
            occurrences: world.happened.all(time, faults, has_flood),
            tally: world.tally,
        }
    }

    /// What was drawn.
    pub(super) fn plan(&self) -> Plan {
        let plan = Plan::of(&self.scenario).expect("it was simulated");
        let logons = u32::try_from(self.logons).expect("no more than a table may have");
        plan.seeded(self.seed).with_logons(logons)
    }

    /// How many connections there were.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.tally.outcomes.arrived
    }

    /// How many clients there were; each may have had more than one connection.
    pub(super) fn clients(&self) -> u64 {
        self.clients
    }

    /// How often something happened.
    pub(super) fn happened(&self, what: &str) -> u64 {
        let mut all = self.occurrences.iter();
        all.find(|one| one.what == what).map_or(0, |one| one.times)
    }

    /// Whether nothing fell.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.fell.is_none()
    }

    /// The property that fell first, if one did.
    #[must_use]
    pub fn property(&self) -> Option<&'static str> {
        let fell = self.fell.as_ref()?.violations.first()?;
        Some(fell.property.name())
    }

    /// The command that runs it again, with the scenario of this name or file.
    #[must_use]
    pub fn again(&self, program: &str, scenario: &str) -> String {
        let mut again = format!(
            "{program} simulate --scenario {} --variant {} --seed {} --logons {}",
            shell_word(&clean_line(scenario)),
            shell_word(&clean_line(&self.variant)),
            self.seed,
            self.logons
        );
        if !self.stops {
            again.push_str(" --go-on");
        }
        again
    }

    /// The same for machines, without what only the process knows: processor time, memory and the file of a page are null.
    /// So the same run gives the same.
    #[must_use]
    pub fn report(&self) -> SimulationReport {
        let outcomes = &self.tally.outcomes;
        let (latency, most) = (&self.tally.latency, &self.tally.most);
        let (format, version) = SimulationReport::format();
        SimulationReport {
            format,
            version,
            variant: self.variant.clone(),
            scenario: self.scenario.name.clone(),
            seed: self.seed,
            logons: self.logons,
            goes_on: !self.stops,
            toml: self.scenario.to_toml(),
            verdict: if self.holds() { "holds" } else { "violated" }.to_owned(),
            fell: self.fell.as_ref().map(|fell| FellReport {
                at_ms: fell.at,
                arrived: fell.arrived,
                property: fell.violations[0].property.name().to_owned(),
                sentence: super::words::sentence(&fell.violations[0]),
                trace: None,
            }),
            length_ms: self.length,
            outcomes: OutcomesReport {
                arrived: outcomes.arrived,
                served: outcomes.served,
                logged_on: outcomes.logged_on,
                timed_out: outcomes.timed_out,
                refused_71: outcomes.full,
                dropped_22: outcomes.dropped,
                refused_201: outcomes.unlicensed,
                refused_otherwise: outcomes.refused,
            },
            latency: LatencyReport {
                p50_ms: latency.quantile(5_000),
                p95_ms: latency.quantile(9_500),
                p99_ms: latency.quantile(9_900),
                p999_ms: latency.quantile(9_990),
                longest_ms: latency.longest(),
            },
            most: LevelsReport {
                clients: most.clients,
                connected: most.connected,
                in_line: most.in_line,
                creating: most.creating,
            },
            occurrences: self
                .occurrences
                .iter()
                .map(|occurrence| OccurrenceReport {
                    what: occurrence.what.to_owned(),
                    asked_for: occurrence.is_asked_for,
                    times: occurrence.times,
                })
                .collect(),
            facts: self.facts,
            steps: self.steps,
            unjudged: self.unjudged,
            uses_weaker_orders: self.uses_weaker_orders,
            digest: format!("{:016x}", self.digest),
            cpu_seconds: None,
            peak_bytes: None,
            page: None,
        }
    }
}
