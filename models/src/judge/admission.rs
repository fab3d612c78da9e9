//! S1-lin: admission judged as a counting try-acquire.
//!
//! A refusal with event 71 is right if at some moment between the logon's first fact and its refusal every
//! permit was out. A permit may be out before it is told: an allocator that takes permits outside the monitor
//! tells of an admission one section later. So the judge keeps, for each logon that is being admitted, the
//! *moments* of its interval: how many others were told to be held, and which others were on their way and
//! may turn out to have held a permit already. A moment is full if those held and those of the others that
//! are admitted in the end make up the maximum.
//!
//! That is enough for linearizability against try-acquire: permits are alike, so an admission can always be
//! moved forward to the earliest moment of its interval at which a permit was free without making any told
//! moment overfull, and a refusal needs no more than one full moment.

use std::collections::BTreeSet;

use logon_core::LogonId;

use super::Judge;
use super::ghost::Stage;
use super::property::Property;

/// A moment within a logon's admission.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Moment {
    /// How many others were told to be held, or were on their way and have been admitted since.
    held: u32,
    /// Who else was on the way, and still is.
    on_the_way: BTreeSet<LogonId>,
}

impl Moment {
    fn may_be_full(&self, maximum: u32) -> bool {
        self.held + self.on_the_way.len() as u32 >= maximum
    }

    fn is_full(&self, maximum: u32) -> bool {
        self.held >= maximum
    }

    /// What becomes of this moment once it is known whether `logon` was admitted.
    fn resolve(mut self, logon: LogonId, admitted: bool) -> Self {
        if self.on_the_way.remove(&logon) && admitted {
            self.held += 1;
        }
        self
    }
}

/// A refusal that is right only if one of these moments turns out to have been full.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Obligation {
    pub(super) logon: LogonId,
    moments: BTreeSet<Moment>,
}

/// What is known of a refusal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Weight {
    /// There was a full moment.
    Right,
    /// There was none, and nobody else was under admission.
    Wrong,
    /// There was none, whatever order the admissions under way are given.
    WrongInAnyOrder,
    /// It depends on admissions that are still under way.
    Open,
}

impl Judge {
    /// Notes, for every logon under admission, the present moment if it matters.
    pub(super) fn note_moments(&mut self) {
        let Some(maximum) = self.truth.max_connections else {
            return;
        };
        let arriving: BTreeSet<LogonId> = self.under_admission();
        if arriving.len() < 2 {
            return;
        }
        let held = self.occupancy_without(None);
        for &logon in &arriving {
            let mut on_the_way = arriving.clone();
            on_the_way.remove(&logon);
            let moment = Moment { held, on_the_way };
            if moment.may_be_full(maximum)
                && let Some(ghost) = self.logons.get_mut(&logon)
            {
                ghost.moments.insert(moment);
            }
        }
    }

    fn under_admission(&self) -> BTreeSet<LogonId> {
        let arriving = self
            .logons
            .iter()
            .filter(|(_, ghost)| ghost.stage == Stage::Arrived);
        arriving.map(|(&logon, _)| logon).collect()
    }

    /// What is known of the refusal of `logon` with event 71. If it hangs on others, it is kept as an
    /// obligation.
    pub(super) fn weigh_refusal(&mut self, logon: LogonId) -> Weight {
        let Some(maximum) = self.truth.max_connections else {
            return Weight::Wrong;
        };
        let Some(ghost) = self.logons.get_mut(&logon) else {
            return Weight::Wrong;
        };
        let mut moments = std::mem::take(&mut ghost.moments);
        if ghost.excuses.saw_full || moments.iter().any(|moment| moment.is_full(maximum)) {
            return Weight::Right;
        }
        if moments.is_empty() {
            return Weight::Wrong;
        }
        moments.retain(|moment| moment.may_be_full(maximum));
        if moments.is_empty() {
            return Weight::WrongInAnyOrder;
        }
        self.obligations.insert(Obligation { logon, moments });
        Weight::Open
    }

    /// `logon` was admitted, or will not be: brings every open moment up to date.
    pub(super) fn settle_admission(&mut self, logon: LogonId, admitted: bool) {
        let Some(maximum) = self.truth.max_connections else {
            return;
        };
        for ghost in self
            .logons
            .values_mut()
            .filter(|ghost| !ghost.moments.is_empty())
        {
            let moments = std::mem::take(&mut ghost.moments);
            ghost.moments = moments
                .into_iter()
                .map(|m| m.resolve(logon, admitted))
                .collect();
        }
        for mut obligation in std::mem::take(&mut self.obligations) {
            let moments = obligation
                .moments
                .into_iter()
                .map(|m| m.resolve(logon, admitted));
            obligation.moments = moments
                .filter(|moment| moment.may_be_full(maximum))
                .collect();
            if obligation.moments.is_empty() {
                self.admission_linearizable(obligation.logon);
            } else if !obligation
                .moments
                .iter()
                .any(|moment| moment.is_full(maximum))
            {
                self.obligations.insert(obligation);
            }
        }
    }

    /// S1-lin. Called for a refusal of which it is certain now that no moment of its interval was full.
    pub(super) fn admission_linearizable(&mut self, logon: LogonId) {
        self.violated(
            Property::AdmissionLinearizable,
            Some(logon),
            None,
            "was refused with event 71, and at no moment of its admission were all permits out",
        );
    }
}
