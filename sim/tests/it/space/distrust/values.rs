//! Values of which equality, description or a clone leaves something out.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use logon_core::primitives::Monitor;
use logon_core::symmetric;
use logon_core::symmetry::{Shape, Symmetric};
use logon_sim::{Actors, AtRest, FaultKind, Rest, Search, SimMonitor, Symmetry};

use super::super::symmetry_faults::people;
use super::super::{Person, complete};
use super::{
    Book, Judge, Judged, Unjudged, book, fault, never_holds, never_holds_for, noted, wrote,
};

macro_rules! coarse {
    ($name:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.n == other.n
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.n.hash(state);
            }
        }

        impl Symmetric for $name {
            fn describe(&self, shape: &mut dyn Shape) {
                shape.plain(u64::from(self.n));
            }
        }
    };
}

/// Prints nothing of what it hides.
macro_rules! quiet {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.n.fmt(f)
            }
        }
    };
}

/// `Eq` and `Hash` look at `n` alone.
#[derive(Clone, Debug)]
struct Coarse {
    n: u32,
    hidden: u64,
}
coarse!(Coarse);
book!(Coarse, u64, 0, |it, who| *it = wrote(*it, who), |it| *it);

/// And so does `Debug`.
#[derive(Clone)]
struct CoarseAndQuiet {
    n: u32,
    hidden: u64,
}
coarse!(CoarseAndQuiet);
quiet!(CoarseAndQuiet);
book!(
    CoarseAndQuiet,
    u64,
    0,
    |it, who| *it = wrote(*it, who),
    |it| *it
);

/// Only the description leaves something out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LeftOut {
    n: u32,
    hidden: u64,
}
symmetric! { struct LeftOut { n, hidden: _ } }
book!(LeftOut, u64, 0, |it, who| *it = wrote(*it, who), |it| *it);

/// What is hidden is shared by all clones.
#[derive(Clone, Debug)]
struct Atomic {
    n: u32,
    hidden: Arc<AtomicU64>,
}
coarse!(Atomic);
book!(
    Atomic,
    Arc<AtomicU64>,
    Arc::default(),
    |it, who| it.store(wrote(it.load(Ordering::SeqCst), who), Ordering::SeqCst),
    |it| it.load(Ordering::SeqCst)
);

#[derive(Clone)]
struct QuietMutex {
    n: u32,
    hidden: Arc<Mutex<u64>>,
}
coarse!(QuietMutex);
quiet!(QuietMutex);
book!(
    QuietMutex,
    Arc<Mutex<u64>>,
    Arc::default(),
    |it, who| {
        let mut it = it.lock().expect("nobody panics");
        *it = wrote(*it, who);
    },
    |it| *it.lock().expect("nobody panics")
);

/// Twelve thousand executions and more: two actors of eight steps.
const SIZES: [(u64, u64); 6] = [(2, 1), (2, 2), (2, 4), (2, 8), (3, 2), (3, 4)];

#[test]
fn an_equality_coarser_than_its_value_is_noticed() {
    for (actors, steps) in SIZES {
        never_holds("Coarse", None, &noted::<Coarse>(actors, steps, false));
    }
    if let FaultKind::CoarseEquality {
        type_name,
        kept,
        merged,
    } = fault(None, &noted::<Coarse>(3, 8, false))
    {
        assert!(type_name.ends_with("Coarse"), "{type_name}");
        assert_ne!(kept, merged);
    } else {
        panic!("another fault");
    }
}

/// Nothing of it shows but in an execution: all are run where they are few.
#[test]
fn what_is_neither_compared_nor_printed_is_noticed_where_executions_are_few() {
    for (actors, steps) in [(2, 1), (2, 2), (2, 4), (2, 8), (3, 2), (3, 3)] {
        let seeds = if actors * steps < 9 { 20 } else { 1 };
        let program = noted::<CoarseAndQuiet>(actors, steps, false);
        never_holds_for(seeds, "CoarseAndQuiet", None, &program);
        let program = noted::<QuietMutex>(actors, steps, false);
        never_holds_for(seeds, "QuietMutex", None, &program);
    }
}

/// The limit, by number: 34,650 executions of 12 steps are more than 250,000 steps.
#[test]
fn what_is_neither_compared_nor_printed_is_not_noticed_where_executions_are_many() {
    let space = Search::default().run::<Judged>(&noted::<CoarseAndQuiet>(3, 4, false));
    assert!(space.is_complete(), "{:?}", space.end);
    assert_eq!(space.progress.all_executions, None);
    let few = complete::<Unjudged>(&Search::default(), &|_: &mut Actors<'_>| {});
    assert_eq!(few.progress.all_executions, Some(1));
}

#[test]
fn a_description_that_leaves_a_field_out_is_noticed() {
    for (actors, steps) in SIZES {
        for symmetry in [Symmetry::new(), Symmetry::new().without_exchange()] {
            let symmetry = symmetry.knows::<LeftOut>();
            let program = noted::<LeftOut>(actors, steps, false);
            never_holds("LeftOut", Some(&symmetry), &program);
            let program = noted::<LeftOut>(actors, steps, true);
            never_holds("LeftOut, one class", Some(&symmetry), &program);
        }
    }
    let symmetry = Symmetry::new().knows::<LeftOut>();
    let found = fault(Some(symmetry), &noted::<LeftOut>(3, 8, false));
    let told = found.to_string();
    assert!(
        matches!(found, FaultKind::CoarseDescription { .. }),
        "{told}"
    );
    assert!(
        told.contains("`book`") && told.contains("LeftOut"),
        "{told}"
    );
}

/// With a symmetry, and all but the description is coarse as well.
#[test]
fn an_equality_coarser_than_its_value_is_noticed_with_a_symmetry() {
    let symmetry = Symmetry::new().knows::<Coarse>();
    for (actors, steps) in SIZES {
        let program = noted::<Coarse>(actors, steps, false);
        never_holds("Coarse", Some(&symmetry), &program);
        let program = noted::<Coarse>(actors, steps, true);
        never_holds("Coarse, one class", Some(&symmetry), &program);
    }
}

#[test]
fn a_clone_that_shares_something_with_its_original_is_noticed() {
    for (actors, steps) in SIZES {
        never_holds("Atomic", None, &noted::<Atomic>(actors, steps, false));
        let symmetry = Symmetry::new().knows::<Atomic>();
        never_holds(
            "Atomic",
            Some(&symmetry),
            &noted::<Atomic>(actors, steps, false),
        );
    }
    let found = fault(None, &noted::<Atomic>(2, 4, false));
    assert!(matches!(found, FaultKind::SharedClone { .. }), "{found}");
}

/// Whose description leaves out who is in it, among actors that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Visitors {
    n: u32,
    hidden: Vec<Person>,
}
symmetric! { struct Visitors { n, hidden: _ } }

#[test]
fn a_description_that_leaves_out_identifiers_of_alike_actors_is_noticed() {
    for (actors, steps) in [(2, 1), (2, 2), (2, 4), (2, 8), (3, 2), (3, 3)] {
        let program = move |cast: &mut Actors<'_>| {
            let visitors: SimMonitor<Visitors> = Monitor::new(
                "visitors",
                Visitors {
                    n: 0,
                    hidden: Vec::new(),
                },
            );
            for who in 0..actors {
                let visitors = visitors.clone();
                cast.spawn(format!("person {who}"), "person", move || {
                    for _ in 0..steps {
                        visitors.enter("visit", move |visitors| {
                            visitors.n += 1;
                            visitors.hidden.push(Person(who));
                        });
                    }
                });
            }
            AtRest(Box::new(move |_: &Rest| {
                let bad = (0..actors).rev();
                let bad = bad.flat_map(|who| (0..steps).map(move |_| Person(who)));
                visitors.peek(|visitors| visitors.hidden.iter().copied().eq(bad).then_some("bad"))
            }) as Judge)
        };
        never_holds("Visitors", Some(&people().knows::<Visitors>()), &program);
    }
}
