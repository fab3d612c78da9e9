//! Many at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Looks at all of them, as many at a time as there are processors, and collects what is not `None`, in any order.
///
/// # Panics
///
/// When `look` panics.
pub fn each<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let seen = Mutex::new(Vec::new());
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::SeqCst)) {
            if let Some(result) = look(item) {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(result);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    seen.into_inner().unwrap_or_else(PoisonError::into_inner)
}
