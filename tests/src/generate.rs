//! Lawful scenarios, generated: every one of them passes `Scenario::check`, and none is thrown away.
//!
//! What proptest generates and shrinks is a *sketch*, in which every choice is a small number that always
//! means something: the next operation among those that may stand at this place of a script, the next name
//! among those that the scenario has. A sketch that shrinks has fewer actors, shorter scripts and smaller
//! numbers, and so has its scenario.
//!
//! The rules of what may stand where are written down here once more, on purpose. A generator that asked
//! `check` would agree with whatever it says.

use std::collections::BTreeSet;

use logon_models::scenario::{
    ActorName, Administrator, AdministratorOperation, Client, ClientOperation, ClientTimes, Cutter,
    Faults, HangUpPhase, LicenseReply, OnBrokenLine, Password, ResetTarget, Scaling, Scenario,
    ServerSettings, Timer, UserName,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

/// The names of the clients, in order. A shared user is named like the first one, or `team`.
const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];
const TEAM: &str = "team";

/// How large generated scenarios may be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The most clients.
    pub clients: usize,
    /// The most operations of a client.
    pub operations: usize,
    /// Whether others than clients and workers may take part.
    pub interference: bool,
    /// The most creation workers.
    pub workers: u32,
}

impl Size {
    /// Up to four clients and everybody who may interfere with them.
    pub const ALL: Size = Size {
        clients: 4,
        operations: 6,
        interference: true,
        workers: 2,
    };

    /// Everybody who may interfere, with at most two clients: few states, for who visits all of them.
    pub const SMALL: Size = Size {
        clients: 2,
        operations: 4,
        interference: true,
        workers: 2,
    };

    /// What loom can take: two clients and a worker.
    pub const TINY: Size = Size {
        clients: 2,
        operations: 3,
        interference: false,
        workers: 1,
    };
}

/// A client as generated.
#[derive(Clone, Debug)]
struct ClientSketch {
    /// Which operation comes next among those that may; one more than there are operations after `connect`.
    script: Vec<usize>,
    /// Its own user, the first client's, or the team's.
    user: usize,
    license: Option<LicenseReply>,
    password: Password,
    hang_up: Option<HangUpPhase>,
}

/// An administrator's operation as generated: what, and to whom.
type AdministratorSketch = Vec<(usize, usize)>;

/// A scenario as generated.
#[derive(Clone, Debug)]
struct Sketch {
    clients: Vec<ClientSketch>,
    server: ServerSettings,
    administrator: Option<AdministratorSketch>,
    cutter: Option<usize>,
    timer: Option<usize>,
}

impl ClientSketch {
    /// A client of its own user that does only this: the choices after `connect`.
    fn honest(script: &[usize]) -> Self {
        ClientSketch {
            script: script.to_vec(),
            user: 0,
            license: None,
            password: Password::Right,
            hang_up: None,
        }
    }
}

impl Sketch {
    /// The same with a client that leaves on its way back to the session of another one, which chance alone would
    /// seldom bring about; if there are two.
    fn leaving_on_the_way_back(mut self) -> Self {
        if let [first, second, ..] = &mut self.clients[..] {
            *first = ClientSketch::honest(&[0, 0]);
            *second = ClientSketch {
                user: 1,
                hang_up: Some(HangUpPhase::Arbitrating),
                ..ClientSketch::honest(&[0])
            };
        }
        self
    }

    /// The same with a client that comes back to its session on a server with room for another one.
    fn returning_with_room(mut self) -> Self {
        self.clients[0] = ClientSketch::honest(&[0, 0, 0, 0]);
        self.server.max_connections = Some(2);
        self
    }

    /// The same with two users, one of whom an administrator resets; if there are two clients.
    fn reset_beside_another_user(mut self) -> Self {
        if let [first, second, ..] = &mut self.clients[..] {
            *first = ClientSketch::honest(&[0]);
            *second = ClientSketch::honest(&[0]);
            self.administrator = Some(vec![(0, 0)]);
        }
        self
    }
}

/// Lawful scenarios of at most this size.
pub fn scenarios(size: Size) -> impl Strategy<Value = Scenario> {
    (
        vec(client(size), 1..=size.clients),
        server(size),
        proptest::option::weighted(0.4, vec((0..3usize, 0..8usize), 1..=3)),
        proptest::option::weighted(0.5, 0..4usize),
        proptest::option::weighted(0.4, 0..4usize),
        0..14u32,
    )
        .prop_map(
            move |(clients, server, administrator, cutter, timer, theme)| {
                let sketch = Sketch {
                    clients,
                    server,
                    administrator,
                    cutter,
                    timer,
                };
                if size.interference {
                    assemble(match theme {
                        11 => sketch.reset_beside_another_user(),
                        12 => sketch.returning_with_room(),
                        13 => sketch.leaving_on_the_way_back(),
                        _ => sketch,
                    })
                } else {
                    assemble(Sketch {
                        administrator: None,
                        cutter: None,
                        timer: None,
                        ..sketch
                    })
                }
            },
        )
}

fn client(size: Size) -> impl Strategy<Value = ClientSketch> {
    use LicenseReply::{Denied, Granted, NeverAnswered};
    let phases = vec![
        HangUpPhase::BeforeArrival,
        HangUpPhase::Admitted,
        HangUpPhase::Claimed,
        HangUpPhase::AtPrompt,
        HangUpPhase::Arbitrating,
    ];
    let replies = prop_oneof![3 => Just(Granted), 2 => Just(Denied), 1 => Just(NeverAnswered)];
    let passwords = prop_oneof![6 => Just(Password::Right), 1 => Just(Password::Wrong)];
    (
        vec(0..6usize, 0..size.operations),
        prop_oneof![2 => Just(0usize), 2 => Just(1), 1 => Just(2)],
        proptest::option::weighted(0.25, replies),
        passwords,
        proptest::option::weighted(0.2, proptest::sample::select(phases)),
    )
        .prop_map(|(script, user, license, password, hang_up)| ClientSketch {
            script,
            user,
            license,
            password,
            hang_up,
        })
}

fn server(size: Size) -> impl Strategy<Value = ServerSettings> {
    let lines = prop_oneof![Just(OnBrokenLine::Disconnect), Just(OnBrokenLine::Reset)];
    (
        0..=2u32,
        proptest::option::weighted(0.7, 1..=3u32),
        1..=size.workers,
        any::<bool>(),
        lines,
        prop_oneof![3 => Just(BTreeSet::new()), 1 => btree_set(1..=4u32, 1..=2)],
        prop_oneof![9 => Just(true), 1 => Just(false)],
        prop_oneof![3 => Just(0), 1 => 1..=2u32],
    )
        .prop_map(
            move |(
                idle_pool,
                max_connections,
                workers,
                reuse_ids,
                line,
                failing,
                enabled,
                wakes,
            )| {
                ServerSettings {
                    idle_pool,
                    max_connections,
                    creation_workers: workers,
                    reuse_ids,
                    on_broken_line: line,
                    failing_creations: failing,
                    stalling_creations: BTreeSet::new(),
                    logons_enabled: enabled,
                    spurious_wakes: if size.interference { wakes } else { 0 },
                }
            },
        )
}

fn assemble(sketch: Sketch) -> Scenario {
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

/// Whether this client is given a session, if creations succeed.
fn gets_a_session(client: &Client) -> bool {
    let served = !matches!(
        client.license,
        Some(LicenseReply::Denied | LicenseReply::NeverAnswered)
    );
    let leaves = matches!(
        client.hang_up,
        Some(HangUpPhase::BeforeArrival | HangUpPhase::Admitted)
    );
    served && !leaves
}

/// Whether this client is ever logged on.
fn authenticates(client: &Client) -> bool {
    client.logs_on() && client.hang_up != Some(HangUpPhase::AtPrompt)
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

/// Whether a session is surely deleted in some order before another is created.
fn ids_come_again(server: &ServerSettings, clients: &[Client], cut: Option<&ActorName>) -> bool {
    let ends = |client: &&Client| {
        let hangs_up_at_prompt = client
            .script
            .windows(2)
            .any(|pair| pair == [ClientOperation::Connect, ClientOperation::HangUp]);
        gets_a_session(client)
            && (client.hang_up.is_some()
                || client.password == Password::Wrong
                || client.script.contains(&ClientOperation::LogOff)
                || hangs_up_at_prompt
                || cut == Some(&client.name))
    };
    let waiting = clients
        .iter()
        .filter(|client| gets_a_session(client))
        .count();
    clients.iter().any(|client| ends(&client)) && (server.idle_pool > 0 || waiting > 1)
}

/// Whether the line of this client may break when it is logged on.
fn breaks_logged_on(client: &Client, cut: Option<&ActorName>) -> bool {
    let hangs_up = client
        .script
        .windows(2)
        .any(|pair| pair == [ClientOperation::LogOn, ClientOperation::HangUp]);
    authenticates(client) && (hangs_up || cut == Some(&client.name))
}

/// Whether this client may leave a disconnected session behind.
fn may_leave_a_session(client: &Client, cut: Option<&ActorName>, line: OnBrokenLine) -> bool {
    let disconnects = client.script.contains(&ClientOperation::Disconnect);
    let broken = line == OnBrokenLine::Disconnect && breaks_logged_on(client, cut);
    authenticates(client) && (disconnects || broken)
}
