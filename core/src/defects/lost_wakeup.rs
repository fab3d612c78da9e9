//! V7 `lost-wakeup`: a logon looks, and falls asleep later.
//!
//! **Mechanism.** The waiting logon looks whether it was handed a session, leaves the section, and then goes
//! to sleep. A hand-off that falls in between wakes nobody, and the logon sleeps although its session is there.
//!
//! **Evidence.** A race that makes a thread wait for ever is documented on the same path of the successor
//! product (KB Q292548); this one is a reconstruction. Present-day forms: tokio, pull requests 3652 and 3660.
//!
//! **Smallest scenario.** One client and a pool of 0.

use super::prelude::*;

/// The allocator with this defect.
pub struct LostWakeup<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for LostWakeup<P, O, S> {
    only_the_server!();

    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        loop {
            if let Some(heard) = self
                .server()
                .enter("look for a hand-off", |server| server.heard(logon))
            {
                return heard;
            }
            self.server().sleep("sleep until woken");
        }
    }
}
