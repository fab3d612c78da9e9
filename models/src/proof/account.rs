//! Whether what is told is what is on record: an account kept from the facts alone, compared with the records after
//! the section.
//!
//! Whoever observes a server believes the facts. So each change of a logon or a session has its fact, in an order that
//! can be, and no fact is told of what did not happen.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::ids::FIRST_SESSION;
use logon_core::server::{Logon, LogonPhase};
use logon_core::{Claim, Fact, LogonId, SessionState};

use super::parties::SymbolicServer;
use super::rule::Broken;
use super::scene::Scene;

struct Account {
    logons: BTreeMap<LogonId, Logon>,
    attaching: BTreeSet<LogonId>,
    sessions: BTreeMap<Claim, (SessionState, bool)>,
    in_order: bool,
}

/// What the facts of a section get wrong.
pub(super) fn broken(scene: &Scene, server: &SymbolicServer) -> Vec<Broken> {
    let mut account = Account::before(scene);
    for &fact in &server.observer().facts {
        account.enter(fact);
    }
    let mut found = Vec::new();
    let mut owes = |holds: bool, property, what| {
        if !holds {
            found.push(Broken::new(property, what));
        }
    };
    owes(
        account.in_order,
        "S9",
        "what is told of a logon cannot follow what was told of it before",
    );
    let living = server
        .logons()
        .visible
        .iter()
        .filter(|(_, logon)| lives(logon));
    owes(
        living.eq(account.logons.iter()),
        "S9",
        "what is told of a logon is not what is on record",
    );
    let sessions = server.sessions().visible.range(FIRST_SESSION..);
    let sessions = sessions.map(|(&session, record)| {
        let claim = Claim {
            session,
            generation: record.generation,
        };
        (claim, (record.state, record.loaded))
    });
    owes(
        sessions.eq(account.sessions),
        "S5",
        "what is told of a session is not what is on record",
    );
    found
}

/// Whether the record is one of a logon that lives: an answer that is kept for one that is over is none.
fn lives(logon: &Logon) -> bool {
    !matches!(logon.phase, LogonPhase::RefusedInLine(_))
}

impl Account {
    fn before(scene: &Scene) -> Account {
        let participants = scene.participants.iter();
        let logon = |who: &super::scene::Participant| {
            let logon = who.before.logon.clone().filter(lives);
            logon.map(|logon| (who.slot.logon(), logon))
        };
        let sessions = scene.sessions_before().into_iter();
        Account {
            logons: participants.filter_map(logon).collect(),
            attaching: BTreeSet::new(),
            sessions: sessions
                .map(|(claim, session)| (claim, (session.state, session.loaded)))
                .collect(),
            in_order: true,
        }
    }

    fn enter(&mut self, fact: Fact) {
        use LogonPhase::{Admitted, AtPrompt, Claimed, LoggedOn, Queued, Swapping};
        match fact {
            Fact::Admitted { logon } => {
                let record = Logon {
                    phase: Admitted,
                    claim: None,
                    old: None,
                };
                self.logons.insert(logon, record);
            }
            Fact::Queued { logon } => self.comes(logon, &[Admitted], |logon| {
                logon.phase = Queued;
            }),
            Fact::Claimed { logon, claim } => self.comes(logon, &[Admitted, Queued], |logon| {
                logon.phase = Claimed;
                logon.claim = Some(claim);
            }),
            Fact::Attaching { logon, .. } => {
                self.attaching.insert(logon);
                self.comes(logon, &[Claimed], |_| {});
            }
            Fact::Attached { logon, claim, .. } => {
                self.in_order &= self.attaching.contains(&logon);
                self.comes(logon, &[Claimed], |logon| {
                    logon.phase = AtPrompt;
                    logon.claim = Some(claim);
                });
            }
            Fact::Arbitrated { logon, old, .. } => self.comes(logon, &[AtPrompt], |logon| {
                if old.is_some() {
                    logon.phase = Swapping;
                    logon.old = old;
                }
            }),
            Fact::LoggedOn { logon, claim } => self.comes(logon, &[AtPrompt, Swapping], |logon| {
                logon.phase = LoggedOn;
                logon.claim = Some(claim);
                logon.old = None;
            }),
            Fact::Refused { logon, .. } | Fact::Abandoned { logon } => {
                let record = self.logons.remove(&logon);
                self.in_order &= record.is_none_or(|record| record.phase != LoggedOn);
            }
            Fact::Left { logon, .. } => {
                let record = self.logons.remove(&logon);
                self.in_order &= record.is_some_and(|record| record.phase == LoggedOn);
            }
            Fact::Session { claim, to, .. } => self.session(claim, to),
            Fact::Loaded { claim } => {
                if let Some((_, loaded)) = self.sessions.get_mut(&claim) {
                    *loaded = true;
                }
            }
            Fact::Arrived { .. }
            | Fact::Reset { .. }
            | Fact::LogonsEnabled(_)
            | Fact::Logged { .. } => {}
        }
    }

    /// A logon comes further, from one of these phases.
    fn comes(&mut self, logon: LogonId, from: &[LogonPhase], change: impl FnOnce(&mut Logon)) {
        match self.logons.get_mut(&logon) {
            Some(record) if from.contains(&record.phase) => change(record),
            _ => self.in_order = false,
        }
    }

    fn session(&mut self, claim: Claim, to: Option<SessionState>) {
        match to {
            None => {
                self.sessions.remove(&claim);
            }
            Some(state) => self.sessions.entry(claim).or_insert((state, false)).0 = state,
        }
        // Who was going back to a session that is reset goes on without it.
        if to == Some(SessionState::Reset) {
            let others = self.logons.values_mut();
            for record in others.filter(|record| record.old == Some(claim)) {
                record.old = None;
            }
        }
    }
}
