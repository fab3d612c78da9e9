//! Why an execution fails, in one sentence: a template for each class of failure, filled in from what was told in its
//! steps.
//!
//! The class follows from the property that fell and from what the steps did; nothing is guessed from names of
//! defects.

mod admissions;
mod asleep;
mod between;
mod general;
mod leaked;
mod repeats;
mod scene;
#[cfg(test)]
mod tests;
mod weak;
mod word;

use crate::judge::Property;
use crate::scenario::Scenario;
use crate::stage::Cast;
use crate::trace::{Record, Rule};
use scene::Scene;

/// Why an execution fails.
pub(super) struct Why {
    /// That, in one sentence.
    pub(super) sentence: String,
    /// The numbers of the steps it is about, in order.
    pub(super) steps: Vec<usize>,
    /// Those of them that collide, two by two, the earlier first.
    pub(super) pairs: Vec<(usize, usize)>,
}

/// Why `record` fails, given the rule, if there is one.
pub(super) fn why(record: &Record, scenario: &Scenario, rule: Option<&Rule>) -> Why {
    let Some(fell) = &record.trace.violation else {
        return Why {
            sentence: "nothing falls".to_owned(),
            steps: Vec::new(),
            pairs: Vec::new(),
        };
    };
    let cast = Cast::of(scenario);
    let scene = Scene::new(record, scenario, &cast, rule);
    let mut reason = reason(&scene, Property::named(&fell.property));
    reason.steps.sort_unstable();
    reason.steps.dedup();
    Why {
        sentence: format!("{}, because {}", fell.sentence, reason.words),
        steps: reason.steps,
        pairs: reason.pairs,
    }
}

/// A reason, with the steps it names.
struct Reason {
    words: String,
    steps: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

/// The template that fits.
fn reason(scene: &Scene<'_>, property: Option<Property>) -> Reason {
    if let Some(from) = scene.trace.repeats_from() {
        return repeats::round(scene, from);
    }
    let special = if scene.trace.needs_weak_memory {
        weak::stale_read(scene)
    } else {
        match property {
            Some(Property::NoFalseRefusal) => {
                word::outdated(scene).or_else(|| between::refused(scene))
            }
            Some(Property::AdmissionLinearizable) => {
                word::outdated(scene).or_else(|| admissions::miscounted(scene))
            }
            Some(Property::Capacity) => admissions::overfull(scene),
            Some(Property::OneHolder) => between::two_owners(scene),
            Some(Property::UniqueNames) => between::one_name(scene),
            Some(Property::Identity) => between::wrong_session(scene),
            Some(Property::Initialized) => between::uninitialized(scene),
            Some(Property::Overtaking) => admissions::overtaken(scene),
            Some(Property::BoundedCreation) => leaked::unwanted(scene),
            Some(Property::OneOutcome) => leaked::told_otherwise(scene),
            Some(Property::AsAsked) => leaked::not_done(scene),
            Some(
                Property::Termination
                | Property::WorkConservation
                | Property::Isolation
                | Property::PoolRefill,
            ) => asleep::circle(scene)
                .or_else(|| word::read_too_early(scene))
                .or_else(|| asleep::merged_signal(scene))
                .or_else(|| asleep::missed_wake(scene))
                .or_else(|| asleep::for_nothing(scene)),
            _ => None,
        }
    };
    let general = || match scene.trace.fails_at_rest() {
        true => leaked::unfinished(scene).or_else(|| general::in_order(scene)),
        false => between::interposed(scene, &|_| false).or_else(|| general::preceded(scene)),
    };
    let reason = special.or_else(general);
    reason.unwrap_or_else(|| general::alone(scene))
}
