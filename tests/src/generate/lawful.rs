//! From a sketch to a scenario in which every word acts.

use std::collections::BTreeSet;

use logon_models::scenario::{
    ActorName, Administrator, AdministratorOperation, Client, ClientOperation, ClientTimes, Cutter,
    Faults, HangUpPhase, LicenseReply, OnBrokenLine, Password, ResetTarget, Scaling, Scenario,
    ServerSettings, Timer, UserName,
};

use super::acts::{
    authenticates, breaks_logged_on, gets_a_session, ids_come_again, may_leave_a_session,
};
use super::sketch::{AdministratorSketch, ClientSketch, Sketch};

/// The names of the clients, in order. A shared user is named like the first one, or `team`.
const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];
const TEAM: &str = "team";

pub(super) fn assemble(sketch: Sketch) -> Scenario {
    let Sketch {
        clients: sketches,
        mut server,
        administrator,
        cutter,
        timer,
    } = sketch;
    let names = sketches.iter().zip(NAMES);
    let mut clients: Vec<Client> = names.map(|(sketch, name)| draw(sketch, name)).collect();
    let arriving: Vec<ActorName> = clients
        .iter()
        .filter(|client| client.hang_up != Some(HangUpPhase::BeforeArrival))
        .map(|client| client.name.clone())
        .collect();
    let cut = cutter
        .filter(|_| !arriving.is_empty())
        .map(|whom| arriving[whom % arriving.len()].clone());
    if !clients
        .iter()
        .any(|client| breaks_logged_on(client, cut.as_ref()))
    {
        server.on_broken_line = OnBrokenLine::Disconnect;
    }
    let left_behind = |clients: &[Client]| -> Vec<(ActorName, UserName)> {
        let leaving = clients.iter();
        leaving
            .filter(|client| may_leave_a_session(client, cut.as_ref(), server.on_broken_line))
            .map(|client| (client.name.clone(), client.user.clone()))
            .collect()
    };
    let leaving = left_behind(&clients);
    for client in &mut clients {
        let other =
            |(name, user): &(ActorName, UserName)| *name != client.name && *user == client.user;
        if client.hang_up == Some(HangUpPhase::Arbitrating) && !leaving.iter().any(other) {
            client.hang_up = None;
        }
    }
    let script = administrator.map_or_else(Vec::new, |script| {
        administration(
            &script,
            &clients,
            &mut server.logons_enabled,
            !arriving.is_empty(),
        )
    });
    fail(&mut server, &clients);
    server.logons_enabled |= !script.contains(&AdministratorOperation::EnableLogons);
    let users: BTreeSet<UserName> = leaving.into_iter().map(|(_, user)| user).collect();
    server.reuse_ids &= ids_come_again(&server, &clients, cut.as_ref());
    Scenario {
        name: "generated".to_owned(),
        summary: "A generated situation.".to_owned(),
        source: "reconstruction".to_owned(),
        reaches: BTreeSet::new(),
        server,
        clients,
        administrators: (!script.is_empty())
            .then(|| Administrator {
                name: actor("admin"),
                at: Vec::new(),
                script,
            })
            .into_iter()
            .collect(),
        cutters: cut
            .map(|cuts| Cutter {
                name: actor("cutter"),
                cuts,
                at: None,
            })
            .into_iter()
            .collect(),
        time: None,
        slow_disks: Vec::new(),
        arrivals: Vec::new(),
        at_scale: Vec::new(),
        faults: Faults::default(),
        timers: timer
            .and_then(|whose| users.iter().nth(whose % users.len().max(1)))
            .map(|expires| Timer {
                name: actor("timer"),
                expires: expires.clone(),
            })
            .into_iter()
            .collect(),
        scaling: Scaling::default(),
    }
}

fn actor(name: &str) -> ActorName {
    ActorName::new(name).expect("a lawful name")
}

fn user(name: &str) -> UserName {
    UserName::new(name).expect("a lawful name")
}

/// A client all of whose words act, but for a hang-up on the way back: that depends on the others.
fn draw(sketch: &ClientSketch, name: &str) -> Client {
    use HangUpPhase::{Admitted, Arbitrating, AtPrompt, BeforeArrival, Claimed};
    use LicenseReply::{Denied, NeverAnswered};
    let mut script = script(&sketch.script, sketch.password);
    let begins_with_log_on = script.get(1) == Some(&ClientOperation::LogOn);
    let right = sketch.password == Password::Right;
    let hang_up = sketch.hang_up.filter(|phase| match phase {
        BeforeArrival | Admitted | Claimed => true,
        AtPrompt => begins_with_log_on,
        Arbitrating => begins_with_log_on && right,
    });
    let license = sketch
        .license
        .filter(|_| !matches!(hang_up, Some(BeforeArrival | Admitted)));
    let denied = matches!(license, Some(Denied | NeverAnswered));
    let (hang_up, length) = match hang_up {
        _ if denied => (None, 1),
        Some(BeforeArrival | Admitted | Claimed) => (hang_up, 1),
        Some(AtPrompt) => (hang_up, 2),
        Some(Arbitrating) | None => (hang_up, script.len()),
    };
    script.truncate(length);
    let authenticates = script.contains(&ClientOperation::LogOn) && hang_up != Some(AtPrompt);
    let shared = [name, NAMES[0], TEAM][sketch.user];
    Client {
        name: actor(name),
        user: user(if authenticates { shared } else { name }),
        license,
        password: if authenticates {
            sketch.password
        } else {
            Password::Right
        },
        hang_up,
        script,
        times: ClientTimes::default(),
    }
}

/// A script that begins with a connection; each number chooses among what may come next.
fn script(choices: &[usize], password: Password) -> Vec<ClientOperation> {
    use ClientOperation::{Connect, Disconnect, HangUp, LogOff, LogOn};
    let mut script = vec![Connect];
    for &choice in choices {
        let lawful: &[ClientOperation] = match script.last() {
            Some(Connect) => &[LogOn, LogOn, LogOn, LogOn, LogOn, HangUp],
            Some(LogOn) if password == Password::Right => {
                &[Disconnect, LogOff, HangUp, Disconnect, LogOff, Disconnect]
            }
            Some(LogOn) => break,
            _ => &[Connect],
        };
        script.push(lawful[choice % lawful.len()]);
    }
    script
}

/// What an administrator does: it resets only those who have a session, and each switch finds logons the other way.
fn administration(
    sketch: &AdministratorSketch,
    clients: &[Client],
    enabled: &mut bool,
    somebody_arrives: bool,
) -> Vec<AdministratorOperation> {
    // A name that a client and a user share means the client.
    let served = clients.iter().filter(|client| gets_a_session(client));
    let of_clients = served.map(|client| ResetTarget::Client(client.name.clone()));
    let named_like = |user: &UserName| clients.iter().any(|c| c.name.as_str() == user.as_str());
    let others = clients
        .iter()
        .filter(|client| authenticates(client))
        .map(|client| &client.user)
        .filter(|user| !named_like(user));
    let targets: Vec<ResetTarget> = of_clients
        .chain(others.take(1).cloned().map(ResetTarget::User))
        .collect();
    let starts_disabled = !*enabled;
    let mut script = Vec::new();
    for &(what, whom) in sketch {
        if what == 0 {
            let target = targets.get(whom % targets.len().max(1));
            script.extend(target.cloned().map(AdministratorOperation::Reset));
        } else if somebody_arrives {
            script.push(match enabled {
                true => AdministratorOperation::DisableLogons,
                false => AdministratorOperation::EnableLogons,
            });
            *enabled = !*enabled;
        }
    }
    *enabled = !starts_disabled;
    script
}

/// Keeps those failures that come about and leave somebody a session.
fn fail(server: &mut ServerSettings, clients: &[Client]) {
    let waiting: Vec<&Client> = clients
        .iter()
        .filter(|client| gets_a_session(client))
        .collect();
    let connects = waiting.iter().flat_map(|client| &client.script);
    let connections = connects.filter(|&&o| o == ClientOperation::Connect).count() as u32;
    let failing = std::mem::take(&mut server.failing_creations);
    if server.idle_pool == 0 && waiting.len() <= failing.len() {
        return;
    }
    for number in failing {
        let retried = match server.idle_pool {
            0 => 0,
            _ => server.failing_creations.len() as u32,
        };
        if number <= connections + server.idle_pool + retried {
            server.failing_creations.insert(number);
        }
    }
}
