//! What a watch says nothing of: which of its methods are the ones that the traits provide.
//!
//! A search judges in other places than an execution does. A watch that only judges where the search does not look would
//! be passed over in silence. Rust does not tell whether a method was written or provided, so the provided ones leave a
//! note when they are called.

use std::cell::Cell;

thread_local! {
    static NOTED: Cell<u8> = const { Cell::new(0) };
}

/// A method that a trait provides, and that says nothing.
#[derive(Clone, Copy)]
pub(crate) struct Silence(u8);

impl Silence {
    /// `Watch::after_step`.
    pub(crate) const AFTER_STEP: Self = Self(1);
    /// `Watch::at_rest`.
    pub(crate) const AT_REST: Self = Self(2);
    /// `StateWatch::in_state`.
    pub(crate) const IN_STATE: Self = Self(4);
    /// `StateWatch::starves`.
    pub(crate) const STARVES: Self = Self(8);
    /// Not a provided method: `StateWatch::starves` was asked about somebody who may go round for ever, and the watch
    /// judges at rest.
    pub(crate) const MAY_GO_ROUND: Self = Self(16);
}

/// A provided method is called, or there is nothing to be said.
pub(crate) fn note(silence: Silence) {
    NOTED.set(NOTED.get() | silence.0);
}

/// Runs `judge`, which calls a method of a watch: what it gives, and whether the method was the provided one.
pub(crate) fn heard<R>(silence: Silence, judge: impl FnOnce() -> R) -> (R, bool) {
    NOTED.set(NOTED.get() & !silence.0);
    let given = judge();
    (given, NOTED.get() & silence.0 != 0)
}
