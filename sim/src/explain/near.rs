//! The nearest passing execution: the one that leaves most steps of the failing one as they are.
//!
//! A step of the failing execution is *left as it is* if it happens in the passing one, too, in the same order among
//! those that are, and chooses the same. The others come elsewhere, choose otherwise or do not happen. What the passing
//! execution does besides is free. In a chart of all executions the minimum is exact: it is the distance of a longest
//! common subsequence, looked for among all passing ways at once (Dijkstra, Numerische Mathematik, 1959).
//!
//! A *bystander* is an actor of whose steps the reason names none. A way out that moves only a bystander says nothing of
//! the reason, so its steps can be asked to stay where they are before all others, and two steps that collide to be
//! turned around.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Range;

use super::chart::{Actor, Chart, Edge, Fate, Way};
use super::orders::{Event, events};
use super::tally;
use super::work::{GivenUp, Work};

/// A passing execution, beside a failing one.
pub(super) struct Neighbour {
    pub(super) way: Way,
    /// For each of its steps, which step of the failing execution it is, from 0, if it is left as it is.
    pub(super) kept: Vec<Option<usize>>,
    /// The steps of the failing execution that are not left as they are.
    pub(super) moved: Vec<Moved>,
}

/// A step of the failing execution that the passing one does not leave as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moved {
    /// Which, from 0.
    pub(super) step: usize,
    pub(super) to: Place,
}

/// Where a step went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// After this step of the failing execution, from 0.
    After(usize),
    /// Before this one.
    Before(usize),
    /// Nowhere else: this step of the passing execution, from 0, is the same but for what it chooses.
    Otherwise(usize),
    /// Nowhere: it does not happen.
    Nowhere,
}

/// What a search for a passing execution came to.
pub(super) enum Searched<T> {
    /// This one.
    Found(T),
    /// There is none.
    NonePasses,
    /// It was given up.
    GivenUp(GivenUp),
}

impl<T> Searched<T> {
    /// What was found.
    pub(super) fn found(self) -> Option<T> {
        match self {
            Searched::Found(found) => Some(found),
            Searched::NonePasses | Searched::GivenUp(_) => None,
        }
    }
}

/// Where a way has come to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    at: u32,
    /// How many steps of the failing execution are kept or given up.
    next: u32,
    /// Whether the way is still that of the failing execution.
    is_together: bool,
    /// Whether two steps that collide were turned around.
    is_turned: bool,
    /// How often each deed of the failing execution was done, as far as it matters.
    counts: Vec<u8>,
}

/// What the reason of a failure names.
#[derive(Default)]
pub(super) struct ReasonNames {
    /// The actors of whose steps it names none.
    pub(super) bystanders: BTreeSet<Actor>,
    /// The steps that collide, two by two, the earlier first, from 0.
    pub(super) pairs: Vec<(usize, usize)>,
}

/// What it costs to come to a point, the first before the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    /// Steps of bystanders given up.
    of_bystanders: u32,
    /// Steps given up.
    given_up: u32,
    /// One if no two steps that collide are turned around.
    unturned: u32,
    /// How early it leaves the failing execution.
    early: u32,
    /// Steps taken.
    taken: u32,
}

/// The passing execution of `chart` that is nearest to `failing`, if there is a passing one: the one that leaves most
/// steps of bystanders as they are, then most steps, then turns two around that collide, then parts from it last, then a
/// shortest. Where a way has come to is one piece of `work`.
pub(super) fn nearest(
    chart: &Chart,
    failing: &Way,
    named: &ReasonNames,
    work: &mut Work,
) -> Result<Option<Neighbour>, GivenUp> {
    let length = failing.len() as u32;
    let own = events(failing);
    let mut deeds: Vec<(Actor, u16)> = own.iter().map(|event| (event.actor, event.deed)).collect();
    deeds.sort_unstable();
    deeds.dedup();
    // Beyond the last of its own it does not matter how often a deed is done.
    let enough = deeds.iter().map(|&(actor, deed)| {
        let own = own
            .iter()
            .filter(|own| (own.actor, own.deed) == (actor, deed));
        let last = own.map(|own| own.nth).max().unwrap_or(0);
        last.saturating_add(1)
    });
    let enough: Vec<u8> = enough.collect();
    let is_bystander = |(_, edge): &&(u32, Edge)| named.bystanders.contains(&edge.actor);
    let giving_up = |cost: Cost, steps: Range<u32>| {
        let steps = &failing[steps.start as usize..steps.end as usize];
        Cost {
            of_bystanders: cost.of_bystanders + steps.iter().filter(is_bystander).count() as u32,
            given_up: cost.given_up + steps.len() as u32,
            ..cost
        }
    };
    let start = Point {
        at: 0,
        next: 0,
        is_together: true,
        is_turned: named.pairs.is_empty(),
        counts: vec![0; deeds.len()],
    };
    let mut best: BTreeMap<Point, Cost> = BTreeMap::from([(start.clone(), Cost::default())]);
    let mut from: BTreeMap<Point, (Point, Edge)> = BTreeMap::new();
    let may_pass = tally::may_pass(chart);
    let mut open = BinaryHeap::from([Reverse((Cost::default(), false, start))]);
    while let Some(Reverse((cost, is_end, point))) = open.pop() {
        if is_end {
            return Ok(Some(neighbour(failing, &from, point)));
        }
        if best[&point] < cost {
            continue;
        }
        work.one()?;
        let node = &chart.nodes[point.at as usize];
        if node.fate == Some(Fate::Passes) {
            let cost = Cost {
                unturned: u32::from(!point.is_turned),
                ..giving_up(cost, point.next..length)
            };
            open.push(Reverse((cost, true, point.clone())));
        }
        let leading_on = node.edges.iter().filter(|edge| may_pass[edge.to as usize]);
        for edge in leading_on {
            let mut counts = point.counts.clone();
            let step = deeds
                .binary_search(&(edge.actor, edge.deed))
                .ok()
                .and_then(|deed| {
                    counts[deed] = counts[deed].saturating_add(1).min(enough[deed]);
                    let event = Event {
                        actor: edge.actor,
                        deed: edge.deed,
                        nth: counts[deed],
                    };
                    own.iter().position(|other| *other == event)
                });
            let is_done = |step: usize, counts: &[u8]| {
                let event = &own[step];
                let deed = deeds.binary_search(&(event.actor, event.deed));
                deed.is_ok_and(|deed| counts[deed] >= event.nth)
            };
            let turns = |&(first, then): &(usize, usize)| {
                step == Some(then) && !is_done(first, &point.counts)
            };
            let is_turned = point.is_turned || named.pairs.iter().any(turns);
            let step = step
                .filter(|&step| failing[step].1.chooses_like(edge))
                .map(|step| step as u32)
                .filter(|&step| step >= point.next);
            let kept = step.map(|step| (point.next..step, step + 1));
            let besides = (point.next..point.next, point.next);
            for (skipped, next) in kept.into_iter().chain([besides]) {
                let is_together = point.is_together && skipped.is_empty() && next > point.next;
                let leaves = point.is_together && !is_together;
                let cost = Cost {
                    early: cost.early + if leaves { length - point.next } else { 0 },
                    taken: cost.taken + 1,
                    ..giving_up(cost, skipped)
                };
                let to = Point {
                    at: edge.to,
                    next,
                    is_together,
                    is_turned,
                    counts: counts.clone(),
                };
                if best.get(&to).is_none_or(|known| cost < *known) {
                    best.insert(to.clone(), cost);
                    from.insert(to.clone(), (point.clone(), *edge));
                    open.push(Reverse((cost, false, to)));
                }
            }
        }
    }
    Ok(None)
}

fn neighbour(failing: &Way, from: &BTreeMap<Point, (Point, Edge)>, end: Point) -> Neighbour {
    let (mut way, mut kept) = (Way::new(), Vec::new());
    let mut at = end;
    while let Some((before, edge)) = from.get(&at) {
        way.push((before.at, *edge));
        kept.push((at.next > before.next).then(|| at.next as usize - 1));
        at = before.clone();
    }
    way.reverse();
    kept.reverse();
    let (own, others) = (events(failing), events(&way));
    let is_kept = |step: usize| kept.contains(&Some(step));
    let moved = (0..failing.len()).filter(|&step| !is_kept(step));
    let moved = moved.map(|step| Moved {
        step,
        to: match others.iter().position(|event| *event == own[step]) {
            None => Place::Nowhere,
            Some(place) if !way[place].1.chooses_like(&failing[step].1) => Place::Otherwise(place),
            Some(place) => match kept[..place].iter().flatten().max() {
                Some(&anchor) if anchor > step => Place::After(anchor),
                _ => {
                    let anchor = kept[place..].iter().flatten().min();
                    anchor.map_or(Place::Nowhere, |&anchor| Place::Before(anchor))
                }
            },
        },
    });
    let moved = moved.collect();
    Neighbour { way, kept, moved }
}
