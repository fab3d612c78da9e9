//! S1, reason by reason: what excuses a refusal, and from when to when.

use logon_core::observer::Resetter;
use logon_core::{DropReason, Fact, Refusal, SessionState::*};
use logon_models::judge::{Property, Property::*, Truth};

use crate::judge::histories::*;

#[test]
fn no_refusal_is_excused_by_another_reason_and_a_drop_by_none() {
    let arrived = vec![Fact::Arrived { logon: BOB }];
    let queued = [admitted(BOB), vec![Fact::Queued { logon: BOB }]].concat();
    let failed = vec![appears(FIRST), session(FIRST, Init, Down)];
    let connecting = [idle(FIRST), admitted(BOB), gets(BOB, FIRST)].concat();
    let hit = Fact::Reset {
        by: Resetter::Administrator,
        aimed: FIRST,
        hit: FIRST,
    };
    let disabled = vec![Fact::LogonsEnabled(false)];
    // Each situation excuses the reason beside it and no other.
    let situations = [
        (
            at_most(1),
            [admitted(ALICE), arrived.clone()].concat(),
            Refusal::MaxConnections,
        ),
        (
            truth(),
            [disabled.clone(), arrived.clone()].concat(),
            Refusal::LogonsDisabled,
        ),
        (
            Truth {
                denied: only(BOB),
                ..truth()
            },
            arrived.clone(),
            Refusal::NoLicense,
        ),
        (
            Truth {
                wrong_password: only(BOB),
                ..truth()
            },
            arrived.clone(),
            Refusal::AccessDenied,
        ),
        (truth(), [queued, failed].concat(), Refusal::CreationFailed),
        (
            truth(),
            [connecting, vec![hit]].concat(),
            Refusal::SessionReset,
        ),
    ];
    let reasons = situations.iter().map(|(.., reason)| *reason);
    use DropReason::*;
    let drops = [NoIdle, NameInUse, Busy, NotFound, NotReady].map(Refusal::Dropped);
    let reasons: Vec<Refusal> = reasons.chain(drops).collect();
    for (truth, facts, excused) in &situations {
        for &reason in &reasons {
            let told = [facts.clone(), refused(BOB, reason)].concat();
            let expected: &[Property] = if reason == *excused {
                &[]
            } else {
                &[NoFalseRefusal]
            };
            assert_eq!(
                fallen(truth.clone(), &told, None),
                expected,
                "{reason}, if {excused} were right"
            );
        }
    }
}

#[test]
fn a_logons_own_holding_never_excuses_its_refusal() {
    let own = [
        admitted(BOB),
        vec![refused(BOB, Refusal::MaxConnections)[0]],
    ]
    .concat();
    falls(&[NoFalseRefusal], at_most(1), &own, None);
    // Nor does what others hold, once it is admitted itself.
    let both = [
        vec![Fact::Arrived { logon: ALICE }],
        admitted(BOB),
        vec![Fact::Admitted { logon: ALICE }],
        vec![refused(BOB, Refusal::MaxConnections)[0]],
    ]
    .concat();
    falls(&[NoFalseRefusal], at_most(2), &both, None);
    let other = [admitted(ALICE), vec![Fact::Arrived { logon: BOB }]].concat();
    holds(
        at_most(1),
        &[other, refused(BOB, Refusal::MaxConnections)].concat(),
        None,
    );
}

#[test]
fn an_excuse_counts_from_the_first_fact_of_a_logon_to_its_refusal() {
    let disabled = Fact::LogonsEnabled(false);
    let enabled = Fact::LogonsEnabled(true);
    let arrived = Fact::Arrived { logon: BOB };
    let refusal = Fact::Refused {
        logon: BOB,
        refusal: Refusal::LogonsDisabled,
    };
    holds(truth(), &[arrived, disabled, enabled, refusal], None);
    falls(
        &[NoFalseRefusal],
        truth(),
        &[disabled, enabled, arrived, refusal],
        None,
    );

    let left = Fact::Abandoned { logon: ALICE };
    let full = refused(BOB, Refusal::MaxConnections)[0];
    holds(
        at_most(1),
        &[admitted(ALICE), vec![arrived, left, full]].concat(),
        None,
    );
    falls(
        &[NoFalseRefusal],
        at_most(1),
        &[admitted(ALICE), vec![left, arrived, full]].concat(),
        None,
    );
}

#[test]
fn a_failed_creation_excuses_nobody_while_a_session_is_idle() {
    let queued = [admitted(BOB), vec![Fact::Queued { logon: BOB }]].concat();
    let failed = [
        idle(SECOND),
        vec![appears(FIRST), session(FIRST, Init, Down)],
    ]
    .concat();
    let refusal = vec![Fact::Refused {
        logon: BOB,
        refusal: Refusal::CreationFailed,
    }];
    falls(
        &[NoFalseRefusal],
        truth(),
        &[queued, failed, refusal].concat(),
        None,
    );
}
