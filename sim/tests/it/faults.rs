//! Faults of a program: each is reported, names its place, and spoils no later execution.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{
    Actors, BoundedPreemptions, Choice, Config, Effect, End, EndKind, Fault, FaultKind, Point,
    RandomWalk, Replay, Schedule, Scheduler, Sim, SimMonitor, SimWord, Simulation, Step, Watch,
};

use crate::common::all;

/// The fault of the first execution of `program`.
fn fault(config: Config, program: impl Fn(&mut Actors<'_>)) -> Fault {
    let mut scheduler = BoundedPreemptions::unbounded();
    match Simulation::new(config)
        .run_once(&program, &mut scheduler)
        .end
    {
        End::Fault(fault) => fault,
        other => panic!("no fault: {other:?}"),
    }
}

/// One actor, alice, over one monitor with a number in it.
fn alice(body: fn(&SimMonitor<u32>)) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let monitor = Monitor::new("monitor", 0);
        actors.spawn("alice", "client", move || body(&monitor));
    }
}

/// The message of the panic in `body`.
fn message(body: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => (*payload.downcast::<&str>().expect("a message")).to_owned(),
    }
}

#[test]
fn an_operation_inside_a_section_is_reported_with_both_places() {
    let fault = fault(
        Config::default(),
        alice(|monitor| {
            monitor.update("outer", |_| monitor.enter("inner", |value| *value));
        }),
    );
    assert!(matches!(
        fault.kind,
        FaultKind::NestedOperation { outer, inner } if outer.label == "outer" && inner.label == "inner"
    ));
    let text = fault.to_string();
    assert!(
        text.contains("performed the operation `inner` at sim/tests/it/faults.rs:"),
        "{text}"
    );
    assert!(
        text.contains("inside the section `outer` at sim/tests/it/faults.rs:"),
        "{text}"
    );
}

#[test]
fn a_wait_that_changes_the_state_and_yields_nothing_is_reported() {
    let program = alice(|monitor| {
        monitor.wait_for("wait", |value| {
            *value += 1;
            (*value > 5).then_some(())
        });
    });
    let fault = fault(Config::default(), &program);
    let expected = FaultKind::MutatingWait {
        before: "0".into(),
        after: "1".into(),
    };
    assert_eq!(fault.kind, expected);
    let unchecked = Config {
        check_waits: false,
        ..Config::default()
    };
    let execution = Simulation::new(unchecked).run_once(&program, &mut RandomWalk::new(0));
    assert!(matches!(execution.end, End::Rest(_)));
}

#[test]
fn a_section_that_answers_differently_the_second_time_is_reported_when_asked() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let program = alice(|monitor| {
        monitor.enter("draw", |value| {
            *value = CALLS.fetch_add(1, Ordering::Relaxed);
        });
    });
    let twice = Config {
        check_sections_twice: true,
        ..Config::default()
    };
    let fault = fault(twice, program);
    let expected = FaultKind::UnstableSection {
        first: "() leaving 0".into(),
        second: "() leaving 1".into(),
    };
    assert_eq!(fault.kind, expected);
}

#[test]
fn a_panic_of_an_actor_ends_its_execution_and_no_other() {
    let program = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        let other = monitor.clone();
        actors.spawn("alice", "client", move || {
            let seen = monitor.enter("look", |value| *value);
            assert_eq!(seen, 0, "alice comes second");
        });
        actors.spawn("bob", "client", move || {
            other.enter("add", |value| *value += 1);
        });
    };
    let mut ends = Vec::new();
    let exploration = all(&program, |execution| {
        ends.push(match &execution.end {
            End::Fault(fault) => {
                assert_eq!(execution.steps.len(), 2);
                fault.to_string()
            }
            End::Rest(_) => "rest".to_owned(),
            other => panic!("{other:?}"),
        });
    });
    assert!(exploration.is_complete());
    assert_eq!(ends[0], "rest");
    assert!(
        ends[1].starts_with("alice (enter `look` on `monitor`, at sim/tests/it/faults.rs:"),
        "{}",
        ends[1]
    );
    assert!(
        ends[1].contains("): panicked at sim/tests/it/faults.rs:"),
        "{}",
        ends[1]
    );
    assert!(ends[1].contains("alice comes second"), "{}", ends[1]);
}

#[test]
fn a_panic_before_the_first_operation_and_one_in_a_section_are_faults() {
    let early = fault(Config::default(), alice(|_| panic!("nothing works")));
    assert_eq!(early.operation, None);
    assert!(
        early
            .to_string()
            .starts_with("alice (before its first operation): panicked at "),
        "{early}"
    );
    let inside = fault(
        Config::default(),
        alice(|monitor| monitor.enter("break", |_| panic!("broken inside"))),
    );
    assert_eq!(
        inside.operation.map(|operation| operation.label),
        Some("break")
    );
    assert!(inside.to_string().ends_with(": broken inside"), "{inside}");
}

#[test]
fn a_destructor_that_operates_during_a_panic_is_answered_without_a_step() {
    struct Leave(SimMonitor<u32>, Rc<Cell<u32>>);
    impl Drop for Leave {
        fn drop(&mut self) {
            self.1.set(self.0.enter("leave", |value| *value + 10));
        }
    }
    let answer = Rc::new(Cell::new(0));
    let witness = Rc::clone(&answer);
    let fault = fault(Config::default(), move |actors| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        let leave = Leave(monitor.clone(), Rc::clone(&witness));
        actors.spawn("alice", "client", move || {
            let _leave = leave;
            monitor.enter("come", |value| *value = 5);
            panic!("on the way");
        });
    });
    assert_eq!(
        fault.operation.map(|operation| operation.label),
        Some("come")
    );
    assert_eq!(answer.get(), 15);
}

#[test]
fn a_round_without_an_operation_is_a_fault_and_not_an_endless_loop() {
    let fault = fault(
        Config::default(),
        alice(|_| Sim::forever(|| ControlFlow::Continue(()))),
    );
    assert!(fault.to_string().contains("would never end"), "{fault}");
}

#[test]
fn an_endless_execution_reaches_the_limit_on_steps() {
    let program = alice(|monitor| {
        Sim::forever(|| {
            monitor.enter("spin", |_| ());
            ControlFlow::Continue(())
        });
    });
    let config = Config {
        max_steps: 17,
        ..Config::default()
    };
    let execution = Simulation::new(config).run_once(&program, &mut RandomWalk::new(0));
    assert_eq!((execution.steps.len(), execution.end), (17, End::StepLimit));
}

#[test]
fn two_objects_or_two_actors_of_one_name_are_refused() {
    let twice = message(|| {
        all(
            &|_: &mut Actors<'_>| {
                let _first: SimWord = Word::new("twin", 0);
                let _second: SimWord = Word::new("twin", 0);
            },
            |_| {},
        );
    });
    assert!(twice.contains("two objects are called `twin`"), "{twice}");
    let twice = message(|| {
        all(
            &|actors: &mut Actors<'_>| {
                actors.spawn("twin", "client", || {});
                actors.spawn("twin", "client", || {});
            },
            |_| {},
        );
    });
    assert!(twice.contains("two actors are called `twin`"), "{twice}");
}

#[test]
fn an_object_of_another_execution_is_a_fault() {
    let kept: Rc<Cell<Option<SimMonitor<u32>>>> = Rc::default();
    let stash = Rc::clone(&kept);
    let program = move |actors: &mut Actors<'_>| {
        let fresh = Monitor::new("monitor", 0);
        let monitor = kept.take().unwrap_or(fresh);
        kept.set(Some(monitor.clone()));
        actors.spawn("alice", "client", move || {
            monitor.enter("add", |value| *value += 1);
        });
    };
    let mut simulation = Simulation::default();
    let first = simulation.run_once(&program, &mut RandomWalk::new(0));
    assert!(matches!(first.end, End::Rest(_)));
    let End::Fault(fault) = simulation.run_once(&program, &mut RandomWalk::new(0)).end else {
        panic!("the second execution used the monitor of the first");
    };
    assert_eq!(fault.kind, FaultKind::ForeignObject);
    stash.take();
}

#[test]
fn operations_outside_an_execution_say_so() {
    let kept: Rc<Cell<Option<SimMonitor<u32>>>> = Rc::default();
    let stash = Rc::clone(&kept);
    all(
        &move |_: &mut Actors<'_>| stash.set(Some(Monitor::new("monitor", 0))),
        |_| {},
    );
    let monitor = kept.take().expect("the program kept it");
    let outside = message(|| monitor.enter("add", |value| *value += 1));
    assert!(
        outside.contains("`add` at sim/tests/it/faults.rs:"),
        "{outside}"
    );
    assert!(
        outside.contains("on `monitor` happened outside any execution"),
        "{outside}"
    );
    let created = message(|| drop(<SimWord as Word>::new("word", 0)));
    assert!(
        created.contains("`word` was created outside any execution"),
        "{created}"
    );
}

/// Operates, or panics, where it should only look.
struct Meddler(SimMonitor<u32>, bool);

impl Watch for Meddler {
    type Verdict = ();

    fn after_step(&mut self, _: &Step) -> Option<()> {
        assert!(self.1, "the invariant is broken");
        self.0.enter("meddle", |_| ());
        None
    }
}

#[test]
fn a_watch_that_operates_or_panics_does_so_to_its_caller_and_later_executions_work() {
    for operates in [true, false] {
        let program = move |actors: &mut Actors<'_>| {
            let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
            let other = monitor.clone();
            actors.spawn("alice", "client", move || {
                for _ in 0..3 {
                    other.enter("add", |value| *value += 1);
                }
            });
            Meddler(monitor, operates)
        };
        let text = message(|| {
            all(&program, |_| {});
        });
        let expected = if operates {
            "was tried by a watch"
        } else {
            "the invariant is broken"
        };
        assert!(text.contains(expected), "{text}");
        assert!(all(&alice(|monitor| monitor.enter("add", |_| ())), |_| {}).is_complete());
    }
}

/// Tries out what every enabled actor would do before it lets the first one go.
struct Foresight {
    next: Option<String>,
    points: usize,
}

impl Scheduler for Foresight {
    fn begin(&mut self) -> bool {
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        let mut objects = point.objects();
        let object = &mut objects[0];
        assert_eq!(object.name, "monitor");
        let state = format!("{:?}", object.state);
        if let Some(next) = self.next.take() {
            assert_eq!(state, next);
        }
        let actor = point.enabled[0].actor;
        for _ in 0..3 {
            let mut clone = object.state.boxed_clone();
            let result = point
                .try_out(actor, &mut *clone)
                .expect("the section is lawful");
            assert_eq!(format!("{result:?}"), format!("Some({state})"));
            self.next = Some(format!("{clone:?}"));
        }
        self.points += 1;
        Choice::Run(actor)
    }
}

#[test]
fn a_pending_section_can_be_tried_out_on_clones_without_a_step() {
    let program = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 1);
        for name in ["alice", "bob"] {
            let monitor = monitor.clone();
            actors.spawn(name, "client", move || {
                for _ in 0..3 {
                    monitor.enter("double", |value| std::mem::replace(value, *value * 2));
                }
            });
        }
    };
    let mut scheduler = Foresight {
        next: None,
        points: 0,
    };
    let execution = Simulation::default().run_once(&program, &mut scheduler);
    assert!(matches!(execution.end, End::Rest(_)));
    assert_eq!(
        (scheduler.points, scheduler.next.as_deref()),
        (6, Some("64"))
    );
}

#[test]
fn a_fault_in_a_section_is_the_last_step_and_is_replayed() {
    let program = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        for name in ["alice", "bob", "carol"] {
            let monitor = monitor.clone();
            actors.spawn(name, "client", move || {
                monitor.enter("add", |value| {
                    assert!(name != "bob" || *value < 2, "bob comes last");
                    *value += 1;
                });
            });
        }
    };
    let mut faulty = Vec::new();
    let exploration = all(&program, |execution| {
        if execution.end.kind() == EndKind::Fault {
            faulty.push(execution.clone());
        }
    });
    assert!(exploration.is_complete());
    assert_eq!((exploration.executions, faulty.len()), (6, 2));
    for execution in &faulty {
        assert_eq!(execution.steps.len(), 3);
        assert_eq!(execution.steps[2].effect, Effect::Faulted);
        let mut scheduler = Replay::new(&Schedule::from_execution(execution));
        let again = Simulation::default().run_once(&program, &mut scheduler);
        assert_eq!(&again, execution);
    }
}
