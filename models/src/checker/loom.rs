//! The checker `loom`.

use std::sync::Arc;

use logon_sim::counted;

use super::foreign::{run_tool, start};
use super::progress::Progress;
use super::warning::warnings;
use super::{Checker, CpuTime, Effort, Fault, TimeLimits};
use crate::backend::{Loom, Recorder};
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::scenario::Scenario;
use crate::stage::Subject;

/// How many actors loom holds: five threads, the main one included.
pub(crate) const MOST_ACTORS: usize = 4;

/// How many branches, steps with more than one way to go on, one execution may have.
pub(crate) const MOST_BRANCHES: usize = 20_000;

/// What loom misses, in the words that go with each of its claims.
pub(crate) const CAVEAT: &str = "loom 0.7.3 does not reverse every race";

/// How many executions the step without a bound may take after a bounded one.
pub(crate) const WITHOUT_BOUND: u64 = 1_000;

/// Explores with loom, bound after bound and at last without one, until a property falls or a limit is reached.
///
/// loom cannot look at a state in which nobody can move unless that is a deadlock of everybody, so
/// properties at rest are judged after the server was closed and everybody has ended.
///
/// # Errors
///
/// [`Fault`] when the subject panics or loom gives up for a reason that is no verdict.
pub fn loom<S: Subject + Clone + 'static>(
    subject: &S,
    scenario: &Arc<Scenario>,
    effort: &Effort,
    progress: &Arc<Progress>,
) -> Result<Outcome, Fault> {
    let cpu = CpuTime::start();
    let limits = TimeLimits::of(effort);
    let mut completed = None;
    let mut limit = None;
    for &bound in &effort.preemption_bounds {
        let before = progress.executions();
        let (mut left, mut allowed) = (effort.executions.saturating_sub(before), effort.executions);
        if bound.is_none() && completed.is_some() && left > WITHOUT_BOUND {
            (left, allowed) = (WITHOUT_BOUND, WITHOUT_BOUND);
        }
        let mut builder = Loom::builder();
        builder.preemption_bound = bound;
        builder.max_branches = MOST_BRANCHES;
        // loom looks at its limits before an execution, and only at multiples of this interval.
        builder.checkpoint_interval = 1;
        builder.max_permutations = usize::try_from(left)
            .ok()
            .and_then(|left| left.checked_add(1));
        builder.max_duration = limits.left();
        let (subject, scenario) = (subject.clone(), Arc::clone(scenario));
        let shared = Arc::clone(progress);
        let run = move || {
            builder.check(move || {
                shared.go_on(&limits);
                one_execution(&subject, &scenario, &shared);
            });
        };
        run_tool(progress, run).map_err(Fault::new)?;
        if progress.finding().is_some() {
            break;
        }
        if let Some(own) = progress.cut_short() {
            limit = Some(format!("{own}, in the search {}", within(bound)));
        } else if progress.executions() - before >= left {
            let executions = counted(allowed, "execution");
            limit = Some(format!(
                "the limit of {executions}, in the search {}",
                within(bound)
            ));
        } else if limits.have_passed() {
            limit = Some(format!("{limits}, in the search {}", within(bound)));
        } else {
            completed = Some(bound);
            continue;
        }
        break;
    }
    let finding = progress.finding();
    let coverage = match (completed, &finding) {
        (_, Some(_)) => Checker::Loom.coverage_of_a_finding(),
        (Some(bound), None) => Coverage::Bounded(format!("{}; {CAVEAT}", name(bound))),
        (None, None) => Coverage::Bounded("no bound was completed".to_owned()),
    };
    Ok(Outcome {
        verdict: match (&finding, completed) {
            (Some(_), _) => Verdict::Violated,
            (None, Some(_)) => Verdict::Holds,
            (None, None) => Verdict::Incomplete,
        },
        coverage,
        executions: Some(progress.executions()),
        states: None,
        steps: None,
        preemption_bound: completed.flatten(),
        bytes: None,
        peak_bytes: None,
        cpu_seconds: cpu.seconds(),
        limit: if finding.is_some() { None } else { limit },
        orders: progress.orders(),
        warnings: warnings(Checker::Loom, progress.orders(), scenario),
        reached: None,
        sample: None,
        finding,
    })
}

/// Which of the searches is meant.
fn within(bound: Option<usize>) -> String {
    bound.map_or("without a bound on preemptions".to_owned(), |bound| {
        format!("with preemptions ≤ {bound}")
    })
}

fn name(bound: Option<usize>) -> String {
    bound.map_or("no bound on preemptions".to_owned(), |bound| {
        format!("preemptions ≤ {bound}")
    })
}

fn one_execution<S: Subject>(subject: &S, scenario: &Arc<Scenario>, progress: &Progress) {
    let recorder = Recorder::new();
    let mut running = start::<Loom, S>(subject, scenario, &recorder, progress);
    running.join_those_who_end();
    let stage = Arc::clone(&running.stage);
    stage.close();
    running.join();
    progress.end(&stage.judge_rest(), &stage, &recorder);
}
