//! What an allocator asks of the world: a client's line, the license service, and what builds sessions.

use std::rc::Rc;

use logon_core::primitives::Monitor;
use logon_core::{Claim, Licenses, Line, LogonId, Moment, SessionManager};
use logon_sim::SimMonitor;
use logon_sim::timed::Key;

use super::world::Shared;
use crate::scenario::LicenseReply;
use crate::stage::attributed;

/// The lines of all clients.
pub(super) struct ClientLine(pub(super) Shared);

impl ClientLine {
    /// The line of this client.
    pub(super) fn of(&self, logon: LogonId) -> OneLine<'_> {
        OneLine { lines: self, logon }
    }
}

/// The line of one client.
pub(super) struct OneLine<'a> {
    lines: &'a ClientLine,
    logon: LogonId,
}

impl Line for OneLine<'_> {
    fn is_up(&self, _: Moment) -> bool {
        let world = self.lines.0.borrow();
        let is_up = world
            .clients
            .get(self.logon)
            .is_some_and(|client| client.is_up);
        if !is_up {
            attributed::line_is_down();
        }
        is_up
    }
}

/// The license service as a client meets it.
pub(super) struct Desk {
    pub(super) world: Shared,
    pub(super) gate: Rc<SimMonitor<()>>,
    pub(super) key: Key,
}

impl Licenses for Desk {
    fn grant(&self, logon: LogonId) -> bool {
        let Some((reply, after)) = self.world.borrow_mut().asks_for_a_license(logon, self.key)
        else {
            return true;
        };
        if after > 0 {
            pause(&self.gate, "await the license reply");
        }
        self.world.borrow_mut().has_a_reply(logon);
        reply == LicenseReply::Granted
    }
}

/// What builds sessions.
pub(super) struct Loader {
    pub(super) world: Shared,
    pub(super) gate: Rc<SimMonitor<()>>,
    pub(super) key: Key,
}

impl SessionManager for Loader {
    fn load(&self, claim: Claim) -> bool {
        let stalls = self.world.borrow_mut().begins_a_creation(claim, self.key);
        if stalls {
            pause(&self.gate, "stall");
            self.world.borrow_mut().stall_is_over();
        }
        self.world.borrow_mut().begins_a_set_up(claim, self.key);
        pause(&self.gate, "await the set-up");
        let loaded = self.world.borrow_mut().ends_a_set_up(claim);
        if loaded {
            attributed::has_loaded(claim);
        }
        loaded
    }
}

/// Waits until the world wakes the actor that calls. What it is doing is put aside meanwhile, as the operations of the
/// allocator do it.
fn pause(gate: &SimMonitor<()>, label: &'static str) {
    attributed::aside(|| gate.sleep(label));
}
