//! The checkers that sample on the own runtime: `random`, `pct`, `pos` and `urw`.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    Choice, Classes, Config, Divergence, End, Ending, Finding, Instance, Limits, Point, Sample,
    Sampler, Sampling, Schedule, Scheduler, Simulation, WordOrders,
};

use super::play::{Noted, Play};
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, TimeLimits, played};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Reached, Subject};

/// After how many steps the limits on time are looked at.
const BETWEEN_LOOKS: u64 = 16;

/// A sampler, which a limit on time ends also in the middle of an execution.
struct Timed {
    sampling: Sampling,
    limits: TimeLimits,
    steps: u64,
}

impl Scheduler for Timed {
    fn begin(&mut self) -> bool {
        self.sampling.begin()
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.steps += 1;
        if self.steps.is_multiple_of(BETWEEN_LOOKS) && self.limits.have_passed() {
            return Choice::Stop;
        }
        self.sampling.choose(point)
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        self.sampling.end(ending)
    }
}

/// Runs `effort.executions` executions of `subject` in `scenario`, each step chosen at random, until one
/// violates a property.
///
/// # Errors
///
/// [`Fault`] when the subject panics or breaks a rule of the primitives: that is no verdict.
pub fn random<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Outcome, Fault> {
    sampled(Checker::Random, Sampler::Random, subject, scenario, effort)
}

/// The same for `checker`, whose executions `sampler` draws.
///
/// # Errors
///
/// [`Fault`] when the subject panics or breaks a rule of the primitives: that is no verdict.
pub(super) fn sampled<S: Subject>(
    checker: Checker,
    sampler: Sampler,
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
) -> Result<Outcome, Fault> {
    let scenario = &played(scenario)?;
    let cpu = CpuTime::start();
    let limits = TimeLimits::of(effort);
    let play = Play::new(subject, scenario);
    let reached = Reached::collecting(scenario);
    let noted = Noted {
        play: play.clone(),
        reached: &reached,
    };
    let mut finding = None;
    let mut fault = None;
    let mut limit = None;
    let mut orders = WordOrders::default();
    let mut abandoned = 0;
    let mut passed_over = 0;
    let mut classes = Classes::default();
    let mut timed = Timed {
        sampling: sampler.start(effort.seed),
        limits,
        steps: 0,
    };
    let done = Simulation::new(Config::default()).explore(
        &noted,
        &mut timed,
        Limits::executions(effort.executions),
        |execution| {
            let asked = execution
                .steps
                .iter()
                .filter_map(|step| step.operation.order);
            asked.for_each(|order| orders.note(order));
            if !matches!(execution.end, End::Abandoned) {
                classes.note(&execution.steps);
            }
            match &execution.end {
                End::Rest(_) => {}
                End::Abandoned => abandoned += 1,
                End::Stopped { verdict, .. } if !effort.counts(verdict) => passed_over += 1,
                End::Stopped { verdict, .. } => {
                    let schedule = Schedule::from_execution(execution);
                    finding = Some(Finding::new(play.fallen(verdict), schedule));
                }
                End::StepLimit => limit = Some("the limit on steps of one execution".to_owned()),
                End::Fault(broken) => fault = Some(Fault::new(broken.to_string())),
                End::Diverged(divergence) => fault = Some(Fault::new(divergence.to_string())),
            }
            if limits.have_passed() {
                limit = Some(limits.to_string());
            }
            if finding.is_some() || fault.is_some() || limit.is_some() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    if let Some(fault) = fault {
        return Err(fault);
    }
    let executions = done.executions - abandoned;
    let sample = (finding.is_none() && executions > 0).then(|| Sample {
        executions,
        pilots: timed.sampling.pilots().min(executions),
        distinct: classes.count(),
        cut_short: done.cut_short - abandoned,
        property: effort.property.clone(),
        passed_over,
        is_whole: limit.is_none() && executions == effort.executions,
        guarantee: timed.sampling.guarantee(),
    });
    Ok(Outcome {
        verdict: match (&finding, &limit) {
            (Some(_), _) => Verdict::Violated,
            (None, Some(_)) => Verdict::Incomplete,
            (None, None) => Verdict::Holds,
        },
        coverage: Coverage::sampled(
            executions,
            effort.executions,
            finding.is_some(),
            &sampler.to_string(),
        ),
        executions: Some(executions),
        states: None,
        steps: Some(done.steps),
        preemption_bound: None,
        bytes: None,
        peak_bytes: None,
        cpu_seconds: cpu.seconds(),
        limit: if finding.is_some() { None } else { limit },
        orders,
        warnings: warnings(checker, orders, scenario),
        reached: Some(reached.collected()),
        sample,
        finding,
    })
}
