//! What the server tells of each step, inside the section in which it happens.

use crate::ids::{Claim, LogonId, StationName, UserId};
use crate::primitives::Plain;
use crate::refusal::{Event, Refusal};
use crate::state::SessionState;
use crate::symmetric;

/// Is told every [`Fact`], inside the section that brings it about.
///
/// The observer is part of the server's state, so it is a plain value: an explorer that clones the state
/// clones what was observed with it. An event log, a meter and a judge are observers; `()` is the observer
/// that costs nothing.
pub trait Observer: Plain {
    /// Takes note of `fact`. Of two facts of one section the cause is told before what follows from it: that a client has
    /// left before what becomes of its session, that a session is reset by somebody before that it is in `Reset`.
    fn tell(&mut self, fact: Fact);

    /// A section that a harness runs on somebody's behalf is over, whether it told anything or not. No allocator
    /// calls it: see [`Server::after_section`](crate::Server::after_section).
    #[inline]
    fn after_section(&mut self) {}
}

impl Observer for () {
    #[inline]
    fn tell(&mut self, _: Fact) {}
}

/// How a logon that was complete came to an end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Departure {
    /// The client disconnected, or its line broke and broken lines are disconnected: the session stays.
    Disconnected,
    /// The user logged off: the session is deleted.
    LoggedOff,
    /// The session was reset by an administrator or a timer.
    Reset,
}

/// Who resets a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resetter {
    /// An administrator.
    Administrator,
    /// The disconnect time-out.
    Timer,
}
symmetric! { plain Departure, Resetter }

/// One thing that became true in a section.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fact {
    /// A client's connection reached the server: the first fact of every logon.
    Arrived {
        /// The logon.
        logon: LogonId,
    },
    /// The logon got a permit and counts against the maximum.
    Admitted {
        /// The logon.
        logon: LogonId,
    },
    /// No session was free; the logon waits in line.
    Queued {
        /// The logon.
        logon: LogonId,
    },
    /// The logon holds a session, taken from the pool or handed to it.
    Claimed {
        /// The logon.
        logon: LogonId,
        /// The session.
        claim: Claim,
    },
    /// The logon starts to use its session.
    Attaching {
        /// The logon.
        logon: LogonId,
        /// The session.
        claim: Claim,
    },
    /// The client sees the logon prompt.
    Attached {
        /// The logon.
        logon: LogonId,
        /// The session.
        claim: Claim,
        /// The session's name while connected.
        name: StationName,
    },
    /// The user is known, and the server decides between the logon's own session and a disconnected one.
    Arbitrated {
        /// The logon.
        logon: LogonId,
        /// The user.
        user: UserId,
        /// The disconnected session the server chose, if any.
        old: Option<Claim>,
    },
    /// The logon is complete.
    LoggedOn {
        /// The logon.
        logon: LogonId,
        /// The session it ended up with.
        claim: Claim,
    },
    /// The logon was refused. Its event, if it has one, is told next.
    Refused {
        /// The logon.
        logon: LogonId,
        /// Why.
        refusal: Refusal,
    },
    /// The client left before the logon was complete.
    Abandoned {
        /// The logon.
        logon: LogonId,
    },
    /// A complete logon came to an end.
    Left {
        /// The logon.
        logon: LogonId,
        /// How.
        departure: Departure,
    },
    /// A session came to be (`from` is `None`), changed its state, or was deleted (`to` is `None`).
    Session {
        /// The session.
        claim: Claim,
        /// State before.
        from: Option<SessionState>,
        /// State after.
        to: Option<SessionState>,
    },
    /// A session's subsystem finished its initialization.
    Loaded {
        /// The session.
        claim: Claim,
    },
    /// Somebody resets a session.
    Reset {
        /// Who.
        by: Resetter,
        /// The session that was meant.
        aimed: Claim,
        /// The session that is reset.
        hit: Claim,
    },
    /// Logons were enabled or disabled.
    LogonsEnabled(
        /// Whether they are enabled now.
        bool,
    ),
    /// An entry of the event log.
    Logged {
        /// The logon it is about.
        logon: LogonId,
        /// The event.
        event: Event,
    },
}

impl Fact {
    /// The logon whose wait for a hand-off it may have ended: it has a session, or is over.
    pub fn ends_wait_of(&self) -> Option<LogonId> {
        match *self {
            Fact::Claimed { logon, .. }
            | Fact::Refused { logon, .. }
            | Fact::Abandoned { logon }
            | Fact::Left { logon, .. } => Some(logon),
            _ => None,
        }
    }
}

symmetric! {
    enum Fact {
        Arrived { logon },
        Admitted { logon },
        Queued { logon },
        Claimed { logon, claim },
        Attaching { logon, claim },
        Attached { logon, claim, name },
        Arbitrated { logon, user, old },
        LoggedOn { logon, claim },
        Refused { logon, refusal },
        Abandoned { logon },
        Left { logon, departure },
        Session { claim, from, to },
        Loaded { claim },
        Reset { by, aimed, hit },
        LogonsEnabled(enabled),
        Logged { logon, event },
    }
}
