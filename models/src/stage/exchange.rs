//! What is interchangeable in a scenario: alike clients, and the numbers sessions happen to get.

use std::collections::BTreeMap;
use std::sync::Arc;

use logon_core::ids::LISTENER;
use logon_core::primitives::Plain;
use logon_core::server::{Arbitration, Demand, LogonPhase};
use logon_core::symmetry::Symmetric;
use logon_core::{Claim, Ending, Generation, LogonId, Server, SessionId, StationName, UserId};
use logon_sim::{Rule, Symmetry};

use super::Subject;
use super::attributed::Attended;
use super::cast::Cast;
use super::clock::Clock;
use super::witness::Witness;
use crate::scenario::{AdministratorOperation, Client, ClientOperation, ResetTarget, Scenario};

/// The class of a client: clients of one class differ in their names alone, and in their users where nobody
/// shares them. A client that somebody else is after is in a class of its own.
pub(super) fn client_class(client: &Client, scenario: &Scenario) -> String {
    let shared_user = (!has_user_alone(client, scenario)).then_some(client.user.as_str());
    let wanted = is_aimed_at(client, scenario).then_some(client.name.as_str());
    format!(
        "client {wanted:?} {shared_user:?} {:?} {:?} {:?} {:?} {:?}",
        client.script, client.license, client.password, client.hang_up, client.times
    )
}

/// The class of each client.
pub(crate) fn client_classes(scenario: &Scenario) -> Vec<String> {
    let clients = scenario.clients.iter();
    clients
        .map(|client| client_class(client, scenario))
        .collect()
}

/// Whether a cutter, a timer or an administrator is after this client or its user.
fn is_aimed_at(client: &Client, scenario: &Scenario) -> bool {
    let cut = scenario
        .cutters
        .iter()
        .any(|cutter| cutter.cuts == client.name);
    let timed = scenario
        .timers
        .iter()
        .any(|timer| timer.expires == client.user);
    let mut operations = scenario
        .administrators
        .iter()
        .flat_map(|administrator| &administrator.script);
    let reset = operations.any(|operation| match operation {
        AdministratorOperation::Reset(ResetTarget::Client(name)) => *name == client.name,
        AdministratorOperation::Reset(ResetTarget::User(user)) => *user == client.user,
        AdministratorOperation::EnableLogons | AdministratorOperation::DisableLogons => false,
    });
    cut || timed || reset
}

fn has_user_alone(client: &Client, scenario: &Scenario) -> bool {
    let of_user = scenario
        .clients
        .iter()
        .filter(|other| other.user == client.user);
    of_user.count() == 1
}

/// What is interchangeable in `scenario`, for an allocator of `subject`.
///
/// - Logons, and users whom nobody shares, go with their clients.
/// - Generations and names are given out one after the other and compared for equality alone. The scenario
///   names the creations that fail, so these, and those before them, keep their numbers.
/// - Ids of sessions likewise, unless they are reused: then the lowest free one is taken, and they stay what
///   they are. Where a user may have several sessions the one of the lowest id is taken, and so their order
///   stays.
pub fn symmetry<S: Subject>(subject: &S, scenario: &Scenario, cast: &Arc<Cast>) -> Symmetry {
    let server = &scenario.server;
    let failing = server.failing_creations.iter();
    let failing = failing.chain(&server.stalling_creations).copied();
    let pinned = match scenario.time {
        // How long a set-up takes goes by the number of the creation.
        Some(time) if time.set_up.from != time.set_up.to => u32::MAX / 4,
        _ => failing.max().unwrap_or(0),
    };
    let logons: Vec<(usize, u32)> = (0..scenario.clients.len())
        .flat_map(|client| {
            (0..)
                .zip(cast.logons_of(client))
                .map(move |(nth, _)| (client, nth))
        })
        .collect();
    let users = owners(scenario, cast);
    let Types(types) = subject.describe_types(Types::of_variants());
    let symmetry = types
        .family(
            LogonId::FAMILY,
            Rule::OfActor(Arc::new(move |number| logons.get(number as usize).copied())),
        )
        .family(
            UserId::FAMILY,
            Rule::OfActor(Arc::new(move |number| {
                users.get(&number).map(|&client| (client, USER))
            })),
        )
        .family(StationName::FAMILY, Rule::Fresh { pinned: 0 });
    if scenario.server.reuse_ids {
        return symmetry.family(Generation::FAMILY, Rule::Fresh { pinned });
    }
    // Id and generation come from one counter: the first creation makes the first session after the listener.
    let generation = Rule::Alias {
        family: SessionId::FAMILY,
        ahead: LISTENER.0,
    };
    let symmetry = symmetry.family(Generation::FAMILY, generation);
    let pinned = LISTENER.0 + pinned;
    if somebody_may_have_two_sessions(scenario) {
        symmetry.family(SessionId::FAMILY, Rule::Ordered { pinned })
    } else {
        symmetry.family(SessionId::FAMILY, Rule::Fresh { pinned })
    }
}

/// Which of a client's numbers its user is; its logons are counted from 0 and are fewer.
const USER: u32 = 1 << 16;

/// The client of each user whom nobody shares.
fn owners(scenario: &Scenario, cast: &Cast) -> BTreeMap<u32, usize> {
    let alone = scenario
        .clients
        .iter()
        .enumerate()
        .filter(|(_, client)| has_user_alone(client, scenario));
    alone
        .map(|(index, client)| (cast.user(client.user.as_str()).0, index))
        .collect()
}

fn somebody_may_have_two_sessions(scenario: &Scenario) -> bool {
    scenario.clients.iter().any(|client| {
        let of_user = scenario
            .clients
            .iter()
            .filter(|other| other.user == client.user);
        let connects = of_user.flat_map(|client| &client.script);
        let connects = connects.filter(|operation| **operation == ClientOperation::Connect);
        connects.count() > 1
    })
}

/// Types that say where their identifiers are: those of an allocator's objects, and of what its sections return.
#[derive(Clone)]
pub struct Types(Symmetry);

impl Types {
    /// Monitors hold a `T`.
    #[must_use]
    pub fn object<T: Symmetric + Plain>(self) -> Self {
        Types(self.0.knows::<T>())
    }

    /// Sections return a `T`; those that wait yield it.
    #[must_use]
    pub fn result<T: Symmetric + Plain>(self) -> Self {
        Types(self.0.knows::<Attended<T>>())
    }

    /// The types of which the variants' objects and results are.
    fn of_variants() -> Self {
        Types(Symmetry::new())
            .object::<Server<Witness>>()
            .object::<Clock>()
            .result::<u64>()
            .result::<LogonId>()
            .result::<()>()
            .result::<bool>()
            .result::<u32>()
            .result::<Result<(), Ending>>()
            .result::<Result<Claim, Ending>>()
            .result::<Result<Option<Claim>, Ending>>()
            .result::<Result<Arbitration, Ending>>()
            .result::<Result<LogonPhase, Ending>>()
            .result::<Result<u32, Ending>>()
            .result::<Result<bool, Ending>>()
            .result::<Option<Result<Claim, Ending>>>()
            .result::<Option<Claim>>()
            .result::<Option<LogonId>>()
            .result::<Vec<(Claim, UserId, bool)>>()
            .result::<(Claim, UserId)>()
            .result::<Option<Option<Claim>>>()
            .result::<Claim>()
            .result::<Ending>()
            .result::<Demand>()
            .result::<StationName>()
            .result::<SessionId>()
    }
}
