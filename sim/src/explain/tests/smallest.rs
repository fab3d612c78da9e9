//! Which failing execution is the smallest.

use super::super::chart::{Chart, Fate, Way};
use super::super::smallest::smallest;
use super::random::each_chart;
use super::{actors, drawn, executions};

fn any(chart: &Chart) -> Option<Vec<u16>> {
    smallest(chart, &|_| true).map(|way| actors(&way))
}

#[test]
fn fewer_steps_win_over_fewer_preemptions() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 0, "a'"),
        ("a'", 0, "fails 0"),
        ("a", 1, "fails 0"),
    ]);
    assert_eq!(any(&chart), Some(vec![0, 1]));
}

#[test]
fn of_the_same_length_fewer_preemptions_win_over_fewer_switches() {
    let chart = drawn(&[
        // One switch, which preempts 0.
        ("start", 0, "a"),
        ("a", 0, "passes"),
        ("a", 1, "a'"),
        ("a'", 1, "a''"),
        ("a''", 1, "fails 0"),
        // Three switches, and nobody who is left could have gone on.
        ("start", 1, "b"),
        ("b", 0, "b'"),
        ("b'", 1, "b''"),
        ("b''", 0, "fails 0"),
    ]);
    assert_eq!(any(&chart), Some(vec![1, 0, 1, 0]));
}

#[test]
fn of_as_many_preemptions_fewer_switches_win_over_the_order_of_the_actors() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 1, "a'"),
        ("a'", 0, "fails 0"),
        ("start", 1, "b"),
        ("b", 1, "b'"),
        ("b'", 0, "fails 0"),
    ]);
    assert_eq!(any(&chart), Some(vec![1, 1, 0]));
}

#[test]
fn of_equals_the_first_in_the_order_of_the_actors_wins() {
    let chart = drawn(&[
        ("start", 2, "c"),
        ("c", 0, "fails 0"),
        ("start", 0, "a"),
        ("a", 2, "fails 0"),
        ("a", 1, "fails 0"),
        ("start", 1, "b"),
        ("b", 0, "fails 0"),
    ]);
    assert_eq!(any(&chart), Some(vec![0, 1]));
}

#[test]
fn only_a_wanted_failure_counts() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 0, "fails 0"),
        ("a", 1, "b"),
        ("b", 0, "fails 1"),
        ("start", 1, "fails 2"),
        ("b", 1, "passes"),
    ]);
    let wanted = |number| smallest(&chart, &|failure| failure == number).map(|way| actors(&way));
    assert_eq!(wanted(0), Some(vec![0, 0]));
    assert_eq!(wanted(1), Some(vec![0, 1, 0]));
    assert_eq!(wanted(2), Some(vec![1]));
    assert_eq!(wanted(3), None);
}

/// Steps, preemptions, switches, and who takes the steps.
fn size(chart: &Chart, way: &Way) -> (usize, usize, usize, Vec<u16>) {
    let switches = way
        .windows(2)
        .filter(|pair| pair[0].1.actor != pair[1].1.actor);
    let switches: Vec<_> = switches.collect();
    let preempts = |pair: &&&[_]| {
        let [(_, before), (node, _)]: [(u32, super::Edge); 2] = [pair[0], pair[1]];
        chart.nodes[node as usize].enabled.contains(&before.actor)
    };
    let preemptions = switches.iter().filter(preempts).count();
    (way.len(), preemptions, switches.len(), actors(way))
}

#[test]
fn it_is_the_least_of_all_executions_by_steps_preemptions_switches_and_actors() {
    each_chart(2_000, |chart| {
        for wanted in [0, 1] {
            let wanted = |number: u32| number == wanted;
            let ends = executions(chart).into_iter();
            let ends = ends.filter(|(_, end)| matches!(end, Fate::Fails(of) if wanted(*of)));
            let least = ends.map(|(way, _)| size(chart, &way)).min();
            let found = smallest(chart, &wanted).map(|way| size(chart, &way));
            assert_eq!(found, least);
        }
    });
}
