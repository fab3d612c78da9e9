//! One thing less: what can be taken away from a scenario.

use std::collections::BTreeSet;

use crate::scenario::{
    AdministratorOperation, Client, ClientOperation, ClientTimes, OnBrokenLine, Password,
    ResetTarget, Scaling, Scenario, ServerSettings, Time, UserName, Within,
};

/// A scenario with one thing less.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reduction {
    /// What was taken away.
    pub what: String,
    /// The rest; it may make no sense.
    pub scenario: Scenario,
}

/// The longest name that can be made longer.
const LONGEST: usize = 50;

/// The same under a name, a summary and a source of its own: what the old ones say may no longer be so.
pub(crate) fn named_anew(scenario: &Scenario) -> Scenario {
    let old = &scenario.name;
    Scenario {
        name: if old.len() <= LONGEST {
            format!("{old}-shrunk")
        } else {
            "shrunk".to_owned()
        },
        source: format!("derived from {old}"),
        summary: format!("What is left of {old} without what the violation does not need."),
        ..scenario.clone()
    }
}

/// Every scenario that is this one with one thing less: first those with fewer actors, then those with fewer
/// steps in a script, then those with a smaller or simpler setting.
pub fn reductions(scenario: &Scenario) -> Vec<Reduction> {
    let mut list = List {
        whole: scenario,
        found: Vec::new(),
    };
    list.actors();
    list.client_scripts();
    list.administrators_scripts();
    list.numbers();
    list.settings();
    list.times();
    list.manners();
    list.found
}

struct List<'a> {
    whole: &'a Scenario,
    found: Vec<Reduction>,
}

impl List<'_> {
    fn add(&mut self, what: impl Into<String>, change: impl FnOnce(&mut Scenario)) {
        let mut scenario = Scenario {
            // Groups and relations would say something of the clients that may no longer be so.
            scaling: Scaling::default(),
            // What is reached in the whole may not be reached in the rest.
            reaches: BTreeSet::new(),
            ..self.whole.clone()
        };
        change(&mut scenario);
        self.found.push(Reduction {
            what: what.into(),
            // What only acted on what was taken away goes with it: a scenario that keeps it is refused.
            scenario: scenario.without_idle(),
        });
    }

    fn actors(&mut self) {
        // The last first, so that the names that remain are those one expects.
        for (index, client) in self.whole.clients.iter().enumerate().rev() {
            self.add(format!("the client {}", client.name), |rest| {
                rest.clients.remove(index);
                forget_the_absent(rest);
            });
        }
        for (index, administrator) in self.whole.administrators.iter().enumerate() {
            self.add(
                format!("the administrator {}", administrator.name),
                |rest| {
                    rest.administrators.remove(index);
                },
            );
        }
        for (index, cutter) in self.whole.cutters.iter().enumerate() {
            self.add(format!("the cutter {}", cutter.name), |rest| {
                rest.cutters.remove(index);
            });
        }
        for (index, timer) in self.whole.timers.iter().enumerate() {
            self.add(format!("the timer {}", timer.name), |rest| {
                rest.timers.remove(index);
            });
        }
        if self.whole.server.creation_workers > 1 {
            self.add("a creation worker", |rest| {
                rest.server.creation_workers -= 1;
            });
        }
        if self.whole.server.spurious_wakes > 0 {
            self.add("the spurious waker", |rest| rest.server.spurious_wakes = 0);
        }
    }

    fn client_scripts(&mut self) {
        for (index, client) in self.whole.clients.iter().enumerate() {
            let connections = connections(client);
            if connections.len() > 1 {
                for (number, steps) in connections.into_iter().enumerate() {
                    let what = format!("connection {} of {}", number + 1, client.name);
                    self.add(what, |rest| {
                        rest.clients[index].script.drain(steps);
                    });
                }
            }
            for place in (0..client.script.len()).rev() {
                let word = word(client.script[place]);
                let what = format!("step {} of {}, {word}", place + 1, client.name);
                self.add(what, |rest| {
                    rest.clients[index].script.remove(place);
                });
            }
        }
    }

    fn administrators_scripts(&mut self) {
        for (index, administrator) in self.whole.administrators.iter().enumerate() {
            if administrator.script.len() < 2 {
                continue;
            }
            for place in (0..administrator.script.len()).rev() {
                let what = format!("step {} of {}", place + 1, administrator.name);
                self.add(what, |rest| {
                    rest.administrators[index].remove(place);
                });
            }
        }
    }

    fn numbers(&mut self) {
        let server = &self.whole.server;
        if server.idle_pool > 0 {
            self.add("a slot of the idle pool", |rest| rest.server.idle_pool -= 1);
        }
        let clients = u32::try_from(self.whole.clients.len()).unwrap_or(u32::MAX);
        if let Some(most) = server.max_connections {
            if most > 1 {
                let what = format!("one of at most {most} connections");
                self.add(what, |rest| rest.server.max_connections = Some(most - 1));
            }
            if most >= clients {
                let what = "the maximum of connections, which is no fewer than the clients";
                self.add(what, |rest| rest.server.max_connections = None);
            }
        }
    }

    fn settings(&mut self) {
        let (server, usual) = (&self.whole.server, ServerSettings::default());
        for &failing in &server.failing_creations {
            self.add(format!("the failure of creation {failing}"), |rest| {
                rest.server.failing_creations.remove(&failing);
            });
        }
        if server.spurious_wakes > 1 {
            self.add("a spurious wake-up", |rest| {
                rest.server.spurious_wakes -= 1;
            });
        }
        if server.reuse_ids != usual.reuse_ids {
            self.add("reuse-ids", |rest| rest.server.reuse_ids = usual.reuse_ids);
        }
        if server.on_broken_line != usual.on_broken_line {
            self.add("on-broken-line", |rest| {
                rest.server.on_broken_line = OnBrokenLine::default();
            });
        }
        if server.logons_enabled != usual.logons_enabled {
            self.add("that logons are disabled", |rest| {
                rest.server.logons_enabled = usual.logons_enabled;
            });
        }
    }

    fn times(&mut self) {
        for (index, client) in self.whole.clients.iter().enumerate() {
            let (name, times) = (&client.name, client.times);
            let usual = ClientTimes::default();
            if times.arrives != usual.arrives {
                self.add(format!("that {name} comes later"), |rest| {
                    rest.clients[index].times.arrives = usual.arrives;
                });
            }
            if times.think != usual.think {
                self.add(format!("how long {name} thinks"), |rest| {
                    rest.clients[index].times.think = usual.think;
                });
            }
            if times.stays != usual.stays {
                self.add(format!("how long {name} stays"), |rest| {
                    rest.clients[index].times.stays = usual.stays;
                });
            }
            if times.patience != usual.patience {
                self.add(format!("the patience of {name}"), |rest| {
                    rest.clients[index].times.patience = usual.patience;
                });
            }
            if times.license_after != usual.license_after {
                self.add(format!("how long the license of {name} takes"), |rest| {
                    rest.clients[index].times.license_after = usual.license_after;
                });
            }
        }
        for index in 0..self.whole.slow_disks.len() {
            self.add(format!("slow disk {}", index + 1), |rest| {
                rest.slow_disks.remove(index);
            });
        }
        for &stalling in &self.whole.server.stalling_creations {
            self.add(format!("the stall before creation {stalling}"), |rest| {
                rest.server.stalling_creations.remove(&stalling);
            });
        }
        let Some(time) = self.whole.time else {
            return;
        };
        if time.disconnect_time_out.is_some() {
            self.add("the time-out of disconnected sessions", |rest| {
                change_time(rest, |time| time.disconnect_time_out = None);
            });
        }
        if time.set_up.from != time.set_up.to {
            self.add("that set-ups take different times", |rest| {
                change_time(rest, |time| time.set_up = Within::always(time.set_up.to));
            });
        }
    }

    fn manners(&mut self) {
        for (index, client) in self.whole.clients.iter().enumerate() {
            let name = &client.name;
            if client.license.is_some() {
                self.add(format!("the license of {name}"), |rest| {
                    rest.clients[index].license = None;
                });
            }
            if client.password != Password::default() {
                self.add(format!("the wrong password of {name}"), |rest| {
                    rest.clients[index].password = Password::default();
                });
            }
            if client.hang_up.is_some() {
                self.add(format!("the hang-up of {name}"), |rest| {
                    rest.clients[index].hang_up = None;
                });
            }
            if client.user.as_str() != name.as_str() {
                self.add(format!("that {name} is {}", client.user), |rest| {
                    own_user(&mut rest.clients[index]);
                    forget_the_absent(rest);
                });
            }
        }
    }
}

fn change_time(rest: &mut Scenario, change: impl FnOnce(&mut Time)) {
    if let Some(time) = &mut rest.time {
        change(time);
    }
}

/// Takes away whoever acts on a client or a user that is no longer there.
fn forget_the_absent(rest: &mut Scenario) {
    let clients: BTreeSet<String> = rest.clients.iter().map(|c| c.name.to_string()).collect();
    let users: BTreeSet<String> = rest.clients.iter().map(|c| c.user.to_string()).collect();
    rest.cutters
        .retain(|cutter| clients.contains(cutter.cuts.as_str()));
    rest.timers
        .retain(|timer| users.contains(timer.expires.as_str()));
    let is_there = |operation: &AdministratorOperation| match operation {
        AdministratorOperation::Reset(ResetTarget::Client(name)) => clients.contains(name.as_str()),
        AdministratorOperation::Reset(ResetTarget::User(name)) => users.contains(name.as_str()),
        AdministratorOperation::DisableLogons | AdministratorOperation::EnableLogons => true,
    };
    for administrator in &mut rest.administrators {
        for place in (0..administrator.script.len()).rev() {
            if !is_there(&administrator.script[place]) {
                administrator.remove(place);
            }
        }
    }
    rest.administrators
        .retain(|administrator| !administrator.script.is_empty());
}

fn own_user(client: &mut Client) {
    client.user =
        UserName::new(client.name.as_str()).expect("actors and users are named by the same rule");
}

/// The places of each connection's steps in a script.
fn connections(client: &Client) -> Vec<std::ops::Range<usize>> {
    let starts = client.script.iter().enumerate();
    let starts: Vec<usize> = starts
        .filter(|(_, operation)| **operation == ClientOperation::Connect)
        .map(|(place, _)| place)
        .collect();
    let ends = starts.iter().skip(1).copied();
    let ends = ends.chain(std::iter::once(client.script.len()));
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| a..b)
        .collect()
}

fn word(operation: ClientOperation) -> &'static str {
    match operation {
        ClientOperation::Connect => "connect",
        ClientOperation::LogOn => "log-on",
        ClientOperation::Disconnect => "disconnect",
        ClientOperation::LogOff => "log-off",
        ClientOperation::HangUp => "hang-up",
    }
}
