//! What must be so after the section, whatever was told, and what the calls return that end with it.

use std::collections::BTreeSet;

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::Departure;
use logon_core::server::LogonPhase;
use logon_core::{Ending, Fact, LogonId, Refusal, SessionState, StationName};

use super::super::bundle::{Life, Outcome};
use super::super::fed::{Answer, Call};
use super::super::names::counters;
use super::super::scene::Act;
use super::super::seen::{NO, Question, Seen, Value, YES};
use super::Hearing;

impl Hearing<'_> {
    /// Every number on record is at most as high as its counter, and no counter falls: so no number is given twice.
    pub(super) fn counters(&mut self) {
        let (created, named) = (self.server.created(), self.server.named());
        self.owes(
            created >= counters().created && named >= counters().named,
            "S8",
            "a counter of names or sessions falls",
        );
        let before: BTreeSet<StationName> = self
            .scene
            .sessions_before()
            .values()
            .filter_map(|session| session.name)
            .collect();
        let mut names = BTreeSet::new();
        let sessions = self.server.sessions().visible.range(FIRST_SESSION..);
        let mut all_counted = true;
        let mut all_different = true;
        for (id, session) in sessions {
            let is_new = !self
                .scene
                .sessions_before()
                .keys()
                .any(|claim| claim.session == *id);
            if is_new {
                all_counted &= session.generation.0 <= created && id.0 < FIRST_SESSION.0 + created;
            }
            if let Some(name) = session.name {
                all_counted &=
                    before.contains(&name) || self.names.contains(&name) && name.0 <= named;
                all_different &= names.insert(name);
            }
        }
        self.owes(
            all_counted,
            "S8",
            "a name or a session has a number above its counter",
        );
        self.owes(all_different, "S8", "two sessions have one name");
    }

    /// Whoever has a place in line keeps it: its end is for those who come.
    pub(super) fn line(&mut self) {
        let had_a_place = |logon: &&LogonId| {
            let who = self.participant(**logon);
            who.is_some_and(|who| who.before.places > 0)
        };
        let goes_back = self
            .server
            .queue()
            .added
            .iter()
            .any(|logon| had_a_place(&logon));
        self.owes(
            !goes_back,
            "S11",
            "a logon that waits in line goes to its end once more",
        );
    }

    /// A client whose line was cut before it was admitted is noticed: its line is asked after that, and before it waits
    /// for anybody or is served.
    pub(super) fn line_was_asked(&mut self, logon: LogonId) {
        let admitted = |seen: &&Seen| !matches!(seen, Seen::Result(_, Value::Admission(Ok(()))));
        let since = self.seen.iter().rev().take_while(admitted);
        let is_up = since
            .clone()
            .any(|seen| *seen == Seen::Answer(Question::Line, YES));
        let is_down = self.was_told(Question::Line, NO);
        self.owes(
            !self.acts(logon) || is_up && !is_down,
            "L1",
            "a logon goes on whose line was not asked after it was admitted, or is down",
        );
    }

    /// Only an administrator enables and disables logons, and only who closes the server closes it.
    pub(super) fn switches(&mut self) {
        let enabled = match self.scene.act {
            Act::EnableLogons(enabled) => enabled,
            _ => self.scene.was_enabled,
        };
        let as_asked = self.server.logons_enabled() == enabled;
        self.owes(
            as_asked,
            "S13",
            "logons are not enabled, or disabled, as was asked for",
        );
        if self.scene.act == Act::EnableLogons(enabled) {
            self.owes(
                self.facts.contains(&Fact::LogonsEnabled(enabled)),
                "S13",
                "logons are enabled or disabled, and nobody is told",
            );
        }
        let closing = self.scene.was_closing || self.scene.act == Act::Close;
        let as_asked = self.server.is_closing() == closing;
        self.owes(
            as_asked,
            "S13",
            "the server shuts down and nobody asked for it, or the other way round",
        );
    }

    /// What a call returns is what became of its logon.
    pub(super) fn returned(&mut self, call: Call, answer: Answer) {
        let subject = self.scene.participants.first();
        let Some(logon) = subject.map(|subject| subject.slot.logon()) else {
            return;
        };
        let life = self.life(logon);
        let record = self.server.logons().visible.get(&logon);
        let right = match (call, answer) {
            (Call::Connect, Answer::Session(claim)) => record.is_some_and(|record| {
                record.phase == LogonPhase::AtPrompt && record.claim == Some(claim)
            }),
            (Call::LogOn, Answer::Session(claim)) => record.is_some_and(|record| {
                record.phase == LogonPhase::LoggedOn && record.claim == Some(claim)
            }),
            (Call::Disconnect, Answer::Done) => {
                life == Life::Over(Outcome::Left(Departure::Disconnected))
            }
            (Call::LogOff, Answer::Done) => life == Life::Over(Outcome::Left(Departure::LoggedOff)),
            (Call::HangUp, Answer::Done) => !matches!(life, Life::Living),
            (_, Answer::Ended(Ending::Refused(refusal))) => {
                life == Life::Over(Outcome::Refused(refusal))
            }
            // Who has just left as it asked to is told that it is done.
            (Call::Disconnect | Call::LogOff, Answer::Ended(Ending::Gone))
                if subject.is_some_and(|subject| subject.before.life == Life::Living) =>
            {
                false
            }
            // An administrator's reset is heard as "gone".
            (_, Answer::Ended(Ending::Gone)) => match life {
                Life::Outside => self.was_told(Question::Line, NO),
                Life::Arrived | Life::Living => false,
                Life::Over(Outcome::Refused(refusal)) => refusal == Refusal::SessionReset,
                Life::Over(Outcome::Abandoned | Outcome::Left(_)) => true,
            },
            (Call::Reset, Answer::WasReset(said)) => return self.was_reset(said),
            _ => false,
        };
        if !right {
            self.broken(
                "S9",
                format!(
                    "what {} returns is not what became of the logon",
                    name(call)
                ),
            );
        }
        if record.is_some() && matches!(answer, Answer::Ended(_)) {
            self.broken("S4", "a call has ended and its logon stays on record");
        }
    }

    /// What a reset says: whether it has ended its session.
    pub(super) fn was_reset(&mut self, said: bool) {
        if self.scene.act.is_aimed() {
            let was = self.scene.target.and_then(|target| {
                let before = self.scene.sessions_before();
                before.get(&target).map(|session| session.state)
            });
            let could = match self.scene.act {
                Act::Expire(_) => was == Some(SessionState::Disconnected),
                _ => was.is_some_and(SessionState::may_be_reset),
            };
            self.owes(
                said == could,
                "S13",
                "a reset says that it missed its session, or that it hit one that it did not",
            );
        } else {
            let gone = self
                .scene
                .participants
                .first()
                .and_then(|who| who.before.role.target());
            let gone = gone
                .is_none_or(|target| !self.server.sessions().visible.contains_key(&target.session));
            self.owes(
                said && gone,
                "S13",
                "a reset returns and its session is there",
            );
        }
    }
}

fn name(call: Call) -> &'static str {
    match call {
        Call::Connect => "connect",
        Call::LogOn => "log on",
        Call::Disconnect => "disconnect",
        Call::LogOff => "log off",
        Call::HangUp => "hang up",
        Call::Reset => "reset",
    }
}
