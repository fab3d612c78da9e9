//! shuttle 0.9: sampled, or exhaustive for tiny programs; sequentially consistent only.

use std::sync::{Arc, PoisonError};

use logon_core::primitives::{Plain, Primitives};

use super::admission::Pause;
use super::locked::LockedMonitor;
use super::recorder::Recorder;
use super::step::ThreadKey;
use super::tool::{Tool, atomic_integer};
use super::word::AtomicWord;
use super::{Backend, Threading, play};

/// The primitives on shuttle.
#[derive(Clone, Copy, Debug)]
pub struct Shuttle;

/// A replay counts as stuck after so many yields without a step; a random scheduler may need many.
const YIELDS: u32 = 2_000;

/// A lock and its condition.
#[derive(Debug)]
pub struct Place {
    lock: shuttle::sync::Mutex<()>,
    changed: shuttle::sync::Condvar,
}

impl Tool for Shuttle {
    type Place = Place;
    type Guard<'a> = shuttle::sync::MutexGuard<'a, ()>;
    type Atomic = shuttle::sync::atomic::AtomicU64;
    const ONE_THREAD: bool = true;

    fn place() -> Place {
        Place {
            lock: shuttle::sync::Mutex::new(()),
            changed: shuttle::sync::Condvar::new(),
        }
    }

    fn lock(place: &Place) -> Self::Guard<'_> {
        place.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(place: &'a Place, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        let guard = place.changed.wait(guard);
        guard.unwrap_or_else(PoisonError::into_inner)
    }

    fn notify_all(place: &Place) {
        place.changed.notify_all();
    }

    fn key() -> Option<ThreadKey> {
        shuttle::current::try_get_current_task().map(ThreadKey::Shuttle)
    }

    fn pause() -> Pause {
        Pause::Yield {
            now: shuttle::thread::yield_now,
            limit: YIELDS,
        }
    }
}

atomic_integer!(shuttle::sync::atomic::AtomicU64);

impl Primitives for Shuttle {
    type Monitor<S: Plain> = LockedMonitor<Self, S>;
    type Word = AtomicWord<Self>;
}

impl Backend for Shuttle {
    const NAME: &'static str = "shuttle";

    fn peek<S: Plain, R>(monitor: &Self::Monitor<S>, look: impl FnOnce(&S) -> R) -> R {
        monitor.peek(look)
    }
}

impl Threading for Shuttle {
    type Handle = shuttle::thread::JoinHandle<()>;

    fn spawn(
        recorder: &Arc<Recorder>,
        name: &str,
        body: impl FnOnce() + Send + 'static,
    ) -> Self::Handle {
        let play = play::<Self>(recorder, name, body);
        shuttle::thread::spawn(move || {
            if let Err(payload) = play() {
                std::panic::resume_unwind(payload);
            }
        })
    }

    fn join(handle: Self::Handle) -> std::thread::Result<()> {
        handle.join()
    }

    fn yield_now() {
        shuttle::thread::yield_now();
    }
}
