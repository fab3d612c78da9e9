//! What sequential consistency cannot explain.

use std::sync::atomic::Ordering;

use super::Reason;
use super::scene::Scene;

/// A load that read what is no longer there.
pub fn stale_read(scene: &Scene<'_>) -> Option<Reason> {
    let stale = (1..=scene.last()).find(|&number| {
        let read = scene.at(number).read;
        read.is_some()
            && last_write(scene, number).is_some_and(|write| scene.at(write).written != read)
    })?;
    let write = last_write(scene, stale)?;
    let is_strong = |number| scene.order(number) == Some(Ordering::SeqCst);
    let reason = match is_strong(stale) && is_strong(write) {
        // Both are ordered, and only loom does not know it.
        true => "which loom 0.7.3 allows because it takes SeqCst for acquire-release",
        false => "for nothing orders the two",
    };
    let words = format!(
        "{} reads {} although {} wrote {} (step {write}), {reason}",
        scene.deed(stale),
        scene.at(stale).read.unwrap_or_default(),
        scene.at(write).actor,
        scene.at(write).written.unwrap_or_default(),
    );
    Some(Reason {
        words,
        steps: vec![write, stale],
        pairs: vec![(write, stale)],
    })
}

/// The last step before that wrote to the same word.
fn last_write(scene: &Scene<'_>, number: usize) -> Option<usize> {
    let object = &scene.at(number).object;
    let mut before = scene.backwards(number);
    before.find(|&other| scene.at(other).object == *object && scene.at(other).written.is_some())
}
