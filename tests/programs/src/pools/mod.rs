//! Pools of objects, as published crates have them.

pub(crate) mod deadpool;

use self::deadpool::Resizing;
use crate::entry::{Entry, Published, falls, holds};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "deadpool-all-out",
            "deadpool 0.12.3, issue 380",
            Published::Confirmed,
            falls("panic", 14),
            Resizing {
                users: 4,
                begins_with_out: 3,
                sizes: &[1, 2],
                puts_back: false,
                remembers: false,
            },
        ),
        Entry::new(
            "deadpool-none-out",
            "deadpool 0.12.3",
            Published::Confirmed,
            falls("panic", 5),
            Resizing {
                users: 2,
                begins_with_out: 0,
                sizes: &[1],
                puts_back: false,
                remembers: false,
            },
        ),
        Entry::new(
            "deadpool-without-debt",
            "deadpool 0.12.3, with returns",
            Published::Nothing,
            falls("panic", 5),
            Resizing {
                users: 4,
                begins_with_out: 0,
                sizes: &[1, 2],
                puts_back: true,
                remembers: false,
            },
        ),
        Entry::new(
            "deadpool-with-debt",
            "written for this list",
            Published::Nothing,
            holds(149_107),
            Resizing {
                users: 4,
                begins_with_out: 0,
                sizes: &[1, 2],
                puts_back: true,
                remembers: true,
            },
        ),
    ]
}
