//! Loops that wait for somebody else without falling asleep: every scheduler ends, for one of them waits for what another
//! can still do.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{
    Actors, AtRest, BoundedPreemptions, EndKind, Exploration, FewPreemptions, Limits, Named, Rest,
    Sampler, Scheduler, ShortSearch, Sim, SimMonitor, SimWord, Simulation, Stop,
};

use super::order;
use super::repeated::ALL;

/// A program with loops.
type Start = fn(&mut Actors<'_>);

fn flags<const N: usize>() -> [SimWord; N] {
    std::array::from_fn(|number| Word::new(format!("flag {number}"), 0))
}

fn spin(flag: &SimWord) {
    while flag.load("is it up?", SeqCst) == 0 {}
}

/// A plain loop over a load.
fn over_a_word(actors: &mut Actors<'_>) {
    let [flag, work] = flags();
    let raised = flag.clone();
    actors.spawn("spinner", "spinner", move || spin(&flag));
    actors.spawn("raiser", "raiser", move || {
        work.store("work", 1, SeqCst);
        raised.store("raise", 1, SeqCst);
    });
}

/// The same over a section of a monitor, and in a `retry`.
fn over_a_section(actors: &mut Actors<'_>) {
    let flag: SimMonitor<bool> = Monitor::new("flag", false);
    let raised = flag.clone();
    let other = flag.clone();
    actors.spawn("spinner", "spinner", move || {
        while !flag.enter("is it up?", |up| *up) {}
    });
    actors.spawn("retrier", "retrier", move || {
        Sim::retry(|| match other.enter("is it up?", |up| *up) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
    });
    actors.spawn("raiser", "raiser", move || {
        raised.enter("raise", |up| *up = true);
    });
}

/// Each waits for the next.
fn in_a_chain(actors: &mut Actors<'_>) {
    let [first, second] = flags();
    let (raised_by_second, raised_by_third) = (first.clone(), second.clone());
    actors.spawn("first", "first", move || spin(&first));
    actors.spawn("second", "second", move || {
        spin(&second);
        raised_by_second.store("raise", 1, SeqCst);
    });
    actors.spawn("third", "third", move || {
        raised_by_third.store("raise", 1, SeqCst);
    });
}

/// A round that changes something and takes it back: a lock that is held for a while.
fn with_a_change_that_is_taken_back(actors: &mut Actors<'_>) {
    let [mine, yours] = flags();
    let (my_own, your_own) = (mine.clone(), yours.clone());
    actors.spawn("polite", "polite", move || {
        loop {
            mine.store("announce", 1, SeqCst);
            if yours.load("is it taken?", SeqCst) == 0 {
                break;
            }
            mine.store("take it back", 0, SeqCst);
        }
        mine.store("leave", 0, SeqCst);
    });
    actors.spawn("holder", "holder", move || {
        your_own.store("take", 1, SeqCst);
        my_own.load("look", SeqCst);
        your_own.store("leave", 0, SeqCst);
    });
}

/// Who can end the spin looks at something fifty times itself, and goes round in vain as well.
fn for_one_who_looks_often(actors: &mut Actors<'_>) {
    let [flag, looked_at] = flags();
    let raised = flag.clone();
    actors.spawn("spinner", "spinner", move || spin(&flag));
    actors.spawn("looker", "looker", move || {
        for _ in 0..50 {
            looked_at.load("look", SeqCst);
        }
        raised.store("raise", 1, SeqCst);
    });
}

const PROGRAMS: [(&str, Start); 5] = [
    ("over a word", over_a_word),
    ("over a section", over_a_section),
    ("in a chain", in_a_chain),
    ("taken back", with_a_change_that_is_taken_back),
    ("looks often", for_one_who_looks_often),
];

fn explored(program: Start, scheduler: &mut dyn Scheduler, most: u64) -> Exploration {
    Simulation::default().explore(&program, scheduler, Limits::executions(most), |execution| {
        assert_eq!(execution.end.kind(), EndKind::Rest);
        ControlFlow::Continue(())
    })
}

#[test]
fn every_sampler_ends_in_a_spin() {
    for (name, program) in PROGRAMS {
        for sampler in ALL {
            let done = explored(program, &mut sampler.start(1), 300);
            assert!(done.steps < 300 * 300, "{name}, {sampler}: {done:?}");
        }
        for preemptions in 0..=2 {
            let mut few = FewPreemptions::new(1, preemptions);
            let done = explored(program, &mut few, 300);
            assert!(done.steps < 300 * 300, "{name}, {preemptions}: {done:?}");
        }
    }
}

#[test]
fn bounded_preemptions_end_in_a_spin_and_say_that_not_every_choice_was_tried() {
    for (name, program) in PROGRAMS {
        for preemptions in 0..=1 {
            let mut bounded = BoundedPreemptions::new(preemptions);
            let done = explored(program, &mut bounded, 100_000);
            assert_eq!(done.stop, Stop::SchedulerDone, "{name}, {preemptions}");
            assert!(bounded.reached_bound(), "{name}, {preemptions}");
            // Without a preemption that one ends before it has gone round three times in vain.
            let may_have_all = (name, preemptions) == ("taken back", 0);
            assert!(
                may_have_all || bounded.left_out_spins(),
                "{name}, {preemptions}"
            );
        }
    }
}

/// Six looks at the same thing, in one place of the source, and a store that may come between any of them.
fn looks_six_times(actors: &mut Actors<'_>) {
    let [flag] = flags();
    let raised = flag.clone();
    actors.spawn("looker", "looker", move || {
        for _ in 0..6 {
            flag.load("look", SeqCst);
        }
    });
    actors.spawn("raiser", "raiser", move || raised.store("raise", 1, SeqCst));
}

#[test]
fn a_loop_that_ends_by_itself_is_no_spin_where_nothing_may_be_left_out() {
    let orders = |scheduler: &mut dyn Scheduler| {
        let mut orders = BTreeSet::new();
        let program = looks_six_times as Start;
        Simulation::default().explore(
            &program,
            scheduler,
            Limits::executions(3_000),
            |execution| {
                orders.insert(order(execution));
                ControlFlow::Continue(())
            },
        );
        orders.len()
    };
    let mut unbounded = BoundedPreemptions::unbounded();
    assert_eq!(orders(&mut unbounded), 7);
    assert!(!unbounded.reached_bound());
    for sampler in ALL {
        assert_eq!(orders(&mut sampler.start(1)), 7, "{sampler}");
    }
    // With a bound on preemptions some are left out, and it says so.
    let mut bounded = BoundedPreemptions::new(9);
    assert!(orders(&mut bounded) < 7);
    assert!(bounded.reached_bound() && bounded.left_out_spins());
}

#[test]
fn a_bound_on_preemptions_alone_leaves_no_spins_out() {
    let mut bounded = BoundedPreemptions::new(0);
    let apart = super::apart(&[2, 2]);
    Simulation::default().explore(&apart, &mut bounded, Limits::none(), |_| {
        ControlFlow::Continue(())
    });
    assert!(bounded.reached_bound() && !bounded.left_out_spins());
}

type Judge = Box<dyn FnMut(&Rest) -> Option<&'static str>>;

/// Six looks in one place of the source, which fail if the store comes between the last two.
fn falls_late(actors: &mut Actors<'_>) -> AtRest<Judge> {
    let [flag, late] = flags();
    let (raised, seen) = (flag.clone(), late.clone());
    actors.spawn("looker", "looker", move || {
        let looks = (0..6).filter(|_| flag.load("look", SeqCst) == 0);
        if looks.count() == 5 {
            seen.store("it came late", 1, SeqCst);
        }
    });
    actors.spawn("raiser", "raiser", move || raised.store("raise", 1, SeqCst));
    AtRest(Box::new(move |_: &Rest| {
        (late.peek() == 1).then_some("late")
    }))
}

#[test]
fn a_short_counterexample_is_found_where_a_loop_ends_by_itself_after_more_than_three_rounds() {
    let late = Named::new("late", falls_late as fn(&mut Actors<'_>) -> AtRest<Judge>);
    let check = late.clone().check().max_states(2).sampler(Sampler::Random);
    let report = check.run().expect("no fault");
    let trace = report.trace.expect("the walk finds it");
    let violation = trace.violation.expect("it falls");
    let properties = BTreeSet::from([violation.property]);
    let found = logon_sim::shortest(&late, &properties, ShortSearch::default());
    let found = found.expect("it takes one preemption");
    assert_eq!(found.steps.len(), 8);
}

#[test]
fn a_switch_away_from_a_spin_costs_no_preemption() {
    // The spinner first, which has to let the raiser go; or the raiser first.
    let mut lengths = Vec::new();
    let mut bounded = BoundedPreemptions::new(0);
    Simulation::default().explore(
        &(over_a_word as Start),
        &mut bounded,
        Limits::none(),
        |execution| {
            lengths.push(execution.steps.len());
            ControlFlow::Continue(())
        },
    );
    // Three looks in vain, two steps of the raiser in which the spinner is let on as soon as something has changed.
    assert_eq!(lengths.len(), 2, "{lengths:?}");
    assert_eq!(lengths.iter().min(), Some(&3));
}

#[test]
fn two_who_wait_for_each_other_for_ever_reach_the_limit_on_steps() {
    let program = |actors: &mut Actors<'_>| {
        let [mine, yours] = flags();
        let (my_own, your_own) = (mine.clone(), yours.clone());
        actors.spawn("one", "one", move || {
            spin(&mine);
            yours.store("raise", 1, SeqCst);
        });
        actors.spawn("other", "other", move || {
            spin(&your_own);
            my_own.store("raise", 1, SeqCst);
        });
    };
    for sampler in ALL {
        let execution = Simulation::default().run_once(&program, &mut sampler.start(1));
        assert_eq!(execution.end.kind(), EndKind::StepLimit, "{sampler}");
    }
}
