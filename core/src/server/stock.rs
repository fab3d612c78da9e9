//! What an allocator says it has, for whoever compares that with an account of their own.

use std::collections::BTreeSet;

use super::Server;
use crate::ids::{Claim, FIRST_SESSION, LogonId};
use crate::observer::Observer;
use crate::state::SessionState;

/// Permits, sessions and places in line, as an allocator means them: without the places of logons that are over, if it
/// clears these later, and from wherever else it keeps its accounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stock {
    /// How many permits are out.
    pub permits_in_use: u32,
    /// The sessions that the next logons may claim, in no order.
    pub idle: BTreeSet<Claim>,
    /// The logons that wait for a session, the next to be served first.
    pub line: Vec<LogonId>,
    /// The sessions that a client occupies, or is about to.
    pub occupied: BTreeSet<Claim>,
    /// The sessions that their users have left disconnected.
    pub disconnected: BTreeSet<Claim>,
}

impl Stock {
    /// What the server itself has on record.
    pub fn of<O: Observer>(server: &Server<O>) -> Self {
        let on_record = |is_wanted: fn(SessionState) -> bool| {
            let clients = server.sessions().range(FIRST_SESSION..);
            let those = clients.filter(|(_, session)| is_wanted(session.state));
            those
                .map(|(&id, session)| Claim {
                    session: id,
                    generation: session.generation,
                })
                .collect()
        };
        Stock {
            permits_in_use: server.ledger().in_use(),
            idle: server.idle().iter().copied().collect(),
            line: server.queue().iter().copied().collect(),
            occupied: on_record(SessionState::has_client),
            disconnected: on_record(|state| state == SessionState::Disconnected),
        }
    }
}
