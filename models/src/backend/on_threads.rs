//! Real threads: what the operating system happens to do, disturbed a little.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::admission::Pause;
use super::chance::choosing;
use super::recorder::Recorder;
use super::step::ThreadKey;
use super::tool::{Tool, backend};
use super::{Threading, play};

/// The primitives on threads of the operating system.
#[derive(Clone, Copy, Debug)]
pub struct Threads;

/// A lock and its condition.
#[derive(Debug, Default)]
pub struct Place {
    lock: Mutex<()>,
    changed: Condvar,
}

impl Tool for Threads {
    type Place = Place;
    type Guard<'a> = MutexGuard<'a, ()>;
    type Bed = Arc<Condvar>;
    type Atomic = std::sync::atomic::AtomicU64;
    const ONE_THREAD: bool = false;

    fn place() -> Place {
        Place::default()
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

    fn bed() -> Self::Bed {
        Arc::new(Condvar::new())
    }

    fn wait_in<'a>(_: &'a Place, bed: &Self::Bed, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        bed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    fn rouse(bed: &Self::Bed) {
        bed.notify_one();
    }

    fn draw(recorder: &Recorder, actor: usize, bound: u32) -> Option<u32> {
        Some(recorder.draw(actor, bound))
    }

    fn key() -> Option<ThreadKey> {
        Some(ThreadKey::Threads(std::thread::current().id()))
    }

    fn pause() -> Pause {
        Pause::Block
    }
}

backend!(Threads, "threads", std::sync::atomic::AtomicU64);
choosing!(Threads);

impl Threading for Threads {
    type Handle = std::thread::JoinHandle<std::thread::Result<()>>;

    fn spawn(
        recorder: &Arc<Recorder>,
        name: &str,
        body: impl FnOnce() + Send + 'static,
    ) -> Self::Handle {
        let play = play::<Self>(recorder, name, body);
        let builder = std::thread::Builder::new().name(name.to_owned());
        let thread = builder.spawn(play);
        thread.unwrap_or_else(|error| panic!("no thread could be started for {name}: {error}"))
    }

    fn join(handle: Self::Handle) -> std::thread::Result<()> {
        handle.join().flatten()
    }

    fn yield_now() {
        std::thread::yield_now();
    }

    fn await_rest(recorder: &Recorder) {
        recorder.await_rest();
    }
}
