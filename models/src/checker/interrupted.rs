//! What a checker has to say that did not come to its own end: its time was over, or it stopped in a deadlock.

use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Progress};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;

/// The outcome of a checker that does not keep this limit on time, from what it has done so far.
pub(crate) fn cut_off(
    checker: Checker,
    scenario: &Scenario,
    effort: &Effort,
    progress: &Progress,
    limit: &str,
) -> Outcome {
    let limit = format!("{limit}, in the middle of its work");
    let found = progress.finding().is_some();
    Outcome {
        verdict: if found {
            Verdict::Violated
        } else {
            Verdict::Incomplete
        },
        coverage: if checker.visits_states() {
            Coverage::Bounded("cut off".to_owned())
        } else {
            Coverage::sampled(progress.executions(), effort.executions, found, "cut off")
        },
        executions: (!checker.visits_states()).then(|| progress.executions()),
        limit: Some(limit),
        ..stopped(checker, scenario, progress)
    }
}

/// The outcome of a tool that has reported that nobody can move, which the judge has confirmed or passed over.
pub(crate) fn stopped(checker: Checker, scenario: &Scenario, progress: &Progress) -> Outcome {
    let finding = progress.finding();
    Outcome {
        verdict: match finding {
            Some(_) => Verdict::Violated,
            None => Verdict::Incomplete,
        },
        coverage: checker.coverage_of_a_finding(),
        executions: Some(progress.executions()),
        states: None,
        steps: None,
        preemption_bound: None,
        bytes: None,
        peak_bytes: None,
        cpu_seconds: CpuTime::of_process(),
        limit: progress.cut_short().filter(|_| finding.is_none()),
        orders: progress.orders(),
        warnings: warnings(checker, progress.orders(), scenario),
        reached: None,
        sample: None,
        finding,
    }
}
