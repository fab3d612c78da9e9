//! What is told of sessions.

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::Resetter;
use logon_core::{Claim, Fact, SessionState};

use super::super::names::counters;
use super::super::parties::Role;
use super::super::rule::Duty;
use super::super::scene::Act;
use super::{Hearing, Known};

impl Hearing<'_> {
    pub(super) fn session(
        &mut self,
        claim: Claim,
        from: Option<SessionState>,
        to: Option<SessionState>,
    ) {
        let was = self.sessions.get(&claim).map(|known| known.state);
        let is_legal = was == from
            && match (from, to) {
                (None, Some(to)) => to == SessionState::Init,
                (Some(from), None) => from == SessionState::Reset,
                (Some(from), Some(to)) => from.may_become(to),
                (None, None) => false,
            };
        if !is_legal {
            let text = |state: Option<SessionState>| {
                state.map_or("nothing".to_owned(), |state| state.to_string())
            };
            self.broken(
                "S5",
                format!(
                    "a session goes from {} to {}, along no legal edge",
                    text(from),
                    text(to)
                ),
            );
        }
        if from.is_none() {
            self.duties.extend([Duty::Wanted, Duty::WithinLimit]);
            let is_new = claim.generation.0 > counters().created
                && claim.session.0 > FIRST_SESSION.0 - 1 + counters().created;
            self.owes(
                is_new,
                "S8",
                "a new session has an id or a generation that was given before",
            );
        }
        if to == Some(SessionState::Reset) {
            let is_by_somebody =
                |fact: &Fact| matches!(fact, Fact::Reset { hit, .. } if *hit == claim);
            let is_told = !self.scene.act.is_aimed()
                || self.scene.target != Some(claim)
                || self.facts.iter().any(is_by_somebody);
            self.owes(
                is_told,
                "S6",
                "a session is reset, and nobody is told by whom",
            );
            let is_lawful = self.may_end(claim, was);
            self.owes(
                is_lawful,
                "S6",
                "a session is ended by neither its logon nor a reset aimed at it",
            );
        }
        match to {
            None => {
                self.sessions.remove(&claim);
            }
            Some(state) => {
                let loaded = self.sessions.get(&claim).is_some_and(|known| known.loaded);
                self.sessions.insert(claim, Known { state, loaded });
            }
        }
    }

    /// Whether whoever acts may end this session, which is in this state.
    pub(super) fn may_end(&self, claim: Claim, was: Option<SessionState>) -> bool {
        match self.scene.act {
            Act::Reset(_) => self.scene.target == Some(claim),
            Act::Expire(_) => {
                self.scene.target == Some(claim) && was == Some(SessionState::Disconnected)
            }
            Act::Own(_) | Act::Cut(_) => {
                let Some(actor) = self.scene.acting() else {
                    return false;
                };
                let mut owned = actor.before.sessions.iter();
                let is_own = owned.any(|owned| {
                    owned.claim == claim
                        && (owned.session.holder.is_some() || was == Some(SessionState::Down))
                });
                is_own && (actor.before.role == Role::Client || was == Some(SessionState::Down))
            }
            _ => false,
        }
    }

    pub(super) fn reset(&mut self, by: Resetter, aimed: Claim, hit: Claim) {
        let is_aimed = self.scene.act.is_aimed() && aimed == hit && self.scene.target == Some(hit);
        self.owes(
            is_aimed,
            "S6",
            "a reset hits a session at which nobody aimed",
        );
        let is_reset = |fact: &Fact| matches!(fact, Fact::Session { claim, to: Some(SessionState::Reset), .. } if *claim == hit);
        let is_done = self.facts.iter().any(is_reset);
        self.owes(
            is_done,
            "S6",
            "a reset is told, and the session is not reset",
        );
        let is_its_own_name = match self.scene.act {
            Act::Reset(_) => by == Resetter::Administrator,
            Act::Expire(_) => by == Resetter::Timer,
            _ => true,
        };
        self.owes(
            is_its_own_name,
            "S6",
            "a reset is told in somebody else's name",
        );
        let was = self.sessions.get(&hit).map(|known| known.state);
        let is_lawful = by == Resetter::Administrator || was == Some(SessionState::Disconnected);
        self.owes(
            is_lawful,
            "S6",
            "a time-out hits a session that is not disconnected",
        );
    }
}
