//! What a tool must offer to have its monitors and words made here.

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::Ordering;

use logon_sim::{Body, BodyKind, Mark};

use super::admission::Pause;
use super::recorder::Recorder;
use super::step::ThreadKey;

/// A tool with locks, conditions and atomic integers.
pub trait Tool: Sized + Send + Sync + 'static {
    /// A lock together with the condition on which its users sleep.
    type Place: Send + Sync + 'static;
    /// The lock, held.
    type Guard<'a>;
    /// Where one thread sleeps and nobody else.
    type Bed: Clone + Send + 'static;
    /// An atomic integer.
    type Atomic: Atomic;
    /// Whether the tool runs all its threads on one thread of the operating system.
    const ONE_THREAD: bool;

    /// A free lock on which nobody sleeps.
    fn place() -> Self::Place;
    /// Acquires the lock.
    fn lock(place: &Self::Place) -> Self::Guard<'_>;
    /// Releases the lock and sleeps in one step; acquires the lock after a notification.
    fn wait<'a>(place: &'a Self::Place, guard: Self::Guard<'a>) -> Self::Guard<'a>;
    /// Notifies all who sleep. The caller holds the lock.
    fn notify_all(place: &Self::Place);
    /// A place to sleep for the running thread.
    fn bed() -> Self::Bed;
    /// As [`Tool::wait`], in a bed.
    fn wait_in<'a>(
        place: &'a Self::Place,
        bed: &Self::Bed,
        guard: Self::Guard<'a>,
    ) -> Self::Guard<'a>;
    /// Notifies whoever sleeps in the bed. The caller holds the lock.
    fn rouse(bed: &Self::Bed);
    /// A number below `bound` that the tool explores, or draws and repeats; `None` if it does neither.
    fn draw(recorder: &Recorder, actor: usize, bound: u32) -> Option<u32>;
    /// The running thread; `None` where the tool runs none.
    fn key() -> Option<ThreadKey>;
    /// How a thread waits for its turn in a replay.
    fn pause() -> Pause;
}

/// The atomic integer of a tool.
pub trait Atomic: Send + Sync + 'static {
    /// An integer of this value.
    fn new(value: u64) -> Self;
    /// Reads it.
    fn load(&self, order: Ordering) -> u64;
    /// Writes it.
    fn store(&self, value: u64, order: Ordering);
    /// Replaces `current` by `new`, never failing spuriously.
    fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64>;
    /// Adds to it, around its end, and returns what was there.
    fn fetch_add(&self, value: u64, order: Ordering) -> u64;
    /// Writes it and returns what was there.
    fn swap(&self, value: u64, order: Ordering) -> u64;
}

/// An actor inside of a loop or a scope, of which it tells whoever searches the states of its tool.
pub(super) struct Inside<T> {
    operations: u64,
    tool: PhantomData<fn() -> T>,
}

impl<T: Tool> Inside<T> {
    /// The running actor begins a loop or a scope.
    #[track_caller]
    pub(super) fn begin(kind: BodyKind) -> Self {
        let location = Location::caller();
        let body = Mark::Begin(Body { kind, location });
        Self {
            operations: Recorder::mark(T::key(), body, None),
            tool: PhantomData,
        }
    }

    /// It begins another round.
    pub(super) fn again(&mut self) {
        self.operations = Recorder::mark(T::key(), Mark::Again, Some(self.operations));
    }

    /// It leaves it with this mark.
    pub(super) fn leave(self, mark: Mark) {
        Recorder::mark(T::key(), mark, None);
    }
}

thread_local! {
    static PAUSES: Cell<bool> = const { Cell::new(false) };
}

/// Takes note of a pause.
pub(super) fn note_pause() {
    PAUSES.set(true);
}

/// Whether an actor has paused on this thread of the operating system, on which loom runs all of its own.
pub(crate) fn pauses_so_far() -> bool {
    PAUSES.get()
}

/// Makes a tool a backend: its monitors and words are those made here, and its integer is used like the one
/// of the standard library.
macro_rules! backend {
    ($tool:ty, $name:literal, $integer:ty) => {
        impl logon_core::primitives::Primitives for $tool {
            type Monitor<S: logon_core::primitives::Plain> =
                $crate::backend::LockedMonitor<Self, S>;
            type Word = $crate::backend::AtomicWord<Self>;

            #[track_caller]
            fn forever(round: impl Fn() -> std::ops::ControlFlow<()>) {
                let mut inside =
                    $crate::backend::tool::Inside::<$tool>::begin(logon_sim::BodyKind::Forever);
                while round().is_continue() {
                    inside.again();
                }
                inside.leave(logon_sim::Mark::Leave);
            }

            #[track_caller]
            fn retry<R: logon_core::primitives::Plain>(
                round: impl Fn() -> std::ops::ControlFlow<R>,
            ) -> R {
                let mut inside =
                    $crate::backend::tool::Inside::<$tool>::begin(logon_sim::BodyKind::Retry);
                loop {
                    match round() {
                        std::ops::ControlFlow::Continue(()) => inside.again(),
                        std::ops::ControlFlow::Break(value) => {
                            inside
                                .leave(logon_sim::Mark::Return(std::sync::Arc::new(value.clone())));
                            return value;
                        }
                    }
                }
            }

            #[track_caller]
            fn scope<R: logon_core::primitives::Plain>(body: impl Fn() -> R) -> R {
                let inside =
                    $crate::backend::tool::Inside::<$tool>::begin(logon_sim::BodyKind::Scope);
                let value = body();
                inside.leave(logon_sim::Mark::Return(std::sync::Arc::new(value.clone())));
                value
            }

            fn pause() {
                $crate::backend::tool::note_pause();
                // A section is one step, in which nobody else runs.
                if $crate::backend::rules::is_in_section() {
                    return;
                }
                // A search of states runs each step by itself: there is nobody to let run.
                if !$crate::backend::Recorder::publishes() {
                    <$tool as $crate::backend::Threading>::yield_now();
                }
            }
        }

        impl $crate::backend::Backend for $tool {
            const NAME: &'static str = $name;
        }

        impl $crate::backend::tool::Atomic for $integer {
            fn new(value: u64) -> Self {
                <$integer>::new(value)
            }

            fn load(&self, order: std::sync::atomic::Ordering) -> u64 {
                <$integer>::load(self, order)
            }

            fn store(&self, value: u64, order: std::sync::atomic::Ordering) {
                <$integer>::store(self, value, order);
            }

            fn compare_exchange(
                &self,
                current: u64,
                new: u64,
                success: std::sync::atomic::Ordering,
                failure: std::sync::atomic::Ordering,
            ) -> Result<u64, u64> {
                <$integer>::compare_exchange(self, current, new, success, failure)
            }

            fn fetch_add(&self, value: u64, order: std::sync::atomic::Ordering) -> u64 {
                <$integer>::fetch_add(self, value, order)
            }

            fn swap(&self, value: u64, order: std::sync::atomic::Ordering) -> u64 {
                <$integer>::swap(self, value, order)
            }
        }
    };
}

pub(super) use backend;

/// The threads of a tool whose module of threads is used like the one of the standard library, and which ends
/// the whole execution when one of them panics.
macro_rules! threading {
    ($tool:ty, $thread:ident) => {
        impl $crate::backend::Threading for $tool {
            type Handle = $thread::thread::JoinHandle<()>;

            fn spawn(
                recorder: &std::sync::Arc<$crate::backend::Recorder>,
                name: &str,
                body: impl FnOnce() + Send + 'static,
            ) -> Self::Handle {
                let play = $crate::backend::play::<Self>(recorder, name, body);
                $thread::thread::spawn(move || {
                    if let Err(payload) = play() {
                        std::panic::resume_unwind(payload);
                    }
                })
            }

            fn join(handle: Self::Handle) -> std::thread::Result<()> {
                handle.join()
            }

            fn yield_now() {
                $thread::thread::yield_now();
            }
        }
    };
}

pub(super) use threading;
