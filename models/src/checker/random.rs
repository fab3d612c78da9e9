//! The checker `random`: the own runtime under a random walk.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    Choice, Config, Divergence, End, Ending, Finding, Instance, Limits, Point, RandomWalk,
    Schedule, Scheduler, Simulation, WordOrders,
};

use super::play::{Noted, Play};
use super::warning::warnings;
use super::{Checker, CpuTime, Deadline, Effort, Fault};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Reached, Subject};

/// After how many steps the deadline is looked at.
const BETWEEN_LOOKS: u64 = 16;

/// The random walk, which a deadline ends also in the middle of an execution.
struct Timed {
    walk: RandomWalk,
    deadline: Deadline,
    steps: u64,
}

impl Scheduler for Timed {
    fn begin(&mut self) -> bool {
        self.walk.begin()
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.steps += 1;
        if self.steps.is_multiple_of(BETWEEN_LOOKS) && self.deadline.has_passed() {
            return Choice::Stop;
        }
        self.walk.choose(point)
    }

    fn end(&mut self, ending: &Ending<'_>) -> Option<Divergence> {
        self.walk.end(ending)
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
    let cpu = CpuTime::start();
    let deadline = Deadline::after(effort.time_limit);
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
    let done = Simulation::new(Config::default()).explore(
        &noted,
        &mut Timed {
            walk: RandomWalk::new(effort.seed),
            deadline,
            steps: 0,
        },
        Limits::executions(effort.executions),
        |execution| {
            let asked = execution
                .steps
                .iter()
                .filter_map(|step| step.operation.order);
            asked.for_each(|order| orders.note(order));
            match &execution.end {
                End::Rest(_) => {}
                End::Abandoned => abandoned += 1,
                End::Stopped { verdict, .. } if !effort.counts(verdict) => {}
                End::Stopped { verdict, .. } => {
                    let schedule = Schedule::from_execution(execution);
                    finding = Some(Finding::new(play.fallen(verdict), schedule));
                }
                End::StepLimit => limit = Some("the limit on steps of one execution".to_owned()),
                End::Fault(broken) => fault = Some(Fault::new(broken.to_string())),
                End::Diverged(divergence) => fault = Some(Fault::new(divergence.to_string())),
            }
            if deadline.has_passed() {
                limit = Some(deadline.to_string());
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
            "each step at random",
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
        warnings: warnings(Checker::Random, orders, scenario),
        reached: Some(reached.collected()),
        finding,
    })
}
