//! Recording: one execution on the own runtime, written down with everything it told.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::Fact;
use logon_sim::{
    Actors, Config, Effect, End, Execution, Fault, Program, Rest, Scheduler, Sim, Simulation, Step,
    Watch,
};

use super::{
    FORMAT, Trace, TracedScenario, TracedStep, TracedViolation, VERSION, Waiting, fingerprint,
};
use crate::describe;
use crate::judge::Violation;
use crate::scenario::Scenario;
use crate::stage::{Cast, Stage, Standing, Subject};
use crate::summary::summary;

/// How a recorded execution ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recorded {
    /// At rest or by a violation: the trace says which.
    Ended,
    /// The schedule was over before the execution was.
    ScheduleOver,
    /// The program did not do what the schedule says.
    Diverged(logon_sim::Divergence),
    /// The limit on steps was reached.
    StepLimit,
    /// The program broke a rule of the primitives or panicked: an internal fault, not a verdict.
    Fault(Fault),
}

/// The program of a recorded execution.
struct Recording<'a, S> {
    subject: &'a S,
    scenario: &'a Arc<Scenario>,
    facts: Facts,
    round: Option<&'a Round<'a>>,
    /// Whether it is for the round that something fell.
    falls_by_round: Rc<Cell<bool>>,
}

/// Steps that repeat for ever.
#[derive(Clone, Debug)]
pub struct Round<'a> {
    /// The number of the first, from 1.
    pub from: usize,
    /// The number of the last.
    pub last: usize,
    /// Which property falls, if several do because of them.
    pub property: &'a str,
}

/// The facts of each step, by its number. The program's watch fills it, and is gone when it is read.
type Facts = Rc<RefCell<BTreeMap<usize, Heard>>>;

/// What was told in one step: the facts, the same in words, and what they are about.
#[derive(Default)]
struct Heard {
    told: Vec<Fact>,
    facts: Vec<String>,
    summary: Vec<String>,
    about: BTreeSet<String>,
}

/// Writes down the facts of each step.
struct Scribe {
    stage: Stage<Sim>,
    told: usize,
    facts: Facts,
    round: Option<Judged>,
    falls_by_round: Rc<Cell<bool>>,
}

/// A round under way.
struct Judged {
    from: usize,
    last: usize,
    property: String,
    /// What has stood after each of its steps so far; `None` before the first.
    standing: Option<BTreeMap<Standing, Vec<Violation>>>,
}

impl Judged {
    /// What falls after the last of the steps, because it has stood in all of them.
    fn after(&mut self, number: usize, stage: &Stage<Sim>) -> Option<Vec<Violation>> {
        if !(self.from..=self.last).contains(&number) {
            return None;
        }
        let mut standing = stage.if_it_lasts();
        if let Some(before) = &self.standing {
            standing.retain(|what, _| before.contains_key(what));
        }
        if number < self.last {
            self.standing = Some(standing);
            return None;
        }
        let is_meant = |fell: &[Violation]| {
            let first = fell.first();
            first.is_some_and(|first| first.property.name() == self.property)
        };
        let meant = standing.values().find(|fell| is_meant(fell));
        meant.or_else(|| standing.values().next()).cloned()
    }
}

impl Watch for Scribe {
    type Verdict = Vec<Violation>;

    fn after_step(&mut self, step: &Step) -> Option<Vec<Violation>> {
        let cast = Arc::clone(self.stage.cast());
        let told = self.told;
        let (new, violations) = self.stage.peek(|server| {
            let witness = server.observer();
            let journal = witness.journal.as_deref().unwrap_or_default();
            (
                journal[told..].to_vec(),
                witness.judge.violations().to_vec(),
            )
        });
        self.told += new.len();
        let heard = Heard {
            summary: summary(&new, &cast),
            facts: new.iter().map(|fact| describe::fact(fact, &cast)).collect(),
            about: new
                .iter()
                .flat_map(describe::topics)
                .map(|topic| topic.name(&cast))
                .collect(),
            told: new,
        };
        self.facts.borrow_mut().insert(step.number, heard);
        if !violations.is_empty() {
            return Some(violations);
        }
        let round = self.round.as_mut();
        let fell = round.and_then(|round| round.after(step.number, &self.stage));
        self.falls_by_round.set(fell.is_some());
        fell
    }

    fn at_rest(&mut self, _: &Rest) -> Option<Vec<Violation>> {
        Some(self.stage.judge_rest()).filter(|violations| !violations.is_empty())
    }
}

impl<S: Subject> Program for Recording<'_, S> {
    type Watch = Scribe;

    fn start(&self, actors: &mut Actors<'_>) -> Scribe {
        let (stage, cast) = Stage::<Sim>::set(self.subject, self.scenario, true);
        for actor in cast {
            actors.spawn(actor.name, actor.class, actor.body);
        }
        Scribe {
            stage,
            told: 0,
            facts: Rc::clone(&self.facts),
            round: self.round.map(|round| Judged {
                from: round.from,
                last: round.last,
                property: round.property.to_owned(),
                standing: None,
            }),
            falls_by_round: Rc::clone(&self.falls_by_round),
        }
    }
}

/// An execution, written down.
#[derive(Clone, Debug)]
pub struct Record {
    /// In words.
    pub trace: Trace,
    /// How it ended.
    pub end: Recorded,
    /// What was told in each step.
    pub facts: Vec<Vec<Fact>>,
    /// What fell in it, the first first.
    pub violations: Vec<Violation>,
    /// The memory ordering of each step that used a word.
    pub orders: Vec<Option<Ordering>>,
}

/// Runs one execution on the own runtime under `scheduler` and writes it down. `checker` is who found it.
pub fn record<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut dyn Scheduler,
    checker: &str,
) -> Record {
    recorded(subject, scenario, scheduler, checker, None)
}

/// As [`record`], up to the last step of a `round` that repeats for ever. What has stood after each of its steps falls for
/// that. That its end is its beginning is not looked at: see [`Trace::schedule_with_another_round`].
pub fn record_round<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut dyn Scheduler,
    checker: &str,
    round: &Round<'_>,
) -> Record {
    recorded(subject, scenario, scheduler, checker, Some(round))
}

fn recorded<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut dyn Scheduler,
    checker: &str,
    round: Option<&Round<'_>>,
) -> Record {
    let recording = Recording {
        subject,
        scenario,
        facts: Facts::default(),
        round,
        falls_by_round: Rc::default(),
    };
    let execution = Simulation::new(Config::default()).run_once(&recording, scheduler);
    let mut facts = recording.facts.take();
    let cast = Cast::of(scenario);
    // What is reached in it, a scenario says of the right algorithm: that is no part of an execution.
    let toml = Scenario {
        reaches: BTreeSet::new(),
        ..Scenario::clone(scenario)
    }
    .to_toml();
    let violations = execution.verdict().cloned().unwrap_or_default();
    let at_rest = matches!(&execution.end, End::Stopped { rest: Some(_), .. });
    let mut violation = traced_violation(&violations, at_rest, &cast);
    if let Some(violation) = &mut violation {
        let by_round = round.filter(|_| recording.falls_by_round.get());
        violation.repeats_from = by_round.map(|round| round.from);
    }
    let trace = Trace {
        format: FORMAT.to_owned(),
        version: VERSION,
        variant: subject.name().to_owned(),
        fingerprint: fingerprint(subject.name(), &toml),
        scenario: TracedScenario {
            name: scenario.name.clone(),
            toml,
        },
        checker: checker.to_owned(),
        needs_weak_memory: false,
        notes: Vec::new(),
        violation,
        preemptions: Some(execution.preemptions()),
        actors: execution
            .actors
            .iter()
            .map(|actor| actor.name.to_string())
            .collect(),
        steps: execution
            .steps
            .iter()
            .map(|step| traced_step(step, &execution, &facts))
            .collect(),
        waiting: waiting(&execution.end),
        explanation: None,
    };
    let told = execution.steps.iter().map(|step| {
        let heard = facts.get_mut(&step.number);
        heard.map_or_else(Vec::new, |heard| std::mem::take(&mut heard.told))
    });
    let facts = told.collect();
    let orders = execution.steps.iter().map(|step| step.operation.order);
    let orders = orders.collect();
    let end = match execution.end {
        End::Rest(_) | End::Stopped { .. } => Recorded::Ended,
        End::Abandoned => Recorded::ScheduleOver,
        End::Diverged(divergence) => Recorded::Diverged(divergence),
        End::StepLimit => Recorded::StepLimit,
        End::Fault(fault) => Recorded::Fault(fault),
    };
    Record {
        trace,
        end,
        facts,
        violations,
        orders,
    }
}

/// What a list of violations looks like in a trace.
pub(crate) fn traced_violation(
    violations: &[Violation],
    at_rest: bool,
    cast: &Cast,
) -> Option<TracedViolation> {
    let first = violations.first()?;
    let mut properties: Vec<String> = Vec::new();
    for violation in violations {
        let name = violation.property.name();
        if !properties.iter().any(|known| known == name) {
            properties.push(name.to_owned());
        }
    }
    Some(TracedViolation {
        property: first.property.name().to_owned(),
        sentence: describe::violation(first, cast),
        properties,
        at_rest,
        repeats_from: None,
    })
}

fn traced_step<V>(
    step: &Step,
    execution: &Execution<V>,
    heard: &BTreeMap<usize, Heard>,
) -> TracedStep {
    let mut enabled: Vec<String> = step
        .enabled
        .iter()
        .map(|offer| offer.name.to_string())
        .collect();
    enabled.sort_unstable();
    let location = step.operation.location;
    let heard = heard.get(&step.number);
    let name_of = |id: &logon_sim::ActorId| execution.actors[id.index()].name.to_string();
    TracedStep {
        actor: step.name.to_string(),
        kind: step.operation.kind.name().to_owned(),
        object: step.operation.object_name.to_owned(),
        label: step.operation.label.to_owned(),
        nth: step.operation.nth,
        location: source_place(location.file(), location.line()),
        enabled,
        preemption: step.preemption,
        asleep: step.effect == Effect::Asleep,
        woken: step.woken.iter().map(name_of).collect(),
        chosen: step.chosen.as_ref().map(ToString::to_string),
        read: step.word.and_then(|word| word.read),
        written: step.word.and_then(|word| word.written),
        facts: heard.map_or_else(Vec::new, |heard| heard.facts.clone()),
        summary: heard.map_or_else(Vec::new, |heard| heard.summary.clone()),
        about: heard.map_or_else(Vec::new, |heard| heard.about.iter().cloned().collect()),
    }
}

/// File and line, with the file named from the workspace's root: no trace holds a path of a machine.
pub(crate) fn source_place(file: &str, line: u32) -> String {
    let file = file.replace('\\', "/");
    let crates = [
        "core/src/",
        "core/examples/",
        "models/src/",
        "tests/",
        "sim/src/",
    ];
    let start = crates.iter().filter_map(|name| file.rfind(name)).min();
    let shown = match start {
        Some(start) => &file[start..],
        None => file.rsplit('/').next().unwrap_or(&file),
    };
    format!("{shown}:{line}")
}

fn waiting<V>(end: &End<V>) -> Vec<Waiting> {
    let rest = match end {
        End::Rest(rest)
        | End::Stopped {
            rest: Some(rest), ..
        } => rest,
        _ => return Vec::new(),
    };
    let waits = |blocked: &logon_sim::Blocked| Waiting {
        actor: blocked.actor.name.to_string(),
        object: blocked.operation.object_name.to_owned(),
        label: blocked.operation.label.to_owned(),
    };
    rest.blocked.iter().map(waits).collect()
}
