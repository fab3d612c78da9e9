//! The named defects: each is the fixed algorithm with one step of it done wrong.
//!
//! A defect is a struct in a file of its own that overrides the step it is about, or both sides of one
//! hand-over where the fault needs two. The fixed algorithm knows nothing of them. Each file opens with the
//! mechanism, the evidence, and the smallest scenario that shows it. None of them is documented as the cause
//! of KB Q238186: that article states no cause.

mod admission;
mod coalesced_replenish;
mod empty_pool_refuses;
mod hangup_leak;
mod lock_order;
mod lost_wakeup;
mod name_collision;
mod publish_before_init;
mod reconnect_vs_reset;
mod relaxed_publication;
mod setup_stampede;
mod stale_reset;
mod stolen_handoff;
mod stuck_down;
mod swallowed_wake;
mod two_claimants;
mod worker_self_deadlock;

pub use admission::{CountThenReread, LostUpdate};
pub use coalesced_replenish::CoalescedReplenish;
pub use empty_pool_refuses::EmptyPoolRefuses;
pub use hangup_leak::HangupLeak;
pub use lock_order::LockOrder;
pub use lost_wakeup::LostWakeup;
pub use name_collision::{DuplicateName, NameCollision};
pub use publish_before_init::PublishBeforeInit;
pub use reconnect_vs_reset::ReconnectVsReset;
pub use relaxed_publication::RelaxedPublication;
pub use setup_stampede::SetupStampede;
pub use stale_reset::StaleReset;
pub use stolen_handoff::StolenHandoff;
pub use stuck_down::StuckDown;
pub use swallowed_wake::SwallowedWake;
pub use two_claimants::{TwoClaimants, TwoOwners};
pub use worker_self_deadlock::WorkerSelfDeadlock;

/// The two methods of an allocator that has the server's monitor and no other shared object.
macro_rules! only_the_server {
    () => {
        fn around(server: Server<O, S>) -> Self {
            Self {
                server: P::Monitor::new("server", server),
            }
        }

        fn server(&self) -> &P::Monitor<Server<O, S>> {
            &self.server
        }
    };
}
use only_the_server;

/// What every defect needs.
mod prelude {
    pub(super) use std::ops::ControlFlow;

    pub(super) use super::only_the_server;
    pub(super) use crate::allocator::Allocator;
    pub(super) use crate::environment::{Licenses, Line, Moment, SessionManager};
    pub(super) use crate::ids::{Claim, LogonId, UserId};
    pub(super) use crate::observer::{Fact, Observer, Resetter};
    pub(super) use crate::primitives::{Monitor, Primitives, Word};
    pub(super) use crate::refusal::{DropReason, Ending, Refusal};
    pub(super) use crate::server::{Arbitration, Demand, LogonPhase, Server};
    pub(super) use crate::state::SessionState;
    pub(super) use crate::store::{Count, Queue, Standard, Store, Table};
}
