//! What is told in a section, and what a call returns: each property that is about one section.

mod afterwards;
mod logons;
mod sessions;

use std::collections::{BTreeMap, BTreeSet};

use logon_core::{Claim, Fact, LogonId, SessionState, StationName};

use super::bundle::{Life, Outcome};
use super::fed::{Answer, Call};
use super::names::counters;
use super::parties::{Role, SymbolicServer};
use super::rule::{Broken, Duty};
use super::scene::{Act, Participant, Scene};
use super::seen::{NO, Question, Seen, YES};

/// What is known of a session on the way through the facts.
#[derive(Clone, Copy)]
struct Known {
    state: SessionState,
    loaded: bool,
}

/// The judge of one section.
pub(super) struct Hearing<'a> {
    scene: &'a Scene,
    server: &'a SymbolicServer,
    seen: &'a [Seen],
    facts: &'a [Fact],
    sessions: BTreeMap<Claim, Known>,
    lives: BTreeMap<LogonId, Life>,
    names: BTreeSet<StationName>,
    duties: Vec<Duty>,
}

impl<'a> Hearing<'a> {
    /// Hears everything that was told in the section.
    pub(super) fn of(
        scene: &'a Scene,
        server: &'a SymbolicServer,
        seen: &'a [Seen],
        returned: &[(Call, Answer)],
    ) -> Self {
        let known = |session: &logon_core::server::Session| Known {
            state: session.state,
            loaded: session.loaded,
        };
        let sessions = scene.sessions_before();
        let clients = scene
            .participants
            .iter()
            .filter(|who| who.before.role == Role::Client);
        let mut hearing = Hearing {
            scene,
            server,
            seen,
            facts: &server.observer().facts,
            sessions: sessions
                .into_iter()
                .map(|(claim, session)| (claim, known(session)))
                .collect(),
            lives: clients
                .map(|who| (who.slot.logon(), who.before.life))
                .collect(),
            names: BTreeSet::new(),
            duties: Vec::new(),
        };
        for &fact in hearing.facts {
            hearing.hear(fact);
        }
        hearing.counters();
        hearing.line();
        hearing.switches();
        for &(call, answer) in returned {
            hearing.returned(call, answer);
        }
        hearing
    }

    /// What became of the logon, by what was told.
    pub(super) fn life(&self, logon: LogonId) -> Life {
        self.lives.get(&logon).copied().unwrap_or(Life::Outside)
    }

    /// What has to be shown of the section.
    pub(super) fn duties(self) -> Vec<Duty> {
        self.duties
    }

    fn broken(&mut self, property: &'static str, what: impl Into<String>) {
        self.duties.push(Duty::Never(Broken::new(property, what)));
    }

    fn owes(&mut self, holds: bool, property: &'static str, what: &str) {
        if !holds {
            self.broken(property, what);
        }
    }

    /// Whether the world has given this answer to the actor, in this connection.
    fn was_told(&self, question: Question, answer: usize) -> bool {
        self.seen.contains(&Seen::Answer(question, answer))
    }

    fn participant(&self, logon: LogonId) -> Option<&'a Participant> {
        let mut participants = self.scene.participants.iter();
        participants.find(|who| who.before.role == Role::Client && who.slot.logon() == logon)
    }

    /// Whether the logon's own client was granted a license, whoever serves it.
    fn is_licensed(&self, logon: LogonId) -> bool {
        let seen = match self.participant(logon) {
            Some(who) if !self.acts(logon) => &who.before.seen,
            _ => self.seen,
        };
        let was_told = |answer| seen.contains(&Seen::Answer(Question::License, answer));
        was_told(YES) && !was_told(NO)
    }

    /// Whether the logon is the one that acts, or whose line is cut.
    fn acts(&self, logon: LogonId) -> bool {
        self.scene
            .acting()
            .is_some_and(|who| who.before.role == Role::Client && who.slot.logon() == logon)
    }

    /// Whether the client of this logon has hung up, or its line is down.
    fn has_left(&self, logon: LogonId) -> bool {
        let hangs_up = matches!(self.scene.act, Act::Cut(_)) || {
            let mut decisions = self
                .seen
                .iter()
                .filter(|seen| matches!(seen, Seen::Answer(Question::Decision, _)));
            self.was_told(Question::Line, NO)
                || decisions.next_back() != Some(&Seen::Answer(Question::Decision, 0))
        };
        self.acts(logon) && hangs_up
    }

    fn hear(&mut self, fact: Fact) {
        self.alive(fact);
        match fact {
            Fact::Arrived { logon } => {
                self.owes(
                    self.acts(logon),
                    "S13",
                    "a logon arrives whose client does not connect",
                );
                let is_new = self.life(logon) == Life::Outside;
                self.owes(is_new, "S9", "a logon arrives a second time");
                self.lives.insert(logon, Life::Arrived);
            }
            Fact::Admitted { logon } => {
                self.lives.insert(logon, Life::Living);
                let enabled = self.scene.was_enabled;
                self.owes(
                    enabled,
                    "S1",
                    "a logon is admitted although logons are disabled",
                );
                self.duties.push(Duty::Room);
            }
            Fact::Logged { .. } => {}
            Fact::Queued { logon } => self.line_was_asked(logon),
            Fact::Claimed { logon, claim } => self.claimed(logon, claim),
            Fact::Attaching { claim, logon } => {
                self.line_was_asked(logon);
                let loaded = self.sessions.get(&claim).is_some_and(|known| known.loaded);
                self.owes(
                    loaded,
                    "S7",
                    "a logon attaches to a session that is not loaded",
                );
            }
            Fact::Attached { logon, name, .. } => {
                let is_new = name.0 > counters().named && self.names.insert(name);
                self.owes(
                    is_new,
                    "S8",
                    "a logon attaches under a name that was given before",
                );
                let licensed = self.is_licensed(logon);
                self.owes(
                    licensed,
                    "S1",
                    "a logon is served whose license was not granted",
                );
            }
            Fact::Arbitrated { logon, user, old } => {
                let is_its_own = self
                    .participant(logon)
                    .is_some_and(|who| who.slot.user() == user);
                self.owes(is_its_own, "S10", "a logon is taken for another user's");
                self.arbitrated(logon, old);
            }
            Fact::LoggedOn { logon, claim } => self.logged_on(logon, claim),
            Fact::Refused { logon, refusal } => self.refused(logon, refusal),
            Fact::Abandoned { logon } => {
                let has_left = self.has_left(logon);
                self.owes(
                    has_left,
                    "S6",
                    "a logon is given up whose client has not left",
                );
                self.lives.insert(logon, Life::Over(Outcome::Abandoned));
            }
            Fact::Left { logon, departure } => self.left(logon, departure),
            Fact::Session { claim, from, to } => self.session(claim, from, to),
            Fact::Loaded { claim } => {
                let is_true = self.was_told(Question::Load, YES)
                    && !self.was_told(Question::Load, NO)
                    && self
                        .scene
                        .acting()
                        .is_some_and(|who| Seen::creates(&who.before.seen, claim));
                self.owes(
                    is_true,
                    "S7",
                    "a session is said to be loaded that its worker has not loaded",
                );
                if let Some(known) = self.sessions.get_mut(&claim) {
                    known.loaded = true;
                }
            }
            Fact::Reset { by, aimed, hit } => self.reset(by, aimed, hit),
            Fact::LogonsEnabled(enabled) => {
                let asked = self.scene.act == Act::EnableLogons(enabled);
                self.owes(
                    asked,
                    "S13",
                    "logons are enabled or disabled, and nobody asked for it",
                );
            }
        }
    }

    /// Nothing happens to a logon before it arrives, and nothing after its outcome.
    fn alive(&mut self, fact: Fact) {
        let logon = match fact {
            Fact::Admitted { logon }
            | Fact::Queued { logon }
            | Fact::Claimed { logon, .. }
            | Fact::Attaching { logon, .. }
            | Fact::Attached { logon, .. }
            | Fact::Arbitrated { logon, .. }
            | Fact::LoggedOn { logon, .. }
            | Fact::Refused { logon, .. }
            | Fact::Abandoned { logon }
            | Fact::Left { logon, .. } => logon,
            Fact::Logged { logon, event } => {
                let outcome = self.life(logon);
                let fits = matches!(outcome, Life::Over(Outcome::Refused(refusal)) if refusal.event() == Some(event));
                self.owes(
                    fits,
                    "S9",
                    "an event is logged that does not go with the outcome",
                );
                return;
            }
            _ => return,
        };
        let alive = match self.life(logon) {
            Life::Living => !matches!(fact, Fact::Admitted { .. }),
            Life::Arrived => matches!(fact, Fact::Admitted { .. } | Fact::Refused { .. }),
            Life::Outside | Life::Over(_) => false,
        };
        self.owes(
            alive,
            "S9",
            "something happens to a logon before it is admitted or after its outcome",
        );
    }
}
