//! Facts told of somebody or something that is over, absent, another's, or not allowed.

use logon_core::observer::Departure;
use logon_core::{Fact, SessionState::*, StationName, UserId};
use logon_models::judge::Property;

use crate::judge::histories::*;

#[test]
fn a_second_departure_is_a_second_outcome() {
    let left = Fact::Left {
        logon: ALICE,
        departure: Departure::Disconnected,
    };
    falls(
        &[Property::OneOutcome],
        truth(),
        &[left_behind(), vec![left]].concat(),
        None,
    );
}

#[test]
fn an_attachment_after_the_outcome_comes_after_it() {
    let attached = Fact::Attached {
        logon: ALICE,
        claim: FIRST,
        name: StationName(1),
    };
    let abandoned = vec![Fact::Abandoned { logon: ALICE }, attached];
    falls(
        &[Property::OneOutcome],
        truth(),
        &[idle(FIRST), admitted(ALICE), gets(ALICE, FIRST), abandoned].concat(),
        None,
    );
}

#[test]
fn a_place_in_line_after_the_outcome_comes_after_it() {
    let queued = vec![
        Fact::Abandoned { logon: ALICE },
        Fact::Queued { logon: ALICE },
    ];
    falls(
        &[Property::OneOutcome],
        truth(),
        &[admitted(ALICE), queued].concat(),
        None,
    );
}

#[test]
fn a_session_that_is_not_there_cannot_be_claimed() {
    let nothing = vec![Fact::Claimed {
        logon: ALICE,
        claim: FIRST,
    }];
    falls(
        &[Property::Identity],
        truth(),
        &[admitted(ALICE), nothing].concat(),
        None,
    );
}

#[test]
fn a_logon_is_not_sent_to_the_disconnected_session_of_another_user() {
    let other = UserId(USER.0 + 1);
    let sent = vec![Fact::Arbitrated {
        logon: BOB,
        user: other,
        old: Some(FIRST),
    }];
    falls(
        &[Property::Reconnect],
        truth(),
        &[back_at_the_prompt(), sent].concat(),
        None,
    );
}

#[test]
fn nobody_is_admitted_while_logons_are_disabled() {
    falls(
        &[Property::NoFalseRefusal],
        truth(),
        &[vec![Fact::LogonsEnabled(false)], admitted(ALICE)].concat(),
        None,
    );
}

#[test]
fn who_disconnects_does_not_lose_the_session_and_who_logs_off_does() {
    for (departure, kept, broken) in [
        (Departure::Disconnected, Disconnected, Reset),
        (Departure::LoggedOff, Reset, Disconnected),
    ] {
        let left = |to| {
            vec![
                Fact::Left {
                    logon: ALICE,
                    departure,
                },
                session(FIRST, Active, to),
            ]
        };
        let history = |to| [logged_on(ALICE, FIRST, 1), left(to)].concat();
        holds(truth(), &history(kept), None);
        falls(&[Property::Identity], truth(), &history(broken), None);
    }
}
