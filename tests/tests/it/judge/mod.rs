//! The judge, fed by hand: for each property a smallest history in which it falls, and a neighbor in which
//! all hold.

mod calls;
mod excuses;
mod histories;
mod impostors;
mod returns;
mod twins;

use std::collections::BTreeSet;

use logon_core::observer::Resetter;
use logon_core::{DropReason, Event, Fact, Refusal, SessionState::*};
use logon_models::judge::{Inventory, Kind, Property, Property::*, Truth};

use histories::*;
use twins::twins;

#[test]
fn every_property_falls_in_a_smallest_history_and_all_hold_beside_it() {
    // Whether somebody waits too long is judged from moment to moment, see `models/src/judge/moment.rs`.
    let told = Property::ALL.iter().filter(|property| **property != Burst);
    for &property in told {
        let ((truth, facts, rest), (other_truth, beside, other_rest)) = twins(property);
        assert_eq!(property.kind() == Kind::Rest, rest.is_some(), "{property}");
        let before = if rest.is_some() {
            facts.len()
        } else {
            facts.len() - 1
        };
        assert_eq!(
            fallen(truth.clone(), &facts[..before], None),
            [],
            "{property}, too early"
        );
        let first = fallen(truth, &facts, rest.as_ref()).first().copied();
        assert_eq!(first, Some(property));
        assert_eq!(
            fallen(other_truth, &beside, other_rest.as_ref()),
            [],
            "beside {property}"
        );
    }
}

#[test]
fn an_old_session_that_was_reset_may_be_replaced_by_the_own_one_and_no_other() {
    let offered = [back_at_the_prompt(), vec![arbitrated(BOB, Some(FIRST))]].concat();
    let pending = vec![session(FIRST, Disconnected, ConnectQuery)];
    let hit = vec![Fact::Reset {
        by: Resetter::Administrator,
        aimed: FIRST,
        hit: FIRST,
    }];
    let own = vec![Fact::LoggedOn {
        logon: BOB,
        claim: SECOND,
    }];
    falls(
        &[Reconnect],
        truth(),
        &[offered.clone(), pending.clone(), own.clone()].concat(),
        None,
    );
    holds(
        truth(),
        &[offered.clone(), pending.clone(), hit, own].concat(),
        None,
    );
    let dropped = Fact::Refused {
        logon: BOB,
        refusal: Refusal::Dropped(DropReason::NotFound),
    };
    let told = [offered, pending, vec![dropped]].concat();
    falls(&[NoFalseRefusal, Reconnect], truth(), &told, None);
}

#[test]
fn a_session_is_taken_from_its_holder_by_a_reset_aimed_at_it_and_by_nothing_else() {
    let on = logged_on(ALICE, FIRST, 1);
    let gone = vec![session(FIRST, Active, Reset)];
    let hit = |by| {
        vec![Fact::Reset {
            by,
            aimed: FIRST,
            hit: FIRST,
        }]
    };
    falls(
        &[Identity],
        truth(),
        &[on.clone(), gone.clone()].concat(),
        None,
    );
    falls(
        &[Identity],
        truth(),
        &[on.clone(), hit(Resetter::Timer)].concat(),
        None,
    );
    holds(
        truth(),
        &[on, hit(Resetter::Administrator), gone].concat(),
        None,
    );
    holds(
        truth(),
        &[left_behind(), hit(Resetter::Timer)].concat(),
        None,
    );
}

#[test]
fn an_outcome_is_followed_by_nothing_and_by_its_event_once() {
    let denied = Truth {
        denied: only(ALICE),
        idle_pool: 0,
        ..truth()
    };
    let told = [
        vec![Fact::Arrived { logon: ALICE }],
        refused(ALICE, Refusal::NoLicense),
    ]
    .concat();
    let again = [
        Fact::Admitted { logon: ALICE },
        Fact::Abandoned { logon: ALICE },
        Fact::Claimed {
            logon: ALICE,
            claim: FIRST,
        },
        Fact::LoggedOn {
            logon: ALICE,
            claim: FIRST,
        },
        Fact::Refused {
            logon: ALICE,
            refusal: Refusal::NoLicense,
        },
        Fact::Logged {
            logon: ALICE,
            event: Event::NoLicense,
        },
    ];
    for fact in again {
        falls(
            &[OneOutcome],
            denied.clone(),
            &[told.clone(), vec![fact]].concat(),
            None,
        );
    }
    falls(
        &[OneOutcome],
        denied.clone(),
        &told[..2],
        rest(&[], empty()).as_ref(),
    );
    holds(denied, &told, rest(&[], empty()).as_ref());
}

#[test]
fn at_rest_each_account_is_compared() {
    let waiting = [admitted(ALICE), vec![Fact::Queued { logon: ALICE }]].concat();
    let facts = [idle(FIRST), waiting].concat();
    let truth = Truth {
        idle_pool: 1,
        ..truth()
    };
    let right = Inventory {
        permits_in_use: 1,
        idle: BTreeSet::from([FIRST]),
        queue: vec![ALICE],
        ..empty()
    };
    let wrong = [
        Inventory {
            permits_in_use: 2,
            ..right.clone()
        },
        Inventory {
            idle: BTreeSet::from([SECOND]),
            ..right.clone()
        },
        Inventory {
            queue: vec![],
            ..right.clone()
        },
        Inventory {
            occupied: BTreeSet::from([FIRST]),
            ..right.clone()
        },
        Inventory {
            disconnected: BTreeSet::from([FIRST]),
            ..right.clone()
        },
    ];
    // Alice waits while a session is idle: that falls in any case.
    falls(
        &[WorkConservation],
        truth.clone(),
        &facts,
        rest(&[], right).as_ref(),
    );
    for inventory in wrong {
        falls(
            &[WorkConservation, Conservation],
            truth.clone(),
            &facts,
            rest(&[], inventory).as_ref(),
        );
    }
}
