//! Identifiers of the parties, in their canonical form and in a scene.
//!
//! A party's bundle is kept with canonical identifiers: its logon and its user are 1, its own sessions count from 10,
//! and their names from 5. When it takes part in a section, it stands in a *slot*, and its identifiers are moved by a
//! hundred for each slot, so that no two parties share one. A claim that it has seen and that is not its own names
//! either a session that is gone for good, or one that may be somebody else's now.

use std::cell::Cell;

use logon_core::{Claim, Generation, LogonId, SessionId, StationName, UserId};

/// Where a party stands in a scene.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Slot(pub(super) u32);

/// The last slot: that of a party that comes into being.
pub(super) const LAST_SLOT: u32 = 20;

const STRIDE: u32 = 100;
const LOGON: u32 = 1;
const USER: u32 = 1;
const FIRST_OWN: u32 = 10;
const FIRST_NAME: u32 = 5;
const ELSEWHERE: u32 = 80;
const GONE: u32 = 90;
const STALE: u32 = 3;

/// Where the server's two counters stand before a section: above every number that is given to a party, and far apart, so
/// that a section that takes one for the other gives a number that is not new. Which numbers they are makes no other
/// difference; a test has others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counters {
    /// How many sessions were created.
    pub(super) created: u32,
    /// The highest number that a session was named with.
    pub(super) named: u32,
}

impl Counters {
    /// Where they stand if nobody says otherwise.
    pub(super) const USUAL: Counters = Counters {
        created: 5_000,
        named: 7_000,
    };
}

thread_local! {
    static COUNTERS: Cell<Counters> = const { Cell::new(Counters::USUAL) };
}

/// Where the counters stand.
pub(super) fn counters() -> Counters {
    COUNTERS.get()
}

/// From now on, this thread has the counters stand here.
#[cfg(test)]
pub(super) fn count_from(counters: Counters) {
    COUNTERS.set(counters);
}

fn claim(number: u32) -> Claim {
    Claim {
        session: SessionId(number),
        generation: Generation(number),
    }
}

/// The claim of this number, whosever it is.
pub(super) fn numbered(number: u32) -> Claim {
    claim(number)
}

/// The canonical claim on a party's own session, counted from 0.
pub(super) fn own_claim(index: usize) -> Claim {
    claim(FIRST_OWN + u32::try_from(index).expect("few sessions"))
}

/// The canonical name of a party's own session, counted from 0.
pub(super) fn own_name(index: usize) -> StationName {
    StationName(FIRST_NAME + u32::try_from(index).expect("few names"))
}

/// The canonical claim on a session that may be somebody else's now. A party may have seen several, counted from 0.
pub(super) fn elsewhere(index: usize) -> Claim {
    claim(ELSEWHERE + within_ten(index))
}

/// The canonical claim on a session that is gone. A party may have seen several, counted from 0.
pub(super) fn gone(index: usize) -> Claim {
    claim(GONE + within_ten(index))
}

fn within_ten(index: usize) -> u32 {
    assert!(
        index < 10,
        "a party has seen more than ten sessions of others"
    );
    u32::try_from(index).expect("less than ten")
}

/// A claim on an earlier session of the same id.
pub(super) fn stale(claim: Claim) -> Claim {
    Claim {
        generation: Generation(STALE),
        ..claim
    }
}

/// Whether the claim names, or might name, a session of somebody else.
pub(super) fn is_elsewhere(claim: Claim) -> bool {
    claim.session.0 < counters().created && is_elsewhere_number(claim.session.0)
}

fn is_elsewhere_number(session: u32) -> bool {
    (ELSEWHERE..GONE).contains(&(session % STRIDE))
}

/// Whether the number is that of a claim of the acting party on a session that may be somebody else's.
pub(super) fn is_remembered(session: u32) -> bool {
    session < STRIDE && is_elsewhere_number(session)
}

/// Whether a session's number is one that some party has, or that is known to be gone.
pub(super) fn is_accounted_for(session: u32) -> bool {
    let within = session % STRIDE;
    session >= counters().created || within >= FIRST_OWN
}

impl Slot {
    /// All that there are.
    pub(super) fn all() -> impl Iterator<Item = Slot> {
        (0..=LAST_SLOT).map(Slot)
    }

    fn offset(self) -> u32 {
        self.0 * STRIDE
    }

    /// The party's logon.
    pub(super) fn logon(self) -> LogonId {
        LogonId(LOGON + self.offset())
    }

    /// The party's user.
    pub(super) fn user(self) -> UserId {
        UserId(USER + self.offset())
    }

    /// A canonical claim, in this slot.
    pub(super) fn claim(self, canonical: Claim) -> Claim {
        Claim {
            session: SessionId(canonical.session.0 + self.offset()),
            generation: Generation(canonical.generation.0 + self.offset()),
        }
    }

    /// A canonical name, in this slot.
    pub(super) fn name(self, canonical: StationName) -> StationName {
        StationName(canonical.0 + self.offset())
    }

    /// A canonical logon, in this slot.
    pub(super) fn logon_of(self, canonical: LogonId) -> LogonId {
        LogonId(canonical.0 + self.offset())
    }

    /// A canonical user, in this slot.
    pub(super) fn user_of(self, canonical: UserId) -> UserId {
        UserId(canonical.0 + self.offset())
    }
}

/// The canonical form of a logon in whatever slot.
pub(super) fn canonical_logon(logon: LogonId) -> LogonId {
    LogonId(logon.0 % STRIDE)
}

/// The canonical form of a user in whatever slot.
pub(super) fn canonical_user(user: UserId) -> UserId {
    UserId(user.0 % STRIDE)
}
