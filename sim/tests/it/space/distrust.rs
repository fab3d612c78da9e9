//! Programs that break the premise of a search, with harm that shows at rest alone and in one order of all: each
//! ends in a fault or shows the harm, whatever the seed.

use std::cell::Cell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use logon_core::primitives::{Monitor, Plain, Primitives};
use logon_core::symmetric;
use logon_core::symmetry::{Shape, Symmetric};
use logon_sim::{
    Actors, AtRest, FaultKind, Program, Rest, Search, Sim, SimMonitor, SpaceEnd, StateWatch,
    Symmetry,
};

use super::symmetry_faults::people;
use super::{Person, complete};

/// A program that is judged at rest. It is not told by its type, so that there is one search for all of them to compile.
type Judged = dyn Program<Watch = AtRest<Judge>>;

/// A program that nobody judges.
type Unjudged = dyn Program<Watch = ()>;

/// That a search of a liar ends in a fault or shows the harm, for each of twenty seeds, by default and with
/// everything checked.
#[track_caller]
fn never_holds(name: &str, symmetry: Option<&Symmetry>, program: &Judged) {
    never_holds_for(20, name, symmetry, program);
}

/// The same for so many seeds: fewer where all executions are run, which needs no chance and takes a while.
#[track_caller]
fn never_holds_for(seeds: u64, name: &str, symmetry: Option<&Symmetry>, program: &Judged) {
    for seed in 1..=seeds {
        for check_one_in in [1, 100] {
            let search = Search {
                seed,
                check_one_in,
                symmetry: symmetry.cloned(),
                ..Search::default()
            };
            let end = search.run(program).end;
            assert!(
                matches!(end, SpaceEnd::Fault(_) | SpaceEnd::Violated(_)),
                "{name}, seed {seed}, one in {check_one_in}: {end:?}"
            );
        }
    }
}

/// The fault in which a search ends by default.
#[track_caller]
fn fault<W: StateWatch>(symmetry: Option<Symmetry>, program: &dyn Program<Watch = W>) -> FaultKind {
    let search = Search {
        symmetry,
        ..Search::default()
    };
    match search.run(program).end {
        SpaceEnd::Fault(fault) => fault.kind,
        other => panic!("no fault: {other:?}"),
    }
}

/// What everybody counts, and beside it who did.
trait Book: Plain {
    fn new() -> Self;
    fn note(&mut self, who: u64);
    fn hidden(&self) -> u64;
}

type Judge = Box<dyn FnMut(&Rest) -> Option<&'static str>>;

/// `actors` actors of their own classes, or of one, who take `steps` steps each. It is bad if the last one has taken all
/// of its steps before anybody else took one, and so on: one order of all.
fn noted<B: Book>(
    actors: u64,
    steps: u64,
    one_class: bool,
) -> impl Fn(&mut Actors<'_>) -> AtRest<Judge> {
    move |cast| {
        let book: SimMonitor<B> = Monitor::new("book", B::new());
        let mut bad = 0_u64;
        for who in (0..actors).rev() {
            for _ in 0..steps {
                bad = bad * actors + who;
            }
        }
        for who in 0..actors {
            let book = book.clone();
            let class = if one_class { 0 } else { who };
            cast.spawn(
                format!("actor {who}"),
                format!("class {class}"),
                move || {
                    for _ in 0..steps {
                        book.enter("note", move |book| book.note(who + 100 * actors));
                    }
                },
            );
        }
        AtRest(Box::new(move |_| {
            (book.peek(B::hidden) == bad).then_some("the one order of all")
        }))
    }
}

/// What is kept of the order: a number in the base of the number of actors.
fn wrote(hidden: u64, who: u64) -> u64 {
    let actors = who / 100;
    hidden * actors + who % 100
}

macro_rules! book {
    ($name:ident, $hidden:ty, $new:expr, $note:expr, $get:expr) => {
        impl Book for $name {
            fn new() -> Self {
                Self { n: 0, hidden: $new }
            }

            fn note(&mut self, who: u64) {
                self.n += 1;
                let note: fn(&mut $hidden, u64) = $note;
                note(&mut self.hidden, who);
            }

            fn hidden(&self) -> u64 {
                let get: fn(&$hidden) -> u64 = $get;
                get(&self.hidden)
            }
        }
    };
}

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

/// What an actor or a section leaves behind outside of the state: `keep` takes who took a step.
fn smuggled(
    steps: u64,
    in_section: bool,
    keeps: impl Fn() -> Rc<dyn Fn(Option<u64>) -> u64> + 'static,
) -> impl Fn(&mut Actors<'_>) -> AtRest<Judge> {
    move |actors| {
        let keep = keeps();
        let count: SimMonitor<u64> = Monitor::new("count", 0);
        for who in [0, 1] {
            let (keep, count) = (Rc::clone(&keep), count.clone());
            actors.spawn(format!("actor {who}"), format!("class {who}"), move || {
                for _ in 0..steps {
                    let within = Rc::clone(&keep);
                    count.enter("count", move |count| {
                        *count += 1;
                        if in_section {
                            within(Some(who));
                        }
                    });
                    if !in_section {
                        keep(Some(who));
                    }
                }
            });
        }
        // All of the second actor's steps before any of the first one's.
        let bad = ((1 << steps) - 1) << steps;
        AtRest(Box::new(move |_| {
            (keep(None) == bad).then_some("the one order of all")
        }))
    }
}

thread_local! {
    static LOCAL: Cell<u64> = const { Cell::new(0) };
}

static GLOBAL: Mutex<u64> = Mutex::new(0);

#[test]
fn what_is_kept_beside_the_state_is_noticed_where_executions_are_few() {
    let cell = || -> Rc<dyn Fn(Option<u64>) -> u64> {
        let kept = Cell::new(0);
        Rc::new(move |who| {
            kept.set(who.map_or(kept.get(), |who| kept.get() << 1 | who));
            kept.get()
        })
    };
    let atomic = || -> Rc<dyn Fn(Option<u64>) -> u64> {
        let kept = AtomicU64::new(0);
        Rc::new(move |who| {
            let before = kept.load(Ordering::SeqCst);
            kept.store(
                who.map_or(before, |who| before << 1 | who),
                Ordering::SeqCst,
            );
            kept.load(Ordering::SeqCst)
        })
    };
    // Set anew by each start, or the order would be kept over executions.
    let local = || -> Rc<dyn Fn(Option<u64>) -> u64> {
        LOCAL.set(0);
        Rc::new(|who| {
            LOCAL.set(who.map_or(LOCAL.get(), |who| LOCAL.get() << 1 | who));
            LOCAL.get()
        })
    };
    let global = || -> Rc<dyn Fn(Option<u64>) -> u64> {
        *GLOBAL.lock().expect("nobody panics") = 0;
        Rc::new(|who| {
            let mut kept = GLOBAL.lock().expect("nobody panics");
            *kept = who.map_or(*kept, |who| *kept << 1 | who);
            *kept
        })
    };
    for steps in [1, 2, 4, 8] {
        let seeds = if steps < 8 { 20 } else { 1 };
        for in_section in [false, true] {
            let program = smuggled(steps, in_section, cell);
            never_holds_for(seeds, "a cell", None, &program);
            let program = smuggled(steps, in_section, atomic);
            never_holds_for(seeds, "an atomic", None, &program);
            let program = smuggled(steps, in_section, local);
            never_holds_for(seeds, "a thread-local", None, &program);
            let program = smuggled(steps, in_section, global);
            never_holds_for(seeds, "a static", None, &program);
        }
    }
}

/// The limit, by number: ten steps each are 184,756 executions.
#[test]
fn what_only_the_watch_sees_is_not_noticed_where_executions_are_many() {
    let cell = || -> Rc<dyn Fn(Option<u64>) -> u64> {
        let kept = Cell::new(0);
        Rc::new(move |who| {
            kept.set(who.map_or(kept.get(), |who| kept.get() << 1 | who));
            kept.get()
        })
    };
    let space = Search::default().run::<Judged>(&smuggled(10, false, cell));
    assert!(space.is_complete(), "{:?}", space.end);
    assert_eq!(space.progress.all_executions, None);
}

/// Alice beats, and is bad after so many rounds; the others beat beside her, `others` in number.
fn counts_rounds(bad: u32, others: u32, operations: u32) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let beats: SimMonitor<bool> = Monitor::new("beats", false);
        for other in 0..others {
            let beats = beats.clone();
            actors.spawn(
                format!("other {other}"),
                format!("other {other}"),
                move || {
                    Sim::forever(|| {
                        beats.update("beat too", |_| ());
                        ControlFlow::Continue(())
                    });
                },
            );
        }
        actors.spawn("alice", "alice", move || {
            let rounds = Cell::new(0);
            Sim::forever(|| {
                rounds.set(rounds.get() + 1);
                for _ in 0..operations {
                    beats.enter("beat", |_| ());
                }
                if rounds.get() == bad {
                    beats.enter("harm", |beats| *beats = true);
                }
                ControlFlow::Continue(())
            });
        });
    }
}

#[test]
fn a_count_carried_round_forever_is_noticed_up_to_ten_thousand_rounds() {
    for bad in [3, 999, 1_500, 5_000, 10_000] {
        for (others, operations) in [(0, 1), (1, 1), (2, 1), (0, 5)] {
            let found = fault(None, &counts_rounds(bad, others, operations));
            assert!(matches!(found, FaultKind::Unrepeatable { .. }), "{found}");
        }
    }
    // The limit, by number: 60,000 steps of whoever goes round.
    complete::<Unjudged>(&Search::default(), &counts_rounds(60_001, 0, 1));
    let found = fault(None, &counts_rounds(59_999, 0, 1));
    assert!(matches!(found, FaultKind::Unrepeatable { .. }), "{found}");
}

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

/// A clock, or chance.
#[test]
fn a_section_that_reads_something_else_each_time_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let value: SimMonitor<u64> = Monitor::new("value", 0);
        actors.spawn("alice", "alice", move || {
            value.enter("read", |value| *value = TURN.fetch_add(1, Ordering::SeqCst));
        });
    };
    let found = fault(None, &program);
    assert!(
        matches!(found, FaultKind::UnstableSection { .. }),
        "{found}"
    );
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
