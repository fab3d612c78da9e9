//! The judgment at a moment: all that happens at it has happened, and nobody can act before time passes.
//!
//! At rest, for ever, patience hides who is stuck: it hangs up. Between two moments it cannot.

use logon_core::{LogonId, SessionState};

use super::ghost::{GhostLogon, Stage};
use super::property::Property;
use super::{Judge, Records};

/// How fast sessions can be set up. Times are in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pace {
    /// How many processors share the set-up of sessions.
    pub processors: u32,
    /// How many sessions a server that sets up as many as it can should set up at a time.
    pub workers: u32,
    /// The processor time that the set-up of a session takes, at most.
    pub set_up: u64,
    /// For how long a party may be held up in the middle of what it does, at most.
    pub hold_up: u64,
    /// How many times longer than its place explains a logon may wait in line.
    pub slack: u32,
}

/// A moment that is over: all that happens at it has happened, and time is about to pass.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MomentOver {
    /// The time in milliseconds after the beginning, without those in which the server could not work. L6 is judged by it.
    pub now: u64,
    /// Whether nobody could act if time did not pass. If somebody is held up, only L6 is judged.
    pub is_quiet: bool,
    /// What the allocator says it has, if it was asked. It is compared at a quiet moment.
    pub totals: Option<Totals>,
    /// Somebody whose call of `connect` sleeps, and not for a license reply, although it [may go on](Judge::may_go_on), if
    /// the harness knows one. It is accused at a quiet moment.
    pub asleep: Option<LogonId>,
}

/// How much an allocator says it has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Totals {
    /// Permits that are out.
    pub permits_in_use: u32,
    /// Sessions on the idle list.
    pub idle: u32,
    /// Logons in line.
    pub waiting: u32,
}

impl MomentOver {
    /// A quiet moment, at which the allocator was not asked for anything.
    pub const fn at(now: u64) -> Self {
        MomentOver {
            now,
            is_quiet: true,
            totals: None,
            asleep: None,
        }
    }
}

impl Pace {
    /// How long a logon may wait in line, in milliseconds: as long as it takes to set up the sessions that were begun
    /// before, and those of all who wait in line before it, and its own. Whoever sets one up may be held up before, in the
    /// middle and after.
    fn bound(self, place: usize) -> u64 {
        let at_a_time = u64::from(self.workers.min(self.processors));
        let before = place as u64 + u64::from(self.workers);
        let each = self.set_up.saturating_add(self.hold_up.saturating_mul(3));
        let rounds = u64::from(self.slack) * before.div_ceil(at_a_time);
        rounds.saturating_mul(each)
    }
}

impl<R: Records> Judge<R> {
    /// Judges a moment.
    pub(crate) fn moment(&mut self, over: MomentOver) {
        let Some(pace) = self.truth.pace else {
            return;
        };
        self.burst(over.now, pace);
        if over.is_quiet {
            self.nobody_waits_in_vain();
            self.pool_is_refilled();
            self.cleanup();
            if let Some(totals) = over.totals {
                self.totals_are_right(totals);
            }
            if let Some(logon) = over.asleep {
                self.nobody_sleeps_on(logon);
            }
        }
    }

    /// Whether a logon on its way to its prompt has nothing left to wait for but a license: it was handed a session that is
    /// ready, or it is over.
    pub fn may_go_on(&self, logon: LogonId) -> bool {
        let Some(ghost) = self.records.logon(logon) else {
            return false;
        };
        let is_ready = |claim| {
            let session = self.records.session(claim);
            session.is_some_and(|session| session.loaded)
        };
        ghost.is_over() || ghost.stage == Stage::Serving && ghost.claim.is_some_and(is_ready)
    }

    /// L1, before time passes: nobody can act, so nobody wakes it at this moment. That a later update will is luck.
    fn nobody_sleeps_on(&mut self, logon: LogonId) {
        if !self.may_go_on(logon) {
            return;
        }
        let is_over = self.records.logon(logon).is_some_and(GhostLogon::is_over);
        let what = match is_over {
            true => "is over, and its call sleeps on",
            false => "has a session that is ready, and its call sleeps on",
        };
        self.violated(Property::Termination, Some(logon), None, what);
    }

    /// S4, before time passes.
    fn totals_are_right(&mut self, totals: Totals) {
        let told = [
            (totals.permits_in_use, self.records.held()),
            (totals.idle, self.count(SessionState::Idle)),
            (totals.waiting, self.records.waiting() as u32),
        ];
        let what = [
            "counts other permits than are out",
            "has other sessions on its idle list than are idle",
            "has other logons in line than wait",
        ];
        for ((says, is), what) in told.into_iter().zip(what) {
            if says != is {
                self.violated(Property::Conservation, None, None, what);
            }
        }
    }

    /// L6. A bound that has passed since the last moment was passed in line: nothing has happened in between.
    fn burst(&mut self, now: u64, pace: Pace) {
        if let Some(logon) = self.records.late(now) {
            let what = "has waited in line longer than its place in it explains";
            self.violated(Property::Burst, Some(logon), None, what);
            // Where the moment turns out not to be over, it is judged once more, by the same bounds.
            return;
        }
        self.records
            .place_bounds(|place| now.saturating_add(pace.bound(place)));
    }

    /// L2, before time passes.
    fn nobody_waits_in_vain(&mut self) {
        let Some(waiting) = self.records.oldest() else {
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
        let wanted = self.truth.idle_pool + self.records.waiting() as u32;
        creating < self.truth.creation_workers && self.count(SessionState::Idle) + creating < wanted
    }
}

#[cfg(test)]
mod tests {
    use logon_core::{Claim, Generation, LogonId, Refusal, SessionId, SessionState};

    use super::super::ghost::{GhostSession, Stage};
    use super::{Judge, MomentOver, Pace, Property, Records};
    use crate::judge::Truth;

    /// Two seconds a session, one at a time, and no pool.
    fn judge(slack: u32) -> Judge {
        Judge::new(Truth {
            creation_workers: 1,
            pace: Some(Pace {
                processors: 1,
                workers: 1,
                set_up: 2_000,
                hold_up: 0,
                slack,
            }),
            ..Truth::default()
        })
    }

    fn claim(number: u32) -> Claim {
        Claim {
            session: SessionId(number),
            generation: Generation(number),
        }
    }

    fn with_session(judge: &mut Judge, number: u32, state: SessionState) {
        let claim = claim(number);
        let session = GhostSession {
            state,
            loaded: false,
            name: None,
            user: None,
            due: None,
            is_hit: false,
            held_by: Default::default(),
        };
        judge.records.insert_session(claim, session);
    }

    /// From now on these wait in line, and nobody else.
    fn with_line(judge: &mut Judge, line: std::ops::Range<u32>) {
        let before: Vec<LogonId> = judge.records.line().collect();
        let now = line.map(LogonId);
        before
            .iter()
            .for_each(|&gone| judge.records.leave_line(gone));
        now.for_each(|logon| judge.records.join_line(logon));
    }

    /// What falls when these moments are judged, in each of which so many of the first logons have left the line.
    fn fell(slack: u32, waiting: u32, moments: &[(u64, u32)]) -> Vec<(Property, Option<LogonId>)> {
        let mut judge = judge(slack);
        with_session(&mut judge, 1, SessionState::Init);
        for &(now, left) in moments {
            with_line(&mut judge, left..waiting);
            moment_at(&mut judge, now);
        }
        let fell = judge.violations.iter();
        fell.map(|fell| (fell.property, fell.logon)).collect()
    }

    fn moment_at(judge: &mut Judge, now: u64) {
        judge.moment(MomentOver::at(now));
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
        moment_at(&mut judge, 10_000);
        with_line(&mut judge, 7..8);
        moment_at(&mut judge, 11_000);
        moment_at(&mut judge, 14_999);
        assert_eq!(judge.violations, []);
        moment_at(&mut judge, 15_000);
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
            with_line(&mut judge, 0..waiting);
            moment_at(&mut judge, 0);
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
    fn whoever_has_what_it_waits_for_does_not_sleep_on() {
        let logon = LogonId(0);
        // How far it has come, whether its session is loaded, and what falls if its call sleeps.
        let cases = [
            (Stage::Serving, None, None),
            (Stage::Serving, Some(false), None),
            (Stage::Serving, Some(true), Some(Property::Termination)),
            (Stage::AtPrompt, Some(true), None),
            (Stage::Over, None, Some(Property::Termination)),
            (
                Stage::Refused(Refusal::CreationFailed),
                None,
                Some(Property::Termination),
            ),
        ];
        for (stage, loaded, expected) in cases {
            for is_quiet in [true, false] {
                let mut judge = judge(1);
                judge.records.arrive(logon, false);
                let claim = loaded.map(|loaded| {
                    with_session(&mut judge, 1, SessionState::ConnectQuery);
                    let claim = claim(1);
                    let loads = |session: &mut GhostSession| session.loaded = loaded;
                    judge.records.change_session(claim, loads);
                    claim
                });
                judge.with(logon, |ghost| (ghost.stage, ghost.claim) = (stage, claim));
                judge.moment(MomentOver {
                    is_quiet,
                    asleep: Some(logon),
                    ..MomentOver::at(0)
                });
                let fell = judge.violations.first().map(|fell| fell.property);
                assert_eq!(fell, expected.filter(|_| is_quiet), "{stage:?} {loaded:?}");
            }
        }
    }

    #[test]
    fn without_a_pace_no_moment_is_judged() {
        let mut judge = Judge::new(Truth::default());
        with_line(&mut judge, 0..1);
        moment_at(&mut judge, u64::MAX);
        assert_eq!(judge.violations, []);
    }
}
