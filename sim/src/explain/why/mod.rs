//! Why an execution fails, in one sentence: a template for each class of failure, filled in from what its steps did.
//!
//! The templates here fit any program. Whoever knows more of one gives a reason of its own, by
//! [`Instance::reason`], and may fall back on these.

pub mod asleep;
pub mod choice;
pub mod general;
pub mod repeats;
mod scene;
pub mod stale;
pub mod weak;
pub mod word;

pub use scene::Scene;

use crate::instance::Instance;
use crate::simulation::Verdict;
use crate::trace::{Record, Rule, Stale};

/// Why an execution fails.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Why {
    /// That, in one sentence.
    pub sentence: String,
    /// The numbers of the steps it is about, in order.
    pub steps: Vec<usize>,
    /// Those of them that collide, two by two, the earlier first.
    pub pairs: Vec<(usize, usize)>,
}

/// A reason, with the steps it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// The reason, as a clause after "because".
    pub words: String,
    /// The numbers of the steps it names.
    pub steps: Vec<usize>,
    /// Those of them that collide, two by two, the earlier first.
    pub pairs: Vec<(usize, usize)>,
}

/// What comparing an execution with others, and with itself cut short, has told of it.
#[derive(Clone, Copy, Default, Debug)]
pub struct Compared<'a> {
    /// The rule, if there is one.
    pub rule: Option<&'a Rule>,
    /// The steps that saw what was no longer so when their actors went on.
    pub stale: &'a [Stale],
    /// The number of the step since which it would fail as it does if nobody went on; `None` if that is not known.
    pub since: Option<usize>,
    /// The step that chooses otherwise in the nearest passing execution, if no step moves in that.
    pub decides: Option<&'a choice::Decides>,
}

/// Why `record` fails, given what is known from comparing it.
pub fn why<I: Instance>(
    record: &Record<Verdict<I>, I::Fact>,
    instance: &I,
    compared: Compared<'_>,
) -> Why {
    let Some(fell) = &record.trace.violation else {
        return Why {
            sentence: "nothing falls".to_owned(),
            steps: Vec::new(),
            pairs: Vec::new(),
        };
    };
    let victim = instance.victim(record);
    let told = |number| instance.clause(record, number);
    let scene = Scene::new(
        &record.trace,
        &record.orders,
        compared,
        victim.as_deref(),
        &told,
    );
    let own = instance.reason(record, &scene);
    let mut reason = own.unwrap_or_else(|| reason(&scene));
    reason.steps.sort_unstable();
    reason.steps.dedup();
    Why {
        sentence: format!("{}, because {}", fell.sentence, reason.words),
        steps: reason.steps,
        pairs: reason.pairs,
    }
}

/// The template that fits, of those for any program.
#[must_use]
pub fn reason(scene: &Scene<'_>) -> Reason {
    if let Some(from) = scene.trace.repeats_from() {
        return repeats::round(scene, from);
    }
    if scene.trace.needs_weak_memory {
        let stale = weak::stale_read(scene);
        return stale.unwrap_or_else(|| general::alone(scene));
    }
    let special = match scene.trace.fails_at_rest() {
        true => asleep::circle(scene, None)
            .or_else(|| choice::decides(scene))
            .or_else(|| word::read_too_early(scene))
            .or_else(|| asleep::missed_wake(scene))
            .or_else(|| stale::look(scene))
            .or_else(|| general::in_order(scene)),
        false => choice::decides(scene)
            .or_else(|| stale::look(scene))
            .or_else(|| word::outdated(scene))
            .or_else(|| general::in_order(scene))
            .or_else(|| general::preceded(scene)),
    };
    special.unwrap_or_else(|| general::alone(scene))
}
