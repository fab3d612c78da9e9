//! Objects and results of types that say nothing of themselves: told apart by their `Eq` where nothing is
//! interchangeable.

use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;

use logon_core::primitives::Monitor;
use logon_core::symmetry::{Shape, Symmetric};
use logon_sim::{
    Actors, BoundedPreemptions, FaultKind, Limits, Order, Search, SimMonitor, Simulation, Symmetry,
};

use super::{complete, distrustful, fault, up_to};

/// If `ALIKE`, every two of these have one hash.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Drawer<const ALIKE: bool> {
    coins: u32,
    owner: Option<&'static str>,
}

impl<const ALIKE: bool> Hash for Drawer<ALIKE> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        if !ALIKE {
            (self.coins, self.owner).hash(hasher);
        }
    }
}

/// Each puts a coin in, remembers what was there, and then either takes the drawer or counts once more.
fn drawers<const ALIKE: bool>(actors: &mut Actors<'_>) {
    let drawer: SimMonitor<Drawer<ALIKE>> = Monitor::new(
        "drawer",
        Drawer {
            coins: 0,
            owner: None,
        },
    );
    let notes: SimMonitor<Vec<(u8, Option<u32>)>> = Monitor::new("notes", Vec::new());
    for (number, name) in (0_u8..).zip(["alice", "bob", "carl"]) {
        let (drawer, notes) = (drawer.clone(), notes.clone());
        actors.spawn(name, "client", move || {
            let seen = drawer.enter("pay", |drawer| {
                drawer.coins += 1;
                drawer.clone()
            });
            if seen.coins == 2 {
                drawer.enter("take", move |drawer| drawer.owner = Some(name));
            } else {
                let note = (number, Some(seen.coins));
                notes.enter("note", move |notes| notes.push(note));
            }
            drawer.enter("look", |drawer| (drawer.owner, drawer.coins));
        });
    }
}

fn without_exchange() -> Symmetry {
    Symmetry::new().without_exchange()
}

fn are_told_apart<const ALIKE: bool>() {
    let drawers = drawers::<ALIKE>;
    let plain = complete(&distrustful(), &drawers);
    let interned = complete(&up_to(distrustful(), without_exchange()), &drawers);
    assert_eq!(interned.progress.states, plain.progress.states);
    assert_eq!(interned.progress.transitions, plain.progress.transitions);
    assert_eq!(interned.progress.rests, plain.progress.rests);
    let all = Simulation::default().explore(
        &drawers,
        &mut BoundedPreemptions::unbounded(),
        Limits::none(),
        |_| ControlFlow::Continue(()),
    );
    assert!(all.is_complete());
    let executions = Some(u128::from(all.executions));
    assert_eq!(interned.graph.maximal_paths(), executions);
    assert_eq!(plain.graph.maximal_paths(), executions);
}

#[test]
fn they_are_told_apart_as_without_a_symmetry_and_as_all_executions_do() {
    are_told_apart::<false>();
}

#[test]
fn equality_decides_where_every_two_have_one_hash() {
    are_told_apart::<true>();
}

/// It says how many coins there are, and that this is not all.
impl Symmetric for Drawer<false> {
    fn describe(&self, shape: &mut dyn Shape) {
        self.coins.describe(shape);
        shape.undescribed();
    }
}

#[test]
fn a_value_that_describes_a_part_of_itself_and_says_so_is_told_apart_by_its_equality() {
    let known = without_exchange().knows::<Drawer<false>>();
    let part = complete(&up_to(distrustful(), known), &drawers::<false>);
    let plain = complete(&distrustful(), &drawers::<false>);
    assert_eq!(part.progress.states, plain.progress.states);
    assert_eq!(part.progress.transitions, plain.progress.transitions);
    let exchanging = Symmetry::new().knows::<Drawer<false>>();
    let found = fault(&up_to(Search::default(), exchanging), &drawers::<false>);
    let name = std::any::type_name::<Drawer<false>>();
    assert_eq!(found, FaultKind::NotDescribed(name));
}

#[test]
fn the_set_of_states_is_the_same_in_whatever_order_it_is_found() {
    let in_order = |order| {
        let search = Search {
            order,
            ..distrustful()
        };
        complete(&up_to(search, without_exchange()), &drawers::<false>).fingerprint
    };
    assert_eq!(in_order(Order::BreadthFirst), in_order(Order::DepthFirst));
}

#[test]
fn where_something_is_interchangeable_the_type_is_named_with_both_ways_out() {
    let found = fault(
        &up_to(Search::default(), Symmetry::new()),
        &drawers::<false>,
    );
    assert_eq!(
        found,
        FaultKind::NotDescribed(std::any::type_name::<Drawer<false>>())
    );
    let said = found.to_string();
    for part in [
        "Drawer",
        "symmetric!",
        "Symmetry::knows",
        "Symmetry::without_exchange",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
