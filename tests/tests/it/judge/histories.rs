//! Facts by the handful, and what falls when the judge is told them.

use std::collections::BTreeSet;

use logon_core::observer::Departure;
use logon_core::{
    Claim, Fact, Generation, LogonId, Observer, Refusal, SessionId, SessionState, StationName,
    UserId,
};
use logon_models::judge::{Inventory, Judge, Property, Rest, Truth};

use SessionState::*;

pub(crate) const ALICE: LogonId = LogonId(0);
pub(crate) const BOB: LogonId = LogonId(1);
pub(crate) const USER: UserId = UserId(0);
pub(crate) const FIRST: Claim = Claim {
    session: SessionId(2),
    generation: Generation(1),
};
pub(crate) const SECOND: Claim = Claim {
    session: SessionId(3),
    generation: Generation(2),
};
/// A later session that has the id of the first.
pub(crate) const REUSED: Claim = Claim {
    session: SessionId(2),
    generation: Generation(3),
};

pub(crate) fn truth() -> Truth {
    Truth {
        max_connections: Some(2),
        idle_pool: 2,
        creation_workers: 1,
        logons_enabled: true,
        ..Truth::default()
    }
}

pub(crate) fn at_most(connections: u32) -> Truth {
    Truth {
        max_connections: Some(connections),
        ..truth()
    }
}

pub(crate) fn only(logon: LogonId) -> BTreeSet<LogonId> {
    BTreeSet::from([logon])
}

pub(crate) fn admitted(logon: LogonId) -> Vec<Fact> {
    vec![Fact::Arrived { logon }, Fact::Admitted { logon }]
}

pub(crate) fn session(claim: Claim, from: SessionState, to: SessionState) -> Fact {
    Fact::Session {
        claim,
        from: Some(from),
        to: Some(to),
    }
}

pub(crate) fn appears(claim: Claim) -> Fact {
    Fact::Session {
        claim,
        from: None,
        to: Some(Init),
    }
}

pub(crate) fn idle(claim: Claim) -> Vec<Fact> {
    vec![
        appears(claim),
        Fact::Loaded { claim },
        session(claim, Init, Idle),
    ]
}

pub(crate) fn gets(logon: LogonId, claim: Claim) -> Vec<Fact> {
    vec![
        Fact::Claimed { logon, claim },
        session(claim, Idle, ConnectQuery),
    ]
}

pub(crate) fn sees(logon: LogonId, claim: Claim, name: u32) -> Vec<Fact> {
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

pub(crate) fn arbitrated(logon: LogonId, old: Option<Claim>) -> Fact {
    Fact::Arbitrated {
        logon,
        user: USER,
        old,
    }
}

/// Everything up to the user's own session.
pub(crate) fn logged_on(logon: LogonId, claim: Claim, name: u32) -> Vec<Fact> {
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
pub(crate) fn left_behind() -> Vec<Fact> {
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
pub(crate) fn back_at_the_prompt() -> Vec<Fact> {
    let prompt = [
        idle(SECOND),
        admitted(BOB),
        gets(BOB, SECOND),
        sees(BOB, SECOND, 1),
    ];
    [left_behind(), prompt.concat()].concat()
}

pub(crate) fn refused(logon: LogonId, refusal: Refusal) -> Vec<Fact> {
    let event = refusal.event().map(|event| Fact::Logged { logon, event });
    [Fact::Refused { logon, refusal }]
        .into_iter()
        .chain(event)
        .collect()
}

pub(crate) fn empty() -> Inventory {
    Inventory {
        permits_in_use: 0,
        idle: BTreeSet::new(),
        queue: Vec::new(),
        occupied: BTreeSet::new(),
        disconnected: BTreeSet::new(),
    }
}

pub(crate) fn rest(unfinished: &[LogonId], inventory: Inventory) -> Option<Rest> {
    Some(Rest {
        unfinished: unfinished.to_vec(),
        unlicensed: BTreeSet::new(),
        others_unfinished: false,
        timed: Vec::new(),
        answers: Vec::new(),
        inventory,
    })
}

/// The properties that fall, in the order in which they do.
pub(crate) fn fallen(truth: Truth, facts: &[Fact], rest: Option<&Rest>) -> Vec<Property> {
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
pub(crate) fn falls(properties: &[Property], truth: Truth, facts: &[Fact], rest: Option<&Rest>) {
    let before = if rest.is_some() {
        facts
    } else {
        &facts[..facts.len() - 1]
    };
    assert_eq!(fallen(truth.clone(), before, None), [], "too early");
    assert_eq!(fallen(truth, facts, rest), properties);
}

#[track_caller]
pub(crate) fn holds(truth: Truth, facts: &[Fact], rest: Option<&Rest>) {
    assert_eq!(fallen(truth, facts, rest), []);
}
