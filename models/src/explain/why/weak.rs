//! What sequential consistency cannot explain.

use super::Reason;
use super::scene::Scene;

/// A load that read what is no longer there.
pub(super) fn stale_read(scene: &Scene<'_>) -> Option<Reason> {
    let stale = (1..=scene.last()).find(|&number| {
        let read = scene.at(number).read;
        read.is_some()
            && last_write(scene, number).is_some_and(|write| scene.at(write).written != read)
    })?;
    let write = last_write(scene, stale)?;
    let words = format!(
        "{} reads {} although {} wrote {} (step {write}), for nothing orders the two",
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
