//! Two tools, one program: the same classes of executions.

use std::collections::{BTreeMap, BTreeSet};

use logon_models::backend::{Loom, Recorder, Shuttle};
use shuttle::scheduler::RandomScheduler;

use crate::backend_primitives::programs::{Outcomes, market, on_loom, on_shuttle};

/// Who did what to each object, in order: executions that agree in it differ only in the order of
/// steps on different objects.
type Class = BTreeMap<String, Vec<(String, String, u32, bool)>>;

fn class(recorder: &Recorder) -> Class {
    let mut class = Class::new();
    for step in recorder.steps() {
        let steps = class.entry(step.object.to_owned()).or_default();
        steps.push((step.actor, step.label.to_owned(), step.nth, step.asleep));
    }
    class
}

#[test]
fn loom_and_shuttle_see_the_same_classes_of_the_market() {
    let (exhaustive, sampled) = (Outcomes::new(), Outcomes::new());
    let seen = exhaustive.share();
    on_loom(move || {
        let recorder = Recorder::new();
        market::<Loom>(&recorder);
        seen.add(class(&recorder));
    });
    let seen = sampled.share();
    on_shuttle(RandomScheduler::new_from_seed(1, 20_000), move || {
        let recorder = Recorder::new();
        market::<Shuttle>(&recorder);
        seen.add(class(&recorder));
    });
    let exhaustive: BTreeSet<Class> = exhaustive.all().into_iter().collect();
    let sampled: BTreeSet<Class> = sampled.all().into_iter().collect();
    assert_eq!(exhaustive.len(), 24);
    assert_eq!(exhaustive, sampled);
}
