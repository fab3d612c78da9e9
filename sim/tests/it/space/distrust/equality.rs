//! Equalities that are none, and what a value prints that they do not compare.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use logon_core::primitives::Monitor;
use logon_sim::{Actors, SimMonitor};

use super::{Book, book, fault, never_holds, noted, wrote};

/// `Eq` says no of what it should say yes to, and the other way round.
macro_rules! odd_equality {
    ($name:ident, $eq:expr, $hash:expr) => {
        #[derive(Clone, Debug)]
        struct $name {
            n: u32,
            hidden: u64,
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                let eq: fn(&Self, &Self) -> bool = $eq;
                eq(self, other)
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                let hash: fn(&Self) -> u64 = $hash;
                hash(self).hash(state);
            }
        }

        book!($name, u64, 0, |it, who| *it = wrote(*it, who), |it| *it);
    };
}

static TURN: AtomicU64 = AtomicU64::new(0);

odd_equality!(
    NotReflexive,
    |one, other| one.n == other.n && one.n < 2,
    |it| it.n.into()
);
odd_equality!(
    NotSymmetric,
    |one, other| one.n == other.n && one.hidden <= other.hidden,
    |it| it.n.into()
);
odd_equality!(
    NotTransitive,
    |one, other| one.n == other.n && one.hidden.abs_diff(other.hidden) < 2,
    |it| it.n.into()
);
odd_equality!(
    ByTurns,
    |one, other| one.n == other.n
        && (one.hidden == other.hidden || TURN.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)),
    |it| it.n.into()
);
odd_equality!(FineHash, |one, other| one.n == other.n, |it| it.hidden);
odd_equality!(
    CoarseHash,
    |one, other| one.n == other.n && one.hidden == other.hidden,
    |_| 0
);

#[test]
fn an_equality_that_is_none_is_noticed() {
    for (actors, steps) in [(2, 2), (2, 4), (3, 2)] {
        never_holds(
            "NotReflexive",
            None,
            &noted::<NotReflexive>(actors, steps, false),
        );
        never_holds(
            "NotSymmetric",
            None,
            &noted::<NotSymmetric>(actors, steps, false),
        );
        never_holds(
            "NotTransitive",
            None,
            &noted::<NotTransitive>(actors, steps, false),
        );
        never_holds("ByTurns", None, &noted::<ByTurns>(actors, steps, false));
        // A hash that is too coarse costs time, and one that is too fine merges less: the harm is seen.
        never_holds(
            "CoarseHash",
            None,
            &noted::<CoarseHash>(actors, steps, false),
        );
        never_holds("FineHash", None, &noted::<FineHash>(actors, steps, false));
    }
}

/// A value that is equal and prints its address.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Addressed(Box<u32>);

impl fmt::Debug for Addressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:p}", self.0, &*self.0)
    }
}

#[test]
fn a_value_that_prints_more_than_its_eq_compares_is_told_what_to_do() {
    let program = |actors: &mut Actors<'_>| {
        let value: SimMonitor<Addressed> = Monitor::new("value", Addressed(Box::new(0)));
        for name in ["alice", "bob"] {
            let value = value.clone();
            actors.spawn(name, name, move || {
                value.enter("count", |value| *value.0 += 1);
            });
        }
    };
    let told = fault(None, &program).to_string();
    assert!(
        told.contains("Addressed") && told.contains("`Debug` print nothing else"),
        "{told}"
    );
}
