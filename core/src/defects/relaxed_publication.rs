//! V10r `relaxed-publication`: the weak-memory form of V10.
//!
//! **Mechanism.** The first session to be created initializes a subsystem that all sessions share, and the
//! worker then announces that there is a session, both by plain stores to words beside the monitor. A logon
//! in a hurry reads the announcement without entering the monitor. Nothing orders the two stores for a reader
//! that did not synchronize, so it may see the announcement and not the subsystem: it is dropped as not
//! ready. With `Release` in place of the second `Relaxed` the fault is gone.
//!
//! **Evidence.** None for KB Q238186, and it cannot be all of it: the fix was shipped for x86, which keeps
//! stores in order, as well as for Alpha, which orders next to nothing.
//!
//! **Smallest scenario.** One client and a pool of 1, so that a session is announced while the client arrives.
//! Only a checker with a memory model can find it: under sequential
//! consistency the stores are seen in order.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::prelude::*;

/// The allocator with this defect.
pub struct RelaxedPublication<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
    /// Not zero once the shared subsystem is ready.
    subsystem: P::Word,
    /// Not zero once there is a session.
    announced: P::Word,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for RelaxedPublication<P, O, S> {
    fn around(server: Server<O, S>) -> Self {
        RelaxedPublication {
            server: P::Monitor::new("server", server),
            subsystem: P::Word::new("subsystem", 0),
            announced: P::Word::new("announcement", 0),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O, S>> {
        &self.server
    }

    fn publish(&self, claim: Claim) {
        self.subsystem.store("initialize the subsystem", 1, Relaxed);
        self.announced.store("announce a session", 1, Relaxed);
        self.server()
            .update("publish", |server| server.publish(claim));
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let announced = self.announced.load("read the announcement", Acquire) != 0;
        if announced && self.subsystem.load("read the subsystem", Relaxed) == 0 {
            return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotReady)));
        }
        self.server()
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }
}
