//! How sessions come to be: demand, failures, ids.

use logon_core::server::Demand;
use logon_core::{Ending, Refusal, SessionState, Settings};

use crate::accounts::*;

#[test]
fn the_pool_is_filled_and_no_more() {
    for idle_pool in 0..4 {
        let mut server = server(settings(idle_pool, 1));
        assert_eq!(server.idle().len() as u32, idle_pool);
        assert_eq!(server.demand(), None);
        assert_balanced(&server);
    }
}

#[test]
fn no_more_sessions_are_under_creation_than_there_are_workers() {
    let mut server = logon_core::Server::new(
        Settings {
            creation_workers: 2,
            ..settings(4, 1)
        },
        Facts::default(),
    );
    let first = begin(&mut server);
    begin(&mut server);
    assert_eq!(server.demand(), None);
    server.publish(first);
    begin(&mut server);
    assert_eq!(server.demand(), None);
}

#[test]
fn a_failed_creation_refuses_the_oldest_in_line_and_clears_its_session() {
    let mut server = server(settings(0, 2));
    let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
    let failed = begin(&mut server);
    server.fail_creation(failed);
    assert_eq!(state(&server, failed), Some(SessionState::Down));
    server.clear_down(failed);
    assert_eq!(state(&server, failed), None);
    let refused = Ending::Refused(Refusal::CreationFailed);
    assert_eq!(server.heard(first), Some(Err(refused)));
    assert_eq!(server.heard(second), None);
    assert_eq!(events(&server), []);
    assert_balanced(&server);

    replenish(&mut server);
    assert!(
        matches!(server.heard(second), Some(Ok(_))),
        "the next creation serves the next"
    );
    assert_balanced(&server);
}

#[test]
fn a_creation_that_fails_for_the_pool_costs_nobody_a_logon_and_is_tried_again() {
    let mut server = logon_core::Server::new(settings(1, 1), Facts::default());
    let failed = begin(&mut server);
    server.fail_creation(failed);
    server.clear_down(failed);
    assert_at_rest(&server);
    assert!(matches!(server.demand(), Some(Demand::Create(_))));
}

#[test]
fn only_a_session_that_is_down_is_cleared() {
    let mut server = server(settings(1, 1));
    let idle = server.idle()[0];
    server.clear_down(idle);
    assert_eq!(state(&server, idle), Some(SessionState::Idle));
}

#[test]
fn a_server_that_closes_serves_the_line_and_fills_the_pool_before_its_workers_stop() {
    let mut server = server(settings(1, 2));
    claimed(&mut server, 1);
    let waiting = queued(&mut server, 2);
    server.close();
    replenish(&mut server);
    assert!(matches!(server.heard(waiting), Some(Ok(_))));
    assert_eq!(server.idle().len(), 1);
    assert_eq!(server.demand(), Some(Demand::Stop));
}

#[test]
fn an_id_that_is_reused_names_another_generation() {
    for reuse_ids in [true, false] {
        let mut server = server(Settings {
            reuse_ids,
            ..settings(1, 1)
        });
        let (logon, stale) = logged_on(&mut server, 1, USER);
        server.log_off(logon).expect("it is complete");
        replenish(&mut server);
        let (_, fresh) = logged_on(&mut server, 2, USER);
        assert_eq!(fresh.session == stale.session, reuse_ids);
        assert_ne!(fresh, stale);
        assert_eq!(server.find(stale), None);
        assert!(
            !server.reset(stale) && !server.expire(stale),
            "a stale claim hits nobody"
        );
        server.delete(stale);
        assert_eq!(state(&server, fresh), Some(SessionState::Active));
        assert_balanced(&server);
    }
}
