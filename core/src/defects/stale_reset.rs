//! V11b `stale-reset`: a reset is aimed at an id, and ids are reused.
//!
//! **Mechanism.** The administrator looks up a session and resets its id later. In between the session ends,
//! and another one gets the id.
//!
//! **Evidence.** None for KB Q238186, and that session ids are reused is not documented. Present-day forms:
//! appium/WebDriverAgent, pull request 1231; daijro/camoufox, pull request 597.
//!
//! **Smallest scenario.** One client that logs off, an administrator and reused ids: the reset hits the idle
//! session that was given the id. With a second client it hits that client's session.

use super::prelude::*;

/// The allocator with this defect.
pub struct StaleReset<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for StaleReset<P, O, S> {
    only_the_server!();

    fn reset(&self, claim: Claim) -> bool {
        let hit = self.server().update("reset the id", |server| {
            let hit = server.claim_on(claim.session)?;
            server
                .reset_as(Resetter::Administrator, claim, hit)
                .then_some(hit)
        });
        hit.is_some_and(|hit| self.delete_if(true, hit))
    }
}
