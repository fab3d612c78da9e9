//! The rule: the fewest orders of two steps that tell the failing executions from the passing ones.
//!
//! Orders that hold in every failing execution are looked for first; among those, the fewest that hold together in no
//! other. What a set of orders lets through is shown by an execution, which the next set must exclude: so only few
//! sets are ever tried (counterexample-guided, as in Solar-Lezama et al., ASPLOS 2006).

use super::chart::{Basis, Chart, Fate, Way};
use super::orders::{self, Event, MOST_ORDERS, Order, Wanted};

/// How far a rule goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// An execution fails if and only if the orders hold.
    Exactly,
    /// An execution fails as this one does if and only if they hold.
    LikeThis,
    /// An execution in which they hold fails; others may fail as well.
    Whenever,
}

/// What comes after a step of the failing execution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Then {
    /// Another step of it, from 0.
    Step(usize),
    /// This step, which it does not have: it comes later or never.
    Other(Event),
}

/// What separates failing from passing executions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    /// Nothing needs to: every execution fails.
    Always,
    /// These orders do. Without any one of them some execution has the others and passes.
    Orders {
        /// How far they go.
        reach: Reach,
        /// The orders, by steps of the failing execution, from 0.
        steps: Vec<(usize, Then)>,
        /// In how many executions they all hold, if that can be counted.
        holding: Option<u128>,
    },
    /// No three orders do.
    None,
}

/// The rule for `failing`. `alike` says which failures are the same as its own; `passing` is an execution beside it
/// that passes, if there is one.
pub(super) fn rule(
    chart: &Chart,
    failing: &Way,
    passing: Option<&Way>,
    alike: &dyn Fn(u32) -> bool,
) -> Rule {
    let fails = |fate: Fate| matches!(fate, Fate::Fails(_));
    let fails_alike = |fate: Fate| matches!(fate, Fate::Fails(number) if alike(number));
    let passes = |fate: Fate| fate == Fate::Passes;
    if orders::execution(chart, &[], Wanted::Holding, &passes).is_none() {
        return Rule::Always;
    }
    let candidates = candidates(failing, passing);
    let in_all = |ends: &dyn Fn(Fate) -> bool| -> Vec<Candidate> {
        let in_all = candidates.iter().filter(|candidate| {
            orders::execution(chart, &[candidate.order], Wanted::Breaking, ends).is_none()
        });
        in_all.copied().collect()
    };
    let levels: [(Reach, &dyn Fn(Fate) -> bool); 2] =
        [(Reach::Exactly, &fails), (Reach::LikeThis, &fails_alike)];
    for (reach, ends) in levels {
        if let Some(found) = separating(chart, &in_all(ends), ends)
            && is_minimal(chart, &found)
            && let Some(rule) = Rule::of(chart, reach, &found)
        {
            return rule;
        }
    }
    // The one that covers most; of several the first.
    let found = all_separating(chart, &candidates, &fails);
    let rules = found
        .iter()
        .filter_map(|found| Rule::of(chart, Reach::Whenever, found));
    let rule = rules.rev().max_by_key(|rule| match rule {
        Rule::Orders { holding, .. } => *holding,
        _ => None,
    });
    rule.unwrap_or(Rule::None)
}

/// How many rules of the same size are compared.
const MOST_COMPARED: usize = 100;

/// In how many executions of a sample the orders of a rule must hold, for the rule to say more than that they did.
pub(super) const FEWEST: u128 = 20;

/// Whether without any one of these orders some execution passes.
fn is_minimal(chart: &Chart, found: &[Candidate]) -> bool {
    let passes = |fate: Fate| fate == Fate::Passes;
    (0..found.len()).all(|left_out| {
        let rest = found.iter().enumerate().filter(|(at, _)| *at != left_out);
        let rest: Vec<Order> = rest.map(|(_, candidate)| candidate.order).collect();
        orders::execution(chart, &rest, Wanted::Holding, &passes).is_some()
    })
}

impl Rule {
    /// The rule of these orders, unless too little of a sample supports it.
    fn of(chart: &Chart, reach: Reach, found: &[Candidate]) -> Option<Rule> {
        let orders: Vec<Order> = found.iter().map(|candidate| candidate.order).collect();
        let mut steps: Vec<_> = found.iter().map(|candidate| candidate.steps).collect();
        steps.sort_unstable();
        let holding = orders::count(chart, &orders);
        let is_sample = matches!(chart.basis, Basis::Sampled(_));
        let is_supported = !is_sample || holding.is_some_and(|holding| holding >= FEWEST);
        is_supported.then_some(Rule::Orders {
            reach,
            steps,
            holding,
        })
    }
}

/// An order that holds in the failing execution.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    steps: (usize, Then),
    order: Order,
}

/// The orders of two actors' steps, the latest first: what is near the failure explains it best. Then those of a step
/// and one that only the passing execution has.
fn candidates(failing: &Way, passing: Option<&Way>) -> Vec<Candidate> {
    let own: Vec<Event> = orders::events(failing);
    let mut found = Vec::new();
    for (later, &then) in own.iter().enumerate().rev() {
        found.extend(before(&own[..later], then, Then::Step(later)));
    }
    for other in passing.into_iter().flat_map(orders::events) {
        if !own.contains(&other) {
            found.extend(before(&own, other, Then::Other(other)));
        }
    }
    found
}

/// Each of `events`, the latest first, before the step `then` of another actor.
fn before(events: &[Event], then: Event, named: Then) -> impl Iterator<Item = Candidate> {
    let events = events.iter().enumerate().rev();
    let of_others = events.filter(move |(_, first)| first.actor != then.actor);
    of_others.map(move |(step, &first)| Candidate {
        steps: (step, named),
        order: Order {
            first,
            then,
            or_never: matches!(named, Then::Other(_)),
        },
    })
}

/// The fewest of `candidates` that hold together only in executions that end in `ends`.
fn separating(
    chart: &Chart,
    candidates: &[Candidate],
    ends: &dyn Fn(Fate) -> bool,
) -> Option<Vec<Candidate>> {
    let mut found = separating_sets(chart, candidates, ends, 1);
    found.pop()
}

/// All such sets of that size, but no more than are compared.
fn all_separating(
    chart: &Chart,
    candidates: &[Candidate],
    ends: &dyn Fn(Fate) -> bool,
) -> Vec<Vec<Candidate>> {
    separating_sets(chart, candidates, ends, MOST_COMPARED)
}

fn separating_sets(
    chart: &Chart,
    candidates: &[Candidate],
    ends: &dyn Fn(Fate) -> bool,
    most: usize,
) -> Vec<Vec<Candidate>> {
    let mut found = Vec::new();
    // For each execution that must be excluded, which candidates exclude it.
    let mut excluding: Vec<Vec<bool>> = Vec::new();
    for size in 0..=MOST_ORDERS {
        let mut set = first_set(size);
        'sets: while let Some(members) = set {
            set = next_set(&members, candidates.len());
            let excludes = |by: &Vec<bool>| members.iter().any(|&member| by[member]);
            if members.last().is_some_and(|&last| last >= candidates.len())
                || !excluding.iter().all(excludes)
            {
                continue 'sets;
            }
            let orders: Vec<Order> = members.iter().map(|&at| candidates[at].order).collect();
            let other = |fate: Fate| !ends(fate);
            match orders::execution(chart, &orders, Wanted::Holding, &other) {
                None => {
                    found.push(members.iter().map(|&at| candidates[at]).collect());
                    if found.len() == most {
                        return found;
                    }
                }
                Some(way) => {
                    let breaks = |candidate: &Candidate| !orders::holds(&candidate.order, &way);
                    let by: Vec<bool> = candidates.iter().map(breaks).collect();
                    if !by.contains(&true) {
                        // Nothing excludes it.
                        return found;
                    }
                    excluding.push(by);
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

fn first_set(size: usize) -> Option<Vec<usize>> {
    Some((0..size).collect())
}

/// The next set of as many numbers below `most`, in lexicographic order.
fn next_set(set: &[usize], most: usize) -> Option<Vec<usize>> {
    let size = set.len();
    let place = (0..size)
        .rev()
        .find(|&place| set[place] + size - place < most)?;
    let mut next = set.to_vec();
    next[place] += 1;
    for later in place + 1..size {
        next[later] = next[later - 1] + 1;
    }
    Some(next)
}
