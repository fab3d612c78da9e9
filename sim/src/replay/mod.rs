//! A trace, run again, and the step at which what is run now parts from what was recorded.
//!
//! A program of the recorded name may have changed since: steps that the trace does not know are let pass, and told.
//! Another one is held to every step, for where the two part is the question.

mod parting;

use self::parting::of_sim;
pub use self::parting::{Parting, Place, described, outcome, verdict, violated};
use crate::execution::{Fault, FaultKind, general_fault};
use crate::instance::Instance;
use crate::scheduler::Replay;
use crate::trace::{Recorded, Round, Trace, TracedStep, record, record_round};

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

/// Runs `trace` again with `instance`.
///
/// # Errors
///
/// [`Fault`] when the program panics or breaks a rule of the primitives, or does not come to an end.
pub fn replay<I: Instance>(trace: &Trace, instance: &I) -> Result<Replayed, Box<Fault>> {
    Again::of(trace, instance.name()).on_own_runtime(instance)
}

/// A replay under way.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// What was recorded.
    pub trace: &'a Trace,
    /// Whether it is run with other code than it was recorded with.
    pub is_another: bool,
}

impl<'a> Again<'a> {
    /// A replay of `trace` with the code of this name.
    #[must_use]
    pub fn of(trace: &'a Trace, code: &str) -> Self {
        Again {
            trace,
            is_another: code != trace.variant,
        }
    }

    fn on_own_runtime<I: Instance>(&self, instance: &I) -> Result<Replayed, Box<Fault>> {
        let replay = Replay::new(&self.trace.schedule()).reading(self.trace.weak_reads());
        let mut replay = match (self.is_another, self.trace.ends_at_rest()) {
            (true, _) => replay,
            (false, true) => replay.letting_pass_to_rest(),
            (false, false) => replay.letting_pass(),
        };
        let checker = &self.trace.checker;
        let recorded = match self.round() {
            Some(round) => record_round(instance, &mut replay, checker, &round),
            None => record(instance, &mut replay, checker),
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
            Recorded::Fault(fault) => return Err(Box::new(fault)),
            Recorded::StepLimit => return Err(general_fault(FaultKind::Endless)),
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
        let parting = self.parts_in_another_round(instance)?;
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
    fn parts_in_another_round<I: Instance>(
        &self,
        instance: &I,
    ) -> Result<Option<Parting>, Box<Fault>> {
        let steps = &self.trace.steps;
        let from = self.trace.repeats_from().unwrap_or(1);
        let schedule = self.trace.schedule_with_another_round();
        let recorded = record(instance, &mut Replay::new(&schedule), &self.trace.checker);
        let at = |now: String| Parting {
            place: Place::After(steps.len()),
            recorded: format!("goes on with step {from}, and so for ever"),
            now,
        };
        match recorded.end {
            Recorded::Diverged(divergence) => {
                return Ok(Some(at(of_sim(&divergence).now)));
            }
            Recorded::Fault(fault) => return Err(Box::new(fault)),
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

    /// The first of the same steps that comes to something else; with `heard`, facts count.
    #[must_use]
    pub fn difference(&self, again: &Trace, passed: &[PassedStep], heard: bool) -> Option<Parting> {
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

    /// What a replay came to; with the explanation, if it came to the same.
    #[must_use]
    pub fn replayed(
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
