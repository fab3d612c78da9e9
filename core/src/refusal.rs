//! What a client may be told instead of being served, and the events the server logs.

use std::fmt;

use crate::symmetric;

/// Why a logon was refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Refusal {
    /// As many connections as allowed are in use. Lawful only when they are (KB Q192165).
    MaxConnections,
    /// An administrator has disabled logons (KB Q186504).
    LogonsDisabled,
    /// The license service denied a license (KB Q187629).
    NoLicense,
    /// The user could not be authenticated (code 7045 of KB Q186548).
    AccessDenied,
    /// The session that was being created for this logon failed to initialize.
    CreationFailed,
    /// An administrator reset the session before the logon was complete.
    SessionReset,
    /// The logon could not be completed although nothing above applies: always a defect.
    Dropped(DropReason),
}
symmetric! {
    enum Refusal {
        MaxConnections,
        LogonsDisabled,
        NoLicense,
        AccessDenied,
        CreationFailed,
        SessionReset,
        Dropped(reason),
    }
}

/// What went wrong when a logon was dropped. The codes are those of KB Q186548; tying them to event 22 is
/// a reconstruction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DropReason {
    /// No idle session was found.
    NoIdle,
    /// The session's name is in use (7023).
    NameInUse,
    /// The session is busy with another connect, disconnect, reset or delete (7024).
    Busy,
    /// The session cannot be found (7022).
    NotFound,
    /// The session has not finished its initialization.
    NotReady,
}
symmetric! { plain DropReason, Event }

/// An entry of the event log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Event {
    /// Event 22. That it exists is documented (KB Q238186); its text is not, and the meaning "a logon was
    /// dropped" is a reconstruction.
    LogonDropped,
    /// Event 71: the maximum connection count was exceeded (KB Q192165).
    MaximumConnectionsExceeded,
    /// Event 201: no license (KB Q187629).
    NoLicense,
}

impl Event {
    /// The number under which the event is logged.
    pub fn id(self) -> u16 {
        match self {
            Event::LogonDropped => 22,
            Event::MaximumConnectionsExceeded => 71,
            Event::NoLicense => 201,
        }
    }
}

impl Refusal {
    /// The event this refusal must be logged with, if any is documented.
    pub fn event(self) -> Option<Event> {
        match self {
            Refusal::MaxConnections => Some(Event::MaximumConnectionsExceeded),
            Refusal::NoLicense => Some(Event::NoLicense),
            Refusal::Dropped(_) => Some(Event::LogonDropped),
            Refusal::LogonsDisabled
            | Refusal::AccessDenied
            | Refusal::CreationFailed
            | Refusal::SessionReset => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::MaxConnections => "the maximum connection count was exceeded",
            Refusal::LogonsDisabled => "logons are disabled",
            Refusal::NoLicense => "no license",
            Refusal::AccessDenied => "access denied",
            Refusal::CreationFailed => "the session could not be created",
            Refusal::SessionReset => "the session was reset",
            Refusal::Dropped(drop) => return write!(f, "dropped, {drop}"),
        })
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DropReason::NoIdle => "no idle session",
            DropReason::NameInUse => "name in use",
            DropReason::Busy => "session busy",
            DropReason::NotFound => "session not found",
            DropReason::NotReady => "session not ready",
        })
    }
}

/// How a logon ended without a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ending {
    /// The server refused it.
    Refused(Refusal),
    /// It is over for another reason: the client left, its line was cut, or another party ended the session.
    Gone,
}
symmetric! { enum Ending { Refused(refusal), Gone } }

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Refused(refusal) => write!(f, "refused: {refusal}"),
            Ending::Gone => f.write_str("gone"),
        }
    }
}
