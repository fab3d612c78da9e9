//! Steps that repeat for ever, and who gets nowhere by them.

use super::Reason;
use super::scene::Scene;

/// How many of those who go round are named.
const MOST_NAMED: usize = 3;

/// Who goes round, from which step to which, and what becomes of whom the violation is about.
pub fn round(scene: &Scene<'_>, from: usize) -> Reason {
    let last = scene.last();
    let mut moving: Vec<&str> = Vec::new();
    for number in from..=last {
        let actor = scene.at(number).actor.as_str();
        if !moving.contains(&actor) {
            moving.push(actor);
        }
    }
    let mut steps = vec![from, last];
    let going = match (moving.as_slice(), from == last) {
        ([actor], true) => format!(
            "{actor} repeats \"{}\" (step {from}) for ever",
            scene.at(from).label
        ),
        ([actor], false) => format!(
            "{actor} goes from \"{}\" (step {from}) to \"{}\" (step {last}) and back to step {from}, and so for ever",
            scene.at(from).label,
            scene.at(last).label
        ),
        (several, _) => format!(
            "{} go from {} to {} and back to step {from}, and so for ever",
            listed(several),
            scene.deed(from),
            scene.deed(last)
        ),
    };
    let victim = scene.victim();
    let became = match victim {
        None => String::new(),
        Some(victim) if moving.contains(&victim) => {
            format!(", and none of that brings {victim} to its end")
        }
        Some(victim) => match scene.sleeps_since(victim) {
            Some(asleep) => {
                steps.push(asleep);
                format!(
                    ", while {victim} sleeps in \"{}\" (step {asleep}) and nothing of that wakes it",
                    scene.at(asleep).label
                )
            }
            None => format!(", and {victim} takes no step in it"),
        },
    };
    Reason {
        words: format!("{going}{became}"),
        steps,
        pairs: Vec::new(),
    }
}

/// `alice, bob and worker`, or how many more there are.
fn listed(actors: &[&str]) -> String {
    let (named, more) = actors.split_at(actors.len().min(MOST_NAMED));
    match (named.split_last(), more.len()) {
        (Some((last, [])), 0) => (*last).to_owned(),
        (Some((last, others)), 0) => format!("{} and {last}", others.join(", ")),
        (_, more) => format!("{} and {more} more", named.join(", ")),
    }
}
