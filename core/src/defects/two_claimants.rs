//! V4 `two-claimants` and V4b `two-owners`: an idle session is seen in one section and taken in the next.
//!
//! **Mechanism.** The head of the idle list is read, and removed later. Two logons read the same head. In V4
//! the second finds the session busy (7024) and is dropped, not retried, although another session may be
//! idle; in V4b nobody looks again, and two logons hold one session.
//!
//! **Evidence.** A reconstruction of KB Q238186; that a session may be found busy with another connect is
//! documented (code 7024 of KB Q186548). The same fault in a present-day allocator: SeleniumHQ/selenium,
//! pull request 16939.
//!
//! **Smallest scenario.** Two clients and a pool of 1.

use super::prelude::*;

/// The allocator with defect V4.
pub struct TwoClaimants<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for TwoClaimants<P, O, S> {
    only_the_server!();

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let seen = self.server().enter("look at the idle head", |server| {
            server.idle().front().copied()
        });
        self.server().update("take the session seen", |server| {
            server.living(logon)?;
            let Some(claim) = seen else {
                return server.claim_or_queue(logon);
            };
            if !server.take_idle(claim) {
                return Err(server.refuse(logon, Refusal::Dropped(DropReason::Busy)));
            }
            server.assign(claim, logon);
            Ok(Some(claim))
        })
    }
}

/// The allocator with defect V4b.
pub struct TwoOwners<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for TwoOwners<P, O, S> {
    only_the_server!();

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let seen = self.server().enter("look at the idle head", |server| {
            server.idle().front().copied()
        });
        self.server().update("take the session seen", |server| {
            server.living(logon)?;
            let Some(claim) = seen else {
                return server.claim_or_queue(logon);
            };
            server.take_idle(claim);
            server.assign(claim, logon);
            Ok(Some(claim))
        })
    }
}
