//! Programs with locks and conditions.

pub(crate) mod barber;
pub(crate) mod barrier;
pub(crate) mod dining;
pub(crate) mod file_system;
pub(crate) mod linux_rw;
pub(crate) mod readers_writers;
pub(crate) mod sense_barrier;
pub(crate) mod smokers;

use self::{
    barber::Barber, barrier::Barrier, dining::Dining, file_system::FileSystem, linux_rw::LinuxRw,
    readers_writers::ReadersWriters, sense_barrier::SenseBarrier, smokers::Smokers,
};
use crate::entry::{Entry, Published, falls, holds};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "dining-5",
            "Dijkstra 1971",
            Published::Wrong,
            falls("stuck", 10),
            Dining {
                philosophers: 5,
                in_order: false,
            },
        ),
        Entry::new(
            "dining-5-in-order",
            "Dijkstra 1971, forks in order",
            Published::Right,
            holds(3_126),
            Dining {
                philosophers: 5,
                in_order: true,
            },
        ),
        Entry::new(
            "barber",
            "Dijkstra 1965",
            Published::Right,
            holds(252),
            Barber {
                customers: 3,
                chairs: 2,
                in_one_step: true,
            },
        ),
        Entry::new(
            "barber-in-two-steps",
            "Dijkstra 1965, asleep in two steps",
            Published::Wrong,
            falls("stuck", 6),
            Barber {
                customers: 2,
                chairs: 2,
                in_one_step: false,
            },
        ),
        Entry::new(
            "smokers",
            "Patil 1971, both at once",
            Published::Right,
            holds(104),
            Smokers {
                rounds: 3,
                takes_both: true,
            },
        ),
        Entry::new(
            "smokers-one-by-one",
            "Patil 1971",
            Published::Wrong,
            falls("stuck", 7),
            Smokers {
                rounds: 1,
                takes_both: false,
            },
        ),
        Entry::new(
            "readers-writers",
            "Courtois, Heymans and Parnas 1971",
            Published::Right,
            holds(1_633),
            ReadersWriters {
                readers: 2,
                writers: 2,
                writers_look: true,
            },
        ),
        Entry::new(
            "readers-writers-careless",
            "Courtois, Heymans and Parnas 1971, without a look",
            Published::Wrong,
            falls("panic", 6),
            ReadersWriters {
                readers: 1,
                writers: 1,
                writers_look: false,
            },
        ),
        Entry::new(
            "barrier",
            "Downey 2005",
            Published::Right,
            holds(83),
            Barrier {
                parties: 3,
                rounds: 2,
                has_generations: true,
            },
        ),
        Entry::new(
            "barrier-without-generations",
            "Downey 2005, without generations",
            Published::Wrong,
            falls("stuck", 6),
            Barrier {
                parties: 2,
                rounds: 2,
                has_generations: false,
            },
        ),
        Entry::new(
            "sense-barrier",
            "Hensgen, Finkel and Manber 1988",
            Published::Right,
            holds(182_257),
            SenseBarrier {
                parties: 3,
                rounds: 2,
                resets_first: true,
            },
        ),
        Entry::new(
            "sense-barrier-late",
            "Hensgen, Finkel and Manber 1988, reset late",
            Published::Wrong,
            falls("never-ends", 15),
            SenseBarrier {
                parties: 2,
                rounds: 2,
                resets_first: false,
            },
        ),
        Entry::new(
            "linux-rw-lock",
            "SV-COMP, `linuxrwlocks`",
            Published::Right,
            holds(110_233),
            LinuxRw {
                readers: 2,
                writers: 2,
            },
        ),
        Entry::new(
            "file-system",
            "Flanagan and Godefroid 2005",
            Published::Right,
            holds(1_369),
            FileSystem {
                threads: 4,
                inodes: 2,
                blocks: 3,
            },
        ),
    ]
}
