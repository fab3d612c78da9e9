//! Faults planted in the search itself: some comparison objects to each, and to nothing without it.

use std::ops::ControlFlow;

use logon_core::primitives::Monitor;
use logon_sim::{
    Actors, AtRest, BoundedPreemptions, FaultKind, Limits, Planted, Program, Rest, Rule, Search,
    SimMonitor, Simulation, SpaceEnd, StateWatch, Symmetry,
};

use super::{Hall, Newest, TICKETS, Ticket, complete, distrustful, fault, unchecked, up_to};

fn with(planted: Planted, search: Search) -> Search {
    Search {
        planted: Some(planted),
        ..search
    }
}

fn executions<P: Program + ?Sized>(program: &P) -> Option<u128> {
    let explored = Simulation::default().explore(
        program,
        &mut BoundedPreemptions::unbounded(),
        Limits::none(),
        |_| ControlFlow::Continue(()),
    );
    explored.is_complete().then_some(explored.executions.into())
}

fn paths<P: Program<Watch: StateWatch> + ?Sized>(search: &Search, program: &P) -> Option<u128> {
    complete(search, program).graph.maximal_paths()
}

fn waits(actors: &mut Actors<'_>) {
    let flag: SimMonitor<bool> = Monitor::new("flag", false);
    let other = flag.clone();
    actors.spawn("waiter", "waiter", move || {
        flag.wait_for("wait", |flag| flag.then_some(()));
    });
    actors.spawn("raiser", "raiser", move || {
        other.update("raise", |flag| *flag = true);
    });
}

#[test]
fn a_forgotten_wake_is_noticed_by_repeating_the_step_and_at_rest() {
    let forgetful = |search| with(Planted::ForgottenWake, search);
    // Every rest is shown by an execution, which goes on.
    let found = fault(&forgetful(unchecked()), &waits);
    assert!(matches!(found, FaultKind::Unrepeatable { .. }), "{found}");
    // And the step that wakes leaves the waiter awake, when repeated.
    let found = fault(&forgetful(distrustful()), &waits);
    let FaultKind::Unrepeatable { expected, found } = found else {
        panic!("{found}");
    };
    assert!(
        expected.contains("asleep") && found.contains("before"),
        "{expected}, {found}"
    );
    assert_eq!(paths(&distrustful(), &waits), executions(&waits));
}

fn three(actors: &mut Actors<'_>) {
    let counter: SimMonitor<u32> = Monitor::new("counter", 0);
    for name in ["alice", "bob", "carol"] {
        let counter = counter.clone();
        actors.spawn(name, "client", move || {
            let seen = counter.enter("look", |count| *count);
            counter.enter("write", move |count| *count = seen + 1);
        });
    }
}

#[test]
fn a_dropped_choice_is_noticed_by_counting_paths_in_merged_states_and_at_random() {
    let dropping = with(Planted::DroppedChoice, distrustful());
    let unchecked = with(Planted::DroppedChoice, unchecked());
    assert_ne!(paths(&unchecked, &three), executions(&three));
    assert_eq!(paths(&distrustful(), &three), executions(&three));
    let found = fault(&dropping, &three);
    assert!(matches!(found, FaultKind::Overlooked { .. }), "{found}");
    // A merged state is expanded in full, so with a symmetry the search notices by itself.
    let found = fault(&up_to(dropping, Symmetry::new()), &three);
    assert!(matches!(found, FaultKind::Asymmetric { .. }), "{found}");
    complete(&up_to(distrustful(), Symmetry::new()), &three);
}

/// A last object on which nothing depends but how it all ends.
fn leaves_a_name(actors: &mut Actors<'_>) -> impl StateWatch<Verdict = u32> + use<> {
    let turn: SimMonitor<u32> = Monitor::new("turn", 0);
    let last: SimMonitor<u32> = Monitor::new("last", 0);
    for (number, name) in [(1, "alice"), (2, "bob")] {
        let (turn, last) = (turn.clone(), last.clone());
        actors.spawn(name, name, move || {
            turn.enter("come", |_| ());
            last.enter("sign", move |last| *last = number);
        });
    }
    AtRest(move |_: &Rest| last.peek(|last| (*last == 1).then_some(1)))
}

#[test]
fn a_key_without_an_object_is_noticed_in_merged_states_and_by_counting_states() {
    let symmetry = || Symmetry::new().without_exchange();
    let blind = |search| with(Planted::KeyWithoutObject, up_to(search, symmetry()));
    let run = |search: Search| {
        let space = search.run_while(&leaves_a_name, &|_| false, &mut |_| {
            ControlFlow::Continue(())
        });
        assert!(matches!(space.end, SpaceEnd::Complete), "{:?}", space.end);
        (space.progress.states, space.progress.passed_over)
    };
    let plain = run(Search::default());
    assert_eq!(run(up_to(distrustful(), symmetry())), plain);
    assert_eq!(plain.1, 1);
    // Whoever signs last is forgotten, and so is one of the two ways it all ends.
    assert!(run(blind(unchecked())).0 < plain.0);

    let counts = |actors: &mut Actors<'_>| {
        three(actors);
        let last: SimMonitor<u32> = Monitor::new("last", 0);
        for (number, name) in [(1, "dave"), (2, "erin")] {
            let last = last.clone();
            actors.spawn(name, name, move || {
                last.enter("sign", move |last| *last = number);
                last.enter("read", |last| *last);
            });
        }
    };
    let found = fault(&blind(distrustful()), &counts);
    assert!(
        matches!(found, FaultKind::CoarseDescription { .. }),
        "{found}"
    );
    complete(&up_to(distrustful(), symmetry()), &counts);
}

/// Two who draw a ticket each; one is torn up, and the other one is shown to the one who has either.
fn tears_up(actors: &mut Actors<'_>) {
    let hall: SimMonitor<Hall<Option<Ticket>>> = Monitor::new(
        "hall",
        Hall {
            newest: Newest(0),
            has: None,
        },
    );
    for name in ["alice", "bob"] {
        let hall = hall.clone();
        actors.spawn(name, name, move || {
            let mine = hall.enter("draw", |hall| {
                hall.newest.0 += 1;
                hall.has = Some(Ticket(hall.newest.0));
                Ticket(hall.newest.0)
            });
            hall.enter("is it shown", move |hall| hall.has == Some(mine));
        });
    }
}

#[test]
fn a_dead_identifier_taken_for_a_living_one_is_noticed() {
    let symmetry = || {
        Symmetry::new()
            .knows::<Hall<Option<Ticket>>>()
            .knows::<Ticket>()
            .family(TICKETS, Rule::Fresh { pinned: 0 })
    };
    let confused = |search| with(Planted::DeadForLiving, up_to(search, symmetry()));
    let found = fault(&confused(distrustful()), &tears_up);
    assert!(matches!(found, FaultKind::Asymmetric { .. }), "{found}");
    let plain = complete(&distrustful(), &tears_up);
    let merged = complete(&up_to(distrustful(), symmetry()), &tears_up);
    assert_eq!(merged.graph.maximal_paths(), plain.graph.maximal_paths());
    let blind = complete(&confused(unchecked()), &tears_up);
    assert!(blind.progress.states < merged.progress.states);
}
