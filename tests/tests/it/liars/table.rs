//! Everything that is wrong with many, in one table.

use std::fmt::Display;
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
