//! What the allocator asks of the world around it: the client's line, the license service, and what builds
//! sessions. The embedder implements these; all of them are asked outside every section, so each may take
//! its time, and none may call back into a section.

use crate::ids::{Claim, LogonId};
use crate::symmetric;

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
symmetric! { plain Moment }

/// The connection to a client, as far as the allocator cares.
///
/// A client that vanishes while its logon waits in line is reported by
/// [`Allocator::hang_up`](crate::Allocator::hang_up), from whichever thread notices. A line that is down stays
/// down, and it is down before anybody reports it: a hang-up that comes too early to find the logon is
/// then made good at the next moment the line is asked.
pub trait Line {
    /// Whether the client is still there.
    fn is_up(&self, moment: Moment) -> bool;
}

/// The license service (KB Q257617).
pub trait Licenses {
    /// Whether the client may have a license. It may block, even for ever: nobody but this logon waits.
    fn grant(&self, logon: LogonId) -> bool;
}

/// What builds sessions (documented as SMSS, KB Q186572).
pub trait SessionManager {
    /// Loads the subsystem of the session `claim` names; says whether that succeeded.
    ///
    /// After a failure the worker tries again as long as sessions are wanted, at once and without end: there
    /// is no clock in here to wait by. A manager that may fail for long takes its time before it says so.
    fn load(&self, claim: Claim) -> bool;
}
