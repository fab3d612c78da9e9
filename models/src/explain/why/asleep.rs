//! Somebody waits for ever: a circle of waits, signals that became one, a wake-up that was missed.

use logon_core::Fact;

use super::Reason;
use super::scene::Scene;
use crate::describe::{Topic, topics};
use crate::trace::Waiting;

/// The monitor on which one actor does what another waits for.
const SHARED: &str = "server";

/// Actors that wait for each other, each for what the next one has.
pub(super) fn circle(scene: &Scene<'_>) -> Option<Reason> {
    let links: Vec<(&Waiting, usize)> = scene
        .trace
        .waiting
        .iter()
        .filter_map(|wait| link(scene, wait))
        .collect();
    let mut steps = Vec::new();
    let mut pairs = Vec::new();
    let mut clauses = Vec::new();
    let mut said = Vec::new();
    for (wait, holder) in &links {
        let asleep = scene.falls_asleep(&wait.actor)?;
        let holding = &scene.at(*holder).actor;
        steps.extend([*holder, asleep]);
        pairs.push((*holder, asleep));
        said.extend([wait.actor.as_str(), holding.as_str()]);
        clauses.push(format!(
            "{} waits for the {} (step {asleep}), which {holding} has (step {holder})",
            wait.actor, wait.object,
        ));
    }
    let mut in_turn = |actor: &str, whom: &str| -> Option<()> {
        let asleep = scene.falls_asleep(actor)?;
        steps.push(asleep);
        let waits = match scene.at(asleep).object == SHARED {
            true => format!("in turn waits for {whom}"),
            // Nobody of these will ever end that.
            false => format!("waits for the {}", scene.at(asleep).object),
        };
        clauses.push(format!(
            "{actor} {waits}, in \"{}\" (step {asleep})",
            scene.at(asleep).label
        ));
        Some(())
    };
    match links.as_slice() {
        [] => return None,
        // The way back is no lock.
        [(wait, holder)] => in_turn(&scene.at(*holder).actor, &wait.actor)?,
        _ => {}
    }
    if let Some(victim) = scene.victim()
        && !said.contains(&victim)
    {
        in_turn(victim, "them")?;
    }
    Some(Reason {
        words: clauses.join("; "),
        steps,
        pairs,
    })
}

/// The step that took what `wait` waits for, if another actor that waits as well took it.
fn link<'a>(scene: &Scene<'_>, wait: &'a Waiting) -> Option<(&'a Waiting, usize)> {
    let had = |&number: &usize| {
        let step = scene.at(number);
        step.object == wait.object && !step.asleep
    };
    let holder = scene.all_backwards().find(had)?;
    let holding = &scene.at(holder).actor;
    let waits = scene
        .trace
        .waiting
        .iter()
        .any(|other| other.actor == *holding);
    (*holding != wait.actor && waits && is_lock(scene, &wait.object)).then_some((wait, holder))
}

/// Whether what an object guards is nothing but itself: no step on it ever told or read anything.
fn is_lock(scene: &Scene<'_>, object: &str) -> bool {
    let mut steps = scene
        .all_backwards()
        .filter(|&number| scene.at(number).object == object);
    object != SHARED
        && steps.all(|number| scene.facts(number).is_empty() && scene.at(number).read.is_none())
}

/// Two signals, one of which is lost in the other before anybody looks.
pub(super) fn merged_signal(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim();
    let signals = |number: &usize| {
        let step = scene.at(*number);
        let is_own = victim.is_none_or(|victim| step.actor == victim);
        is_own && step.kind == "update" && scene.facts(*number).is_empty()
    };
    let mut pairs = scene.all_backwards().filter(signals).filter_map(|own| {
        let sender = scene.at(own);
        let other = (1..=scene.last()).find(|&number| {
            let step = scene.at(number);
            step.label == sender.label && step.object == sender.object && step.actor != sender.actor
        });
        Some((own, other?))
    });
    let (own, other) = pairs.next()?;
    let (label, object) = (&scene.at(own).label, &scene.at(own).object);
    let (first, last) = (own.min(other), own.max(other));
    let looks = |number: &usize| {
        let step = scene.at(*number);
        step.object == *object && step.label != *label && !step.asleep
    };
    if (first..last).any(|number| looks(&number)) {
        return None;
    }
    let looked = (last..=scene.last()).find(looks)?;
    let words = format!(
        "{} and {} become one, for {} sees them together (step {looked})",
        scene.deed(first),
        scene.deed(last),
        scene.at(looked).actor,
    );
    Some(Reason {
        words,
        steps: vec![first, last, looked],
        pairs: vec![(first, looked), (last, looked)],
    })
}

/// An actor that sleeps, and what it waits for never comes.
pub(super) fn for_nothing(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim()?;
    let asleep = scene.falls_asleep(victim)?;
    Some(Reason {
        words: format!(
            "{victim} falls asleep in \"{}\" (step {asleep}), and nobody wakes it for what it waits for",
            scene.at(asleep).label
        ),
        steps: vec![asleep],
        pairs: Vec::new(),
    })
}

/// An actor that sleeps although what it waits for has come.
pub(super) fn missed_wake(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim()?;
    let asleep = scene.falls_asleep(victim)?;
    let is_own = |topic: &Topic| match *topic {
        Topic::Logon(logon) => scene.client(logon) == victim,
        Topic::Session(_) => false,
    };
    let concerns = |fact: &Fact| topics(fact).iter().any(is_own);
    let change = scene
        .all_backwards()
        .find(|&number| scene.at(number).actor != victim && scene.tells(number, concerns))?;
    let clause = scene.clause(change, &[], &concerns);
    if change > asleep {
        let left = scene.tells(change, |fact| matches!(fact, Fact::Abandoned { .. }));
        let end = if left { " to hear so" } else { "" };
        return Some(Reason {
            words: format!(
                "{clause} while {victim}'s call sleeps (since step {asleep}), and nobody wakes it{end}"
            ),
            steps: vec![asleep, change],
            pairs: vec![(asleep, change)],
        });
    }
    let object = &scene.at(asleep).object;
    let mut before = scene.backwards(asleep);
    let looked = before
        .find(|&number| scene.at(number).actor == victim && scene.at(number).object == *object)
        .filter(|&looked| looked < change)?;
    Some(Reason {
        words: format!(
            "{clause} after {victim} looked (step {looked}) and before it falls asleep (step {asleep}), \
             and nothing wakes it again"
        ),
        steps: vec![looked, change, asleep],
        pairs: vec![(looked, change), (change, asleep)],
    })
}
