//! A logon's way to its session, and each way in which it is refused on it.

use logon_core::server::{Arbitration, LogonPhase};
use logon_core::{
    Ending, Event, Fact, LogonId, OnBrokenLine, Refusal, SessionState, Settings, StationName,
    UserId,
};

use crate::accounts::*;

#[test]
fn a_logon_goes_from_the_permit_to_the_session_and_leaves_nothing_when_it_logs_off() {
    let mut server = server(settings(1, 1));
    let logon = LogonId(1);
    let before = server.observer().0.len();

    assert_eq!(server.admit(logon), Ok(()));
    assert_eq!(phase(&server, logon), Some(LogonPhase::Admitted));
    let claim = server
        .claim_or_queue(logon)
        .expect("it lives")
        .expect("a session is idle");
    assert_eq!(phase(&server, logon), Some(LogonPhase::Claimed));
    assert_eq!(server.attach(logon), Ok(claim));
    assert_eq!(phase(&server, logon), Some(LogonPhase::AtPrompt));
    assert_eq!(server.arbitrate(logon, USER), Ok(Arbitration::Own(claim)));
    assert_eq!(phase(&server, logon), Some(LogonPhase::LoggedOn));
    assert_balanced(&server);
    assert_eq!(server.log_off(logon), Ok(()));
    assert_at_rest(&server);

    let session = |from, to| Fact::Session { claim, from, to };
    use SessionState::*;
    assert_eq!(
        server.observer().0[before..],
        [
            Fact::Arrived { logon },
            Fact::Admitted { logon },
            Fact::Claimed { logon, claim },
            session(Some(Idle), Some(ConnectQuery)),
            Fact::Attaching { logon, claim },
            Fact::Attached {
                logon,
                claim,
                name: StationName(1)
            },
            session(Some(ConnectQuery), Some(Connected)),
            Fact::Arbitrated {
                logon,
                user: USER,
                old: None
            },
            Fact::LoggedOn { logon, claim },
            session(Some(Connected), Some(Active)),
            Fact::Left {
                logon,
                departure: logon_core::observer::Departure::LoggedOff
            },
            session(Some(Active), Some(Reset)),
            session(Some(Reset), None),
        ]
    );
}

#[test]
fn who_finds_the_pool_empty_waits_in_line_and_is_handed_the_next_session() {
    let mut server = server(settings(0, 3));
    let (first, second) = (queued(&mut server, 1), queued(&mut server, 2));
    assert_eq!(server.heard(first), None);
    let claim = begin(&mut server);
    assert_eq!(
        server.heard(first),
        None,
        "a session that is not finished is not handed over"
    );
    server.publish(claim);
    assert_eq!(server.heard(first), Some(Ok(claim)));
    assert_eq!(server.heard(second), None);
    assert_eq!(server.attach(first), Ok(claim));
    assert_balanced(&server);
}

#[test]
fn a_full_server_refuses_with_event_71_and_takes_nothing() {
    let mut server = server(settings(1, 1));
    admitted(&mut server, 1);
    let refused = Ending::Refused(Refusal::MaxConnections);
    assert_eq!(server.admit(LogonId(2)), Err(refused));
    assert_eq!(
        events(&server),
        [(LogonId(2), Event::MaximumConnectionsExceeded)]
    );
    assert_eq!(phase(&server, LogonId(2)), None);
    assert_balanced(&server);
}

#[test]
fn a_session_left_behind_needs_no_permit() {
    let mut server = server(settings(2, 1));
    left_behind(&mut server, 1, USER);
    assert_eq!(server.ledger().in_use(), 0);
    assert_eq!(server.admit(LogonId(2)), Ok(()));
    assert_balanced(&server);
}

#[test]
fn disabled_logons_are_refused_without_an_event_and_who_is_on_stays_on() {
    let mut server = server(settings(1, 2));
    let (logon, claim) = logged_on(&mut server, 1, USER);
    server.enable_logons(false);
    assert_eq!(
        server.admit(LogonId(2)),
        Err(Ending::Refused(Refusal::LogonsDisabled))
    );
    assert_eq!(events(&server), []);
    assert_eq!(state(&server, claim), Some(SessionState::Active));
    assert_eq!(server.living(logon), Ok(LogonPhase::LoggedOn));
    server.enable_logons(true);
    assert_eq!(server.admit(LogonId(3)), Ok(()));
    assert_balanced(&server);
}

#[test]
fn each_refusal_gives_the_permit_back_and_logs_its_event_and_no_other() {
    let refusals = [
        (Refusal::NoLicense, Some(Event::NoLicense)),
        (Refusal::AccessDenied, None),
        (Refusal::CreationFailed, None),
        (Refusal::SessionReset, None),
        (Refusal::LogonsDisabled, None),
        (
            Refusal::MaxConnections,
            Some(Event::MaximumConnectionsExceeded),
        ),
    ];
    for (refusal, event) in refusals {
        let mut server = server(settings(1, 1));
        let (logon, claim) = at_prompt(&mut server, 1);
        assert_eq!(server.refuse(logon, refusal), Ending::Refused(refusal));
        let logged: Vec<_> = event.map(|event| (logon, event)).into_iter().collect();
        assert_eq!(events(&server), logged, "{refusal}");
        assert_eq!(
            state(&server, claim),
            None,
            "the session was seen, so it is deleted: {refusal}"
        );
        assert_eq!(server.living(logon), Err(Ending::Gone));
        assert_at_rest(&server);
    }
}

#[test]
fn a_user_goes_back_to_the_old_session_under_the_name_of_the_temporary_one() {
    let mut server = server(settings(1, 2));
    let old = left_behind(&mut server, 1, USER);
    replenish(&mut server);
    let (logon, temporary) = swapping(&mut server, 2, USER);
    assert_eq!(
        state(&server, old),
        Some(SessionState::ConnectQuery),
        "claimed at once"
    );
    assert_balanced(&server);
    assert_eq!(server.swap(logon, USER), Ok(old));
    assert_eq!(state(&server, old), Some(SessionState::Active));
    assert_eq!(state(&server, temporary), None);
    assert_eq!(
        server.find(old).and_then(|session| session.name),
        Some(StationName(2))
    );
    assert_balanced(&server);
}

#[test]
fn two_logons_of_one_user_do_not_go_back_to_the_same_session() {
    let mut server = server(settings(2, 3));
    let old = left_behind(&mut server, 1, USER);
    replenish(&mut server);
    let (first, _) = swapping(&mut server, 2, USER);
    let (second, own) = at_prompt(&mut server, 3);
    assert_eq!(server.arbitrate(second, USER), Ok(Arbitration::Own(own)));
    assert_eq!(server.swap(first, USER), Ok(old));
    assert_balanced(&server);
}

#[test]
fn another_users_session_is_not_offered() {
    let mut server = server(settings(2, 2));
    left_behind(&mut server, 1, USER);
    let (logon, own) = at_prompt(&mut server, 2);
    assert_eq!(
        server.arbitrate(logon, UserId(8)),
        Ok(Arbitration::Own(own))
    );
}

#[test]
fn no_name_is_given_twice() {
    let mut server = server(settings(3, 4));
    let name = |server: &logon_core::Server<Facts>, claim| {
        server
            .find(claim)
            .and_then(|session| session.name)
            .map(|name| name.0)
    };
    let (first, _) = at_prompt(&mut server, 1);
    let (_, second) = at_prompt(&mut server, 2);
    assert_eq!(name(&server, second), Some(2));
    server.hang_up(first);
    replenish(&mut server);
    let (_, third) = at_prompt(&mut server, 3);
    let (_, fourth) = at_prompt(&mut server, 4);
    assert_eq!(
        (name(&server, third), name(&server, fourth)),
        (Some(3), Some(4))
    );
    assert_balanced(&server);
}

#[test]
fn a_session_left_behind_has_no_name() {
    let mut server = server(settings(1, 1));
    let old = left_behind(&mut server, 1, USER);
    assert_eq!(server.find(old).map(|session| session.name), Some(None));
    assert!(!server.is_named(StationName(1)));
}

#[test]
fn a_broken_line_disconnects_or_resets_as_the_settings_say() {
    for (on_broken_line, left) in [
        (OnBrokenLine::Disconnect, Some(SessionState::Disconnected)),
        (OnBrokenLine::Reset, None),
    ] {
        let mut server = server(Settings {
            on_broken_line,
            ..settings(1, 1)
        });
        let (logon, claim) = logged_on(&mut server, 1, USER);
        server.hang_up(logon);
        assert_eq!(state(&server, claim), left);
        assert_at_rest(&server);
    }
}
