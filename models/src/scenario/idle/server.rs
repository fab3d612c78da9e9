//! What the server's settings say in vain.

use super::super::actor::{Client, HangUpPhase, ResetTarget};
use super::super::course::{Connection, Phase, is_cut, line_breaks_logged_on};
use super::super::script::ClientOperation;
use super::super::{AdministratorOperation, OnBrokenLine};
use super::{Look, Part};

impl Look<'_> {
    pub(super) fn server(&mut self) {
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
        let failing = server.failing_creations.iter();
        let failing = failing.map(|&number| (number, Part::FailingCreation(number)));
        let stalling = server.stalling_creations.iter();
        let stalling = stalling.map(|&number| (number, Part::StallingCreation(number)));
        for (number, part) in failing.chain(stalling) {
            let most = self.most_creations(number);
            if number > most {
                let message = format!(
                    "creation {number} never begins, for there are at most {most}; expected a \
                     smaller number, more clients, or a larger idle-pool"
                );
                self.add(part, message);
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
            // Its client may have lost patience.
            || self.scenario.time.is_some()
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
        let mut timers = self.scenario.timers.iter();
        let time = self.scenario.time.as_ref();
        let all_expire = time.is_some_and(|time| time.disconnect_time_out.is_some());
        self.may_stay(one) && (all_expire || timers.any(|timer| timer.expires == *user))
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
}
