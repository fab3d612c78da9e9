//! What the judge lets pass today and should not. Each of these histories is wrong, and the judge is silent.
//! Whoever teaches it to speak turns the test around.

use logon_core::observer::Departure;
use logon_core::{Fact, SessionState::*, StationName, UserId};

use crate::histories::*;

#[test]
fn a_second_departure_is_not_noticed() {
    let left = Fact::Left {
        logon: ALICE,
        departure: Departure::Disconnected,
    };
    holds(truth(), &[left_behind(), vec![left]].concat(), None);
}

#[test]
fn an_attachment_after_the_outcome_is_not_noticed() {
    let attached = Fact::Attached {
        logon: ALICE,
        claim: FIRST,
        name: StationName(1),
    };
    let abandoned = vec![Fact::Abandoned { logon: ALICE }, attached];
    holds(
        truth(),
        &[idle(FIRST), admitted(ALICE), gets(ALICE, FIRST), abandoned].concat(),
        None,
    );
}

#[test]
fn a_place_in_line_after_the_outcome_is_not_noticed() {
    let queued = vec![
        Fact::Abandoned { logon: ALICE },
        Fact::Queued { logon: ALICE },
    ];
    holds(truth(), &[admitted(ALICE), queued].concat(), None);
}

#[test]
fn a_claim_on_a_session_that_is_not_there_is_not_noticed() {
    let nothing = vec![
        Fact::Claimed {
            logon: ALICE,
            claim: FIRST,
        },
        Fact::Attaching {
            logon: ALICE,
            claim: FIRST,
        },
        Fact::Attached {
            logon: ALICE,
            claim: FIRST,
            name: StationName(1),
        },
    ];
    holds(truth(), &[admitted(ALICE), nothing].concat(), None);
}

#[test]
fn being_sent_to_the_disconnected_session_of_another_user_is_not_noticed() {
    let other = UserId(USER.0 + 1);
    let sent = vec![
        Fact::Arbitrated {
            logon: BOB,
            user: other,
            old: Some(FIRST),
        },
        session(FIRST, Disconnected, ConnectQuery),
        session(SECOND, Connected, Reset),
        Fact::Session {
            claim: SECOND,
            from: Some(Reset),
            to: None,
        },
        Fact::LoggedOn {
            logon: BOB,
            claim: FIRST,
        },
        session(FIRST, ConnectQuery, Active),
    ];
    holds(truth(), &[back_at_the_prompt(), sent].concat(), None);
}

#[test]
fn being_admitted_while_logons_are_disabled_is_not_noticed() {
    holds(
        truth(),
        &[vec![Fact::LogonsEnabled(false)], admitted(ALICE)].concat(),
        None,
    );
}
