//! Which passing execution is the nearest, and what is said of the steps that it moves.

use super::super::near::{Neighbour, Place, nearest};
use super::super::orders::{Event, events};
use super::super::work::{GivenUp, Work};
use super::random::each_chart;
use super::{Way, actors, common_prefix, drawn, executions, parted, plenty};

#[test]
fn a_step_moves_after_another_one() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 1, "ab"),
        ("ab", 1, "fails 0"),
        ("a", 0, "passes"),
        ("start", 1, "b"),
        ("b", 1, "bb"),
        ("bb", 0, "passes"),
    ]);
    let (failing, _) = parted(&chart);
    let near = nearest(&chart, &failing[0], &mut plenty())
        .expect("enough")
        .expect("one passes");
    assert_eq!(actors(&near.way), [1, 1, 0]);
    assert_eq!(near.kept, [Some(1), Some(2), None]);
    let moved: Vec<(usize, Place)> = near.moved.iter().map(|m| (m.step, m.to)).collect();
    assert_eq!(moved, [(0, Place::After(2))]);
}

#[test]
fn where_every_execution_fails_none_is_near() {
    let chart = drawn(&[("start", 0, "fails 0"), ("start", 1, "fails 1")]);
    let (failing, _) = parted(&chart);
    assert!(
        nearest(&chart, &failing[0], &mut plenty())
            .expect("enough")
            .is_none()
    );
}

/// The length of a longest common subsequence, by its definition.
fn longest_common(one: &[Event], other: &[Event]) -> usize {
    let mut lengths = vec![vec![0; other.len() + 1]; one.len() + 1];
    for (i, a) in one.iter().enumerate() {
        for (j, b) in other.iter().enumerate() {
            lengths[i + 1][j + 1] = match a == b {
                true => lengths[i][j] + 1,
                false => lengths[i][j + 1].max(lengths[i + 1][j]),
            };
        }
    }
    lengths[one.len()][other.len()]
}

/// How many steps move, how early the two part, and how long the passing one is.
fn distance(failing: &Way, passing: &Way) -> (usize, usize, usize) {
    let moved = failing.len() - longest_common(&events(failing), &events(passing));
    let early = failing.len() - common_prefix(failing, passing);
    (moved, early, passing.len())
}

#[test]
fn it_moves_the_fewest_steps_then_parts_the_latest_then_is_the_shortest() {
    each_chart(500, |chart| {
        let (failing, passing) = parted(chart);
        for failing in failing.iter().take(8) {
            let near = nearest(chart, failing, &mut plenty()).expect("enough");
            let found = near.as_ref().map(|near| distance(failing, &near.way));
            let least = passing.iter().map(|way| distance(failing, way)).min();
            assert_eq!(found, least);
            if let Some(near) = near {
                let ways = executions(chart);
                let passes = |(way, fate): &(Way, _)| {
                    *fate == super::Fate::Passes && actors(way) == actors(&near.way)
                };
                assert!(ways.iter().any(passes), "it is a passing execution");
                is_as_said(failing, &near);
            }
        }
    });
}

/// What is said of each step is so.
fn is_as_said(failing: &Way, near: &Neighbour) {
    let (own, others) = (events(failing), events(&near.way));
    let kept: Vec<usize> = near.kept.iter().copied().flatten().collect();
    assert!(kept.is_sorted_by(|one, next| one < next), "in its order");
    for (place, step) in near.kept.iter().enumerate() {
        assert!(step.is_none_or(|step| own[step] == others[place]));
    }
    let moved: Vec<usize> = near.moved.iter().map(|moved| moved.step).collect();
    let rest = (0..own.len()).filter(|step| !kept.contains(step));
    assert_eq!(moved, rest.collect::<Vec<usize>>());
    for moved in &near.moved {
        let place = |step: usize| others.iter().position(|event| *event == own[step]);
        let comes = place(moved.step);
        match moved.to {
            Place::After(anchor) => assert!(anchor > moved.step && comes > place(anchor)),
            Place::Before(anchor) => assert!(anchor < moved.step && comes < place(anchor)),
            Place::Otherwise(_) => panic!("nobody chooses anything here"),
            Place::Nowhere => assert_eq!(comes, None),
        }
    }
}

#[test]
fn a_search_that_is_given_up_says_after_how_much_work() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 1, "fails 0"),
        ("a", 0, "b"),
        ("b", 1, "passes"),
    ]);
    let (failing, _) = parted(&chart);
    let given_up = nearest(&chart, &failing[0], &mut Work::of(2)).err();
    assert_eq!(given_up, Some(GivenUp { after: 2 }));
    assert!(
        nearest(&chart, &failing[0], &mut Work::of(50))
            .expect("enough")
            .is_some()
    );
}

/// A chart with a cycle: the passing execution goes round twice, for that keeps both steps of the failing one, and
/// more rounds are not looked at for ever.
#[test]
fn where_executions_go_round_the_search_ends() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 1, "start"),
        ("a", 0, "fails 0"),
        ("start", 2, "b"),
        ("b", 1, "b"),
        ("b", 2, "passes"),
    ]);
    let edge = |at: u32, actor: u16| {
        let mut edges = chart.nodes[at as usize].edges.iter();
        (at, *edges.find(|edge| edge.actor == actor).expect("drawn"))
    };
    let first = edge(0, 0);
    let failing = vec![first, edge(first.1.to, 0)];
    let near = nearest(&chart, &failing, &mut Work::of(1_000)).expect("enough");
    let near = near.expect("one passes");
    assert_eq!(actors(&near.way), [0, 1, 0, 1, 2, 2]);
}
