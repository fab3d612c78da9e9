//! V10 `publish-before-init`: a session is handed out before it has finished initializing.
//!
//! **Mechanism.** The worker declares the new session idle, and lets it finish afterwards. A logon that
//! attaches in between finds a session that is not ready, and is dropped.
//!
//! **Evidence.** Documented three times in the same product: threads enter CSRSS before its first thread has
//! finished, and a single session does not connect (KB Q244927); requests arrive before data structures exist
//! (KB Q227000); a session is not initialized in time and the connection is dropped (KB Q236996). That it is
//! the cause of KB Q238186 is a reconstruction.
//!
//! **Smallest scenario.** One client and a pool of 0.

use super::prelude::*;

/// The allocator with this defect.
pub struct PublishBeforeInit<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for PublishBeforeInit<P, O, S> {
    only_the_server!();

    fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
        let Demand::Create(claim) = self.await_demand() else {
            return ControlFlow::Break(());
        };
        if !manager.load(claim) {
            self.fail_creation(claim);
            return ControlFlow::Continue(());
        }
        self.server()
            .update("publish too early", |server| server.announce(claim));
        self.server()
            .update("finish initializing", |server| server.finish_loading(claim));
        ControlFlow::Continue(())
    }
}
