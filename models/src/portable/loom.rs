//! Programs of one's own on loom.

use std::sync::Arc;

use logon_sim::{Deadline, Finding, Named, Portable, Ported, Replay, Sim, Simulation};

use super::tried::{Ended, Tried};
use super::under_way::UnderWay;
use super::{Limits, join_all, run_quietly, start};
use crate::backend::{Loom, Recorder, Threading, pauses_so_far};
use crate::checker::{CpuTime, Fault, LOOM_CAVEAT, MOST_ACTORS, MOST_BRANCHES};

/// What unwinds loom after a finding.
const FOUND: &str = "logon-check: something fell";

/// Explores `program` with loom: every execution with at most so many preemptions, or without a bound, until something
/// falls or a limit is reached.
///
/// loom has a memory model, and [misses some executions](https://github.com/tokio-rs/loom/issues/166), so that what it
/// has come to the end of is not all. It takes `SeqCst` for acquire and release: what it finds where words are used with
/// `SeqCst` is looked at again on the own runtime, and is [`Ended::Unrepeated`] if it is not had there and no word is used
/// with a weaker order. With weaker orders alone loom has the last word. Its seed is not used.
///
/// The end is judged when everybody who must end has, and the others rest. Where somebody never does, loom reports a
/// deadlock, and that state is judged.
///
/// # Errors
///
/// [`Fault`] when the program has more than four actors or asks for what loom cannot do, or when loom gives up for a
/// reason that is no verdict.
pub fn on_loom<T>(
    program: &T,
    preemption_bound: Option<usize>,
    limits: &Limits,
) -> Result<Tried, Fault>
where
    T: Portable<Loom> + Portable<Sim> + Clone + Send + Sync + 'static,
{
    let under_way = Arc::new(UnderWay::default());
    let deadline = Deadline::after(limits.seconds);
    let mut builder = Loom::builder();
    builder.preemption_bound = preemption_bound;
    builder.max_branches = MOST_BRANCHES;
    // loom looks at its limits before an execution, and only at multiples of this interval.
    builder.checkpoint_interval = 1;
    builder.max_permutations = usize::try_from(limits.executions.saturating_add(1)).ok();
    builder.max_duration = deadline.left();
    let (shared, subject) = (Arc::clone(&under_way), program.clone());
    let mut cpu_seconds = 0.0;
    let mut pauses = false;
    let (time, paused) = (&mut cpu_seconds, &mut pauses);
    let panicked = run_quietly("loom", move || {
        let cpu = CpuTime::start();
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            builder.check(move || one_execution(&subject, &shared));
        }));
        *time = cpu.seconds();
        *paused = pauses_so_far();
        if let Err(payload) = ended {
            std::panic::resume_unwind(payload);
        }
    })?;
    let own = under_way.ended_with(panicked)?;
    let orders = under_way.orders();
    let mut caveats = Vec::new();
    let end = match (under_way.found(), own) {
        (Some(found), _) if orders.seq_cst && !is_repeated(program, &found) => {
            if orders.are_weak() {
                caveats.push(format!(
                    "whether this alarm is one cannot be told: the same steps do not break {} under sequential \
                     consistency, and weaker orders are used as well",
                    found.property
                ));
                Ended::Violated(Box::new(found))
            } else {
                Ended::Unrepeated(Box::new(found))
            }
        }
        (Some(found), _) => Ended::Violated(Box::new(found)),
        (None, Some(limit)) => Ended::Stopped(limit),
        (None, None) if under_way.begun() >= limits.executions => Ended::Enough,
        (None, None) if deadline.has_passed() => Ended::Stopped(deadline.to_string()),
        (None, None) => Ended::Exhausted,
    };
    if matches!(end, Ended::Exhausted | Ended::Enough) && under_way.begun() > 0 {
        caveats.push(LOOM_CAVEAT.to_owned());
        if pauses {
            caveats.push(
                "executions in which somebody goes on by itself after a pause are left out"
                    .to_owned(),
            );
        }
    }
    let bound = match preemption_bound {
        Some(bound) => format!("preemptions ≤ {bound}"),
        None => "no bound on preemptions".to_owned(),
    };
    Ok(Tried {
        by: format!("loom, {bound}"),
        executions: under_way.begun(),
        cut_short: under_way.cut_short(),
        end,
        orders,
        has_weak_memory: true,
        caveats,
        cpu_seconds,
    })
}

fn one_execution(program: &impl Portable<Loom>, under_way: &UnderWay) {
    let recorder = Recorder::new();
    let running = start::<Loom>(program, &recorder, under_way, MOST_ACTORS);
    join_all::<Loom>(running.ending);
    if !running.serving.is_empty() {
        Loom::await_rest(&recorder);
    }
    if under_way.end() {
        // loom goes on for as long as nothing unwinds it. It is no panic, of which the process would be told.
        std::panic::resume_unwind(Box::new(FOUND.to_owned()));
    }
    if !running.serving.is_empty() {
        recorder.stop();
        join_all::<Loom>(running.serving);
    }
}

/// Whether the steps that loom found break the same property on the own runtime.
fn is_repeated<T: Portable<Sim> + Clone>(program: &T, found: &Finding) -> bool {
    let named = Named::new("portable", Ported(program.clone()));
    let execution = Simulation::default().run_once(&named, &mut Replay::new(&found.schedule));
    let verdict = execution.verdict();
    verdict.is_some_and(|verdict| verdict.fallen().property == found.property)
}
