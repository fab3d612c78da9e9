//! V13 `stuck-down`: a session that failed to initialize stays down for ever.
//!
//! **Mechanism.** When a creation fails, the logon it was for is refused, and nobody deletes the session.
//!
//! **Evidence.** Documented as a symptom: sessions shown as down until the server is restarted (KB Q216743,
//! KB Q229012). It is not a cause of KB Q238186; it exists so that `cleanup` has been seen to fail.
//!
//! **Smallest scenario.** One client, a pool of 0, and a first creation that fails.

use super::prelude::*;

/// The allocator with this defect.
pub struct StuckDown<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for StuckDown<P, O, S> {
    only_the_server!();

    fn fail_creation(&self, claim: Claim) {
        self.server()
            .update("fail creation", |server| server.fail_creation(claim));
    }
}
