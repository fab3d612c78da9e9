//! Programs of one's own on shuttle.

use std::fmt;
use std::sync::Arc;

use logon_sim::{Deadline, Portable};
use shuttle::scheduler::{
    DfsScheduler, PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler,
};

use super::tried::{Ended, Tried};
use super::under_way::UnderWay;
use super::{Limits, join_all, run_quietly, start};
use crate::backend::{Recorder, RestFlag, RestLast, Shuttle, Until};
use crate::checker::{CpuTime, Fault};

/// How many steps of shuttle one execution may have; then the next one begins.
const MOST_STEPS: usize = 20_000;

/// How shuttle chooses who takes the next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// Each step at random.
    Random,
    /// By priorities, which change at so many random moments, less one. A variant of the published algorithm.
    Pct {
        /// The changes plus one; at least 1.
        depth: usize,
    },
    /// A random walk that tries to be uniform over executions.
    UniformRandom,
    /// Depth first, without reduction: all executions, if there are few.
    DepthFirst,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Strategy::Random => f.write_str("each step at random"),
            Strategy::Pct { depth } => write!(f, "priorities of depth {depth}"),
            Strategy::UniformRandom => f.write_str("uniform random walk"),
            Strategy::DepthFirst => f.write_str("depth first"),
        }
    }
}

/// Explores `program` with shuttle, until something falls or a limit is reached. Its memory is sequentially consistent.
///
/// # Errors
///
/// [`Fault`] when the program asks for what shuttle cannot do, or when shuttle gives up for a reason that is no verdict.
///
/// # Panics
///
/// If the depth of [`Strategy::Pct`] is 0.
pub fn on_shuttle<T>(program: &T, strategy: Strategy, limits: &Limits) -> Result<Tried, Fault>
where
    T: Portable<Shuttle> + Clone + Send + Sync + 'static,
{
    let executions = usize::try_from(limits.executions).unwrap_or(usize::MAX);
    let explore = Explore {
        program: program.clone(),
        under_way: Arc::new(UnderWay::default()),
        deadline: Deadline::after(limits.seconds),
    };
    let seed = limits.seed;
    let (cpu_seconds, panicked) = match strategy {
        Strategy::Random => explore.under(RandomScheduler::new_from_seed(seed, executions)),
        Strategy::Pct { depth } => {
            explore.under(PctScheduler::new_from_seed(seed, depth, executions))
        }
        Strategy::UniformRandom => {
            explore.under(UrwRandomScheduler::new_from_seed(seed, executions))
        }
        Strategy::DepthFirst => explore.under(DfsScheduler::new(Some(executions), false)),
    }?;
    let Explore {
        under_way,
        deadline,
        ..
    } = explore;
    let own = under_way.ended_with(panicked)?;
    let all = strategy == Strategy::DepthFirst && under_way.cut_short() == 0;
    let end = match (under_way.found(), own) {
        (Some(found), _) => Ended::Violated(Box::new(found)),
        (None, Some(limit)) => Ended::Stopped(limit),
        (None, None) if under_way.begun() >= limits.executions => Ended::Enough,
        (None, None) if deadline.has_passed() => Ended::Stopped(deadline.to_string()),
        (None, None) if all => Ended::Exhausted,
        (None, None) => Ended::Enough,
    };
    Ok(Tried {
        by: format!("shuttle, {strategy}"),
        executions: under_way.begun(),
        cut_short: under_way.cut_short(),
        end,
        orders: under_way.orders(),
        has_weak_memory: false,
        caveats: Vec::new(),
        cpu_seconds,
    })
}

struct Explore<T> {
    program: T,
    under_way: Arc<UnderWay>,
    deadline: Deadline,
}

impl<T: Portable<Shuttle> + Clone + Send + Sync + 'static> Explore<T> {
    /// The seconds of processor time, and the message of the panic that ended it, if one did.
    fn under(
        &self,
        scheduler: impl Scheduler + Send + 'static,
    ) -> Result<(f64, Option<String>), Fault> {
        let flag = RestFlag::default();
        let under_way = Arc::clone(&self.under_way);
        let scheduler = Until::new(RestLast::new(scheduler, flag.clone()), move || {
            // An execution that a limit on its length has ended.
            under_way.give_up();
            under_way.found().is_some()
        });
        let mut config = shuttle::Config::new();
        config.failure_persistence = shuttle::FailurePersistence::None;
        config.silence_warnings = true;
        config.max_time = self.deadline.left();
        config.max_steps = shuttle::MaxSteps::ContinueAfter(MOST_STEPS);
        let (program, under_way) = (self.program.clone(), Arc::clone(&self.under_way));
        let mut seconds = 0.0;
        let time = &mut seconds;
        let panicked = run_quietly("shuttle", move || {
            let cpu = CpuTime::start();
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                shuttle::Runner::new(scheduler, config)
                    .run(move || one_execution(&program, &under_way, &flag));
            }));
            *time = cpu.seconds();
            if let Err(payload) = ended {
                std::panic::resume_unwind(payload);
            }
        })?;
        Ok((seconds, panicked))
    }
}

fn one_execution(program: &impl Portable<Shuttle>, under_way: &UnderWay, flag: &RestFlag) {
    let recorder = Recorder::new();
    let running = start::<Shuttle>(program, &recorder, under_way, usize::MAX);
    flag.await_rest();
    under_way.end();
    // Whoever waits now waits for good. To unwind them all, without a panic, is what shuttle is silent about.
    recorder.stop();
    join_all::<Shuttle>(running.ending);
    join_all::<Shuttle>(running.serving);
}
