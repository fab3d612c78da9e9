//! Traces made by hand.

use logon_models::judge::{Kind, Property};
use logon_models::trace::{
    Basis, Explanation, FORMAT, Move, Near, NearStep, Order, OtherStep, Point, Reach, Reduction,
    Rule, Trace, TracedScenario, TracedStep, TracedViolation, VERSION, Waiting, fingerprint,
};

/// A step of `actor` with `label` on `object`, in which nothing happens.
pub(crate) fn step(actor: &str, kind: &str, object: &str, label: &str) -> TracedStep {
    TracedStep {
        actor: actor.to_owned(),
        kind: kind.to_owned(),
        object: object.to_owned(),
        label: label.to_owned(),
        nth: 1,
        location: "core/src/allocator.rs:101".to_owned(),
        enabled: Vec::new(),
        preemption: false,
        asleep: false,
        woken: Vec::new(),
        chosen: None,
        ways: None,
        read: None,
        written: None,
        facts: Vec::new(),
        summary: Vec::new(),
        about: Vec::new(),
        returned: None,
        changed: Vec::new(),
    }
}

/// A trace of `steps`.
pub(crate) fn trace(
    variant: &str,
    scenario: &str,
    actors: &[&str],
    steps: Vec<TracedStep>,
) -> Trace {
    let toml = format!("name = \"{scenario}\"\n");
    Trace {
        format: FORMAT.to_owned(),
        version: VERSION,
        variant: variant.to_owned(),
        fingerprint: fingerprint(variant, &toml),
        scenario: TracedScenario {
            name: scenario.to_owned(),
            toml,
        },
        checker: "dfs".to_owned(),
        needs_weak_memory: false,
        notes: Vec::new(),
        violation: None,
        start: Vec::new(),
        preemptions: Some(steps.iter().filter(|step| step.preemption).count()),
        actors: owned(actors),
        steps,
        waiting: Vec::new(),
        explanation: None,
    }
}

/// A violation of `properties`, the first first.
pub(crate) fn violation(properties: &[&str], sentence: &str) -> Option<TracedViolation> {
    Some(TracedViolation {
        property: properties[0].to_owned(),
        sentence: sentence.to_owned(),
        properties: owned(properties),
        at_rest: Property::named(properties[0])
            .is_some_and(|property| property.kind() == Kind::Rest),
        repeats_from: None,
    })
}

/// Two clients look at the idle list before either takes what it saw.
pub(crate) fn check_then_act() -> Trace {
    let look = |actor: &str, facts: &[&str]| TracedStep {
        facts: owned(facts),
        summary: owned(facts),
        ..step(actor, "enter", "server", "look at the idle list")
    };
    let take = |actor: &str, facts: &[&str]| TracedStep {
        facts: owned(facts),
        summary: owned(facts),
        ..step(actor, "update", "server", "take session")
    };
    let actors = ["alice", "bob", "worker 1"];
    let steps = vec![
        TracedStep {
            asleep: true,
            ..step("worker 1", "wait", "server", "begin creation")
        },
        look("alice", &["alice sees session 3 idle"]),
        TracedStep {
            preemption: true,
            ..look("bob", &["bob sees session 3 idle"])
        },
        TracedStep {
            woken: owned(&["worker 1"]),
            ..take(
                "bob",
                &["session 3: idle → connected", "bob gets session 3"],
            )
        },
        TracedStep {
            preemption: true,
            ..take("alice", &["event 22 for alice"])
        },
    ];
    Trace {
        violation: violation(
            &["no-false-refusal", "one-outcome"],
            "alice is refused for want of a session while one could have been created (session 3)",
        ),
        explanation: Some(explanation()),
        ..trace("two-claimants", "simultaneous-reconnect", &actors, steps)
    }
}

/// What might be worked out about [`check_then_act`].
fn explanation() -> Explanation {
    let near = |actor: &str, label: &str, kept| NearStep {
        actor: actor.to_owned(),
        label: label.to_owned(),
        object: "server".to_owned(),
        kept,
        chosen: None,
        asleep: false,
        read: None,
        written: None,
        summary: Vec::new(),
    };
    let (look, take) = ("look at the idle list", "take session");
    Explanation {
        why: "alice is refused for want of a session while one could have been created (session 3): bob gets \
              session 3 (step 4) between alice's \"look at the idle list\" (step 2) and its \"take session\" (step 5)"
            .to_owned(),
        conflict: vec![2, 4, 5],
        pairs: vec![(2, 4), (4, 5)],
        basis: Basis {
            exhausted: true,
            states: Some(13),
            failing: Some("4".to_owned()),
            passing: Some("2".to_owned()),
        },
        rule: Some(Rule {
            reach: Reach::Exactly,
            orders: vec![
                Order {
                    first: 2,
                    then: Some(4),
                    other: None,
                },
                Order {
                    first: 3,
                    then: None,
                    other: Some(OtherStep {
                        actor: "worker 1".to_owned(),
                        label: "publish".to_owned(),
                        object: "server".to_owned(),
                        nth: 1,
                    }),
                },
            ],
            sentence: "fails exactly when 2 before 4, 3 before worker 1's \"publish\"; checked on all 6 executions: \
                       4 fail, 2 pass"
                .to_owned(),
        }),
        point: Some(Point {
            step: 3,
            sentence: "step 3: from here every continuation fails".to_owned(),
        }),
        near: Some(Near {
            moves: vec![
                Move {
                    step: 3,
                    after: Some(5),
                    before: None,
                    instead: None,
                },
                Move {
                    step: 4,
                    after: None,
                    before: None,
                    instead: None,
                },
            ],
            sentence: "passes if bob's \"look at the idle list\" (step 3) moves after step 5".to_owned(),
            steps: vec![
                near("worker 1", "begin creation", Some(1)),
                near("alice", look, Some(2)),
                near("alice", take, Some(5)),
                near("bob", look, None),
            ],
        }),
        smallest: "5 steps, 2 preemptions, the smallest of the 4 failing executions".to_owned(),
        reduction: Some(Reduction {
            taken: vec!["the client carol".to_owned(), "a slot of the idle pool".to_owned()],
            searches: 4,
            sampled: 1,
            given_up: None,
        }),
        limits: Vec::new(),
        stale: Vec::new(),
    }
}

/// The worker goes to sleep after the only client that could have woken it.
pub(crate) fn deadlock() -> Trace {
    let actors = ["alice", "administrator", "worker 1"];
    let wait = |actor: &str, label: &str| TracedStep {
        asleep: true,
        ..step(actor, "wait", "server", label)
    };
    let steps = vec![
        TracedStep {
            facts: owned(&["alice arrives", "alice is admitted"]),
            summary: owned(&["alice arrives", "alice is admitted"]),
            ..step("alice", "update", "server", "admit")
        },
        TracedStep {
            facts: owned(&["alice waits in line"]),
            summary: owned(&["alice waits in line"]),
            ..step("alice", "update", "server", "claim or queue")
        },
        wait("alice", "await hand-off"),
        wait("worker 1", "begin creation"),
    ];
    let waiting = [("alice", "await hand-off"), ("worker 1", "begin creation")];
    let waiting = waiting.map(|(actor, label)| Waiting {
        actor: actor.to_owned(),
        object: "server".to_owned(),
        label: label.to_owned(),
    });
    Trace {
        violation: violation(&["termination"], "alice is never served, refused or gone"),
        waiting: waiting.to_vec(),
        ..trace("forgotten-wake", "q192165-full", &actors, steps)
    }
}

/// Two clients each raise a flag and miss the other's.
pub(crate) fn weak_memory() -> Trace {
    let raise = |actor: &str, object: &str| TracedStep {
        written: Some(1),
        ..step(actor, "store", object, "raise the flag")
    };
    let look = |actor: &str, object: &str| TracedStep {
        read: Some(0),
        ..step(actor, "load", object, "look at the other flag")
    };
    let claim = TracedStep {
        read: Some(0),
        ..step("bob", "compare-exchange", "holder", "claim")
    };
    let steps = vec![
        raise("alice", "flag of alice"),
        raise("bob", "flag of bob"),
        look("alice", "flag of bob"),
        look("bob", "flag of alice"),
        TracedStep {
            read: Some(0),
            written: Some(1),
            facts: owned(&["alice gets session 2"]),
            summary: owned(&["alice gets session 2"]),
            ..step("alice", "compare-exchange", "holder", "claim")
        },
        TracedStep {
            facts: owned(&["bob gets session 2"]),
            summary: owned(&["bob gets session 2"]),
            ..claim
        },
    ];
    Trace {
        checker: "loom".to_owned(),
        preemptions: None,
        needs_weak_memory: true,
        violation: violation(
            &["one-holder"],
            "bob gets a session that alice holds (session 2)",
        ),
        ..trace("relaxed-flags", "two-flags", &["alice", "bob"], steps)
    }
}

/// Six clients: more than have a column each. Nothing is broken.
pub(crate) fn crowd() -> Trace {
    let actors = [
        "alice",
        "bob",
        "carol",
        "dave",
        "eve",
        "ludwig van the very long name",
    ];
    let steps = actors.iter().map(|actor| TracedStep {
        facts: vec![format!("{actor} arrives"), format!("{actor} is admitted")],
        ..step(actor, "update", "server", "admit")
    });
    let steps = steps.collect();
    trace("as-documented", "q238600-flood", &actors, steps)
}

/// Every sample.
pub(crate) fn all() -> Vec<Trace> {
    vec![check_then_act(), deadlock(), weak_memory(), crowd()]
}

/// Owned strings.
pub(crate) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
