//! Planted faults: each is noticed, or it is said why it makes no difference.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Variant;

use super::tie::{Play, Rules, explore};
use crate::proof::arithmetic::certificate::{Certificate, check};
use crate::proof::arithmetic::linear::{Form, Variable};
use crate::proof::arithmetic::refute::refute;
use crate::proof::extract::{Extraction, extract};
use crate::proof::invariant::invariant;
use crate::proof::obligations::obligations_with;
use crate::proof::prove::{Certified, certified};
use crate::proof::quantity::{CREATING, IDLE, MAXIMUM, PERMITS};
use crate::proof::rule::{Duty, Rule};
use crate::proof::{Configuration, build};
use crate::scenario::Scenario;

const BOUNDED: Configuration = Configuration::ALL[0];

fn extraction(configuration: Configuration) -> Extraction {
    let allocator = build(Variant::Fixed, configuration);
    extract(&allocator, configuration).expect("it can be followed")
}

/// What is no longer proved, each once: the property, and the label of the section if it is about one.
fn unproved(certified: &Certified) -> BTreeSet<(&'static str, String)> {
    let unproved = certified.unproved.iter();
    unproved
        .map(|unproved| {
            let label = unproved.place.as_ref().map(|place| place.label.clone());
            (unproved.property, label.unwrap_or_default())
        })
        .collect()
}

/// The first sum of a certificate that takes more than one constraint.
fn sum(certificate: &mut Certificate) -> Option<&mut Vec<(usize, u64)>> {
    match certificate {
        Certificate::Sum(multiples) => Some(multiples).filter(|multiples| multiples.len() > 1),
        Certificate::Split { branches, .. } => branches.iter_mut().find_map(sum),
        Certificate::Cut { low, high, .. } => sum(low).or_else(|| sum(high)),
    }
}

#[test]
fn a_certificate_with_a_wrong_multiplier_is_rejected() {
    let certified = certified(extraction(BOUNDED));
    let mut changed = 0;
    for (obligation, certificate) in &certified.shown {
        assert_eq!(check(&obligation.formulas, certificate), Ok(()));
        let mut wrong = certificate.clone();
        let Some(multiples) = sum(&mut wrong) else {
            continue;
        };
        multiples[0].1 += 1;
        let rejected = check(&obligation.formulas, &wrong);
        assert!(rejected.is_err(), "{wrong:?} of {:?}", obligation.formulas);
        changed += 1;
    }
    println!(
        "{changed} of {} certificates were changed",
        certified.shown.len()
    );
    assert!(changed * 2 > certified.shown.len());
}

/// Alice goes back to her session while it expires.
fn small_scenario() -> Play {
    let preset = Scenario::preset("reconnect-vs-reset").expect("a preset");
    Play::of(&Arc::new(preset))
}

const UNBOUNDED: Configuration = Configuration::ALL[2];

#[test]
fn the_tie_notices_a_rule_that_is_missing() {
    let explored = explore(&small_scenario());
    let extraction = extraction(UNBOUNDED);
    let all = Rules::from(&extraction);
    assert_eq!(explored.compare(&all).unmatched, Vec::<String>::new());
    let used = all.used();
    assert!(used.len() > 10);
    for &number in &used {
        let fewer = Rules::from(&extraction).without(number);
        assert_ne!(
            explored.compare(&fewer).unmatched,
            Vec::<String>::new(),
            "rule {number}"
        );
    }
}

#[test]
fn the_tie_notices_a_type_that_is_missing() {
    let explored = explore(&small_scenario());
    let extraction = extraction(UNBOUNDED);
    let mut noticed = BTreeSet::new();
    for (missing, bundle) in extraction.types.iter().enumerate() {
        let mut fewer = extraction.clone();
        fewer.is_followed[missing] = false;
        let has = |kinds: &[usize]| kinds.contains(&missing);
        fewer
            .rules
            .retain(|rule| !has(&rule.before) && !has(&rule.after));
        if !explored.compare(&Rules::from(&fewer)).unmatched.is_empty() {
            noticed.insert(bundle.to_string());
        }
    }
    // What the server knows of each other party that takes part here, it may know of another one as well.
    let expected = [
        "client outside, session Disconnected (with a user)",
        "timer after \"expire\" before \"delete\", session Reset (with a user)",
        "worker after \"begin creation\", session Init",
        "worker before \"begin creation\"",
    ];
    assert_eq!(noticed, expected.map(str::to_owned).into());
}

#[test]
fn a_duty_that_is_not_done_is_not_proved() {
    let mut extraction = extraction(BOUNDED);
    let types = &extraction.types;
    let serves_the_line = |rule: &&mut Rule| {
        let mut before = rule.before.iter();
        rule.label == "publish" && before.any(|kind| types[*kind].places > 0)
    };
    let rule = extraction.rules.iter_mut().find(serves_the_line);
    rule.expect("a session goes to the line")
        .duties
        .push(Duty::NoLine);
    let fell = unproved(&certified(extraction));
    assert_eq!(fell, BTreeSet::from([("S11", "publish".to_owned())]));
}

/// Drops the conditions that speak of these two quantities from one rule, and says what is no longer proved.
fn without_condition(
    label: &str,
    about: [Variable; 2],
    has: impl Fn(&Rule) -> bool,
) -> BTreeSet<(&'static str, String)> {
    let mut extraction = extraction(BOUNDED);
    let speaks = |form: &Form| about.map(|variable| form.coefficient(variable)) != [0; 2];
    let is_it = |rule: &&mut Rule| {
        rule.label == label && !rule.is_blocked && has(rule) && rule.conditions.iter().any(speaks)
    };
    let rule = extraction.rules.iter_mut().find(is_it);
    let rule = rule.expect("a rule with such a condition");
    rule.conditions.retain(|condition| !speaks(condition));
    unproved(&certified(extraction))
}

#[test]
fn a_condition_that_matters_is_missed() {
    let admits = |rule: &Rule| rule.duties.contains(&Duty::Room);
    let refuses = |rule: &Rule| rule.duties.contains(&Duty::Full);
    let creates = |rule: &Rule| rule.duties.contains(&Duty::Wanted);
    let queues = |rule: &Rule| rule.conditions.contains(&Form::of(IDLE).times(-1));
    let of = |property, label: &str| (property, label.to_owned());
    assert_eq!(
        without_condition("admit", [MAXIMUM, PERMITS], admits),
        BTreeSet::from([of("S2", "admit")])
    );
    assert_eq!(
        without_condition("admit", [MAXIMUM, PERMITS], refuses),
        BTreeSet::from([of("S1", "admit")])
    );
    assert_eq!(
        without_condition("begin creation", [IDLE, CREATING], creates),
        BTreeSet::from([of("S12", "begin creation")])
    );
    assert_eq!(
        without_condition("claim or queue", [IDLE, IDLE], queues),
        BTreeSet::from([of("L2", "claim or queue")])
    );
}

/// Parts of the invariant on which nothing else rests, and why they are there all the same.
const RESTED_UPON_BY_NOTHING: &[(&str, &str)] = &[
    (
        "no more permits are out than there are",
        "it is S2 itself; each admission has looked",
    ),
    (
        "there are as many workers as sessions may be created at a time",
        "each creation has looked whether there is a worker for it; it says what the number means",
    ),
    (
        "the server shuts down or does not",
        "a rule that depends on a flag has it as its condition, one way or the other",
    ),
    (
        "logons are enabled or not",
        "a rule that depends on a flag has it as its condition, one way or the other",
    ),
    (
        "the maximum is not negative",
        "it is compared with permits alone, and these are",
    ),
    (
        "no fewer than no logons are held",
        "where it matters, as many are held as take part in the rule, or as are in line",
    ),
    (
        "no fewer than no sessions are idle",
        "where it matters, as many are idle as take part in the rule",
    ),
    (
        "no fewer than no sessions are being created",
        "where it matters, as many are created as take part in the rule",
    ),
];

#[test]
fn each_part_of_the_invariant_is_needed_by_another_or_it_is_said_why_not() {
    let mut needless: BTreeSet<&str> = BTreeSet::new();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for configuration in Configuration::ALL {
        let extraction = extraction(configuration);
        for place in 0..invariant(configuration.has_maximum).len() {
            let mut weaker = invariant(configuration.has_maximum);
            let removed = weaker.remove(place).sentence;
            let (obligations, _) = obligations_with(&extraction, weaker);
            let fails = obligations
                .iter()
                .find(|obligation| refute(&obligation.formulas).is_err());
            match fails {
                Some(fails) => {
                    println!("{removed}: {:?}", fails.broken);
                    needed.insert(removed);
                }
                None => {
                    needless.insert(removed);
                }
            }
        }
    }
    let needless: BTreeSet<&str> = needless.difference(&needed).copied().collect();
    let expected = RESTED_UPON_BY_NOTHING.iter().map(|(sentence, _)| *sentence);
    assert_eq!(needless, expected.collect());
}
