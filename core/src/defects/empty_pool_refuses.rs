//! V1 `empty-pool-refuses`: an empty idle list means refusal.
//!
//! **Mechanism.** A logon that finds no idle session is dropped with event 22, instead of waiting in line
//! for one to be created on demand.
//!
//! **Evidence.** Documented for a pool of 0: in Service Pack 4 every connection failed (KB Q245221); that
//! article names no event. That a burst which exhausts the default pool of 2 meets the same path is an
//! inference, and with it this is the best-evidenced reconstruction of KB Q238186.
//!
//! **Smallest scenario.** One client and a pool of 0; in general one client more than the pool holds.

use super::prelude::*;

/// The allocator with this defect.
pub struct EmptyPoolRefuses<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for EmptyPoolRefuses<P, O, S> {
    only_the_server!();

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.server().update("claim or refuse", |server| {
            server.living(logon)?;
            if server.idle().is_empty() {
                return Err(server.refuse(logon, Refusal::Dropped(DropReason::NoIdle)));
            }
            server.claim_or_queue(logon)
        })
    }
}
