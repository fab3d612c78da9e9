//! Liveness where the server never comes to rest: what must not stand for ever.

use logon_core::LogonId;

use super::ghost::Stage;
use super::property::Property;
use super::{Judge, Records, Violation};

/// The properties that stand or do not in every single state; the others are about who comes to an end.
const STANDING: [Property; 3] = [
    Property::WorkConservation,
    Property::PoolRefill,
    Property::Cleanup,
];

impl<R: Records> Judge<R> {
    /// The properties that would be violated if this state lasted for ever.
    pub fn outstanding(&self) -> Vec<Property> {
        let stands = |property: &Property| !self.starved(*property).is_empty();
        STANDING.into_iter().filter(stands).collect()
    }

    /// What is violated if `property`, one of the outstanding, stays so for ever.
    pub fn starved(&self, property: Property) -> Vec<Violation> {
        let mut judge = self.clone();
        match property {
            Property::WorkConservation => judge.work_conservation(),
            Property::PoolRefill => judge.pool_refill(),
            Property::Cleanup => judge.cleanup(),
            _ => {}
        }
        judge.violations
    }

    /// A call never returns although everybody is served fairly: that of a client for this logon, or of
    /// somebody who is no client.
    pub fn never_ends(&mut self, logon: Option<LogonId>) {
        match logon {
            // Where its client stands, nobody sees here: it may wait for its license.
            Some(logon) if self.may_await_its_license(logon) => {}
            Some(logon) => {
                let unlicensed = self.truth.never_answered.clone();
                self.termination_and_isolation(&[logon], &unlicensed);
            }
            None => self.others_terminate(true),
        }
    }

    fn may_await_its_license(&self, logon: LogonId) -> bool {
        let ghost = self.records.logon(logon);
        self.truth.never_answered.contains(&logon)
            && ghost.is_none_or(|ghost| !matches!(ghost.stage, Stage::AtPrompt | Stage::LoggedOn))
    }
}
