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
    ActorName, Administrator, AdministratorOperation, Client, ClientOperation, Cutter, HangUpPhase,
    LicenseReply, OnBrokenLine, Password, ResetTarget, Scaling, Scenario, ServerSettings, Timer,
    UserName,
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

/// Lawful scenarios of at most this size.
pub fn scenarios(size: Size) -> impl Strategy<Value = Scenario> {
    (
        vec(client(size), 1..=size.clients),
        server(size),
        proptest::option::weighted(0.4, vec((0..3usize, 0..8usize), 1..=3)),
        proptest::option::weighted(0.4, 0..4usize),
        proptest::option::weighted(0.4, 0..4usize),
    )
        .prop_map(move |(clients, server, administrator, cutter, timer)| {
            if size.interference {
                assemble(&clients, server, administrator.as_ref(), cutter, timer)
            } else {
                assemble(&clients, server, None, None, None)
            }
        })
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
        vec(0..3usize, 0..size.operations),
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
                    logons_enabled: enabled,
                    spurious_wakes: if size.interference { wakes } else { 0 },
                }
            },
        )
}

fn assemble(
    sketches: &[ClientSketch],
    server: ServerSettings,
    administrator: Option<&AdministratorSketch>,
    cutter: Option<usize>,
    timer: Option<usize>,
) -> Scenario {
    let names = sketches.iter().zip(NAMES);
    let clients: Vec<Client> = names.map(|(sketch, name)| draw(sketch, name)).collect();
    let administrators = administrator.map(|script| Administrator {
        name: actor("admin"),
        script: script
            .iter()
            .map(|&(what, whom)| administration(what, whom, &clients))
            .collect(),
    });
    let cutters = cutter.map(|whom| Cutter {
        name: actor("cutter"),
        cuts: clients[whom % clients.len()].name.clone(),
    });
    let cut = cutters.as_ref().map(|cutter| &cutter.cuts);
    let left_behind: BTreeSet<UserName> = clients
        .iter()
        .filter(|client| may_leave_a_session(client, cut, server.on_broken_line))
        .map(|client| client.user.clone())
        .collect();
    let timers = timer
        .filter(|_| !left_behind.is_empty())
        .map(|whose| Timer {
            name: actor("timer"),
            expires: left_behind
                .iter()
                .cycle()
                .nth(whose)
                .cloned()
                .expect("the cycle does not end"),
        });
    Scenario {
        name: "generated".to_owned(),
        summary: "A generated situation.".to_owned(),
        source: "reconstruction".to_owned(),
        server,
        clients,
        administrators: administrators.into_iter().collect(),
        cutters: cutters.into_iter().collect(),
        timers: timers.into_iter().collect(),
        scaling: Scaling::default(),
    }
}

fn actor(name: &str) -> ActorName {
    ActorName::new(name).expect("a lawful name")
}

fn user(name: &str) -> UserName {
    UserName::new(name).expect("a lawful name")
}

fn draw(sketch: &ClientSketch, name: &str) -> Client {
    let script = script(&sketch.script, sketch.password);
    let logs_on = script.contains(&ClientOperation::LogOn);
    let shared = [name, NAMES[0], TEAM][sketch.user];
    Client {
        name: actor(name),
        user: user(if logs_on { shared } else { name }),
        license: sketch.license,
        password: if logs_on {
            sketch.password
        } else {
            Password::Right
        },
        hang_up: sketch
            .hang_up
            .filter(|&phase| logs_on || phase != HangUpPhase::Arbitrating),
        script,
    }
}

/// A script that begins with a connection; each number chooses among what may come next.
fn script(choices: &[usize], password: Password) -> Vec<ClientOperation> {
    use ClientOperation::{Connect, Disconnect, HangUp, LogOff, LogOn};
    let mut script = vec![Connect];
    for &choice in choices {
        let lawful: &[ClientOperation] = match script.last() {
            Some(Connect) => &[LogOn, LogOn, HangUp],
            Some(LogOn) if password == Password::Right => &[Disconnect, LogOff, HangUp],
            _ => &[Connect],
        };
        script.push(lawful[choice % lawful.len()]);
    }
    script
}

fn administration(what: usize, whom: usize, clients: &[Client]) -> AdministratorOperation {
    // A name that a client and a user share means the client.
    let of_clients = clients
        .iter()
        .map(|client| ResetTarget::Client(client.name.clone()));
    let named_like = |user: &UserName| clients.iter().any(|c| c.name.as_str() == user.as_str());
    let others = clients
        .iter()
        .map(|client| &client.user)
        .filter(|user| !named_like(user));
    let targets: Vec<ResetTarget> = of_clients
        .chain(others.take(1).cloned().map(ResetTarget::User))
        .collect();
    match what {
        0 => AdministratorOperation::Reset(targets[whom % targets.len()].clone()),
        1 => AdministratorOperation::EnableLogons,
        _ => AdministratorOperation::DisableLogons,
    }
}

/// Whether this client may leave a disconnected session behind.
fn may_leave_a_session(client: &Client, cut: Option<&ActorName>, line: OnBrokenLine) -> bool {
    if !client.logs_on() {
        return false;
    }
    let broken = line == OnBrokenLine::Disconnect;
    let hangs_up_logged_on = client
        .script
        .windows(2)
        .any(|pair| pair == [ClientOperation::LogOn, ClientOperation::HangUp]);
    client.script.contains(&ClientOperation::Disconnect)
        || (broken && (hangs_up_logged_on || cut == Some(&client.name)))
}
