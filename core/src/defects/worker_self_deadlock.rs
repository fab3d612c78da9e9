//! V12b `worker-self-deadlock`: who waits for the workers occupies one.
//!
//! **Mechanism.** Connecting clients are served by the same few workers that create sessions, and a worker is
//! occupied until its client sees the prompt. Once every worker waits for a session, none is left to create
//! one. A worker that waits for the license service is occupied as well, so one hung reply stops everybody.
//!
//! **Evidence.** Documented for this product: a block of more than nine identical work items, each waiting for
//! work queued behind it, and the server accepts no connection (KB Q217063). Present-day form: openmrs-core,
//! pull request 6275.
//!
//! **Smallest scenario.** As many clients as workers and a pool of 0.

use super::prelude::*;

/// The allocator with this defect.
pub struct WorkerSelfDeadlock<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
    /// How many workers are free.
    workers: P::Monitor<S::Count>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for WorkerSelfDeadlock<P, O, S> {
    fn around(server: Server<O, S>) -> Self {
        WorkerSelfDeadlock {
            workers: P::Monitor::new("workers", server.settings().creation_workers),
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O, S>> {
        &self.server
    }

    fn connect(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::BeforeArrival)?;
        self.occupy_worker();
        let result = self
            .admit(logon)
            .and_then(|()| self.place(logon, line, licenses));
        self.free_worker();
        result
    }

    fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
        let Demand::Create(claim) = self.await_demand() else {
            return ControlFlow::Break(());
        };
        self.occupy_worker();
        if manager.load(claim) {
            self.publish(claim);
        } else {
            self.fail_creation(claim);
        }
        self.free_worker();
        ControlFlow::Continue(())
    }
}

impl<P: Primitives, O: Observer, S: Store> WorkerSelfDeadlock<P, O, S> {
    fn occupy_worker(&self) {
        self.workers.wait_for("occupy a worker", |free| {
            *free = free.checked_decrement()?;
            Some(())
        });
    }

    fn free_worker(&self) {
        self.workers.update("free the worker", |free| *free += 1);
    }
}
