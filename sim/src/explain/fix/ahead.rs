//! Every way on from a recorded execution, with a changed program: its turns first, then whatever follows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::chart::{Chart, Edge, Fate, Way};
use crate::schedule::ScheduledStep;

/// A node of the chart, and how many of the recorded turns are over there.
type Place = (u32, usize);

/// What lies ahead.
pub(super) struct Ahead {
    /// The nodes that can be reached when all recorded turns are over.
    pub(super) nodes: BTreeSet<u32>,
    /// A way to a failure with the fewest steps, if there is one.
    pub(super) to_failure: Option<Way>,
}

impl Ahead {
    /// Gives the actors their recorded `turns` and then lets anybody go on. A turn of somebody who cannot go on is left
    /// out. Where a step chooses what it cannot choose any more, or chooses and did not, every way of it is gone.
    pub(super) fn of(chart: &Chart, turns: &[ScheduledStep]) -> Ahead {
        let start = (0, 0);
        let mut came: BTreeMap<Place, (Place, Option<Edge>)> = BTreeMap::new();
        let mut seen = BTreeSet::from([start]);
        let mut nodes = BTreeSet::new();
        let mut open = VecDeque::from([start]);
        while let Some(place) = open.pop_front() {
            let (node, over) = place;
            if matches!(chart.nodes[node as usize].fate, Some(Fate::Fails(_))) {
                return Ahead {
                    nodes,
                    to_failure: Some(way_to(place, &came)),
                };
            }
            let Some(turn) = turns.get(over) else {
                nodes.insert(node);
                for &edge in &chart.nodes[node as usize].edges {
                    let next = (edge.to, over);
                    if seen.insert(next) {
                        came.insert(next, (place, Some(edge)));
                        open.push_back(next);
                    }
                }
                continue;
            };
            let edges = edges_of(chart, node, turn);
            if edges.is_empty() {
                // No step is taken, so what follows is as near as this.
                let next = (node, over + 1);
                if seen.insert(next) {
                    came.insert(next, (place, None));
                    open.push_front(next);
                }
            }
            for edge in edges {
                let next = (edge.to, over + 1);
                if seen.insert(next) {
                    came.insert(next, (place, Some(edge)));
                    open.push_back(next);
                }
            }
        }
        Ahead {
            nodes,
            to_failure: None,
        }
    }

    /// Whether steps can repeat for ever from here on.
    pub(super) fn has_cycle(&self, chart: &Chart) -> bool {
        // Whoever has no way in but from what was taken away is taken away: what is left lies on cycles or behind them.
        let mut ways_in: BTreeMap<u32, usize> = self.nodes.iter().map(|&node| (node, 0)).collect();
        for &node in &self.nodes {
            for edge in &chart.nodes[node as usize].edges {
                *ways_in.entry(edge.to).or_default() += 1;
            }
        }
        let mut first: Vec<u32> = ways_in
            .iter()
            .filter_map(|(&node, &ways)| (ways == 0).then_some(node))
            .collect();
        let mut taken = 0;
        while let Some(node) = first.pop() {
            taken += 1;
            for edge in &chart.nodes[node as usize].edges {
                if let Some(ways) = ways_in.get_mut(&edge.to) {
                    *ways -= 1;
                    if *ways == 0 {
                        first.push(edge.to);
                    }
                }
            }
        }
        taken < ways_in.len()
    }
}

/// The steps that the actor of a turn can take at a node: the one that chooses as recorded, or all of them.
fn edges_of(chart: &Chart, node: u32, turn: &ScheduledStep) -> Vec<Edge> {
    let edges = chart.nodes[node as usize].edges.iter();
    let own: Vec<Edge> = edges
        .filter(|edge| chart.name(edge.actor) == turn.actor)
        .copied()
        .collect();
    let like = |edge: &&Edge| turn.chosen.is_some() && chart.chosen(edge) == turn.chosen;
    match own.iter().find(like) {
        Some(&like) => vec![like],
        None => own,
    }
}

fn way_to(place: Place, came: &BTreeMap<Place, (Place, Option<Edge>)>) -> Way {
    let mut way = Way::new();
    let mut at = place;
    while let Some(&(before, edge)) = came.get(&at) {
        way.extend(edge.map(|edge| (before.0, edge)));
        at = before;
    }
    way.reverse();
    way
}
