//! How many executions fail and pass, and from where on all of them fail.

use super::super::tally::{Tally, ends_below, point, tally};
use super::random::each_chart;
use super::{common_prefix, drawn, executions, parted};

#[test]
fn an_execution_counts_once_for_each_way_to_its_end() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("start", 1, "b"),
        ("a", 1, "ab"),
        ("b", 0, "ab"),
        ("ab", 0, "fails 0"),
        ("ab", 1, "passes"),
        ("b", 1, "fails 1"),
    ]);
    let counted = Tally {
        failing: 3,
        passing: 2,
    };
    assert_eq!(tally(&chart), Some(counted));
}

#[test]
fn executions_that_go_round_are_not_counted() {
    let chart = drawn(&[("start", 0, "a"), ("a", 0, "start"), ("a", 1, "fails 0")]);
    assert_eq!(tally(&chart), None);
}

#[test]
fn a_number_too_large_to_hold_is_none() {
    // From each node two ways to the next: 2^128 executions, one more than fit.
    let nodes = (0..128).map(|at| super::Node {
        edges: (0..2)
            .map(|actor| super::Edge {
                actor,
                deed: 0,
                pick: None,
                to: at + 1,
            })
            .collect(),
        ..super::Node::default()
    });
    let end = super::Node {
        fate: Some(super::Fate::Passes),
        ..super::Node::default()
    };
    let mut chart = super::chart_of(nodes.chain([end]).collect());
    assert_eq!(tally(&chart), None);
    chart.nodes[0].edges.pop();
    let counted = Tally {
        failing: 0,
        passing: 1 << 127,
    };
    assert_eq!(tally(&chart), Some(counted));
}

#[test]
fn all_executions_are_counted_and_the_point_is_where_the_last_passing_one_leaves() {
    each_chart(1_000, |chart| {
        let (failing, passing) = parted(chart);
        let counted = Tally {
            failing: failing.len() as u128,
            passing: passing.len() as u128,
        };
        assert_eq!(tally(chart), Some(counted));
        assert_eq!(ends_below(chart, 0), executions(chart).len() as u64);
        for way in failing.iter().take(20) {
            let leaves = passing.iter().map(|other| common_prefix(way, other)).max();
            assert_eq!(point(chart, way), leaves.map_or(0, |leaves| leaves + 1));
        }
    });
}
