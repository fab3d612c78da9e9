//! Somebody waits for ever although what it waits for has come.

use logon_core::Fact;

use super::Reason;
use super::scene::Scene;
use crate::describe::{Topic, topics};

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
    let clause = scene.told(change, &[], &concerns);
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
    // A look tells nothing; and where every order fails, that it came too early is no reason.
    let looked = before
        .find(|&number| scene.at(number).actor == victim && scene.at(number).object == *object)
        .filter(|&looked| looked < change && scene.facts(looked).is_empty())
        .filter(|_| !scene.fails_always())?;
    Some(Reason {
        words: format!(
            "{clause} after {victim} looked (step {looked}) and before it falls asleep (step {asleep}), \
             and nothing wakes it again"
        ),
        steps: vec![looked, change, asleep],
        pairs: vec![(looked, change), (change, asleep)],
    })
}
