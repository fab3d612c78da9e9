//! Canonical forms: as many keys as there are shapes, counted by hand or known from the literature.
//!
//! Each value is the whole state of a program in which nobody does anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_core::primitives::Plain;
use logon_core::symmetry::Symmetric;
use logon_sim::{Actors, Owner, Rule, Symmetry};

use super::combinations::{lists, pairs, sets};
use super::{Hall, Newest, PEOPLE, Person, TICKETS, Ticket, complete, hold, unchecked, up_to};

/// The number of an actor is its place.
fn of_actors() -> Rule {
    Rule::OfActor(Arc::new(|number| Some((number as usize, 0))))
}

pub(super) fn tickets(pinned: u32) -> Symmetry {
    Symmetry::new().family(TICKETS, Rule::Fresh { pinned })
}

fn people() -> Symmetry {
    Symmetry::new().family(PEOPLE, of_actors())
}

/// The key of `value` among `actors` idle actors of one class.
pub(super) fn key<T: Plain + Symmetric>(symmetry: &Symmetry, actors: usize, value: &T) -> Vec<u8> {
    let symmetry = symmetry.clone().knows::<T>();
    let space = complete(&up_to(unchecked(), symmetry), &|spawner: &mut Actors<
        '_,
    >| {
        for number in 0..actors {
            spawner.spawn(format!("person {number}"), "person", || {});
        }
        hold(value);
    });
    space.keys().next().expect("a first state").to_vec()
}

/// How many keys these values have.
fn keys<T: Plain + Symmetric>(
    symmetry: &Symmetry,
    actors: usize,
    values: impl IntoIterator<Item = T>,
) -> usize {
    let keys = values
        .into_iter()
        .map(|value| key(symmetry, actors, &value));
    keys.collect::<BTreeSet<_>>().len()
}

/// As [`keys`], of values with tickets, of which `newest` were drawn.
fn halls<T: Plain + Symmetric>(
    symmetry: &Symmetry,
    newest: u32,
    values: impl IntoIterator<Item = T>,
) -> usize {
    let newest = Newest(newest);
    keys(
        symmetry,
        0,
        values.into_iter().map(|has| Hall { newest, has }),
    )
}

fn drawn(newest: u32) -> Vec<Ticket> {
    (1..=newest).map(Ticket).collect()
}

/// Who holds whom, as a map of actors.
fn map(of: &[Person]) -> BTreeMap<Person, Person> {
    (0..).map(Person).zip(of.iter().copied()).collect()
}

#[test]
fn maps_of_actors_to_actors_have_as_many_keys_as_functional_graphs() {
    // OEIS A001372.
    for (actors, graphs) in [(1, 1), (2, 3), (3, 7), (4, 19), (5, 47)] {
        let all: Vec<Person> = (0..actors).map(Person).collect();
        let maps = lists(&all, actors as usize)
            .into_iter()
            .map(|list| map(&list));
        assert_eq!(
            keys(&people(), actors as usize, maps),
            graphs,
            "{actors} actors"
        );
    }
}

#[test]
fn six_actors_in_rings_are_told_apart_by_the_lengths_of_the_rings() {
    let all: Vec<Person> = (0..6).map(Person).collect();
    let mut rings = lists(&all[..3], 1);
    for more in 1..6 {
        // Insert each next actor into every ring at every place: all permutations.
        rings = rings
            .iter()
            .flat_map(|list| {
                (0..=list.len()).map(move |place| {
                    let mut longer = list.clone();
                    longer.push(Person(more));
                    let last = longer.len() - 1;
                    longer.swap(place, last);
                    longer
                })
            })
            .collect();
    }
    let rings = rings
        .into_iter()
        .filter(|list| list.iter().collect::<BTreeSet<_>>().len() == 6);
    // The partitions of 6.
    assert_eq!(keys(&people(), 6, rings.map(|list| map(&list))), 11);
    let hold = |list: [u32; 4]| key(&people(), 4, &map(&list.map(Person)));
    assert_eq!(hold([1, 2, 3, 0]), hold([2, 3, 1, 0]), "two rings of four");
    assert_ne!(
        hold([1, 2, 3, 0]),
        hold([1, 0, 3, 2]),
        "one of four, two of two"
    );
}

#[test]
fn relations_of_tickets_have_as_many_keys_as_directed_graphs() {
    // OEIS A000595: with loops, so a ticket stands twice in one entry.
    for (newest, graphs) in [(1, 2), (2, 10), (3, 104)] {
        let all = sets(&pairs(&drawn(newest)));
        assert_eq!(halls(&tickets(0), newest, all), graphs, "{newest} tickets");
    }
}

#[test]
fn graphs_that_look_alike_from_each_node_are_told_apart() {
    // OEIS A000088, each edge an entry without order in an entry without order.
    for (newest, graphs) in [(3, 4), (4, 11), (5, 34)] {
        let edges = pairs(&drawn(newest))
            .into_iter()
            .filter(|(one, other)| one < other);
        let edges: Vec<_> = edges
            .map(|(one, other)| BTreeSet::from([one, other]))
            .collect();
        assert_eq!(
            halls(&tickets(0), newest, sets(&edges)),
            graphs,
            "{newest} tickets"
        );
    }
    let graph = |edges: &[(u32, u32)]| -> Hall<BTreeSet<BTreeSet<Ticket>>> {
        let edge = |&(one, other): &(u32, u32)| BTreeSet::from([Ticket(one), Ticket(other)]);
        Hall {
            newest: Newest(8),
            has: edges.iter().map(edge).collect(),
        }
    };
    // A ring of six and two of three; a cube and another graph of eight nodes with three edges each.
    let of = |edges: &[(u32, u32)]| key(&tickets(0), 0, &graph(edges));
    let six = [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (1, 6)];
    let again = [(2, 5), (3, 5), (3, 6), (1, 6), (1, 4), (2, 4)];
    assert_eq!(of(&six), of(&again));
    assert_ne!(
        of(&six),
        of(&[(1, 2), (2, 3), (1, 3), (4, 5), (5, 6), (4, 6)])
    );
    let ring =
        |offset: u32| [(1, 2), (2, 3), (3, 4), (1, 4)].map(|(a, b)| (a + offset, b + offset));
    let cube = [&ring(0)[..], &ring(4), &[(1, 5), (2, 6), (3, 7), (4, 8)]].concat();
    let twisted = [&ring(0)[..], &ring(4), &[(1, 5), (2, 6), (3, 8), (4, 7)]].concat();
    let turned = [&ring(0)[..], &ring(4), &[(2, 5), (3, 6), (4, 7), (1, 8)]].concat();
    assert_eq!(of(&cube), of(&turned));
    assert_ne!(of(&cube), of(&twisted));
}

#[test]
fn sets_of_sets_have_as_many_keys_as_boolean_functions() {
    // OEIS A003180.
    for (newest, functions) in [(1, 4), (2, 12), (3, 80)] {
        let all = sets(&sets(&drawn(newest)));
        assert_eq!(
            halls(&tickets(0), newest, all),
            functions,
            "{newest} tickets"
        );
    }
}

#[test]
fn sets_of_sets_of_sets_are_exchanged_as_a_whole() {
    // Of the 2^16 values over two tickets, exchanging the two leaves 2^(8 + 8/2) as they are.
    let every = sets(&sets(&sets(&drawn(2))));
    assert_eq!(every.len(), 1 << 16);
    assert_eq!(halls(&tickets(0), 2, every), ((1 << 16) + (1 << 12)) / 2);
}

#[test]
fn actors_and_tickets_are_exchanged_independently() {
    // OEIS A002724: matrices of bits up to exchanges of rows and columns.
    for (size, matrices) in [(1_u32, 2), (2, 7), (3, 36)] {
        let symmetry = tickets(0).family(PEOPLE, of_actors());
        let cells: Vec<(Person, Ticket)> = (0..size)
            .flat_map(|person| {
                drawn(size)
                    .into_iter()
                    .map(move |ticket| (Person(person), ticket))
            })
            .collect();
        let newest = Newest(size);
        let all = sets(&cells).into_iter().map(|has| Hall { newest, has });
        assert_eq!(keys(&symmetry, size as usize, all), matrices, "{size}");
    }
}

#[test]
fn places_in_a_list_are_not_exchanged() {
    // Lists of four tickets differ in which places have the same one: the Bell number.
    assert_eq!(halls(&tickets(0), 4, lists(&drawn(4), 4)), 15);
    // Sets in a list of two: each ticket is in one of four places, or in none.
    assert_eq!(halls(&tickets(0), 2, lists(&sets(&drawn(2)), 2)), 10);
}

#[test]
fn pinned_tickets_stay_and_the_others_are_exchanged() {
    assert_eq!(halls(&tickets(1), 3, drawn(3)), 2);
    assert_eq!(halls(&tickets(2), 4, pairs(&drawn(4))), 4 + 2 + 2 + 2);
    // What is pinned and was not drawn yet: how many were drawn is told.
    let none: Hall<Option<Ticket>> = Hall {
        newest: Newest(0),
        has: None,
    };
    let drawn = (0..6).map(|newest| Hall {
        newest: Newest(newest),
        ..none.clone()
    });
    assert_eq!(keys(&tickets(3), 0, drawn), 4);
}

#[test]
fn tickets_not_drawn_yet_are_told_apart_by_how_far_ahead_they_are() {
    let of = |newest, has: &[u32]| {
        let has: Vec<Ticket> = has.iter().copied().map(Ticket).collect();
        let newest = Newest(newest);
        key(&tickets(0), 0, &Hall { newest, has })
    };
    assert_eq!(of(2, &[3]), of(5, &[6]));
    assert_ne!(of(2, &[3]), of(2, &[4]));
    assert_ne!(of(2, &[2]), of(2, &[3]));
    assert_ne!(of(3, &[3]), of(2, &[3]));
    assert_eq!(of(3, &[2, 4, 5]), of(1, &[1, 2, 3]));
    assert_ne!(of(3, &[2, 4, 5]), of(3, &[2, 5, 4]));
}

#[test]
fn ordered_tickets_keep_their_order_and_lose_their_gaps() {
    let ordered = |pinned| Symmetry::new().family(TICKETS, Rule::Ordered { pinned });
    assert_eq!(halls(&ordered(0), 5, pairs(&drawn(5))), 3);
    // Weak orders of three: the Fubini number.
    assert_eq!(halls(&ordered(0), 4, lists(&drawn(4), 3)), 13);
    assert_eq!(halls(&ordered(0), 4, sets(&drawn(4))), 5);
    // One is pinned: it alone, or one, two or three of the others, in order.
    assert_eq!(halls(&ordered(1), 4, sets(&drawn(4))), 8);
    assert_eq!(halls(&ordered(1), 3, pairs(&drawn(3))), 1 + 1 + 1 + 3);
}

#[test]
fn numbers_of_an_actor_go_with_it_and_are_told_apart() {
    let owner: Owner = Arc::new(|number| (number < 4).then_some((number as usize / 2, number % 2)));
    let symmetry = Symmetry::new().family(PEOPLE, Rule::OfActor(owner));
    let all: Vec<Person> = (0..4).map(Person).collect();
    assert_eq!(keys(&symmetry, 2, all.iter().copied()), 2);
    assert_eq!(keys(&symmetry, 2, pairs(&all)), 8);
    assert_eq!(keys(&symmetry, 2, sets(&all)), 10);
    // Numbers of nobody stay.
    assert_eq!(keys(&symmetry, 2, (0..7).map(Person)), 2 + 3);
}

#[test]
fn without_exchange_nothing_is_merged() {
    let symmetry = people()
        .family(TICKETS, Rule::Fresh { pinned: 0 })
        .without_exchange();
    let all: Vec<Person> = (0..3).map(Person).collect();
    assert_eq!(keys(&symmetry, 3, sets(&pairs(&all))), 512);
    assert_eq!(halls(&symmetry, 3, sets(&pairs(&drawn(3)))), 512);
}
