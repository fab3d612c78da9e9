//! The checkers on shuttle: the same executions under each of its schedulers.

use std::sync::Arc;

use shuttle::scheduler::{
    DfsScheduler, PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler,
};

use super::foreign::{run_tool, start};
use super::progress::Progress;
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, TimeLimits};
use crate::backend::{Recorder, RestFlag, RestLast, Shuttle, Until};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::Subject;

/// How many changes of priority the `shuttle-pct` checker makes, plus one.
const PCT_DEPTH: usize = 3;

/// Explores with shuttle under the scheduler that `checker` names, until a property falls or the executions
/// are done.
///
/// # Errors
///
/// [`Fault`] when the subject panics, or when shuttle gives up for a reason that is no verdict.
pub fn shuttle<S: Subject + Clone + 'static>(
    checker: Checker,
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    progress: &Arc<Progress>,
) -> Result<Outcome, Fault> {
    let cpu = CpuTime::start();
    let limits = TimeLimits::of(effort);
    let executions = usize::try_from(effort.executions).unwrap_or(usize::MAX);
    let seed = effort.seed;
    let explore = Explore {
        subject,
        scenario,
        progress,
        limits,
    };
    let (ran, by) = match checker {
        Checker::ShuttlePct => {
            let scheduler = PctScheduler::new_from_seed(seed, PCT_DEPTH, executions);
            (
                explore.under(scheduler),
                format!("priorities with {} changes", PCT_DEPTH - 1),
            )
        }
        Checker::ShuttleUrw => {
            let scheduler = UrwRandomScheduler::new_from_seed(seed, executions);
            (explore.under(scheduler), "uniform random walk".to_owned())
        }
        Checker::ShuttleDfs => {
            let scheduler = DfsScheduler::new(Some(executions), false);
            (explore.under(scheduler), "depth-first".to_owned())
        }
        _ => {
            let scheduler = RandomScheduler::new_from_seed(seed, executions);
            (explore.under(scheduler), "each step at random".to_owned())
        }
    };
    ran.map_err(Fault::new)?;
    let done = progress.executions();
    let finding = progress.finding();
    let all = checker == Checker::ShuttleDfs
        && done < effort.executions
        && !limits.have_passed()
        && progress.cut_short().is_none()
        && finding.is_none();
    let short = done < effort.executions && !all;
    let by = match (checker, &finding, all) {
        (Checker::ShuttleDfs, None, false) => format!("the first in {by} order; there are more"),
        _ => by,
    };
    let limit = match &finding {
        None if short => Some(progress.cut_short().unwrap_or_else(|| limits.to_string())),
        _ => None,
    };
    Ok(Outcome {
        verdict: match (&finding, short) {
            (Some(_), _) => Verdict::Violated,
            (None, true) => Verdict::Incomplete,
            (None, false) => Verdict::Holds,
        },
        coverage: if all {
            Coverage::Exhaustive(Some("sequential consistency, without reduction".to_owned()))
        } else {
            Coverage::sampled(done, effort.executions, finding.is_some(), &by)
        },
        executions: Some(done),
        states: None,
        steps: None,
        preemption_bound: None,
        bytes: None,
        peak_bytes: None,
        cpu_seconds: cpu.seconds(),
        limit,
        orders: progress.orders(),
        warnings: warnings(checker, progress.orders(), scenario),
        reached: None,
        sample: None,
        finding,
    })
}

struct Explore<'a, S> {
    subject: &'a S,
    scenario: &'a Arc<Scenario>,
    progress: &'a Arc<Progress>,
    limits: TimeLimits,
}

impl<S: Subject + Clone + 'static> Explore<'_, S> {
    fn under(&self, scheduler: impl Scheduler + 'static) -> Result<(), String> {
        let flag = RestFlag::default();
        let (progress, limits) = (Arc::clone(self.progress), self.limits);
        let scheduler = Until::new(RestLast::new(scheduler, flag.clone()), move || {
            progress.finding().is_some() || limits.is_out_of_processor()
        });
        let mut config = shuttle::Config::new();
        config.failure_persistence = shuttle::FailurePersistence::None;
        config.silence_warnings = true;
        config.max_time = self.limits.left();
        let (subject, scenario) = (self.subject.clone(), Arc::clone(self.scenario));
        let progress = Arc::clone(self.progress);
        run_tool(self.progress, move || {
            shuttle::Runner::new(scheduler, config)
                .run(move || one_execution(&subject, &scenario, &progress, &flag));
        })
    }
}

fn one_execution<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    progress: &Progress,
    flag: &RestFlag,
) {
    let recorder = Recorder::new();
    let running = start::<Shuttle, S>(subject, scenario, &recorder, progress);
    flag.await_rest();
    let stage = Arc::clone(&running.stage);
    let violations = stage.judge_rest();
    progress.judged(&violations, &stage, &recorder);
    if violations.is_empty() {
        stage.close();
    } else {
        // Whoever is stuck is stuck for good, also when the server is closed. To unwind them all, without a panic, is
        // what shuttle is silent about.
        recorder.stop();
    }
    running.join();
}
