//! Samplers: with which probabilities they draw, that they draw all there is and nothing else, and that they end in loops.

mod distributions;
mod guarantee;
mod repeated;
mod reports;
mod sets;
mod spins;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Word};
use logon_sim::{
    Actors, AtRest, EndKind, Execution, Guarantee, Limits, Program, Rest, Scheduler, SimMonitor,
    SimWord, Simulation, Verdict,
};

/// Who took each step, in order: `aab`, by the first letter of a name.
fn order<V>(execution: &Execution<V>) -> String {
    let steps = execution.steps.iter();
    steps.filter_map(|step| step.name.chars().next()).collect()
}

/// What PCT promises of so many actors and steps at a depth.
fn guarantee(actors: usize, steps: usize, depth: usize) -> Guarantee {
    let [actors, steps, depth] =
        [actors, steps, depth].map(|number| NonZeroUsize::new(number).expect("none is 0"));
    Guarantee {
        actors,
        steps,
        depth,
    }
}

/// So many executions of `program`, after some that are passed over.
fn sampled<P: Program>(
    program: &P,
    scheduler: &mut dyn Scheduler,
    (passed_over, executions): (u64, u64),
    mut on_execution: impl FnMut(&Execution<Verdict<P>>),
) {
    let mut run = 0;
    let limits = Limits::executions(passed_over + executions);
    let done = Simulation::default().explore(program, scheduler, limits, |execution| {
        run += 1;
        if run > passed_over {
            on_execution(execution);
        }
        ControlFlow::Continue(())
    });
    assert_eq!(done.executions, passed_over + executions);
}

/// How often each order of the actors comes among so many executions.
fn orders<P: Program>(
    program: &P,
    scheduler: &mut dyn Scheduler,
    executions: (u64, u64),
) -> BTreeMap<String, u64> {
    let mut orders = BTreeMap::new();
    sampled(program, scheduler, executions, |execution| {
        *orders.entry(order(execution)).or_default() += 1;
    });
    orders
}

/// After how many executions one fails, at most so many.
fn until_found<P: Program>(program: &P, scheduler: &mut dyn Scheduler, most: u64) -> u64 {
    let limits = Limits::executions(most);
    let done =
        Simulation::default().explore(program, scheduler, limits, |execution| {
            match execution.end.kind() {
                EndKind::Stopped => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        });
    done.executions
}

/// The middle one.
fn median(mut counts: Vec<u64>) -> u64 {
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// Actors that never meet: each stores into a word of its own, as often as its number says.
fn apart(steps: &'static [usize]) -> impl Fn(&mut Actors<'_>) + Clone {
    move |actors| {
        for (name, &steps) in ["a", "b", "c", "d"].into_iter().zip(steps) {
            let own: SimWord = Word::new(format!("word of {name}"), 0);
            actors.spawn(name, name, move || {
                for step in 0..steps {
                    own.store("write", step as u64, SeqCst);
                }
            });
        }
    }
}

/// An operation of an actor on the one word.
type Operate = fn(&SimWord);

fn load(word: &SimWord) {
    word.load("read", SeqCst);
}

fn store(word: &SimWord) {
    word.store("write", 1, SeqCst);
}

/// Actors that perform these operations on one word.
fn together(scripts: &'static [&'static [Operate]]) -> impl Fn(&mut Actors<'_>) + Clone {
    move |actors| {
        let word: SimWord = Word::new("word", 0);
        for (name, script) in ["a", "b", "c", "d"].into_iter().zip(scripts) {
            let word = word.clone();
            actors.spawn(name, name, move || {
                script.iter().for_each(|operate| operate(&word));
            });
        }
    }
}

/// Setters write a word and then another; a checker must see neither or both. Of SCTBench, `reorder`: somebody creates the
/// setters one after the other and the checker last, so that a walk is likely to find the setters done.
fn reorder(setters: usize) -> impl Fn(&mut Actors<'_>) -> AtRest<Judge> + Clone {
    move |actors| {
        let [first, second, torn]: [SimWord; 3] =
            ["first", "second", "torn"].map(|name| Word::new(name, 0));
        let created = |number: usize| Monitor::new(format!("thread {number}"), false);
        let threads: Vec<SimMonitor<bool>> = (0..=setters).map(created).collect();
        let begin = |thread: &SimMonitor<bool>| thread.wait_for("begin", |is| is.then_some(()));
        for (number, thread) in threads[..setters].iter().enumerate() {
            let (thread, first, second) = (thread.clone(), first.clone(), second.clone());
            actors.spawn(format!("setter {number}"), "setter", move || {
                begin(&thread);
                first.store("write first", 1, SeqCst);
                second.store("write second", 1, SeqCst);
            });
        }
        let (thread, seen) = (threads[setters].clone(), torn.clone());
        actors.spawn("checker", "checker", move || {
            begin(&thread);
            let first = first.load("read first", SeqCst);
            let second = second.load("read second", SeqCst);
            if first != second {
                seen.store("it is torn", 1, SeqCst);
            }
        });
        actors.spawn("creator", "creator", move || {
            for thread in &threads {
                thread.update("create", |is| *is = true);
            }
        });
        AtRest(Box::new(move |_: &Rest| {
            (torn.peek() == 1).then_some("one without the other")
        }))
    }
}

type Judge = Box<dyn FnMut(&Rest) -> Option<&'static str>>;
