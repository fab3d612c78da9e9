//! What an actor or a section remembers beside the state, or reads from elsewhere.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use logon_core::primitives::Monitor;
use logon_sim::{Actors, AtRest, FaultKind, Search, SimMonitor};

use super::{Judge, Judged, fault, never_holds_for};

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

static TURN: AtomicU64 = AtomicU64::new(0);

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
