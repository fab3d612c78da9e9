//! V12a `lock-order`: two locks, taken in opposite orders.
//!
//! **Mechanism.** A connecting logon locks the session table and then the pool; the worker that publishes a
//! session locks the pool and then the table. Each holds one and waits for the other.
//!
//! **Evidence.** A hang after which nobody can log on is documented (KB Q241961), its cause is not. Present-day
//! forms: ironjacamar, pull request 1024; duckdb-java, issue 241.
//!
//! **Smallest scenario.** One client and a pool of 1.

use super::prelude::*;

/// The allocator with this defect.
pub struct LockOrder<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
    table: P::Monitor<bool>,
    pool: P::Monitor<bool>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for LockOrder<P, O, S> {
    fn around(server: Server<O, S>) -> Self {
        LockOrder {
            server: P::Monitor::new("server", server),
            table: P::Monitor::new("table lock", false),
            pool: P::Monitor::new("pool lock", false),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O, S>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.table.wait_for("lock the table", lock);
        self.pool.wait_for("lock the pool", lock);
        let claim = self
            .server()
            .update("claim or queue", |server| server.claim_or_queue(logon));
        self.pool.update("unlock the pool", unlock);
        self.table.update("unlock the table", unlock);
        claim
    }

    fn publish(&self, claim: Claim) {
        self.pool.wait_for("lock the pool", lock);
        self.table.wait_for("lock the table", lock);
        self.server()
            .update("publish", |server| server.publish(claim));
        self.table.update("unlock the table", unlock);
        self.pool.update("unlock the pool", unlock);
    }
}

fn lock(held: &mut bool) -> Option<()> {
    (!std::mem::replace(held, true)).then_some(())
}

fn unlock(held: &mut bool) {
    *held = false;
}
