//! For each property two histories that are almost alike: in one it falls.

use std::collections::BTreeSet;

use logon_core::observer::Resetter;
use logon_core::{Event, Fact, Refusal, SessionState::*, StationName};
use logon_models::judge::{Inventory, Property, Property::*, Rest, Truth};

use crate::judge::histories::*;

/// A truth, a history, and how everybody came to rest.
pub(crate) type History = (Truth, Vec<Fact>, Option<Rest>);

/// For a property: a history in which it falls, and one beside it in which all hold.
pub(crate) fn twins(property: Property) -> (History, History) {
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
        Burst => unreachable!("it is told of no moments"),
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
                at_rest(
                    &hung,
                    std::slice::from_ref(&both),
                    for_bobs_license(rest(&[ALICE, BOB], two_out())),
                ),
                at_rest(&hung, &[both], for_bobs_license(rest(&[BOB], two_out()))),
            )
        }
        // Nobody connects: each section must run on behalf of a call, and none does here.
        AsAsked => {
            let called = Truth {
                calls: true,
                ..truth()
            };
            let arrived = one(Fact::Arrived { logon: ALICE });
            (
                history(&called, std::slice::from_ref(&arrived)),
                history(&truth(), &[arrived]),
            )
        }
    }
}

/// The same rest, in which Bob waits for the license service.
fn for_bobs_license(rest: Option<Rest>) -> Option<Rest> {
    rest.map(|rest| Rest {
        unlicensed: only(BOB),
        ..rest
    })
}
