//! Who has what after a section: each record goes to the party whose it is.

use logon_core::ids::FIRST_SESSION;
use logon_core::server::Demand;
use logon_core::{Claim, LogonId, SessionState};

use super::super::bundle::{Bundle, Owned};
use super::super::fed::Stand;
use super::super::names::Slot;
use super::super::parties::{Role, SymbolicServer};
use super::super::rule::Duty;
use super::super::seen::{Seen, Value};
use super::never;

/// A party on its way from before a section to after it.
pub(super) struct Party {
    pub(super) slot: Slot,
    pub(super) took_it: bool,
    pub(super) bundle: Bundle,
}

/// Gives each record after the section to the party whose it is. A session that is no party's becomes a bundle of its
/// own.
pub(super) fn hand_out(
    mut parties: Vec<Party>,
    server: &SymbolicServer,
    duties: &mut Vec<Duty>,
) -> (Vec<Bundle>, Option<usize>) {
    for party in &mut parties {
        party.bundle.sessions.clear();
        party.bundle.places = 0;
        party.bundle.logon = None;
        if party.bundle.role == Role::Client {
            let logon = party.slot.logon();
            party.bundle.logon = server.logons().visible.get(&logon).cloned();
            party.bundle.places = server
                .queue()
                .entries()
                .filter(|other| **other == logon)
                .count();
        }
    }
    let mut left_behind = Vec::new();
    for (&id, session) in server.sessions().visible.range(FIRST_SESSION..) {
        let claim = Claim {
            session: id,
            generation: session.generation,
        };
        let owned = Owned {
            claim,
            session: session.clone(),
            times_idle: server
                .idle()
                .entries()
                .filter(|other| **other == claim)
                .count(),
        };
        let mut owners = owners(&parties, &owned).into_iter();
        match owners.next() {
            Some(owner) => parties[owner].bundle.sessions.push(owned),
            None => left_behind.push(Bundle {
                sessions: vec![owned],
                ..Bundle::beginning(Role::Nobody, Stand::End, false)
            }),
        }
        if owners.next().is_some() {
            duties.push(never("S3", "one session belongs to two parties"));
        }
    }
    let is_a_partys = |logon: &LogonId| {
        let mut clients = parties
            .iter()
            .filter(|party| party.bundle.role == Role::Client);
        clients.any(|party| party.slot.logon() == *logon)
    };
    if !server.logons().visible.keys().all(is_a_partys) {
        duties.push(never("S4", "a logon is on record that is no client's"));
    }
    // The sums count the places of the parties and their sessions; the lists must have no others.
    if !server.queue().entries().all(is_a_partys) {
        duties.push(never("S4", "a place in line is no client's"));
    }
    if !server.idle().entries().all(|claim| exists(server, *claim)) {
        duties.push(never(
            "S4",
            "a session is on the idle list that there is not",
        ));
    }
    // Afterwards a bundle has canonical identifiers, in which every user is its own.
    for party in &parties {
        let (user, logon) = (party.slot.user(), party.slot.logon());
        let of_a_client = party.bundle.sessions.iter().map(|owned| &owned.session);
        let of_a_client = of_a_client.filter(|_| party.bundle.role == Role::Client);
        for session in of_a_client {
            if session.user.is_some_and(|other| other != user) {
                duties.push(never("S10", "a session has a user who is not its client"));
            }
            if session.holder.is_some_and(|other| other != logon) {
                duties.push(never(
                    "S3",
                    "a session and the logon that has it on record do not agree on the holder",
                ));
            }
        }
    }
    let mut actor = None;
    let mut after = Vec::new();
    for mut party in parties {
        let is_over = party.bundle.stand == Stand::End;
        if is_over && party.took_it
            || party.bundle.role == Role::Nobody && party.bundle.sessions.is_empty()
        {
            left_behind.extend(leave_behind(party.bundle));
            continue;
        }
        let record = party.bundle.logon.as_ref();
        let holds = record.and_then(|record| record.claim);
        let goes_back_to = record.and_then(|record| record.old);
        party.bundle.sessions.sort_by_key(|owned| {
            let claim = Some(owned.claim);
            (claim != holds, claim != goes_back_to, owned.claim)
        });
        if party.took_it {
            actor = Some(after.len());
        }
        after.push(party.bundle);
    }
    after.extend(left_behind);
    (after, actor)
}

/// The sessions of a party that goes, each by itself.
fn leave_behind(bundle: Bundle) -> impl Iterator<Item = Bundle> {
    bundle.sessions.into_iter().map(|owned| Bundle {
        sessions: vec![owned],
        ..Bundle::beginning(Role::Nobody, Stand::End, false)
    })
}

/// Whose a session is: of whoever is working on it, or else of the client whose logon or user is on its record.
fn owners(parties: &[Party], owned: &Owned) -> Vec<usize> {
    let state = owned.session.state;
    let works_on_it = |party: &Party| match party.bundle.role {
        Role::Worker => {
            let creates = Seen::creates(&party.bundle.seen, owned.claim);
            creates && matches!(state, SessionState::Init | SessionState::Down)
        }
        Role::Administrator(target) | Role::Timer(target) => {
            target == owned.claim && state == SessionState::Reset
        }
        Role::Client | Role::Nobody => false,
    };
    let has_it = |party: &Party| {
        let record = party.bundle.logon.as_ref();
        let claim = Some(owned.claim);
        party.bundle.role == Role::Client
            && (record.is_some_and(|record| record.claim == claim || record.old == claim)
                || owned.session.holder == Some(party.slot.logon())
                || owned.session.user == Some(party.slot.user()))
    };
    let all = |whose: &dyn Fn(&Party) -> bool| -> Vec<usize> {
        let parties = parties.iter().enumerate().filter(|(_, party)| whose(party));
        parties.map(|(place, _)| place).collect()
    };
    let workers = all(&works_on_it);
    if workers.is_empty() {
        all(&has_it)
    } else {
        workers
    }
}

/// Whether this very session is among those that are visible. Console and listener are nobody's.
pub(super) fn exists(server: &SymbolicServer, claim: Claim) -> bool {
    if claim.session < FIRST_SESSION {
        return false;
    }
    let session = server.sessions().visible.get(&claim.session);
    session.is_some_and(|session| session.generation == claim.generation)
}

impl Seen {
    /// Whether a worker that has seen this is creating the session.
    pub(in crate::proof) fn creates(seen: &[Seen], claim: Claim) -> bool {
        let demand = Value::Demand(Demand::Create(claim));
        seen.iter()
            .any(|seen| matches!(seen, Seen::Result(_, value) if *value == demand))
    }
}
