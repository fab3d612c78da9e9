//! Small programs, written once for every tool.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_models::backend::{Loom, Recorder, Threading};
use shuttle::scheduler::Scheduler;

/// A monitor over a number.
pub(crate) type Number<P> = <P as Primitives>::Monitor<u64>;

/// Two actors add one each, reading and writing in separate sections. Returns the sum.
pub(crate) fn lost_update<P: Threading>(recorder: &Arc<Recorder>) -> u64 {
    let sum: Arc<Number<P>> = recorder.building(|| Arc::new(Monitor::new("sum", 0)));
    let add = |name| {
        let sum = Arc::clone(&sum);
        P::spawn(recorder, name, move || {
            let read = sum.enter("read the sum", |sum| *sum);
            sum.enter("write the sum", |sum| *sum = read + 1);
        })
    };
    let actors = [add("left"), add("right")];
    for actor in actors {
        P::join(actor).expect("adding does not panic");
    }
    sum.peek(|sum| *sum)
}

/// A sleeper looks in one step and falls asleep in another; a setter sets the flag in between.
pub(crate) fn lost_wakeup<P: Threading>(recorder: &Arc<Recorder>) -> [P::Handle; 2] {
    let ready: Arc<P::Monitor<bool>> = recorder.building(|| Arc::new(Monitor::new("ready", false)));
    let seen = Arc::clone(&ready);
    let sleeper = P::spawn(recorder, "sleeper", move || {
        if !seen.enter("look", |ready| *ready) {
            seen.sleep("sleep");
        }
    });
    let setter = P::spawn(recorder, "setter", move || {
        ready.update("set the flag", |ready| *ready = true);
    });
    [sleeper, setter]
}

/// A message is published by a store of the given ordering. Returns what the reader read, if it saw
/// the flag.
pub(crate) fn message<P: Threading>(recorder: &Arc<Recorder>, publish: Ordering) -> Option<u64> {
    let build = || Arc::new((P::Word::new("data", 0), P::Word::new("flag", 0)));
    let words = recorder.building(build);
    let read = Arc::new(Mutex::new(None));
    let writer = {
        let words = Arc::clone(&words);
        P::spawn(recorder, "writer", move || {
            words.0.store("write the data", 1, Ordering::Relaxed);
            words.1.store("raise the flag", 1, publish);
        })
    };
    let reader = {
        let read = Arc::clone(&read);
        P::spawn(recorder, "reader", move || {
            if words.1.load("look at the flag", Ordering::Acquire) == 1 {
                let data = words.0.load("read the data", Ordering::Relaxed);
                *read.lock().expect("nobody panics with it") = Some(data);
            }
        })
    };
    P::join(writer).expect("writing does not panic");
    P::join(reader).expect("reading does not panic");
    *read.lock().expect("nobody panics with it")
}

/// A consumer takes two of the goods that two producers make; the first producer to come wins a word.
/// Returns the goods left and the winner.
pub(crate) fn market<P: Threading>(recorder: &Arc<Recorder>) -> (u64, u64) {
    let build = || {
        let goods: Number<P> = Monitor::new("goods", 0);
        Arc::new((goods, P::Word::new("winner", 0)))
    };
    let market = recorder.building(build);
    for name in ["consumer", "ann", "bob"] {
        recorder.expect_actor(name);
    }
    let consumer = {
        let market = Arc::clone(&market);
        P::spawn(recorder, "consumer", move || {
            for _ in 0..2 {
                market.0.wait_for("take one", |goods| {
                    *goods = goods.checked_sub(1)?;
                    Some(())
                });
            }
        })
    };
    let produce = |name, number| {
        let market = Arc::clone(&market);
        P::spawn(recorder, name, move || {
            let order = Ordering::SeqCst;
            let won = market.1.compare_exchange("claim", 0, number, order);
            if won.is_err() {
                market.1.load("look who won", order);
            }
            market.0.update("make two", |goods| *goods += 2);
        })
    };
    let producers = [produce("ann", 1), produce("bob", 2)];
    P::join(consumer).expect("taking does not panic");
    for producer in producers {
        P::join(producer).expect("making does not panic");
    }
    let winner = market.1.load("ask who won", Ordering::SeqCst);
    (market.0.peek(|goods| *goods), winner)
}

/// A set that several executions add to.
#[derive(Debug)]
pub(crate) struct Outcomes<T>(Arc<Mutex<BTreeSet<T>>>);

impl<T: Ord + Clone> Outcomes<T> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    pub(crate) fn add(&self, outcome: T) {
        self.0
            .lock()
            .expect("adding does not panic")
            .insert(outcome);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        let all = self.0.lock().expect("adding does not panic");
        all.iter().cloned().collect()
    }
}

/// Runs on loom, exhaustively within its limits; returns the number of executions.
pub(crate) fn on_loom(program: impl Fn() + Send + Sync + 'static) -> usize {
    let executions = Arc::new(Mutex::new(0));
    let count = Arc::clone(&executions);
    Loom::builder().check(move || {
        *count.lock().expect("counting does not panic") += 1;
        program();
    });
    *executions.lock().expect("counting does not panic")
}

/// Runs on shuttle under a scheduler; returns the number of executions.
pub(crate) fn on_shuttle(
    scheduler: impl Scheduler + 'static,
    program: impl Fn() + Send + Sync + 'static,
) -> usize {
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    shuttle::Runner::new(scheduler, config).run(program)
}

/// The message with which `run` panics, if it does.
pub(crate) fn panic_of(run: impl FnOnce()) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
    })
}
