//! What orders the steps of two actors: who wakes whom, who has a monitor next, and who reads what was stored.
//!
//! With the order of each actor's own steps, the first two are what happens before what. Reading a word is kept apart,
//! for under a weak memory it need not order anything. Which of all these to blame for a failure is another question:
//! the explanation answers it.

use std::collections::BTreeMap;

use super::story::Story;
use crate::trace::Trace;

/// What leads from one step to a later one of another actor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Link {
    /// The step wakes the other actor; the later one is the first that this actor then takes.
    Wake,
    /// Both are on the same monitor, and no step between them is.
    Monitor,
    /// The later step reads the value that the step stored.
    ReadsFrom,
}

impl Link {
    /// Its name in a list of categories.
    pub(super) fn category(self) -> &'static str {
        match self {
            Link::Wake => "wake",
            Link::Monitor => "monitor",
            Link::ReadsFrom => "reads-from",
        }
    }

    /// What the earlier step does for the later one.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Link::Wake => "wakes",
            Link::Monitor => "hands over",
            Link::ReadsFrom => "is read",
        }
    }
}

/// A link between two steps, by their positions from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Flow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) link: Link,
}

/// The links of an execution, by the earlier step.
pub(super) fn flows(trace: &Trace, story: &Story) -> Vec<Flow> {
    let mut flows = wakes(story);
    flows.extend(handovers(trace));
    flows.extend(reads(trace));
    flows.sort_unstable();
    flows
}

fn wakes(story: &Story) -> Vec<Flow> {
    let mut flows = Vec::new();
    // Backward, so that the next step of each actor is known.
    let mut next: Vec<Option<usize>> = vec![None; story.actors.len()];
    for (from, event) in story.events.iter().enumerate().rev() {
        let led = event.woken.iter().filter_map(|&woken| next[woken]);
        flows.extend(led.map(|to| Flow {
            from,
            to,
            link: Link::Wake,
        }));
        next[event.actor] = Some(from);
    }
    flows
}

/// Whether a step with this kind is on a word.
fn is_on_word(kind: &str) -> bool {
    matches!(
        kind,
        "load" | "store" | "compare-exchange" | "fetch-add" | "swap"
    )
}

fn handovers(trace: &Trace) -> Vec<Flow> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut flows = Vec::new();
    for (to, step) in trace.steps.iter().enumerate() {
        if is_on_word(&step.kind) || step.kind == "choose" {
            continue;
        }
        let from = last.insert(&step.object, to);
        let from = from.filter(|&from| trace.steps[from].actor != step.actor);
        flows.extend(from.map(|from| Flow {
            from,
            to,
            link: Link::Monitor,
        }));
    }
    flows
}

/// A load under a weak memory may miss the latest store, so the value decides; of several that stored it, the last is
/// taken. What no step stored was there from the beginning.
fn reads(trace: &Trace) -> Vec<Flow> {
    let mut stores: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    let mut flows = Vec::new();
    for (to, step) in trace.steps.iter().enumerate() {
        if !is_on_word(&step.kind) {
            continue;
        }
        let from = step
            .read
            .and_then(|value| stores.get(&(step.object.as_str(), value)));
        let from = from.filter(|&&from| trace.steps[from].actor != step.actor);
        flows.extend(from.map(|&from| Flow {
            from,
            to,
            link: Link::ReadsFrom,
        }));
        if let Some(value) = step.written {
            stores.insert((&step.object, value), to);
        }
    }
    flows
}
