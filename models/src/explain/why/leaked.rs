//! Something is left over: a session nobody wants, one that nobody puts away, an account that does not add up.

use logon_core::Fact;

use super::scene::Scene;
use super::{Reason, between};
use crate::describe::Topic;

/// A session that is created for a logon that is no more.
pub(super) fn unwanted(scene: &Scene<'_>) -> Option<Reason> {
    let last = Some(scene.last()).filter(|&last| last > 0)?;
    let actor = &scene.at(last).actor;
    let gone = scene.backwards(last).find_map(|number| {
        let mut facts = scene.facts(number).iter();
        let logon = facts.find_map(|fact| match *fact {
            Fact::Abandoned { logon } | Fact::Refused { logon, .. } => Some(logon),
            _ => None,
        });
        logon
            .filter(|_| scene.at(number).actor != *actor)
            .map(|logon| (number, logon))
    });
    let Some((left, logon)) = gone else {
        return between::preceded(scene);
    };
    let queues = |fact: &Fact| matches!(fact, Fact::Queued { logon: of } if *of == logon);
    let queued = scene
        .backwards(left)
        .find(|&number| scene.tells(number, queues))?;
    let clause = scene.clause(left, &[Topic::Logon(logon)], &|fact| {
        matches!(fact, Fact::Abandoned { .. })
    });
    Some(Reason {
        words: format!(
            "{clause} and still stands in line (since step {queued}) in {}",
            scene.deed(last)
        ),
        steps: vec![queued, left, last],
        pairs: vec![(left, last)],
    })
}

/// What was begun and never finished: the last that was told of what the violation is about.
pub(super) fn unfinished(scene: &Scene<'_>) -> Option<Reason> {
    let logon = scene.logon.map(Topic::Logon);
    let session = scene.session.map(Topic::Session);
    let of: Vec<Topic> = session.or(logon).into_iter().collect();
    if of.is_empty() {
        // An account of the server: whatever was told last was counted wrongly, or nothing else was.
        return None;
    }
    let last = scene
        .all_backwards()
        .find(|&number| scene.touches(number, &of))?;
    let after = match session {
        Some(_) => "and no later step changes it",
        None => "and nothing is told of it after that",
    };
    Some(Reason {
        words: format!("{}, {after}", scene.clause(last, &of, &|_| false)),
        steps: vec![last],
        pairs: Vec::new(),
    })
}
