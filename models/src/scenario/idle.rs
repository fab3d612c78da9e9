//! What a scenario says in vain: keys and words that act in no order of events.
//!
//! Nothing is said of numbers that only bound something (`idle-pool`, `max-connections`, `creation-workers`,
//! `spurious-wakes`): that a bound is not reached is worth checking, and the command line changes them.

use super::actor::{Client, HangUpPhase, Password, ResetTarget, UserName};
use super::course::{
    Connection, Course, Phase, courses, first_connection_logs_on, is_cut, line_breaks_logged_on,
    may_leave_a_session, waiting_connections,
};
use super::error::quoted;
use super::script::{ClientOperation, WrittenOperation};
use super::{AdministratorOperation, OnBrokenLine, Scenario, ServerSettings};

/// Something in a scenario that may act in vain; clients and all others by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A client's `user`.
    User(usize),
    /// A client's `license`.
    License(usize),
    /// A client's `password`.
    Password(usize),
    /// A client's `hang-up`.
    HangUp(usize),
    /// A client's script from this operation on.
    Script(usize, usize),
    /// `reuse-ids`.
    ReuseIds,
    /// `on-broken-line`.
    OnBrokenLine,
    /// `logons-enabled`.
    LogonsEnabled,
    /// One of `failing-creations`.
    FailingCreation(u32),
    /// An operation of an administrator.
    Administration(usize, usize),
    /// A cutter.
    Cutter(usize),
    /// A timer.
    Timer(usize),
}

/// A part of a scenario that acts in no order of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Idle {
    /// Which.
    pub(super) part: Part,
    /// Why, and the way out.
    pub(super) message: String,
}

/// Everything in `scenario` that acts in no order of events, whether it was written or is a default.
pub(super) fn idle(scenario: &Scenario) -> Vec<Idle> {
    let courses = courses(scenario);
    let mut look = Look {
        scenario,
        connections: waiting_connections(scenario, &courses),
        courses,
        found: Vec::new(),
    };
    for index in 0..scenario.clients.len() {
        look.client(index);
    }
    look.server();
    look.administrators();
    look.cutters();
    look.timers();
    look.found
}

struct Look<'a> {
    scenario: &'a Scenario,
    courses: Vec<Course>,
    connections: Vec<Connection>,
    found: Vec<Idle>,
}

impl Look<'_> {
    fn add(&mut self, part: Part, message: String) {
        self.found.push(Idle { part, message });
    }

    fn client(&mut self, index: usize) {
        let client = &self.scenario.clients[index];
        let course = self.courses[index];
        let (name, why) = (quoted(client.name.as_str()), course.why());
        if let Some(phase) = client.hang_up
            && let Some(why) = self.never_hangs_up(index, phase)
        {
            self.add(
                Part::HangUp(index),
                format!(
                    "the client {name} never hangs up there: {why}; expected a moment that it comes \
                     to, or no hang-up"
                ),
            );
        }
        if let Some(operation) = client.script.get(course.length(client)) {
            self.add(
                Part::Script(index, course.length(client)),
                format!(
                    "the client {name} never comes to this {}: {why}; expected the end of its \
                     script here",
                    quoted(WrittenOperation::from(*operation).word())
                ),
            );
        }
        if course.furthest() < Phase::Licensing {
            let message = format!(
                "the license service is never asked for the client {name}: {why}; expected no \
                 license"
            );
            self.add(Part::License(index), message);
        }
        if course.furthest() < Phase::Authenticating {
            for (part, what) in [
                (Part::Password(index), "password"),
                (Part::User(index), "user"),
            ] {
                let way_out = if client.script.contains(&ClientOperation::LogOn) {
                    String::new()
                } else {
                    "\"log-on\" in its script, or ".to_owned()
                };
                let message = format!(
                    "the client {name} never gives its {what}: {why}; expected {way_out}no {what}"
                );
                self.add(part, message);
            }
        }
    }

    /// Why the line of a client is never asked at the moment at which it hangs up.
    fn never_hangs_up(&self, index: usize, phase: HangUpPhase) -> Option<&'static str> {
        let client = &self.scenario.clients[index];
        let course = &self.courses[index];
        let furthest = course.furthest();
        match phase {
            HangUpPhase::BeforeArrival => None,
            HangUpPhase::Admitted => (furthest < Phase::Admitted).then(|| course.why()),
            HangUpPhase::Claimed => (furthest < Phase::Claimed).then(|| course.why()),
            HangUpPhase::AtPrompt | HangUpPhase::Arbitrating
                if !first_connection_logs_on(client) =>
            {
                Some("its first connection has no \"log-on\", before and after which it is asked")
            }
            HangUpPhase::AtPrompt => (furthest < Phase::AtPrompt).then(|| course.why()),
            HangUpPhase::Arbitrating if furthest < Phase::LoggedOn => Some(course.why()),
            HangUpPhase::Arbitrating => (!self.others_leave_a_session(index)).then_some(
                "no other client of its user may leave a disconnected session to go back to",
            ),
        }
    }

    /// Whether another client of the same user may leave a disconnected session.
    fn others_leave_a_session(&self, index: usize) -> bool {
        let user = &self.scenario.clients[index].user;
        self.clients_of(user)
            .any(|other| other != index && self.leaves_a_session(other))
    }

    fn clients_of(&self, user: &UserName) -> impl Iterator<Item = usize> {
        let clients = self.scenario.clients.iter().enumerate();
        clients
            .filter(move |(_, client)| client.user == *user)
            .map(|(index, _)| index)
    }

    fn leaves_a_session(&self, index: usize) -> bool {
        may_leave_a_session(self.scenario, index, &self.courses[index])
    }

    fn somebody_arrives(&self) -> bool {
        self.courses
            .iter()
            .any(|course| course.furthest() >= Phase::Arrived)
    }

    fn server(&mut self) {
        let server = &self.scenario.server;
        if !server.logons_enabled && !self.somebody_arrives() {
            let message = "no client arrives while logons are disabled; expected one that does, or \
                           no logons-enabled";
            self.add(Part::LogonsEnabled, message.to_owned());
        }
        let breaks = |(index, course)| line_breaks_logged_on(self.scenario, index, course);
        if !self.courses.iter().enumerate().any(breaks) {
            let message = "the line of a client that is logged on never breaks; expected a cutter of \
                           one that logs on, \"hang-up\" after \"log-on\" in a script, or no \
                           on-broken-line";
            self.add(Part::OnBrokenLine, message.to_owned());
        }
        if server.reuse_ids && !self.ids_come_again() {
            let message = "no session is created after another was deleted, so no id is used again; \
                           expected a client that connects after one has left its session, or no \
                           reuse-ids";
            self.add(Part::ReuseIds, message.to_owned());
        }
        for &number in &server.failing_creations {
            let most = self.most_creations(number);
            if number > most {
                let message = format!(
                    "creation {number} never begins, for there are at most {most}; expected a \
                     smaller number, more clients, or a larger idle-pool"
                );
                self.add(Part::FailingCreation(number), message);
            }
        }
    }

    /// How many creations may begin, up to `number`: one for each place of the pool and for each connection, and
    /// with a pool one more for each that fails while nobody waits.
    fn most_creations(&self, number: u32) -> u32 {
        let server = &self.scenario.server;
        let connections = u32::try_from(self.connections.len()).unwrap_or(u32::MAX);
        let failures = match server.idle_pool {
            0 => 0,
            _ => server.failing_creations.range(..number).count(),
        };
        let failures = u32::try_from(failures).unwrap_or(u32::MAX);
        connections
            .saturating_add(server.idle_pool)
            .saturating_add(failures)
    }

    /// Whether a session may be created after another one was deleted.
    fn ids_come_again(&self) -> bool {
        let server = &self.scenario.server;
        let fails = !server.failing_creations.is_empty();
        let has_pool = server.idle_pool > 0;
        let mut ended = self.connections.iter().filter(|one| self.may_end(one));
        // A pool that was claimed from is filled at any later moment.
        if has_pool {
            return fails || ended.next().is_some();
        }
        let later = |one: &Connection| {
            let mut others = self.connections.iter();
            others.any(|other| other.client != one.client || other.number > one.number)
        };
        let mut waiting = self.connections.iter().map(|one| one.client);
        let first = waiting.next();
        ended.any(later) || fails && waiting.any(|client| Some(client) != first)
    }

    /// Whether the session that a connection is given may be deleted.
    fn may_end(&self, one: &Connection) -> bool {
        let client = &self.scenario.clients[one.client];
        if one.furthest < Phase::Claimed {
            return false;
        }
        let logs_off = one.operations.contains(&ClientOperation::LogOff);
        let resets = self.scenario.server.on_broken_line == OnBrokenLine::Reset;
        let breaks = one.operations.contains(&ClientOperation::HangUp)
            && (resets || one.furthest < Phase::LoggedOn);
        let reset = self.is_reset(one.client, one.furthest);
        let hangs_up = client.hang_up == Some(HangUpPhase::Arbitrating) && one.number == 0;
        one.is_stopped
            || logs_off
            || breaks
            || reset
            || hangs_up
            || is_cut(self.scenario, client)
            || one.furthest == Phase::LoggedOn && self.may_go_back(one)
            || self.may_expire(one)
    }

    /// Whether a connection may lead back to an older session of its user, so that its own is deleted.
    fn may_go_back(&self, one: &Connection) -> bool {
        let client = &self.scenario.clients[one.client];
        let earlier = self.connections.iter().any(|other| {
            other.client == one.client && other.number < one.number && self.may_stay(other)
        });
        earlier
            || self
                .clients_of(&client.user)
                .any(|other| other != one.client && self.leaves_a_session(other))
    }

    /// Whether a connection may leave its session disconnected.
    fn may_stay(&self, one: &Connection) -> bool {
        let breaks = self.scenario.server.on_broken_line == OnBrokenLine::Disconnect
            && one.operations.contains(&ClientOperation::HangUp);
        one.furthest == Phase::LoggedOn
            && (one.operations.contains(&ClientOperation::Disconnect) || breaks)
    }

    fn may_expire(&self, one: &Connection) -> bool {
        let user = &self.scenario.clients[one.client].user;
        self.may_stay(one)
            && self
                .scenario
                .timers
                .iter()
                .any(|timer| timer.expires == *user)
    }

    /// Whether an administrator may reset a session of this client that has come so far.
    fn is_reset(&self, index: usize, furthest: Phase) -> bool {
        let client = &self.scenario.clients[index];
        let mut operations = self.scenario.administrators.iter().flat_map(|a| &a.script);
        operations.any(|operation| match operation {
            AdministratorOperation::Reset(ResetTarget::Client(name)) => {
                *name == client.name
                    || furthest == Phase::LoggedOn
                        && self
                            .client_named(name.as_str())
                            .is_some_and(|named| named.user == client.user)
            }
            AdministratorOperation::Reset(ResetTarget::User(user)) => {
                furthest == Phase::LoggedOn && *user == client.user
            }
            AdministratorOperation::DisableLogons | AdministratorOperation::EnableLogons => false,
        })
    }

    fn client_named(&self, name: &str) -> Option<&Client> {
        let mut clients = self.scenario.clients.iter();
        clients.find(|client| client.name.as_str() == name)
    }

    fn administrators(&mut self) {
        for (index, administrator) in self.scenario.administrators.iter().enumerate() {
            for (place, operation) in administrator.script.iter().enumerate() {
                let message = match operation {
                    AdministratorOperation::Reset(target) => self.never_hits(target),
                    AdministratorOperation::EnableLogons => self.never_switches(index, place, true),
                    AdministratorOperation::DisableLogons => {
                        self.never_switches(index, place, false)
                    }
                };
                if let Some(message) = message {
                    self.add(Part::Administration(index, place), message);
                }
            }
        }
    }

    fn never_hits(&self, target: &ResetTarget) -> Option<String> {
        let clients = &self.scenario.clients;
        let (user, own, what, why) = match target {
            ResetTarget::User(user) => {
                let first = self.clients_of(user).next()?;
                let client = quoted(clients[first].name.as_str());
                let why = self.courses[first].why();
                let why = format!(", as its client {client} comes no further: {why}");
                (user, false, "user", why)
            }
            ResetTarget::Client(name) => {
                let index = clients.iter().position(|client| client.name == *name)?;
                let course = &self.courses[index];
                let own = course.furthest() >= Phase::Claimed;
                (
                    &clients[index].user,
                    own,
                    "client",
                    format!(": {}", course.why()),
                )
            }
        };
        let logs_on = |index: usize| self.courses[index].furthest() == Phase::LoggedOn;
        let hits = own || self.clients_of(user).any(logs_on);
        (!hits).then(|| {
            format!(
                "the {what} {} never has a session to reset{why}; expected one that comes so far, or \
                 no reset",
                quoted(target.as_str())
            )
        })
    }

    /// Whether an operation that enables or disables logons finds them so in every order.
    fn never_switches(&self, index: usize, place: usize, enables: bool) -> Option<String> {
        use AdministratorOperation::{DisableLogons, EnableLogons};
        let opposite = if enables { DisableLogons } else { EnableLogons };
        let script = &self.scenario.administrators[index].script[..place];
        let others = self.scenario.administrators.iter().enumerate();
        let by_another = others
            .filter(|(other, _)| *other != index)
            .any(|(_, other)| other.script.contains(&opposite));
        let mut before = script.iter().rev();
        let before = before.find(|operation| matches!(operation, EnableLogons | DisableLogons));
        let by_itself = match before {
            Some(before) => *before == opposite,
            None => self.scenario.server.logons_enabled != enables,
        };
        let word = if enables { "enabled" } else { "disabled" };
        if !self.somebody_arrives() {
            return Some(format!(
                "no client arrives, so that it does not matter whether logons are {word}; expected \
                 one that does, or no \"{}-logons\"",
                &word[..word.len() - 1]
            ));
        }
        let verb = &word[..word.len() - 1];
        let cause = match before {
            Some(_) => format!("\"{verb}-logons\" before it"),
            None => format!("logons-enabled = {enables}"),
        };
        (!by_another && !by_itself).then(|| {
            format!(
                "logons are {word} already ({cause}), whatever happens before; expected no \
                 \"{verb}-logons\" here"
            )
        })
    }

    fn cutters(&mut self) {
        for (index, cutter) in self.scenario.cutters.iter().enumerate() {
            let clients = self.scenario.clients.iter().zip(&self.courses);
            let mut cut = clients.filter(|(client, _)| client.name == cutter.cuts);
            let never = cut.find(|(_, course)| course.furthest() < Phase::Admitted);
            if let Some((client, course)) = never {
                let message = format!(
                    "the client {} has no line to cut: {}; expected a client that is admitted, or no \
                     cutter",
                    quoted(client.name.as_str()),
                    course.why()
                );
                self.add(Part::Cutter(index), message);
            }
        }
    }

    fn timers(&mut self) {
        for (index, timer) in self.scenario.timers.iter().enumerate() {
            let leaves = self
                .clients_of(&timer.expires)
                .any(|client| self.leaves_a_session(client));
            if !leaves {
                let message = format!(
                    "no session of the user {} is ever disconnected, so none can expire; expected a \
                     client of that user with \"disconnect\" in its script, or whose line breaks once \
                     logged on while on-broken-line = \"disconnect\"",
                    quoted(timer.expires.as_str())
                );
                self.add(Part::Timer(index), message);
            }
        }
    }
}

/// Takes away everything that acts in no order of events.
pub(super) fn without_idle(mut scenario: Scenario) -> Scenario {
    // What one part needed may be idle without it. Each round takes something away, so this ends.
    loop {
        let before = scenario.clone();
        // The last first, so that the places of the others stay.
        for Idle { part, .. } in idle(&before).into_iter().rev() {
            take(&mut scenario, part);
        }
        scenario
            .administrators
            .retain(|administrator| !administrator.script.is_empty());
        if scenario == before {
            return scenario;
        }
    }
}

fn take(scenario: &mut Scenario, part: Part) {
    let usual = ServerSettings::default();
    let server = &mut scenario.server;
    match part {
        Part::User(index) => {
            let client = &mut scenario.clients[index];
            client.user = UserName::new(client.name.as_str())
                .expect("actors and users are named by the same rule");
        }
        Part::License(index) => scenario.clients[index].license = None,
        Part::Password(index) => scenario.clients[index].password = Password::default(),
        Part::HangUp(index) => scenario.clients[index].hang_up = None,
        Part::Script(index, length) => scenario.clients[index].script.truncate(length),
        Part::ReuseIds => server.reuse_ids = usual.reuse_ids,
        Part::OnBrokenLine => server.on_broken_line = usual.on_broken_line,
        Part::LogonsEnabled => server.logons_enabled = usual.logons_enabled,
        Part::FailingCreation(number) => {
            server.failing_creations.remove(&number);
        }
        Part::Administration(index, place) => {
            scenario.administrators[index].script.remove(place);
        }
        Part::Cutter(index) => {
            scenario.cutters.remove(index);
        }
        Part::Timer(index) => {
            scenario.timers.remove(index);
        }
    }
}
