//! Somebody waits longer than its place in line explains: who shares the processors.

use logon_sim::counted;

use super::Reason;
use super::scene::Scene;
use crate::panel;
use crate::scenario::Time;
use crate::stage::{AWAIT_SET_UP, BEGIN_SET_UP};

/// The set-ups that are under way at the end, if they are more than there are processors: each is as slow as all of them.
pub(super) fn shared(scene: &Scene<'_>, time: Option<Time>) -> Option<Reason> {
    let time = time?;
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
    if others.is_empty() || steps.len() <= time.processors as usize {
        return None;
    }
    let others: Vec<String> = others.iter().map(usize::to_string).collect();
    Some(Reason {
        words: format!(
            "{} sessions are set up at the same time (steps {} and {last}) and share {}: {} none of them is done, while one \
             alone takes {}",
            steps.len(),
            others.join(", "),
            counted(time.processors.into(), "processor"),
            by_now(scene),
            time.set_up,
        ),
        pairs: Vec::new(),
        steps,
    })
}

/// What time it is at the end, in words.
fn by_now(scene: &Scene<'_>) -> String {
    let changes = scene.trace.steps.iter().flat_map(|step| &step.changed);
    let mut times = changes.filter(|part| part.name == panel::TIME);
    let now = times.next_back().and_then(|part| part.value.clone());
    now.map_or_else(
        || "by the end".to_owned(),
        |now| format!("{now} after the start"),
    )
}
