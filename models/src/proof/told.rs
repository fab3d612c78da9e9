//! What is told in a section, and what a call returns: each property that is about one section.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::ids::FIRST_SESSION;
use logon_core::observer::{Departure, Resetter};
use logon_core::server::LogonPhase;
use logon_core::{Claim, Ending, Fact, LogonId, OnBrokenLine, Refusal, SessionState, StationName};

use super::bundle::{Life, Outcome};
use super::fed::{Answer, Call};
use super::names::counters;
use super::parties::{Role, SymbolicServer};
use super::rule::{Broken, Duty};
use super::scene::{Act, Participant, Scene};
use super::seen::{NO, Question, Seen, Value, YES};

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
            facts: &server.observer().0,
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
                let is_new = name.0 > counters() && self.names.insert(name);
                self.owes(
                    is_new,
                    "S8",
                    "a logon attaches under a name that was given before",
                );
                self.owes(
                    self.was_told(Question::License, YES) && !self.was_told(Question::License, NO)
                        || !self.acts(logon),
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

    fn claimed(&mut self, logon: LogonId, claim: Claim) {
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

    fn arbitrated(&mut self, logon: LogonId, old: Option<Claim>) {
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

    fn logged_on(&mut self, logon: LogonId, claim: Claim) {
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

    fn refused(&mut self, logon: LogonId, refusal: Refusal) {
        let acts = self.acts(logon);
        let holds = match refusal {
            Refusal::MaxConnections => {
                self.duties.push(Duty::Full);
                self.scene.configuration.has_maximum
            }
            Refusal::LogonsDisabled => !self.scene.was_enabled,
            Refusal::NoLicense => acts && self.was_told(Question::License, NO),
            Refusal::AccessDenied => acts && self.was_told(Question::Password, NO),
            Refusal::CreationFailed => {
                self.duties.push(Duty::NoneIdle);
                let actor = self.scene.acting();
                actor.is_some_and(|who| who.before.role == Role::Worker)
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

    fn left(&mut self, logon: LogonId, departure: Departure) {
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
            Act::EnableLogons(_) | Act::Close => false,
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

    fn session(&mut self, claim: Claim, from: Option<SessionState>, to: Option<SessionState>) {
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
            let is_new = claim.generation.0 > counters()
                && claim.session.0 > FIRST_SESSION.0 - 1 + counters();
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
    fn may_end(&self, claim: Claim, was: Option<SessionState>) -> bool {
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
            Act::EnableLogons(_) | Act::Close => false,
        }
    }

    fn reset(&mut self, by: Resetter, aimed: Claim, hit: Claim) {
        let is_aimed = self.scene.act.is_aimed() && aimed == hit && self.scene.target == Some(hit);
        self.owes(
            is_aimed,
            "S6",
            "a reset hits a session at which nobody aimed",
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

    /// Every number on record is at most as high as its counter, and no counter falls: so no number is given twice.
    fn counters(&mut self) {
        let (created, named) = (self.server.created(), self.server.named());
        self.owes(
            created >= counters() && named >= counters(),
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
    fn line(&mut self) {
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
    fn line_was_asked(&mut self, logon: LogonId) {
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
    fn switches(&mut self) {
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
    fn returned(&mut self, call: Call, answer: Answer) {
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
    fn was_reset(&mut self, said: bool) {
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
