//! What a watch says nothing of, noted while it is asked.
//!
//! A search judges in other places than an execution does. A watch that only judges where the search does not look would
//! be passed over in silence. Rust does not tell whether a method was written or provided, so the provided ones leave a
//! note when they are called, and so does whoever allows what it does not judge.

use std::cell::Cell;

thread_local! {
    static NOTED: Cell<u8> = const { Cell::new(0) };
}

/// A reason why a watch says nothing; or several, as they were noted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Silence(u8);

impl Silence {
    /// `Watch::after_step` is the provided one.
    pub(crate) const AFTER_STEP: Self = Self(1);
    /// `Watch::at_rest` is the provided one.
    pub(crate) const AT_REST: Self = Self(2);
    /// `StateWatch::in_state` is the provided one.
    pub(crate) const IN_STATE: Self = Self(4);
    /// `StateWatch::starves` is the provided one.
    pub(crate) const STARVES: Self = Self(8);
    /// `StateWatch::starves` allows everybody to go round for ever.
    pub(crate) const ALLOWED: Self = Self(16);
    /// `StateWatch::starves` allows a server to go round for ever.
    pub(crate) const ALLOWED_TO_SERVERS: Self = Self(32);

    /// Whether this one is among them.
    pub(crate) fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }
}

/// Notes why nothing is said.
pub(crate) fn note(silence: Silence) {
    NOTED.set(NOTED.get() | silence.0);
}

/// Runs `judge`, which calls a method of a watch: what it gives, and what was noted.
pub(crate) fn heard<R>(judge: impl FnOnce() -> R) -> (R, Silence) {
    NOTED.set(0);
    let given = judge();
    (given, Silence(NOTED.get()))
}
