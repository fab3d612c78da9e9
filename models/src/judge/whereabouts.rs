//! How far somebody has come, for whoever wants to know which situations a search reaches.

use logon_core::{Claim, LogonId, Refusal, SessionState, UserId};

use super::ghost::Stage;
use super::{Judge, Records};

/// How far a logon that is held has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whereabouts {
    /// It has a permit.
    Admitted,
    /// It waits in line.
    InLine,
    /// It has a session that its client has not seen.
    Claimed,
    /// Its client sees the prompt.
    AtPrompt,
    /// It goes back to this session.
    Returning(Claim),
    /// It is complete.
    LoggedOn,
}

impl<R: Records> Judge<R> {
    /// How far a logon has come, if it is held.
    pub(crate) fn whereabouts(&self, logon: LogonId) -> Option<Whereabouts> {
        let ghost = self.records.logon(logon)?;
        match (ghost.stage, ghost.old) {
            (Stage::Serving, _) if self.records.is_waiting(logon) => Some(Whereabouts::InLine),
            (Stage::Serving, _) if ghost.claim.is_some() => Some(Whereabouts::Claimed),
            (Stage::Serving, _) => Some(Whereabouts::Admitted),
            (Stage::AtPrompt, Some((old, _))) => Some(Whereabouts::Returning(old)),
            (Stage::AtPrompt, None) => Some(Whereabouts::AtPrompt),
            (Stage::LoggedOn, _) => Some(Whereabouts::LoggedOn),
            (Stage::Arrived | Stage::Over | Stage::Refused(_), _) => None,
        }
    }

    /// How many logons wait in line.
    pub(crate) fn waiting(&self) -> usize {
        self.records.waiting()
    }

    /// How many logons have a client at a prompt, or are complete.
    pub(crate) fn served(&self) -> usize {
        let served = |stage| matches!(stage, Stage::AtPrompt | Stage::LoggedOn);
        let logons = self.records.logons();
        logons.filter(|(_, ghost)| served(ghost.stage)).count()
    }

    /// Whether a logon that is never answered about its license has a permit.
    pub(crate) fn waits_for_a_license(&self) -> bool {
        let mut never = self.truth.never_answered.iter();
        never.any(|&logon| self.whereabouts(logon) == Some(Whereabouts::Admitted))
    }

    /// The state of a session.
    pub(crate) fn state_of(&self, claim: Claim) -> Option<SessionState> {
        self.records.session(claim).map(|session| session.state)
    }

    /// Whose session this is.
    pub(crate) fn owner(&self, claim: Claim) -> Option<UserId> {
        self.records.session(claim)?.user
    }

    /// How many sessions are under creation.
    pub(crate) fn creating(&self) -> usize {
        self.records.count(SessionState::Init) as usize
    }

    /// The users of the logons that are complete, one for each.
    pub(crate) fn users(&self) -> Vec<UserId> {
        let complete = self
            .records
            .logons()
            .filter(|(_, ghost)| ghost.stage == Stage::LoggedOn);
        complete
            .filter_map(|(_, ghost)| self.records.session(ghost.home?)?.user)
            .collect()
    }

    /// Whether logons are enabled.
    pub(crate) fn enables_logons(&self) -> bool {
        self.logons_enabled
    }

    /// Whether a logon was refused for this reason.
    pub(crate) fn has_refused(&self, refusal: Refusal) -> bool {
        let refused = Stage::Refused(refusal);
        let mut logons = self.records.logons();
        logons.any(|(_, ghost)| ghost.stage == refused)
    }
}
