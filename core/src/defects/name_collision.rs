//! V3 `name-collision` and V3b `duplicate-name`: a name is chosen in one section and used in the next.
//!
//! **Mechanism.** The next `rdp-tcp#n` is looked up, and the session is connected under it later. Two
//! logons choose the same name. In V3 the second is told that the name is in use (7023) and dropped; in V3b
//! nobody looks again, and two sessions have one name.
//!
//! **Evidence.** Documented as a symptom of simultaneous logons: "Session Name Is Already in Use" with a batch
//! of connects that succeed singly (KB Q241411). That the choice and the use were two steps is an inference.
//! V3b is the same fault without the second look; it exists so that `unique-names` has been seen to fail.
//!
//! **Smallest scenario.** Two clients.

use super::prelude::*;

/// The allocator with defect V3.
pub struct NameCollision<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for NameCollision<P, O, S> {
    only_the_server!();

    fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
        let name = self
            .server()
            .enter("choose a name", |server| server.next_name());
        self.server().update("attach under the name", |server| {
            server.living(logon)?;
            if server.is_named(name) {
                return Err(server.refuse(logon, Refusal::Dropped(DropReason::NameInUse)));
            }
            server.attach_as(logon, name)
        })
    }
}

/// The allocator with defect V3b.
pub struct DuplicateName<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for DuplicateName<P, O, S> {
    only_the_server!();

    fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
        let name = self
            .server()
            .enter("choose a name", |server| server.next_name());
        self.server().update("attach under the name", |server| {
            server.attach_as(logon, name)
        })
    }
}
