//! A sleep without a condition returns after an update that came later, and only then.

use std::sync::{Arc, Mutex};

use logon_core::primitives::Monitor;
use logon_models::backend::{
    Backend, Loom, Recorder, RestFlag, RestLast, Shuttle, Threading, Threads,
};
use logon_sim::OperationKind;
use shuttle::scheduler::RandomScheduler;

use crate::backend_primitives::programs::{Number, on_loom, on_shuttle};

/// An update before the sleep does not end it; one after it does.
fn sleep_through<P: Threading>(recorder: &Arc<Recorder>, await_rest: impl Fn()) {
    let number: Arc<Number<P>> = recorder.building(|| Arc::new(Monitor::new("number", 0)));
    number.update("update before", |number| *number = 1);
    let slept = Arc::clone(&number);
    let sleeper = P::spawn(recorder, "sleeper", move || slept.sleep("sleep"));
    await_rest();
    assert_eq!(
        kinds(recorder),
        [(OperationKind::Sleep, true)],
        "the update before does not end the sleep"
    );
    number.enter("touch", |number| *number = 2);
    assert_eq!(
        kinds(recorder).len(),
        1,
        "a section that wakes nobody does not end it"
    );
    number.update("update after", |number| *number = 3);
    P::join(sleeper).expect("sleeping does not panic");
    assert_eq!(
        kinds(recorder),
        [(OperationKind::Sleep, true), (OperationKind::Wake, false)]
    );
    assert_eq!(number.peek(|number| *number), 3);
}

fn kinds(recorder: &Recorder) -> Vec<(OperationKind, bool)> {
    let steps = recorder.steps();
    steps.iter().map(|step| (step.kind, step.asleep)).collect()
}

#[test]
fn on_loom_a_sleep_ends_with_the_update_after_it() {
    on_loom(|| {
        let recorder = Recorder::new();
        sleep_through::<Loom>(&recorder, || Loom::await_rest(&recorder));
    });
}

#[test]
fn on_shuttle_a_sleep_ends_with_the_update_after_it() {
    let flag = RestFlag::default();
    let scheduler = RestLast::new(RandomScheduler::new_from_seed(3, 200), flag.clone());
    on_shuttle(scheduler, move || {
        sleep_through::<Shuttle>(&Recorder::new(), || flag.await_rest());
    });
}

#[test]
fn on_threads_a_sleep_ends_with_the_update_after_it() {
    for seed in 0..100 {
        let recorder = Recorder::noisy(seed);
        sleep_through::<Threads>(&recorder, || Threads::await_rest(&recorder));
    }
}

#[test]
fn a_recording_names_actor_object_label_and_place() {
    let recorder = Recorder::new();
    let number: Arc<Number<Threads>> = recorder.building(|| Arc::new(Monitor::new("number", 0)));
    let lines = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&lines);
    let actor = Threads::spawn(&recorder, "actor", move || {
        noted.lock().expect("nobody panics").push(line!() + 1);
        number.enter("touch", |number| *number += 1);
        noted.lock().expect("nobody panics").push(line!() + 1);
        number.update("touch", |number| *number += 1);
    });
    Threads::join(actor).expect("touching does not panic");
    let steps = recorder.steps();
    let lines = lines.lock().expect("nobody panics");
    assert_eq!(steps.len(), 2);
    for (index, step) in steps.iter().enumerate() {
        assert_eq!(step.actor, "actor");
        assert_eq!(step.object, "number");
        assert_eq!(step.label, "touch");
        assert_eq!(step.nth as usize, index + 1, "counted across kinds");
        assert_eq!(step.line, lines[index]);
        assert!(step.file.ends_with("sleep.rs"));
    }
    assert_eq!(Threads::NAME, "threads");
}
