//! Steps of an allocator from outside, composed of single changes and bare parts: whoever does what a provided
//! step does has the same server afterwards, and has told the same.

use logon_core::observer::Departure;
use logon_core::server::{Arbitration, LogonPhase};
use logon_core::{Claim, Fact, LogonId, Refusal, Server, SessionState};

use crate::accounts::*;

/// Asserts that both do the same to a server; gives it.
#[track_caller]
fn alike(
    server: &Server<Facts>,
    provided: impl FnOnce(&mut Server<Facts>),
    composed: impl FnOnce(&mut Server<Facts>),
) -> Server<Facts> {
    let (mut left, mut right) = (server.clone(), server.clone());
    provided(&mut left);
    composed(&mut right);
    assert_eq!(left, right);
    assert_balanced(&left);
    left
}

/// A finished session goes to the front of the line.
fn publish(server: &mut Server<Facts>, claim: Claim) {
    server.finish_loading(claim);
    server.transition(claim, SessionState::Idle);
    match server.queue_mut().pop_front() {
        Some(oldest) => server.assign(claim, oldest),
        None => server.idle_mut().push_back(claim),
    }
}

/// Ends a complete logon and keeps its session.
fn disconnect(server: &mut Server<Facts>, logon: LogonId) {
    let record = server.logons_mut().remove(&logon).expect("it is complete");
    server.ledger_mut().release();
    let departure = Departure::Disconnected;
    server.tell(Fact::Left { logon, departure });
    let claim = record.claim.expect("it has a session");
    let session = server.find_mut(claim).expect("the session is there");
    (session.holder, session.name) = (None, None);
    server.transition(claim, SessionState::Disconnected);
}

#[test]
fn a_creation_composed_of_parts_is_the_provided_one() {
    let mut waiting = Server::new(settings(1, 2), Facts::default());
    let claim = begin(&mut waiting);
    for server in [waiting.clone(), {
        queued(&mut waiting, 1);
        waiting
    }] {
        alike(
            &server,
            |server| server.publish(claim),
            |server| publish(server, claim),
        );
        alike(
            &server,
            |server| server.fail_creation(claim),
            |server| {
                server.transition(claim, SessionState::Down);
                if let Some(oldest) = server.queue_mut().pop_front() {
                    server.refuse_in_line(oldest, Refusal::CreationFailed);
                }
            },
        );
    }
}

#[test]
fn a_departure_composed_of_parts_is_the_provided_one() {
    let mut server = server(settings(1, 2));
    let (logon, claim) = logged_on(&mut server, 1, USER);
    let server = alike(
        &server,
        |server| server.disconnect(logon).expect("it is complete"),
        |server| disconnect(server, logon),
    );
    alike(
        &server,
        |server| {
            server.expire(claim);
            server.delete(claim);
        },
        |server| {
            let (by, aimed, hit) = (logon_core::observer::Resetter::Timer, claim, claim);
            server.tell(Fact::Reset { by, aimed, hit });
            server.delete_now(claim);
        },
    );
}

#[test]
fn a_reconnect_composed_of_parts_is_the_provided_one() {
    let mut server = server(settings(1, 2));
    let old = left_behind(&mut server, 1, USER);
    replenish(&mut server);
    let (logon, own) = at_prompt(&mut server, 2);
    let server = alike(
        &server,
        |server| {
            let arbitrated = server.arbitrate(logon, USER);
            assert_eq!(arbitrated, Ok(Arbitration::Reconnect));
        },
        |server| {
            server.tell(Fact::Arbitrated {
                logon,
                user: USER,
                old: Some(old),
            });
            server.note_old(logon, old);
            let session = server.find_mut(old).expect("the session is there");
            session.holder = Some(logon);
            server.transition(old, SessionState::ConnectQuery);
        },
    );
    alike(
        &server,
        |server| assert_eq!(server.swap(logon, USER), Ok(old)),
        |server| {
            let name = server.find(own).and_then(|session| session.name);
            server.delete_now(own);
            server.find_mut(old).expect("the session is there").name = name;
            let record = server.logons_mut().get_mut(&logon).expect("it lives");
            (record.claim, record.old) = (Some(old), None);
            server.complete(logon, old);
        },
    );
}

#[test]
fn a_session_passed_on_does_not_change_its_state() {
    let mut server = server(settings(0, 2));
    let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
    let claim = begin(&mut server);
    server.publish(claim);
    alike(
        &server,
        |server| server.hang_up(first),
        |server| {
            server.tell(Fact::Abandoned { logon: first });
            server.logons_mut().remove(&first);
            server.ledger_mut().release();
            server.queue_mut().retain(|&waiting| waiting != second);
            server.pass_on(claim, second);
        },
    );
}

#[test]
fn the_places_of_those_who_left_may_be_kept_if_the_front_is_cleared() {
    let mut server = server(settings(0, 2));
    let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
    server.hang_up(first);
    server.queue_mut().push_front(first);
    assert!(server.living(first).is_err());
    server.queue_mut().pop_front();
    let claim = begin(&mut server);
    server.publish(claim);
    assert_eq!(server.heard(second), Some(Ok(claim)));
    assert_balanced(&server);
}

#[test]
fn what_is_over_or_gone_is_not_changed() {
    let mut server = server(settings(1, 2));
    let (logon, claim) = logged_on(&mut server, 1, USER);
    server.log_off(logon).expect("it is complete");
    let before = server.clone();
    server.advance(logon, LogonPhase::Admitted);
    server.note_old(logon, claim);
    server.transition(claim, SessionState::Down);
    server.delete_now(claim);
    assert!(server.find_mut(claim).is_none());
    assert_eq!(server, before);
}

#[test]
fn whether_logons_are_enabled_can_be_asked() {
    let mut server = server(settings(0, 2));
    assert!(server.logons_enabled());
    server.enable_logons(false);
    assert!(!server.logons_enabled());
}
