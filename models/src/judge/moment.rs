//! The judgment at a moment: all that happens at it has happened, and nobody can act before time passes.
//!
//! At rest, for ever, patience hides who is stuck: it hangs up. Between two moments it cannot.

use logon_core::SessionState;

use super::Judge;
use super::property::Property;

/// How fast sessions can be set up. Times are in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pace {
    /// How many processors share the set-up of sessions.
    pub processors: u32,
    /// How many sessions a server that sets up as many as it can should set up at a time.
    pub workers: u32,
    /// The processor time that the set-up of a session takes.
    pub set_up: u64,
    /// How many times longer than its place explains a logon may wait in line.
    pub slack: u32,
}

impl Pace {
    /// How long a logon may wait in line, in milliseconds: as long as it takes to set up the sessions that were begun
    /// before, and those of all who wait in line before it, and its own.
    fn bound(self, place: usize) -> u64 {
        let at_a_time = u64::from(self.workers.min(self.processors));
        let before = place as u64 + u64::from(self.workers);
        u64::from(self.slack) * before.div_ceil(at_a_time) * self.set_up
    }
}

impl Judge {
    /// Judges a moment, `now` milliseconds after the beginning.
    pub(super) fn moment(&mut self, now: u64) {
        let Some(pace) = self.truth.pace else {
            return;
        };
        self.burst(now, pace);
        self.nobody_waits_in_vain();
        self.pool_is_refilled();
        self.cleanup();
    }

    /// L6. A bound that has passed since the last moment was passed in line: nothing has happened in between.
    fn burst(&mut self, now: u64, pace: Pace) {
        let is_late = |waits: bool, bound: u64| bound < now || waits && bound == now;
        let mut bounds = self.bounds.iter();
        let late = bounds.find(|(logon, bound)| is_late(self.line.contains(logon), **bound));
        if let Some((&logon, _)) = late {
            let what = "has waited in line longer than its place in it explains";
            self.violated(Property::Burst, Some(logon), None, what);
        }
        self.bounds.retain(|logon, _| self.line.contains(logon));
        for (place, &logon) in (1..).zip(&self.line) {
            self.bounds
                .entry(logon)
                .or_insert_with(|| now + pace.bound(place));
        }
    }

    /// L2, before time passes.
    fn nobody_waits_in_vain(&mut self) {
        let Some(&waiting) = self.line.first() else {
            return;
        };
        if self.count(SessionState::Idle) > 0 {
            let what = "waits in line while a session is idle";
            self.violated(Property::WorkConservation, Some(waiting), None, what);
        } else if self.could_create() {
            let what = "waits in line while a session could be created";
            self.violated(Property::WorkConservation, Some(waiting), None, what);
        }
    }

    /// L3, before time passes.
    fn pool_is_refilled(&mut self) {
        if self.count(SessionState::Idle) < self.truth.idle_pool && self.could_create() {
            let what = "leaves the idle pool short while a session could be created";
            self.violated(Property::PoolRefill, None, None, what);
        }
    }

    /// Whether a session is wanted that nobody creates, and a worker is free.
    fn could_create(&self) -> bool {
        let creating = self.count(SessionState::Init);
        let wanted = self.truth.idle_pool + self.line.len() as u32;
        creating < self.truth.creation_workers && self.count(SessionState::Idle) + creating < wanted
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use logon_core::{Claim, Generation, LogonId, SessionId, SessionState};

    use super::super::ghost::GhostSession;
    use super::{Judge, Pace, Property};
    use crate::judge::Truth;

    /// Two seconds a session, one at a time, and no pool.
    fn judge(slack: u32) -> Judge {
        Judge::new(Truth {
            creation_workers: 1,
            pace: Some(Pace {
                processors: 1,
                workers: 1,
                set_up: 2_000,
                slack,
            }),
            ..Truth::default()
        })
    }

    fn with_session(judge: &mut Judge, number: u32, state: SessionState) {
        let claim = Claim {
            session: SessionId(number),
            generation: Generation(number),
        };
        let session = GhostSession {
            state,
            loaded: false,
            name: None,
            user: None,
            due: None,
            is_hit: false,
            held_by: Default::default(),
        };
        judge.sessions = BTreeMap::from([(claim, session)]);
    }

    /// What falls when these moments are judged, in each of which so many of the first logons have left the line.
    fn fell(slack: u32, waiting: u32, moments: &[(u64, u32)]) -> Vec<(Property, Option<LogonId>)> {
        let mut judge = judge(slack);
        with_session(&mut judge, 1, SessionState::Init);
        for &(now, left) in moments {
            judge.line = (left..waiting).map(LogonId).collect();
            judge.moment(now);
        }
        let fell = judge.violations.iter();
        fell.map(|fell| (fell.property, fell.logon)).collect()
    }

    const FIRST: (Property, Option<LogonId>) = (Property::Burst, Some(LogonId(0)));

    #[test]
    fn who_waits_as_long_as_its_place_explains_is_not_late_and_who_waits_longer_is() {
        // The session under way and its own: four seconds at the first place.
        assert_eq!(fell(1, 1, &[(0, 0), (3_999, 0)]), []);
        assert_eq!(fell(1, 1, &[(0, 0), (4_000, 1)]), [], "served in time");
        assert_eq!(fell(1, 1, &[(0, 0), (4_000, 0)]), [FIRST]);
        // Between two moments nothing happens, so that it waited until the second.
        assert_eq!(fell(1, 1, &[(0, 0), (4_001, 1)]), [FIRST]);
        assert_eq!(fell(2, 1, &[(0, 0), (7_999, 0)]), []);
        assert_eq!(fell(2, 1, &[(0, 0), (8_000, 0)]), [FIRST]);
        // At the third place it takes as long as four sessions.
        let third = (Property::Burst, Some(LogonId(2)));
        assert_eq!(fell(1, 3, &[(0, 0), (3_000, 2), (7_999, 2)]), []);
        assert_eq!(fell(1, 3, &[(0, 0), (3_000, 2), (8_000, 2)]), [third]);
    }

    #[test]
    fn a_place_counts_from_the_moment_at_which_it_was_taken() {
        let mut judge = judge(1);
        with_session(&mut judge, 1, SessionState::Init);
        judge.moment(10_000);
        judge.line = vec![LogonId(7)];
        judge.moment(11_000);
        judge.moment(14_999);
        assert_eq!(judge.violations, []);
        judge.moment(15_000);
        assert_eq!(judge.violations[0].property, Property::Burst);
    }

    #[test]
    fn what_could_be_done_before_time_passes_is_missed() {
        let missed = |state: Option<SessionState>, pool: u32, waiting: u32| {
            let mut judge = Judge::new(Truth {
                idle_pool: pool,
                ..(*judge(1).truth).clone()
            });
            if let Some(state) = state {
                with_session(&mut judge, 1, state);
            }
            judge.line = (0..waiting).map(LogonId).collect();
            judge.moment(0);
            judge.violations.first().map(|fell| fell.property)
        };
        use SessionState::{Down, Idle, Init};
        assert_eq!(missed(None, 0, 0), None);
        assert_eq!(missed(None, 0, 1), Some(Property::WorkConservation));
        assert_eq!(missed(Some(Idle), 0, 1), Some(Property::WorkConservation));
        assert_eq!(missed(Some(Init), 0, 1), None);
        assert_eq!(missed(None, 1, 0), Some(Property::PoolRefill));
        assert_eq!(missed(Some(Init), 1, 0), None);
        assert_eq!(missed(Some(Idle), 1, 0), None);
        assert_eq!(missed(Some(Down), 0, 0), Some(Property::Cleanup));
    }

    #[test]
    fn without_a_pace_no_moment_is_judged() {
        let mut judge = Judge::new(Truth::default());
        judge.line = vec![LogonId(0)];
        judge.moment(u64::MAX);
        assert_eq!(judge.violations, []);
    }
}
