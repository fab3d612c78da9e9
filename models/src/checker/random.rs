//! The checker `random`: the own runtime under a random walk.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_sim::{
    Actors, Choice, Config, Divergence, End, Ending, Limits, Point, Program, RandomWalk, Rest,
    Schedule, Scheduler, Sim, Simulation, Step, Watch, WordOrders,
};

use super::warning::warnings;
use super::{Checker, CpuTime, Deadline, Effort, Fault};
use crate::judge::Violation;
use crate::outcome::{Coverage, Finding, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::{Cast, Reached, Stage, Subject};
use crate::trace::traced_violation;

/// A scenario as a program of the own runtime.
pub struct Play<'a, S> {
    /// The subject.
    pub subject: &'a S,
    /// The scenario.
    pub scenario: &'a Arc<Scenario>,
}

/// Lets the judge look after each step and at rest.
pub struct Jury(pub(super) Stage<Sim>);

impl Jury {
    /// The stage it watches.
    pub(super) fn stage(&self) -> &Stage<Sim> {
        &self.0
    }
}

impl Watch for Jury {
    type Verdict = Vec<Violation>;

    fn after_step(&mut self, _: &Step) -> Option<Vec<Violation>> {
        Some(self.0.violations()).filter(|violations| !violations.is_empty())
    }

    fn at_rest(&mut self, _: &Rest) -> Option<Vec<Violation>> {
        Some(self.0.judge_rest()).filter(|violations| !violations.is_empty())
    }
}

impl<S: Subject> Program for Play<'_, S> {
    type Watch = Jury;

    fn start(&self, actors: &mut Actors<'_>) -> Jury {
        self.noting(actors, Reached::default())
    }
}

/// The same, with somebody who notes which situations are reached.
pub(super) struct Noted<'a, S> {
    pub(super) play: Play<'a, S>,
    pub(super) reached: &'a Reached,
}

impl<S: Subject> Program for Noted<'_, S> {
    type Watch = Jury;

    fn start(&self, actors: &mut Actors<'_>) -> Jury {
        self.play.noting(actors, self.reached.clone())
    }
}

impl<S: Subject> Play<'_, S> {
    fn noting(&self, actors: &mut Actors<'_>, reached: Reached) -> Jury {
        let (stage, cast) = Stage::<Sim>::set_noting(self.subject, self.scenario, false, reached);
        for actor in cast {
            actors.spawn(actor.name, actor.class, actor.body);
        }
        Jury(stage)
    }
}

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
    let reached = Reached::collecting(scenario);
    let noted = Noted {
        play: Play { subject, scenario },
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
                    finding = find(
                        verdict,
                        Schedule::from_execution(execution),
                        &Cast::of(scenario),
                    );
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

/// A finding from what the judge said.
pub(super) fn find(violations: &[Violation], schedule: Schedule, cast: &Cast) -> Option<Finding> {
    let violation = traced_violation(violations, false, cast)?;
    Some(Finding {
        property: violation.property,
        sentence: violation.sentence,
        properties: violation.properties,
        schedule,
        reads: Vec::new(),
        repeats_from: None,
    })
}
