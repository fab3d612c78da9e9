//! Who plays in a scenario, and what their logons are called.

use std::borrow::Cow;
use std::collections::BTreeSet;

use logon_core::{LogonId, UserId};

use crate::judge::{Pace, Truth};
use crate::scenario::{
    AdministratorOperation, Client, ClientOperation, LicenseReply, Password, ResetTarget, Scenario,
};

/// The logons and users of a scenario, numbered once and for all: a client's logons are the connections of
/// its script, in order, after those of the clients before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cast {
    /// For each client, its name and its first logon.
    clients: Vec<(String, u32)>,
    logons: u32,
    users: Users,
}

/// What users are called.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Users {
    /// By their names, in their order.
    Named(Vec<String>),
    /// By their numbers.
    Numbered,
}

impl Cast {
    /// The cast of `scenario`.
    pub fn of(scenario: &Scenario) -> Self {
        let mut clients = Vec::new();
        let mut logons = 0;
        for client in &scenario.clients {
            clients.push((client.name.to_string(), logons));
            let connects = client
                .script
                .iter()
                .filter(|op| **op == ClientOperation::Connect)
                .count();
            logons += u32::try_from(connects).expect("a script is short");
        }
        let clients_users = scenario
            .clients
            .iter()
            .map(|client| client.user.to_string());
        let timed_users = scenario
            .timers
            .iter()
            .map(|timer| timer.expires.to_string());
        let users: BTreeSet<String> = clients_users.chain(timed_users).collect();
        Cast {
            clients,
            logons,
            users: Users::Named(users.into_iter().collect()),
        }
    }

    /// A cast of numbers: these logons, each of a client that is called by its number, and users likewise. For a run with
    /// so many that they have no names.
    pub(crate) fn of_numbers(logons: &BTreeSet<LogonId>) -> Self {
        let mut clients = Vec::new();
        for &LogonId(number) in logons {
            clients.push((format!("client-{number}"), number));
            if !logons.contains(&LogonId(number + 1)) {
                // Whoever comes in between is not of this cast.
                clients.push((String::new(), number + 1));
            }
        }
        Cast {
            logons: clients.last().map_or(0, |(_, first)| *first),
            clients,
            users: Users::Numbered,
        }
    }

    /// How many logons there are.
    pub fn logons(&self) -> u32 {
        self.logons
    }

    /// The logons of the client at `index`, in the order of its script.
    pub fn logons_of(&self, index: usize) -> impl Iterator<Item = LogonId> + use<> {
        let (LogonId(first), LogonId(end)) = self.range_of(index);
        (first..end).map(LogonId)
    }

    /// The first logon of the client at `index`, and the one after its last.
    pub(super) fn range_of(&self, index: usize) -> (LogonId, LogonId) {
        let first = self.clients[index].1;
        let next = self.clients.get(index + 1);
        let end = next.map_or(self.logons, |next| next.1);
        (LogonId(first), LogonId(end))
    }

    /// The index of the client whose logon this is.
    pub fn client_of(&self, logon: LogonId) -> usize {
        self.clients
            .partition_point(|&(_, first)| first <= logon.0)
            .saturating_sub(1)
    }

    /// The name of the client whose logon this is, and so of its actor.
    pub fn client_name(&self, logon: LogonId) -> &str {
        &self.clients[self.client_of(logon)].0
    }

    /// What a logon is called: its client's name, and which connection it is if the client has several.
    pub fn name_of(&self, logon: LogonId) -> String {
        self.named(logon, |number| format!(" (connection {number})"))
    }

    /// The same in fewer columns: the connection by its number alone.
    pub fn short_name_of(&self, logon: LogonId) -> String {
        self.named(logon, |number| format!(" ({number})"))
    }

    fn named(&self, logon: LogonId, connection: impl Fn(u32) -> String) -> String {
        let index = self.client_of(logon);
        let (name, first) = &self.clients[index];
        match self.logons_of(index).count() {
            0 | 1 => name.clone(),
            _ => format!("{name}{}", connection(logon.0 - first + 1)),
        }
    }

    /// The number of a user.
    ///
    /// # Panics
    ///
    /// If nobody in the scenario is this user.
    pub fn user(&self, name: &str) -> UserId {
        let Users::Named(users) = &self.users else {
            panic!("users are called by their numbers: {name}");
        };
        let index = users.iter().position(|user| user == name);
        UserId(index.expect("the user plays in the scenario") as u32)
    }

    /// The name of a user.
    pub fn user_name(&self, user: UserId) -> Cow<'_, str> {
        match &self.users {
            Users::Named(users) => users
                .get(user.0 as usize)
                .map_or("nobody", String::as_str)
                .into(),
            Users::Numbered => format!("user-{}", user.0).into(),
        }
    }

    /// What the judge must know of `scenario`.
    pub fn truth(&self, scenario: &Scenario) -> Truth {
        let of = |wanted: &dyn Fn(usize) -> bool| {
            let clients = (0..scenario.clients.len()).filter(|&index| wanted(index));
            clients.flat_map(|index| self.logons_of(index)).collect()
        };
        let clients = &scenario.clients;
        Truth {
            max_connections: scenario.server.max_connections,
            idle_pool: scenario.server.idle_pool,
            creation_workers: scenario.server.creation_workers,
            logons_enabled: scenario.server.logons_enabled,
            denied: of(&|index| clients[index].license == Some(LicenseReply::Denied)),
            never_answered: of(&|index| {
                clients[index].license == Some(LicenseReply::NeverAnswered)
            }),
            leaves: clients
                .iter()
                .enumerate()
                .filter_map(|(index, client)| {
                    Some((self.logons_of(index).next()?, client.hang_up?))
                })
                .map(|(logon, phase)| (logon, super::role::moment(phase)))
                .collect(),
            failing_creations: Some(scenario.server.failing_creations.clone()),
            wrong_password: of(&|index| clients[index].password == Password::Wrong),
            on_broken_line: super::on_broken_line(scenario.server.on_broken_line),
            users: (0..clients.len())
                .flat_map(|index| {
                    let user = self.user(clients[index].user.as_str());
                    self.logons_of(index).map(move |logon| (logon, user))
                })
                .collect(),
            aimed_at: of(&|index| is_reset(&clients[index], scenario)),
            pace: scenario.time.map(|time| Pace {
                processors: time.processors,
                workers: scenario.server.creation_workers,
                set_up: time.set_up.to,
                hold_up: 0,
                slack: time.burst_slack,
            }),
            calls: true,
        }
    }
}

/// Whether an administrator is after this client's session.
fn is_reset(client: &Client, scenario: &Scenario) -> bool {
    let mut operations = scenario
        .administrators
        .iter()
        .flat_map(|administrator| &administrator.script);
    operations.any(|operation| match operation {
        AdministratorOperation::Reset(ResetTarget::Client(name)) => *name == client.name,
        _ => false,
    })
}
