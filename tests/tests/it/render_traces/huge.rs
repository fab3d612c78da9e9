//! Traces with very many of one thing: each rendering grows as the trace does, and says what it leaves out. No test here
//! looks at a clock; a rendering that compares everything with everything would not end.

use logon_models::render::{TextOptions, html, markdown, perfetto, text};
use logon_models::trace::{Basis, Explanation, Move, Near, NearStep, Trace, TracedStep, Waiting};

use crate::render_traces::samples::{step, trace, violation};

const FILE: &str = "x.json";

/// A failing trace of these steps.
fn failing(steps: Vec<TracedStep>) -> Trace {
    Trace {
        violation: violation(&["one-holder"], "alice loses it"),
        preemptions: Some(0),
        ..trace("two-owners", "crowd", &[], steps)
    }
}

fn explained(trace: Trace, conflict: Vec<usize>, pairs: Vec<(usize, usize)>) -> Trace {
    let explanation = Explanation {
        why: "alice loses it".to_owned(),
        conflict,
        pairs,
        basis: Basis {
            exhausted: false,
            states: None,
            failing: None,
            passing: None,
        },
        rule: None,
        point: None,
        near: None,
        smallest: "the smallest".to_owned(),
        reduction: None,
        limits: Vec::new(),
        stale: Vec::new(),
    };
    Trace {
        explanation: Some(explanation),
        ..trace
    }
}

/// The same step of one actor, so many times, each in conflict with each other.
fn pairs(steps: usize) -> Trace {
    let admit = vec![step("alice", "update", "server", "admit"); steps];
    let all = (1..=steps).flat_map(|one| (one + 1..=steps).map(move |other| (one, other)));
    explained(failing(admit), (1..=steps).collect(), all.collect())
}

/// So many actors that fall asleep, and wait for ever.
fn sleepers(actors: usize) -> Trace {
    let names: Vec<String> = (0..actors).map(|number| format!("a{number}")).collect();
    let sleep = |name: &String| TracedStep {
        asleep: true,
        ..step(name, "wait", "server", "await")
    };
    let wait = |name: &String| Waiting {
        actor: name.clone(),
        object: "server".to_owned(),
        label: "await".to_owned(),
    };
    let mut trace = failing(names.iter().map(sleep).collect());
    trace.waiting = names.iter().map(wait).collect();
    trace.violation = violation(&["termination"], "a0 waits for ever");
    trace.violation.as_mut().expect("it fails").at_rest = true;
    trace.actors = names;
    trace
}

/// Every rendering of a trace, by name.
fn renderings(trace: &Trace) -> [(&'static str, String); 5] {
    [
        ("text", text(trace, &TextOptions::default())),
        ("markdown", markdown(trace, FILE)),
        ("html", html(trace, FILE)),
        ("perfetto", perfetto(trace)),
        ("json", trace.to_json()),
    ]
}

/// Each rendering of the trace of twice the size is at most so much larger.
#[track_caller]
fn grows_in_proportion(of: impl Fn(usize) -> Trace, size: usize) {
    let (one, two) = (renderings(&of(size)), renderings(&of(2 * size)));
    for ((name, one), (_, two)) in one.iter().zip(&two) {
        let most = one.len() * 21 / 10 + 1_000;
        assert!(two.len() <= most, "{name}: {} and {}", one.len(), two.len());
    }
}

#[test]
fn a_page_draws_the_first_pairs_of_very_many_and_says_so() {
    let whole = pairs(300);
    let page = html(&whole, FILE);
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<path class=\"edge conflict\" marker-end"), 100);
    assert!(
        page.contains("a conflict; the first 100 of 44850 pairs, for more cannot be told apart")
    );
    // The others are marked all the same; one more is in the legend.
    assert_eq!(count("class=\"node in-conflict"), 299 + 1);
    assert_eq!(count("node fails in-conflict"), 1);
    let few = html(&pairs(10), FILE);
    assert_eq!(
        few.matches("<path class=\"edge conflict\" marker-end")
            .count(),
        45
    );
    assert!(!few.contains("cannot be told apart"));
}

#[test]
fn a_page_of_very_many_steps_or_actors_has_the_table_and_no_picture() {
    let page = html(&sleepers(60_000), FILE);
    assert!(!page.contains("<svg id=\"picture\""));
    assert!(page.contains(
        "Not drawn: a picture shows at most 1000 steps of at most 100 actors, and here are 60000 steps of 60000."
    ));
    assert_eq!(page.matches("<tr id=\"s").count(), 60_000);
    for drawn in [pairs(1_000_usize.isqrt()), sleepers(100)] {
        assert!(html(&drawn, FILE).contains("<svg id=\"picture\""));
    }
    assert!(!html(&sleepers(101), FILE).contains("<svg id=\"picture\""));
}

#[test]
fn renderings_grow_as_the_trace_does() {
    grows_in_proportion(sleepers, 4_000);
    grows_in_proportion(crowded_names, 4_000);
    grows_in_proportion(moving, 4_000);
    grows_in_proportion(wakers, 2_000);
    grows_in_proportion(|size| pairs(size.isqrt()), 10_000);
    grows_in_proportion(|size| many_enabled(size / 100), 20_000);
}

#[test]
fn events_are_as_many_as_steps_actors_and_sleeps() {
    let text = perfetto(&sleepers(60_000));
    assert_eq!(text.matches("\"ph\": \"X\"").count(), 120_000);
    assert_eq!(text.matches("\"thread_name\"").count(), 60_000);
}

/// Names that differ in nothing that is shown.
fn crowded_names(actors: usize) -> Trace {
    let names = (0..actors).map(|number| format!("{}{number}", "n".repeat(300)));
    let mut steps: Vec<TracedStep> = Vec::new();
    steps.extend(names.map(|name| step(&name, "update", "server", "admit")));
    failing(steps)
}

/// A neighbour that moves every second step to the end.
fn moving(steps: usize) -> Trace {
    let admit = vec![step("alice", "update", "server", "admit"); steps];
    let mut trace = explained(failing(admit), vec![1], Vec::new());
    let passing = |kept: Option<usize>| NearStep {
        actor: "alice".to_owned(),
        label: "admit".to_owned(),
        object: "server".to_owned(),
        kept,
        chosen: None,
        asleep: false,
        read: None,
        written: None,
        summary: Vec::new(),
    };
    let (kept, moved): (Vec<usize>, Vec<usize>) = (1..=steps).partition(|number| number % 2 == 1);
    let last = kept.last().copied();
    let steps = kept.iter().map(|&number| passing(Some(number)));
    let near = Near {
        sentence: "passes if they move".to_owned(),
        steps: steps.chain(moved.iter().map(|_| passing(None))).collect(),
        moves: moved
            .iter()
            .map(|&step| Move {
                step,
                after: last,
                before: None,
                instead: None,
            })
            .collect(),
    };
    trace.explanation.as_mut().expect("explained").near = Some(near);
    trace
}

/// A step that wakes very many, and then each of them.
fn wakers(actors: usize) -> Trace {
    let mut trace = sleepers(actors);
    let mut waker = step("waker", "update", "server", "wake");
    waker.woken = trace.actors.clone();
    trace.steps.push(waker);
    let again = trace
        .actors
        .iter()
        .map(|name| step(name, "enter", "server", "look"));
    trace.steps.extend(again);
    trace
}

/// Steps before each of which two hundred actors could have gone on.
fn many_enabled(steps: usize) -> Trace {
    let names: Vec<String> = (0..200).map(|number| format!("a{number}")).collect();
    let one = |number: usize| TracedStep {
        enabled: names.clone(),
        preemption: number > 0,
        ..step(&names[number % 200], "update", "server", "admit")
    };
    failing((0..steps).map(one).collect())
}

#[test]
fn a_step_that_changes_very_much_says_how_much_more() {
    let mut trace = wakers(2_000);
    trace.steps.truncate(2_001);
    let last = trace.steps.last_mut().expect("the waker");
    last.summary = (0..100_000)
        .map(|number| format!("fact {number}"))
        .collect();
    for (name, text) in renderings(&trace) {
        if name == "json" {
            continue;
        }
        // The table of a page has a row for each step, and the trace itself besides.
        assert!(text.len() < 5_000_000, "{name}: {} bytes", text.len());
        if name != "text" {
            assert!(text.contains("and 99960 more"), "{name}");
        }
    }
}

#[test]
fn words_without_end_are_cut() {
    let long = "word ".repeat(100_000);
    let mut trace = failing(vec![step(&long, "update", &long, &long); 3]);
    trace.steps[1].summary = vec![long.clone()];
    trace.violation = violation(&[&long], &long);
    for (name, text) in renderings(&trace) {
        let most = if name == "json" || name == "html" {
            20_000_000
        } else {
            100_000
        };
        let most = if name == "perfetto" { 4_000_000 } else { most };
        assert!(text.len() < most, "{name}: {} bytes", text.len());
    }
}
