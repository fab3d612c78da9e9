//! The rule, against every set of at most three orders and every execution.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::super::chart::Basis;
use super::super::near::{ReasonNames, nearest};
use super::super::orders::{Event, MOST_ORDERS, Order, events};
use super::super::rule::{Limits, Reach, Rule, Then, rule};
use super::super::work::GivenUp;
use super::random::each_chart;
use super::{Chart, Fate, NO_LIMITS, Way, drawn, executions, holds, parted, plenty};

/// Which of its two steps comes first decides: 0's first one before 1's only one.
const RACE: &[(&str, u16, &str)] = &[
    ("start", 0, "a"),
    ("a", 0, "aa"),
    ("a", 1, "ab"),
    ("aa", 1, "fails 0"),
    ("ab", 0, "fails 0"),
    ("start", 1, "b"),
    ("b", 0, "ba"),
    ("ba", 0, "passes"),
];

#[test]
fn one_order_decides_exactly() {
    let chart = drawn(RACE);
    let (failing, passing) = parted(&chart);
    let found = rule(&chart, &failing[0], passing.first(), &|_| true, NO_LIMITS).rule;
    let expected = Rule::Orders {
        reach: Reach::Exactly,
        steps: vec![(0, Then::Step(2))],
        holding: Some(2),
    };
    assert_eq!(found, expected);
}

#[test]
fn two_executions_of_a_sample_support_no_rule() {
    let mut chart = drawn(RACE);
    let (failing, passing) = parted(&chart);
    chart.basis = Basis::Sampled(3);
    let found = rule(&chart, &failing[0], passing.first(), &|_| true, NO_LIMITS).rule;
    assert_eq!(found, Rule::None);
}

/// An order that the failing execution has and a rule may name, and the executions in which it holds.
struct Candidate {
    steps: (usize, Then),
    in_which: Vec<bool>,
}

impl Candidate {
    fn new(own: &[Event], (first, then): (usize, Then), ends: &[(Way, Fate)]) -> Candidate {
        let order = Order {
            first: own[first],
            then: match then {
                Then::Step(then) => own[then],
                Then::Other(then) => then,
            },
            or_never: matches!(then, Then::Other(_)),
        };
        let in_which = ends.iter().map(|(way, _)| holds(&order, way)).collect();
        Candidate {
            steps: (first, then),
            in_which,
        }
    }
}

/// All of them: of steps of two actors, and of a step before one that only `passing` has.
fn candidates(failing: &Way, passing: Option<&Way>, ends: &[(Way, Fate)]) -> Vec<Candidate> {
    let own = events(failing);
    let others = passing.map(events).unwrap_or_default();
    let others = others.into_iter().filter(|other| !own.contains(other));
    let others = others.map(|other| (own.len(), other, Then::Other(other)));
    let steps = own.iter().enumerate();
    let thens = steps.map(|(at, event)| (at, *event, Then::Step(at)));
    let mut all = Vec::new();
    for (before, then, named) in thens.chain(others) {
        let firsts = (0..before).filter(|&first| own[first].actor != then.actor);
        all.extend(firsts.map(|first| Candidate::new(&own, (first, named), ends)));
    }
    all
}

/// How many of `candidates` it takes at least so that `is_one` is so for the executions in which they hold.
fn fewest(
    candidates: &[Candidate],
    ends: usize,
    is_one: &dyn Fn(&[bool]) -> bool,
) -> Option<usize> {
    (0..=MOST_ORDERS).find(|&size| some_set(candidates, size, &vec![true; ends], is_one))
}

fn some_set(
    candidates: &[Candidate],
    size: usize,
    held: &[bool],
    is_one: &dyn Fn(&[bool]) -> bool,
) -> bool {
    if size == 0 {
        return is_one(held);
    }
    (0..candidates.len()).any(|at| {
        let both = held.iter().zip(&candidates[at].in_which);
        let both: Vec<bool> = both.map(|(held, holds)| *held && *holds).collect();
        some_set(&candidates[at + 1..], size - 1, &both, is_one)
    })
}

/// How many orders it takes at least, by the definitions alone; `None` if more than three.
struct Fewest {
    exactly: Option<usize>,
    like_this: Option<usize>,
    whenever: Option<usize>,
}

impl Fewest {
    fn of(candidates: &[Candidate], ends: &[(Way, Fate)], alike: u32) -> Fewest {
        let of = |is_right: &dyn Fn(bool, Fate) -> bool| {
            fewest(candidates, ends.len(), &|held| {
                let mut pairs = held.iter().zip(ends);
                pairs.all(|(held, (_, fate))| is_right(*held, *fate))
            })
        };
        Fewest {
            exactly: of(&|held, fate| held == (fate != Fate::Passes)),
            like_this: of(&|held, fate| held == (fate == Fate::Fails(alike))),
            whenever: of(&|held, fate| !held || fate != Fate::Passes),
        }
    }
}

/// How the executions end in which all of these hold, except one that is left out.
fn together(orders: &[Candidate], left_out: Option<usize>, ends: &[(Way, Fate)]) -> Vec<Fate> {
    let orders = orders.iter().enumerate();
    let rest = orders.filter(|(at, _)| Some(*at) != left_out);
    let rest: Vec<&Candidate> = rest.map(|(_, order)| order).collect();
    let holding = (0..ends.len()).filter(|&end| rest.iter().all(|order| order.in_which[end]));
    holding.map(|end| ends[end].1).collect()
}

/// Compares the rule of one failing execution with the definitions, and names its reach.
fn compare(chart: &Chart, failing: &Way, alike: u32) -> &'static str {
    let ends = executions(chart);
    let near = nearest(chart, failing, &ReasonNames::default(), &mut plenty()).expect("enough");
    let passing = near.as_ref().map(|near| &near.way);
    let candidates = candidates(failing, passing, &ends);
    let fewest = Fewest::of(&candidates, &ends, alike);
    let some_pass = ends.iter().any(|(_, fate)| *fate == Fate::Passes);
    match rule(
        chart,
        failing,
        passing,
        &|number| number == alike,
        NO_LIMITS,
    )
    .rule
    {
        Rule::Always => {
            assert!(!some_pass);
            "always"
        }
        Rule::None => {
            assert_eq!(fewest.whenever, None);
            "none"
        }
        Rule::Orders {
            reach,
            steps,
            holding,
        } => {
            assert!(some_pass);
            let own = events(failing);
            let orders = steps
                .iter()
                .map(|&steps| Candidate::new(&own, steps, &ends));
            let orders: Vec<Candidate> = orders.collect();
            let known = |of: &Candidate| candidates.iter().any(|other| other.steps == of.steps);
            assert!(orders.iter().all(known), "{steps:?}");
            let held = together(&orders, None, &ends);
            assert_eq!(holding, Some(held.len() as u128), "{steps:?}");
            for left_out in 0..orders.len() {
                let rest = together(&orders, Some(left_out), &ends);
                assert!(rest.contains(&Fate::Passes), "{steps:?}, {left_out}");
            }
            reaches_as_far(reach, &held, orders.len(), &fewest, &ends, alike)
        }
    }
}

/// Whether orders that hold in `held` reach as far as they are said to, no others farther, and no fewer as far.
fn reaches_as_far(
    reach: Reach,
    held: &[Fate],
    orders: usize,
    fewest: &Fewest,
    ends: &[(Way, Fate)],
    alike: u32,
) -> &'static str {
    let count = |of: &dyn Fn(Fate) -> bool| ends.iter().filter(|(_, fate)| of(*fate)).count();
    let fails = |fate: Fate| fate != Fate::Passes;
    let fails_alike = |fate: Fate| fate == Fate::Fails(alike);
    assert!(held.iter().all(|fate| fails(*fate)));
    assert_eq!(fewest.exactly.is_some(), reach == Reach::Exactly);
    match reach {
        Reach::Exactly => {
            assert_eq!(held.len(), count(&fails));
            assert_eq!(Some(orders), fewest.exactly);
            "exactly"
        }
        Reach::LikeThis => {
            assert!(held.iter().all(|fate| fails_alike(*fate)));
            assert_eq!(held.len(), count(&fails_alike));
            assert_eq!(Some(orders), fewest.like_this);
            "like this"
        }
        Reach::Whenever => {
            assert!(!held.is_empty());
            assert_eq!(Some(orders), fewest.whenever);
            // Orders of which one is there only to keep out who fails otherwise are given up.
            assert!(fewest.like_this.is_none_or(|like_this| like_this > orders));
            "whenever"
        }
    }
}

#[test]
fn no_other_orders_say_more_and_no_fewer_say_as_much() {
    let reaches = RefCell::new(BTreeMap::new());
    each_chart(400, |chart| {
        let failing = executions(chart).into_iter();
        let failing = failing.filter_map(|(way, fate)| match fate {
            Fate::Fails(number) => Some((way, number)),
            Fate::Passes => None,
        });
        for (way, number) in failing.take(3) {
            let reach = compare(chart, &way, number);
            *reaches.borrow_mut().entry(reach).or_insert(0) += 1;
        }
    });
    // Each of them must have occurred, so that what compares nothing cannot pass.
    let reaches = reaches.into_inner();
    let occurring: Vec<&str> = reaches.keys().copied().collect();
    let all = ["always", "exactly", "like this", "none", "whenever"];
    assert_eq!(occurring, all, "{reaches:?}");
}

#[test]
fn an_order_that_cannot_be_otherwise_is_not_taken_where_another_says_as_much() {
    each_chart(400, |chart| {
        let ends = executions(chart);
        let failing = ends.iter().filter_map(|(way, fate)| match fate {
            Fate::Fails(number) => Some((way, *number)),
            Fate::Passes => None,
        });
        for (way, number) in failing.take(2) {
            let near = nearest(chart, way, &ReasonNames::default(), &mut plenty()).expect("enough");
            let passing = near.as_ref().map(|near| &near.way);
            let found = rule(chart, way, passing, &|other| other == number, NO_LIMITS).rule;
            let Rule::Orders {
                reach: Reach::Exactly,
                steps,
                ..
            } = found
            else {
                continue;
            };
            let own = events(way);
            let forced = |steps: &(usize, Then)| {
                let then = match steps.1 {
                    Then::Step(then) => own[then],
                    Then::Other(then) => then,
                };
                let reversed = Order {
                    first: then,
                    then: own[steps.0],
                    or_never: false,
                };
                !ends.iter().any(|(way, _)| holds(&reversed, way))
            };
            let taken = steps.iter().filter(|steps| forced(steps)).count();
            let candidates = candidates(way, passing, &ends);
            let all: Vec<bool> = ends.iter().map(|(_, fate)| *fate != Fate::Passes).collect();
            let free: Vec<Candidate> = candidates
                .into_iter()
                .filter(|candidate| !forced(&candidate.steps))
                .collect();
            let is_exact = |held: &[bool]| held == all;
            let without = some_set(&free, steps.len(), &vec![true; ends.len()], &is_exact);
            assert!(taken == 0 || !without, "{steps:?}");
        }
    });
}

#[test]
fn a_search_that_is_given_up_says_after_how_much_work() {
    let chart = drawn(RACE);
    let (failing, passing) = parted(&chart);
    let little = |work| Limits { work, rules: 100 };
    let found = |work| {
        rule(
            &chart,
            &failing[0],
            passing.first(),
            &|_| true,
            little(work),
        )
    };
    for work in [0, 1, 5] {
        let found = found(work);
        assert_eq!(found.exactly, Some(GivenUp { after: work }));
        assert_eq!(
            (found.rule, found.whenever),
            (Rule::None, Some(GivenUp { after: work }))
        );
    }
    let enough = found(1_000);
    assert_eq!((enough.exactly, enough.whenever), (None, None));
    assert_ne!(enough.rule, Rule::None);
}
