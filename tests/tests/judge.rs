//! The judge, fed by hand: for each property a smallest history in which it falls, and a neighbor in which
//! all hold.

use std::collections::BTreeSet;

use logon_core::observer::{Departure, Resetter};
use logon_core::{
    Claim, DropReason, Event, Fact, Generation, LogonId, Observer, Refusal, SessionId,
    SessionState, StationName, UserId,
};
use logon_models::judge::{Inventory, Judge, Kind, Property, Rest, Truth};

use Property::*;
use SessionState::*;

const ALICE: LogonId = LogonId(0);
const BOB: LogonId = LogonId(1);
const USER: UserId = UserId(0);
const FIRST: Claim = Claim {
    session: SessionId(2),
    generation: Generation(1),
};
const SECOND: Claim = Claim {
    session: SessionId(3),
    generation: Generation(2),
};
/// A later session that has the id of the first.
const REUSED: Claim = Claim {
    session: SessionId(2),
    generation: Generation(3),
};

fn truth() -> Truth {
    Truth {
        max_connections: Some(2),
        idle_pool: 2,
        creation_workers: 1,
        logons_enabled: true,
        ..Truth::default()
    }
}

fn at_most(connections: u32) -> Truth {
    Truth {
        max_connections: Some(connections),
        ..truth()
    }
}

fn only(logon: LogonId) -> BTreeSet<LogonId> {
    BTreeSet::from([logon])
}

fn admitted(logon: LogonId) -> Vec<Fact> {
    vec![Fact::Arrived { logon }, Fact::Admitted { logon }]
}

fn session(claim: Claim, from: SessionState, to: SessionState) -> Fact {
    Fact::Session {
        claim,
        from: Some(from),
        to: Some(to),
    }
}

fn appears(claim: Claim) -> Fact {
    Fact::Session {
        claim,
        from: None,
        to: Some(Init),
    }
}

fn idle(claim: Claim) -> Vec<Fact> {
    vec![
        appears(claim),
        Fact::Loaded { claim },
        session(claim, Init, Idle),
    ]
}

fn gets(logon: LogonId, claim: Claim) -> Vec<Fact> {
    vec![
        Fact::Claimed { logon, claim },
        session(claim, Idle, ConnectQuery),
    ]
}

fn sees(logon: LogonId, claim: Claim, name: u32) -> Vec<Fact> {
    vec![
        Fact::Attaching { logon, claim },
        Fact::Attached {
            logon,
            claim,
            name: StationName(name),
        },
        session(claim, ConnectQuery, Connected),
    ]
}

fn arbitrated(logon: LogonId, old: Option<Claim>) -> Fact {
    Fact::Arbitrated {
        logon,
        user: USER,
        old,
    }
}

/// Everything up to the user's own session.
fn logged_on(logon: LogonId, claim: Claim, name: u32) -> Vec<Fact> {
    let rest = [
        arbitrated(logon, None),
        Fact::LoggedOn { logon, claim },
        session(claim, Connected, Active),
    ];
    [
        idle(claim),
        admitted(logon),
        gets(logon, claim),
        sees(logon, claim, name),
        rest.to_vec(),
    ]
    .concat()
}

/// The user was logged on to the first session and left it disconnected.
fn left_behind() -> Vec<Fact> {
    let left = Fact::Left {
        logon: ALICE,
        departure: Departure::Disconnected,
    };
    [
        logged_on(ALICE, FIRST, 1),
        vec![left, session(FIRST, Active, Disconnected)],
    ]
    .concat()
}

/// Another logon of that user has come to the prompt of the second session.
fn back_at_the_prompt() -> Vec<Fact> {
    let prompt = [
        idle(SECOND),
        admitted(BOB),
        gets(BOB, SECOND),
        sees(BOB, SECOND, 1),
    ];
    [left_behind(), prompt.concat()].concat()
}

fn refused(logon: LogonId, refusal: Refusal) -> Vec<Fact> {
    let event = refusal.event().map(|event| Fact::Logged { logon, event });
    [Fact::Refused { logon, refusal }]
        .into_iter()
        .chain(event)
        .collect()
}

fn empty() -> Inventory {
    Inventory {
        permits_in_use: 0,
        idle: BTreeSet::new(),
        queue: Vec::new(),
        occupied: BTreeSet::new(),
    }
}

fn rest(unfinished: &[LogonId], inventory: Inventory) -> Option<Rest> {
    Some(Rest {
        unfinished: unfinished.to_vec(),
        inventory,
    })
}

/// The properties that fall, in the order in which they do.
fn fallen(truth: Truth, facts: &[Fact], rest: Option<&Rest>) -> Vec<Property> {
    let mut judge = Judge::new(truth);
    facts.iter().for_each(|&fact| judge.tell(fact));
    if let Some(rest) = rest {
        judge.rest(rest);
    }
    judge
        .violations()
        .iter()
        .map(|violation| violation.property)
        .collect()
}

/// A history in which exactly `properties` fall, and only with its last fact; or, with a `rest`, only at rest.
#[track_caller]
fn falls(properties: &[Property], truth: Truth, facts: &[Fact], rest: Option<Rest>) {
    let before = if rest.is_some() {
        facts
    } else {
        &facts[..facts.len() - 1]
    };
    assert_eq!(fallen(truth.clone(), before, None), [], "too early");
    assert_eq!(fallen(truth, facts, rest.as_ref()), properties);
}

#[track_caller]
fn holds(truth: Truth, facts: &[Fact], rest: Option<Rest>) {
    assert_eq!(fallen(truth, facts, rest.as_ref()), []);
}

/// A truth, a history, and how everybody came to rest.
type History = (Truth, Vec<Fact>, Option<Rest>);

/// For a property: a history in which it falls, and one beside it in which all hold.
fn twins(property: Property) -> (History, History) {
    let no_pool = Truth {
        idle_pool: 0,
        ..truth()
    };
    let hung = Truth {
        never_answered: only(BOB),
        idle_pool: 0,
        ..truth()
    };
    let two_arrive = vec![Fact::Arrived { logon: ALICE }, Fact::Arrived { logon: BOB }];
    let full = refused(BOB, Refusal::MaxConnections);
    let waiting = |logon| [admitted(logon), vec![Fact::Queued { logon }]].concat();
    let both_wait = [waiting(ALICE), waiting(BOB), idle(FIRST)].concat();
    let reset = |aimed| Fact::Reset {
        by: Resetter::Administrator,
        aimed,
        hit: REUSED,
    };
    let history = |truth: &Truth, facts: &[Vec<Fact>]| (truth.clone(), facts.concat(), None);
    let at_rest = |truth: &Truth, facts: &[Vec<Fact>], rest| (truth.clone(), facts.concat(), rest);
    let one = |fact: Fact| vec![fact];
    match property {
        NoFalseRefusal => (
            history(
                &at_most(1),
                &[one(Fact::Arrived { logon: BOB }), one(full[0])],
            ),
            history(
                &at_most(1),
                &[admitted(ALICE), one(Fact::Arrived { logon: BOB }), full],
            ),
        ),
        AdmissionLinearizable => (
            history(
                &at_most(1),
                &[
                    two_arrive.clone(),
                    full.clone(),
                    one(Fact::Refused {
                        logon: ALICE,
                        refusal: Refusal::MaxConnections,
                    }),
                ],
            ),
            history(
                &at_most(1),
                &[two_arrive, full, one(Fact::Admitted { logon: ALICE })],
            ),
        ),
        Capacity => (
            history(&at_most(1), &[admitted(ALICE), admitted(BOB)]),
            history(&at_most(2), &[admitted(ALICE), admitted(BOB)]),
        ),
        OneHolder => {
            let to_bob = one(Fact::Claimed {
                logon: BOB,
                claim: FIRST,
            });
            let to_alice = [
                idle(FIRST),
                admitted(ALICE),
                gets(ALICE, FIRST),
                admitted(BOB),
            ]
            .concat();
            let abandoned = one(Fact::Abandoned { logon: ALICE });
            (
                history(&truth(), &[to_alice.clone(), to_bob.clone()]),
                history(&truth(), &[to_alice, abandoned, to_bob]),
            )
        }
        Conservation => {
            let stay = rest(
                &[],
                Inventory {
                    permits_in_use: 1,
                    ..empty()
                },
            );
            (
                at_rest(&no_pool, &[admitted(ALICE)], rest(&[], empty())),
                at_rest(&no_pool, &[admitted(ALICE)], stay),
            )
        }
        LegalTransition => (
            history(
                &truth(),
                &[one(appears(FIRST)), one(session(FIRST, Init, Connected))],
            ),
            history(
                &truth(),
                &[one(appears(FIRST)), one(session(FIRST, Init, Idle))],
            ),
        ),
        Identity => (
            history(&truth(), &[idle(REUSED), one(reset(FIRST))]),
            history(&truth(), &[idle(REUSED), one(reset(REUSED))]),
        ),
        Initialized => {
            let unready = vec![appears(FIRST), session(FIRST, Init, Idle)];
            let attaching = one(Fact::Attaching {
                logon: ALICE,
                claim: FIRST,
            });
            let claimed = [admitted(ALICE), gets(ALICE, FIRST)].concat();
            (
                history(&truth(), &[unready, claimed.clone(), attaching.clone()]),
                history(&truth(), &[idle(FIRST), claimed, attaching]),
            )
        }
        UniqueNames => {
            let second = [idle(SECOND), admitted(BOB), gets(BOB, SECOND)].concat();
            let name = |name| {
                one(Fact::Attached {
                    logon: BOB,
                    claim: SECOND,
                    name: StationName(name),
                })
            };
            (
                history(
                    &truth(),
                    &[logged_on(ALICE, FIRST, 1), second.clone(), name(1)],
                ),
                history(&truth(), &[logged_on(ALICE, FIRST, 1), second, name(2)]),
            )
        }
        OneOutcome => {
            let arrived = one(Fact::Arrived { logon: ALICE });
            let denied = Truth {
                denied: only(ALICE),
                ..truth()
            };
            let told = refused(ALICE, Refusal::NoLicense);
            let wrong = Fact::Logged {
                logon: ALICE,
                event: Event::LogonDropped,
            };
            (
                history(&denied, &[arrived.clone(), one(told[0]), one(wrong)]),
                history(&denied, &[arrived, told]),
            )
        }
        Reconnect => (
            history(
                &truth(),
                &[back_at_the_prompt(), one(arbitrated(BOB, None))],
            ),
            history(
                &truth(),
                &[back_at_the_prompt(), one(arbitrated(BOB, Some(FIRST)))],
            ),
        ),
        Overtaking => (
            history(
                &truth(),
                &[
                    both_wait.clone(),
                    one(Fact::Claimed {
                        logon: BOB,
                        claim: FIRST,
                    }),
                ],
            ),
            history(
                &truth(),
                &[
                    both_wait,
                    one(Fact::Claimed {
                        logon: ALICE,
                        claim: FIRST,
                    }),
                ],
            ),
        ),
        BoundedCreation => (
            history(&truth(), &[one(appears(FIRST)), one(appears(SECOND))]),
            history(
                &Truth {
                    creation_workers: 2,
                    ..truth()
                },
                &[one(appears(FIRST)), one(appears(SECOND))],
            ),
        ),
        Termination => {
            let one_out = || Inventory {
                permits_in_use: 1,
                ..empty()
            };
            (
                at_rest(&no_pool, &[admitted(ALICE)], rest(&[ALICE], one_out())),
                at_rest(&no_pool, &[admitted(ALICE)], rest(&[], one_out())),
            )
        }
        WorkConservation => {
            let queue = Inventory {
                permits_in_use: 1,
                queue: vec![ALICE],
                ..empty()
            };
            let gone = Inventory {
                permits_in_use: 0,
                ..empty()
            };
            let left = one(Fact::Abandoned { logon: ALICE });
            (
                at_rest(&no_pool, &[waiting(ALICE)], rest(&[], queue)),
                at_rest(&no_pool, &[waiting(ALICE), left], rest(&[], gone)),
            )
        }
        PoolRefill => {
            let one_idle = Truth {
                idle_pool: 1,
                ..truth()
            };
            let stock = Inventory {
                idle: BTreeSet::from([FIRST]),
                ..empty()
            };
            (
                at_rest(&one_idle, &[], rest(&[], empty())),
                at_rest(&one_idle, &[idle(FIRST)], rest(&[], stock)),
            )
        }
        Cleanup => {
            let wanted = [waiting(ALICE), one(appears(FIRST))].concat();
            let down = [
                wanted,
                one(session(FIRST, Init, Down)),
                one(Fact::Abandoned { logon: ALICE }),
            ];
            let deleted = vec![
                session(FIRST, Down, Reset),
                Fact::Session {
                    claim: FIRST,
                    from: Some(Reset),
                    to: None,
                },
            ];
            (
                at_rest(&no_pool, &[down.concat()], rest(&[], empty())),
                at_rest(&no_pool, &[down.concat(), deleted], rest(&[], empty())),
            )
        }
        Isolation => {
            let both = [admitted(ALICE), admitted(BOB)].concat();
            let two_out = || Inventory {
                permits_in_use: 2,
                ..empty()
            };
            (
                at_rest(&hung, &[both.clone()], rest(&[ALICE, BOB], two_out())),
                at_rest(&hung, &[both], rest(&[BOB], two_out())),
            )
        }
    }
}

#[test]
fn every_property_falls_in_a_smallest_history_and_all_hold_beside_it() {
    for &property in Property::ALL {
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
        rest(&[], empty()),
    );
    holds(denied, &told, rest(&[], empty()));
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
        occupied: BTreeSet::new(),
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
    ];
    // Alice waits while a session is idle: that falls in any case.
    falls(&[WorkConservation], truth.clone(), &facts, rest(&[], right));
    for inventory in wrong {
        falls(
            &[WorkConservation, Conservation],
            truth.clone(),
            &facts,
            rest(&[], inventory),
        );
    }
}
