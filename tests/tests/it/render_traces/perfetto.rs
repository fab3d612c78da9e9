//! Traces as trace events.

use std::collections::BTreeSet;

use logon_models::render::perfetto;
use logon_models::trace::{Trace, TracedStep};
use serde_json::Value;

use crate::render_traces::samples::{self, owned, step};

/// The events of a trace, whose keys are sorted.
fn events(trace: &Trace) -> Vec<Value> {
    let text = perfetto(trace);
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    value.sort_all_objects();
    assert_eq!(
        text.trim_end(),
        serde_json::to_string_pretty(&value).expect("JSON")
    );
    value["traceEvents"].as_array().expect("a list").clone()
}

/// The flows of a category: from which step to which. Every flow begins in a slice and ends in one.
fn flows(events: &[Value], category: &str) -> Vec<(u64, u64)> {
    let of = |phase: &str| -> Vec<&Value> {
        let is = |event: &&Value| event["ph"] == phase && event["cat"] == category;
        events.iter().filter(is).collect()
    };
    let (begins, ends) = (of("s"), of("f"));
    assert_eq!(begins.len(), ends.len());
    let number = |flow: &Value| {
        let at = flow["ts"].as_u64().expect("a time");
        let holds = |event: &&Value| {
            let begin = event["ts"].as_u64().unwrap_or(u64::MAX);
            event["cat"] == "step"
                && event["tid"] == flow["tid"]
                && (begin..begin + 1_000).contains(&at)
        };
        let slice = events.iter().find(holds).expect("a step");
        slice["args"]["number"].as_u64().expect("a number")
    };
    let pairs = begins.iter().map(|begin| {
        let end = ends
            .iter()
            .find(|end| end["id"] == begin["id"])
            .expect("an end");
        assert_eq!(
            (&begin["name"], &end["bp"]),
            (&end["name"], &Value::from("e"))
        );
        (number(begin), number(end))
    });
    pairs.collect()
}

#[test]
fn there_is_a_track_for_each_actor_and_a_flow_for_each_wake() {
    let mut trace = samples::check_then_act();
    trace
        .steps
        .push(step("worker 1", "update", "server", "publish"));
    let events = events(&trace);
    let of = |phase: &str, name: Option<&str>| {
        let is =
            |event: &&Value| event["ph"] == phase && name.is_none_or(|name| event["name"] == name);
        events.iter().filter(is).count()
    };
    assert_eq!(of("M", Some("thread_name")), 3);
    assert_eq!(
        of("X", None),
        trace.steps.len() + 1,
        "the steps and a sleep"
    );
    assert_eq!(flows(&events, "wake"), [(4, 6)]);
    assert_eq!(of("i", None), 1);
    let ids = events.iter().filter(|event| event["ph"] == "s");
    let ids: Vec<u64> = ids
        .map(|event| event["id"].as_u64().expect("a number"))
        .collect();
    let distinct: BTreeSet<u64> = ids.iter().copied().collect();
    assert_eq!(distinct.len(), ids.len(), "no two flows are taken for one");
}

#[test]
fn a_monitor_is_handed_over_from_one_actor_to_the_next() {
    let trace = samples::check_then_act();
    let monitor = flows(&events(&trace), "monitor");
    assert_eq!(monitor, [(1, 2), (2, 3), (4, 5)], "bob has it twice");
    let mut two = trace;
    two.steps[2].object = "pool lock".to_owned();
    let monitor = flows(&events(&two), "monitor");
    assert_eq!(monitor, [(1, 2), (2, 4), (4, 5)], "each monitor by itself");
}

#[test]
fn a_load_is_led_to_from_the_store_that_it_reads() {
    let word = |actor: &str, kind: &str, read, written| TracedStep {
        read,
        written,
        ..step(actor, kind, "flag", "the flag")
    };
    let steps = vec![
        word("alice", "load", Some(0), None),
        word("alice", "store", None, Some(1)),
        word("bob", "store", None, Some(2)),
        word("alice", "load", Some(2), None),
        word("bob", "load", Some(2), None),
        word("carol", "load", Some(1), None),
        word("carol", "compare-exchange", Some(2), Some(3)),
        word("bob", "compare-exchange", Some(3), None),
        word("alice", "load", Some(3), None),
        TracedStep {
            read: Some(3),
            ..step("alice", "load", "another flag", "the other flag")
        },
        step("alice", "update", "flag of the server", "admit"),
    ];
    let trace = samples::trace("relaxed", "words", &["alice", "bob", "carol"], steps);
    let events = events(&trace);
    let read = flows(&events, "reads-from");
    assert_eq!(
        read,
        [(2, 6), (3, 4), (3, 7), (7, 8), (7, 9)],
        "not from the beginning, and not from oneself"
    );
    assert_eq!(flows(&events, "monitor"), []);
}

#[test]
fn a_weak_load_is_led_to_from_no_store_that_it_misses() {
    let events = events(&samples::weak_memory());
    assert_eq!(
        flows(&events, "reads-from"),
        [],
        "both miss the other's flag"
    );
    let woken = TracedStep {
        woken: owned(&["nobody"]),
        ..step("alice", "update", "server", "admit")
    };
    let trace = samples::trace("fixed", "alone", &["alice"], vec![woken]);
    let alone = perfetto(&trace);
    assert!(!alone.contains("\"ph\": \"s\""), "{alone}");
}
