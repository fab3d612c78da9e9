//! The smallest failing execution: the fewest steps, then the fewest preemptions, then the fewest switches, then
//! the first in the order of the actors.
//!
//! In a chart of all executions it is exact. No execution is walked: the nodes at the right distance from the
//! beginning are gone through level by level, each with the actor that came last.

use std::collections::BTreeMap;

use super::chart::{Actor, Chart, Edge, Fate, Way};

/// What a rest of an execution costs: preemptions, then switches from one actor to another.
type Cost = (u32, u32);

/// The smallest way to a failure that `wanted` admits, given its number.
pub(super) fn smallest(chart: &Chart, wanted: &dyn Fn(u32) -> bool) -> Option<Way> {
    let is_wanted =
        |fate: &Option<Fate>| matches!(fate, Some(Fate::Fails(number)) if wanted(*number));
    let distances = chart.distances();
    let ends = chart.nodes.iter().zip(&distances);
    let length = *ends
        .filter(|(node, distance)| is_wanted(&node.fate) && **distance != u32::MAX)
        .map(|(_, distance)| distance)
        .min()?;
    let mut levels: Vec<Vec<u32>> = vec![Vec::new(); length as usize + 1];
    for (at, &distance) in distances.iter().enumerate() {
        if distance <= length {
            levels[distance as usize].push(at as u32);
        }
    }
    // From the end back: what it costs from a node on, by who came last.
    let mut costs: BTreeMap<(u32, Option<Actor>), Cost> = BTreeMap::new();
    let actors = (0..chart.actors.len() as Actor).map(Some);
    let lasts: Vec<Option<Actor>> = actors.chain([None]).collect();
    for (distance, level) in levels.iter().enumerate().rev() {
        for &at in level {
            for &last in &lasts {
                let cost = if distance as u32 == length {
                    is_wanted(&chart.nodes[at as usize].fate).then_some((0, 0))
                } else {
                    let nexts = chart.nodes[at as usize].edges.iter();
                    let nexts =
                        nexts.filter(|edge| distances[edge.to as usize] as usize == distance + 1);
                    nexts
                        .filter_map(|edge| total(chart, &costs, at, last, edge))
                        .min()
                };
                if let Some(cost) = cost {
                    costs.insert((at, last), cost);
                }
            }
        }
    }
    let mut way = Vec::new();
    let (mut at, mut last) = (0, None);
    let mut left = *costs.get(&(at, last))?;
    for distance in 1..=length {
        let mut edges: Vec<&Edge> = chart.nodes[at as usize].edges.iter().collect();
        edges.sort_by_key(|edge| edge.actor);
        let next = edges.into_iter().find(|edge| {
            distances[edge.to as usize] == distance
                && total(chart, &costs, at, last, edge) == Some(left)
        })?;
        way.push((at, *next));
        (at, last) = (next.to, Some(next.actor));
        left = costs[&(at, last)];
    }
    Some(way)
}

/// What it costs to go on by `edge`.
fn total(
    chart: &Chart,
    costs: &BTreeMap<(u32, Option<Actor>), Cost>,
    at: u32,
    last: Option<Actor>,
    edge: &Edge,
) -> Option<Cost> {
    let (preemptions, switches) = costs.get(&(edge.to, Some(edge.actor)))?;
    let switch = last.is_some_and(|last| last != edge.actor);
    let enabled = &chart.nodes[at as usize].enabled;
    let preemption = switch && last.is_some_and(|last| enabled.contains(&last));
    Some((
        preemptions + u32::from(preemption),
        switches + u32::from(switch),
    ))
}
