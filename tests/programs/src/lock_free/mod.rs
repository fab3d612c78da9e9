//! Data structures without locks.

pub(crate) mod double_checked;
pub(crate) mod indexer;
pub(crate) mod last_zero;
pub(crate) mod michael_scott;
pub(crate) mod ring_buffer;
pub(crate) mod seqlock;
pub(crate) mod treiber;
pub(crate) mod work_stealing;

use self::{
    double_checked::DoubleChecked, indexer::Indexer, last_zero::LastZero,
    michael_scott::MichaelScott, ring_buffer::RingBuffer, seqlock::Seqlock, treiber::Treiber,
    work_stealing::WorkStealing,
};
use crate::entry::{Entry, Published, falls, holds};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "treiber-stack",
            "Treiber 1986, with a counter",
            Published::Right,
            holds(158),
            Treiber { counts: true },
        ),
        Entry::new(
            "treiber-stack-aba",
            "Treiber 1986, without",
            Published::Wrong,
            falls("panic", 18),
            Treiber { counts: false },
        ),
        Entry::new(
            "michael-scott-queue",
            "Michael and Scott 1996",
            Published::Right,
            holds(7_962),
            MichaelScott { helps: true },
        ),
        Entry::new(
            "michael-scott-without-help",
            "Michael and Scott 1996, without help",
            Published::Wrong,
            falls("never-ends", 7),
            MichaelScott { helps: false },
        ),
        Entry::new(
            "work-stealing",
            "Chase and Lev 2005",
            Published::Right,
            holds(2_670),
            WorkStealing {
                elements: 2,
                thieves: 2,
                competes: true,
            },
        ),
        Entry::new(
            "work-stealing-careless",
            "Chase and Lev 2005, without the last exchange",
            Published::Wrong,
            falls("panic", 14),
            WorkStealing {
                elements: 2,
                thieves: 1,
                competes: false,
            },
        ),
        Entry::new(
            "ring-buffer",
            "Lamport 1977",
            Published::Right,
            holds(41),
            RingBuffer { producers: 1 },
        ),
        Entry::new(
            "ring-buffer-2-producers",
            "Lamport 1977, for two",
            Published::Wrong,
            falls("never-ends", 25),
            RingBuffer { producers: 2 },
        ),
        Entry::new(
            "seqlock",
            "Lameter 2005",
            Published::Right,
            holds(1_967),
            Seqlock {
                writes: 2,
                readers: 2,
                looks_again: true,
            },
        ),
        Entry::new(
            "seqlock-one-look",
            "Lameter 2005, without the second look",
            Published::Wrong,
            falls("panic", 5),
            Seqlock {
                writes: 1,
                readers: 1,
                looks_again: false,
            },
        ),
        Entry::new(
            "double-checked",
            "Schmidt and Harrison 1997",
            Published::Right,
            holds(64),
            DoubleChecked { flag_first: false },
        ),
        Entry::new(
            "double-checked-early",
            "Schmidt and Harrison 1997, flag first",
            Published::Wrong,
            falls("panic", 6),
            DoubleChecked { flag_first: true },
        ),
        Entry::new(
            "indexer-11",
            "Flanagan and Godefroid 2005",
            Published::Right,
            holds(2_048),
            Indexer {
                threads: 11,
                messages: 1,
                size: 128,
            },
        ),
        Entry::new(
            "indexer-crowded",
            "Flanagan and Godefroid 2005, a small table",
            Published::Right,
            holds(152),
            Indexer {
                threads: 3,
                messages: 2,
                size: 6,
            },
        ),
        Entry::new(
            "last-zero-5",
            "Abdulla and others 2014",
            Published::Right,
            holds(1_890),
            LastZero { writers: 5 },
        ),
        Entry::new(
            "last-zero-8",
            "Abdulla and others 2014",
            Published::Right,
            holds(99_651),
            LastZero { writers: 8 },
        )
        .large(),
    ]
}
