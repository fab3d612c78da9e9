//! What is told of logons.

use logon_core::observer::Departure;
use logon_core::{Claim, Fact, LogonId, OnBrokenLine, Refusal, SessionState};

use super::super::bundle::{Life, Outcome};
use super::super::parties::Role;
use super::super::rule::Duty;
use super::super::scene::Act;
use super::super::seen::{NO, Question, Seen};
use super::Hearing;

impl Hearing<'_> {
    pub(super) fn claimed(&mut self, logon: LogonId, claim: Claim) {
        let exists = self.sessions.contains_key(&claim);
        self.owes(
            exists,
            "S6",
            "a logon is given a session that does not exist",
        );
        let others = self.server.logons().visible.iter();
        let is_others = others
            .filter(|(other, _)| **other != logon)
            .any(|(_, record)| record.claim == Some(claim) || record.old == Some(claim));
        self.owes(
            !is_others,
            "S3",
            "a logon is given a session that another one holds",
        );
        if !self.server.queue().taken.contains(&logon) {
            self.duties.push(Duty::NoLine);
        }
    }

    pub(super) fn arbitrated(&mut self, logon: LogonId, old: Option<Claim>) {
        // A user's sessions are those of its client: nobody else has one.
        let own = self
            .participant(logon)
            .into_iter()
            .flat_map(|who| &who.before.sessions);
        let mut waiting = own.filter(|owned| owned.session.state == SessionState::Disconnected);
        let expected = waiting.next().map(|owned| owned.claim);
        self.owes(
            old == expected,
            "S10",
            "a user is not offered its disconnected session",
        );
        let right = !self.was_told(Question::Password, NO);
        self.owes(right, "S1", "a user is identified by a wrong password");
    }

    pub(super) fn logged_on(&mut self, logon: LogonId, claim: Claim) {
        let right = !self.was_told(Question::Password, NO);
        self.owes(right, "S1", "a user logs on with a wrong password");
        let Some(record) = self
            .participant(logon)
            .and_then(|who| who.before.logon.as_ref())
        else {
            self.broken("S3", "a user logs on and has no session");
            return;
        };
        let is_own = record.claim == Some(claim) || record.old == Some(claim);
        self.owes(
            is_own,
            "S3",
            "a user logs on to a session that is not its own",
        );
        let goes_back = record.old.is_none_or(|old| old == claim);
        self.owes(
            goes_back,
            "S10",
            "a user keeps the new session although the old one is there",
        );
    }

    pub(super) fn refused(&mut self, logon: LogonId, refusal: Refusal) {
        let acts = self.acts(logon);
        // Whoever has a permit is no reason for its own refusal, and disabling logons is none for who is admitted.
        let asks_to_be_admitted = self.life(logon) != Life::Living;
        let holds = match refusal {
            Refusal::MaxConnections => {
                self.duties.push(Duty::Full);
                self.scene.configuration.has_maximum && asks_to_be_admitted
            }
            Refusal::LogonsDisabled => !self.scene.was_enabled && asks_to_be_admitted,
            Refusal::NoLicense => acts && self.was_told(Question::License, NO),
            Refusal::AccessDenied => acts && self.was_told(Question::Password, NO),
            Refusal::CreationFailed => {
                self.duties.push(Duty::NoneIdle);
                let actor = self.scene.acting();
                let failed = Refusal::CreationFailed;
                let refused = self.facts.iter().filter(
                    |fact| matches!(fact, Fact::Refused { refusal, .. } if *refusal == failed),
                );
                refused.count() == 1
                    && actor.is_some_and(|who| who.before.role == Role::Worker)
                    && self.was_told(Question::Load, NO)
                    && self
                        .participant(logon)
                        .is_some_and(|who| who.before.places > 0)
            }
            Refusal::SessionReset => {
                let claims = self
                    .participant(logon)
                    .and_then(|who| who.before.logon.as_ref());
                self.scene.act.is_aimed()
                    && claims.is_some_and(|record| record.claim == self.scene.target)
            }
            Refusal::Dropped(_) => false,
        };
        if !holds {
            self.broken(
                "S1",
                format!("a logon is refused for a reason that does not hold: {refusal}"),
            );
        }
        if let Some(event) = refusal.event() {
            let logged = self.facts.contains(&Fact::Logged { logon, event });
            self.owes(logged, "S9", "a logon is refused without its event");
            let events = self.facts.iter();
            let events = events.filter(
                |fact| matches!(fact, Fact::Logged { logon: about, .. } if *about == logon),
            );
            self.owes(events.count() <= 1, "S9", "a logon has more than one event");
        }
        self.lives
            .insert(logon, Life::Over(Outcome::Refused(refusal)));
    }

    pub(super) fn left(&mut self, logon: LogonId, departure: Departure) {
        let broken_line = match self.scene.configuration.on_broken_line {
            OnBrokenLine::Disconnect => Departure::Disconnected,
            OnBrokenLine::Reset => Departure::LoggedOff,
        };
        let asked = match self.scene.act {
            Act::Cut(_) => self.acts(logon) && departure == broken_line,
            Act::Own(_) => {
                let decision = self
                    .seen
                    .iter()
                    .rev()
                    .find(|seen| matches!(seen, Seen::Answer(Question::Decision, _)));
                let own = match decision {
                    Some(Seen::Answer(_, 0)) => Departure::Disconnected,
                    Some(Seen::Answer(_, 1)) => Departure::LoggedOff,
                    _ => broken_line,
                };
                self.acts(logon) && departure == own
            }
            Act::Reset(_) | Act::Expire(_) => {
                let claims = self
                    .participant(logon)
                    .and_then(|who| who.before.logon.as_ref());
                departure == Departure::Reset
                    && claims.is_some_and(|record| record.claim == self.scene.target)
            }
            _ => false,
        };
        self.owes(asked, "S6", "a logon ends in a way for which nobody asked");
        let record = self
            .participant(logon)
            .and_then(|who| who.before.logon.as_ref());
        let session = record.and_then(|record| record.claim).and_then(|claim| {
            let session = self.server.sessions().visible.get(&claim.session);
            session.filter(|session| session.generation == claim.generation)
        });
        match departure {
            Departure::Disconnected => self.owes(
                session.is_some_and(|session| session.state == SessionState::Disconnected),
                "S10",
                "a user disconnects and its session does not stay",
            ),
            Departure::LoggedOff => self.owes(
                session.is_none(),
                "S13",
                "a user logs off and its session stays",
            ),
            Departure::Reset => {}
        }
        self.lives
            .insert(logon, Life::Over(Outcome::Left(departure)));
    }
}
