//! Reasons for when nothing is known of the class of a failure.

use super::Reason;
use super::scene::Scene;

/// What somebody else did before the last step.
pub fn preceded(scene: &Scene<'_>) -> Option<Reason> {
    let before = preceding(scene)?;
    Some(followed(scene, before, &scene.clause(before)))
}

/// The last step of somebody else before the last one, in which something was told; where nothing ever is, any.
#[must_use]
pub fn preceding(scene: &Scene<'_>) -> Option<usize> {
    if scene.orders().is_empty() {
        // It fails whatever the order, and no order is a reason.
        return None;
    }
    let last = Some(scene.last()).filter(|&last| last > 0)?;
    let actor = &scene.at(last).actor;
    let is_silent = !(1..=last).any(|number| scene.tells_anything(number));
    let told = |number: usize| is_silent || scene.tells_anything(number);
    scene
        .backwards(last)
        .find(|&number| scene.at(number).actor != *actor && told(number))
}

/// The orders of the rule, where nothing better is known.
pub fn in_order(scene: &Scene<'_>) -> Option<Reason> {
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

/// A step before the last one, of which `clause` says what it did.
#[must_use]
pub fn followed(scene: &Scene<'_>, before: usize, clause: &str) -> Reason {
    let last = scene.last();
    Reason {
        words: format!("{clause} before {}", scene.deed(last)),
        steps: vec![before, last],
        pairs: vec![(before, last)],
    }
}

/// Nobody else is to blame.
#[must_use]
pub fn alone(scene: &Scene<'_>) -> Reason {
    match (scene.last(), scene.trace.fails_at_rest()) {
        (0, _) => Reason {
            words: "it does so at the beginning".to_owned(),
            steps: Vec::new(),
            pairs: Vec::new(),
        },
        (last, true) if let Some(since) = scene.since() => Reason {
            words: format!(
                "of {}: if nobody had gone on before it, nothing would be wrong{}",
                scene.deed(since),
                match since == last {
                    true => "",
                    false => ", and after it there always is",
                }
            ),
            steps: vec![since],
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
