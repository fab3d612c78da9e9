//! Recording: one execution on the own runtime, written down with everything it told.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::{
    FORMAT, Part, Trace, TracedScenario, TracedStep, TracedViolation, VERSION, Waiting, changed,
    fingerprint,
};
use crate::engine::Engine;
use crate::execution::{Blocked, End, Execution};
use crate::fault::Fault;
use crate::instance::{Fallen, Instance, Told};
use crate::observed::Objects;
use crate::program::{Actors, Program};
use crate::schedule::{Chosen, Divergence};
use crate::scheduler::Scheduler;
use crate::simulation::{Config, Observer, Simulation, Verdict};
use crate::space::{Cycle, Obligation, SharedState, StateWatch};
use crate::step::{ActorId, ActorInfo, Effect, Step};

/// How a recorded execution ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recorded {
    /// At rest or by a violation: the trace says which.
    Ended,
    /// The schedule was over before the execution was.
    ScheduleOver,
    /// The program did not do what the schedule says.
    Diverged(Divergence),
    /// The limit on steps was reached.
    StepLimit,
    /// The program broke a rule of the primitives or panicked: an internal fault, not a verdict.
    Fault(Fault),
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

/// An execution, written down. `V` is the verdict of its watch, and `F` are the facts that are told in it.
#[derive(Clone, Debug)]
pub struct Record<V, F> {
    /// In words.
    pub trace: Trace,
    /// How it ended.
    pub end: Recorded,
    /// What was told in each step.
    pub facts: Vec<Vec<F>>,
    /// What ended it, if the watch did.
    pub verdict: Option<V>,
    /// What that says.
    pub fallen: Option<Fallen>,
    /// The memory ordering of each step that used a word.
    pub orders: Vec<Option<Ordering>>,
}

/// Runs one execution of `instance` on the own runtime under `scheduler` and writes it down. `checker` is who found it.
pub fn record<I: Instance>(
    instance: &I,
    scheduler: &mut dyn Scheduler,
    checker: &str,
) -> Record<Verdict<I>, I::Fact> {
    recorded(instance, scheduler, checker, None)
}

/// As [`record`], up to the last step of a `round` that repeats for ever. What has stood after each of its steps falls
/// for that. That its end is its beginning is not looked at: see [`Trace::schedule_with_another_round`].
pub fn record_round<I: Instance>(
    instance: &I,
    scheduler: &mut dyn Scheduler,
    checker: &str,
    round: &Round<'_>,
) -> Record<Verdict<I>, I::Fact> {
    recorded(instance, scheduler, checker, Some(round))
}

/// An instance whose watch keeps what the words ask for.
struct Recording<'a, I>(&'a I);

impl<I: Instance> Program for Recording<'_, I> {
    type Watch = I::Watch;

    fn start(&self, actors: &mut Actors<'_>) -> I::Watch {
        self.0.start_recorded(actors)
    }
}

/// Writes down what is told in each step.
struct Scribe<'a, I: Instance> {
    instance: &'a I,
    told: Vec<Told<I::Fact>>,
    /// What each section returned, in words.
    returned: Vec<Option<String>>,
    /// The parts of the shared state before the first step, and what each step changed of them.
    start: Vec<Part>,
    changed: Vec<Vec<Part>>,
    /// The parts now.
    parts: Vec<Part>,
    round: Option<Judged<'a>>,
    /// Whether it is for the round that something fell.
    falls_by_round: Cell<bool>,
}

/// A round under way.
struct Judged<'a> {
    round: &'a Round<'a>,
    /// What has stood after each of its steps so far; `None` before the first.
    standing: Option<BTreeSet<Obligation>>,
    moving: BTreeSet<ActorId>,
}

impl<I: Instance> Observer<I::Watch> for Scribe<'_, I> {
    fn at_start(&mut self, _: &mut I::Watch, engine: &Engine) {
        self.start = self.instance.parts(&Objects::of(engine));
        self.parts = self.start.clone();
    }

    fn after_step(
        &mut self,
        watch: &mut I::Watch,
        step: &Step,
        engine: &Engine,
    ) -> Option<Verdict<I>> {
        self.told.push(self.instance.told(watch, step));
        let result = engine.last_result();
        let returned = result.and_then(|result| self.instance.returned(result));
        // What a word's operation returns is told as what it read.
        // A word's step says what it read, and a choice what it chose.
        let says_so = step.word.is_some() || matches!(step.chosen, Some(Chosen::Value(_)));
        self.returned.push(returned.filter(|_| !says_so));
        let objects = Objects::of(engine);
        let parts = self.instance.parts(&objects);
        let changed = changed(&self.parts, &parts);
        if let Some(told) = self.told.last_mut()
            && told.summary.is_empty()
            && step.word.is_none()
            && self.instance.tells_changes()
        {
            told.summary = changed
                .iter()
                .map(|part| in_words(part, &self.parts))
                .collect();
        }
        self.changed.push(changed);
        self.parts = parts;
        let state = objects.state();
        if let Some(verdict) = watch.in_state(&state) {
            return Some(verdict);
        }
        let round = self.round.as_mut()?;
        let actors = engine.actors();
        let fell = round.after(self.instance, watch, step, state, &actors);
        self.falls_by_round.set(fell.is_some());
        fell
    }
}

impl Judged<'_> {
    /// What falls after the last of the steps, because it has stood in all of them.
    fn after<I: Instance>(
        &mut self,
        instance: &I,
        watch: &mut I::Watch,
        step: &Step,
        state: SharedState<'_>,
        actors: &[(ActorInfo, bool)],
    ) -> Option<Verdict<I>> {
        let Round {
            from,
            last,
            property,
        } = *self.round;
        if !(from..=last).contains(&step.number) {
            return None;
        }
        self.moving.insert(step.actor);
        let stated = watch.obligations(&state).into_iter();
        let unfinished = actors.iter().filter(|(_, has_finished)| !has_finished);
        let ends = unfinished.map(|(actor, _)| Obligation::End(actor.id));
        let mut standing: BTreeSet<Obligation> =
            stated.map(Obligation::Stated).chain(ends).collect();
        if let Some(before) = &self.standing {
            standing.retain(|obligation| before.contains(obligation));
        }
        if step.number < last {
            self.standing = Some(standing);
            return None;
        }
        let actors: Vec<ActorInfo> = actors.iter().map(|(actor, _)| actor.clone()).collect();
        let mut fell = standing.into_iter().filter_map(|obligation| {
            watch.starves(&Cycle {
                obligation,
                actors: &actors,
                moving: self.moving.iter().copied().collect(),
                state,
            })
        });
        let first = fell.next()?;
        if instance.fallen(&first).property == property {
            return Some(first);
        }
        let meant = fell.find(|verdict| instance.fallen(verdict).property == property);
        Some(meant.unwrap_or(first))
    }
}

fn recorded<I: Instance>(
    instance: &I,
    scheduler: &mut dyn Scheduler,
    checker: &str,
    round: Option<&Round<'_>>,
) -> Record<Verdict<I>, I::Fact> {
    let mut scribe = Scribe {
        instance,
        told: Vec::new(),
        returned: Vec::new(),
        start: Vec::new(),
        changed: Vec::new(),
        parts: Vec::new(),
        round: round.map(|round| Judged {
            round,
            standing: None,
            moving: BTreeSet::new(),
        }),
        falls_by_round: Cell::new(false),
    };
    let mut simulation = Simulation::new(Config {
        record_values: true,
        ..Config::default()
    });
    let execution = simulation.run_once_observed(&Recording(instance), scheduler, &mut scribe);
    let Scribe {
        told,
        returned,
        start,
        changed,
        falls_by_round,
        ..
    } = scribe;
    let mut written = returned.into_iter().zip(changed);
    let input = instance.input();
    let fallen = execution.verdict().map(|verdict| instance.fallen(verdict));
    let at_rest = matches!(&execution.end, End::Stopped { rest: Some(_), .. });
    let mut violation = fallen
        .as_ref()
        .map(|fallen| traced_violation(fallen, at_rest));
    if let Some(violation) = &mut violation {
        let by_round = round.filter(|_| falls_by_round.get());
        violation.repeats_from = by_round.map(|round| round.from);
    }
    let steps = execution.steps.iter();
    let trace = Trace {
        format: FORMAT.to_owned(),
        version: VERSION,
        variant: instance.name().to_owned(),
        fingerprint: fingerprint(instance.name(), &input.document),
        scenario: TracedScenario {
            name: input.name,
            toml: input.document,
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
        start,
        steps: steps
            .enumerate()
            .map(|(index, step)| {
                let (returned, changed) = written.next().unwrap_or_default();
                TracedStep {
                    returned,
                    changed,
                    ..traced_step(step, &execution, told.get(index))
                }
            })
            .collect(),
        waiting: waiting(&execution.end),
        explanation: None,
    };
    let mut facts: Vec<Vec<I::Fact>> = told.into_iter().map(|told| told.facts).collect();
    facts.resize(execution.steps.len(), Vec::new());
    let orders = execution.steps.iter().map(|step| step.operation.order);
    let orders = orders.collect();
    let (verdict, end) = match execution.end {
        End::Rest(_) => (None, Recorded::Ended),
        End::Stopped { verdict, .. } => (Some(verdict), Recorded::Ended),
        End::Abandoned => (None, Recorded::ScheduleOver),
        End::Diverged(divergence) => (None, Recorded::Diverged(divergence)),
        End::StepLimit => (None, Recorded::StepLimit),
        End::Fault(fault) => (None, Recorded::Fault(fault)),
    };
    Record {
        trace,
        end,
        facts,
        verdict,
        fallen,
        orders,
    }
}

/// A part that changed, with what it was: `count: 1 → 2`.
fn in_words(part: &Part, before: &[Part]) -> String {
    let was = before.iter().find(|other| other.name == part.name);
    let value = |part: Option<&Part>| part.and_then(|part| part.value.clone());
    let nothing = || "-".to_owned();
    let (was, is) = (value(was), part.value.clone());
    let (was, is) = (was.unwrap_or_else(nothing), is.unwrap_or_else(nothing));
    format!("{}: {was} → {is}", part.name)
}

/// What fell, as a trace has it.
#[must_use]
pub fn traced_violation(fallen: &Fallen, at_rest: bool) -> TracedViolation {
    TracedViolation {
        property: fallen.property.clone(),
        sentence: fallen.sentence.clone(),
        properties: fallen.properties.clone(),
        at_rest,
        repeats_from: None,
    }
}

fn traced_step<V, F>(step: &Step, execution: &Execution<V>, told: Option<&Told<F>>) -> TracedStep {
    let mut enabled: Vec<String> = step
        .enabled
        .iter()
        .map(|offer| offer.name.to_string())
        .collect();
    enabled.sort_unstable();
    let mut offers = step.enabled.iter();
    let own = offers.find(|offer| offer.actor == step.actor);
    let ways = own.map(|offer| offer.ways);
    let location = step.operation.location;
    let name_of = |id: &ActorId| execution.actors[id.index()].name.to_string();
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
        ways: step.chosen.as_ref().and(ways),
        read: step.word.and_then(|word| word.read),
        written: step.word.and_then(|word| word.written),
        facts: told.map_or_else(Vec::new, |told| told.words.clone()),
        summary: told.map_or_else(Vec::new, |told| told.summary.clone()),
        about: told.map_or_else(Vec::new, |told| told.about.clone()),
        returned: None,
        changed: Vec::new(),
    }
}

/// File and line: no trace holds a path of a machine. The compiler names a file from the root of the workspace that it
/// compiles, and so it stays; one of another workspace, which it names from the root of the machine, is named from the
/// root of its own where that is this one, and by its name alone elsewhere.
#[must_use]
pub fn source_place(file: &str, line: u32) -> String {
    let file = file.replace('\\', "/");
    let crates = [
        "core/src/",
        "core/examples/",
        "models/src/",
        "tests/",
        "sim/src/",
        "sim/examples/",
    ];
    let is_below = |part: &str| !part.is_empty() && part != ".." && !part.contains(':');
    if file.split('/').all(is_below) {
        return format!("{file}:{line}");
    }
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
    let waits = |blocked: &Blocked| Waiting {
        actor: blocked.actor.name.to_string(),
        object: blocked.operation.object_name.to_owned(),
        label: blocked.operation.label.to_owned(),
    };
    rest.blocked.iter().map(waits).collect()
}
