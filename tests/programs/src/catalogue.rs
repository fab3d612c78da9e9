//! The list of all programs.

use crate::entry::Entry;
use crate::{exclusion, lock_free, maple, monitors, pools, sctbench};

/// All programs, by where they are published.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let groups = [
        sctbench::entries(),
        maple::entries(),
        exclusion::entries(),
        lock_free::entries(),
        monitors::entries(),
        pools::entries(),
    ];
    groups.into_iter().flatten().collect()
}
