//! An allocator written from outside, against the public trait: its permits are counted in a word.
//!
//! Admission is a compare-and-swap that takes a permit unless all are out, beside the monitor; the server is
//! told one section later. So has a present-day gateway done it (glyptodon/guacamole-client, pull request
//! 338). It is correct and not atomic, which makes it the touchstone of whoever judges refusals: between the
//! permit and the telling, the server is fuller than it says.
//!
//! What is harder than taking a permit is giving it back. A logon ends inside the monitor, in more than one
//! step, and its permit comes back one step later, in the word. In that gap the word says *full* of a server
//! which has told that somebody left, and a newcomer must not be refused for it. So departures are counted
//! when they begin and when they are through, and a refusal is given only by the numbers of a quiet moment:
//!
//! 1. No departure was under way when the newcomer began to look, and none has begun since it read the word.
//!    Then every permit the word counted was held, or about to be told, when it was read. The refusal is right.
//! 2. A departure was under way: the newcomer waits for it. It never waits for anything else: whoever departs
//!    does not block.
//! 3. A departure began while the newcomer looked: it looks again. Each round costs another's departure.
//!
//! Taking a permit needs no such care: the word never counts fewer permits than are held.

use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Plain, Primitives, Word};
use logon_core::{Allocator, Claim, Ending, LogonId, Observer, Refusal, Server, symmetric};

/// The allocator with its permits in a word.
pub(crate) struct OutsideAllocator<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    /// How many permits are out.
    permits: P::Word,
    departures: P::Monitor<Departures>,
    maximum: u64,
}

/// How many departures began, and how many are through.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Departures {
    begun: u32,
    through: u32,
}
symmetric! { struct Departures { begun, through } }

impl<P: Primitives, O: Observer> Allocator<P, O> for OutsideAllocator<P, O> {
    fn around(server: Server<O>) -> Self {
        OutsideAllocator {
            maximum: server
                .settings()
                .max_connections
                .map_or(u64::MAX, u64::from),
            server: P::Monitor::new("server", server),
            permits: P::Word::new("permits", 0),
            departures: P::Monitor::new("departures", Departures::default()),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        self.server
            .update("arrive", |server| server.arrive(logon))?;
        loop {
            let begun = self
                .departures
                .wait_for("let departures finish", |departures| {
                    (departures.begun == departures.through).then_some(departures.begun)
                });
            if self.try_acquire() {
                self.server.update("tell of the admission", |server| {
                    let in_use = server.ledger().in_use() + 1;
                    server.ledger_mut().set_in_use(in_use);
                    server.register(logon);
                });
                return Ok(());
            }
            let quiet = self.departures.enter("look for departures", |departures| {
                departures.begun == begun
            });
            if quiet {
                return Err(self.server.update("tell of the refusal", |server| {
                    server.refuse(logon, Refusal::MaxConnections)
                }));
            }
        }
    }

    // Every step in which a logon may end. An expired session is not among them, since nobody holds it; nor
    // are `attach`, `arbitrate` and `swap`, which drop a logon only if its session was taken from it, and here
    // nobody does that without ending the logon.

    fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
        self.depart("refuse", |server| match server.living(logon) {
            Ok(_) => server.refuse(logon, refusal),
            Err(ended) => ended,
        })
    }

    fn hang_up(&self, logon: LogonId) {
        self.depart("hang up", |server| server.hang_up(logon));
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.depart("disconnect", |server| server.disconnect(logon))
    }

    fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
        self.depart("log off", |server| server.log_off(logon))
    }

    fn reset(&self, claim: Claim) -> bool {
        let reset = self.depart("reset", |server| server.reset(claim));
        self.delete_if(reset, claim)
    }

    fn fail_creation(&self, claim: Claim) {
        self.depart("fail creation", |server| {
            server.fail_creation(claim);
            server.clear_down(claim);
        });
    }
}

impl<P: Primitives, O: Observer> OutsideAllocator<P, O> {
    /// Runs a section in which logons may end, and gives back in the word what it gave back in the ledger.
    fn depart<R: Plain>(&self, label: &'static str, section: impl Fn(&mut Server<O>) -> R) -> R {
        self.departures
            .enter("begin a departure", |departures| departures.begun += 1);
        let (result, returned) = self.server.update(label, |server| {
            let before = server.ledger().in_use();
            let result = section(server);
            (result, before - server.ledger().in_use())
        });
        self.release(u64::from(returned));
        self.departures
            .update("finish a departure", |departures| departures.through += 1);
        result
    }

    /// How many permits the word says are out.
    fn permits_out(&self) -> u64 {
        self.permits.load("read the permits", SeqCst)
    }

    /// Takes a permit unless all are out. A round is lost only to another's success.
    fn try_acquire(&self) -> bool {
        let mut out = self.permits_out();
        while out < self.maximum {
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

    /// Gives permits back. A round is lost only to another's success.
    fn release(&self, returned: u64) {
        if returned == 0 {
            return;
        }
        let mut out = self.permits_out();
        while let Err(found) =
            self.permits
                .compare_exchange("give permits back", out, out - returned, SeqCst)
        {
            out = found;
        }
    }
}
