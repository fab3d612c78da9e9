//! Somebody waits for ever: a circle of waits, signals that became one, a wake-up that was missed.

use super::Reason;
use super::scene::Scene;
use crate::trace::Waiting;

/// Actors that wait for each other, each for a lock that the next one has. The last may wait for a deed instead. On the
/// object called `shared` everybody does everything: what an actor waits for there may be the deed of any other.
pub fn circle(scene: &Scene<'_>, shared: Option<&str>) -> Option<Reason> {
    let waiting = &scene.trace.waiting;
    let mut links: Vec<(&Waiting, usize)> = Vec::new();
    let victim = scene.victim();
    let own = waiting
        .iter()
        .filter(|wait| victim == Some(wait.actor.as_str()));
    let mut next = own
        .chain(waiting)
        .find(|wait| holder(scene, wait, shared).is_some());
    while let Some(wait) = next {
        let Some(held) = holder(scene, wait, shared) else {
            break;
        };
        links.push((wait, held));
        let holding = &scene.at(held).actor;
        let is_new = links.iter().all(|(wait, _)| wait.actor != *holding);
        next = waiting.iter().find(|wait| is_new && wait.actor == *holding);
    }
    let (_, last) = *links.last()?;
    let mut steps = Vec::new();
    let mut pairs = Vec::new();
    let mut clauses = Vec::new();
    for (wait, held) in &links {
        let asleep = scene.falls_asleep(&wait.actor)?;
        steps.extend([*held, asleep]);
        pairs.push((*held, asleep));
        clauses.push(format!(
            "{} waits for the {} (step {asleep}), which {} has (step {held})",
            wait.actor,
            wait.object,
            scene.at(*held).actor
        ));
    }
    let is_named = |actor: &str| links.iter().any(|(wait, _)| wait.actor == actor);
    let end = scene.at(last).actor.as_str();
    let others = [Some(end), victim].into_iter().flatten();
    let mut unnamed: Vec<&str> = others.filter(|actor| !is_named(actor)).collect();
    unnamed.dedup();
    for actor in unnamed {
        let asleep = scene.falls_asleep(actor)?;
        steps.push(asleep);
        clauses.push(format!(
            "{actor} in turn waits in \"{}\" (step {asleep})",
            scene.at(asleep).label
        ));
    }
    Some(Reason {
        words: clauses.join("; "),
        steps,
        pairs,
    })
}

/// The step that took the lock that `wait` waits for, if another actor that waits as well took it.
fn holder(scene: &Scene<'_>, wait: &Waiting, shared: Option<&str>) -> Option<usize> {
    let had = |&number: &usize| {
        let step = scene.at(number);
        step.object == wait.object && !step.asleep
    };
    let asleep = scene.falls_asleep(&wait.actor)?;
    let is_taking = |held: &usize| is_wait(&scene.at(*held).kind) && *held < asleep;
    let held = scene.all_backwards().find(had).filter(is_taking)?;
    let holding = &scene.at(held).actor;
    let is_shared = shared == Some(wait.object.as_str());
    let mut waiting = scene.trace.waiting.iter();
    let waits = waiting.any(|other| other.actor == *holding);
    (*holding != wait.actor && waits && !is_shared && is_lock(scene, &wait.object)).then_some(held)
}

fn is_wait(kind: &str) -> bool {
    matches!(kind, "wait" | "wait-on")
}

/// Whether a step with this kind, which did not fall asleep, may have been to wake somebody.
fn may_wake(kind: &str) -> bool {
    matches!(kind, "update" | "change")
}

/// Whether an object is a lock: it guards nothing but itself, so that no step on it ever told or read anything, and
/// nobody gives it back who has not taken it. An event, which others set, is none.
fn is_lock(scene: &Scene<'_>, object: &str) -> bool {
    let mut takers: Vec<&str> = Vec::new();
    let mut steps = (1..=scene.last()).filter(|&number| scene.at(number).object == object);
    steps.all(|number| {
        let step = scene.at(number);
        let tells = scene.tells_anything(number) || step.read.is_some();
        let is_taken = is_wait(&step.kind) && !step.asleep;
        if is_taken {
            takers.push(&step.actor);
        }
        let is_own = is_taken || step.asleep || takers.contains(&step.actor.as_str());
        is_own && !tells
    })
}

/// Two signals, one of which is lost in the other before anybody looks.
pub fn merged_signal(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim();
    let signals = |number: &usize| {
        let step = scene.at(*number);
        let is_own = victim.is_none_or(|victim| step.actor == victim);
        is_own && may_wake(&step.kind) && !scene.tells_anything(*number)
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
pub fn for_nothing(scene: &Scene<'_>) -> Option<Reason> {
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

/// An actor that looked, and falls asleep by what it saw, although somebody changed it in between and woke whoever slept
/// then.
pub fn missed_wake(scene: &Scene<'_>) -> Option<Reason> {
    let victim = scene.victim()?;
    let asleep = scene.sleeps_since(victim)?;
    let object = &scene.at(asleep).object;
    let mut before = scene.backwards(asleep);
    // Where every order fails, that it came too early is no reason.
    let looked = before
        .find(|&number| scene.at(number).actor == victim && scene.at(number).object == *object)
        .filter(|_| !scene.fails_always())?;
    let changes = |number: &usize| {
        let step = scene.at(*number);
        step.actor != victim && step.object == *object && may_wake(&step.kind)
    };
    let change = (looked + 1..asleep).rev().find(changes)?;
    Some(Reason {
        words: format!(
            "{} comes after {victim} looked (step {looked}) and before it falls asleep (step {asleep}), and nothing \
             wakes it again",
            scene.deed(change)
        ),
        steps: vec![looked, change, asleep],
        pairs: vec![(looked, change), (change, asleep)],
    })
}
