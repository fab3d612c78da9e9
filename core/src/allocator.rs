//! The algorithm, cut into steps.
//!
//! [`Allocator`] is the whole algorithm: each provided method is one step, and a step's body is nothing but
//! its sections and its wake-ups. [`Fixed`] overrides nothing. A defect overrides the one step it does wrong,
//! and so does an allocator written outside this crate.
//!
//! One monitor covers ledger, pool, line, sessions and logons; every thread may enter it at any time, and
//! none keeps anything between two sections but ids. The monitor, the cut into steps and the hand-off are a
//! reconstruction: what is documented is the sequence from idle session to logon prompt to old session
//! (KB Q186572), and that simultaneous clients came to harm in it (KB Q238186).
//!
//! # Why the gaps are harmless
//!
//! [`connect`](Allocator::connect) is four or five sections: *admit*, *claim or queue*, if need be *await
//! hand-off*, and *attach*; the line and the license service are asked between them. Anybody may run in the gaps.
//! What the logon holds is on record from the section in which it got it, so whoever ends the logon there takes
//! everything back in one section, and the record goes with it. Each later section first asks whether the
//! logon still lives, and changes nothing if not. That leaves these cases.
//!
//! 1. *Before admit.* The logon holds nothing, and the server does not know it. A hang-up finds nothing to
//!    do and is lost; but a line that is down stays down ([`Line`]), so the logon hangs up itself when it next
//!    asks, right after it was admitted. Logons may be disabled or enabled here: which it was, *admit* decides
//!    alone.
//! 2. *Between admit and claim or queue.* It holds a permit and no place in line.
//!    1. It goes on: newcomers that overtake it here have overtaken nobody in line. The order of the line is
//!       the order of *claim or queue*.
//!    2. It is hung up, or denied a license: the permit is back before anybody else can look at the ledger.
//!    3. The license service never answers: only this logon waits, for it is asked outside every section. A
//!       hang-up gives the permit back all the same, and the answer, should it come, finds the logon gone.
//! 3. *Between claim or queue and await hand-off.* It has a place in line.
//!    1. A session is handed over before it waits: the session is on record, and waiting begins with a
//!       look. Looking and falling asleep are one step, so no wake-up can fall between them.
//!    2. It is hung up: the ticket goes with the permit, so no session is ever handed to it.
//!    3. It is handed a session and then hung up: the session goes on to the next in line in the same
//!       section, which wakes everybody; without a line it is deleted, and the worker sees the demand.
//!    4. A creation fails: the logon is refused, its permit is back, and only the answer stays on record, for
//!       *await hand-off* to find and clear. Hanging it up now changes nothing.
//! 4. *Between having a session and attach.* No one else can claim it: it left the idle list, or never was on
//!    it, in the section that put it on record.
//!    1. It is hung up: as 3.3.
//!    2. The session is reset: the logon is refused, its permit is back, and *attach* finds it gone.
//!    3. Others attach: the name is chosen in *attach* itself, so none can be chosen twice.
//!    4. The reset session's id is given to a new one: a claim carries its generation, so *delete*, when it
//!       comes, finds the old session gone or not at all.
//! 5. *After attach.* What is left is the client's: see [`log_on`](Allocator::log_on).
//!
//! `log_on` has one gap more, between *arbitrate* and *swap*. The old session is claimed in *arbitrate*, so
//! a time-out passes it by ([`expire`](Allocator::expire)) and no other logon of the user is offered it. If
//! an administrator resets it, the logon goes on with its own session; if its own is reset, or the client
//! hangs up, the old one is disconnected again. `reset` is two sections, and what lies between them is
//! a session in `Reset`, which no section but *delete* touches.

use std::ops::ControlFlow;

use crate::environment::{Licenses, Line, Moment, SessionManager};
use crate::ids::{Claim, LogonId, UserId};
use crate::observer::Observer;
use crate::primitives::{Monitor, Primitives};
use crate::refusal::{Ending, Refusal};
use crate::server::{Arbitration, Demand, Server, Session, Stock};
use crate::store::{Standard, Store};

/// The allocator's algorithm. What is provided here is the fixed algorithm.
pub trait Allocator<P: Primitives, O: Observer, S: Store = Standard>:
    Send + Sync + 'static
{
    /// An allocator around `server`, with whatever shared objects of its own it needs.
    fn around(server: Server<O, S>) -> Self
    where
        Self: Sized;

    /// The monitor around the server.
    fn server(&self) -> &P::Monitor<Server<O, S>>;

    // A client connects.

    /// Brings a client to the logon prompt of a session; blocks while it waits in line. There is no
    /// deadline: a client that has had enough hangs up.
    ///
    /// # Errors
    ///
    /// How the logon ended instead. The permit and the session are back by then.
    ///
    /// # Panics
    ///
    /// When the id is that of a logon that is still known; see [`LogonId`].
    fn connect(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::BeforeArrival)?;
        self.admit(logon)?;
        self.place(logon, line, licenses)
    }

    /// Takes a permit.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        self.server().update("admit", |server| server.admit(logon))
    }

    /// Finds an admitted logon its session and attaches the client to it.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn place(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::Admitted)?;
        self.license(logon, licenses)?;
        if self.claim_or_queue(logon)?.is_none() {
            self.await_session(logon)?;
        }
        self.ask(logon, line, Moment::Claimed)?;
        self.attach(logon)
    }

    /// Asks the license service, outside every section.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
        if licenses.grant(logon) {
            Ok(())
        } else {
            Err(self.refuse(logon, Refusal::NoLicense))
        }
    }

    /// Takes an idle session, or a place in line.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.server()
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }

    /// Waits in line until a session is handed over.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.server()
            .wait_about("await hand-off", logon, |server| server.heard(logon))
    }

    /// Connects the client to its session and shows the logon prompt.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.server()
            .update("attach", |server| server.attach(logon))
    }

    // The user logs on.

    /// Logs a user on; `user` is `None` if authentication failed. To be called once, at the prompt that
    /// [`connect`](Allocator::connect) led to. A user who has a disconnected session gets that one, and the
    /// logon's own, temporary one is deleted (KB Q186572).
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn log_on(
        &self,
        logon: LogonId,
        user: Option<UserId>,
        line: &dyn Line,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::AtPrompt)?;
        let Some(user) = user else {
            return Err(self.refuse(logon, Refusal::AccessDenied));
        };
        match self.arbitrate(logon, user)? {
            Arbitration::Own(claim) => Ok(claim),
            Arbitration::Reconnect => {
                self.ask(logon, line, Moment::Arbitrating)?;
                self.swap(logon, user)
            }
        }
    }

    /// Decides between the logon's session and a disconnected one, and claims the latter.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
        self.server()
            .update("arbitrate", |server| server.arbitrate(logon, user))
    }

    /// Goes over to the old session and deletes the temporary one.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
        self.server()
            .update("swap", |server| server.swap(logon, user))
    }

    // A logon ends.

    /// Refuses a logon and takes back what it holds; if it is over, says how it ended.
    fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
        self.server().update("refuse", |server| {
            server
                .living(logon)
                .map_or_else(|gone| gone, |_| server.refuse(logon, refusal))
        })
    }

    /// Ends a logon whose client is gone, at whatever step it is. Any thread may call it at any time, and more
    /// than once; a logon that is over, or not known yet, is not touched.
    fn hang_up(&self, logon: LogonId) {
        self.server()
            .update("hang up", |server| server.hang_up(logon));
    }

    /// Leaves the session behind, disconnected. The permit is back (KB Q187443).
    ///
    /// # Errors
    ///
    /// How the logon ended before, if it was over.
    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.server()
            .update("disconnect", |server| server.disconnect(logon))
    }

    /// Ends the session. The permit is back.
    ///
    /// # Errors
    ///
    /// How the logon ended before, if it was over.
    fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
        self.server()
            .update("log off", |server| server.log_off(logon))
    }

    /// Hangs up when the line is down.
    ///
    /// # Errors
    ///
    /// [`Ending::Gone`]: the line is down.
    fn ask(&self, logon: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
        if line.is_up(moment) {
            return Ok(());
        }
        self.hang_up(logon);
        Err(Ending::Gone)
    }

    // Sessions are reset.

    /// The first session that an administrator recognizes as the one `wanted`.
    fn look_up(&self, wanted: &dyn Fn(&Session) -> bool) -> Option<Claim> {
        self.server()
            .enter("look up the session", |server| server.first_session(wanted))
    }

    /// Resets a session, if it is still the one that was looked up; says whether it was.
    fn reset(&self, claim: Claim) -> bool {
        let reset = self.server().update("reset", |server| server.reset(claim));
        self.delete_if(reset, claim)
    }

    /// Waits until a session of `user` is disconnected; `None` if the server shuts down before.
    fn await_disconnected(&self, user: UserId) -> Option<Claim> {
        self.server()
            .wait_for("await a disconnected session", |server| {
                let found = server.disconnected_session_of(user);
                (found.is_some() || server.is_closing()).then_some(found)
            })
    }

    /// Resets a session whose disconnect time-out has passed, unless somebody went back to it; says whether
    /// it did.
    ///
    /// A claim names a session, not one of its disconnections: if its user went back and left again before
    /// the timer comes here, the time-out is early. Whoever keeps the clock cancels its timers.
    fn expire(&self, claim: Claim) -> bool {
        let reset = self
            .server()
            .update("expire", |server| server.expire(claim));
        self.delete_if(reset, claim)
    }

    /// Deletes a session once its processes have ended, if it was reset.
    fn delete_if(&self, reset: bool, claim: Claim) -> bool {
        if reset {
            self.server()
                .update("delete", |server| server.delete(claim));
        }
        reset
    }

    /// Enables or disables logons (KB Q186504). Who is admitted already is not affected.
    fn enable_logons(&self, enabled: bool) {
        let label = if enabled {
            "enable logons"
        } else {
            "disable logons"
        };
        self.server()
            .update(label, |server| server.enable_logons(enabled));
    }

    // Sessions are created.

    /// Creates sessions until the server shuts down: the body of a creation worker.
    fn serve(&self, manager: &dyn SessionManager) {
        P::forever(|| self.replenish(manager));
    }

    /// Waits until a session is wanted and creates it.
    fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
        let Demand::Create(claim) = self.await_demand() else {
            return ControlFlow::Break(());
        };
        if manager.load(claim) {
            self.publish(claim);
        } else {
            self.fail_creation(claim);
        }
        ControlFlow::Continue(())
    }

    /// Waits until a session is wanted, and puts it on record.
    fn await_demand(&self) -> Demand {
        self.server()
            .wait_for("begin creation", |server| server.demand())
    }

    /// Hands a finished session to the oldest logon in line, or to the pool.
    fn publish(&self, claim: Claim) {
        self.server()
            .update("publish", |server| server.publish(claim));
    }

    /// Gives up a session that failed to load.
    fn fail_creation(&self, claim: Claim) {
        self.server().update("fail creation", |server| {
            server.fail_creation(claim);
            server.clear_down(claim);
        });
    }

    /// Shuts the server down, so that those who serve without end stop, once the line is empty and the
    /// pool full. It refuses nobody: a logon that arrives when the last worker has gone may wait in line for
    /// ever, so the embedder closes last, after it has stopped accepting clients.
    fn close(&self) {
        self.server().update("close", |server| server.close());
    }

    // Somebody takes stock.

    /// What the allocator has, in its own meaning. No step: a harness asks when nobody moves, and compares. An
    /// allocator that keeps an account outside the server, or keeps more there than it means, says so here; it
    /// [looks](crate::primitives::Word::peek) at its own objects without a step.
    fn stock(&self, server: &Server<O>) -> Stock {
        Stock::of(server)
    }
}

/// The fixed algorithm: every step as provided.
pub struct Fixed<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for Fixed<P, O, S> {
    fn around(server: Server<O, S>) -> Self {
        Fixed {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O, S>> {
        &self.server
    }
}
