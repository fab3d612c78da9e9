//! V5a `count-then-reread` and V5b `lost-update`: admission in more than one section.
//!
//! **Mechanism.** V5a counts itself in, reads the count again and backs out if it is too high: two logons
//! that count at the same time both see too many and both back out. V5b reads the count and writes it back
//! incremented later: two logons write the same count, and more are admitted than allowed.
//!
//! **Evidence.** None for KB Q238186 (the natural event would be 71, not 22). A leaked count with the same
//! symptom is documented in KB Q248371; counters that drift are common in present-day pools (deadpool,
//! issues 18, 92 and 380; sqlx, issue 83).
//!
//! **Smallest scenario.** Two clients and one connection: V5a refuses both, V5b admits both.

use super::prelude::*;

/// The allocator with defect V5a.
pub struct CountThenReread<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for CountThenReread<P, O, S> {
    only_the_server!();

    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        self.server().enter("count up", |server| {
            server.arrive(logon)?;
            let count = server.ledger().in_use() + 1.into();
            server.ledger_mut().set_in_use(count);
            Ok(())
        })?;
        self.server()
            .update("read the count again", |server| {
                let ledger = server.ledger();
                if ledger
                    .maximum()
                    .is_some_and(|maximum| ledger.in_use() > maximum)
                {
                    return Err(Ending::Refused(Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })
            .map_err(|_| {
                self.server().update("back out", |server| {
                    server.ledger_mut().release();
                    server.refuse(logon, Refusal::MaxConnections)
                })
            })
    }
}

/// The allocator with defect V5b.
pub struct LostUpdate<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for LostUpdate<P, O, S> {
    only_the_server!();

    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        let count = self.server().enter("read the count", |server| {
            server.arrive(logon)?;
            Ok(server.ledger().in_use())
        })?;
        self.server().update("write the count", |server| {
            if server
                .ledger()
                .maximum()
                .is_some_and(|maximum| count >= maximum)
            {
                return Err(server.refuse(logon, Refusal::MaxConnections));
            }
            server.ledger_mut().set_in_use(count + 1.into());
            server.register(logon);
            Ok(())
        })
    }
}
