//! V9b `swallowed-wake`: hanging up wakes nobody.
//!
//! **Mechanism.** Hanging up passes the session on to the next logon in line, as it should, and wakes nobody.
//!
//! **Evidence.** None for KB Q238186. Present-day forms: sqlx, issue 622; embassy, pull request 6964;
//! golang/sync, pull request 10.
//!
//! **Smallest scenario.** One client and a pool of 0, its line cut: it is not woken to hear that it has left. A
//! pool of 1 or more hides it: the worker goes on to fill the pool, and each session it publishes wakes everybody.

use super::prelude::*;

/// The allocator with this defect.
pub struct SwallowedWake<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for SwallowedWake<P, O, S> {
    only_the_server!();

    fn hang_up(&self, logon: LogonId) {
        self.server()
            .enter("hang up", |server| server.hang_up(logon));
    }
}
