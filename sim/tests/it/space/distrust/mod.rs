//! Programs that break the premise of a search, with harm that shows at rest alone and in one order of all: each
//! ends in a fault or shows the harm, whatever the seed.

mod beside;
mod equality;
mod rounds;
mod values;

use logon_core::primitives::{Monitor, Plain};
use logon_sim::{
    Actors, AtRest, FaultKind, Program, Rest, Search, SimMonitor, SpaceEnd, StateWatch, Symmetry,
};

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
use book;
