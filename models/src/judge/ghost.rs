//! What the judge believes, from what it was told alone.

use std::collections::BTreeSet;

use logon_core::observer::Departure;
use logon_core::{
    Claim, Generation, LogonId, Refusal, SessionState, StationName, UserId, symmetric,
};

/// How far a logon has come, as told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Stage {
    /// Known, not admitted yet.
    Arrived,
    /// Admitted, and somewhere between the permit and the prompt.
    Serving,
    /// Sees the prompt.
    AtPrompt,
    /// Complete.
    LoggedOn,
    /// Over, without a refusal.
    Over,
    /// Refused.
    Refused(Refusal),
}
symmetric! { enum Stage { Arrived, Serving, AtPrompt, LoggedOn, Over, Refused(refusal) } }

/// What may excuse a refusal, kept from a logon's first fact to its last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Excuses {
    /// Before it was admitted, the others held every permit at some moment.
    pub(super) saw_full: bool,
    /// Before it was admitted, logons were enabled at some moment.
    pub(super) saw_enabled: bool,
    /// Before it was admitted, logons were disabled at some moment.
    pub(super) saw_disabled: bool,
    /// The creation that failed while it was the oldest in line that had not lost one to a failure yet. With one worker, a
    /// later one that succeeds makes up for it.
    pub(super) lost_creation: Option<Generation>,
    /// An administrator aimed a reset at the session it held.
    pub(super) saw_reset: bool,
}
symmetric! { struct Excuses { saw_full, saw_enabled, saw_disabled, lost_creation, saw_reset } }

/// A logon, as told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GhostLogon {
    pub(super) stage: Stage,
    pub(super) excuses: Excuses,
    /// The session at whose prompt its client arrived.
    pub(super) prompt: Option<Claim>,
    /// The name it had there, until it is logged on.
    pub(super) name: Option<StationName>,
    /// The session it was logged on to.
    pub(super) home: Option<Claim>,
    /// How it came to an end after it was complete.
    pub(super) departed: Option<Departure>,
    /// The session it holds.
    pub(super) claim: Option<Claim>,
    /// The disconnected session it was told to go back to, and whether that was lost to a reset since.
    pub(super) old: Option<(Claim, bool)>,
    /// The user it was arbitrated for, until it is logged on.
    pub(super) arbitrated: Option<UserId>,
    /// Whether the event of its refusal was logged.
    pub(super) logged: bool,
    /// Whether another logon was under admission at the same time; forgotten once it is admitted.
    pub(super) overlapped: bool,
}
symmetric! {
    struct GhostLogon { stage, excuses, prompt, name, home, departed, claim, old, arbitrated, logged, overlapped }
}

impl GhostLogon {
    pub(super) fn new(overlapped: bool) -> Self {
        GhostLogon {
            stage: Stage::Arrived,
            excuses: Excuses::default(),
            prompt: None,
            name: None,
            home: None,
            departed: None,
            claim: None,
            old: None,
            arbitrated: None,
            logged: false,
            overlapped,
        }
    }

    /// It is over, and stays so. Only what is asked about such a logon is kept: what its client was told, and
    /// whether its event was logged. The rest decides about what a living logon does next, and would keep
    /// states apart that cannot be told from each other any more.
    pub(super) fn end(&mut self, stage: Stage) {
        *self = GhostLogon {
            stage,
            prompt: self.prompt,
            home: self.home,
            departed: self.departed,
            logged: self.logged,
            ..GhostLogon::new(false)
        };
    }

    /// Whether it counts against the maximum: admitted, and not over.
    pub(super) fn is_held(&self) -> bool {
        matches!(
            self.stage,
            Stage::Serving | Stage::AtPrompt | Stage::LoggedOn
        )
    }

    /// The disconnected session it was told to go back to.
    pub(super) fn old_claim(&self) -> Option<Claim> {
        self.old.map(|(old, _)| old)
    }

    /// Whether it has had its outcome or its end.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over | Stage::Refused(_))
    }
}

/// A session, as told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GhostSession {
    pub(super) state: SessionState,
    pub(super) loaded: bool,
    pub(super) name: Option<StationName>,
    pub(super) user: Option<UserId>,
    /// The state its logon's departure must bring it into next.
    pub(super) due: Option<SessionState>,
    /// Whether a reset was aimed at it that hit it.
    pub(super) is_hit: bool,
    /// The logons of a client that an administrator is after and that have held it.
    pub(super) held_by: BTreeSet<LogonId>,
}
symmetric! { struct GhostSession { state, loaded, name, user, due, is_hit, held_by } }

impl GhostSession {
    /// Whether it is a disconnected session of `user`.
    pub(super) fn is_disconnected(&self, user: UserId) -> bool {
        self.state == SessionState::Disconnected && self.user == Some(user)
    }
}
