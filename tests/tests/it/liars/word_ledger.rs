//! A ledger that is a word and nothing else: the server's own stays empty.
//!
//! Why it is right, the core's example `outside_allocator` says; there the server's ledger is kept up beside it.

use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Plain, Primitives, Word};
use logon_core::server::Stock;
use logon_core::{Ending, LogonId, Observer, Refusal, Server};

/// Departures that began, and those that are through.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Departures {
    begun: u32,
    through: u32,
}

/// The ledger.
pub(crate) struct WordLedger<P: Primitives> {
    permits: P::Word,
    departures: P::Monitor<Departures>,
}

impl<P: Primitives> WordLedger<P> {
    pub(crate) fn new() -> Self {
        WordLedger {
            permits: P::Word::new("permits", 0),
            departures: P::Monitor::new("departures", Departures::default()),
        }
    }

    /// What the allocator has: the permits are those of the word.
    pub(crate) fn stock<O: Observer>(&self, server: &Server<O>) -> Stock {
        Stock {
            permits_in_use: u32::try_from(self.permits.peek()).unwrap_or(u32::MAX),
            ..Stock::of(server)
        }
    }

    /// Lets a logon arrive, and takes a permit for it.
    pub(crate) fn admit<O: Observer>(
        &self,
        server: &P::Monitor<Server<O>>,
        logon: LogonId,
    ) -> Result<(), Ending> {
        let most = arrive::<P, O>(server, logon)?;
        loop {
            let begun = self.departures.wait_for("let departures finish", |seen| {
                (seen.begun == seen.through).then_some(seen.begun)
            });
            if self.take(most) {
                server.update("tell of the admission", |server| server.register(logon));
                return Ok(());
            }
            let quiet = self
                .departures
                .enter("look for departures", |seen| seen.begun == begun);
            if quiet {
                return Err(refuse::<P, O>(server, logon));
            }
        }
    }

    /// The same by whoever does not wait for departures.
    pub(crate) fn admit_in_a_hurry<O: Observer>(
        &self,
        server: &P::Monitor<Server<O>>,
        logon: LogonId,
    ) -> Result<(), Ending> {
        let most = arrive::<P, O>(server, logon)?;
        if self.take(most) {
            server.update("tell of the admission", |server| server.register(logon));
            return Ok(());
        }
        Err(refuse::<P, O>(server, logon))
    }

    /// The same by whoever reads in one step and writes in the next.
    pub(crate) fn admit_in_two_steps<O: Observer>(
        &self,
        server: &P::Monitor<Server<O>>,
        logon: LogonId,
    ) -> Result<(), Ending> {
        let most = arrive::<P, O>(server, logon)?;
        let out = self.permits.load("read the permits", SeqCst);
        if out >= most {
            return Err(refuse::<P, O>(server, logon));
        }
        self.permits.store("take a permit", out + 1, SeqCst);
        server.update("tell of the admission", |server| server.register(logon));
        Ok(())
    }

    /// Runs a section in which logons may end, and gives their permits back in the word.
    pub(crate) fn depart<O: Observer, R: Plain>(
        &self,
        server: &P::Monitor<Server<O>>,
        label: &'static str,
        section: impl Fn(&mut Server<O>) -> R,
    ) -> R {
        self.departures
            .enter("begin a departure", |seen| seen.begun += 1);
        let (result, ended) = server.update(label, |server| {
            let before = living(server);
            let result = section(server);
            (result, before - living(server))
        });
        if ended > 0 {
            let mut out = self.permits.load("read the permits", SeqCst);
            while let Err(found) = self.permits.compare_exchange(
                "give permits back",
                out,
                out.saturating_sub(ended),
                SeqCst,
            ) {
                out = found;
            }
        }
        self.departures
            .update("finish a departure", |seen| seen.through += 1);
        result
    }

    fn take(&self, most: u64) -> bool {
        let mut out = self.permits.load("read the permits", SeqCst);
        while out < most {
            match self
                .permits
                .compare_exchange("take a permit", out, out + 1, SeqCst)
            {
                Ok(_) => return true,
                Err(found) => out = found,
            }
        }
        false
    }
}

/// Lets a logon arrive; gives the maximum.
fn arrive<P: Primitives, O: Observer>(
    server: &P::Monitor<Server<O>>,
    logon: LogonId,
) -> Result<u64, Ending> {
    server.update("arrive", |server| {
        let most = server.settings().max_connections;
        let most = most.map_or(u64::MAX, u64::from);
        server.arrive(logon).map(|()| most)
    })
}

fn refuse<P: Primitives, O: Observer>(server: &P::Monitor<Server<O>>, logon: LogonId) -> Ending {
    server.update("tell of the refusal", |server| {
        server.refuse(logon, Refusal::MaxConnections)
    })
}

/// How many logons live.
fn living<O: Observer>(server: &Server<O>) -> u64 {
    let logons = server.logons().keys();
    logons
        .filter(|&&logon| server.living(logon).is_ok())
        .count() as u64
}
