//! The mutant under way.
//!
//! Each thread has one of its own, and nobody sees that of another thread.

use std::cell::Cell;

thread_local! {
    static NOW: Cell<u32> = const { Cell::new(0) };
}

/// The number of the mutant under way on this thread; 0 is none.
pub fn now() -> u32 {
    NOW.get()
}

/// Does something with this mutant under way.
///
/// A panic leaves it under way, so that whoever hears of the panic knows whose it is.
pub fn with<R>(number: u32, body: impl FnOnce() -> R) -> R {
    NOW.set(number);
    let result = body();
    NOW.set(0);
    result
}
