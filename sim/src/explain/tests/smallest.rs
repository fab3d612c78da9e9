//! Which failing execution is the smallest.

use std::cell::Cell;

use super::super::chart::{Chart, Fate, Way};
use super::super::smallest::{Longer, smallest};
use super::random::each_chart;
use super::{actors, drawn, executions};

fn any(chart: &Chart) -> Option<Vec<u16>> {
    smallest(chart, &|_| true).map(|found| actors(&found.way))
}

#[test]
fn fewer_preemptions_win_over_a_third_more_steps() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 0, "a'"),
        ("a'", 0, "a''"),
        ("a''", 0, "fails 0"),
        // Shorter, for it does not wait until 0 is done.
        ("a'", 1, "fails 0"),
    ]);
    let found = smallest(&chart, &|_| true).expect("it fails");
    assert_eq!(actors(&found.way), [0, 0, 0, 0]);
    let longer = Longer {
        steps: 1,
        preemptions: 1,
    };
    assert_eq!(found.longer, Some(longer));
}

#[test]
fn fewer_preemptions_do_not_win_over_more_steps_than_that() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 0, "a'"),
        ("a'", 0, "fails 0"),
        ("a", 1, "fails 0"),
    ]);
    let found = smallest(&chart, &|_| true).expect("it fails");
    assert_eq!(actors(&found.way), [0, 1]);
    assert_eq!(found.longer, None);
}

#[test]
fn of_as_many_preemptions_fewer_steps_win_over_fewer_switches() {
    let chart = drawn(&[
        ("start", 0, "a"),
        ("a", 1, "a'"),
        ("a'", 0, "fails 0"),
        ("start", 1, "b"),
        ("b", 1, "b'"),
        ("b'", 1, "b''"),
        ("b''", 1, "fails 0"),
    ]);
    assert_eq!(any(&chart), Some(vec![0, 1, 0]));
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
    let wanted =
        |number| smallest(&chart, &|failure| failure == number).map(|found| actors(&found.way));
    assert_eq!(wanted(0), Some(vec![0, 0]));
    assert_eq!(wanted(1), Some(vec![0, 1, 0]));
    assert_eq!(wanted(2), Some(vec![1]));
    assert_eq!(wanted(3), None);
}

/// What executions are compared by.
#[derive(PartialEq, Eq, Debug)]
struct Size {
    steps: usize,
    preemptions: usize,
    switches: usize,
    actors: Vec<u16>,
}

fn size(chart: &Chart, way: &Way) -> Size {
    let switches = way
        .windows(2)
        .filter(|pair| pair[0].1.actor != pair[1].1.actor);
    let switches: Vec<_> = switches.collect();
    let preempts = |pair: &&&[_]| {
        let [(_, before), (node, _)]: [(u32, super::Edge); 2] = [pair[0], pair[1]];
        chart.nodes[node as usize].enabled.contains(&before.actor)
    };
    Size {
        steps: way.len(),
        preemptions: switches.iter().filter(preempts).count(),
        switches: switches.len(),
        actors: actors(way),
    }
}

#[test]
fn it_is_the_least_by_preemptions_of_all_that_have_at_most_a_third_more_steps() {
    let longer = Cell::new(0);
    each_chart(2_000, |chart| {
        for wanted in [0, 1] {
            let wanted = |number: u32| number == wanted;
            let ends = executions(chart).into_iter();
            let ends = ends.filter(|(_, end)| matches!(end, Fate::Fails(of) if wanted(*of)));
            let sizes: Vec<_> = ends.map(|(way, _)| size(chart, &way)).collect();
            let shortest = sizes
                .iter()
                .min_by_key(|size| (size.steps, size.preemptions));
            let short =
                |size: &&Size| shortest.is_some_and(|s| size.steps <= s.steps + s.steps / 3);
            let least = sizes
                .iter()
                .filter(short)
                .min_by_key(|size| (size.preemptions, size.steps, size.switches, &size.actors));
            let found = smallest(chart, &wanted);
            assert_eq!(
                found.as_ref().map(|found| size(chart, &found.way)).as_ref(),
                least
            );
            let more = shortest
                .zip(least)
                .filter(|(s, least)| least.steps > s.steps);
            let more = more.map(|(s, least)| Longer {
                steps: (least.steps - s.steps) as u32,
                preemptions: (s.preemptions - least.preemptions) as u32,
            });
            assert_eq!(found.and_then(|found| found.longer), more);
            longer.set(longer.get() + usize::from(more.is_some()));
        }
    });
    assert!(
        longer.get() > 20,
        "of {longer:?} charts it is not the shortest"
    );
}
