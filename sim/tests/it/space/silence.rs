//! What would pass in silence: a watch that judges where no search looks, a spin in vain, actors of one class that are
//! not alike, and a history that grows without end.

use std::cell::Cell;
use std::ops::ControlFlow::{Break, Continue};
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{
    Actors, AtRest, BodyKind, FaultKind, MayGoRound, Rest, Search, SharedState, Sim, SimMonitor,
    SimWord, SpaceEnd, StateWatch, Step, Symmetry, Watch,
};

use super::{complete, distrustful, fault, up_to};

/// Objects to a value of the word, after steps alone.
struct After(SimWord);

impl Watch for After {
    type Verdict = &'static str;

    fn after_step(&mut self, _: &Step) -> Option<&'static str> {
        (self.0.peek() == 2).then_some("two")
    }
}

impl StateWatch for After {}

/// The same, and says that states are none of its business.
struct Otherwise(After);

impl Watch for Otherwise {
    type Verdict = &'static str;

    fn after_step(&mut self, step: &Step) -> Option<&'static str> {
        self.0.after_step(step)
    }
}

impl StateWatch for Otherwise {
    fn in_state(&mut self, _: &SharedState<'_>) -> Option<&'static str> {
        None
    }
}

fn three_values(word: &SimWord, actors: &mut Actors<'_>) {
    let word = word.clone();
    actors.spawn("alice", "alice", move || {
        for value in 1..=3 {
            word.store("write", value, SeqCst);
        }
    });
}

/// Who write 1 and 2, or 1 and 3, without end.
fn table_tennis(word: &SimWord, second: u64, actors: &mut Actors<'_>) {
    for (name, value) in [("ping", 1), ("pong", second)] {
        let word = word.clone();
        actors.spawn(name, name, move || {
            Sim::forever(|| {
                word.store("write", value, SeqCst);
                Continue(())
            });
        });
    }
}

#[test]
fn a_watch_that_judges_after_steps_alone_is_refused_whether_or_not_it_objects() {
    let ends = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        three_values(&word, actors);
        After(word)
    };
    assert_eq!(
        fault(&Search::default(), &ends),
        FaultKind::JudgesStepsOtherwise {
            verdict: "\"two\"".to_owned()
        }
    );
    for second in [2, 3] {
        let never_ends = move |actors: &mut Actors<'_>| {
            let word: SimWord = Word::new("word", 0);
            table_tennis(&word, second, actors);
            After(word)
        };
        let found = fault(&Search::default(), &never_ends);
        match second {
            2 => assert!(
                matches!(found, FaultKind::JudgesStepsOtherwise { .. }),
                "{found}"
            ),
            _ => assert_eq!(found, FaultKind::JudgesStepsAlone),
        }
        let differs = move |actors: &mut Actors<'_>| {
            let word: SimWord = Word::new("word", 0);
            table_tennis(&word, second, actors);
            Otherwise(After(word))
        };
        match second {
            2 => assert!(matches!(
                fault(&Search::default(), &differs),
                FaultKind::JudgesStepsOtherwise { .. }
            )),
            _ => assert!(complete(&Search::default(), &differs).is_complete()),
        }
    }
}

fn stuck(rest: &Rest) -> Option<&'static str> {
    (!rest.all_finished()).then_some("stuck")
}

/// Who waits in a loop for a flag that is raised or not.
fn spinner(raised: bool, retries: bool, actors: &mut Actors<'_>) {
    let flag: SimWord = Word::new("flag", 0);
    if raised {
        let flag = flag.clone();
        actors.spawn("setter", "setter", move || flag.store("raise", 1, SeqCst));
    }
    actors.spawn("spinner", "spinner", move || {
        let round = || match flag.load("raised?", SeqCst) {
            0 => Continue(()),
            _ => Break(()),
        };
        match retries {
            true => Sim::retry(round),
            false => Sim::forever(round),
        }
    });
}

#[test]
fn a_spin_in_vain_is_a_fault_of_a_watch_that_looks_at_rest_alone() {
    for (retries, kind) in [(true, BodyKind::Retry), (false, BodyKind::Forever)] {
        let in_vain = move |actors: &mut Actors<'_>| {
            spinner(false, retries, actors);
            AtRest(stuck)
        };
        let SpaceEnd::Fault(found) = Search::default().run(&in_vain).end else {
            panic!("it spins in vain");
        };
        let FaultKind::NeverRests { body: Some(body) } = found.kind else {
            panic!("{found}");
        };
        assert_eq!((body.kind, &*found.actor), (kind, "spinner"));
        let operation = found.operation.expect("it is known what it does");
        assert_eq!(operation.label, "raised?");
        assert_eq!(found.steps.len(), 1);
        // Weak fairness: whoever could raise the flag does so in the end.
        let served = move |actors: &mut Actors<'_>| {
            spinner(true, retries, actors);
            AtRest(stuck)
        };
        complete(&distrustful(), &served);
        let may = move |actors: &mut Actors<'_>| {
            spinner(false, retries, actors);
            MayGoRound(AtRest(stuck))
        };
        let SpaceEnd::Fault(found) = distrustful().run(&may).end else {
            panic!("nobody was ever asked");
        };
        let FaultKind::NothingRests { body: Some(body) } = found.kind else {
            panic!("{found}");
        };
        assert_eq!((body.kind, &*found.actor), (kind, "spinner"));
        // Who judges nothing at rest misses nothing.
        complete(&distrustful(), &move |actors: &mut Actors<'_>| {
            spinner(false, retries, actors);
        });
    }
}

#[test]
fn who_may_go_round_for_ever_is_no_fault_if_something_was_judged() {
    let some_rest = |actors: &mut Actors<'_>| {
        let flag: SimWord = Word::new("flag", 0);
        let raised = flag.clone();
        actors.spawn("setter", "setter", move || raised.store("raise", 1, SeqCst));
        actors.spawn("spinner", "spinner", move || {
            if flag.load("raised?", SeqCst) == 0 {
                Sim::forever(|| match flag.load("lowered?", SeqCst) {
                    2 => Break(()),
                    _ => Continue(()),
                });
            }
        });
        MayGoRound(AtRest(stuck))
    };
    complete(&distrustful(), &some_rest);
    // Judged in every state.
    let nothing_rests = |actors: &mut Actors<'_>| {
        spinner(false, false, actors);
        MayGoRound(Never(Monitor::new("value", 0)))
    };
    complete(&distrustful(), &nothing_rests);
}

/// Objects to a value that only the last actor writes, and only if it comes first.
struct Never(SimMonitor<u64>);

impl Watch for Never {
    type Verdict = u64;
}

impl StateWatch for Never {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<u64> {
        Some(*state.monitor(&self.0)).filter(|value| *value == 77)
    }
}

#[test]
fn one_of_a_class_who_is_not_like_the_others_is_noticed_whatever_the_seed() {
    for actors in 2..=8_u64 {
        for seed in 1..=5 {
            let program = move |cast: &mut Actors<'_>| {
                let value: SimMonitor<u64> = Monitor::new("value", 0);
                for place in 0..actors {
                    let value = value.clone();
                    cast.spawn(format!("worker {place}"), "worker", move || {
                        value.enter("work", |value| match place + 1 == actors && *value == 0 {
                            true => *value = 77,
                            false => *value += 1,
                        });
                        value.enter("work more", |value| *value += 1);
                    });
                }
                Never(value)
            };
            let search = Search {
                seed,
                ..Search::default()
            };
            assert!(matches!(search.run(&program).end, SpaceEnd::Violated(_)));
            let end = up_to(search, Symmetry::new()).run(&program).end;
            assert!(
                matches!(
                    &end,
                    SpaceEnd::Fault(fault) if matches!(fault.kind, FaultKind::Asymmetric { .. })
                ) || matches!(end, SpaceEnd::Violated(_)),
                "{actors}, seed {seed}: {end:?}"
            );
        }
    }
}

#[test]
fn a_limit_names_the_actor_whose_history_grows_and_the_way_out() {
    let plain_spin = |actors: &mut Actors<'_>| {
        let flag: SimWord = Word::new("flag", 0);
        let raised = flag.clone();
        actors.spawn("setter", "setter", move || raised.store("raise", 1, SeqCst));
        actors.spawn("spinner", "spinner", move || {
            while flag.load("raised?", SeqCst) == 0 {}
        });
        AtRest(stuck)
    };
    let search = Search {
        max_states: Some(2_500),
        ..Search::default()
    };
    let SpaceEnd::Limit(limit) = search.run(&plain_spin).end else {
        panic!("it has states without end");
    };
    assert!(
        limit.starts_with("the limit of 2,500 states; spinner remembers "),
        "{limit}"
    );
    for part in [
        "`raised?` on `flag` at sim/tests/it/space/silence.rs:",
        "`retry`",
        "`forever`",
        "`scope`",
    ] {
        assert!(limit.contains(part), "{limit}");
    }
}

/// What is carried over rounds and shows seldom: six rounds in a row that see the same.
#[test]
fn a_cell_that_is_carried_over_rounds_and_shows_seldom_is_noticed() {
    for seed in 1..=3 {
        let program = |actors: &mut Actors<'_>| {
            let (seen, rare): (SimWord, SimWord) = (Word::new("seen", 0), Word::new("rare", 0));
            for who in 0..3_u64 {
                let seen = seen.clone();
                actors.spawn(format!("noise {who}"), format!("noise {who}"), move || {
                    for step in 0..3 {
                        seen.store("make noise", who * 10 + step + 1, SeqCst);
                    }
                });
            }
            actors.spawn("worker", "worker", move || {
                let same = Cell::new((0, 0));
                Sim::forever(|| {
                    let now = seen.load("look", SeqCst);
                    let (times, before) = same.get();
                    same.set(if now == before {
                        (times + 1, now)
                    } else {
                        (1, now)
                    });
                    match same.get().0 == 6 || now % 10 == 3 {
                        true => Break(()),
                        false => Continue(()),
                    }
                });
                if same.get().0 == 6 {
                    rare.store("rare", 1, SeqCst);
                }
            });
        };
        let search = Search {
            seed,
            ..Search::default()
        };
        let found = fault(&search, &program);
        assert!(
            matches!(
                found,
                FaultKind::Remembered { .. } | FaultKind::Unrepeatable { .. }
            ),
            "{found}"
        );
    }
}
