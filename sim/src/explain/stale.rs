//! Which steps looked at something that was no longer so when their actor went on by it.
//!
//! A step that changed nothing is put off, to just before its actor's next step: if its section returns something else
//! there, its actor goes on by what is no longer so. That is seen by executing it, so it is exact. Where the others
//! cannot do the same without that step, nothing is said.

use crate::instance::Instance;
use crate::schedule::Schedule;
use crate::scheduler::Replay;
use crate::trace::{Stale, Trace, TracedStep, record};

/// The steps of `trace`, which is an execution of `instance`, that saw what was no longer so.
pub(super) fn stale<I: Instance>(instance: &I, trace: &Trace) -> Vec<Stale> {
    let schedule = trace.schedule();
    let steps = 0..trace.steps.len();
    let stale = steps.filter_map(|look| {
        let by = outdated(instance, trace, &schedule, look)?;
        Some(Stale { step: look + 1, by })
    });
    stale.collect()
}

/// The number of the step by which the one at `look` would have returned something else.
fn outdated<I: Instance>(
    instance: &I,
    trace: &Trace,
    schedule: &Schedule,
    look: usize,
) -> Option<usize> {
    let step = &trace.steps[look];
    let says_something = step.returned.is_some() || step.read.is_some();
    let changes_nothing = step.changed.is_empty() && step.written.is_none() && !step.asleep;
    if !says_something || !changes_nothing {
        return None;
    }
    let later = trace.steps.iter().skip(look + 1);
    let between = later.take_while(|other| other.actor != step.actor).count();
    // Where its actor takes no other step, it goes on by nothing.
    trace.steps.get(look + 1 + between)?;
    let others = look + 1..=look + between;
    let mut changes = others.filter(|&other| trace.steps[other].object == step.object);
    let found = changes.find(|&other| {
        let put_off = put_off(schedule, look, other);
        let again = record(instance, &mut Replay::new(&put_off), "");
        let again = again.trace.steps.get(other);
        again.is_some_and(|again| is_same(step, again) && says(again) != says(step))
    });
    found.map(|other| other + 1)
}

fn is_same(step: &TracedStep, other: &TracedStep) -> bool {
    step.actor == other.actor && step.label == other.label && step.object == other.object
}

/// What a step that looked saw.
fn says(step: &TracedStep) -> (&Option<String>, Option<u64>) {
    (&step.returned, step.read)
}

/// The same steps up to `after`, with the one at `look` as the last.
fn put_off(schedule: &Schedule, look: usize, after: usize) -> Schedule {
    let mut steps = schedule.steps[..=after].to_vec();
    let mut put_off = steps.remove(look);
    // Who could go on there is not known.
    for step in &mut steps[look..] {
        step.enabled.clear();
    }
    put_off.enabled.clear();
    steps.push(put_off);
    Schedule { steps }
}
