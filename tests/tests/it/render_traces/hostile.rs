//! Traces that mean harm: markup, controls, long and wide names, in every string they have.

use std::collections::BTreeSet;

use logon_models::trace::{
    Basis, Explanation, Move, Near, NearStep, Order, OtherStep, Point, Reach, Reduction, Rule,
    Trace, TracedStep, TracedViolation, Waiting,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use crate::render_traces::samples;

/// The same cases in every run, and no file of failures beside the sources.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Parts of hostile strings.
const PARTS: &[&str] = &[
    "alice",
    "Session 2",
    "idle → connected",
    "end",
    "END",
    "end;",
    " ",
    "",
    "|",
    "\\|",
    "\\",
    "`",
    "```\n",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "&lt;",
    "&#124;",
    "#35;",
    "#",
    "#17",
    "@team",
    "https://example.org/x",
    "www.example.org",
    "%%{init: {}}%%",
    "%% comment",
    ";",
    ":::",
    "->>",
    "as",
    "participant Z as Z",
    "{",
    "}",
    "\"",
    "$HOME",
    "*bold*",
    "_low_",
    "[link](x)",
    "# head",
    "- item",
    "1. item",
    "\n",
    "\r\n",
    "\n| 1 | 2 |\n",
    "\t",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{9b}31m",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;http://x\u{7}",
    "\u{202e}gnp.exe",
    "\u{2066}",
    "\u{200f}",
    "\u{2028}",
    "\u{200b}",
    "\u{feff}",
    "\u{fb02}\u{b0}\u{b0}60\u{b6}\u{df}",
    "שלום",
    "مرحبا",
    "لالالا",
    "会話の相手",
    "ﾊﾝｶｸ",
    "ＡＢＣ",
    "👩\u{200d}👩\u{200d}👧",
    "❤\u{fe0f}",
    "🇩🇪",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{301}",
];

/// A hostile string.
pub(crate) fn string() -> impl Strategy<Value = String> {
    let joined = prop::collection::vec(select(PARTS), 0..6).prop_map(|parts| parts.concat());
    let long = (select(PARTS), 40_usize..200).prop_map(|(part, times)| part.repeat(times));
    let any = prop::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter);
    prop_oneof![6 => joined, 1 => long, 1 => any]
}

fn strings(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(string(), size)
}

fn step(actors: Vec<String>) -> impl Strategy<Value = TracedStep> {
    let kinds = select(
        &[
            "enter",
            "update",
            "wait",
            "wake",
            "load",
            "store",
            "compare-exchange",
        ][..],
    );
    let actor = prop_oneof![9 => select(actors.clone()), 1 => string()];
    let woken =
        prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(select(actors), 1..8)];
    let object = prop_oneof![4 => Just("server".to_owned()), 1 => string()];
    let values = (
        any::<Option<u64>>(),
        any::<Option<u64>>(),
        any::<bool>(),
        any::<bool>(),
    );
    (kinds, actor, woken, object, string(), strings(0..4), values).prop_map(
        |(kind, actor, woken, object, label, facts, (read, written, asleep, preemption))| {
            TracedStep {
                woken,
                summary: facts.clone(),
                facts,
                read,
                written,
                asleep,
                preemption,
                ..samples::step(&actor, kind, &object, &label)
            }
        },
    )
}

fn violation() -> impl Strategy<Value = Option<TracedViolation>> {
    let known = select(&["termination", "one-holder"][..]).prop_map(str::to_owned);
    let property = prop_oneof![known, string()];
    let violation =
        (property, string(), strings(0..3)).prop_map(|(property, sentence, properties)| {
            TracedViolation {
                at_rest: property == "termination",
                property,
                sentence,
                properties,
                repeats_from: None,
            }
        });
    prop::option::weighted(0.8, violation)
}

fn waiting(actors: Vec<String>) -> impl Strategy<Value = Vec<Waiting>> {
    let wait = (select(actors), string(), string()).prop_map(|(actor, object, label)| Waiting {
        actor,
        object,
        label,
    });
    prop::collection::vec(wait, 0..4)
}

fn missing(name: &str) -> OtherStep {
    OtherStep {
        actor: name.to_owned(),
        label: name.to_owned(),
        object: name.to_owned(),
        nth: 1,
    }
}

/// Whatever may be worked out, about steps with any numbers.
fn explanation() -> impl Strategy<Value = Option<Explanation>> {
    let number = || 1_usize..60;
    let order =
        (number(), prop::option::of(number()), string()).prop_map(|(first, then, name)| Order {
            first,
            then,
            other: then.is_none().then(|| missing(&name)),
        });
    let rule = (prop::collection::vec(order, 0..4), string()).prop_map(|(orders, sentence)| Rule {
        reach: Reach::Exactly,
        orders,
        sentence,
    });
    let point = (number(), string()).prop_map(|(step, sentence)| Point { step, sentence });
    let steps = (
        string(),
        string(),
        prop::option::of(number()),
        strings(0..3),
    );
    let steps = steps.prop_map(|(actor, label, kept, summary)| NearStep {
        actor,
        label,
        object: "server".to_owned(),
        kept,
        chosen: None,
        asleep: false,
        read: None,
        written: None,
        summary,
    });
    let moves = (number(), prop::option::of(number())).prop_map(|(step, after)| Move {
        step,
        after,
        before: None,
        instead: None,
    });
    let near = (
        prop::collection::vec(moves, 0..4),
        prop::collection::vec(steps, 0..20),
        string(),
    );
    let near = near.prop_map(|(moves, steps, sentence)| Near {
        moves,
        sentence,
        steps,
    });
    let numbers = prop::collection::vec(number(), 0..4);
    let whole = (
        string(),
        numbers,
        prop::option::of(rule),
        prop::option::of(point),
        prop::option::of(near),
        string(),
        strings(0..4),
    );
    let whole = whole.prop_map(
        |(why, conflict, rule, point, near, smallest, taken)| Explanation {
            why,
            pairs: conflict.windows(2).map(|pair| (pair[0], pair[1])).collect(),
            conflict,
            basis: Basis {
                exhausted: true,
                states: Some(1),
                failing: Some("1".to_owned()),
                passing: None,
            },
            rule,
            point,
            near,
            smallest,
            reduction: Some(Reduction {
                searches: taken.len(),
                taken,
                sampled: 1,
                given_up: None,
            }),
            limits: Vec::new(),
            stale: Vec::new(),
        },
    );
    prop::option::weighted(0.7, whole)
}

/// The same about these steps, at least one, and as they do not contradict it.
fn within(mut found: Explanation, steps: &[TracedStep]) -> Explanation {
    let fit = |number: usize| 1 + number % steps.len();
    found.conflict = distinct(found.conflict.into_iter().map(fit));
    let neighbours = found.conflict.windows(2).map(|two| (two[0], two[1]));
    found.pairs = neighbours.take(found.pairs.len()).collect();
    if let Some(near) = &mut found.near {
        near_within(near, steps);
    }
    found.basis.passing = Some(if found.near.is_some() { "1" } else { "0" }.to_owned());
    match &mut found.rule {
        None => (found.point, found.near) = (None, None),
        Some(rule) => {
            for order in &mut rule.orders {
                order.first = fit(order.first);
                let then = order.then.map(fit).filter(|&then| then > order.first);
                if order.then.is_some() && then.is_none() {
                    order.other = Some(missing("nobody"));
                }
                order.then = then;
            }
            let point = found.point.get_or_insert(Point {
                step: 1,
                sentence: String::new(),
            });
            point.step = fit(point.step);
            rule.reach = match rule.orders.is_empty() {
                true => Reach::Nothing,
                false => Reach::Exactly,
            };
            if found.near.is_none() {
                (rule.reach, point.step) = (Reach::Always, 0);
                rule.orders.clear();
            }
        }
    }
    found
}

/// A neighbour that keeps some of these steps and moves the others.
fn near_within(near: &mut Near, steps: &[TracedStep]) {
    let named = near.steps.iter().filter_map(|step| step.kept);
    let kept = distinct(named.map(|number| 1 + number % steps.len()));
    let mut left = kept.iter().copied();
    for step in &mut near.steps {
        step.kept = step.kept.and_then(|_| left.next());
        if let Some(own) = step.kept.map(|number| &steps[number - 1]) {
            (step.actor, step.label, step.object) =
                (own.actor.clone(), own.label.clone(), own.object.clone());
        }
    }
    let moved = (1..=steps.len()).filter(|number| !kept.contains(number));
    near.moves = moved
        .map(|step| Move {
            step,
            after: kept.last().copied().filter(|_| step % 3 == 0),
            before: kept.first().copied().filter(|_| step % 3 == 1),
            instead: None,
        })
        .collect();
}

fn distinct(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    BTreeSet::from_iter(numbers).into_iter().collect()
}

/// The same steps; none is a preemption of its own actor.
fn sensible(mut steps: Vec<TracedStep>) -> Vec<TracedStep> {
    for index in 0..steps.len() {
        let before = index.checked_sub(1).map(|before| &steps[before].actor);
        let is_other = before.is_some_and(|before| *before != steps[index].actor);
        steps[index].preemption &= is_other;
    }
    steps
}

/// A hostile trace.
pub(crate) fn trace() -> impl Strategy<Value = Trace> {
    strings(1..8).prop_flat_map(|actors| {
        let steps = prop::collection::vec(step(actors.clone()), 0..45);
        // The program knows some, and says then how to replay.
        let variant = prop_oneof![3 => string(), 1 => Just("fixed".to_owned())];
        let names = (variant, string(), string(), any::<bool>());
        (
            Just(actors.clone()),
            steps,
            names,
            violation(),
            waiting(actors),
            explanation(),
        )
            .prop_map(
                |(
                    actors,
                    steps,
                    (variant, scenario, checker, needs_weak_memory),
                    violation,
                    waiting,
                    explanation,
                )| {
                    let trace = samples::trace(&variant, &scenario, &[], sensible(steps));
                    let fails = violation.is_some() && !trace.steps.is_empty();
                    let explanation = explanation.filter(|_| fails);
                    // Some of those that fail in their last step fail because they go round.
                    let goes_round =
                        fails && waiting.is_empty() && trace.steps.len().is_multiple_of(2);
                    let violation = violation.map(|fell| TracedViolation {
                        repeats_from: (goes_round && !fell.at_rest)
                            .then_some(1 + trace.steps.len() / 2),
                        ..fell
                    });
                    Trace {
                        actors,
                        checker,
                        needs_weak_memory,
                        violation,
                        waiting,
                        explanation: explanation.map(|found| within(found, &trace.steps)),
                        ..trace
                    }
                },
            )
    })
}
