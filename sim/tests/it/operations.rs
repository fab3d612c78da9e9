//! The operations beyond sections and the first three of words: read-modify-writes, choices, conditions, and what is
//! made of a monitor alone.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Chance, Condition, Latch, Monitor, Plain, ReadWriteLock, Wake, Word};
use logon_sim::{
    Actors, AtRest, Chosen, Config, End, Execution, Limits, OperationKind, Program, RandomWalk,
    Replay, Rest, Schedule, Search, Sim, SimChance, SimMonitor, SimWord, Simulation, StateWatch,
    Verdict, WordAccess,
};

use crate::common::{all, outcomes};

/// What all executions end with, by enumeration and by the search of states, which must agree.
fn ends<P: Program>(program: &P) -> BTreeSet<Verdict<P>>
where
    P::Watch: StateWatch,
    Verdict<P>: Plain + Ord,
{
    let enumerated = outcomes(program);
    let found = RefCell::new(BTreeSet::new());
    let space = Search {
        call_twice: true,
        check_one_in: 1,
        ..Search::default()
    }
    .run_while(
        program,
        &|verdict| {
            found.borrow_mut().insert(verdict.clone());
            false
        },
        &mut |_| ControlFlow::Continue(()),
    );
    assert!(space.is_complete(), "{:?}", space.end);
    let mut executions = 0;
    all(program, |_| executions += 1);
    assert_eq!(space.graph.maximal_paths(), Some(executions));
    let found = found.into_inner();
    assert_eq!(found, enumerated);
    found
}

/// Replays each execution of a walk at random from its schedule, which must come to the same.
fn replays<P: Program>(program: &P, executions: u64)
where
    Verdict<P>: Plain,
{
    let simulation = || {
        Simulation::new(Config {
            record_values: true,
            ..Config::default()
        })
    };
    let mut recorded: Vec<Execution<Verdict<P>>> = Vec::new();
    simulation().explore(
        program,
        &mut RandomWalk::new(7),
        Limits::executions(executions),
        |execution| {
            recorded.push(execution.clone());
            ControlFlow::Continue(())
        },
    );
    for execution in recorded {
        let written = serde_json::to_string(&Schedule::from_execution(&execution));
        let read = serde_json::from_str(&written.expect("writable")).expect("readable");
        let mut replay = Replay::new(&read).then_run_on();
        assert_eq!(simulation().run_once(program, &mut replay), execution);
    }
}

#[test]
fn two_additions_in_one_step_each_lose_nothing() {
    let program = |actors: &mut Actors<'_>| {
        let sum: SimWord = Word::new("sum", u64::MAX);
        for (name, value) in [("ann", 1), ("bob", 2)] {
            let sum = sum.clone();
            actors.spawn(name, name, move || {
                sum.fetch_add("add", value, SeqCst);
                sum.fetch_add("take back", 1_u64.wrapping_neg(), SeqCst);
            });
        }
        AtRest(move |_: &Rest| Some(sum.peek()))
    };
    assert_eq!(ends(&program), [0].into());
    let mut first = Vec::new();
    all(&program, |execution| first.push(execution.steps[0].word));
    let added = |written| {
        Some(WordAccess {
            read: Some(u64::MAX),
            written: Some(written),
        })
    };
    assert!(first.contains(&added(0)) && first.contains(&added(1)));
}

#[test]
fn of_two_who_swap_each_gets_what_was_there_before() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        let seen = Rc::new(RefCell::new([0; 2]));
        for place in 0..2 {
            let (word, seen) = (word.clone(), Rc::clone(&seen));
            actors.spawn(format!("swapper {place}"), "swapper", move || {
                let before = word.swap("swap", place as u64 + 1, SeqCst);
                seen.borrow_mut()[place] = before;
            });
        }
        AtRest(move |_: &Rest| Some((*seen.borrow(), word.peek())))
    };
    assert_eq!(ends(&program), [([0, 1], 2), ([2, 0], 1)].into());
}

/// One chooses and acts on it, the other one looks what came of it.
fn choosing(actors: &mut Actors<'_>) -> AtRest<impl Fn(&Rest) -> Option<(u32, u32)> + use<>> {
    let chance: SimChance = Chance::new("weather");
    let taken: SimMonitor<u32> = Monitor::new("taken", 0);
    let last = taken.clone();
    let chosen = taken.clone();
    actors.spawn("chooser", "chooser", move || {
        let first = chance.choose("choose", 3);
        if first == 2 {
            let second = chance.choose("choose again", 2);
            chosen.enter("tell both", |taken| *taken = 20 + second);
        } else {
            chosen.enter("tell", |taken| *taken = first);
        }
    });
    let seen = Rc::new(RefCell::new(0));
    let see = Rc::clone(&seen);
    actors.spawn("other", "other", move || {
        let found = taken.enter("look", |taken| *taken);
        *see.borrow_mut() = found;
    });
    AtRest(move |_: &Rest| Some((last.peek(|taken| *taken), *seen.borrow())))
}

#[test]
fn every_value_of_a_choice_is_tried_and_replayed() {
    let expected = [(0, 0), (1, 0), (1, 1), (20, 0), (20, 20), (21, 0), (21, 21)];
    assert_eq!(ends(&choosing), expected.into());
    replays(&choosing, 50);
}

#[test]
fn a_walk_at_random_draws_every_value_of_a_choice_about_as_often() {
    let program = |actors: &mut Actors<'_>| {
        let chance: SimChance = Chance::new("die");
        actors.spawn("thrower", "thrower", move || {
            chance.choose("throw", 6);
        });
    };
    let mut thrown = [0_u32; 6];
    Simulation::default().explore(
        &program,
        &mut RandomWalk::new(3),
        Limits::executions(6_000),
        |execution| {
            match execution.steps[0].chosen {
                Some(Chosen::Value(value)) => thrown[value as usize] += 1,
                ref other => panic!("{other:?}"),
            }
            ControlFlow::Continue(())
        },
    );
    // Four standard deviations of a binomial distribution around 1,000.
    assert!(
        thrown.iter().all(|&times| times.abs_diff(1_000) < 116),
        "{thrown:?}"
    );
}

#[test]
fn a_schedule_that_chooses_what_cannot_be_chosen_diverges() {
    let mut schedule = Schedule::default();
    all(&choosing, |execution| {
        schedule = Schedule::from_execution(execution);
    });
    let place = schedule.steps.iter().position(|step| step.chosen.is_some());
    let place = place.expect("something is chosen");
    for wrong in [Chosen::Value(3), Chosen::Woken("other".to_owned())] {
        schedule.steps[place].chosen = Some(wrong);
        let execution = Simulation::default().run_once(&choosing, &mut Replay::new(&schedule));
        match execution.end {
            End::Diverged(divergence) => assert_eq!(
                (divergence.step, divergence.reason),
                (place + 1, logon_sim::DivergenceReason::ChoiceDiffers)
            ),
            other => panic!("{other:?}"),
        }
    }
}

const FULL: Condition = Condition("not full");
const EMPTY: Condition = Condition("not empty");

/// Sleepers on two conditions, and one who wakes as it is told to.
fn sleepers(wake: Wake, times: usize) -> impl Fn(&mut Actors<'_>) -> AtRest<RestOf> {
    move |actors| {
        let state: SimMonitor<(u32, bool)> = Monitor::new("state", (0, false));
        for (name, condition) in [("a", EMPTY), ("b", EMPTY), ("c", FULL)] {
            let state = state.clone();
            actors.spawn(name, name, move || {
                state.wait_on("wait", condition, |(asleep, is_open)| {
                    is_open.then(|| {
                        *asleep += 1;
                        ((), Wake::Nobody)
                    })
                });
            });
        }
        actors.spawn("waker", "waker", move || {
            for _ in 0..times {
                state.change("wake", |(_, is_open)| {
                    *is_open = true;
                    ((), wake)
                });
            }
        });
        let asleep: RestOf = |rest| {
            let asleep = rest.blocked.iter();
            Some(
                asleep
                    .map(|blocked| blocked.actor.name.to_string())
                    .collect(),
            )
        };
        AtRest(asleep)
    }
}

type RestOf = fn(&Rest) -> Option<Vec<String>>;

/// Who may be left asleep.
fn left(wake: Wake, times: usize) -> Vec<String> {
    let program = sleepers(wake, times);
    replays(&program, 50);
    let ends = ends(&program).into_iter();
    ends.map(|asleep| asleep.join("")).collect()
}

#[test]
fn who_is_woken_on_a_condition_is_a_choice_that_is_tried_in_every_way() {
    assert_eq!(left(Wake::One(EMPTY), 1), ["", "a", "ac", "b", "bc", "c"]);
    assert_eq!(left(Wake::One(EMPTY), 2), ["", "c"]);
    assert_eq!(left(Wake::One(FULL), 1), ["", "a", "ab", "b"]);
    assert_eq!(left(Wake::All(EMPTY), 1), ["", "c"]);
    assert_eq!(left(Wake::Everybody, 1), [""]);
    assert_eq!(
        left(Wake::Nobody, 1),
        ["", "a", "ab", "abc", "ac", "b", "bc", "c"]
    );
}

#[test]
fn a_step_says_whom_it_woke_of_several() {
    let mut woken = BTreeSet::new();
    all(&sleepers(Wake::One(EMPTY), 1), |execution| {
        for step in &execution.steps {
            if step.operation.kind == OperationKind::Change {
                woken.insert(step.chosen.clone());
                assert_eq!(step.chosen.is_some(), !step.woken.is_empty());
            }
        }
    });
    let of = |name: &str| Some(Chosen::Woken(name.to_owned()));
    assert_eq!(woken, [None, of("a"), of("b")].into());
}

/// A buffer for one, whose producers and consumers wake one on the one condition or on a condition each.
fn buffer(
    conditions: [Condition; 2],
) -> impl Fn(&mut Actors<'_>) -> AtRest<fn(&Rest) -> Option<usize>> {
    move |actors| {
        let [empty, full] = conditions;
        let goods: SimMonitor<u32> = Monitor::new("goods", 0);
        for number in 0..2 {
            let goods = goods.clone();
            actors.spawn(format!("producer {number}"), "producer", move || {
                goods.wait_on("put", full, |goods| {
                    (*goods == 0).then(|| {
                        *goods = 1;
                        ((), Wake::One(empty))
                    })
                });
            });
        }
        for number in 0..2 {
            let goods = goods.clone();
            actors.spawn(format!("consumer {number}"), "consumer", move || {
                goods.wait_on("take", empty, |goods| {
                    (*goods == 1).then(|| {
                        *goods = 0;
                        ((), Wake::One(full))
                    })
                });
            });
        }
        AtRest(|rest: &Rest| Some(rest.blocked.len()))
    }
}

#[test]
fn waking_one_on_a_condition_that_two_kinds_share_loses_a_wake_up() {
    // Two condition variables, or one: Hoare, "Monitors: an operating system structuring concept" (1974).
    assert_eq!(ends(&buffer([EMPTY, FULL])), [0].into());
    assert_eq!(ends(&buffer([EMPTY, EMPTY])), [0, 2].into());
}

#[test]
fn an_update_wakes_whoever_waits_on_a_condition_and_a_condition_nobody_else() {
    let program = |actors: &mut Actors<'_>| {
        let state: SimMonitor<u32> = Monitor::new("state", 0);
        let [named, plain] = [state.clone(), state.clone()];
        actors.spawn("named", "named", move || {
            named.wait_on("wait", EMPTY, |state| {
                (*state > 0).then_some(((), Wake::Nobody))
            });
        });
        actors.spawn("plain", "plain", move || {
            plain.wait_for("wait", |state| (*state > 1).then_some(()));
        });
        actors.spawn("updater", "updater", move || {
            state.update("update", |state| *state = 1);
            state.change("change", |state| {
                *state = 2;
                ((), Wake::All(EMPTY))
            });
        });
        AtRest(|rest: &Rest| {
            let blocked = rest.blocked.iter();
            Some(
                blocked
                    .map(|blocked| blocked.actor.name.to_string())
                    .collect::<Vec<_>>(),
            )
        })
    };
    assert_eq!(ends(&program), [vec![], vec!["plain".to_owned()]].into());
}

/// How many readers and writers are inside, and which pairs of those numbers there were.
type Inside = (u32, u32, BTreeSet<(u32, u32)>);

#[test]
fn readers_share_a_lock_and_writers_do_not() {
    let program = |actors: &mut Actors<'_>| {
        let lock = Arc::new(ReadWriteLock::<Sim>::new("lock"));
        let inside: SimMonitor<Inside> = Monitor::new("inside", (0, 0, BTreeSet::new()));
        for (name, writes) in [("reader 0", false), ("reader 1", false), ("writer", true)] {
            let (lock, inside) = (Arc::clone(&lock), inside.clone());
            actors.spawn(name, name, move || {
                if writes {
                    lock.acquire_write("acquire");
                } else {
                    lock.acquire_read("acquire");
                }
                inside.enter("come in", |(readers, writers, seen)| {
                    if writes {
                        *writers += 1;
                    } else {
                        *readers += 1;
                    }
                    seen.insert((*readers, *writers));
                });
                inside.enter("go out", |(readers, writers, _)| {
                    if writes {
                        *writers -= 1;
                    } else {
                        *readers -= 1;
                    }
                });
                if writes {
                    lock.release_write("release");
                } else {
                    lock.release_read("release");
                }
            });
        }
        AtRest(move |rest: &Rest| {
            let seen = inside.peek(|(_, _, seen)| seen.clone());
            Some((rest.all_finished(), seen))
        })
    };
    let mut seen = BTreeSet::new();
    let space = Search::default().run_while(&program, &|(finished, _)| !finished, &mut |_| {
        ControlFlow::Continue(())
    });
    assert!(space.is_complete(), "{:?}", space.end);
    Simulation::default().explore(
        &program,
        &mut RandomWalk::new(1),
        Limits::executions(300),
        |execution| {
            seen.extend(execution.verdict().expect("it ends").1.clone());
            ControlFlow::Continue(())
        },
    );
    assert_eq!(seen, [(0, 1), (1, 0), (2, 0)].into());
}

#[test]
fn whoever_joins_goes_on_after_the_end_of_the_other() {
    let program = |actors: &mut Actors<'_>| {
        let ended = Arc::new(Latch::<Sim>::new(format!("worker {} has ended", 1)));
        let work: SimMonitor<u32> = Monitor::new("work", 0);
        let (end, done) = (Arc::clone(&ended), work.clone());
        actors.spawn("worker", "worker", move || {
            done.enter("work", |work| *work = 1);
            end.open("end");
        });
        let seen = Rc::new(RefCell::new(0));
        let see = Rc::clone(&seen);
        actors.spawn("joiner", "joiner", move || {
            ended.wait("join");
            let found = work.enter("look", |work| *work);
            *see.borrow_mut() = found;
        });
        AtRest(move |_: &Rest| Some(*seen.borrow()))
    };
    assert_eq!(ends(&program), [1].into());
    all(&program, |execution| {
        let names = execution
            .steps
            .iter()
            .map(|step| step.operation.object_name);
        assert!(names.into_iter().any(|name| name == "worker 1 has ended"));
    });
}

#[test]
fn objects_are_called_by_names_that_were_put_together() {
    let program = |actors: &mut Actors<'_>| {
        let forks: Vec<SimMonitor<bool>> = (0..3)
            .map(|number| Monitor::new(format!("fork {number}"), false))
            .collect();
        actors.spawn("eater", "eater", move || {
            for fork in &forks {
                fork.enter("take", |taken| *taken = true);
            }
        });
    };
    let execution = Simulation::default().run_once(&program, &mut RandomWalk::new(0));
    let names = execution
        .steps
        .iter()
        .map(|step| step.operation.object_name);
    assert_eq!(names.collect::<Vec<_>>(), ["fork 0", "fork 1", "fork 2"]);
}
