//! Panics of actors: a counterexample for a watch that says so, and a fault with its steps for any other.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Word};
use logon_sim::{
    ActorInfo, Actors, BoundedPreemptions, End, FaultKind, Limits, RandomWalk, Replay, Rest,
    Schedule, Search, SharedState, SimMonitor, SimWord, Simulation, SpaceEnd, StateWatch, Symmetry,
    Violation, Watch,
};

use super::{complete, distrustful, up_to, verdicts};

/// Objects to panics, and to nothing else; or hears nothing of them.
struct Panics(bool);

impl Watch for Panics {
    type Verdict = (String, String, String);

    fn on_panic(
        &mut self,
        actor: &ActorInfo,
        message: &str,
        place: &str,
    ) -> Option<(String, String, String)> {
        let told = (actor.name.to_string(), message.to_owned(), place.to_owned());
        self.0.then_some(told)
    }

    fn at_rest(&mut self, _: &Rest) -> Option<(String, String, String)> {
        None
    }
}

impl StateWatch for Panics {
    fn in_state(&mut self, _: &SharedState<'_>) -> Option<(String, String, String)> {
        None
    }
}

/// Two who add one in two steps, and are certain that nobody else does meanwhile; between two operations, or in a section.
fn adders(objects: bool, in_section: bool) -> impl Fn(&mut Actors<'_>) -> Panics {
    move |actors| {
        let word: SimWord = Word::new("word", 0);
        let checked: SimMonitor<u64> = Monitor::new("checked", 0);
        for name in ["alice", "bob"] {
            let (word, checked) = (word.clone(), checked.clone());
            actors.spawn(name, name, move || {
                let seen = word.load("read", SeqCst);
                word.store("write", seen + 1, SeqCst);
                let now = word.load("read again", SeqCst);
                if in_section {
                    checked.enter("check", |_| assert_eq!(now, seen + 1, "lost"));
                } else {
                    assert_eq!(now, seen + 1, "lost");
                }
            });
        }
        Panics(objects)
    }
}

#[test]
fn a_panic_that_a_watch_objects_to_is_shown_in_as_few_steps_as_there_can_be() {
    for in_section in [false, true] {
        let program = adders(true, in_section);
        let SpaceEnd::Violated(evidence) = Search::default().run(&program).end else {
            panic!("nobody panics");
        };
        assert_eq!(evidence.violation, Violation::Step);
        let execution = &evidence.execution;
        let (actor, message, place) = execution.verdict().expect("a verdict");
        assert!(message.contains("lost"), "{message}");
        assert!(
            place.starts_with("sim/tests/it/space/panics.rs:"),
            "{place}"
        );
        // Alice reads and writes, bob, who has read 1, writes 2, and alice reads again.
        let steps = 5 + usize::from(in_section);
        assert_eq!((execution.steps.len(), &**actor), (steps, "alice"));
        // And it is the fewest of all executions.
        let mut fewest = usize::MAX;
        let all = &mut BoundedPreemptions::unbounded();
        let explored = Simulation::default().explore(&program, all, Limits::none(), |one| {
            if one.verdict().is_some() {
                fewest = fewest.min(one.steps.len());
            }
            ControlFlow::Continue(())
        });
        assert!(explored.is_complete());
        assert_eq!(fewest, steps);
        let mut replay = Replay::new(&Schedule::from_execution(execution));
        let again = Simulation::default().run_once(&program, &mut replay);
        assert_eq!(&again, execution);
    }
}

#[test]
fn executions_at_random_end_in_the_verdict_too() {
    let mut found = 0;
    let limits = Limits::executions(200);
    let walk = &mut RandomWalk::new(1);
    Simulation::default().explore(&adders(true, false), walk, limits, |execution| {
        match &execution.end {
            End::Stopped { verdict, rest } => {
                assert!(verdict.1.contains("lost") && rest.is_none());
                found += 1;
            }
            end => assert!(matches!(end, End::Rest(_)), "{end:?}"),
        }
        ControlFlow::Continue(())
    });
    assert!(found > 10);
}

#[test]
fn all_panics_are_found_where_none_of_them_counts() {
    for in_section in [false, true] {
        let (all, found) = verdicts(&distrustful(), &adders(true, in_section));
        assert_eq!(all, found);
        assert_eq!(all.len(), 2);
    }
    // By symmetry one of the two is enough.
    let one_class = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        for name in ["alice", "bob"] {
            let word = word.clone();
            actors.spawn(name, "adder", move || {
                let seen = word.load("read", SeqCst);
                word.store("write", seen + 1, SeqCst);
                assert_eq!(word.load("read again", SeqCst), seen + 1, "lost");
            });
        }
        Panics(true)
    };
    let merged = up_to(distrustful(), Symmetry::new());
    let never = |_: &_| false;
    let space = merged.run_while(&one_class, &never, &mut |_| ControlFlow::Continue(()));
    assert!(space.is_complete(), "{:?}", space.end);
    assert!(space.progress.panics > 0);
    let SpaceEnd::Violated(evidence) = merged.run(&one_class).end else {
        panic!("nobody panics");
    };
    assert_eq!(evidence.execution.steps.len(), 5);
}

#[test]
fn a_panic_of_which_a_watch_says_nothing_is_a_fault_with_its_steps() {
    let SpaceEnd::Fault(fault) = Search::default().run(&adders(false, false)).end else {
        panic!("nobody panics");
    };
    assert!(matches!(&fault.kind, FaultKind::Panic { message, .. } if message.contains("lost")));
    assert_eq!(fault.steps.len(), 5);
    let text = fault.told_steps();
    let lines: Vec<&str> = text.lines().collect();
    assert!(text.contains("the steps that lead there:\n  1 "), "{text}");
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("  ")).count(),
        5,
        "{text}"
    );
}

#[test]
fn of_many_steps_to_a_fault_the_first_and_the_last_are_told() {
    let program = |actors: &mut Actors<'_>| {
        let word: SimWord = Word::new("word", 0);
        actors.spawn("alice", "alice", move || {
            for value in 0..99 {
                word.store("write", value, SeqCst);
            }
            word.load("read", SeqCst);
            panic!("in the end");
        });
    };
    let SpaceEnd::Fault(fault) = Search::default().run(&program).end else {
        panic!("nobody panics");
    };
    assert_eq!(fault.steps.len(), 100);
    let text = fault.told_steps();
    assert!(
        text.contains(
            "\n  10 alice: store `write` on `word`, time 10, writes 9\n  … 60 more\n  71 alice"
        ),
        "{text}"
    );
    assert!(
        text.ends_with("\n  100 alice: load `read` on `word`, reads 98"),
        "{text}"
    );
}

/// A rule that is broken is no panic of the program's, in whatever words.
#[test]
fn a_broken_rule_stays_a_fault_and_shows_its_steps() {
    type Body = fn(&SimMonitor<u32>, &SimWord);
    let rules: [Body; 5] = [
        |monitor, _| monitor.update("outer", |_| monitor.enter("inner", |_| ())),
        |monitor, _| monitor.enter("peek", |_| monitor.peek(|_| ())),
        |_, word| word.store("store", 1, std::sync::atomic::Ordering::Acquire),
        |_, _| drop(<SimMonitor<u32>>::new("word", 0)),
        |monitor, _| {
            monitor.wait_for("wait", |value| {
                *value += 1;
                None::<()>
            });
        },
    ];
    for (number, body) in rules.into_iter().enumerate() {
        let program = move |actors: &mut Actors<'_>| {
            let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
            let word: SimWord = Word::new("word", 0);
            actors.spawn("alice", "alice", move || {
                monitor.enter("begin", |_| ());
                body(&monitor, &word);
            });
            Panics(true)
        };
        let SpaceEnd::Fault(fault) = Search::default().run(&program).end else {
            panic!("{number}: no fault");
        };
        assert!(
            !matches!(fault.kind, FaultKind::Panic { .. }),
            "{number}: {fault}"
        );
        assert!(!fault.steps.is_empty(), "{number}: {fault}");
        let execution = Simulation::default().run_once(&program, &mut RandomWalk::new(1));
        let End::Fault(run) = execution.end else {
            panic!("{number}: {:?}", execution.end);
        };
        assert!(
            !matches!(run.kind, FaultKind::Panic { .. }),
            "{number}: {run}"
        );
    }
}

#[test]
fn a_panic_before_the_first_operation_is_shown_without_a_step() {
    let program = |actors: &mut Actors<'_>| {
        actors.spawn("alice", "alice", || panic!("nothing works"));
        Panics(true)
    };
    let SpaceEnd::Violated(evidence) = Search::default().run(&program).end else {
        panic!("nobody panics");
    };
    assert!(evidence.execution.steps.is_empty());
    assert_eq!(
        evidence.execution.verdict().map(|told| &*told.1),
        Some("nothing works")
    );
}

/// Whoever catches the panic of its own section hides nothing.
#[test]
fn a_panic_in_a_section_that_is_caught_is_heard_of() {
    let program = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        actors.spawn("alice", "alice", move || {
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                monitor.enter("break", |_| panic!("broken inside"));
            }));
            assert!(caught.is_ok(), "not reached");
        });
        Panics(true)
    };
    let SpaceEnd::Violated(evidence) = Search::default().run(&program).end else {
        panic!("nobody panics");
    };
    assert_eq!(
        evidence.execution.verdict().map(|told| &*told.1),
        Some("broken inside")
    );
    assert_eq!(
        complete(&Search::default(), &|_: &mut Actors<'_>| Panics(true))
            .progress
            .states,
        1
    );
}
