//! Programs of one's own on real threads.

use std::sync::Arc;
use std::time::Duration;

use logon_sim::{Deadline, Portable};

use super::tried::{Ended, Tried};
use super::under_way::UnderWay;
use super::{Limits, join_all, run_quietly, start};
use crate::backend::{Recorder, Threads};
use crate::checker::{CpuTime, Fault};

/// How long an execution may take to come to rest. A loop that spins in vain never does.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs `program` so many times on real threads, disturbed a little, until something falls.
///
/// What the seed decides is the noise; the machine decides the rest, so no two runs are the same. An execution that has
/// not come to rest after five seconds, or when the limit on time has passed, is ended and counts as cut short, unless an
/// actor has panicked in it.
///
/// # Errors
///
/// [`Fault`] when threads cannot be started.
pub fn on_threads<T>(program: &T, limits: &Limits) -> Result<Tried, Fault>
where
    T: Portable<Threads> + Sync,
{
    let under_way = UnderWay::default();
    let deadline = Deadline::after(limits.seconds);
    let cpu = CpuTime::of_process();
    let mut limit = None;
    let panicked = run_quietly("threads", || {
        for execution in 0..limits.executions {
            if deadline.has_passed() {
                limit = Some(deadline.to_string());
                break;
            }
            let recorder = Recorder::noisy(limits.seed.wrapping_add(execution));
            let patience = deadline.left().map_or(PATIENCE, |left| left.min(PATIENCE));
            if one_execution(program, &under_way, &recorder, patience) {
                break;
            }
        }
    })?;
    under_way.ended_with(panicked)?;
    let end = match (under_way.found(), limit) {
        (Some(found), _) => Ended::Violated(Box::new(found)),
        (None, Some(limit)) => Ended::Stopped(limit),
        (None, None) => Ended::Enough,
    };
    Ok(Tried {
        by: "real threads".to_owned(),
        executions: under_way.begun(),
        cut_short: under_way.cut_short(),
        end,
        orders: under_way.orders(),
        has_weak_memory: false,
        caveats: Vec::new(),
        cpu_seconds: CpuTime::of_process() - cpu,
    })
}

/// Whether anything fell.
fn one_execution(
    program: &impl Portable<Threads>,
    under_way: &UnderWay,
    recorder: &Arc<Recorder>,
    patience: Duration,
) -> bool {
    let running = start::<Threads>(program, recorder, under_way, usize::MAX);
    let rests = recorder.await_rest_for(patience);
    let fell = match rests {
        true => under_way.end(),
        false => under_way.give_up(),
    };
    // Whoever waits now waits for good, and whoever spins would spin for ever.
    recorder.stop();
    join_all::<Threads>(running.ending);
    join_all::<Threads>(running.serving);
    fell
}
