//! Wrong declarations of symmetry: what is merged although it differs is compared, and noticed.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::primitives::Monitor;
use logon_core::symmetric;
use logon_sim::{Actors, FaultKind, Rule, Search, SimMonitor, Symmetry};

use super::{
    Hall, Newest, PEOPLE, TICKETS, Ticket, complete, distrustful, fault, spawn_bystanders,
    unchecked, up_to,
};

pub(super) fn people() -> Symmetry {
    let owner = Arc::new(|number| Some((number as usize, 0)));
    Symmetry::new().family(PEOPLE, Rule::OfActor(owner))
}

/// That the fault is noticed when everything is compared, and by the default share in the large program; and
/// that nobody else would have noticed it.
#[track_caller]
fn is_asymmetric(symmetry: &Symmetry, program: fn(&mut Actors<'_>)) {
    let with = |search: Search| up_to(search, symmetry.clone());
    let is_it = |kind: &FaultKind| {
        matches!(
            kind,
            FaultKind::Asymmetric { .. } | FaultKind::CoarseDescription { .. }
        )
    };
    let found = fault(&with(distrustful()), &program);
    assert!(is_it(&found), "{found}");
    let large = |actors: &mut Actors<'_>| {
        program(actors);
        spawn_bystanders(actors);
    };
    let found = fault(&with(Search::default()), &large);
    assert!(is_it(&found), "by default: {found}");
    complete(&with(unchecked()), &program);
    complete(&Search::default(), &program);
}

#[test]
fn actors_of_one_class_that_differ_by_their_place_are_noticed() {
    is_asymmetric(&people(), |actors| {
        let total: SimMonitor<u32> = Monitor::new("total", 0);
        for place in 0..3 {
            let total = total.clone();
            actors.spawn(format!("adder {place}"), "adder", move || {
                total.enter("add one", |total| *total += 1);
                total.enter("add", move |total| *total += place / 2);
            });
        }
    });
}

pub(super) type Queue = BTreeSet<Ticket>;

/// Two who draw a ticket each and put it into the queue; a third one takes one out, if two are there, and says
/// whether it was the first drawn.
pub(super) fn served_in_order(actors: &mut Actors<'_>) {
    let hall: SimMonitor<Hall<Queue>> = Monitor::new(
        "hall",
        Hall {
            newest: Newest(0),
            has: BTreeSet::new(),
        },
    );
    for name in ["alice", "bob"] {
        let hall = hall.clone();
        actors.spawn(name, name, move || {
            let drawn = hall.enter("draw", |hall| {
                hall.newest.0 += 1;
                Ticket(hall.newest.0)
            });
            hall.enter("queue", move |hall| {
                hall.has.insert(drawn);
            });
            hall.enter("leave", move |hall| hall.has.remove(&drawn));
        });
    }
    actors.spawn("clerk", "clerk", move || {
        hall.enter("serve", |hall| hall.has.pop_first());
    });
}

pub(super) fn knows_queues(rule: Rule) -> Symmetry {
    Symmetry::new()
        .knows::<Hall<Queue>>()
        .knows::<Ticket>()
        .knows::<Option<Ticket>>()
        .family(TICKETS, rule)
}

#[test]
fn identifiers_that_are_compared_by_order_may_be_said_to_be() {
    let ordered = knows_queues(Rule::Ordered { pinned: 0 });
    let merged = complete(&up_to(distrustful(), ordered), &served_in_order);
    let plain = complete(&distrustful(), &served_in_order);
    assert_eq!(merged.graph.maximal_paths(), plain.graph.maximal_paths());
    assert!(merged.progress.states <= plain.progress.states);
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Purse {
    coins: u32,
    notes: u32,
}
symmetric! { struct Purse { coins, notes: _ } }

#[test]
fn a_description_that_leaves_out_what_matters_is_noticed() {
    is_asymmetric(&Symmetry::new().knows::<Purse>(), |actors| {
        let purse: SimMonitor<Purse> = Monitor::new("purse", Purse { coins: 0, notes: 0 });
        let other = purse.clone();
        actors.spawn("saver", "saver", move || {
            other.enter("save", |purse| purse.notes = purse.coins);
        });
        for name in ["alice", "bob"] {
            let purse = purse.clone();
            actors.spawn(name, name, move || {
                purse.enter("pay", |purse| purse.coins += 1);
                purse.enter("change", |purse| purse.coins += purse.notes);
                purse.enter("change", |purse| purse.coins += purse.notes);
            });
        }
    });
}

#[test]
fn a_type_that_the_symmetry_does_not_know_is_named() {
    let stays = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<Vec<u32>> = Monitor::new("monitor", vec![0]);
        actors.spawn("alice", "client", move || {
            monitor.enter("push", |list| list.push(1));
        });
    };
    let plain = up_to(Search::default(), Symmetry::new());
    assert_eq!(
        fault(&plain, &stays),
        FaultKind::NotDescribed(std::any::type_name::<Vec<u32>>())
    );
    let returned = |actors: &mut Actors<'_>| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        actors.spawn("alice", "client", move || {
            monitor.enter("ask", |_| vec![1_u8]);
        });
    };
    assert_eq!(
        fault(&plain, &returned),
        FaultKind::NotDescribed(std::any::type_name::<Vec<u8>>())
    );
    let known = Symmetry::new().knows::<Vec<u8>>().knows::<Vec<u32>>();
    complete(&up_to(Search::default(), known.clone()), &stays);
    complete(&up_to(Search::default(), known), &returned);
}
