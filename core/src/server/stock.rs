//! What an allocator says it has, for whoever compares that with an account of their own.

use std::collections::BTreeSet;

use super::Server;
use crate::ids::{Claim, LogonId};
use crate::observer::Observer;

/// Permits, idle sessions and places in line, as an allocator means them: without the places of logons that are
/// over, if it clears these later, and from wherever else it keeps its accounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stock {
    /// How many permits are out.
    pub permits_in_use: u32,
    /// The sessions that the next logons may claim, in no order.
    pub idle: BTreeSet<Claim>,
    /// The logons that wait for a session, the next to be served first.
    pub line: Vec<LogonId>,
}

impl Stock {
    /// What the server itself has on record.
    pub fn of<O: Observer>(server: &Server<O>) -> Self {
        Stock {
            permits_in_use: server.ledger().in_use(),
            idle: server.idle().iter().copied().collect(),
            line: server.queue().iter().copied().collect(),
        }
    }
}
