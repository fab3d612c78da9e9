//! Reasons for when nothing is known of the class of a failure.

use logon_core::Fact;

use super::Reason;
use super::scene::Scene;

/// What somebody else did before the last step.
pub(super) fn preceded(scene: &Scene<'_>) -> Option<Reason> {
    if scene.orders().is_empty() {
        // It fails whatever the order, and no order is a reason.
        return None;
    }
    let last = Some(scene.last()).filter(|&last| last > 0)?;
    let actor = &scene.at(last).actor;
    let before = scene
        .backwards(last)
        .find(|&number| scene.at(number).actor != *actor && !scene.facts(number).is_empty())?;
    Some(followed(scene, before, &|_| false))
}

/// The orders of the rule, where nothing better is known.
pub(super) fn in_order(scene: &Scene<'_>) -> Option<Reason> {
    let orders = scene.orders();
    let clauses = orders.iter().map(|order| {
        let then = match (order.then, &order.other) {
            (Some(then), _) => scene.deed(then),
            (None, Some(other)) => other.to_string(),
            (None, None) => return scene.deed(order.first),
        };
        format!("{} comes before {then}", scene.deed(order.first))
    });
    let clauses: Vec<String> = clauses.collect();
    let firsts = orders.iter().map(|order| order.first);
    let thens = orders.iter().filter_map(|order| order.then);
    let pairs = orders
        .iter()
        .filter_map(|order| Some((order.first, order.then?)));
    (!orders.is_empty()).then(|| Reason {
        words: clauses.join(" and "),
        steps: firsts.chain(thens).collect(),
        pairs: pairs.collect(),
    })
}

/// A step before the last one.
pub(super) fn followed(scene: &Scene<'_>, before: usize, wanted: &dyn Fn(&Fact) -> bool) -> Reason {
    let last = scene.last();
    Reason {
        words: format!(
            "{} before {}",
            scene.clause(before, &[], wanted),
            scene.deed(last)
        ),
        steps: vec![before, last],
        pairs: vec![(before, last)],
    }
}

/// Nobody else is to blame.
pub(super) fn alone(scene: &Scene<'_>) -> Reason {
    match (scene.last(), scene.trace.fails_at_rest()) {
        (0, _) => Reason {
            words: "it does so at the beginning".to_owned(),
            steps: Vec::new(),
            pairs: Vec::new(),
        },
        (last, true) => Reason {
            words: format!("nobody can go on after {}", scene.deed(last)),
            steps: vec![last],
            pairs: Vec::new(),
        },
        (last, false) => {
            let alone = match scene.fails_always() {
                true => " alone: nobody else has to do anything",
                false => "",
            };
            Reason {
                words: format!("of {}{alone}", scene.deed(last)),
                steps: vec![last],
                pairs: Vec::new(),
            }
        }
    }
}
