//! Something is left over: a session nobody wants, one that nobody puts away, an account that does not add up.

use logon_core::Fact;

use logon_sim::explain::why::general;

use super::Reason;
use super::scene::Scene;
use crate::describe::{Topic, topics};
use crate::stage::RETURN;

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
        return general::preceded(scene);
    };
    let queues = |fact: &Fact| matches!(fact, Fact::Queued { logon: of } if *of == logon);
    let queued = scene
        .backwards(left)
        .find(|&number| scene.tells(number, queues))?;
    let clause = scene.told(left, &[Topic::Logon(logon)], &|fact| {
        matches!(fact, Fact::Abandoned { .. })
    });
    Some(Reason {
        words: format!(
            "{clause}, having waited in line since step {queued}, before {}",
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
    let (last, clause) = last_told(scene, &of)?;
    let after = match session {
        Some(_) => "and no later step changes it",
        None => "and nothing is told of it after that",
    };
    Some(Reason {
        words: format!("{clause}, {after}"),
        steps: vec![last],
        pairs: Vec::new(),
    })
}

/// A client that is told something else than what became of its logon.
pub(super) fn told_otherwise(scene: &Scene<'_>) -> Option<Reason> {
    let own = scene.logon?;
    let client = scene.client(own);
    let returned = last_return(scene);
    if returned.is_none() && !scene.trace.fails_at_rest() {
        return None;
    }
    let acts = |&number: &usize| scene.at(number).actor == client && Some(number) != returned;
    let Some(last) = scene.all_backwards().find(acts) else {
        return not_done(scene);
    };
    let deed = scene.deed(last);
    let told = last_told(scene, &[Topic::Logon(own)]);
    let words = match &told {
        Some((_, clause)) => {
            format!("the last of it is {deed}, and the last told of it that {clause}")
        }
        None => format!("the last of it is {deed}, and nothing was ever told of it"),
    };
    let mut steps = vec![last];
    steps.extend(told.map(|(number, _)| number));
    Some(Reason {
        words,
        steps,
        pairs: Vec::new(),
    })
}

/// A call that has returned without having done what it asks for.
pub(super) fn not_done(scene: &Scene<'_>) -> Option<Reason> {
    let returned = last_return(scene)?;
    let actor = &scene.at(returned).actor;
    let logon = scene.logon.map(Topic::Logon);
    let session = scene.session.map(Topic::Session);
    let of: Vec<Topic> = session.or(logon).into_iter().collect();
    let told = last_told(scene, &of);
    let words = match &told {
        Some((_, clause)) => format!(
            "{actor}'s call has returned (step {returned}), and the last told of it is that {clause}"
        ),
        None => format!(
            "{actor}'s call has returned (step {returned}), and nothing was told that is what it asks for"
        ),
    };
    let mut steps = vec![returned];
    steps.extend(told.map(|(number, _)| number));
    Some(Reason {
        words,
        steps,
        pairs: Vec::new(),
    })
}

/// The last step, if it is the one in which the judge looked because a call had returned.
fn last_return(scene: &Scene<'_>) -> Option<usize> {
    let last = Some(scene.last()).filter(|&last| last > 0)?;
    (scene.at(last).label == RETURN).then_some(last)
}

/// The last step that told something of these, and what.
fn last_told(scene: &Scene<'_>, of: &[Topic]) -> Option<(usize, String)> {
    let last = scene
        .all_backwards()
        .find(|&number| scene.touches(number, of))?;
    let is_about = |fact: &&Fact| topics(fact).iter().any(|topic| of.contains(topic));
    let fact = scene.facts(last).iter().rev().find(is_about)?;
    Some((last, scene.told(last, of, &|other| other == fact)))
}
