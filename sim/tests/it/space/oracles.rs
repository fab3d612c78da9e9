//! Programs whose states, executions and outcomes are known.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use logon_core::primitives::{Monitor, Word};
use logon_sim::{
    Actors, AtRest, Order, Rest, Search, SimMonitor, SimWord, SpaceEnd, Symmetry, Violation,
};

use super::{complete, distrustful, up_to};

/// `actors` actors with `sections` sections each, of one class.
fn sections(actors: usize, sections: usize) -> impl Fn(&mut Actors<'_>) {
    move |spawner| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        for number in 0..actors {
            let monitor = monitor.clone();
            spawner.spawn(format!("actor {number}"), "actor", move || {
                for _ in 0..sections {
                    monitor.enter("add", |value| *value += 1);
                }
            });
        }
    }
}

fn choose(of: u64, some: u64) -> u64 {
    (0..some).fold(1, |product, place| product * (of - place) / (place + 1))
}

#[test]
fn n_actors_with_k_sections_have_the_multinomial_number_of_paths() {
    for (actors, each) in [(1, 5), (2, 3), (3, 2), (3, 3), (4, 3), (5, 2)] {
        let (n, k) = (actors as u64, each as u64);
        let multinomial = (1..=n).map(|place| choose(place * k, k)).product::<u64>();
        let program = sections(actors, each);
        let plain = complete(&distrustful(), &program);
        assert_eq!(plain.graph.maximal_paths(), Some(multinomial.into()));
        assert_eq!(plain.progress.states, (k + 1).pow(actors as u32));
        let merged = complete(&up_to(distrustful(), Symmetry::new()), &program);
        assert_eq!(merged.graph.maximal_paths(), Some(multinomial.into()));
        // Multisets of n out of k + 1 places.
        assert_eq!(merged.progress.states, choose(n + k, k));
        assert_eq!(
            (plain.depth, merged.depth),
            (n as u32 * k as u32, n as u32 * k as u32)
        );
    }
    assert_eq!(
        complete(&distrustful(), &sections(2, 3))
            .graph
            .maximal_paths(),
        Some(20)
    );
    assert_eq!(
        complete(&distrustful(), &sections(3, 2))
            .graph
            .maximal_paths(),
        Some(90)
    );
}

#[test]
fn more_local_states_than_coroutines_are_parked_at_once_are_all_seen() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        let other = word.clone();
        actors.spawn("reader", "reader", move || {
            for _ in 0..6 {
                word.load("read", SeqCst);
            }
        });
        actors.spawn("writer", "writer", move || {
            for value in 1..=10 {
                other.store("write", value, Relaxed);
            }
        });
    };
    for order in [Order::BreadthFirst, Order::DepthFirst] {
        let search = Search {
            order,
            ..Search::default()
        };
        let space = complete(&search, &program);
        assert_eq!(space.graph.maximal_paths(), Some(choose(16, 6).into()));
        // A reader knows a list that does not fall; with r reads and the last one v, the writer is at v or later.
        let known = |reads: u64| choose(reads + 10, 10);
        let local: u64 = (0..=6).map(known).sum();
        assert_eq!(space.progress.local_states, local + 11);
        assert!(space.progress.local_states > 8_192);
        let states: u64 = (0..=6).map(|reads| choose(reads + 11, 11 - 1)).sum();
        assert_eq!(space.progress.states, states);
    }
}

/// What two reads of a message see, over all executions.
fn message(data_first: bool) -> BTreeSet<(u64, u64)> {
    let program = move |actors: &mut Actors<'_>| {
        let (data, flag): (SimWord, SimWord) = (Word::new("data", 0), Word::new("flag", 0));
        let seen: SimMonitor<Option<(u64, u64)>> = Monitor::new("seen", None);
        let (sent, raised) = (data.clone(), flag.clone());
        actors.spawn("sender", "sender", move || {
            if data_first {
                sent.store("send", 1, SeqCst);
                raised.store("raise", 1, SeqCst);
            } else {
                raised.store("raise", 1, SeqCst);
                sent.store("send", 1, SeqCst);
            }
        });
        let reader = seen.clone();
        actors.spawn("reader", "reader", move || {
            let is_raised = flag.load("look", SeqCst);
            let read = data.load("read", SeqCst);
            reader.enter("tell", move |seen| *seen = Some((is_raised, read)));
        });
        AtRest(move |_: &Rest| seen.peek(|seen| *seen))
    };
    let outcomes = std::cell::RefCell::new(BTreeSet::new());
    let space = Search::default().run_while(
        &program,
        &|outcome| {
            outcomes.borrow_mut().insert(*outcome);
            false
        },
        &mut |_| ControlFlow::Continue(()),
    );
    assert!(space.is_complete());
    outcomes.into_inner()
}

#[test]
fn a_message_is_seen_in_the_order_in_which_it_was_sent() {
    assert_eq!(message(true), BTreeSet::from([(0, 0), (0, 1), (1, 1)]));
    assert_eq!(
        message(false),
        BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 1)])
    );
}

/// How many steps the shortest way to a rest takes in which somebody is blocked; `None` without any.
fn shortest_deadlock(program: impl Fn(&mut Actors<'_>)) -> Option<(usize, usize)> {
    let program = |actors: &mut Actors<'_>| {
        program(actors);
        AtRest(|rest: &Rest| (!rest.all_finished()).then_some(rest.blocked.len()))
    };
    match Search::default().run(&program).end {
        SpaceEnd::Complete => None,
        SpaceEnd::Violated(evidence) => {
            assert_eq!(evidence.violation, Violation::Rest);
            let blocked = *evidence.execution.verdict().expect("a verdict");
            Some((evidence.execution.steps.len(), blocked))
        }
        other => panic!("{other:?}"),
    }
}

/// Philosophers who take the left fork first, but for the last one if not `all_left`.
fn philosophers(count: usize, all_left: bool) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let forks: SimMonitor<Vec<bool>> = Monitor::new("forks", vec![false; count]);
        for place in 0..count {
            let forks = forks.clone();
            actors.spawn(format!("philosopher {place}"), "philosopher", move || {
                let mut mine = [place, (place + 1) % count];
                if !all_left && place == count - 1 {
                    mine.reverse();
                }
                for fork in mine {
                    forks.wait_for("take", |forks| {
                        (!std::mem::replace(&mut forks[fork], true)).then_some(())
                    });
                }
                forks.update("put back", |forks| {
                    for fork in mine {
                        forks[fork] = false;
                    }
                });
            });
        }
    }
}

#[test]
fn philosophers_who_all_begin_on_the_left_starve_in_two_steps_each() {
    for count in 2..=5 {
        let starved = Some((2 * count, count));
        assert_eq!(shortest_deadlock(philosophers(count, true)), starved);
        assert_eq!(shortest_deadlock(philosophers(count, false)), None);
    }
}

/// One who looks and sleeps in two steps, and one who raises the flag.
fn sleeper(waits: bool) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let flag: SimMonitor<bool> = Monitor::new("flag", false);
        let other = flag.clone();
        actors.spawn("sleeper", "sleeper", move || {
            if waits {
                flag.wait_for("wait", |flag| flag.then_some(()));
            } else if !flag.enter("look", |flag| *flag) {
                flag.sleep("sleep");
            }
        });
        actors.spawn("raiser", "raiser", move || {
            other.update("raise", |flag| *flag = true);
        });
    }
}

#[test]
fn a_wake_up_between_looking_and_sleeping_is_lost() {
    assert_eq!(shortest_deadlock(sleeper(false)), Some((3, 1)));
    assert_eq!(shortest_deadlock(sleeper(true)), None);
    let space = complete(&distrustful(), &sleeper(false));
    // raise, look; look, raise, sleep; look, sleep, raise, wake.
    assert_eq!(space.graph.maximal_paths(), Some(3));
    assert_eq!(space.progress.rests, 3);
}

#[test]
fn of_two_waiters_for_one_token_one_stays_asleep() {
    let program = |actors: &mut Actors<'_>| {
        let tokens: SimMonitor<u32> = Monitor::new("tokens", 0);
        for number in 0..2 {
            let tokens = tokens.clone();
            actors.spawn(format!("waiter {number}"), "waiter", move || {
                tokens.wait_for("take", |tokens| {
                    let left = tokens.checked_sub(1)?;
                    *tokens = left;
                    Some(())
                });
            });
        }
        actors.spawn("giver", "giver", move || {
            tokens.update("give", |tokens| *tokens += 1);
        });
    };
    // Give, take, and the other one looks in vain.
    assert_eq!(shortest_deadlock(program), Some((3, 1)));
    let plain = complete(&distrustful(), &program);
    let merged = complete(&up_to(distrustful(), Symmetry::new()), &program);
    assert_eq!((plain.progress.rests, merged.progress.rests), (2, 1));
    assert_eq!(plain.graph.maximal_paths(), merged.graph.maximal_paths());
}

#[test]
fn readers_share_and_writers_do_not() {
    // 9 is a writer, else it is how many readers there are.
    let program = |actors: &mut Actors<'_>| {
        let lock: SimMonitor<u32> = Monitor::new("lock", 0);
        for number in 0..4 {
            let lock = lock.clone();
            let (class, weight) = match number {
                0 | 1 => ("reader", 1),
                _ => ("writer", 9),
            };
            actors.spawn(format!("{class} {number}"), class, move || {
                lock.wait_for("enter", |held| {
                    (*held + weight <= 9).then(|| *held += weight)
                });
                lock.update("leave", |held| *held -= weight);
            });
        }
    };
    let plain = complete(&distrustful(), &program);
    let symmetry = Symmetry::new;
    let merged = complete(&up_to(distrustful(), symmetry()), &program);
    let described = complete(
        &up_to(distrustful(), symmetry().without_exchange()),
        &program,
    );
    assert_eq!(described.progress.states, plain.progress.states);
    assert_eq!(merged.graph.maximal_paths(), plain.graph.maximal_paths());
    assert_eq!(plain.progress.rests, 1);
    assert!(plain.progress.states > 2 * merged.progress.states);
}
