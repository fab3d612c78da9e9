//! Which passing execution is the nearest, and what is said of the steps that it moves.

use std::collections::BTreeSet;

use super::super::chart::Actor;
use super::super::near::{Neighbour, Place, ReasonNames, nearest};
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
    let near = nearest(&chart, &failing[0], &ReasonNames::default(), &mut plenty())
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
        nearest(&chart, &failing[0], &ReasonNames::default(), &mut plenty())
            .expect("enough")
            .is_none()
    );
}

/// What a step of a bystander weighs, in other steps: more than any execution here has.
const BYSTANDER: usize = 1_000;

/// What the steps of a heaviest common subsequence weigh, by its definition.
fn heaviest_common(one: &[Event], other: &[Event], bystanders: &BTreeSet<Actor>) -> usize {
    let mut weights = vec![vec![0; other.len() + 1]; one.len() + 1];
    for (i, a) in one.iter().enumerate() {
        for (j, b) in other.iter().enumerate() {
            weights[i + 1][j + 1] = match a == b {
                true => weights[i][j] + weight(a, bystanders),
                false => weights[i][j + 1].max(weights[i + 1][j]),
            };
        }
    }
    weights[one.len()][other.len()]
}

fn weight(event: &Event, bystanders: &BTreeSet<Actor>) -> usize {
    match bystanders.contains(&event.actor) {
        true => BYSTANDER,
        false => 1,
    }
}

/// What the steps that move weigh, whether no two that collide are turned around, how early the two part, and how long
/// the passing one is.
fn distance(failing: &Way, passing: &Way, named: &ReasonNames) -> (usize, bool, usize, usize) {
    let (own, others) = (events(failing), events(passing));
    let bystanders = &named.bystanders;
    let all: usize = own.iter().map(|event| weight(event, bystanders)).sum();
    let moved = all - heaviest_common(&own, &others, bystanders);
    let place = |step: usize| others.iter().position(|event| *event == own[step]);
    let is_turned = |&(first, then): &(usize, usize)| {
        let (first, then) = (place(first), place(then));
        then.is_some_and(|then| first.is_none_or(|first| then < first))
    };
    let is_unturned = !named.pairs.is_empty() && !named.pairs.iter().any(is_turned);
    let early = failing.len() - common_prefix(failing, passing);
    (moved, is_unturned, early, passing.len())
}

#[test]
fn it_moves_the_fewest_steps_then_turns_a_pair_then_parts_the_latest_then_is_the_shortest() {
    each_chart(500, |chart| {
        let (failing, passing) = parted(chart);
        let asked = failing.iter().take(8).flat_map(|failing| {
            let of_reason = ReasonNames {
                bystanders: [1].into(),
                pairs: (1..failing.len()).map(|then| (0, then)).collect(),
            };
            [ReasonNames::default(), of_reason].map(|named| (failing, named))
        });
        for (failing, named) in asked {
            let near = nearest(chart, failing, &named, &mut plenty()).expect("enough");
            let of = |way: &Way| distance(failing, way, &named);
            let found = near.as_ref().map(|near| of(&near.way));
            let least = passing.iter().map(of).min();
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
    let given_up = nearest(
        &chart,
        &failing[0],
        &ReasonNames::default(),
        &mut Work::of(2),
    )
    .err();
    assert_eq!(given_up, Some(GivenUp { after: 2 }));
    assert!(
        nearest(
            &chart,
            &failing[0],
            &ReasonNames::default(),
            &mut Work::of(50)
        )
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
    let near = nearest(
        &chart,
        &failing,
        &ReasonNames::default(),
        &mut Work::of(1_000),
    )
    .expect("enough");
    let near = near.expect("one passes");
    assert_eq!(actors(&near.way), [0, 1, 0, 1, 2, 2]);
}
