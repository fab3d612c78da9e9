//! How logons end before their time: hang-ups and resets, at every phase.

use logon_core::ids::LISTENER;
use logon_core::server::LogonPhase;
use logon_core::{Claim, Ending, LogonId, Refusal, Server, SessionState};

use crate::accounts::*;

/// A server with a pool of 0, whose logon 1 was handed a session and whose logon 2 waits in line.
fn one_served_and_one_waiting() -> (Server<Facts>, LogonId, LogonId, Claim) {
    let mut server = server(settings(0, 2));
    let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
    let claim = begin(&mut server);
    server.publish(claim);
    (server, first, second, claim)
}

/// Every way a logon may be ended by its own side.
const ENDINGS: [fn(&mut Server<Facts>, LogonId); 3] = [
    |server, logon| server.hang_up(logon),
    |server, logon| server.disconnect(logon).expect("it lives"),
    |server, logon| server.log_off(logon).expect("it lives"),
];

#[test]
fn leaving_before_having_a_session_gives_the_permit_back() {
    for end in ENDINGS {
        let mut server = server(settings(0, 1));
        let logon = admitted(&mut server, 1);
        end(&mut server, logon);
        assert_at_rest(&server);
    }
}

#[test]
fn leaving_the_line_gives_permit_and_place_back() {
    for end in ENDINGS {
        let mut server = server(settings(0, 2));
        let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
        end(&mut server, first);
        assert_eq!(server.heard(first), Some(Err(Ending::Gone)));
        assert_balanced(&server);
        let claim = begin(&mut server);
        server.publish(claim);
        assert_eq!(
            server.heard(second),
            Some(Ok(claim)),
            "the session goes to who is left"
        );
        assert_balanced(&server);
    }
}

#[test]
fn leaving_a_session_nobody_has_seen_hands_it_to_the_next_in_line() {
    for end in ENDINGS {
        let (mut server, first, second, claim) = one_served_and_one_waiting();
        end(&mut server, first);
        assert_eq!(server.heard(second), Some(Ok(claim)));
        assert_eq!(server.ledger().in_use(), 1);
        assert_eq!(server.attach(second), Ok(claim));
        assert_balanced(&server);
    }
}

#[test]
fn leaving_a_session_nobody_has_seen_deletes_it_when_there_is_no_line() {
    for end in ENDINGS {
        let mut server = server(settings(1, 1));
        let (logon, claim) = claimed(&mut server, 1);
        end(&mut server, logon);
        assert_eq!(state(&server, claim), None);
        assert_at_rest(&server);
    }
}

#[test]
fn leaving_at_the_prompt_deletes_the_session_although_there_is_a_line() {
    for end in ENDINGS {
        let (mut server, first, second, claim) = one_served_and_one_waiting();
        server.attach(first).expect("it has a session");
        end(&mut server, first);
        assert_eq!(state(&server, claim), None);
        assert_eq!(server.heard(second), None);
        assert_balanced(&server);
        replenish(&mut server);
        assert!(
            matches!(server.heard(second), Some(Ok(_))),
            "it is served all the same"
        );
    }
}

#[test]
fn leaving_between_two_sessions_leaves_the_old_one_as_it_was() {
    for end in ENDINGS {
        let mut server = server(settings(1, 1));
        let old = left_behind(&mut server, 1, USER);
        replenish(&mut server);
        let (logon, temporary) = swapping(&mut server, 2, USER);
        end(&mut server, logon);
        assert_eq!(state(&server, old), Some(SessionState::Disconnected));
        assert_eq!(server.disconnected_session_of(USER), Some(old));
        assert_eq!(state(&server, temporary), None);
        assert_at_rest(&server);
    }
}

#[test]
fn ending_twice_is_ending_once() {
    let mut server = server(settings(1, 2));
    let (logon, _) = logged_on(&mut server, 1, USER);
    admitted(&mut server, 2);
    server.log_off(logon).expect("it is complete");
    let after = server.clone();
    server.hang_up(logon);
    assert_eq!(server.disconnect(logon), Err(Ending::Gone));
    assert_eq!(server.log_off(logon), Err(Ending::Gone));
    assert_eq!(server, after);
}

#[test]
fn hanging_up_who_never_arrived_changes_nothing() {
    let mut server = server(settings(1, 1));
    let before = server.clone();
    server.hang_up(LogonId(9));
    assert_eq!(server, before);
}

#[test]
fn a_logon_whose_session_is_reset_before_it_is_complete_is_refused() {
    for reach in [claimed, at_prompt] {
        let mut server = server(settings(1, 1));
        let (logon, claim) = reach(&mut server, 1);
        assert!(server.reset(claim));
        assert_eq!(state(&server, claim), Some(SessionState::Reset));
        assert_eq!(server.living(logon), Err(Ending::Gone));
        assert_eq!(server.attach(logon), Err(Ending::Gone));
        let refusal = Refusal::SessionReset;
        assert!(
            server
                .observer()
                .0
                .contains(&logon_core::Fact::Refused { logon, refusal })
        );
        assert_eq!(events(&server), []);
        assert!(!server.reset(claim), "it is reset already");
        server.delete(claim);
        assert_eq!(state(&server, claim), None);
        assert_at_rest(&server);
    }
}

#[test]
fn a_complete_logon_ends_with_the_session_that_is_reset() {
    let mut server = server(settings(1, 1));
    let (logon, claim) = logged_on(&mut server, 1, USER);
    assert!(server.reset(claim));
    assert_eq!(server.living(logon), Err(Ending::Gone));
    assert_eq!(server.log_off(logon), Err(Ending::Gone));
    server.delete(claim);
    assert_at_rest(&server);
}

#[test]
fn a_session_left_behind_is_reset_without_ending_anybody() {
    for reset in [Server::reset, Server::expire] {
        let mut server = server(settings(1, 1));
        let old = left_behind(&mut server, 1, USER);
        assert!(reset(&mut server, old));
        assert_eq!(server.disconnected_session_of(USER), None);
        server.delete(old);
        assert_at_rest(&server);
    }
}

#[test]
fn a_logon_that_loses_the_old_session_keeps_its_own() {
    let mut server = server(settings(1, 1));
    let old = left_behind(&mut server, 1, USER);
    replenish(&mut server);
    let (logon, own) = swapping(&mut server, 2, USER);
    assert!(
        !server.expire(old),
        "a time-out passes by a session that is claimed"
    );
    assert!(server.reset(old), "an administrator does not");
    assert_eq!(server.swap(logon, USER), Ok(own));
    assert_eq!(state(&server, own), Some(SessionState::Active));
    server.delete(old);
    assert_balanced(&server);
}

#[test]
fn a_logon_that_loses_its_own_session_gives_the_old_one_back() {
    let mut server = server(settings(1, 1));
    let old = left_behind(&mut server, 1, USER);
    replenish(&mut server);
    let (logon, own) = swapping(&mut server, 2, USER);
    assert!(server.reset(own));
    assert_eq!(server.swap(logon, USER), Err(Ending::Gone));
    assert_eq!(state(&server, old), Some(SessionState::Disconnected));
    server.delete(own);
    assert_at_rest(&server);
}

#[test]
fn neither_idle_nor_unfinished_sessions_nor_the_listener_can_be_reset() {
    let mut server = server(settings(1, 2));
    let idle = server.idle()[0];
    let (_, claim) = claimed(&mut server, 1);
    assert_eq!(claim, idle);
    let unfinished = begin(&mut server);
    let listener = server.claim_on(LISTENER).expect("it is always there");
    for spared in [unfinished, listener] {
        let before = server.clone();
        assert!(!server.reset(spared) && !server.expire(spared));
        server.delete(spared);
        assert_eq!(server, before);
    }
    server.publish(unfinished);
    assert!(!server.reset(unfinished), "it is idle now");
    assert_balanced(&server);
}

#[test]
fn a_logon_refused_in_line_hears_of_it_and_hanging_it_up_changes_nothing() {
    let mut server = server(settings(0, 1));
    let logon = queued(&mut server, 1);
    let claim = begin(&mut server);
    server.fail_creation(claim);
    server.clear_down(claim);
    let refused = Ending::Refused(Refusal::CreationFailed);
    assert_eq!(
        phase(&server, logon),
        Some(LogonPhase::RefusedInLine(Refusal::CreationFailed))
    );
    assert_eq!(server.ledger().in_use(), 0);
    let before = server.clone();
    server.hang_up(logon);
    assert_eq!(server.disconnect(logon), Err(refused));
    assert_eq!(server, before);
    assert_eq!(server.heard(logon), Some(Err(refused)));
    assert_at_rest(&server);
}
