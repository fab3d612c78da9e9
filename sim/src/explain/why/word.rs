//! A word that is read before somebody writes it, or that says what is no longer so.

use super::Reason;
use super::scene::Scene;

/// Somebody who waits for ever went by what it read from a word, and another one wrote the word later. If there is a
/// rule, it must speak of one of the two, or of the step that was taken by what was read: had it read something else, it
/// might never have come to that.
pub fn read_too_early(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim()?;
    let asleep = scene.falls_asleep(victim)?;
    let is_read = |&number: &usize| {
        let step = scene.at(number);
        step.actor == victim && step.read.is_some() && step.written.is_none()
    };
    let mut reads = scene.backwards(asleep).filter(is_read);
    let goes_on = |read: usize| (read + 1..=asleep).find(|&step| scene.at(step).actor == victim);
    let (read, write, goes_on) = reads.find_map(|read| {
        let (write, goes_on) = (written_later(scene, read)?, goes_on(read)?);
        let mut steps = [read, write, goes_on].into_iter();
        let is_known = steps.any(|step| scene.is_in_rule(step)) || !scene.has_rule();
        is_known.then_some((read, write, goes_on))
    })?;
    let words = format!(
        "{} reads {} before {} writes {}, and by that {victim} goes on to \"{}\" (step {goes_on}){}",
        scene.deed(read),
        scene.at(read).read.unwrap_or_default(),
        scene.deed(write),
        scene.at(write).written.unwrap_or_default(),
        scene.at(goes_on).label,
        match goes_on == asleep {
            true => ", where it falls asleep".to_owned(),
            false => format!(" and falls asleep (step {asleep})"),
        }
    );
    Some(Reason {
        words,
        steps: vec![read, write, goes_on, asleep],
        pairs: vec![(read, write)],
    })
}

/// The step after `read` in which another actor first wrote another value to the same word.
fn written_later(scene: &Scene<'_>, read: usize) -> Option<usize> {
    let own = scene.at(read);
    let mut later = read + 1..=scene.last();
    later.find(|&number| {
        let step = scene.at(number);
        let is_other = step.actor != own.actor && step.object == own.object;
        is_other && step.written.is_some() && step.written != own.read
    })
}

/// Somebody went by what it read from a word, and whoever had written that had done something since. The rule must speak
/// of what was done.
pub fn outdated(scene: &Scene<'_>) -> Option<Reason> {
    let last = Some(scene.last()).filter(|&last| last > 0 && !scene.fails_always())?;
    let actor = scene.at(last).actor.as_str();
    let mut own = scene
        .backwards(last)
        .filter(|&number| scene.at(number).actor == actor);
    // What it did after the read must rest on nothing else.
    let read = own.next()?;
    let step = scene.at(read);
    let read = Some(read).filter(|_| step.read.is_some() && step.written.is_none())?;
    let wrote = |&number: &usize| {
        scene.at(number).object == step.object && scene.at(number).written.is_some()
    };
    let write = scene.backwards(read).find(wrote)?;
    let writer = scene.at(write).actor.as_str();
    let is_done_since = |&number: &usize| {
        let is_told = scene.tells_anything(number);
        scene.at(number).actor == writer && is_told && scene.is_in_rule(number)
    };
    let since = (write + 1..read).rev().find(is_done_since)?;
    if writer == actor {
        return None;
    }
    Some(Reason {
        words: format!(
            "{} reads {}, as {writer} wrote it (step {write}), after {}",
            scene.deed(read),
            step.read.unwrap_or_default(),
            scene.clause(since),
        ),
        steps: vec![write, since, read],
        pairs: vec![(since, read)],
    })
}
