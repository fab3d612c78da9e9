//! Executions counted without walking them, and what every continuation comes to.

use super::chart::{Basis, Chart, Fate, Way};
use super::rule::FEWEST;

/// How many executions there are. A number too large to hold, and one of executions that can go round, is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tally {
    /// That fail.
    pub(super) failing: u128,
    /// That pass.
    pub(super) passing: u128,
}

/// How many executions of `chart` fail and how many pass.
pub(super) fn tally(chart: &Chart) -> Option<Tally> {
    tally_of(chart, &|_| true)
}

/// How many executions of `chart` fail as `wanted` admits, given the number of the failure, and how many pass.
pub(super) fn tally_of(chart: &Chart, wanted: &dyn Fn(u32) -> bool) -> Option<Tally> {
    let nodes = chart.nodes.iter();
    let edges = nodes.map(|node| node.edges.iter().map(|edge| edge.to as usize).collect());
    let order = topological(&edges.collect::<Vec<Vec<usize>>>())?;
    let mut counts = vec![(0_u128, 0_u128); chart.nodes.len()];
    for &at in order.iter().rev() {
        let node = &chart.nodes[at];
        let mut sum: (u128, u128) = match node.fate {
            Some(Fate::Fails(number)) if wanted(number) => (1, 0),
            Some(Fate::Passes) => (0, 1),
            _ => (0, 0),
        };
        for edge in &node.edges {
            let (failing, passing) = counts[edge.to as usize];
            sum = (sum.0.checked_add(failing)?, sum.1.checked_add(passing)?);
        }
        counts[at] = sum;
    }
    let (failing, passing) = counts[0];
    Some(Tally { failing, passing })
}

/// All numbers, each before those its edges lead to; `None` if some lie on a cycle.
pub(super) fn topological(edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut incoming = vec![0_u32; edges.len()];
    for &to in edges.iter().flatten() {
        incoming[to] += 1;
    }
    let mut order: Vec<usize> = (0..edges.len()).filter(|&at| incoming[at] == 0).collect();
    let mut next = 0;
    while let Some(&at) = order.get(next) {
        next += 1;
        for &to in &edges[at] {
            incoming[to] -= 1;
            if incoming[to] == 0 {
                order.push(to);
            }
        }
    }
    (order.len() == edges.len()).then_some(order)
}

/// How many ends a tree has from this node on.
pub(super) fn ends_below(chart: &Chart, from: u32) -> u64 {
    let (mut ends, mut open) = (0, vec![from]);
    while let Some(at) = open.pop() {
        let node = &chart.nodes[at as usize];
        ends += u64::from(node.fate.is_some());
        open.extend(node.edges.iter().map(|edge| edge.to));
    }
    ends
}

/// The number of the first step of `way` after which every continuation fails, as `way` itself does; 0 if every
/// execution fails. In a sample so many continuations must say so that it means something, but for the last step.
pub(super) fn point(chart: &Chart, way: &Way) -> usize {
    let may_pass = may_pass(chart);
    if !may_pass[0] {
        return 0;
    }
    let is_supported = |at: u32| match chart.basis {
        Basis::Exhausted => true,
        Basis::Sampled(_) => u128::from(ends_below(chart, at)) >= FEWEST,
    };
    let decided = way
        .iter()
        .position(|(_, edge)| !may_pass[edge.to as usize] && is_supported(edge.to));
    decided.map_or(way.len(), |index| index + 1)
}

/// The number of the first step of `way` after which no continuation passes, 0 if none does from the beginning on; `None`
/// if one does after its last step.
pub(super) fn end_missed(chart: &Chart, way: &Way) -> Option<usize> {
    let may_pass = may_pass(chart);
    let ends = way.iter().map(|(_, edge)| edge.to);
    std::iter::once(0)
        .chain(ends)
        .position(|at| !may_pass[at as usize])
}

/// For each node, whether some continuation of it passes.
pub(super) fn may_pass(chart: &Chart) -> Vec<bool> {
    let mut leads: Vec<Vec<u32>> = vec![Vec::new(); chart.nodes.len()];
    for (at, node) in chart.nodes.iter().enumerate() {
        for edge in &node.edges {
            leads[edge.to as usize].push(at as u32);
        }
    }
    let mut may = vec![false; chart.nodes.len()];
    let passes = |at: &usize| chart.nodes[*at].fate == Some(Fate::Passes);
    let mut open: Vec<usize> = (0..chart.nodes.len()).filter(passes).collect();
    for &at in &open {
        may[at] = true;
    }
    while let Some(at) = open.pop() {
        for &before in &leads[at] {
            if !std::mem::replace(&mut may[before as usize], true) {
                open.push(before as usize);
            }
        }
    }
    may
}
