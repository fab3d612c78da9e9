//! The algorithm, cut into steps.
//!
//! [`Allocator`] is the whole algorithm: each provided method is one step, and a step's body is nothing but
//! its sections and its wake-ups. [`Fixed`] overrides nothing. A defect overrides the one step it does wrong,
//! and so does an allocator written outside this crate.
//!
//! One monitor covers ledger, pool, line, sessions and logons. Between two sections of a logon anybody may
//! run: what the logon holds is on record, so whoever ends it can take everything back, and the logon notices
//! at its next section, each of which first asks whether it still lives.

use std::ops::ControlFlow;

use crate::ids::{Claim, LogonId, UserId};
use crate::observer::Observer;
use crate::primitives::{Monitor, Primitives};
use crate::refusal::{Ending, Refusal};
use crate::server::{Arbitration, Demand, Server};

/// A moment in a logon's life at which its line is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Moment {
    /// Nothing has been done for the client yet.
    BeforeArrival,
    /// It holds a permit.
    Admitted,
    /// It holds a session it has not seen.
    Claimed,
    /// It sees the logon prompt.
    AtPrompt,
    /// It is on its way back to an old session.
    Arbitrating,
}

/// The connection to a client, as far as the allocator cares.
///
/// A client that vanishes while its logon waits in line is reported by [`Allocator::hang_up`], from whichever
/// thread notices.
pub trait Line {
    /// Whether the client is still there.
    fn is_up(&self, moment: Moment) -> bool;
}

/// The license service (KB Q257617). It is asked outside every section, so it may take its time.
pub trait Licenses {
    /// Whether the client may have a license. It may block, even for ever.
    fn grant(&self, logon: LogonId) -> bool;
}

/// What builds sessions (documented as SMSS, KB Q186572). It works outside every section.
pub trait SessionManager {
    /// Loads a session's subsystem; says whether that succeeded.
    fn load(&self, claim: Claim) -> bool;
}

/// The allocator's algorithm. What is provided here is the fixed algorithm.
pub trait Allocator<P: Primitives, O: Observer>: Send + Sync + 'static {
    /// An allocator around `server`, with whatever shared objects of its own it needs.
    fn around(server: Server<O>) -> Self
    where
        Self: Sized;

    /// The monitor around the server.
    fn server(&self) -> &P::Monitor<Server<O>>;

    // A client connects.

    /// Brings a client to the logon prompt of a session.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
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
    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        self.server().update("admit", |server| server.admit(logon))
    }

    /// Finds an admitted logon its session and attaches the client to it.
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
    fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
        if licenses.grant(logon) {
            Ok(())
        } else {
            Err(self.refuse(logon, Refusal::NoLicense))
        }
    }

    /// Takes an idle session, or a place in line.
    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.server()
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }

    /// Waits in line until a session is handed over.
    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.server()
            .wait_for("await hand-off", |server| server.heard(logon))
    }

    /// Connects the client to its session and shows the logon prompt.
    fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.server()
            .update("attach", |server| server.attach(logon))
    }

    // The user logs on.

    /// Logs a user on at the prompt; `user` is `None` if authentication failed.
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
    fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
        self.server()
            .update("arbitrate", |server| server.arbitrate(logon, user))
    }

    /// Goes over to the old session and deletes the temporary one.
    fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
        self.server()
            .update("swap", |server| server.swap(logon, user))
    }

    // A logon ends.

    /// Refuses a logon and takes back what it holds.
    fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
        self.server().update("refuse", |server| {
            server
                .living(logon)
                .map_or_else(|gone| gone, |_| server.refuse(logon, refusal))
        })
    }

    /// Ends a logon whose client is gone, at whatever step it is. Any thread may call it at any time.
    fn hang_up(&self, logon: LogonId) {
        self.server()
            .update("hang up", |server| server.hang_up(logon));
    }

    /// Leaves the session behind, disconnected.
    ///
    /// # Errors
    ///
    /// [`Ending::Gone`] when the logon is already over.
    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.server()
            .update("disconnect", |server| server.disconnect(logon))
    }

    /// Ends the session.
    ///
    /// # Errors
    ///
    /// [`Ending::Gone`] when the logon is already over.
    fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
        self.server()
            .update("log off", |server| server.log_off(logon))
    }

    /// Hangs up, and fails, when the line is down.
    fn ask(&self, logon: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
        if line.is_up(moment) {
            return Ok(());
        }
        self.hang_up(logon);
        Err(Ending::Gone)
    }

    // Sessions are reset.

    /// The session of a user, for an administrator to act on.
    fn look_up(&self, user: UserId) -> Option<Claim> {
        self.server()
            .enter("look up the session", |server| server.session_of(user))
    }

    /// Resets a session, if it is still the one that was looked up.
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

    /// Resets a session whose disconnect time-out has passed, unless somebody went back to it.
    fn expire(&self, claim: Claim) -> bool {
        let reset = self
            .server()
            .update("expire", |server| server.expire(claim));
        self.delete_if(reset, claim)
    }

    /// Deletes a session once its processes have ended.
    fn delete_if(&self, reset: bool, claim: Claim) -> bool {
        if reset {
            self.server()
                .update("delete", |server| server.delete(claim));
        }
        reset
    }

    /// Enables or disables logons.
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

    /// Shuts the server down, so that those who serve without end stop.
    fn close(&self) {
        self.server().update("close", |server| server.close());
    }
}

/// The fixed algorithm: every step as provided.
pub struct Fixed<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Fixed<P, O> {
    fn around(server: Server<O>) -> Self {
        Fixed {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }
}
