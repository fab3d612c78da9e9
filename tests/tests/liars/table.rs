//! Many at a time, and everything that is wrong with them in one table.

use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What is wrong, a row each.
#[derive(Default)]
pub(crate) struct Table(Mutex<Vec<String>>);

impl Table {
    /// Adds a row: what is wrong with whom.
    pub(crate) fn row(&self, whom: &impl Display, wrong: &str) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.push(format!("{whom}\n    {}", wrong.replace('\n', " ")));
    }

    /// Panics with all rows, in order, unless there is none.
    pub(crate) fn assert_empty(self, title: &str) {
        let mut rows = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        rows.sort();
        assert!(
            rows.is_empty(),
            "{} {title}:\n{}",
            rows.len(),
            rows.join("\n")
        );
    }
}

/// Looks at all of them, as many at a time as there are processors, and collects what is not `None`.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
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
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    seen.into_inner().unwrap_or_else(PoisonError::into_inner)
}
