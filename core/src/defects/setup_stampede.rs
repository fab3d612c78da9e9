//! V2 `setup-stampede`: as many sessions are set up at a time as are wanted.
//!
//! **Mechanism.** Nothing limits how many sessions are under creation: each logon that waits in line has one begun
//! for it at once. Setting up is work for a processor, so all of them share it and all are done late. In a burst that
//! one after the other would serve, clients lose patience before the first session is done.
//!
//! **Evidence.** Documented for this product: while connections are set up nothing controls how much of the processor
//! is used, and simultaneous requests keep the server from answering others (KB Q238600); it does not limit what it
//! devotes to setting up sessions (MS99-028). The file that corrects KB Q238186 is, by inference, the build that
//! corrects this. The correction is documented to authenticate first; that set-ups are limited here instead, and that
//! this was the cause of KB Q238186, is a reconstruction. It explains no event 22: a client that hangs up is not dropped.
//!
//! **Smallest scenario.** Three clients and a pool of 0, where setting up takes time: it needs a clock, for without
//! one nothing is late.

use super::prelude::*;

/// The allocator with this defect.
pub struct SetupStampede<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for SetupStampede<P, O, S> {
    only_the_server!();

    fn await_demand(&self) -> Demand {
        self.server().wait_for("begin creation", |server| {
            let supply = server.idle().len() + server.creating();
            let wanted = server.settings().idle_pool + server.queue().len();
            if supply < wanted {
                Some(Demand::Create(server.begin_creation()))
            } else {
                server.is_closing().then_some(Demand::Stop)
            }
        })
    }
}
