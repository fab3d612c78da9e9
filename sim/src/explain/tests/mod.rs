//! What is worked out on a chart, on charts drawn for it: by hand where one rule decides, and at random where the
//! judge walks every execution.
//!
//! The charts of the catalogue's defects are small and much alike, so that one rule often does what another one
//! should.

mod nearest;
mod orders;
mod random;
#[path = "rule.rs"]
mod rules;
mod smallest;
mod tally;

use std::collections::BTreeMap;

use crate::step::OperationKind;

use super::chart::{Actor, Basis, Chart, Deed, Edge, Fate, Node, Way};
use super::orders::{Event, Order, events};
use super::rule;
use super::work::Work;

/// More work than any of these needs.
fn plenty() -> Work {
    Work::of(u64::MAX)
}

const NO_LIMITS: rule::Limits = rule::Limits {
    work: u64::MAX,
    rules: 100,
};

/// How many deeds charts have here, whether anybody does them or not.
const DEEDS: u16 = 4;

/// How many actors.
const ACTORS: Actor = 3;

fn chart_of(nodes: Vec<Node>) -> Chart {
    let deed = |number: u16| Deed {
        label: format!("deed {number}"),
        object: "server".to_owned(),
        kind: OperationKind::Enter,
    };
    Chart {
        nodes,
        deeds: (0..DEEDS).map(deed).collect(),
        failures: Vec::new(),
        actors: (0..ACTORS).map(|actor| format!("actor {actor}")).collect(),
        basis: Basis::Exhausted,
    }
}

/// The chart of these edges, each from a node, by an actor, to a node. It begins where the first edge does; at a node
/// called `passes`, or `fails` and a number, executions end. Who has an edge can go on.
fn drawn(edges: &[(&'static str, Actor, &'static str)]) -> Chart {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut nodes: Vec<Node> = Vec::new();
    let mut number = |nodes: &mut Vec<Node>, name: &'static str| {
        *numbers.entry(name).or_insert_with(|| {
            nodes.push(Node {
                fate: fate(name),
                ..Node::default()
            });
            nodes.len() as u32 - 1
        })
    };
    for &(from, actor, to) in edges {
        let from = number(&mut nodes, from) as usize;
        let to = number(&mut nodes, to);
        let deed = 0;
        nodes[from].edges.push(Edge {
            actor,
            deed,
            pick: None,
            to,
        });
        nodes[from].enabled.push(actor);
    }
    chart_of(nodes)
}

fn fate(name: &str) -> Option<Fate> {
    let failure = name.strip_prefix("fails ");
    let fails = failure.map(|number| Fate::Fails(number.parse().expect("a number")));
    fails.or_else(|| (name == "passes").then_some(Fate::Passes))
}

/// Who takes the steps of a way; in one chart no two ways have the same.
fn actors(way: &Way) -> Vec<Actor> {
    way.iter().map(|(_, edge)| edge.actor).collect()
}

/// Every execution of a chart, and how it ends.
fn executions(chart: &Chart) -> Vec<(Way, Fate)> {
    let mut found = Vec::new();
    walk(chart, 0, &mut Way::new(), &mut found);
    found
}

fn walk(chart: &Chart, at: u32, way: &mut Way, found: &mut Vec<(Way, Fate)>) {
    let node = &chart.nodes[at as usize];
    if let Some(fate) = node.fate {
        found.push((way.clone(), fate));
    }
    for edge in &node.edges {
        way.push((at, *edge));
        walk(chart, edge.to, way, found);
        way.pop();
    }
}

/// Those that fail, and those that pass.
fn parted(chart: &Chart) -> (Vec<Way>, Vec<Way>) {
    let (failing, passing): (Vec<_>, Vec<_>) = executions(chart)
        .into_iter()
        .partition(|(_, fate)| matches!(fate, Fate::Fails(_)));
    let ways = |ends: Vec<(Way, Fate)>| ends.into_iter().map(|(way, _)| way).collect();
    (ways(failing), ways(passing))
}

/// Whether an order holds, by the places of its two steps.
fn holds(order: &Order, way: &Way) -> bool {
    let events = events(way);
    let place = |wanted: &Event| events.iter().position(|event| event == wanted);
    match (place(&order.first), place(&order.then)) {
        (Some(first), Some(then)) => first < then,
        (Some(_), None) => order.or_never,
        (None, _) => false,
    }
}

/// How many steps two ways begin with alike.
fn common_prefix(one: &Way, other: &Way) -> usize {
    let (one, other) = (events(one), events(other));
    let pairs = one.iter().zip(&other);
    pairs.take_while(|(one, other)| one == other).count()
}
