//! Bundles: a party with all that is its own.
//!
//! A state of the whole system is a multiset of bundles, and the quantities. A bundle says what one party has seen and
//! where it stands, and what the server has on record of its logon and its sessions. Two parties with equal bundles,
//! up to names, have the same future: so bundles are compared in a canonical form, and there are finitely many.

use std::fmt;

use logon_core::observer::Departure;
use logon_core::server::{Logon, LogonPhase, Session};
use logon_core::{Claim, Refusal, SessionState};

use super::fed::{Kind, Stand};
use super::names::{self, Slot};
use super::parties::Role;
use super::seen::{Question, Renaming, Seen};

/// How a logon ended, by what was told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Outcome {
    /// It was refused.
    Refused(Refusal),
    /// Its client left before it was complete.
    Abandoned,
    /// It was complete, and ended like this.
    Left(Departure),
}

/// A client's logon, by what was told: an account kept beside the server's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Life {
    /// It has not arrived.
    Outside,
    /// It has arrived, and was neither admitted nor refused.
    Arrived,
    /// It was admitted and is not over.
    Living,
    /// It is over, and its client may not have heard.
    Over(Outcome),
}

/// A session of a party.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Owned {
    /// Which session.
    pub(super) claim: Claim,
    /// Its record.
    pub(super) session: Session,
    /// How often it is on the idle list.
    pub(super) times_idle: usize,
}

/// A party with all that is its own.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Bundle {
    /// What it is.
    pub(super) role: Role,
    /// What it has seen since it began.
    pub(super) seen: Vec<Seen>,
    /// Where it stands.
    pub(super) stand: Stand,
    /// Whether it is in a call of the allocator.
    pub(super) in_call: bool,
    /// Its logon, by what was told.
    pub(super) life: Life,
    /// The record of its logon.
    pub(super) logon: Option<Logon>,
    /// How many places in line it has.
    pub(super) places: usize,
    /// Its sessions: the one its logon holds first, then the one it goes back to.
    pub(super) sessions: Vec<Owned>,
}

impl Bundle {
    /// A party that begins.
    pub(super) fn beginning(role: Role, stand: Stand, in_call: bool) -> Bundle {
        Bundle {
            role,
            seen: Vec::new(),
            stand,
            in_call,
            life: Life::Outside,
            logon: None,
            places: 0,
            sessions: Vec::new(),
        }
    }

    /// Whether its logon is on record and not over.
    pub(super) fn is_held(&self) -> bool {
        self.logon
            .as_ref()
            .is_some_and(|logon| !matches!(logon.phase, LogonPhase::RefusedInLine(_)))
    }

    /// How many of its sessions are in this state.
    pub(super) fn sessions_in(&self, state: SessionState) -> usize {
        let sessions = self.sessions.iter();
        sessions
            .filter(|owned| owned.session.state == state)
            .count()
    }

    /// How often its sessions are on the idle list.
    pub(super) fn times_idle(&self) -> usize {
        self.sessions.iter().map(|owned| owned.times_idle).sum()
    }

    /// What it adds to each of the sums, in the order of [`super::quantity::SUMS`].
    pub(super) fn shares(&self) -> [i64; 5] {
        let number = |count: usize| i64::try_from(count).expect("a bundle is small");
        [
            i64::from(self.is_held()),
            number(self.places),
            number(self.times_idle()),
            number(self.sessions_in(SessionState::Init)),
            i64::from(self.role == Role::Worker),
        ]
    }

    /// Whether it may stay where it is for ever without anybody being at fault.
    pub(super) fn may_stay(&self) -> bool {
        let waits_for_the_world =
            matches!(self.stand, Stand::Question(question) if question.may_stay_open());
        self.role == Role::Nobody || !self.in_call || waits_for_the_world
    }

    /// Whether it stands before a section that waits.
    pub(super) fn may_sleep(&self) -> bool {
        self.in_call && matches!(self.stand, Stand::Section(Kind::Wait, _))
    }

    /// Whether it has seen a claim that may be somebody else's now.
    pub(super) fn remembers_others(&self) -> bool {
        let mut found = false;
        for seen in &self.seen {
            let _ = seen.renamed(&mut Renaming {
                claim: &mut |claim| {
                    found |= names::is_elsewhere(claim);
                    claim
                },
                name: &mut |name| name,
            });
        }
        found
    }

    /// The party in a slot. `special` gives another claim for some canonical ones.
    pub(super) fn in_slot(&self, slot: Slot, special: &dyn Fn(Claim) -> Option<Claim>) -> Bundle {
        let claim = |canonical: Claim| special(canonical).unwrap_or_else(|| slot.claim(canonical));
        let owned = |owned: &Owned| {
            let own = claim(owned.claim);
            Owned {
                claim: own,
                session: Session {
                    generation: own.generation,
                    state: owned.session.state,
                    loaded: owned.session.loaded,
                    name: owned.session.name.map(|name| slot.name(name)),
                    user: owned.session.user.map(|user| slot.user_of(user)),
                    holder: owned.session.holder.map(|logon| slot.logon_of(logon)),
                },
                times_idle: owned.times_idle,
            }
        };
        let renamed = |seen: &Seen| {
            seen.renamed(&mut Renaming {
                claim: &mut |canonical| claim(canonical),
                name: &mut |name| slot.name(name),
            })
        };
        Bundle {
            role: self
                .role
                .target()
                .map_or(self.role, |target| self.role.aimed(claim(target))),
            seen: self.seen.iter().map(renamed).collect(),
            logon: self.logon.as_ref().map(|logon| Logon {
                phase: logon.phase,
                claim: logon.claim.map(claim),
                old: logon.old.map(claim),
            }),
            sessions: self.sessions.iter().map(owned).collect(),
            ..*self
        }
    }

    /// Gives canonical identifiers to a party from a scene. `exists` says whether there is such a session.
    ///
    /// All sessions of others that it remembers get one identifier. Says whether that is one too few: then it is no
    /// longer known which of them it asks for.
    #[must_use]
    pub(super) fn make_canonical(&mut self, exists: &dyn Fn(Claim) -> bool) -> bool {
        let mut of_others: Vec<Claim> = Vec::new();
        let own: Vec<Claim> = self.sessions.iter().map(|owned| owned.claim).collect();
        let mut claim = |claim: Claim| {
            let place = own.iter().position(|other| *other == claim);
            place.map_or_else(
                || match exists(claim) || names::is_elsewhere(claim) {
                    true => {
                        if !of_others.contains(&claim) {
                            of_others.push(claim);
                        }
                        names::elsewhere()
                    }
                    false => names::gone(),
                },
                names::own_claim,
            )
        };
        let mut given = Vec::new();
        let mut name = |name| {
            let place = given.iter().position(|other| *other == name);
            names::own_name(place.unwrap_or_else(|| {
                given.push(name);
                given.len() - 1
            }))
        };
        if let Some(logon) = &mut self.logon {
            logon.claim = logon.claim.map(&mut claim);
            logon.old = logon.old.map(&mut claim);
        }
        for owned in &mut self.sessions {
            owned.claim = claim(owned.claim);
            let session = &mut owned.session;
            session.generation = owned.claim.generation;
            session.name = session.name.map(&mut name);
            session.user = session.user.map(names::canonical_user);
            session.holder = session.holder.map(names::canonical_logon);
        }
        if let Some(target) = self.role.target() {
            self.role = self.role.aimed(claim(target));
        }
        for seen in &mut self.seen {
            *seen = seen.renamed(&mut Renaming {
                claim: &mut claim,
                name: &mut name,
            });
        }
        of_others.len() > 1
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.role {
            Role::Client => "client",
            Role::Worker => "worker",
            Role::Administrator(_) => "administrator",
            Role::Timer(_) => "timer",
            Role::Nobody => "left behind",
        })?;
        match self.stand {
            Stand::Question(Question::Decision) if self.seen.is_empty() => {
                f.write_str(" outside")?;
            }
            _ => {
                let mut results = self.seen.iter().filter_map(|seen| match seen {
                    Seen::Result(label, _) => Some(label),
                    Seen::Answer(..) => None,
                });
                if let Some(label) = results.next_back() {
                    write!(f, " after \"{label}\"")?;
                }
            }
        }
        if let Stand::Section(_, label) = self.stand {
            write!(f, " before \"{label}\"")?;
        }
        if let Some(logon) = &self.logon {
            write!(f, ", {}", phase(logon.phase))?;
        }
        match self.life {
            Life::Over(Outcome::Refused(refusal)) => write!(f, ", refused ({refusal})")?,
            Life::Over(Outcome::Abandoned) => f.write_str(", given up")?,
            Life::Over(Outcome::Left(departure)) => {
                f.write_str(match departure {
                    Departure::Disconnected => ", has disconnected",
                    Departure::LoggedOff => ", has logged off",
                    Departure::Reset => ", lost to a reset",
                })?;
            }
            Life::Outside | Life::Arrived | Life::Living => {}
        }
        if self.places > 0 {
            f.write_str(", in line")?;
        }
        for owned in &self.sessions {
            let session = &owned.session;
            write!(f, ", session {}", session.state)?;
            let parts = [
                (
                    !session.loaded && session.state != SessionState::Init,
                    "not loaded",
                ),
                (
                    session.loaded && session.state == SessionState::Init,
                    "loaded",
                ),
                (session.name.is_some(), "named"),
                (session.user.is_some(), "with a user"),
                (session.holder.is_some(), "held"),
                (owned.times_idle > 0, "on the idle list"),
            ];
            let parts: Vec<&str> = parts
                .iter()
                .filter(|(is, _)| *is)
                .map(|(_, text)| *text)
                .collect();
            if !parts.is_empty() {
                write!(f, " ({})", parts.join(", "))?;
            }
        }
        Ok(())
    }
}

fn phase(phase: LogonPhase) -> &'static str {
    match phase {
        LogonPhase::Admitted => "admitted",
        LogonPhase::Queued => "queued",
        LogonPhase::RefusedInLine(_) => "refused in line",
        LogonPhase::Claimed => "claimed",
        LogonPhase::AtPrompt => "at the prompt",
        LogonPhase::Swapping => "swapping",
        LogonPhase::LoggedOn => "logged on",
    }
}
