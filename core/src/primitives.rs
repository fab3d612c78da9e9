//! The abstract synchronization primitives: everything two threads may share.
//!
//! The allocator names no tool. It is generic over [`Primitives`], and choosing a tool (real threads, loom,
//! shuttle, the deterministic runtime of `logon-sim`) means choosing a type. The rules below are what makes
//! the real code explorable; a backend may rely on each of them.
//!
//! 1. A *section* is one critical section, one step and one label in a trace. Sections are `Fn` closures:
//!    an explorer may call one several times, on clones of the state, and every call must agree.
//! 2. Shared state and what a section returns are [`Plain`] values. Whatever a thread learns it learns from
//!    returned values; nothing is smuggled out through captured cells, neither out of a section nor out of
//!    [`forever`](Primitives::forever), [`retry`](Primitives::retry) or [`scope`](Primitives::scope).
//! 3. No operation of the primitives happens inside a section. A lock held across steps is written as a
//!    monitor over a `bool`.
//! 4. Waking others is written out where it happens: [`Monitor::update`] wakes everybody, [`Monitor::change`] and
//!    [`Monitor::wait_on`] whom their section says, [`Monitor::enter`] nobody. Whom an update wakes in vain a tool may
//!    leave asleep, if it knows: see [`Topic`].
//! 5. Threads and the clock belong to the harness, not to this trait. A choice that the program makes is an operation
//!    of its own ([`Chance`]), offered by the tools that can explore or draw it.
//!
//! A backend that cannot do an operation leaves it out. It never approximates one, because a search over a
//! stand-in answers a different question.

use std::fmt::{self, Debug};
use std::hash::Hash;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

pub use crate::name::Name;
pub use crate::shared::{Holders, Latch, ReadWriteLock};
pub use crate::topic::{Topic, touch};

/// A value without identity: two equal values are interchangeable, and a clone is as good as the original.
///
/// `Eq` must not be coarser than the value: an explorer merges states that compare equal.
pub trait Plain: Clone + Eq + Hash + Debug + Send + Sync + 'static {}

impl<T: Clone + Eq + Hash + Debug + Send + Sync + 'static> Plain for T {}

/// A family of synchronization primitives; one type for each tool.
pub trait Primitives: Sized + Send + Sync + 'static {
    /// Shared state with a lock, and conditions on which threads wait for a change.
    type Monitor<S: Plain>: Monitor<S>;

    /// An interlocked integer.
    type Word: Word;

    /// Repeats `round` until it breaks: the one loop of a thread that serves without end.
    ///
    /// `round` is `Fn`, so nothing is carried from one round to the next and an explorer may forget, at
    /// the top of the loop, all that the thread saw in earlier rounds. What the last round saw is still known
    /// after the loop.
    #[track_caller]
    fn forever(round: impl Fn() -> ControlFlow<()>) {
        while round().is_continue() {}
    }

    /// Repeats `round` until it breaks with a value, and returns that value: the loop of a thread that tries until it
    /// succeeds, such as a compare-exchange.
    ///
    /// Nothing is carried from one round to the next, as in [`forever`](Primitives::forever), and afterwards nothing is
    /// known of any round but the value. An explorer may forget the rest, so a value that leaves `round` in another way,
    /// such as a `Cell`, breaks the rules.
    ///
    /// ```
    /// use std::ops::ControlFlow::{Break, Continue};
    /// use std::sync::atomic::Ordering::SeqCst;
    ///
    /// use logon_core::Std;
    /// use logon_core::primitives::{Primitives, Word};
    ///
    /// /// Takes one of so many permits, if one is left.
    /// fn take<P: Primitives>(permits: &P::Word) -> bool {
    ///     P::retry(|| {
    ///         let left = permits.load("look", SeqCst);
    ///         if left == 0 {
    ///             return Break(false);
    ///         }
    ///         match permits.compare_exchange("take", left, left - 1, SeqCst) {
    ///             Ok(_) => Break(true),
    ///             Err(_) => Continue(()),
    ///         }
    ///     })
    /// }
    /// let permits = <Std as Primitives>::Word::new("permits", 1);
    /// assert_eq!([take::<Std>(&permits), take::<Std>(&permits)], [true, false]);
    /// ```
    #[track_caller]
    fn retry<R: Plain>(round: impl Fn() -> ControlFlow<R>) -> R {
        loop {
            if let ControlFlow::Break(value) = round() {
                return value;
            }
        }
    }

    /// Calls `body` once and returns its value: of all that the thread sees in there, nothing is known afterwards but
    /// that value.
    ///
    /// An explorer may forget the rest. `body` is `Fn`, so that it cannot assign to what is outside of it; a value that
    /// leaves it in another way, such as a `Cell`, breaks the rules.
    #[track_caller]
    fn scope<R: Plain>(body: impl Fn() -> R) -> R {
        body()
    }

    /// Says that the running thread does nothing new until another one has taken a step: to be called in each round of a
    /// loop that spins, once it has seen that the round was in vain.
    ///
    /// It is no step, and it changes nothing. A tool that runs one execution after another needs it, or it would run
    /// rounds in vain for ever; a round that may succeed at once, such as that of a compare-exchange, must not have it,
    /// for such a tool leaves out the executions in which the thread goes on by itself.
    fn pause() {}
}

/// One of the conditions on which threads wait at a monitor, by its name: a short phrase that says what they wait for.
///
/// Conditions of different monitors have nothing in common, even if they are called the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Condition(
    /// Its name, unique at its monitor.
    pub &'static str,
);

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Whom a section wakes at its monitor, in the same step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Wake {
    /// Nobody.
    #[default]
    Nobody,
    /// One of those who wait on this condition, if anybody does. Which one is left open: it is a choice.
    One(Condition),
    /// All who wait on this condition.
    All(Condition),
    /// All who wait at the monitor, on whatever condition and without one: what [`Monitor::update`] does.
    Everybody,
}

/// Shared state, a lock around it, and conditions on which threads wait for it to change.
///
/// `label` names the step in traces: a short phrase in the imperative, the same in every execution.
pub trait Monitor<S: Plain>: Send + Sync + 'static {
    /// A monitor over `state`. `name` is its name in traces and unique among the objects of a program.
    fn new(name: impl Into<Name>, state: S) -> Self;

    /// Runs one section and wakes nobody.
    #[track_caller]
    fn enter<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R;

    /// Runs one section and wakes every thread waiting on this monitor, in the same step.
    #[track_caller]
    fn update<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> R) -> R;

    /// Blocks until `section` yields a value, and returns it.
    ///
    /// The section is tried at once and again after each [`Monitor::update`]. It must leave the state as
    /// it found it whenever it yields `None`. Looking and falling asleep are one step.
    #[track_caller]
    fn wait_for<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> Option<R>) -> R;

    /// As [`Monitor::wait_for`], and it says what the wait is about.
    ///
    /// A tool may leave the thread asleep until a section of an update has [touched](touch) this topic. One that
    /// wakes everybody has no use for it: as provided, this is `wait_for`.
    #[track_caller]
    fn wait_about<R: Plain>(
        &self,
        label: &'static str,
        topic: impl Into<Topic>,
        section: impl Fn(&mut S) -> Option<R>,
    ) -> R {
        let _ = topic;
        self.wait_for(label, section)
    }

    /// Runs one section and wakes whom it says, in the same step.
    #[track_caller]
    fn change<R: Plain>(&self, label: &'static str, section: impl Fn(&mut S) -> (R, Wake)) -> R;

    /// Blocks until `section` yields a value, wakes whom it says with it, and returns it.
    ///
    /// As [`Monitor::wait_for`], but that whoever waits is only woken by a [`Wake`] that names `condition`, or by one
    /// of everybody. Looking, changing and waking are one step, and so are looking and falling asleep.
    #[track_caller]
    fn wait_on<R: Plain>(
        &self,
        label: &'static str,
        condition: Condition,
        section: impl Fn(&mut S) -> Option<(R, Wake)>,
    ) -> R;

    /// Blocks until the next [`Monitor::update`], whatever the state is now.
    ///
    /// A sleep without a condition is a fault waiting to happen; only defects use it.
    #[track_caller]
    fn sleep(&self, label: &'static str);

    /// Looks at the state without a step. For taking stock when nobody moves, as in
    /// [`Allocator::stock`](crate::Allocator::stock): a thread that looks in between learns what no section
    /// returned, and an explorer does not know of it.
    fn peek<R>(&self, look: impl FnOnce(&S) -> R) -> R;
}

/// An interlocked integer with explicit memory orderings.
///
/// The fixed algorithm needs none. Words exist for publication faults, where the ordering is the subject,
/// and for allocators from outside that keep their ledger in one.
pub trait Word: Send + Sync + 'static {
    /// A word holding `value`. `name` is its name in traces and unique among the objects of a program.
    fn new(name: impl Into<Name>, value: u64) -> Self;

    /// Reads the word. `order` is `Relaxed`, `Acquire` or `SeqCst`.
    #[track_caller]
    fn load(&self, label: &'static str, order: Ordering) -> u64;

    /// Writes the word. `order` is `Relaxed`, `Release` or `SeqCst`.
    #[track_caller]
    fn store(&self, label: &'static str, value: u64, order: Ordering);

    /// Replaces `current` by `new`; fails with the value found if that was another one.
    ///
    /// # Errors
    ///
    /// The value found, when it differs from `current`. It never fails otherwise.
    #[track_caller]
    fn compare_exchange(
        &self,
        label: &'static str,
        current: u64,
        new: u64,
        order: Ordering,
    ) -> Result<u64, u64>;

    /// Adds `value` in one step, around the end of 64 bits, and returns what was there before.
    ///
    /// What is to be subtracted is added as its negative: `value.wrapping_neg()`.
    #[track_caller]
    fn fetch_add(&self, label: &'static str, value: u64, order: Ordering) -> u64;

    /// Writes `value` in one step and returns what was there before.
    #[track_caller]
    fn swap(&self, label: &'static str, value: u64, order: Ordering) -> u64;

    /// Looks at the value last written, without a step; see [`Monitor::peek`].
    fn peek(&self) -> u64;
}

/// Primitives that offer explicit choices as well.
///
/// A trait of its own, because not every tool can explore a choice or draw one that is recorded and replayed: a
/// program that is generic over it does not compile for the others.
pub trait Choosing: Primitives {
    /// Where choices are made.
    type Chance: Chance;
}

/// Where a program makes choices that nothing in it decides: what an environment does, which of several is taken.
pub trait Chance: Send + Sync + 'static {
    /// `name` is its name in traces and unique among the objects of a program.
    fn new(name: impl Into<Name>) -> Self;

    /// Chooses one of the numbers from 0 to below `of`, as a step of its own. Whoever searches tries all of them.
    ///
    /// # Panics
    ///
    /// If `of` is 0 or more than [`MOST_WAYS`].
    #[track_caller]
    fn choose(&self, label: &'static str, of: u32) -> u32;
}

/// How many values a choice may have at the most.
pub const MOST_WAYS: u32 = 65_536;
