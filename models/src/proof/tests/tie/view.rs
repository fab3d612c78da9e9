//! What the server has on record, without names: the pieces, and the quantities.
//!
//! One piece is a logon with its places in line and the sessions that it has on record, another one is a session that no
//! logon has on record. A bundle is made of pieces, too.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::ids::{CONSOLE, FIRST_SESSION, LISTENER};
use logon_core::server::{Logon, LogonPhase, Session};
use logon_core::{Claim, LogonId, Observer, Server, SessionState};

use crate::proof::arithmetic::linear::Variable;
use crate::proof::bundle::Bundle;
use crate::proof::names::Slot;
use crate::proof::quantity::{
    ALL, CLOSING, CREATING, ENABLED, HELD, IDLE, IDLE_TARGET, LINE, MAXIMUM, MOST_CREATING,
    PERMITS, WORKERS,
};

/// Whom a session has on record as its holder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Holder {
    Nobody,
    TheLogonThatHasIt,
    Another,
}

/// A session without its names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Look {
    state: SessionState,
    is_loaded: bool,
    is_named: bool,
    has_user: bool,
    holder: Holder,
    times_idle: usize,
}

impl Look {
    fn of(session: &Session, whose: Option<LogonId>, times_idle: usize) -> Look {
        Look {
            state: session.state,
            is_loaded: session.loaded,
            is_named: session.name.is_some(),
            has_user: session.user.is_some(),
            holder: match session.holder {
                None => Holder::Nobody,
                holder if holder == whose => Holder::TheLogonThatHasIt,
                Some(_) => Holder::Another,
            },
            times_idle,
        }
    }
}

/// A session that a logon has on record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum OnRecord {
    Nothing,
    Gone,
    Session(Look),
}

/// A piece of the server's record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Piece {
    Logon {
        phase: LogonPhase,
        places: usize,
        claim: OnRecord,
        old: OnRecord,
    },
    Session(Look),
}

/// The pieces that these logons and sessions are, in order.
fn pieces(
    logons: &[(LogonId, &Logon)],
    sessions: &BTreeMap<Claim, &Session>,
    places: &dyn Fn(LogonId) -> usize,
    times_idle: &dyn Fn(Claim) -> usize,
) -> Vec<Piece> {
    let on_record = |logon: LogonId, claim: Option<Claim>| match claim {
        None => OnRecord::Nothing,
        Some(claim) => sessions.get(&claim).map_or(OnRecord::Gone, |session| {
            OnRecord::Session(Look::of(session, Some(logon), times_idle(claim)))
        }),
    };
    let mut pieces = Vec::new();
    let mut spoken_for = BTreeSet::new();
    for &(id, logon) in logons {
        spoken_for.extend(logon.claim);
        spoken_for.extend(logon.old);
        pieces.push(Piece::Logon {
            phase: logon.phase,
            places: places(id),
            claim: on_record(id, logon.claim),
            old: on_record(id, logon.old),
        });
    }
    let others = sessions
        .iter()
        .filter(|(claim, _)| !spoken_for.contains(claim));
    pieces.extend(
        others.map(|(&claim, session)| Piece::Session(Look::of(session, None, times_idle(claim)))),
    );
    pieces.sort_unstable();
    pieces
}

/// The pieces that a bundle is made of, in order.
pub(super) fn pieces_of(bundle: &Bundle) -> Vec<Piece> {
    let logon = bundle.logon.as_ref().map(|logon| (Slot(0).logon(), logon));
    let sessions = bundle
        .sessions
        .iter()
        .map(|owned| (owned.claim, &owned.session));
    let times_idle = |claim: Claim| {
        let mut sessions = bundle.sessions.iter();
        let owned = sessions.find(|owned| owned.claim == claim);
        owned.map_or(0, |owned| owned.times_idle)
    };
    pieces(
        logon.as_slice(),
        &sessions.collect(),
        &|_| bundle.places,
        &times_idle,
    )
}

/// A state of the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct View {
    /// Its pieces, in order.
    pub(super) pieces: Vec<Piece>,
    /// What is on record and part of no piece; nothing, if all is well.
    pub(super) strays: usize,
    /// Whether two logons have one session on record: it is part of two pieces, and of one bundle at most.
    pub(super) is_shared: bool,
    numbers: [i64; ALL.len()],
}

impl View {
    /// A server as it is.
    pub(super) fn of<O: Observer>(server: &Server<O>) -> View {
        let count = |ids: &mut dyn Iterator<Item = LogonId>| {
            let mut places = BTreeMap::new();
            for id in ids {
                *places.entry(id).or_insert(0) += 1;
            }
            places
        };
        let places: BTreeMap<LogonId, usize> = count(&mut server.queue().iter().copied());
        let mut times_idle: BTreeMap<Claim, usize> = BTreeMap::new();
        for &claim in server.idle() {
            *times_idle.entry(claim).or_default() += 1;
        }
        let logons: Vec<(LogonId, &Logon)> = server
            .logons()
            .iter()
            .map(|(id, logon)| (*id, logon))
            .collect();
        let sessions = server.sessions().range(FIRST_SESSION..);
        let claim = |(&session, record): (&_, &Session)| Claim {
            session,
            generation: record.generation,
        };
        let sessions: BTreeMap<Claim, &Session> =
            sessions.map(|entry| (claim(entry), entry.1)).collect();
        let lost_places = places.keys().filter(|id| !server.logons().contains_key(id));
        let lost_idle = times_idle
            .keys()
            .filter(|claim| !sessions.contains_key(claim));
        let fresh = Server::<()>::new(server.settings().clone(), ());
        let is_touched = |id| server.sessions().get(&id) != fresh.sessions().get(&id);
        let touched = [CONSOLE, LISTENER].into_iter().filter(|id| is_touched(*id));
        let mut claimed = BTreeSet::new();
        let on_record = logons
            .iter()
            .flat_map(|(_, logon)| logon.claim.into_iter().chain(logon.old));
        let is_shared = on_record
            .filter(|claim| sessions.contains_key(claim))
            .any(|claim| !claimed.insert(claim));
        let strays = lost_places.count() + lost_idle.count() + touched.count();
        let number = |number: usize| i64::try_from(number).expect("few of anything");
        let is_held = |logon: &&(LogonId, &Logon)| !is_refused(logon.1);
        let value = |variable| match variable {
            MAXIMUM => server.ledger().maximum().map_or(0, i64::from),
            IDLE_TARGET => i64::from(server.settings().idle_pool),
            // A worker that has stopped is as good as one that has nothing to do.
            MOST_CREATING | WORKERS => i64::from(server.settings().creation_workers),
            PERMITS => i64::from(server.ledger().in_use()),
            CLOSING => i64::from(server.is_closing()),
            ENABLED => i64::from(server.logons_enabled()),
            HELD => number(logons.iter().filter(is_held).count()),
            LINE => number(server.queue().len()),
            IDLE => number(server.idle().len()),
            CREATING => {
                let is_created = |session: &&&Session| session.state == SessionState::Init;
                number(sessions.values().filter(is_created).count())
            }
            other => panic!("a quantity that no server has: {other:?}"),
        };
        View {
            pieces: pieces(
                &logons,
                &sessions,
                &|id| places.get(&id).copied().unwrap_or_default(),
                &|claim| times_idle.get(&claim).copied().unwrap_or_default(),
            ),
            strays,
            is_shared,
            numbers: ALL.map(|(variable, _)| value(variable)),
        }
    }

    /// The value of a quantity.
    pub(super) fn number(&self, variable: Variable) -> i64 {
        let place = ALL.iter().position(|(known, _)| *known == variable);
        self.numbers[place.expect("a quantity that there is")]
    }

    /// All quantities, as text.
    pub(super) fn numbers(&self) -> String {
        let numbers = ALL.iter().zip(self.numbers);
        let texts: Vec<String> = numbers
            .map(|((_, name), value)| format!("{name} {value}"))
            .collect();
        texts.join(", ")
    }
}

fn is_refused(logon: &Logon) -> bool {
    matches!(logon.phase, LogonPhase::RefusedInLine(_))
}

/// What is in one list and not in the other, either way; both are in order, and an entry may be there several times.
pub(super) fn difference(before: &[Piece], after: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    let (mut lost, mut won) = (Vec::new(), Vec::new());
    let (mut left, mut right) = (before.iter().peekable(), after.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (None, None) => return (lost, won),
            (Some(one), Some(other)) if one == other => {
                left.next();
                right.next();
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                lost.push(**one);
                left.next();
            }
            (_, Some(other)) => {
                won.push(**other);
                right.next();
            }
            (Some(_), None) => unreachable!("nothing is as much as what there is"),
        }
    }
}
