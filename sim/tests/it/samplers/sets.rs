//! What the samplers draw is what brute force enumerates, and in time all of it.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Chance, Monitor, Word};
use logon_sim::{
    Actors, FewPreemptions, Pct, Pos, Schedule, Scheduler, SimChance, SimMonitor, SimWord, Urw,
};

use super::sampled;
use crate::common::all;

/// A small generator, so that the programs are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % bound
    }
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Load,
    Store,
    Enter,
    Wait,
    Raise,
    Choose,
}

/// A program of `actors` actors, each with one to three operations on a word, a monitor and a choice.
fn program(seed: u64, actors: usize) -> impl Fn(&mut Actors<'_>) {
    let mut numbers = Numbers(seed);
    let scripts: Vec<Vec<Act>> = (0..actors)
        .map(|_| {
            let length = 1 + numbers.below(3);
            let acts = [
                Act::Load,
                Act::Store,
                Act::Enter,
                Act::Wait,
                Act::Raise,
                Act::Choose,
            ];
            let any = |_| acts[usize::try_from(numbers.below(6)).expect("small")];
            (0..length).map(any).collect()
        })
        .collect();
    move |spawner| {
        let word: SimWord = Word::new("word", 0);
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        for (number, script) in scripts.clone().into_iter().enumerate() {
            let (word, monitor) = (word.clone(), monitor.clone());
            let chance: SimChance = Chance::new(format!("chance {number}"));
            spawner.spawn(format!("actor {number}"), "actor", move || {
                for act in script {
                    match act {
                        Act::Load => drop(word.load("read", SeqCst)),
                        Act::Store => word.store("write", 1, SeqCst),
                        Act::Enter => monitor.enter("look", |_| ()),
                        Act::Wait => monitor.wait_for("wait", |up| (*up > 0).then_some(())),
                        Act::Raise => monitor.update("raise", |up| *up += 1),
                        Act::Choose => drop(chance.choose("choose", 2)),
                    }
                }
            });
        }
    }
}

type Schedules = BTreeSet<Vec<String>>;

/// A schedule as a set can hold it.
fn steps(schedule: &Schedule) -> Vec<String> {
    let step = |step: &logon_sim::ScheduledStep| format!("{step} {:?}", step.chosen);
    schedule.steps.iter().map(step).collect()
}

fn every(program: &impl Fn(&mut Actors<'_>)) -> Schedules {
    let mut schedules = Schedules::new();
    let done = all(program, |execution| {
        schedules.insert(steps(&Schedule::from_execution(execution)));
    });
    assert!(done.is_complete());
    schedules
}

fn drawn(
    program: &impl Fn(&mut Actors<'_>),
    scheduler: &mut dyn Scheduler,
    executions: u64,
) -> Schedules {
    let mut schedules = Schedules::new();
    sampled(program, scheduler, (0, executions), |execution| {
        schedules.insert(steps(&Schedule::from_execution(execution)));
    });
    schedules
}

#[test]
fn pos_and_urw_draw_every_schedule_of_small_programs_and_no_other() {
    let mut most = 0;
    for seed in 0..24 {
        let program = program(seed, 2 + usize::try_from(seed % 2).expect("small"));
        let every = every(&program);
        most = most.max(every.len());
        // Of many schedules some are so unlikely that it would take too long to see them all.
        let is_small = every.len() <= 60;
        let executions = if is_small { 4_000 } else { 500 };
        let pos = drawn(&program, &mut Pos::new(1), executions);
        let urw = drawn(&program, &mut Urw::new(1), executions);
        assert!(pos.is_subset(&every) && urw.is_subset(&every), "{seed}");
        if is_small {
            assert_eq!((pos.len(), urw.len()), (every.len(), every.len()), "{seed}");
        }
    }
    assert!(most > 60, "some programs are larger");
}

#[test]
fn pct_and_few_preemptions_draw_nothing_else_and_all_of_two_actors_with_enough_changes() {
    for seed in 0..24 {
        let pair = seed % 2 == 0;
        let program = program(seed, if pair { 2 } else { 3 });
        let every = every(&program);
        let mut seen = Schedules::new();
        for changes in 0..=5 {
            seen.extend(drawn(
                &program,
                &mut Pct::bounded(seed, changes + 1, 6),
                3_000,
            ));
            let few = drawn(&program, &mut FewPreemptions::new(seed, changes), 100);
            assert!(few.is_subset(&every), "{seed}, {changes} preemptions");
        }
        assert!(seen.is_subset(&every), "{seed}");
        if pair {
            assert_eq!(seen.len(), every.len(), "{seed}");
        }
    }
}
