//! What every bundle must look like: the part of the invariant that is about one party alone.

use logon_core::server::{Logon, LogonPhase};
use logon_core::{Claim, SessionState};

use super::bundle::{Bundle, Life, Outcome, Owned};
use super::names::{Slot, canonical_logon, canonical_user};
use super::parties::Role;
use super::rule::Broken;

/// What a bundle breaks, in its canonical form: the property's number, and what is wrong.
pub(super) fn broken(bundle: &Bundle) -> Vec<Broken> {
    let mut found = Vec::new();
    let mut owes = |holds: bool, property, what| {
        if !holds {
            found.push(Broken::new(property, what));
        }
    };
    place_in_line(bundle, &mut owes);
    for owned in &bundle.sessions {
        session(bundle, owned, &mut owes);
    }
    if let Some(record) = &bundle.logon {
        logon(bundle, record, &mut owes);
    }
    owes(
        bundle.is_held() == (bundle.life == Life::Living),
        "S9",
        "a logon that is over is on record as living, or one that lives is not on record",
    );
    found
}

fn place_in_line(bundle: &Bundle, owes: &mut dyn FnMut(bool, &'static str, &'static str)) {
    let waits = bundle
        .logon
        .as_ref()
        .is_some_and(|logon| logon.phase == LogonPhase::Queued && logon.claim.is_none());
    owes(
        bundle.places == usize::from(waits),
        "S4",
        "a logon that waits has no place in line, or one that does not wait has one",
    );
}

fn session(bundle: &Bundle, owned: &Owned, owes: &mut dyn FnMut(bool, &'static str, &'static str)) {
    let session = &owned.session;
    let is = |state| session.state == state;
    let on_record =
        |logon: &Logon| logon.claim == Some(owned.claim) || logon.old == Some(owned.claim);
    let is_the_logons = bundle.logon.as_ref().is_some_and(on_record);
    let its_logon = canonical_logon(Slot(0).logon());
    owes(
        owned.times_idle == usize::from(is(SessionState::Idle)),
        "S4",
        "an idle session is not on the idle list, or another session is, or one is twice",
    );
    let is_fresh = session.name.is_none() && session.user.is_none() && session.holder.is_none();
    if is(SessionState::Idle) {
        owes(session.loaded, "S7", "an idle session is not loaded");
        owes(
            is_fresh,
            "S3",
            "an idle session has a holder, a user or a name",
        );
    }
    if is(SessionState::Init) {
        owes(
            is_fresh,
            "S3",
            "a session that is being created has a holder, a user or a name",
        );
    }
    if is(SessionState::Disconnected) {
        owes(
            session.user.is_some(),
            "S10",
            "a disconnected session has no user",
        );
        owes(
            session.name.is_none(),
            "S8",
            "a disconnected session keeps its name",
        );
    }
    owes(
        is_the_logons || !session.state.has_client(),
        "S4",
        "a session is occupied, and no logon has it on record",
    );
    owes(
        session.holder == is_the_logons.then_some(its_logon),
        "S3",
        "a session and the logon that has it on record do not agree on the holder",
    );
    let its_user = canonical_user(Slot(0).user());
    owes(
        session.user.is_none_or(|user| user == its_user),
        "S10",
        "a session has a user who is not its client",
    );
    let is_dealt_with = match bundle.role {
        Role::Worker => is(SessionState::Init) || is(SessionState::Down),
        Role::Administrator(_) | Role::Timer(_) => is(SessionState::Reset),
        Role::Client | Role::Nobody => {
            is_the_logons || is(SessionState::Disconnected) || is(SessionState::Idle)
        }
    };
    owes(is_dealt_with, "L4", "nobody will ever deal with a session");
}

fn logon(bundle: &Bundle, record: &Logon, owes: &mut dyn FnMut(bool, &'static str, &'static str)) {
    let find = |claim: Claim| bundle.sessions.iter().find(|owned| owned.claim == claim);
    for claim in [record.claim, record.old].into_iter().flatten() {
        owes(
            find(claim).is_some(),
            "S6",
            "the session of a logon is gone, or somebody else's",
        );
    }
    let state = |claim: Option<Claim>| claim.and_then(find).map(|owned| owned.session.state);
    let name = record
        .claim
        .and_then(find)
        .and_then(|owned| owned.session.name);
    let user = record
        .claim
        .and_then(find)
        .and_then(|owned| owned.session.user);
    let (holds, goes_back_to) = (state(record.claim), state(record.old));
    let is_as_it_should = match record.phase {
        LogonPhase::Admitted | LogonPhase::Queued => holds.is_none() && record.old.is_none(),
        LogonPhase::RefusedInLine(refusal) => {
            owes(
                bundle.life == Life::Over(Outcome::Refused(refusal)),
                "S9",
                "the answer that is kept for a logon is not what became of it",
            );
            record.claim.is_none() && record.old.is_none()
        }
        LogonPhase::Claimed => {
            holds == Some(SessionState::ConnectQuery) && name.is_none() && record.old.is_none()
        }
        LogonPhase::AtPrompt => {
            holds == Some(SessionState::Connected) && name.is_some() && record.old.is_none()
        }
        LogonPhase::Swapping => {
            holds == Some(SessionState::Connected)
                && name.is_some()
                && (record.old.is_none() || goes_back_to == Some(SessionState::ConnectQuery))
        }
        LogonPhase::LoggedOn => {
            holds == Some(SessionState::Active)
                && name.is_some()
                && user.is_some()
                && record.old.is_none()
        }
    };
    owes(
        is_as_it_should,
        "S4",
        "how far a logon is on record to have come does not fit its sessions",
    );
}
