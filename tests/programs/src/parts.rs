//! What many programs are made of: shared words and monitors, a lock held across steps, a critical section that nobody
//! else may be in.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Name, Plain, Primitives, Word};

/// A monitor of the primitives `P`, shared.
pub(crate) type Shared<P, S> = Arc<<P as Primitives>::Monitor<S>>;

/// A monitor over `state`.
pub(crate) fn shared<P: Primitives, S: Plain>(name: impl Into<Name>, state: S) -> Shared<P, S> {
    Arc::new(Monitor::new(name, state))
}

/// A sequentially consistent integer, shared.
pub(crate) struct Integer<P: Primitives>(Arc<P::Word>);

impl<P: Primitives> Clone for Integer<P> {
    fn clone(&self) -> Self {
        Integer(Arc::clone(&self.0))
    }
}

impl<P: Primitives> Integer<P> {
    pub(crate) fn new(name: impl Into<Name>, value: u64) -> Self {
        Integer(Arc::new(Word::new(name, value)))
    }

    #[track_caller]
    pub(crate) fn load(&self, label: &'static str) -> u64 {
        self.0.load(label, SeqCst)
    }

    #[track_caller]
    pub(crate) fn store(&self, label: &'static str, value: u64) {
        self.0.store(label, value, SeqCst);
    }

    /// Adds in one step; what was there before.
    #[track_caller]
    pub(crate) fn add(&self, label: &'static str, value: u64) -> u64 {
        self.0.fetch_add(label, value, SeqCst)
    }

    /// Subtracts in one step; what was there before.
    #[track_caller]
    pub(crate) fn subtract(&self, label: &'static str, value: u64) -> u64 {
        self.0.fetch_add(label, value.wrapping_neg(), SeqCst)
    }

    #[track_caller]
    pub(crate) fn swap(&self, label: &'static str, value: u64) -> u64 {
        self.0.swap(label, value, SeqCst)
    }

    /// Replaces `current` by `new` in one step; whether it was `current`.
    #[track_caller]
    pub(crate) fn replace(&self, label: &'static str, current: u64, new: u64) -> bool {
        self.0.compare_exchange(label, current, new, SeqCst).is_ok()
    }

    /// The value, when nobody moves.
    pub(crate) fn peek(&self) -> u64 {
        self.0.peek()
    }
}

/// `count` integers of this value, called by `name` and their number.
pub(crate) fn integers<P: Primitives>(name: &str, count: usize, value: u64) -> Vec<Integer<P>> {
    let numbered = (0..count).map(|number| Integer::new(format!("{name} {number}"), value));
    numbered.collect()
}

/// A lock that is held across steps.
pub(crate) struct Lock<P: Primitives>(Shared<P, bool>);

impl<P: Primitives> Clone for Lock<P> {
    fn clone(&self) -> Self {
        Lock(Arc::clone(&self.0))
    }
}

impl<P: Primitives> Lock<P> {
    pub(crate) fn new(name: impl Into<Name>) -> Self {
        Lock(shared::<P, bool>(name, false))
    }

    #[track_caller]
    pub(crate) fn lock(&self) {
        self.0.wait_for("lock", |locked| {
            (!std::mem::replace(locked, true)).then_some(())
        });
    }

    #[track_caller]
    pub(crate) fn unlock(&self) {
        self.0.update("unlock", |locked| *locked = false);
    }
}

/// A critical section in which nobody may meet another.
pub(crate) struct Critical<P: Primitives>(Integer<P>);

impl<P: Primitives> Clone for Critical<P> {
    fn clone(&self) -> Self {
        Critical(self.0.clone())
    }
}

impl<P: Primitives> Critical<P> {
    pub(crate) fn new() -> Self {
        Critical(Integer::new("inside", 0))
    }

    /// Enters it and leaves it.
    ///
    /// # Panics
    ///
    /// If somebody else is in there.
    #[track_caller]
    pub(crate) fn visit(&self) {
        let others = self.0.add("enter", 1);
        assert_eq!(others, 0, "two are inside");
        self.0.subtract("leave", 1);
    }
}

/// Looks again and again until `holds`.
#[track_caller]
pub(crate) fn spin<P: Primitives>(holds: impl Fn() -> bool) {
    P::forever(|| {
        if holds() {
            return ControlFlow::Break(());
        }
        P::pause();
        ControlFlow::Continue(())
    });
}
