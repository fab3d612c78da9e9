//! The clock of a scenario in which things take time: it knows everything that is due.
//!
//! Sections take no time. What happens at one moment happens in any order; then, when nobody else can act, time passes to
//! the next moment at which something is due. So the actor that lets it pass has idle priority, and only a runtime that
//! knows that can play such a scenario. Who waits for something waits on a condition of its own, so that nobody is woken
//! for whom nothing is due: each look in vain would be a step.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock};

use logon_core::primitives::{Condition, Wake};
use logon_core::{Claim, LogonId, UserId, symmetric};

use super::timetable::Timetable;

/// The parts of a processor's millisecond in which work is counted: 1 to 16 set-ups get whole shares of it.
pub(crate) const PARTS: u64 = 720_720;

/// For what somebody waits at the clock: that something is due at all,
pub(super) const DUE: Condition = Condition("something is due");
/// a set-up,
pub(super) const SET_UP: Condition = Condition("a set-up is done");
/// the patience of a client,
pub(super) const PATIENCE: Condition = Condition("a client has waited for long enough");
/// the end of an actor's pause,
pub(super) const PAUSE: Condition = Condition("a pause is over");
/// the time-out of a disconnected session.
pub(super) const TIME_OUT: Condition = Condition("a session has been disconnected for long enough");

/// How many dates a scenario may have: of each client and cutter one, and of each operation of an administrator.
const DATES: usize = 64 + 64 + 8 * 32;

/// And for one of the scenario's dates: those who wait for the same one wait together.
pub(super) fn date(nth: usize) -> Condition {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let names = (1..=DATES).map(|number| format!("date {number} has come"));
        names.map(|name| &*name.leak()).collect()
    });
    Condition(NAMES[nth])
}

/// Who pauses: a client, or the worker that creates a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Pausing {
    Client(LogonId),
    Worker(Claim),
}
symmetric! { enum Pausing { Client(logon), Worker(claim) } }

/// What time it is, and what is due. Times are in milliseconds after the beginning.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Clock {
    /// What time it is.
    pub now: u64,
    /// For how much of that the disk was slow or a worker stalled.
    unhealthy: u64,
    timetable: Arc<Timetable>,
    /// Who waits for its prompt, and until when: the first to lose patience first, and of several those who came first.
    patience: VecDeque<(LogonId, u64)>,
    /// Who does nothing, and until when.
    pauses: BTreeMap<Pausing, u64>,
    /// The sessions that are disconnected, whose they are, and when they time out, in order.
    time_outs: Vec<(Claim, UserId, u64)>,
    /// The set-ups under way, and the work that is left of each, in parts.
    set_ups: BTreeMap<Claim, u64>,
}
// The timetable never changes.
symmetric! {
    struct Clock { now, unhealthy, timetable: _, patience, pauses, time_outs, set_ups }
}

impl Clock {
    pub(super) fn new(timetable: Arc<Timetable>) -> Self {
        Clock {
            now: 0,
            unhealthy: 0,
            timetable,
            patience: VecDeque::new(),
            pauses: BTreeMap::new(),
            time_outs: Vec::new(),
            set_ups: BTreeMap::new(),
        }
    }

    /// The set-ups under way, and for how many milliseconds of a processor each has still to run.
    pub(crate) fn set_ups(&self) -> impl Iterator<Item = (Claim, u64)> {
        let left = self.set_ups.iter();
        left.map(|(&claim, left)| (claim, left.div_ceil(PARTS)))
    }

    /// Who waits for its prompt, and until when, the first to lose patience first.
    pub(crate) fn patience(&self) -> impl Iterator<Item = (LogonId, u64)> {
        self.patience.iter().copied()
    }

    /// Who does nothing, and until when.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = (Pausing, u64)> {
        self.pauses.iter().map(|(&who, &until)| (who, until))
    }

    /// The sessions that are disconnected, and when they time out.
    pub(crate) fn time_outs(&self) -> impl Iterator<Item = (Claim, u64)> {
        self.time_outs.iter().map(|&(claim, _, at)| (claim, at))
    }

    /// How much time there was in which nothing was wrong with the disk and the workers.
    pub(super) fn healthy(&self) -> u64 {
        self.now - self.unhealthy
    }

    /// Lets time pass to the next moment at which something is due, and says whom that wakes; `None` if nothing is due.
    pub(super) fn pass(&mut self) -> Option<Wake> {
        let due = self.due();
        let next = due.iter().filter_map(|(at, _)| *at).min()?;
        // Somebody else may still act, so that the disk matters.
        let edge = self.timetable.next_edge(self.now);
        let edge = edge.filter(|edge| *edge < next);
        let end = edge.unwrap_or(next);
        let done = self.share() * (end - self.now);
        for left in self.set_ups.values_mut() {
            *left = left.saturating_sub(done);
        }
        let stalls = self
            .pauses
            .keys()
            .any(|who| matches!(who, Pausing::Worker(_)));
        if stalls || self.timetable.slowness(self.now) > 1 {
            self.unhealthy += end - self.now;
        }
        self.now = end;
        let mut woken = due
            .into_iter()
            .filter(|(at, _)| *at == Some(end))
            .map(|(_, whom)| whom);
        Some(match (woken.next(), woken.next()) {
            (None, _) => Wake::Nobody,
            (Some(condition), None) => Wake::All(condition),
            (Some(_), Some(_)) => Wake::Everybody,
        })
    }

    /// When each kind of thing is due next, and who waits for it.
    fn due(&self) -> [(Option<u64>, Condition); 5] {
        let share = self.share();
        let left = self.set_ups.values().map(|left| left.div_ceil(share));
        let dates = self.timetable.next_date(self.now);
        [
            (left.min().map(|length| self.now + length), SET_UP),
            (self.patience.front().map(|&(_, until)| until), PATIENCE),
            (self.pauses.values().min().copied(), PAUSE),
            (self.time_outs.first().map(|&(_, _, at)| at), TIME_OUT),
            dates.map_or((None, DUE), |(nth, at)| (Some(at), date(nth))),
        ]
    }

    /// How many parts of each millisecond a set-up gets: at least one, so that it ends.
    fn share(&self) -> u64 {
        let set_ups = (self.set_ups.len() as u64).max(1);
        let at_a_time = u64::from(self.timetable.processors).min(set_ups);
        let slowness = u64::from(self.timetable.slowness(self.now));
        (PARTS * at_a_time / (set_ups * slowness)).max(1)
    }

    /// The set-up of a session begins, which takes so many milliseconds of a processor.
    pub(super) fn begin_set_up(&mut self, claim: Claim, length: u64) {
        self.set_ups.insert(claim, length * PARTS);
    }

    /// Ends it, if it is done.
    pub(super) fn end_set_up(&mut self, claim: Claim) -> Option<()> {
        let is_done = self.set_ups.get(&claim) == Some(&0);
        is_done.then(|| {
            self.set_ups.remove(&claim);
        })
    }

    /// A client waits for its prompt from now on.
    pub(super) fn begin_waiting(&mut self, logon: LogonId, patience: u64) {
        let until = self.now + patience;
        let place = self.patience.partition_point(|&(_, other)| other <= until);
        self.patience.insert(place, (logon, until));
    }

    /// It has been answered.
    pub(super) fn end_waiting(&mut self, logon: LogonId) {
        self.patience.retain(|&(other, _)| other != logon);
    }

    /// Takes out the next client that has waited long enough.
    pub(super) fn gives_up(&mut self) -> Option<LogonId> {
        let &(logon, until) = self.patience.front()?;
        (until <= self.now).then(|| {
            self.patience.pop_front();
            logon
        })
    }

    /// Somebody does nothing for so long.
    pub(super) fn begin_pause(&mut self, who: Pausing, length: u64) {
        self.pauses.insert(who, self.now + length);
    }

    /// Ends that, if it is over.
    pub(super) fn end_pause(&mut self, who: Pausing) -> Option<()> {
        let is_over = self
            .pauses
            .get(&who)
            .is_some_and(|until| *until <= self.now);
        is_over.then(|| {
            self.pauses.remove(&who);
        })
    }

    /// These sessions are disconnected by now, in this order, and each of them for this user; and whether each has come to
    /// be so since this was told last, for then its time begins anew.
    pub(super) fn are_disconnected(&mut self, sessions: &[(Claim, UserId, bool)], time_out: u64) {
        let still = |&(claim, _, _): &(Claim, UserId, u64)| {
            sessions
                .iter()
                .any(|&(other, _, is_new)| other == claim && !is_new)
        };
        self.time_outs.retain(still);
        let new = sessions.iter().filter(|(_, _, is_new)| *is_new);
        let at = self.now + time_out;
        self.time_outs
            .extend(new.map(|&(claim, user, _)| (claim, user, at)));
    }

    /// Takes out the next session that has been disconnected for long enough, with its user.
    pub(super) fn times_out(&mut self) -> Option<(Claim, UserId)> {
        let &(claim, user, at) = self.time_outs.first()?;
        (at <= self.now).then(|| {
            self.time_outs.remove(0);
            (claim, user)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::timetable::Timetable;
    use super::{Clock, LogonId, PATIENCE, Pausing, SET_UP, Wake};
    use crate::scenario::SlowTime;
    use logon_core::{Claim, Generation, SessionId, UserId};

    fn claim(number: u32) -> Claim {
        Claim {
            session: SessionId(number),
            generation: Generation(number),
        }
    }

    /// A clock with so many set-ups of these milliseconds each.
    fn with(processors: u32, set_ups: u32, length: u64) -> Clock {
        let mut clock = Clock::new(Arc::new(Timetable::new(processors, &[], Vec::new())));
        (0..set_ups).for_each(|number| clock.begin_set_up(claim(number), length));
        clock
    }

    /// Lets time pass, and says what time it is then.
    fn passes(clock: &mut Clock) -> u64 {
        assert!(clock.pass().is_some(), "{clock:?}");
        clock.now
    }

    #[test]
    fn set_ups_share_the_processors() {
        for (processors, set_ups, takes) in
            [(1, 1, 3_000), (1, 3, 9_000), (2, 3, 4_500), (4, 3, 3_000)]
        {
            let mut clock = with(processors, set_ups, 3_000);
            assert_eq!(passes(&mut clock), takes, "{set_ups} on {processors}");
            assert!(clock.set_ups.values().all(|left| *left == 0));
        }
    }

    #[test]
    fn one_that_begins_later_slows_the_other_down() {
        let mut clock = with(1, 1, 3_000);
        clock.begin_waiting(LogonId(0), 1_000);
        assert_eq!(clock.pass(), Some(Wake::All(PATIENCE)));
        assert_eq!((clock.now, clock.gives_up()), (1_000, Some(LogonId(0))));
        clock.begin_set_up(claim(7), 3_000);
        // 2,000 ms are left of the first, at half the pace.
        assert_eq!(passes(&mut clock), 5_000);
        assert_eq!(clock.end_set_up(claim(0)), Some(()));
        assert_eq!(passes(&mut clock), 6_000);
    }

    #[test]
    fn on_a_slow_disk_a_set_up_takes_longer_and_that_time_is_not_healthy() {
        let slow = |from, until| SlowTime {
            from,
            until,
            factor: 5,
        };
        let times = [slow(1_000, 6_000), slow(90_000, 91_000)];
        let mut clock = Clock::new(Arc::new(Timetable::new(1, &times, Vec::new())));
        clock.begin_set_up(claim(0), 3_000);
        assert_eq!(clock.pass(), Some(Wake::Nobody));
        assert_eq!((clock.now, clock.healthy()), (1_000, 1_000));
        assert_eq!(passes(&mut clock), 6_000);
        assert_eq!(clock.pass(), Some(Wake::All(SET_UP)));
        // In 5,000 ms as much is done as else in 1,000.
        assert_eq!((clock.now, clock.healthy()), (7_000, 2_000));
        assert_eq!(clock.end_set_up(claim(0)), Some(()));
        // Nobody is left whom the slow disk would meet.
        assert_eq!(clock.pass(), None);
    }

    #[test]
    fn while_a_worker_stalls_time_is_not_healthy_and_while_a_client_pauses_it_is() {
        let mut clock = with(1, 0, 0);
        clock.begin_pause(Pausing::Client(LogonId(1)), 4_000);
        clock.begin_pause(Pausing::Worker(claim(1)), 3_000);
        assert_eq!((passes(&mut clock), clock.healthy()), (3_000, 0));
        assert_eq!(clock.end_pause(Pausing::Client(LogonId(1))), None);
        assert_eq!(clock.end_pause(Pausing::Worker(claim(1))), Some(()));
        assert_eq!((passes(&mut clock), clock.healthy()), (4_000, 1_000));
    }

    #[test]
    fn the_least_patient_gives_up_first_and_of_several_who_came_first() {
        let mut clock = with(1, 0, 0);
        for (logon, patience) in [(5, 9_000), (4, 2_000), (6, 2_000), (3, 2_000)] {
            clock.begin_waiting(LogonId(logon), patience);
        }
        clock.end_waiting(LogonId(6));
        assert_eq!(passes(&mut clock), 2_000);
        let gone = std::iter::from_fn(|| clock.gives_up());
        assert_eq!(gone.collect::<Vec<_>>(), [LogonId(4), LogonId(3)]);
        assert_eq!(passes(&mut clock), 9_000);
    }

    #[test]
    fn a_time_out_is_cancelled_when_the_user_comes_back() {
        let user = UserId(0);
        let mut clock = with(1, 0, 0);
        let (one, two) = (claim(1), claim(2));
        clock.are_disconnected(&[(one, user, true), (two, user, true)], 5_000);
        clock.begin_pause(Pausing::Client(LogonId(1)), 3_000);
        assert_eq!(passes(&mut clock), 3_000);
        assert_eq!(clock.end_pause(Pausing::Client(LogonId(1))), Some(()));
        // The second was gone back to, and is disconnected again: its time begins anew.
        clock.are_disconnected(&[(one, user, false), (two, user, true)], 5_000);
        assert_eq!(
            (passes(&mut clock), clock.times_out()),
            (5_000, Some((one, user)))
        );
        assert_eq!(clock.times_out(), None);
        clock.are_disconnected(&[(two, user, false)], 5_000);
        assert_eq!(
            (passes(&mut clock), clock.times_out()),
            (8_000, Some((two, user)))
        );
    }

    #[test]
    fn of_those_who_wait_only_they_are_woken_for_whom_something_is_due() {
        let timetable = Timetable::new(1, &[], vec![4_000, 0, 2_000, 2_000]);
        let mut clock = Clock::new(Arc::new(timetable));
        assert_eq!(clock.pass(), Some(Wake::All(super::date(0))));
        clock.begin_set_up(claim(0), 2_000);
        assert_eq!((clock.pass(), clock.now), (Some(Wake::Everybody), 4_000));
    }

    #[test]
    fn without_anything_due_no_time_passes() {
        let mut clock = with(1, 0, 0);
        assert_eq!((clock.pass(), clock.now), (None, 0));
        assert_eq!(clock.gives_up(), None);
    }
}
