//! Idle priority: such an actor takes a step only where nobody else can, in the search, in executions, in a replay and in
//! what goes on for ever.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{
    Actors, AtRest, BoundedPreemptions, Config, End, Limits, MayGoRound, RandomWalk, Replay, Rest,
    Schedule, Search, Sim, SimMonitor, SimWord, Simulation, SpaceEnd,
};

/// Two who count, one of them woken by the other, and time, which stops the count.
fn counting(actors: &mut Actors<'_>) -> AtRest<impl Fn(&Rest) -> Option<u32> + use<>> {
    let count: SimMonitor<(u32, bool)> = Monitor::new("count", (0, false));
    let add = |count: &mut (u32, bool)| count.0 += u32::from(!count.1);
    let time = count.clone();
    actors.spawn_idle("time", "time", move || {
        time.enter("pass", |count| count.1 = true);
    });
    let first = count.clone();
    actors.spawn("first", "first", move || {
        first.enter("add", add);
        first.update("add and wake", add);
    });
    let second = count.clone();
    actors.spawn("second", "second", move || {
        second.wait_for("await two", |count| (count.0 >= 2).then_some(()));
        second.enter("add", add);
    });
    AtRest(move |_: &Rest| count.peek(|count| (count.0 != 3).then_some(count.0)))
}

#[test]
fn time_passes_when_nobody_else_can_go_on() {
    let space = Search::default().run(&counting);
    assert!(matches!(space.end, SpaceEnd::Complete), "{:?}", space.end);
    // Without the priority time may come at any moment, and the count is lost.
    let hasty = |actors: &mut Actors<'_>| {
        let count: SimMonitor<(u32, bool)> = Monitor::new("count", (0, false));
        let time = count.clone();
        actors.spawn("time", "time", move || {
            time.enter("pass", |count| count.1 = true);
        });
        let first = count.clone();
        actors.spawn("first", "first", move || {
            first.enter("add", |count| count.0 += u32::from(!count.1));
        });
        AtRest(move |_: &Rest| count.peek(|count| (count.0 != 1).then_some(count.0)))
    };
    let space = Search::default().run(&hasty);
    assert!(matches!(space.end, SpaceEnd::Violated(_)));
    let mut executions = 0;
    let simulation = || Simulation::new(Config::default());
    let exploration = simulation().explore(
        &counting,
        &mut BoundedPreemptions::unbounded(),
        Limits::executions(1_000),
        |execution| {
            executions += 1;
            assert!(matches!(execution.end, End::Rest(_)));
            assert_eq!(&*execution.steps.last().expect("a step").name, "time");
            Continue(())
        },
    );
    assert_eq!(exploration.executions, executions);
    simulation().explore(
        &counting,
        &mut RandomWalk::new(1),
        Limits::executions(50),
        |execution| {
            assert!(matches!(execution.end, End::Rest(_)));
            Continue(())
        },
    );
}

#[test]
fn a_schedule_in_which_time_comes_too_early_is_not_followed() {
    let execution = Simulation::default().run_once(&counting, &mut RandomWalk::new(1));
    let mut schedule = Schedule::from_execution(&execution);
    let again = Simulation::default().run_once(&counting, &mut Replay::new(&schedule));
    assert!(matches!(again.end, End::Rest(_)));
    let last = schedule.steps.pop().expect("a step");
    schedule.steps.insert(1, last);
    let early = Simulation::default().run_once(&counting, &mut Replay::new(&schedule));
    let End::Diverged(divergence) = early.end else {
        panic!("{:?}", early.end);
    };
    assert_eq!(divergence.step, 2);
}

/// A watch that would judge at rest, and finds nothing.
type FindsNothing = MayGoRound<AtRest<fn(&Rest) -> Option<u32>>>;

/// Somebody who spins until a flag is raised, which time alone does.
fn spinning(raised: bool, actors: &mut Actors<'_>) -> FindsNothing {
    let flag: Arc<SimWord> = Arc::new(Word::new("flag", u64::from(raised)));
    let time = Arc::clone(&flag);
    actors.spawn_idle("time", "time", move || time.store("raise", 1, SeqCst));
    actors.spawn("spinner", "spinner", move || {
        Sim::retry(|| match flag.load("raised?", SeqCst) {
            0 => Continue(()),
            _ => Break(()),
        });
    });
    MayGoRound(AtRest(|_: &Rest| None))
}

#[test]
fn who_spins_at_one_moment_keeps_time_from_passing() {
    // The spinner can always go on, so that time never passes and nothing ever rests: that is a fault.
    let space = Search::default().run(&|actors: &mut Actors<'_>| spinning(false, actors));
    assert!(matches!(space.end, SpaceEnd::Fault(_)), "{:?}", space.end);
    let space = Search::default().run(&|actors: &mut Actors<'_>| spinning(true, actors));
    assert!(matches!(space.end, SpaceEnd::Complete), "{:?}", space.end);
}
