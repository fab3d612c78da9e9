//! With which memory orderings a program uses its words.

use std::fmt;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

/// The memory orderings with which words were used in a run.
///
/// This runtime is sequentially consistent whatever a program asks for. So whoever says something of a program that
/// asks for less has to know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WordOrders {
    /// Whether an operation was `Relaxed`.
    pub relaxed: bool,
    /// Whether an operation was `Acquire`.
    pub acquire: bool,
    /// Whether an operation was `Release`.
    pub release: bool,
    /// Whether an operation was `AcqRel`.
    pub acq_rel: bool,
    /// Whether an operation was `SeqCst`.
    pub seq_cst: bool,
}

impl WordOrders {
    /// Takes note of an operation with this ordering.
    pub fn note(&mut self, order: Ordering) {
        match order {
            Ordering::Relaxed => self.relaxed = true,
            Ordering::Acquire => self.acquire = true,
            Ordering::Release => self.release = true,
            Ordering::AcqRel => self.acq_rel = true,
            // The enum may grow; what is not known to be weaker is taken for the strongest.
            _ => self.seq_cst = true,
        }
    }

    /// Those of either.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            relaxed: self.relaxed || other.relaxed,
            acquire: self.acquire || other.acquire,
            release: self.release || other.release,
            acq_rel: self.acq_rel || other.acq_rel,
            seq_cst: self.seq_cst || other.seq_cst,
        }
    }

    /// Whether some operation asked for less than `SeqCst`: then sequential consistency is not all that may happen.
    #[must_use]
    pub fn are_weak(self) -> bool {
        self.relaxed || self.acquire || self.release || self.acq_rel
    }
}

impl fmt::Display for WordOrders {
    /// Their names, the weakest first: `Relaxed, Acquire`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (self.relaxed, "Relaxed"),
            (self.acquire, "Acquire"),
            (self.release, "Release"),
            (self.acq_rel, "AcqRel"),
            (self.seq_cst, "SeqCst"),
        ];
        let used = names.iter().filter(|(used, _)| *used);
        for (place, (_, name)) in used.enumerate() {
            write!(f, "{}{name}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
