//! What several of them do, as bodies of sections.

use logon_core::server::{LogonPhase, Session};
use logon_core::{Claim, LogonId, Observer, Server, SessionState};

/// The first logon, in the order of their numbers, that lives and is `wanted`.
pub(crate) fn first_logon<O: Observer>(
    server: &Server<O>,
    wanted: impl Fn(LogonId, LogonPhase) -> bool,
) -> Option<LogonId> {
    let mut logons = server.logons().iter();
    let found = logons.find(|&(&logon, record)| {
        !matches!(record.phase, LogonPhase::RefusedInLine(_)) && wanted(logon, record.phase)
    });
    found.map(|(&logon, _)| logon)
}

/// The first session in `state`.
pub(crate) fn first_in<O: Observer>(server: &Server<O>, state: SessionState) -> Option<Claim> {
    server.first_session(|session: &Session| session.state == state)
}

/// The first session in `state` other than `claim`.
pub(crate) fn other_in<O: Observer>(
    server: &Server<O>,
    claim: Claim,
    state: SessionState,
) -> Option<Claim> {
    server.first_session(|session: &Session| {
        session.state == state && session.generation != claim.generation
    })
}

/// The session a logon holds.
pub(crate) fn held_by<O: Observer>(server: &Server<O>, logon: LogonId) -> Option<Claim> {
    server.logons().get(&logon).and_then(|record| record.claim)
}

/// The logon that holds a session.
pub(crate) fn holder_of<O: Observer>(server: &Server<O>, claim: Claim) -> Option<LogonId> {
    server.find(claim).and_then(|session| session.holder)
}

/// Whether all permits are out.
pub(crate) fn is_full<O: Observer>(server: &Server<O>) -> bool {
    let ledger = server.ledger();
    ledger.maximum().is_some_and(|most| ledger.in_use() >= most)
}

/// Counts one permit more than there are out.
pub(crate) fn leak_a_permit<O: Observer>(server: &mut Server<O>) {
    let in_use = server.ledger().in_use();
    server.ledger_mut().set_in_use(in_use + 1);
}

/// Runs a step, and keeps one of the permits that it gives back, if any.
pub(crate) fn leaking<O: Observer, R>(
    server: &mut Server<O>,
    step: impl FnOnce(&mut Server<O>) -> R,
) -> R {
    let before = server.ledger().in_use();
    let result = step(server);
    if server.ledger().in_use() < before {
        leak_a_permit(server);
    }
    result
}

/// Deletes a disconnected session, if there is one.
pub(crate) fn delete_a_disconnected<O: Observer>(server: &mut Server<O>) {
    if let Some(claim) = first_in(server, SessionState::Disconnected) {
        server.delete_now(claim);
    }
}
