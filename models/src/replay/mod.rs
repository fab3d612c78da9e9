//! A trace, run again on any tool, and the step at which what is run now parts from what was recorded.
//!
//! A subject of the recorded name may have changed since: steps that the trace does not know are let pass, and told.
//! Another subject is held to every step, for where the two part is the question.

mod fix;
mod observed;
mod parting;

use std::fmt;
use std::sync::Arc;

use logon_sim::OperationKind;
use logon_sim::replay::{self as plain, Again};
pub use logon_sim::replay::{Parting, PassedStep, Place, Replayed};

pub use self::fix::{Fix, FixLimits, Fixed, OtherTurn, assert_fixed, fix};
use self::observed::{Observed, observed};
use self::parting::of_tool;
use crate::backend::RecordedStep;
use crate::checker::{Fault, Play, fallen};
use crate::gated::{self, Gated, Manner, Tool};
use crate::scenario::Scenario;
use crate::stage::{Cast, Subject};
use crate::trace::{Trace, TracedStep, fingerprint, source_place, traced_violation};

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
    match on {
        On::Sim => plain::replay(trace, &Play::new(subject, scenario))
            .map_err(|fault| Fault::of_search(&fault)),
        On::Tool(tool) => {
            let again = Again::of(trace, subject.name());
            OnTool { again, scenario }.replayed(tool, subject, break_at)
        }
    }
}

/// A replay on a foreign tool.
struct OnTool<'a> {
    again: Again<'a>,
    scenario: &'a Arc<Scenario>,
}

impl OnTool<'_> {
    fn replayed<S: Subject + Clone + 'static>(
        &self,
        tool: Tool,
        subject: &S,
        break_at: Option<usize>,
    ) -> Result<Replayed, Fault> {
        let manner = Manner {
            at_rest: self.again.trace.ends_at_rest(),
            lets_pass: !self.again.is_another,
            break_at,
            reads: self.again.trace.weak_reads(),
        };
        let schedule = self.again.trace.schedule();
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
            None => self.again.trace.steps.len(),
        };
        let taken = gated.steps.len().min(scheduled + passed.len());
        let checker = &self.again.trace.checker;
        let observed = observed(
            subject,
            self.scenario,
            &gated.steps[..taken],
            &gated.told,
            checker,
        );
        let unheard = taken - observed.steps.len();
        let mut again = self.traced(subject.name(), &gated, taken, observed);
        if parting.is_none() && !self.again.is_another && again.violation.is_none() {
            // A foreign tool cannot tell what repeats for ever.
            let recorded = self.again.trace.violation.as_ref();
            let recorded = recorded.filter(|fell| fell.repeats_from.is_some());
            again.violation = recorded.cloned();
        }
        // A step without facts may come from a checker that does not hear them.
        let heard = self
            .again
            .trace
            .steps
            .iter()
            .any(|step| !step.facts.is_empty());
        let difference = self
            .again
            .difference(&again, &passed, heard && unheard == 0);
        Ok(self
            .again
            .replayed(again, unheard, passed, parting, difference))
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
                .map(|fallen| traced_violation(&fallen, self.again.trace.ends_at_rest())),
            explanation: None,
            ..self.again.trace.clone()
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
