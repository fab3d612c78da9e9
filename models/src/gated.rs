//! Replay on foreign tools: a schedule forced on shuttle, loom or real threads, step by step.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::Fact;
use logon_sim::Schedule;
use shuttle::scheduler::RoundRobinScheduler;

use crate::backend::{
    self, After, Divergence, GateStep, Loom, RecordedStep, Recorder, Shuttle, Threading, Threads,
};
use crate::checker::Fault;
use crate::judge::Violation;
use crate::scenario::Scenario;
use crate::stage::{Stage, Subject};

/// A foreign tool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// shuttle.
    Shuttle,
    /// loom.
    Loom,
    /// Real threads.
    Threads,
}

impl std::fmt::Display for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Tool::Shuttle => "shuttle",
            Tool::Loom => "loom",
            Tool::Threads => "real threads",
        })
    }
}

/// What a replay on a foreign tool came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gated {
    /// The steps that were taken.
    pub steps: Vec<RecordedStep>,
    /// Those among them that the schedule does not know and that were let pass, each with the position in the
    /// schedule, from 0, before which it was taken.
    pub passed: Vec<(usize, GateStep)>,
    /// What fell after the last of them; judged as at rest if the caller said so.
    pub violations: Vec<Violation>,
    /// What the server told, in order; after the last step taken maybe more.
    pub told: Vec<Fact>,
    /// A step that was taken after the last one scheduled, although nobody should have been able to.
    pub surplus: Option<GateStep>,
    /// The first step that could not be taken as scheduled.
    pub divergence: Option<Divergence>,
}

/// How a schedule is replayed on a foreign tool.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Manner {
    /// Whether nobody can move after the last step, so that the properties at rest are judged there.
    pub at_rest: bool,
    /// Whether steps that the schedule does not know are let pass; see [`backend::Manner`].
    pub lets_pass: bool,
    /// The number of the step before which a debugger is let in, from 1.
    pub break_at: Option<usize>,
    /// What the loads of these steps, from 1, are to read where that needs a weak memory: loom runs the schedule again
    /// until they do, [`MOST_TRIED`] times at the most. The others have no such memory.
    pub reads: BTreeMap<usize, u64>,
}

/// How many executions loom has for one schedule, until its loads read what they are to read.
pub const MOST_TRIED: usize = 20_000;

/// The payload with which loom is stopped once they do.
struct ReadAsRecorded;

/// Replays `schedule` on `tool`, step for step, and stops after its last step. `at_rest` says that nobody can move
/// there, so that the properties at rest are judged.
///
/// # Errors
///
/// [`Fault`] when the subject panics or the tool gives up.
pub fn replay<S: Subject + Clone + 'static>(
    tool: Tool,
    subject: &S,
    scenario: &Arc<Scenario>,
    schedule: &Schedule,
    at_rest: bool,
) -> Result<Gated, Fault> {
    let manner = Manner {
        at_rest,
        ..Manner::default()
    };
    replay_in(manner, tool, subject, scenario, schedule)
}

/// Replays `schedule` on `tool` in this manner.
///
/// # Errors
///
/// [`Fault`] when the subject panics or the tool gives up.
pub fn replay_in<S: Subject + Clone + 'static>(
    manner: Manner,
    tool: Tool,
    subject: &S,
    scenario: &Arc<Scenario>,
    schedule: &Schedule,
) -> Result<Gated, Fault> {
    let Manner { at_rest, reads, .. } = manner;
    let is_weak = tool == Tool::Loom && !reads.is_empty();
    let steps = schedule.steps.iter().map(GateStep::from).collect();
    let manner = backend::Manner {
        // Whether nobody can move after the last step is seen by letting everybody who can.
        after: if at_rest { After::RunFree } else { After::Stop },
        lets_pass: manner.lets_pass,
        break_at: manner.break_at,
    };
    let recorder = Recorder::gated_in(steps, manner);
    let violations = Arc::new(Mutex::new((Vec::new(), Vec::new())));
    let run = {
        let (subject, scenario) = (subject.clone(), Arc::clone(scenario));
        let (recorder, violations) = (Arc::clone(&recorder), Arc::clone(&violations));
        move || -> Box<dyn Fn() + Send + Sync> {
            match tool {
                Tool::Shuttle => Box::new(move || {
                    keep(
                        &violations,
                        play::<Shuttle, S>(&subject, &scenario, &recorder, at_rest),
                    );
                }),
                Tool::Loom => Box::new(move || {
                    recorder.reset();
                    keep(
                        &violations,
                        play::<Loom, S>(&subject, &scenario, &recorder, at_rest),
                    );
                    if is_weak && have_read(&recorder, &reads) {
                        std::panic::resume_unwind(Box::new(ReadAsRecorded));
                    }
                }),
                Tool::Threads => Box::new(move || {
                    keep(
                        &violations,
                        play::<Threads, S>(&subject, &scenario, &recorder, at_rest),
                    );
                }),
            }
        }
    }();
    let ended = catch_unwind(AssertUnwindSafe(|| match tool {
        Tool::Shuttle => {
            let mut config = shuttle::Config::new();
            config.failure_persistence = shuttle::FailurePersistence::None;
            config.silence_warnings = true;
            shuttle::Runner::new(RoundRobinScheduler::new(1), config).run(run);
        }
        Tool::Loom => {
            let mut builder = Loom::once();
            if is_weak {
                builder.max_permutations = Some(MOST_TRIED + 1);
            }
            builder.check(run);
        }
        Tool::Threads => run(),
    }));
    if let Err(payload) = ended
        && !payload.is::<ReadAsRecorded>()
    {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        return Err(Fault::new(text.unwrap_or("a panic without a text")));
    }
    let (violations, told) =
        std::mem::take(&mut *violations.lock().unwrap_or_else(PoisonError::into_inner));
    let steps = recorder.steps();
    let mut passed = recorder.passed();
    let divergence = recorder.divergence();
    let mut rest = steps.iter().skip(schedule.steps.len() + passed.len());
    let mut surplus = rest.next().map(RecordedStep::gate_step);
    // After the last step of the schedule everybody runs free, and some may stand at what it does not know.
    while let Some(step) = surplus.take_if(|step| {
        let may_pass = schedule.may_pass(&step.actor, &step.label, &step.object);
        manner.lets_pass && divergence.is_none() && may_pass
    }) {
        passed.push((schedule.steps.len(), step));
        surplus = rest.next().map(RecordedStep::gate_step);
    }
    Ok(Gated {
        violations,
        told,
        divergence,
        surplus,
        passed,
        steps,
    })
}

/// Whether the schedule was followed and its loads have read these values.
fn have_read(recorder: &Recorder, reads: &BTreeMap<usize, u64>) -> bool {
    let (steps, passed) = (recorder.steps(), recorder.passed());
    let position = |number: usize| {
        let before = passed.iter().filter(|(before, _)| *before < number);
        number - 1 + before.count()
    };
    let as_recorded = |(&number, &value): (&usize, &u64)| {
        let step = steps.get(position(number));
        step.is_some_and(|step| step.value == Some(value))
    };
    recorder.divergence().is_none() && reads.iter().all(as_recorded)
}

/// What fell in an execution, and what was told.
type Came = (Vec<Violation>, Vec<Fact>);

fn keep(slot: &Mutex<Came>, came: Came) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = came;
}

fn play<B: Threading, S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    recorder: &Arc<Recorder>,
    at_rest: bool,
) -> Came {
    let (stage, actors) = recorder.building(|| Stage::<B>::set(subject, scenario, true));
    for actor in &actors {
        recorder.expect_actor(&actor.name);
    }
    let handles: Vec<B::Handle> = actors
        .into_iter()
        .map(|actor| B::spawn(recorder, &actor.name, actor.body))
        .collect();
    // After the last step everybody is unwound. After a divergence they run free, and some serve without end.
    B::await_rest(recorder);
    recorder.stop();
    for handle in handles {
        if let Err(payload) = B::join(handle) {
            std::panic::resume_unwind(payload);
        }
    }
    let violations = if at_rest {
        stage.judge_rest()
    } else {
        stage.violations()
    };
    (violations, stage.journal())
}
