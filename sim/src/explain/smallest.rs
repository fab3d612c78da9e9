//! The smallest failing execution. Of those that have at most a third more steps than the shortest it is the one with
//! the fewest preemptions, then with the fewest steps, then with the fewest switches, then the first in the order of the
//! actors.
//!
//! Preemptions come first because they are what makes an execution hard to follow: between two of them one reads what
//! one actor does, line after line. They come first only so far, because nobody follows an execution that is much longer.
//!
//! In a chart of all executions it is exact. No execution is walked: from the failures back, for each number of steps
//! that are left, each node is looked at together with the actor that came last.

use std::collections::{BTreeMap, BTreeSet};

use super::chart::{Actor, Chart, Edge, Fate, Way};

/// What a rest of an execution costs: preemptions, then switches from one actor to another.
type Cost = (u32, u32);

/// A node, and who took the last step before it.
type Place = (u32, Option<Actor>);

/// Where executions begin.
const BEGINNING: Place = (0, None);

/// The smallest failing execution, and what it was preferred to.
pub(super) struct Smallest {
    pub(super) way: Way,
    /// How it compares with the shortest, if it is longer.
    pub(super) longer: Option<Longer>,
}

/// An execution that is longer than the shortest, for the sake of fewer preemptions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Longer {
    /// How many steps more it has.
    pub(super) steps: u32,
    /// How many preemptions fewer than the best of the shortest.
    pub(super) preemptions: u32,
}

/// The smallest way to a failure that `wanted` admits, given its number; `None` if none is reached.
pub(super) fn smallest(chart: &Chart, wanted: &dyn Fn(u32) -> bool) -> Option<Smallest> {
    let distances = chart.distances();
    let is_wanted = |at: &u32| {
        let fate = chart.nodes[*at as usize].fate;
        let fails = matches!(fate, Some(Fate::Fails(number)) if wanted(number));
        fails && distances[*at as usize] != u32::MAX
    };
    let ends: Vec<u32> = (0..chart.nodes.len() as u32).filter(is_wanted).collect();
    let shortest = *ends.iter().map(|&at| &distances[at as usize]).min()?;
    let longest = shortest + shortest / 3;
    let layers = layers(chart, &ends, longest, &distances);
    let of_length = |steps: u32| layers[steps as usize].get(&BEGINNING);
    let lengths = (shortest..=longest)
        .filter_map(|steps| of_length(steps).map(|&(preemptions, _)| (preemptions, steps)));
    let (preemptions, steps) = lengths.min()?;
    let of_shortest = of_length(shortest)?.0;
    Some(Smallest {
        way: way(chart, &layers[..=steps as usize])?,
        longer: (steps > shortest).then(|| Longer {
            steps: steps - shortest,
            preemptions: of_shortest - preemptions,
        }),
    })
}

/// For each number of steps up to `longest`, the places from which exactly so many lead to one of `ends`, and what the
/// cheapest of them cost.
fn layers(
    chart: &Chart,
    ends: &[u32],
    longest: u32,
    distances: &[u32],
) -> Vec<BTreeMap<Place, Cost>> {
    let mut arrivals: Vec<Vec<(u32, Edge)>> = vec![Vec::new(); chart.nodes.len()];
    let mut lasts: Vec<BTreeSet<Option<Actor>>> = vec![BTreeSet::new(); chart.nodes.len()];
    lasts[BEGINNING.0 as usize].insert(BEGINNING.1);
    for (from, node) in (0..).zip(&chart.nodes) {
        for &edge in &node.edges {
            arrivals[edge.to as usize].push((from, edge));
            lasts[edge.to as usize].insert(Some(edge.actor));
        }
    }
    let lasts_of = |at: u32| lasts[at as usize].iter().copied();
    let places = ends
        .iter()
        .flat_map(|&at| lasts_of(at).map(move |last| (at, last)));
    let mut layers = vec![places.map(|place| (place, (0, 0))).collect()];
    for steps in 1..=longest {
        let mut layer: BTreeMap<Place, Cost> = BTreeMap::new();
        let after: &BTreeMap<Place, Cost> = &layers[steps as usize - 1];
        for (&(to, actor), &cost) in after {
            let edges = arrivals[to as usize]
                .iter()
                .filter(|(_, edge)| Some(edge.actor) == actor);
            for (from, edge) in edges {
                // What is farther from the beginning is on no way that is short enough.
                if distances[*from as usize].saturating_add(steps) > longest {
                    continue;
                }
                for last in lasts_of(*from) {
                    let cost = total(chart, (*from, last), edge, cost);
                    let known = layer.entry((*from, last)).or_insert(cost);
                    *known = cost.min(*known);
                }
            }
        }
        layers.push(layer);
    }
    layers
}

/// The cheapest way of as many steps as there are layers above the first; of several, the first in the order of the
/// actors.
fn way(chart: &Chart, layers: &[BTreeMap<Place, Cost>]) -> Option<Way> {
    let (first, rest) = layers.split_last()?;
    let mut place = BEGINNING;
    let mut left = *first.get(&place)?;
    let mut way = Way::new();
    for layer in rest.iter().rev() {
        let mut edges: Vec<&Edge> = chart.nodes[place.0 as usize].edges.iter().collect();
        edges.sort_by_key(|edge| edge.actor);
        let next = edges.into_iter().find_map(|edge| {
            let rest = *layer.get(&(edge.to, Some(edge.actor)))?;
            (total(chart, place, edge, rest) == left).then_some((edge, rest))
        });
        let (edge, rest) = next?;
        way.push((place.0, *edge));
        (place, left) = ((edge.to, Some(edge.actor)), rest);
    }
    Some(way)
}

/// What it costs to go on by `edge`, after which the `rest` is to be paid.
fn total(chart: &Chart, (at, last): Place, edge: &Edge, rest: Cost) -> Cost {
    let (preemptions, switches) = rest;
    let switch = last.filter(|&last| last != edge.actor);
    let enabled = &chart.nodes[at as usize].enabled;
    let preemption = switch.is_some_and(|last| enabled.contains(&last));
    (
        preemptions + u32::from(preemption),
        switches + u32::from(switch.is_some()),
    )
}
