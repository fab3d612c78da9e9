//! Admissions that are counted wrongly, one too many, or out of turn.

use logon_core::{Fact, LogonId};

use super::Reason;
use super::between::{in_between, looked};
use super::scene::Scene;
use crate::describe::Topic;

/// A logon that is refused, or admitted, by a count that is not so: one that counts another logon which is itself
/// never admitted.
pub(super) fn miscounted(scene: &Scene<'_>) -> Option<Reason> {
    let last = scene.last();
    let own = scene.logon?;
    let looked = looked(scene, last)?;
    let arrives = |number: usize| {
        let mut facts = scene.facts(number).iter();
        facts.find_map(|fact| match *fact {
            Fact::Arrived { logon } if logon != own => Some(logon),
            _ => None,
        })
    };
    let is_admitted = |of: LogonId| {
        let admitted = |fact: &Fact| matches!(fact, Fact::Admitted { logon } if *logon == of);
        (1..=last).any(|number| scene.tells(number, admitted))
    };
    let is_over = |of: LogonId| {
        let ends = |fact: &Fact| matches!(fact, Fact::Refused { logon, .. } | Fact::Abandoned { logon } if *logon == of);
        scene
            .backwards(looked)
            .any(|number| scene.tells(number, ends))
    };
    let (counted, other) = scene.backwards(looked).find_map(|number| {
        let other = arrives(number)?;
        (!is_admitted(other) && !is_over(other)).then_some((number, other))
    })?;
    let refused = (looked..=last).find(|&number| {
        scene.tells(
            number,
            |fact| matches!(fact, Fact::Refused { logon, .. } if *logon == other),
        )
    });
    let name = scene.name(Topic::Logon(other));
    let end = match refused {
        Some(refused) => format!("and is refused as well (step {refused})"),
        None => "and is not admitted either".to_owned(),
    };
    let mut steps = vec![counted, looked, last];
    steps.extend(refused);
    Some(Reason {
        words: format!(
            "{} counts {name}, who arrives (step {counted}) {end}, before its \"{}\" (step {last})",
            scene.deed(looked),
            scene.at(last).label
        ),
        steps,
        pairs: vec![(counted, looked), (looked, last)],
    })
}

/// A logon that is admitted above the maximum.
pub(super) fn overfull(scene: &Scene<'_>) -> Option<Reason> {
    let admits = |fact: &Fact| matches!(fact, Fact::Admitted { .. });
    let last = scene.last();
    let looked = looked(scene, last)?;
    let mut between = (looked + 1..last).rev();
    let is_other = |number: &usize| scene.at(*number).actor != scene.at(last).actor;
    let other = between.find(|number| is_other(number) && scene.tells(*number, admits))?;
    Some(in_between(scene, looked, other, &[], &admits))
}

/// Somebody who waits in line and is passed by.
pub(super) fn overtaken(scene: &Scene<'_>) -> Option<Reason> {
    let last = Some(scene.last()).filter(|&last| last > 0)?;
    let actor = &scene.at(last).actor;
    // Who has waited longest, and still does.
    let queues = |number: usize| {
        let mut facts = scene.facts(number).iter();
        facts.find_map(|fact| match *fact {
            Fact::Queued { logon } if scene.client(logon) != *actor => Some(logon),
            _ => None,
        })
    };
    let is_done = |of: LogonId| {
        let ends = |fact: &Fact| {
            matches!(fact,
                Fact::Claimed { logon, .. } | Fact::Refused { logon, .. } | Fact::Abandoned { logon }
                    if *logon == of)
        };
        (1..=last).any(|number| scene.tells(number, ends))
    };
    let queued = (1..last).find(|&number| queues(number).is_some_and(|logon| !is_done(logon)))?;
    let gets = |fact: &Fact| matches!(fact, Fact::Claimed { .. });
    Some(Reason {
        words: format!(
            "{}, and {} has waited in line since step {queued}",
            scene.told(last, &[], &gets),
            scene.at(queued).actor
        ),
        steps: vec![queued, last],
        pairs: vec![(queued, last)],
    })
}
