//! Questions about orders, against every execution.

use super::super::orders::{self, MOST_ORDERS, Order, Wanted, count, events};
use super::random::each_chart;
use super::{Fate, actors, executions, holds, plenty};

#[test]
fn an_execution_is_found_if_there_is_one_and_all_are_counted() {
    each_chart(1_000, |chart| {
        let all = executions(chart);
        let longest = all.iter().max_by_key(|(way, _)| way.len());
        let (longest, _) = longest.expect("every chart has an execution");
        let events = events(longest);
        for place in 0..events.len() {
            let event = |further: usize| events[(place + further) % events.len()];
            let orders = (0..MOST_ORDERS).map(|number| Order {
                first: event(number),
                then: event(2 * number + 1),
                or_never: (place + number) % 2 == 1,
            });
            let orders: Vec<Order> = orders.filter(|order| order.first != order.then).collect();
            for size in 0..=orders.len() {
                agrees(chart, &orders[..size], &all);
            }
        }
    });
}

fn agrees(chart: &super::Chart, asked: &[Order], all: &[(super::Way, Fate)]) {
    let holding = |way: &super::Way| asked.iter().all(|order| holds(order, way));
    for order in asked {
        for (way, _) in all {
            assert_eq!(orders::holds(order, way), holds(order, way), "{order:?}");
        }
    }
    let held = all.iter().filter(|(way, _)| holding(way)).count();
    assert_eq!(
        count(chart, asked, &mut plenty()),
        Some(held as u128),
        "{asked:?}"
    );
    let passes = |fate: Fate| fate == Fate::Passes;
    let fails = |fate: Fate| fate != Fate::Passes;
    let ends: [&dyn Fn(Fate) -> bool; 2] = [&passes, &fails];
    for ends in ends {
        for wanted in [Wanted::Holding, Wanted::Breaking] {
            let is_one = |(way, fate): &(super::Way, Fate)| {
                ends(*fate) && holding(way) == (wanted == Wanted::Holding)
            };
            let found =
                orders::execution(chart, asked, wanted, ends, &mut plenty()).expect("enough");
            let known = found.as_ref().map(|found| {
                let mut same = all.iter().filter(|(way, _)| actors(way) == actors(found));
                same.any(is_one)
            });
            let expected = all.iter().any(is_one).then_some(true);
            assert_eq!(known, expected, "{wanted:?} {asked:?}");
        }
    }
}
