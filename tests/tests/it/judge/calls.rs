//! Causes: the same facts told on behalf of one call and of another.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::observer::{Departure, Resetter};
use logon_core::{Claim, Fact, LogonId, Observer, OnBrokenLine, Refusal, SessionState::*, UserId};
use logon_models::judge::{
    Call, Errand, Judge, Line, Property, Property::*, Truth, Wanted, within,
};

use crate::judge::histories::*;

/// Sections, one after the other, each with the call on whose behalf it runs and what is told in it.
pub(crate) type Sections = Vec<(Call, Vec<Fact>)>;

pub(crate) fn with_calls() -> Truth {
    Truth {
        calls: true,
        users: BTreeMap::from([(ALICE, USER), (BOB, OTHER)]),
        aimed_at: BTreeSet::from([ALICE]),
        ..truth()
    }
}

pub(crate) const OTHER: UserId = UserId(USER.0 + 1);

pub(crate) fn connect(logon: LogonId) -> Call {
    Call::Connect(logon, Line::Up)
}

pub(crate) fn wanted(user: UserId) -> Wanted {
    Wanted { user, logons: None }
}

pub(crate) fn run(truth: Truth, sections: &Sections) -> Judge {
    let mut judge = Judge::new(truth);
    for (call, facts) in sections {
        within(Errand::of(*call), || {
            facts.iter().for_each(|&fact| judge.tell(fact));
            judge.after_section();
        });
    }
    judge
}

pub(crate) fn properties(judge: &Judge) -> Vec<Property> {
    let violations = judge.violations().iter();
    violations.map(|violation| violation.property).collect()
}

/// Alice is logged on to the first session, each fact in the call that it belongs to.
pub(crate) fn alice_is_on() -> Sections {
    let facts = logged_on(ALICE, FIRST, 1);
    facts
        .into_iter()
        .map(|fact| {
            let call = match fact {
                Fact::LoggedOn { .. } | Fact::Arbitrated { .. } => Call::LogOn(ALICE, Line::Up),
                Fact::Session { .. } | Fact::Loaded { .. } => Call::Serve(Some(FIRST)),
                _ => connect(ALICE),
            };
            (call, vec![fact])
        })
        .collect()
}

/// Alice has been on, and left her session behind.
pub(crate) fn alice_left_it() -> Sections {
    let left = vec![
        leaves(ALICE, Departure::Disconnected),
        session(FIRST, Active, Disconnected),
    ];
    [alice_is_on(), vec![(Call::Disconnect(ALICE), left)]].concat()
}

fn leaves(logon: LogonId, departure: Departure) -> Fact {
    Fact::Left { logon, departure }
}

/// What falls when, after `before`, this section follows.
fn then(truth: Truth, before: Sections, call: Call, facts: Vec<Fact>) -> Vec<Property> {
    assert_eq!(properties(&run(truth.clone(), &before)), [], "too early");
    properties(&run(truth, &[before, vec![(call, facts)]].concat()))
}

#[test]
fn a_departure_belongs_to_its_own_clients_call_or_to_its_broken_line() {
    let cases = [
        (
            Call::Disconnect(ALICE),
            Departure::Disconnected,
            Disconnected,
            true,
        ),
        (Call::LogOff(ALICE), Departure::LoggedOff, Reset, true),
        (
            Call::HangUp(ALICE),
            Departure::Disconnected,
            Disconnected,
            true,
        ),
        (Call::HangUp(ALICE), Departure::LoggedOff, Reset, false),
        (
            Call::LogOff(ALICE),
            Departure::Disconnected,
            Disconnected,
            false,
        ),
        (
            Call::HangUp(BOB),
            Departure::Disconnected,
            Disconnected,
            false,
        ),
        (connect(BOB), Departure::LoggedOff, Reset, false),
        (Call::Serve(None), Departure::LoggedOff, Reset, false),
        (
            Call::Expire(FIRST, USER),
            Departure::LoggedOff,
            Reset,
            false,
        ),
    ];
    for (call, departure, to, lawful) in cases {
        let facts = vec![leaves(ALICE, departure), session(FIRST, Active, to)];
        let expected: &[Property] = if lawful { &[] } else { &[Identity] };
        let fallen = then(with_calls(), alice_is_on(), call, facts);
        assert_eq!(fallen, expected, "{departure:?} in {call:?}");
    }
}

#[test]
fn a_broken_line_does_what_the_setting_says() {
    let resets = Truth {
        on_broken_line: OnBrokenLine::Reset,
        ..with_calls()
    };
    let off = vec![
        leaves(ALICE, Departure::LoggedOff),
        session(FIRST, Active, Reset),
    ];
    let kept = vec![
        leaves(ALICE, Departure::Disconnected),
        session(FIRST, Active, Disconnected),
    ];
    let cut = Call::HangUp(ALICE);
    assert_eq!(then(resets.clone(), alice_is_on(), cut, off), []);
    assert_eq!(then(resets, alice_is_on(), cut, kept), [Identity]);
}

#[test]
fn an_end_that_was_asked_for_may_come_in_anothers_section() {
    let asked = [alice_is_on(), vec![(Call::HangUp(ALICE), vec![])]].concat();
    let left = vec![
        leaves(ALICE, Departure::Disconnected),
        session(FIRST, Active, Disconnected),
    ];
    assert_eq!(then(with_calls(), asked, Call::Serve(None), left), []);
}

#[test]
fn a_logon_is_given_up_only_when_its_own_line_is_down() {
    let arrived = vec![(connect(BOB), admitted(BOB))];
    let given_up = || vec![Fact::Abandoned { logon: BOB }];
    for (call, expected) in [
        (Call::HangUp(BOB), &[][..]),
        (Call::Connect(BOB, Line::Down), &[]),
        (connect(BOB), &[NoFalseRefusal]),
        (connect(ALICE), &[NoFalseRefusal]),
        (Call::Connect(ALICE, Line::Down), &[NoFalseRefusal]),
    ] {
        let fallen = then(with_calls(), arrived.clone(), call, given_up());
        assert_eq!(fallen, expected, "{call:?}");
    }
    let complete = then(
        with_calls(),
        alice_is_on(),
        Call::HangUp(ALICE),
        vec![Fact::Abandoned { logon: ALICE }],
    );
    assert_eq!(complete, [Identity]);
}

#[test]
fn a_disconnected_session_is_reset_by_whoever_wants_that_very_session() {
    let reset = |by, aimed: Claim, hit: Claim| {
        vec![
            Fact::Reset { by, aimed, hit },
            session(hit, Disconnected, Reset),
        ]
    };
    let (timer, admin) = (Resetter::Timer, Resetter::Administrator);
    let cases = [
        (Call::Expire(FIRST, USER), timer, true),
        (Call::Expire(FIRST, OTHER), timer, false),
        (Call::Expire(SECOND, USER), timer, false),
        (Call::Reset(FIRST, wanted(USER)), admin, true),
        (Call::Reset(FIRST, wanted(OTHER)), admin, false),
        (Call::Reset(FIRST, wanted(USER)), timer, false),
        (Call::Expire(FIRST, USER), admin, false),
        (connect(BOB), timer, false),
        (Call::Serve(None), admin, false),
    ];
    for (call, by, lawful) in cases {
        let fallen = then(with_calls(), alice_left_it(), call, reset(by, FIRST, FIRST));
        let expected: &[Property] = if lawful { &[] } else { &[Identity] };
        assert_eq!(fallen, expected, "{by:?} in {call:?}");
    }
    // Without a reset, it is nobody's to delete.
    let deleted = vec![session(FIRST, Disconnected, Reset)];
    for call in [connect(BOB), Call::Serve(None), Call::Expire(FIRST, USER)] {
        let fallen = then(with_calls(), alice_left_it(), call, deleted.clone());
        assert_eq!(fallen, [Identity], "{call:?}");
    }
}

#[test]
fn a_client_keeps_what_was_its_own_when_an_administrator_looked() {
    // Alice's session, found when she was on her way to it, has gone on to Bob.
    let claimed = vec![
        Fact::Claimed {
            logon: ALICE,
            claim: FIRST,
        },
        session(FIRST, Idle, ConnectQuery),
    ];
    let sections = vec![
        (Call::Serve(Some(FIRST)), idle(FIRST)),
        (connect(ALICE), [admitted(ALICE), claimed].concat()),
        (
            connect(BOB),
            [admitted(BOB), vec![Fact::Queued { logon: BOB }]].concat(),
        ),
        (
            Call::HangUp(ALICE),
            vec![
                Fact::Abandoned { logon: ALICE },
                Fact::Claimed {
                    logon: BOB,
                    claim: FIRST,
                },
            ],
        ),
    ];
    let reset = vec![
        Fact::Reset {
            by: Resetter::Administrator,
            aimed: FIRST,
            hit: FIRST,
        },
        session(FIRST, ConnectQuery, Reset),
        refused(BOB, Refusal::SessionReset)[0],
    ];
    let alices = Wanted {
        user: USER,
        logons: Some((ALICE, BOB)),
    };
    let fallen = then(with_calls(), sections, Call::Reset(FIRST, alices), reset);
    assert_eq!(fallen, []);
}

#[test]
fn logons_are_switched_by_an_administrator_and_in_no_other_direction() {
    for (call, expected) in [
        (Call::EnableLogons(false), &[][..]),
        (Call::EnableLogons(true), &[NoFalseRefusal]),
        (connect(ALICE), &[NoFalseRefusal]),
    ] {
        let disabled = vec![Fact::LogonsEnabled(false)];
        assert_eq!(
            then(with_calls(), vec![], call, disabled),
            expected,
            "{call:?}"
        );
    }
}

#[test]
fn a_user_is_who_the_situation_says() {
    let connects = |fact: &Fact| matches!(fact, Fact::Session { .. } | Fact::Loaded { .. });
    let prompt: Sections = back_at_the_prompt()
        .into_iter()
        .skip(logged_on(ALICE, FIRST, 1).len() + 2)
        .map(|fact| {
            let call = if connects(&fact) {
                Call::Serve(Some(SECOND))
            } else {
                connect(BOB)
            };
            (call, vec![fact])
        })
        .collect();
    let before = [alice_left_it(), prompt].concat();
    let told = |user, old| {
        vec![Fact::Arbitrated {
            logon: BOB,
            user,
            old,
        }]
    };
    let log_on = Call::LogOn(BOB, Line::Up);
    assert_eq!(
        then(with_calls(), before.clone(), log_on, told(OTHER, None)),
        []
    );
    let fallen = then(with_calls(), before, log_on, told(USER, Some(FIRST)));
    assert_eq!(fallen, [Reconnect, Reconnect]);
}

#[test]
fn a_session_is_initialized_once_a_worker_has_loaded_it() {
    let made = vec![(Call::Serve(None), vec![appears(FIRST)])];
    for (call, expected) in [
        (Call::Serve(Some(FIRST)), &[][..]),
        (Call::Serve(None), &[Initialized]),
        (Call::Serve(Some(SECOND)), &[Initialized]),
        (connect(ALICE), &[Initialized]),
    ] {
        let loaded = vec![Fact::Loaded { claim: FIRST }];
        assert_eq!(
            then(with_calls(), made.clone(), call, loaded),
            expected,
            "{call:?}"
        );
    }
}

#[test]
fn a_failed_creation_is_the_oldest_waiting_logons_loss_and_no_others() {
    let waits = |logon| {
        let facts = [admitted(logon), vec![Fact::Queued { logon }]].concat();
        (connect(logon), facts)
    };
    let worker = Call::Serve(None);
    let fails = (worker, vec![appears(FIRST), session(FIRST, Init, Down)]);
    let refusal = |logon| vec![refused(logon, Refusal::CreationFailed)[0]];
    let both = vec![waits(ALICE), waits(BOB), fails.clone()];
    assert_eq!(then(with_calls(), both.clone(), worker, refusal(ALICE)), []);
    assert_eq!(
        then(with_calls(), both, worker, refusal(BOB)),
        [NoFalseRefusal]
    );
    // Who comes into line later has lost nothing.
    let late = vec![waits(ALICE), fails, waits(BOB), (worker, refusal(ALICE))];
    assert_eq!(
        then(with_calls(), late, worker, refusal(BOB)),
        [NoFalseRefusal]
    );
}

#[test]
fn disabled_logons_excuse_nobody_who_was_admitted() {
    let before = vec![
        (connect(ALICE), admitted(ALICE)),
        (Call::EnableLogons(false), vec![Fact::LogonsEnabled(false)]),
    ];
    let refusal = vec![refused(ALICE, Refusal::LogonsDisabled)[0]];
    assert_eq!(
        then(with_calls(), before, connect(ALICE), refusal),
        [NoFalseRefusal]
    );
}

#[test]
fn who_is_handed_a_session_has_a_place_in_line() {
    let before = vec![
        (Call::Serve(Some(FIRST)), idle(FIRST)),
        (connect(ALICE), admitted(ALICE)),
    ];
    let taken = then(
        with_calls(),
        before.clone(),
        connect(ALICE),
        gets(ALICE, FIRST),
    );
    assert_eq!(taken, []);
    let handed = then(with_calls(), before, Call::Serve(None), gets(ALICE, FIRST));
    assert_eq!(handed, [Overtaking]);
}

#[test]
fn what_was_loaded_may_be_announced_by_another() {
    let made = vec![
        (Call::Serve(None), vec![appears(FIRST)]),
        (Call::Serve(Some(FIRST)), vec![]),
    ];
    let loaded = vec![Fact::Loaded { claim: FIRST }];
    assert_eq!(then(with_calls(), made, connect(ALICE), loaded), []);
}

#[test]
fn a_success_makes_up_for_a_failure_unless_another_worker_may_be_on_its_way_to_the_refusal() {
    let waits = [admitted(ALICE), vec![Fact::Queued { logon: ALICE }]].concat();
    let before = vec![
        (connect(ALICE), waits),
        (
            Call::Serve(None),
            vec![appears(FIRST), session(FIRST, Init, Down)],
        ),
        (
            Call::Serve(None),
            vec![session(FIRST, Down, Reset), appears(SECOND)],
        ),
        (
            Call::Serve(Some(SECOND)),
            vec![Fact::Loaded { claim: SECOND }],
        ),
    ];
    let refusal = || vec![refused(ALICE, Refusal::CreationFailed)[0]];
    let two = Truth {
        creation_workers: 2,
        ..with_calls()
    };
    let fallen = then(with_calls(), before.clone(), Call::Serve(None), refusal());
    assert_eq!(fallen, [NoFalseRefusal]);
    assert_eq!(then(two, before, Call::Serve(None), refusal()), []);
}
