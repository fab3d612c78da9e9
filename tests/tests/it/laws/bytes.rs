//! The same seed gives the same bytes, and so does the schedule that is read from them.

use std::collections::BTreeSet;
use std::thread;

use logon_core::Variant;
use logon_models::scenario::presets;
use logon_models::trace::{Recorded, Trace};
use logon_sim::{BoundedPreemptions, Replay};

use crate::laws::arbitrary::{AnyExecution, law};

#[test]
fn one_seed_gives_the_same_bytes_twice_and_in_another_thread() {
    law(
        300,
        (|execution: AnyExecution| {
            let here = execution.bytes();
            let there = thread::scope(|scope| {
                let other = scope.spawn(|| execution.bytes());
                other.join().expect("recording does not panic")
            });
            here == execution.bytes() && here == there
        }) as fn(AnyExecution) -> bool,
    );
}

#[test]
fn different_executions_of_a_seed_differ_somewhere() {
    let preset = presets()
        .iter()
        .find(|preset| preset.name() == "q238186-default");
    let preset = preset.expect("the preset");
    let at = |seed, number| {
        AnyExecution {
            variant: Variant::Fixed,
            preset,
            seed,
            number,
        }
        .bytes()
    };
    let executions: BTreeSet<String> = (0..20).map(|number| at(1, number)).collect();
    assert!(
        executions.len() > 15,
        "only {} of 20 executions differ",
        executions.len()
    );
    assert_ne!(at(1, 0), at(2, 0));
}

#[test]
fn a_trace_comes_back_from_json_and_its_schedule_gives_the_same_bytes() {
    law(
        300,
        (|execution: AnyExecution| {
            let json = execution.bytes();
            let read = Trace::parse(&json, "recorded").expect("what was written");
            assert_eq!(read.to_json(), json);
            assert_eq!(read.fingerprint, read.expected_fingerprint());
            let (again, ended) = execution.under(&mut Replay::new(&read.schedule()));
            assert_eq!(ended, Recorded::Ended, "{execution:?}");
            again.to_json() == json
        }) as fn(AnyExecution) -> bool,
    );
}

#[test]
fn a_bounded_search_gives_the_same_bytes_twice_and_its_schedule_gives_them_again() {
    for preset in presets().iter() {
        let execution = AnyExecution {
            variant: Variant::Fixed,
            preset,
            seed: 0,
            number: 0,
        };
        let first = || execution.under(&mut BoundedPreemptions::unbounded()).0;
        let trace = first();
        assert_eq!(trace.to_json(), first().to_json());
        let (again, _) = execution.under(&mut Replay::new(&trace.schedule()));
        assert_eq!(again.to_json(), trace.to_json(), "{}", preset.name());
    }
}
