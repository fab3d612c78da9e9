//! What somebody else did between two steps that belong together, or before the last one.

use logon_core::{Claim, DropReason, Fact, Refusal};

use super::Reason;
use super::followed;
use super::scene::Scene;
use crate::describe::{Topic, topics};

/// A logon that is dropped or refused falsely: its session went to somebody else, or its name did.
pub(super) fn refused(scene: &Scene<'_>) -> Option<Reason> {
    let refusal = scene
        .facts(scene.last().max(1))
        .iter()
        .find_map(|fact| match *fact {
            Fact::Refused { refusal, .. } => Some(refusal),
            _ => None,
        });
    match refusal? {
        Refusal::Dropped(DropReason::NameInUse) => one_name(scene),
        Refusal::Dropped(DropReason::NotReady) => uninitialized(scene),
        _ => interposed(scene, &|fact| {
            matches!(
                fact,
                Fact::Claimed { .. } | Fact::Reset { .. } | Fact::Session { to: None, .. }
            )
        }),
    }
}

/// A session that a second logon gets.
pub(super) fn two_owners(scene: &Scene<'_>) -> Option<Reason> {
    let session = scene.session?;
    let takes = |fact: &Fact| matches!(fact, Fact::Claimed { logon, claim } if *claim == session && Some(*logon) != scene.logon);
    interposed(scene, &takes).or_else(|| {
        let taken = scene
            .backwards(scene.last())
            .find(|&number| scene.tells(number, takes))?;
        Some(followed(scene, taken, &takes))
    })
}

/// Two sessions that get one name.
pub(super) fn one_name(scene: &Scene<'_>) -> Option<Reason> {
    interposed(scene, &|fact| matches!(fact, Fact::Attached { .. }))
}

/// A session that is ended although it is not the one that was meant: of two with one id the later.
pub(super) fn wrong_session(scene: &Scene<'_>) -> Option<Reason> {
    let session = scene.session?;
    let begins =
        |fact: &Fact| matches!(fact, Fact::Session { claim, from: None, .. } if *claim == session);
    interposed(scene, &begins)
}

/// A session that is used before it is ready.
pub(super) fn uninitialized(scene: &Scene<'_>) -> Option<Reason> {
    let last = scene.last();
    let used = scene.session.map(Topic::Session);
    let own = scene.logon.map(Topic::Logon);
    let gets = |fact: &Fact| match *fact {
        Fact::Claimed { logon, claim } => {
            own == Some(Topic::Logon(logon))
                && used.is_none_or(|used| used == Topic::Session(claim))
        }
        _ => false,
    };
    let given = scene
        .backwards(last)
        .find(|&number| scene.tells(number, gets))?;
    let Some(late) = scene.comes_after(last) else {
        return Some(followed(scene, given, &gets));
    };
    Some(Reason {
        words: format!(
            "{} and goes on to its \"{}\" (step {last}) before {late}",
            scene.told(given, &[], &gets),
            scene.at(last).label
        ),
        steps: vec![given, last],
        pairs: vec![(given, last)],
    })
}

/// What somebody else did between two steps of one actor that belong together. What `wanted` admits is looked for
/// first, then what concerns the sessions and logons of the last step, then what the rule speaks of.
pub(super) fn interposed(scene: &Scene<'_>, wanted: &dyn Fn(&Fact) -> bool) -> Option<Reason> {
    if scene.fails_always() {
        // Then no order is a reason.
        return None;
    }
    let last = scene.last();
    let looked = looked(scene, last)?;
    let of = sessions(scene, last);
    let rank = |number: &usize| {
        let touches = scene.touches(*number, &of);
        let is_wanted = scene.tells(*number, wanted);
        let in_rule = scene.is_in_rule(*number);
        let rank = match (is_wanted, touches, in_rule) {
            (true, true, _) => 0,
            (_, true, true) => 1,
            (true, _, true) => 2,
            (_, true, _) => 3,
            (true, _, _) => 4,
            (_, _, true) => 5,
            _ => 6,
        };
        (rank, scene.facts(*number).is_empty(), last - number)
    };
    let between = looked + 1..last;
    let interposed = between
        .filter(|&number| scene.at(number).actor != scene.at(last).actor)
        .filter(|&number| scene.is_in_rule(number) || !scene.facts(number).is_empty())
        .min_by_key(rank)?;
    Some(in_between(scene, looked, interposed, &of, wanted))
}

/// What a step between another and the last one did.
pub(super) fn in_between(
    scene: &Scene<'_>,
    looked: usize,
    interposed: usize,
    of: &[Topic],
    wanted: &dyn Fn(&Fact) -> bool,
) -> Reason {
    let last = scene.last();
    Reason {
        words: format!(
            "{} between {} and its \"{}\" (step {last})",
            scene.told(interposed, of, wanted),
            scene.deed(looked),
            scene.at(last).label
        ),
        steps: vec![looked, interposed, last],
        pairs: vec![(looked, interposed), (interposed, last)],
    }
}

/// The step before of the same actor that the last one rests on: not one that is about something else.
pub(super) fn looked(scene: &Scene<'_>, last: usize) -> Option<usize> {
    let own = |number: &usize| scene.at(*number).actor == scene.at(last).actor;
    let of = about(scene, last);
    let mut before = scene.backwards(last).filter(own);
    before.find(|&number| scene.facts(number).is_empty() || scene.touches(number, &of))
}

/// The sessions and logons that a step and the violation are about.
fn about(scene: &Scene<'_>, number: usize) -> Vec<Topic> {
    let of_step = scene.facts(number).iter().flat_map(topics);
    let logon = scene.logon.map(Topic::Logon);
    let session = scene.session.map(Topic::Session);
    of_step.chain(logon).chain(session).collect()
}

/// The sessions among those, and the ones that the logon had to do with before.
fn sessions(scene: &Scene<'_>, number: usize) -> Vec<Topic> {
    let mut found = about(scene, number);
    found.retain(|topic| matches!(topic, Topic::Session(_)));
    let Some(own) = scene.logon else {
        return found;
    };
    let had = |fact: &Fact| -> Option<Claim> {
        match *fact {
            Fact::Claimed { logon, claim }
            | Fact::Attaching { logon, claim }
            | Fact::Arbitrated {
                logon,
                old: Some(claim),
                ..
            } => (logon == own).then_some(claim),
            _ => None,
        }
    };
    let before = scene
        .backwards(number)
        .flat_map(|number| scene.facts(number));
    found.extend(before.filter_map(had).map(Topic::Session));
    found
}
