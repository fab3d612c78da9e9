//! Mutual exclusion with words alone, or with single read-modify-write operations, under sequential consistency.

pub(crate) mod bakery;
pub(crate) mod dekker;
pub(crate) mod filter;
pub(crate) mod hyman;
pub(crate) mod lamport_fast;
pub(crate) mod mcs;
pub(crate) mod peterson;
pub(crate) mod spinlock;
pub(crate) mod szymanski;
pub(crate) mod ticket;

use self::{
    bakery::Bakery, dekker::Dekker, filter::Filter, hyman::Hyman, lamport_fast::LamportFast,
    mcs::Mcs, peterson::Peterson, spinlock::Spinlock, szymanski::Szymanski, ticket::Ticket,
};
use crate::entry::{Entry, Published, falls, holds};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "peterson",
            "Peterson 1981",
            Published::Right,
            holds(584),
            Peterson {
                rounds: 2,
                turn_first: false,
            },
        ),
        Entry::new(
            "peterson-turn-first",
            "Peterson 1981, writes exchanged",
            Published::Wrong,
            falls("panic", 9),
            Peterson {
                rounds: 1,
                turn_first: true,
            },
        ),
        Entry::new(
            "dekker",
            "Dijkstra 1962",
            Published::Right,
            holds(63),
            Dekker { takes_turns: true },
        ),
        Entry::new(
            "dekker-without-turns",
            "Dijkstra 1962, the attempt before",
            Published::Wrong,
            falls("never-ends", 4),
            Dekker { takes_turns: false },
        ),
        Entry::new(
            "hyman",
            "Hyman 1966; Knuth 1966",
            Published::Wrong,
            falls("panic", 9),
            Hyman,
        ),
        Entry::new(
            "bakery-2",
            "Lamport 1974",
            Published::Right,
            holds(169),
            Bakery {
                customers: 2,
                says_who_chooses: true,
            },
        ),
        Entry::new(
            "bakery-3",
            "Lamport 1974",
            Published::Right,
            holds(8_088),
            Bakery {
                customers: 3,
                says_who_chooses: true,
            },
        )
        .large(),
        Entry::new(
            "bakery-without-flags",
            "Lamport 1974, without `choosing`",
            Published::Wrong,
            falls("panic", 8),
            Bakery {
                customers: 2,
                says_who_chooses: false,
            },
        ),
        Entry::new(
            "szymanski-2",
            "Szymanski 1988",
            Published::Right,
            holds(143),
            Szymanski { processes: 2 },
        ),
        Entry::new(
            "szymanski-3",
            "Szymanski 1988",
            Published::Right,
            holds(6_379),
            Szymanski { processes: 3 },
        )
        .large(),
        Entry::new(
            "filter-3",
            "Herlihy and Shavit 2008",
            Published::Right,
            holds(6_367),
            Filter {
                processes: 3,
                levels: 2,
            },
        ),
        Entry::new(
            "filter-3-one-level",
            "Herlihy and Shavit 2008, a level less",
            Published::Wrong,
            falls("panic", 10),
            Filter {
                processes: 3,
                levels: 1,
            },
        ),
        Entry::new(
            "lamport-fast-2",
            "Lamport 1987",
            Published::Right,
            holds(315),
            LamportFast { processes: 2 },
        ),
        Entry::new(
            "lamport-fast-3",
            "Lamport 1987",
            Published::Right,
            holds(14_405),
            LamportFast { processes: 3 },
        )
        .large(),
        Entry::new(
            "test-and-set",
            "Herlihy and Shavit 2008",
            Published::Right,
            holds(189),
            Spinlock {
                users: 3,
                rounds: 2,
                in_one_step: true,
            },
        ),
        Entry::new(
            "test-then-set",
            "Herlihy and Shavit 2008, in two steps",
            Published::Wrong,
            falls("panic", 6),
            Spinlock {
                users: 2,
                rounds: 1,
                in_one_step: false,
            },
        ),
        Entry::new(
            "ticket-lock",
            "Mellor-Crummey and Scott 1991",
            Published::Right,
            holds(148),
            Ticket {
                users: 3,
                in_one_step: true,
            },
        ),
        Entry::new(
            "ticket-lock-torn",
            "Mellor-Crummey and Scott 1991, in two steps",
            Published::Wrong,
            falls("panic", 8),
            Ticket {
                users: 2,
                in_one_step: false,
            },
        ),
        Entry::new(
            "mcs-lock",
            "Mellor-Crummey and Scott 1991",
            Published::Right,
            holds(1_472),
            Mcs {
                users: 3,
                awaits_the_link: true,
            },
        ),
        Entry::new(
            "mcs-lock-hasty",
            "Mellor-Crummey and Scott 1991, without the wait",
            Published::Wrong,
            falls("never-ends", 9),
            Mcs {
                users: 2,
                awaits_the_link: false,
            },
        ),
    ]
}
