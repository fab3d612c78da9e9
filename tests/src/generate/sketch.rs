//! What is generated: choices that always mean something, and what is put in their place that chance would seldom bring about.

use std::collections::BTreeSet;

use logon_models::scenario::{HangUpPhase, LicenseReply, OnBrokenLine, Password, ServerSettings};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::Size;

/// A client as generated.
#[derive(Clone, Debug)]
pub(super) struct ClientSketch {
    /// Which operation comes next among those that may; one more than there are operations after `connect`.
    pub(super) script: Vec<usize>,
    /// Its own user, the first client's, or the team's.
    pub(super) user: usize,
    pub(super) license: Option<LicenseReply>,
    pub(super) password: Password,
    pub(super) hang_up: Option<HangUpPhase>,
}

/// An administrator's operation as generated: what, and to whom.
pub(super) type AdministratorSketch = Vec<(usize, usize)>;

/// A scenario as generated.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub(super) clients: Vec<ClientSketch>,
    pub(super) server: ServerSettings,
    pub(super) administrator: Option<AdministratorSketch>,
    pub(super) cutter: Option<usize>,
    pub(super) timer: Option<usize>,
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
    pub(super) fn leaving_on_the_way_back(mut self) -> Self {
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
    pub(super) fn returning_with_room(mut self) -> Self {
        self.clients[0] = ClientSketch::honest(&[0, 0, 0, 0]);
        self.server.max_connections = Some(2);
        self
    }

    /// The same with two users, one of whom an administrator resets; if there are two clients.
    pub(super) fn reset_beside_another_user(mut self) -> Self {
        if let [first, second, ..] = &mut self.clients[..] {
            *first = ClientSketch::honest(&[0]);
            *second = ClientSketch::honest(&[0]);
            self.administrator = Some(vec![(0, 0)]);
        }
        self
    }
}

pub(super) fn client(size: Size) -> impl Strategy<Value = ClientSketch> {
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

pub(super) fn server(size: Size) -> impl Strategy<Value = ServerSettings> {
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
