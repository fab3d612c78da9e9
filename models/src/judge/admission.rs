//! S1-lin: admission judged as a counting try-acquire.
//!
//! An admission takes effect at one moment between a logon's first fact and its outcome, and a refusal with
//! event 71 is right if at one such moment every permit was out. A permit may be out before it is told: an
//! allocator that takes permits outside the monitor tells of an admission one section later. So the judge
//! keeps the set of all *accounts* that fit what it was told: who of those under admission holds a permit
//! already, and who has met a moment at which all were out. What is told next leaves only the accounts that
//! fit it; when none is left, no order of moments explains the history. This is the linearizability check of
//! Wing and Gong (JPDC 1993), advanced fact by fact, for one object: a semaphore that is tried and never
//! waited for. How the accounts are kept is a matter of the records.

use logon_core::LogonId;

use super::ghost::{Excuses, Stage};
use super::property::Property;
use super::{Judge, Records};

impl<R: Records> Judge<R> {
    /// S1-lin. It was told that `logon` is admitted: only accounts in which it holds a permit remain. Where too
    /// many hold one, S2 says what is wrong.
    pub(super) fn admission_told(&mut self, logon: LogonId) {
        let most = self.truth.max_connections;
        let explained = most.is_none_or(|most| self.records.is_admission_explained(logon, most));
        if !explained && !self.is_overfull() {
            let what = "is admitted, and no order of the admissions explains it";
            self.violated(Property::AdmissionLinearizable, Some(logon), None, what);
        }
        // From here on neither event 71 nor disabled logons are ever a reason, whatever the others did.
        self.with(logon, |ghost| {
            ghost.excuses = Excuses::default();
            ghost.overlapped = false;
        });
    }

    /// S1-lin. It was told that `logon` is refused with event 71: only accounts in which it met a full moment
    /// remain. Where no other logon was under admission at the same time there is no order to blame, and S1
    /// says what is wrong.
    pub(super) fn refusal_told(&mut self, logon: LogonId) {
        let has_maximum = self.truth.max_connections.is_some();
        if !has_maximum || self.records.is_refusal_explained(logon) {
            return;
        }
        let stage = self.records.logon(logon).map(|ghost| ghost.stage);
        let excuses = self.records.excuses(logon).unwrap_or_default();
        let (property, what) = if stage != Some(Stage::Arrived) {
            (
                Property::NoFalseRefusal,
                "is refused with event 71 although it was admitted",
            )
        } else if self.records.has_overlapped(logon) || excuses.saw_full {
            (
                Property::AdmissionLinearizable,
                "is refused with event 71, and no order of the admissions explains it",
            )
        } else {
            (
                Property::NoFalseRefusal,
                "is refused with event 71 although not all permits were out",
            )
        };
        self.violated(property, Some(logon), None, what);
    }
}
