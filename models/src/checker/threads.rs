//! The checker `std`: real threads, disturbed now and then.

use std::sync::Arc;

use super::foreign::{run_tool, start};
use super::progress::Progress;
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, TimeLimits};
use crate::backend::{Recorder, Threading, Threads};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::Subject;

/// Runs `effort.executions` executions on real threads until one violates a property.
///
/// What the seed decides is the noise; the machine decides the rest, so no two runs are the same.
///
/// # Errors
///
/// [`Fault`] when the subject panics.
pub fn threads<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    progress: &Arc<Progress>,
) -> Result<Outcome, Fault> {
    let cpu = CpuTime::of_process();
    let limits = TimeLimits::of_process(effort);
    let mut limit = None;
    for execution in 0..effort.executions {
        if limits.have_passed() {
            limit = Some(limits.to_string());
            break;
        }
        let recorder = Recorder::noisy(effort.seed.wrapping_add(execution));
        run_tool(progress, || {
            one_execution(subject, scenario, progress, &recorder);
        })
        .map_err(Fault::new)?;
        if progress.finding().is_some() {
            break;
        }
    }
    let finding = progress.finding();
    Ok(Outcome {
        verdict: match (&finding, &limit) {
            (Some(_), _) => Verdict::Violated,
            (None, Some(_)) => Verdict::Incomplete,
            (None, None) => Verdict::Holds,
        },
        coverage: Coverage::sampled(
            progress.executions(),
            effort.executions,
            finding.is_some(),
            "on real threads",
        ),
        executions: Some(progress.executions()),
        states: None,
        steps: None,
        preemption_bound: None,
        bytes: None,
        peak_bytes: None,
        cpu_seconds: CpuTime::of_process() - cpu,
        limit,
        orders: progress.orders(),
        warnings: warnings(Checker::Std, progress.orders(), scenario),
        reached: None,
        sample: None,
        finding,
    })
}

fn one_execution<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    progress: &Progress,
    recorder: &Arc<Recorder>,
) {
    let running = start::<Threads, S>(subject, scenario, recorder, progress);
    Threads::await_rest(recorder);
    let stage = Arc::clone(&running.stage);
    let violations = stage.judge_rest();
    if !violations.is_empty() || recorder.broken_rule().is_some() {
        // Whoever is stuck is stuck for good: unwind all of them, so that no thread is left behind.
        let steps_end_here = Arc::clone(recorder);
        steps_end_here.stop();
        running.join();
        progress.judged(&violations, &stage, recorder);
        return;
    }
    progress.judged(&violations, &stage, recorder);
    stage.close();
    running.join();
}
