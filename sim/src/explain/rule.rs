//! The rule: the fewest orders of two steps that tell the failing executions from the passing ones.
//!
//! Orders that hold in every failing execution are looked for first; among those, the fewest that hold together in no
//! other. What a set of orders lets through is shown by an execution, which the next set must exclude: so only few
//! sets are ever tried (counterexample-guided, as in Solar-Lezama et al., ASPLOS 2006).

use super::chart::{Basis, Chart, Fate, Way};
use super::orders::{self, Event, MOST_ORDERS, Order, Wanted};
use super::work::{GivenUp, Work};

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

/// A rule, and how far it was looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) rule: Rule,
    /// The search for one that says when exactly an execution fails was given up after so much work.
    pub(super) exactly: Option<GivenUp>,
    /// The search for one that covers some of those that fail was.
    pub(super) whenever: Option<GivenUp>,
    /// How many sets of orders were looked at.
    pub(super) sets: u64,
    /// Whether there are more rules of this size than were compared.
    pub(super) are_more: bool,
}

impl Found {
    fn all_there_is(rule: Rule) -> Found {
        Found {
            rule,
            exactly: None,
            whenever: None,
            sets: 0,
            are_more: false,
        }
    }
}

/// How far a rule is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How much work is done to find one that says when exactly an execution fails, and again for one that covers some.
    pub(super) work: u64,
    /// How many of the same size are compared.
    pub(super) rules: usize,
}

/// The rule for `failing`. `alike` says which failures are the same as its own; `passing` is an execution beside it
/// that passes, if one is known.
pub(super) fn rule(
    chart: &Chart,
    failing: &Way,
    passing: Option<&Way>,
    alike: &dyn Fn(u32) -> bool,
    limits: Limits,
) -> Found {
    let mut search = Search {
        chart,
        candidates: candidates(failing, passing),
        work: Work::of(limits.work),
        sets: 0,
    };
    let exactly = match search.exactly(alike, limits.rules) {
        Ok(Some(rule)) => {
            return Found {
                sets: search.sets,
                ..Found::all_there_is(rule)
            };
        }
        Ok(None) => None,
        Err(given_up) => Some(given_up),
    };
    search.work = Work::of(limits.work);
    let (rule, are_more, whenever) = search.whenever(limits.rules);
    Found {
        rule,
        exactly,
        whenever,
        sets: search.sets,
        are_more,
    }
}

/// A search for a rule.
struct Search<'a> {
    chart: &'a Chart,
    candidates: Vec<Candidate>,
    work: Work,
    /// How many sets of orders were looked at.
    sets: u64,
}

fn passes(fate: Fate) -> bool {
    fate == Fate::Passes
}

impl Search<'_> {
    /// A rule that says when exactly an execution fails, or fails alike.
    ///
    /// Of several of the same size of which so many are compared, the one in which the fewest orders are forced, of those
    /// the first: an order that cannot be otherwise says no more than that its steps happen.
    fn exactly(
        &mut self,
        alike: &dyn Fn(u32) -> bool,
        most: usize,
    ) -> Result<Option<Rule>, GivenUp> {
        let chart = self.chart;
        let fails = |fate: Fate| matches!(fate, Fate::Fails(_));
        let fails_alike = |fate: Fate| matches!(fate, Fate::Fails(number) if alike(number));
        let any = orders::execution(chart, &[], Wanted::Holding, &passes, &mut self.work)?;
        if any.is_none() {
            return Ok(Some(Rule::Always));
        }
        let levels: [(Reach, &dyn Fn(Fate) -> bool); 2] =
            [(Reach::Exactly, &fails), (Reach::LikeThis, &fails_alike)];
        for (reach, ends) in levels {
            let in_all = self.in_all(ends)?;
            let mut found = Vec::new();
            let searched = self.separating(&in_all, ends, most, &mut found);
            if found.is_empty() {
                searched?;
            }
            let mut best: Option<(usize, Vec<Candidate>)> = None;
            for set in found {
                let forced = self.forced(&set)?.iter().filter(|forced| **forced).count();
                let is_better = best.as_ref().is_none_or(|(least, _)| forced < *least);
                if is_better && self.is_minimal(&set)? {
                    best = Some((forced, set));
                }
            }
            let rule = best.and_then(|(_, set)| Rule::of(chart, reach, &set, &mut self.work));
            if rule.is_some() {
                return Ok(rule);
            }
        }
        Ok(None)
    }

    /// Of the smallest rules whose executions all fail the one that covers most, of several the first; whether there are
    /// more than were compared, and whether the search was given up.
    fn whenever(&mut self, most: usize) -> (Rule, bool, Option<GivenUp>) {
        let fails = |fate: Fate| matches!(fate, Fate::Fails(_));
        let candidates = self.candidates.clone();
        let mut found = Vec::new();
        let given_up = self
            .separating(&candidates, &fails, most + 1, &mut found)
            .err();
        let are_more = found.len() > most;
        found.truncate(most);
        let mut work = Work::of(self.work.most());
        let rules = found
            .iter()
            .filter_map(|found| Rule::of(self.chart, Reach::Whenever, found, &mut work));
        let rules: Vec<Rule> = rules.collect();
        let rule = rules.into_iter().rev().max_by_key(|rule| match rule {
            Rule::Orders { holding, .. } => *holding,
            _ => None,
        });
        (rule.unwrap_or(Rule::None), are_more, given_up)
    }

    /// Those of the candidates that hold in every execution that ends in `ends`.
    fn in_all(&mut self, ends: &dyn Fn(Fate) -> bool) -> Result<Vec<Candidate>, GivenUp> {
        // Most of them are broken by one of a few executions.
        let mut breaking: Vec<Way> = Vec::new();
        let mut in_all = Vec::new();
        for candidate in &self.candidates {
            let order = candidate.order;
            if breaking.iter().any(|way| !orders::holds(&order, way)) {
                continue;
            }
            let wanted = Wanted::Breaking;
            match orders::execution(self.chart, &[order], wanted, ends, &mut self.work)? {
                Some(way) => breaking.push(way),
                None => in_all.push(*candidate),
            }
        }
        Ok(in_all)
    }

    /// For each of these orders whether it is forced: in no execution its later step comes first and the other one after
    /// it.
    fn forced(&mut self, set: &[Candidate]) -> Result<Vec<bool>, GivenUp> {
        let forced = set.iter().map(|candidate| {
            let reversed = Order {
                first: candidate.order.then,
                then: candidate.order.first,
                or_never: false,
            };
            let (chart, wanted) = (self.chart, Wanted::Holding);
            let any = orders::execution(chart, &[reversed], wanted, &|_| true, &mut self.work)?;
            Ok(any.is_none())
        });
        forced.collect()
    }

    /// Whether without any one of these orders some execution passes.
    fn is_minimal(&mut self, found: &[Candidate]) -> Result<bool, GivenUp> {
        for left_out in 0..found.len() {
            let rest = found.iter().enumerate().filter(|(at, _)| *at != left_out);
            let rest: Vec<Order> = rest.map(|(_, candidate)| candidate.order).collect();
            let wanted = Wanted::Holding;
            let passing = orders::execution(self.chart, &rest, wanted, &passes, &mut self.work)?;
            if passing.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The sets of the fewest of `candidates` that hold together only in executions that end in `ends`, at most so many,
    /// into `found`.
    fn separating(
        &mut self,
        candidates: &[Candidate],
        ends: &dyn Fn(Fate) -> bool,
        most: usize,
        found: &mut Vec<Vec<Candidate>>,
    ) -> Result<(), GivenUp> {
        // For each execution that must be excluded, which candidates exclude it.
        let mut excluding: Vec<Vec<bool>> = Vec::new();
        for size in 0..=MOST_ORDERS {
            let mut set = first_set(size);
            'sets: while let Some(members) = set {
                // One that an execution seen before refutes costs something as well.
                self.work.one()?;
                set = next_set(&members, candidates.len());
                let excludes = |by: &Vec<bool>| members.iter().any(|&member| by[member]);
                if members.last().is_some_and(|&last| last >= candidates.len())
                    || !excluding.iter().all(excludes)
                {
                    continue 'sets;
                }
                self.sets += 1;
                let orders: Vec<Order> = members.iter().map(|&at| candidates[at].order).collect();
                let other = |fate: Fate| !ends(fate);
                let wanted = Wanted::Holding;
                match orders::execution(self.chart, &orders, wanted, &other, &mut self.work)? {
                    None => {
                        found.push(members.iter().map(|&at| candidates[at]).collect());
                        if found.len() == most {
                            return Ok(());
                        }
                    }
                    Some(way) => {
                        let breaks = |candidate: &Candidate| !orders::holds(&candidate.order, &way);
                        let by: Vec<bool> = candidates.iter().map(breaks).collect();
                        if !by.contains(&true) {
                            // Nothing excludes it.
                            return Ok(());
                        }
                        excluding.push(by);
                    }
                }
            }
            if !found.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// In how many executions of a sample the orders of a rule must hold, for the rule to say more than that they did.
pub(super) const FEWEST: u128 = 20;

impl Rule {
    /// Whether it names a step that the failing execution does not have.
    pub(super) fn names_another_step(&self) -> bool {
        match self {
            Rule::Orders { steps, .. } => {
                let mut steps = steps.iter();
                steps.any(|(_, then)| matches!(then, Then::Other(_)))
            }
            Rule::Always | Rule::None => false,
        }
    }

    /// The rule of these orders, unless too little of a sample supports it.
    fn of(chart: &Chart, reach: Reach, found: &[Candidate], work: &mut Work) -> Option<Rule> {
        let orders: Vec<Order> = found.iter().map(|candidate| candidate.order).collect();
        let mut steps: Vec<_> = found.iter().map(|candidate| candidate.steps).collect();
        steps.sort_unstable();
        let holding = orders::count(chart, &orders, work);
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
