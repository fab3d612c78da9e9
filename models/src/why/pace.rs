//! Somebody waits longer than its place in line explains: who shares the processors.

use super::Reason;
use super::scene::Scene;
use crate::stage::{AWAIT_SET_UP, BEGIN_SET_UP};

/// The set-ups that are under way at the end, if they are several: each is as slow as all of them.
pub(super) fn shared(scene: &Scene<'_>) -> Option<Reason> {
    let is_over = |begun: usize| {
        let mut later = begun + 1..=scene.last();
        later.any(|number| {
            let step = scene.at(number);
            step.actor == scene.at(begun).actor && step.label == AWAIT_SET_UP && !step.asleep
        })
    };
    let begun = (1..=scene.last()).filter(|&number| scene.at(number).label == BEGIN_SET_UP);
    let steps: Vec<usize> = begun.filter(|&number| !is_over(number)).collect();
    let (last, others) = steps.split_last()?;
    if others.is_empty() {
        return None;
    }
    let others: Vec<String> = others.iter().map(usize::to_string).collect();
    Some(Reason {
        words: format!(
            "{} sessions are set up at the same time (steps {} and {last}), and the more share the processors, the longer \
             each takes",
            steps.len(),
            others.join(", ")
        ),
        pairs: Vec::new(),
        steps,
    })
}
