//! A trace, run again on any tool, and the step at which what is run now parts from what was recorded.
//!
//! A subject of the recorded name may have changed since: steps that the trace does not know are let pass, and told.
//! Another subject is held to every step, for where the two part is the question.

mod observed;
mod parting;

use std::fmt;
use std::sync::Arc;

use logon_sim::{OperationKind, Replay};

use self::observed::{Observed, observed};
pub use self::parting::{Parting, Place};
use self::parting::{described, of_sim, of_tool, outcome, verdict, violated};
use crate::backend::RecordedStep;
use crate::checker::{Fault, fallen};
use crate::gated::{self, Gated, Manner, Tool};
use crate::scenario::Scenario;
use crate::stage::{Cast, Subject};
use crate::trace::{
    Recorded, Round, Trace, TracedStep, fingerprint, record, record_round, source_place,
    traced_violation,
};

/// On what a trace is run again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum On {
    /// The own runtime.
    Sim,
    /// A foreign tool.
    Tool(Tool),
}

impl On {
    /// Everything that replays.
    pub const ALL: [On; 4] = [
        On::Sim,
        On::Tool(Tool::Shuttle),
        On::Tool(Tool::Loom),
        On::Tool(Tool::Threads),
    ];
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            On::Sim => f.write_str("the own runtime"),
            On::Tool(tool) => tool.fmt(f),
        }
    }
}

/// A trace that was run again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replayed {
    /// The execution as it went now, up to the parting if there is one. A foreign tool hears what the server tells, and
    /// not in which step: that is what the own runtime says of the same steps, where both hear the same.
    pub trace: Trace,
    /// In how many of its steps, the last ones, nothing is known of what changed.
    pub unheard: usize,
    /// The steps that were let pass.
    pub passed: Vec<PassedStep>,
    /// Where the steps part.
    pub parting: Option<Parting>,
    /// Where the same steps come to something else, or the verdicts differ.
    pub difference: Option<Parting>,
    /// Whether the steps that repeat for ever were taken once more after the last one and came to the same. That they go
    /// on like this for ever follows from the state being the same, which is not looked at here.
    pub another_round: bool,
}

/// A step that the trace does not know and that was let pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PassedStep {
    /// Its number in the execution as it went now, from 1.
    pub number: usize,
    /// What it was.
    pub step: String,
}

/// Runs `trace` again with `subject`. `break_at` is the number of the step, from 1, before which a debugger is let in,
/// on real threads.
///
/// # Errors
///
/// [`Fault`] when the subject panics or the tool gives up.
pub fn replay<S: Subject + Clone + 'static>(
    trace: &Trace,
    subject: &S,
    scenario: &Arc<Scenario>,
    on: On,
    break_at: Option<usize>,
) -> Result<Replayed, Fault> {
    let again = Again {
        trace,
        scenario,
        is_another: subject.name() != trace.variant,
    };
    match on {
        On::Sim => again.on_sim(subject),
        On::Tool(tool) => again.on_tool(tool, subject, break_at),
    }
}

/// A replay under way.
struct Again<'a> {
    trace: &'a Trace,
    scenario: &'a Arc<Scenario>,
    is_another: bool,
}

impl Again<'_> {
    fn on_sim<S: Subject>(&self, subject: &S) -> Result<Replayed, Fault> {
        let replay = Replay::new(&self.trace.schedule()).reading(self.trace.weak_reads());
        let mut replay = match (self.is_another, self.trace.ends_at_rest()) {
            (true, _) => replay,
            (false, true) => replay.letting_pass_to_rest(),
            (false, false) => replay.letting_pass(),
        };
        let checker = &self.trace.checker;
        let recorded = match self.round() {
            Some(round) => record_round(subject, self.scenario, &mut replay, checker, &round),
            None => record(subject, self.scenario, &mut replay, checker),
        };
        let (mut again, recorded) = (recorded.trace, recorded.end);
        let passed = replay.passed().iter().enumerate();
        let passed = passed.map(|(count, passed)| PassedStep {
            number: passed.before + count,
            step: passed.step.to_string(),
        });
        let passed: Vec<PassedStep> = passed.collect();
        let parting = match recorded {
            Recorded::Ended | Recorded::ScheduleOver => None,
            Recorded::Diverged(divergence) => Some(of_sim(&divergence)),
            Recorded::Fault(fault) => return Err(Fault::new(fault.to_string())),
            Recorded::StepLimit => return Err(Fault::new("the replay does not end")),
        };
        // A step without facts may come from a checker that does not hear them.
        let heard = self.trace.steps.iter().any(|step| !step.facts.is_empty());
        if heard || self.is_another {
            again.needs_weak_memory = self.trace.needs_weak_memory;
        }
        let difference = self.difference(&again, &passed, heard);
        let ended_early = || self.ended_early(&again, &passed);
        let parting = parting.or_else(ended_early);
        let parts = parting.is_some() || difference.is_some() || !passed.is_empty();
        if parts || again.repeats_from().is_none() {
            return Ok(self.replayed(again, 0, passed, parting, difference));
        }
        let parting = self.parts_in_another_round(subject)?;
        let another_round = parting.is_none();
        Ok(Replayed {
            another_round,
            ..self.replayed(again, 0, passed, parting, difference)
        })
    }

    /// The steps of the trace that repeat for ever.
    fn round(&self) -> Option<Round<'_>> {
        let violation = self.trace.violation.as_ref()?;
        Some(Round {
            from: violation.repeats_from?,
            last: self.trace.steps.len(),
            property: &violation.property,
        })
    }

    /// Where the steps that repeat for ever part from themselves when they are taken once more.
    fn parts_in_another_round<S: Subject>(&self, subject: &S) -> Result<Option<Parting>, Fault> {
        let steps = &self.trace.steps;
        let from = self.trace.repeats_from().unwrap_or(1);
        let schedule = self.trace.schedule_with_another_round();
        let recorded = record(
            subject,
            self.scenario,
            &mut Replay::new(&schedule),
            &self.trace.checker,
        );
        let at = |now: String| Parting {
            place: Place::After(steps.len()),
            recorded: format!("goes on with step {from}, and so for ever"),
            now,
        };
        match recorded.end {
            Recorded::Diverged(divergence) => {
                return Ok(Some(at(of_sim(&divergence).now)));
            }
            Recorded::Fault(fault) => return Err(Fault::new(fault.to_string())),
            Recorded::Ended | Recorded::ScheduleOver | Recorded::StepLimit => {}
        }
        let again = recorded.trace.steps.get(steps.len()..).unwrap_or_default();
        let round = steps.get(from - 1..).unwrap_or_default();
        if again.len() < round.len() {
            return Ok(Some(at(verdict(violated(&recorded.trace)))));
        }
        // What is told may name things by numbers that are new in each round.
        let differs = |(then, now): &(&TracedStep, &TracedStep)| {
            (then.read, then.asleep, &then.woken) != (now.read, now.asleep, &now.woken)
        };
        let mut pairs = round.iter().zip(again);
        Ok(pairs.find(differs).map(|(_, now)| at(outcome(now))))
    }

    /// The judge stopped the execution before its recorded end.
    fn ended_early(&self, again: &Trace, passed: &[PassedStep]) -> Option<Parting> {
        let taken = again.steps.len() - passed.len();
        let missed = self.trace.steps.get(taken)?;
        Some(Parting {
            place: Place::At(taken + 1),
            recorded: format!("does {}", described(missed)),
            now: verdict(violated(again)),
        })
    }

    fn on_tool<S: Subject + Clone + 'static>(
        &self,
        tool: Tool,
        subject: &S,
        break_at: Option<usize>,
    ) -> Result<Replayed, Fault> {
        let manner = Manner {
            at_rest: self.trace.ends_at_rest(),
            lets_pass: !self.is_another,
            break_at,
            reads: self.trace.weak_reads(),
        };
        let schedule = self.trace.schedule();
        let gated = gated::replay_in(manner, tool, subject, self.scenario, &schedule)?;
        let passed = gated.passed.iter().enumerate();
        let passed = passed.map(|(count, (before, step))| PassedStep {
            number: before + count + 1,
            step: step.to_string(),
        });
        let passed: Vec<PassedStep> = passed.collect();
        let parting = of_tool(&gated, schedule.steps.len());
        let scheduled = match &gated.divergence {
            Some(divergence) => divergence.step,
            None => self.trace.steps.len(),
        };
        let taken = gated.steps.len().min(scheduled + passed.len());
        let checker = &self.trace.checker;
        let observed = observed(
            subject,
            self.scenario,
            &gated.steps[..taken],
            &gated.told,
            checker,
        );
        let unheard = taken - observed.steps.len();
        let mut again = self.traced(subject.name(), &gated, taken, observed);
        if parting.is_none() && !self.is_another && again.violation.is_none() {
            // A foreign tool cannot tell what repeats for ever.
            let recorded = self.trace.violation.as_ref();
            let recorded = recorded.filter(|fell| fell.repeats_from.is_some());
            again.violation = recorded.cloned();
        }
        // A step without facts may come from a checker that does not hear them.
        let heard = self.trace.steps.iter().any(|step| !step.facts.is_empty());
        let difference = self.difference(&again, &passed, heard && unheard == 0);
        Ok(self.replayed(again, unheard, passed, parting, difference))
    }

    /// The trace of what a foreign tool did in its first steps, so many, and what is known of them besides.
    fn traced(&self, subject: &str, gated: &Gated, taken: usize, observed: Observed) -> Trace {
        let more = &gated.steps[observed.steps.len()..taken];
        let mut steps = observed.steps;
        steps.extend(more.iter().map(traced_step));
        let toml = self.scenario.to_toml();
        let ends = gated.divergence.is_none() && gated.surplus.is_none();
        let violations = if ends { &*gated.violations } else { &[] };
        Trace {
            variant: subject.to_owned(),
            fingerprint: fingerprint(subject, &toml),
            steps,
            preemptions: observed.preemptions,
            waiting: observed.waiting,
            violation: fallen(violations, &Cast::of(self.scenario))
                .map(|fallen| traced_violation(&fallen, self.trace.ends_at_rest())),
            explanation: None,
            ..self.trace.clone()
        }
    }

    /// The first of the same steps that comes to something else; with `heard`, facts count.
    fn difference(&self, again: &Trace, passed: &[PassedStep], heard: bool) -> Option<Parting> {
        let numbered = again.steps.iter().zip(1..);
        let kept = numbered.filter(|(_, number)| passed.iter().all(|step| step.number != *number));
        let pairs = self.trace.steps.iter().zip(kept.map(|(step, _)| step));
        for ((recorded, now), number) in pairs.zip(1..) {
            let same = recorded.read == now.read
                && recorded.asleep == now.asleep
                && (!heard || recorded.facts == now.facts);
            if !same {
                return Some(Parting {
                    place: Place::At(number),
                    recorded: outcome(recorded),
                    now: outcome(now),
                });
            }
        }
        let (recorded, now) = (violated(self.trace), violated(again));
        (recorded != now).then(|| Parting {
            place: Place::After(self.trace.steps.len()),
            recorded: verdict(recorded),
            now: verdict(now),
        })
    }

    fn replayed(
        &self,
        mut trace: Trace,
        unheard: usize,
        passed: Vec<PassedStep>,
        parting: Option<Parting>,
        difference: Option<Parting>,
    ) -> Replayed {
        // An explanation gives steps by number.
        let same = parting.is_none() && difference.is_none() && passed.is_empty();
        if same && !self.is_another {
            trace.explanation.clone_from(&self.trace.explanation);
        }
        Replayed {
            trace,
            unheard,
            passed,
            parting,
            difference,
            another_round: false,
        }
    }
}

/// A step of a foreign tool, of which nobody knows what changed by it.
fn traced_step(step: &RecordedStep) -> TracedStep {
    let is_store = step.kind == OperationKind::Store;
    TracedStep {
        actor: step.actor.clone(),
        kind: step.kind.name().to_owned(),
        object: step.object.to_owned(),
        label: step.label.to_owned(),
        nth: step.nth,
        location: source_place(step.file, step.line),
        enabled: Vec::new(),
        preemption: false,
        asleep: step.asleep,
        woken: Vec::new(),
        chosen: step.chosen.as_ref().map(ToString::to_string),
        ways: None,
        read: step.value.filter(|_| !is_store),
        written: step.value.filter(|_| is_store),
        facts: Vec::new(),
        summary: Vec::new(),
        about: Vec::new(),
        returned: None,
        changed: Vec::new(),
    }
}
