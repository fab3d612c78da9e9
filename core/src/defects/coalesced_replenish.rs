//! V6 `coalesced-replenish`: demand is signaled by an event that remembers only one.
//!
//! **Mechanism.** Whoever takes a session or a place in line sets an auto-reset event, and the worker creates
//! one session each time it is woken. Setting an event that is already set has no effect, so two demands
//! close together become one creation; and a demand that was withdrawn is still served.
//!
//! **Evidence.** The merging is documented of the primitive (`SetEvent`, `AutoResetEvent`); that this server
//! counted on it is a reconstruction. Present-day form: brettwooldridge/HikariCP, issues 222 and 452.
//!
//! **Smallest scenario.** Two clients and a pool of 0: one waits for ever. With a pool of 2, two clients leave
//! the pool short.

use super::prelude::*;

/// The allocator with this defect.
pub struct CoalescedReplenish<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
    /// Set by demand, reset by the worker it wakes.
    event: P::Monitor<bool>,
    idle_pool: S::Count,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for CoalescedReplenish<P, O, S> {
    fn around(server: Server<O, S>) -> Self {
        CoalescedReplenish {
            idle_pool: server.settings().idle_pool,
            server: P::Monitor::new("server", server),
            event: P::Monitor::new("demand event", false),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O, S>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let claim = self
            .server()
            .update("claim or queue", |server| server.claim_or_queue(logon))?;
        self.event.update("set the event", |set| *set = true);
        Ok(claim)
    }

    fn serve(&self, manager: &dyn SessionManager) {
        let mut missing = self.idle_pool;
        while let Some(rest) = missing.checked_decrement() {
            self.create_one(manager);
            missing = rest;
        }
        P::forever(|| self.replenish(manager));
    }

    fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
        self.event
            .wait_for("await the event", |set| std::mem::take(set).then_some(()));
        if self
            .server()
            .enter("look for shutdown", |server| server.is_closing())
        {
            // The event wakes one worker, and there may be others.
            self.event.update("set the event", |set| *set = true);
            return ControlFlow::Break(());
        }
        self.create_one(manager);
        ControlFlow::Continue(())
    }

    fn close(&self) {
        self.server().update("close", |server| server.close());
        self.event.update("set the event", |set| *set = true);
    }
}

impl<P: Primitives, O: Observer, S: Store> CoalescedReplenish<P, O, S> {
    fn create_one(&self, manager: &dyn SessionManager) {
        let claim = self
            .server()
            .enter("begin creation", |server| server.begin_creation());
        if manager.load(claim) {
            self.publish(claim);
        } else {
            self.fail_creation(claim);
        }
    }
}
