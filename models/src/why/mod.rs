//! Why an allocator fails, in one sentence: a template for each class of failure, filled in from what was told in its
//! steps.
//!
//! The class follows from the property that fell and from what the steps did; nothing is guessed from names of
//! defects. What can be said of any program is said by [`logon_sim::explain::why`].

mod admissions;
mod asleep;
mod between;
mod leaked;
mod pace;
mod scene;
#[cfg(test)]
mod tests;

use logon_core::Fact;
use logon_sim::explain::why::{self, Reason, general, repeats, weak, word};

use self::scene::Scene;
use crate::judge::Property;
use crate::scenario::Scenario;
use crate::stage::Cast;
use crate::trace::PlayRecord;

/// The monitor that everybody shares.
const SERVER: &str = "server";

/// Why the execution of `record` fails.
pub(crate) fn reason(record: &PlayRecord, plain: &why::Scene<'_>, scenario: &Scenario) -> Reason {
    let cast = Cast::of(scenario);
    let scene = Scene::new(plain, record, &cast);
    let fallen = record.fallen.as_ref();
    let property = fallen.and_then(|fallen| Property::named(&fallen.property));
    of_property(&scene, property, scenario)
}

/// What a step did, as a clause with its number; `None` if nothing was told in it.
pub(crate) fn clause(record: &PlayRecord, number: usize, scenario: &Scenario) -> Option<String> {
    scene::clause(record, &Cast::of(scenario), number, &[], &|_| false)
}

/// The template that fits.
fn of_property(scene: &Scene<'_>, property: Option<Property>, scenario: &Scenario) -> Reason {
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
            Some(Property::Burst) => pace::shared(scene, scenario.time),
            Some(
                Property::Termination
                | Property::WorkConservation
                | Property::Isolation
                | Property::PoolRefill,
            ) => why::asleep::circle(scene, Some(SERVER))
                .or_else(|| word::read_too_early(scene))
                .or_else(|| why::asleep::merged_signal(scene))
                .or_else(|| asleep::missed_wake(scene))
                .or_else(|| why::asleep::for_nothing(scene)),
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

/// A step before the last one.
fn followed(scene: &Scene<'_>, before: usize, wanted: &dyn Fn(&Fact) -> bool) -> Reason {
    general::followed(scene, before, &scene.told(before, &[], wanted))
}
