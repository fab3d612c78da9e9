//! The nearest passing execution: the one that leaves most steps of the failing one as they are.
//!
//! A step of the failing execution is *left as it is* if it happens in the passing one, too, in the same order among
//! those that are. The others come elsewhere or not at all. What the passing execution does besides is free. In a
//! chart of all executions the minimum is exact: it is the distance of a longest common subsequence, looked for
//! among all passing ways at once (Dijkstra, Numerische Mathematik, 1959).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::chart::{Chart, Edge, Fate, Way};
use super::orders::events;

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
    /// Nowhere: it does not happen.
    Nowhere,
}

/// A node, how many steps of the failing execution are kept or given up on the way there, and whether the way is still
/// that of the failing execution.
type Point = (u32, u32, bool);

/// What it costs to come to a point: steps given up, then how early it leaves the failing execution, then steps taken.
type Cost = (u32, u32, u32);

/// The passing execution of `chart` that is nearest to `failing`, if there is a passing one; of several the one that
/// leaves it last, then a shortest.
pub(super) fn nearest(chart: &Chart, failing: &Way) -> Option<Neighbour> {
    let length = failing.len() as u32;
    let find = |from: u32, edge: &Edge| {
        let rest = failing.iter().enumerate().skip(from as usize);
        let mut rest = rest.filter(|(_, (_, step))| is_same(step, edge));
        rest.next().map(|(index, _)| index as u32)
    };
    let start: Point = (0, 0, true);
    let mut best: BTreeMap<Point, Cost> = BTreeMap::from([(start, (0, 0, 0))]);
    let mut from: BTreeMap<Point, (Point, Edge)> = BTreeMap::new();
    let mut open = BinaryHeap::from([Reverse(((0, 0, 0), false, start))]);
    while let Some(Reverse((cost, is_end, point))) = open.pop() {
        let (at, next, is_together) = point;
        let (given_up, early, taken) = cost;
        if is_end {
            return Some(neighbour(failing, &from, point));
        }
        if best[&point] < cost {
            continue;
        }
        let node = &chart.nodes[at as usize];
        if node.fate == Some(Fate::Passes) {
            open.push(Reverse((
                (given_up + length - next, early, taken),
                true,
                point,
            )));
        }
        for edge in &node.edges {
            let kept = find(next, edge).map(|index| (index - next, index + 1));
            for (skipped, after) in kept.into_iter().chain([(0, next)]) {
                let stays = is_together && skipped == 0 && after > next;
                let leaves = if is_together && !stays {
                    length - next
                } else {
                    0
                };
                let to = (edge.to, after, stays);
                let cost = (given_up + skipped, early + leaves, taken + 1);
                if best.get(&to).is_none_or(|known| cost < *known) {
                    best.insert(to, cost);
                    from.insert(to, (point, *edge));
                    open.push(Reverse((cost, false, to)));
                }
            }
        }
    }
    None
}

fn is_same(one: &Edge, other: &Edge) -> bool {
    one.actor == other.actor && one.deed == other.deed
}

fn neighbour(failing: &Way, from: &BTreeMap<Point, (Point, Edge)>, end: Point) -> Neighbour {
    let (mut way, mut kept) = (Way::new(), Vec::new());
    let mut at = end;
    while let Some(&(before, edge)) = from.get(&at) {
        way.push((before.0, edge));
        kept.push((at.1 > before.1).then(|| at.1 as usize - 1));
        at = before;
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
