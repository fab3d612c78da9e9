//! Somebody goes on by what it saw, and it is no longer so.

use super::Reason;
use super::scene::Scene;

/// The last step that looked, of the actor of the last step or of the one that the violation is about, whose actor went
/// on although somebody had changed what it saw.
pub fn look(scene: &Scene<'_>) -> Option<Reason> {
    let last = Some(scene.last()).filter(|&last| last > 0 && !scene.fails_always())?;
    let by = match scene.trace.fails_at_rest() {
        true => scene.victim(),
        false => Some(scene.at(last).actor.as_str()),
    };
    let is_own = |number: usize| by.is_none_or(|by| scene.at(number).actor == by);
    let mut stale = scene.stale().iter().rev();
    let found = stale.find(|stale| is_own(stale.step))?;
    let (look, change) = (found.step, found.by);
    let step = scene.at(look);
    let goes_on = (change + 1..=last).find(|&number| scene.at(number).actor == step.actor)?;
    let saw = match (&step.returned, step.read) {
        (Some(returned), _) => returned.clone(),
        (None, Some(read)) => format!("reads {read}"),
        (None, None) => return None,
    };
    Some(Reason {
        words: format!(
            "{} {saw}, which {} changes before {} goes on to \"{}\" (step {goes_on})",
            scene.deed(look),
            scene.deed(change),
            step.actor,
            scene.at(goes_on).label
        ),
        steps: vec![look, change, goes_on],
        pairs: vec![(look, change), (change, goes_on)],
    })
}
