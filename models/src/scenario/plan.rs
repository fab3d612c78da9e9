//! What is drawn for a scenario with `[[arrivals]]`: every draw that the engines have in common, in one place.
//!
//! A draw is a function of the seed, of what is drawn, and of an *index*, see [`Draws`]: so both engines draw the same,
//! whatever happens in them and in whatever order they ask. Each draw takes the same time, and nothing is kept.
//!
//! | stream | index |
//! |---|---|
//! | `Gap`, `Together` | the table of arrivals, and the number of the gap or group in it |
//! | `Skew`, `User` | the client's number |
//! | `Password`, `License`, `LicenseDelay`, `Think`, `Session`, `End`, `ComeBack`, `BackOff` | the client's number, and which of its connections it is |
//! | `SetUp`, `CreationFails`, `Stall` | the generation of the session |
//! | `Reset` | which of the resets it is |
//!
//! Clients are numbered in the order in which they arrive, from 0; of those who arrive at one time the ones of an earlier
//! table come first. Their connections are counted from 0: a client that was turned away may come back.

use std::sync::Arc;

use super::actor::LicenseReply;
use super::arrivals::{Arrivals, LOGONS};
use super::arriving::PlannedArrivals;
use super::draw::{Draws, Stream};
use super::faults::{Faults, Pulse};
use super::time::Time;
use super::{LONGEST, Scenario};

/// Above this bit of an index stands what it is counted in: the table, or the connection.
pub(super) const COUNTED_IN: u32 = 40;

/// How a user's session ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The user logs off.
    LogsOff,
    /// The user disconnects.
    Disconnects,
    /// The line breaks.
    Breaks,
    /// The client vanishes, which is noticed by the keep-alive: then the line breaks.
    Vanishes,
}

/// The draws of a scenario with `[[arrivals]]`. Times are in milliseconds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    time: Time,
    faults: Faults,
    /// The tables of arrivals, and how many clients come of each: the table itself says how fast.
    pub(super) tables: Arc<[(Arrivals, u64)]>,
    pub(super) draws: Draws,
}

impl Plan {
    /// The plan of a scenario under its own seed; `None` if nothing is drawn in it.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Option<Self> {
        let time = scenario.time?;
        let tables = scenario.arrivals.iter();
        let tables: Arc<[_]> = tables
            .map(|table| (*table, u64::from(table.logons)))
            .collect();
        (!tables.is_empty()).then(|| Plan {
            time,
            faults: scenario.faults,
            tables,
            draws: Draws::of(time.seed),
        })
    }

    /// The same under another seed.
    #[must_use]
    pub fn seeded(mut self, seed: u32) -> Self {
        self.time.seed = seed;
        self.draws = Draws::of(seed);
        self
    }

    /// The same for so many clients, who come as fast as before, and so for longer; a burst becomes larger. Each table
    /// keeps its part of them.
    ///
    /// # Panics
    ///
    /// If there are more clients than one table may have, or none.
    #[must_use]
    pub fn with_logons(mut self, logons: u32) -> Self {
        assert!(LOGONS.contains(&logons), "{logons} clients");
        let (before, logons) = (self.logons(), u64::from(logons));
        // By running sums, so that what is rounded away from one table goes to the next.
        let (mut so_far, mut given) = (0, 0);
        let tables = self.tables.iter().map(|&(table, count)| {
            so_far += count;
            let end = (u128::from(logons) * u128::from(so_far) / u128::from(before)) as u64;
            let count = end - given;
            given = end;
            (table, count)
        });
        self.tables = tables.collect();
        self
    }

    /// How long things take.
    #[must_use]
    pub fn time(&self) -> &Time {
        &self.time
    }

    /// What goes wrong, and how often.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// How many clients come.
    #[must_use]
    pub fn logons(&self) -> u64 {
        self.tables.iter().map(|(_, count)| count).sum()
    }

    /// The clients, in order of arrival.
    #[must_use]
    pub fn arrivals(&self) -> PlannedArrivals {
        PlannedArrivals::of(self.clone())
    }

    /// How many users there are, numbered from 0: first those whom clients share, then those who have a client each.
    #[must_use]
    pub fn users(&self) -> u64 {
        let alone = self.tables.iter().any(|(table, _)| table.users.is_none());
        self.shared_users() + if alone { self.logons() } else { 0 }
    }

    fn shared_users(&self) -> u64 {
        let users = self.tables.iter().filter_map(|(table, _)| table.users);
        users.max().unwrap_or(0).into()
    }

    /// The user of the client of this number and table.
    pub(super) fn user(&self, number: u64, table: &Arrivals) -> u32 {
        let user = match table.users {
            Some(users) => self.draws.below(Stream::User, number, users.into()),
            None => self.shared_users() + number,
        };
        u32::try_from(user).expect("a scenario has at most two billion users")
    }

    /// How long a client waits for its prompt, by its own clock.
    #[must_use]
    pub fn patience(&self, number: u64) -> u64 {
        let wrong = u64::from(self.faults.clock_skew);
        let by = self.draws.below(Stream::Skew, number, 2 * wrong + 1);
        (self.time.patience * (1_000 - wrong + by) / 1_000).max(1)
    }

    /// How long a user looks at the prompt before logging on.
    #[must_use]
    pub fn think(&self, number: u64, connection: u32) -> u64 {
        self.on_average(
            Stream::Think,
            connection_of(number, connection),
            self.time.think,
        )
    }

    /// How long a user stays logged on; `None`: for ever.
    #[must_use]
    pub fn stay(&self, number: u64, connection: u32) -> Option<u64> {
        let mean = self.time.session?;
        Some(self.on_average(Stream::Session, connection_of(number, connection), mean))
    }

    /// Whether the user's password is wrong.
    #[must_use]
    pub fn has_wrong_password(&self, number: u64, connection: u32) -> bool {
        let index = connection_of(number, connection);
        let thousandths = self.faults.wrong_password;
        self.draws.happens(Stream::Password, index, thousandths)
    }

    /// What the license service replies, and after how long; `None` if it is not asked.
    #[must_use]
    pub fn license(&self, number: u64, connection: u32) -> Option<(LicenseReply, u64)> {
        let Faults {
            license_denied: denied,
            license_never: never,
            ..
        } = self.faults;
        if self.time.license == 0 && denied + never == 0 {
            return None;
        }
        let index = connection_of(number, connection);
        let after = self.on_average(Stream::LicenseDelay, index, self.time.license);
        let case = self.draws.below(Stream::License, index, 1_000);
        Some(match case {
            case if case < denied.into() => (LicenseReply::Denied, after),
            case if case < (denied + never).into() => (LicenseReply::NeverAnswered, 0),
            _ => (LicenseReply::Granted, after),
        })
    }

    /// How a user's session ends, when the user has stayed for long enough.
    #[must_use]
    pub fn end(&self, number: u64, connection: u32) -> End {
        let Faults {
            disconnect,
            breaks,
            vanish,
            ..
        } = self.faults;
        let index = connection_of(number, connection);
        match self.draws.below(Stream::End, index, 1_000) {
            case if case < disconnect.into() => End::Disconnects,
            case if case < (disconnect + breaks).into() => End::Breaks,
            case if case < (disconnect + breaks + vanish).into() => End::Vanishes,
            _ => End::LogsOff,
        }
    }

    /// Whether a client that was turned away, or lost patience, comes back.
    #[must_use]
    pub fn comes_back(&self, number: u64, connection: u32) -> bool {
        let index = connection_of(number, connection);
        let thousandths = self.faults.come_back;
        self.draws.happens(Stream::ComeBack, index, thousandths)
    }

    /// How long it stays away.
    #[must_use]
    pub fn back_off(&self, number: u64, connection: u32) -> u64 {
        let index = connection_of(number, connection);
        self.on_average(Stream::BackOff, index, self.time.back_off)
    }

    /// The processor time of a set-up, by the generation of the session.
    #[must_use]
    pub fn set_up(&self, generation: u32) -> u64 {
        set_up(&self.time, generation)
    }

    /// Whether the creation of a session fails.
    #[must_use]
    pub fn creation_fails(&self, generation: u32) -> bool {
        let thousandths = self.faults.creation_fails;
        let index = generation.into();
        self.draws
            .happens(Stream::CreationFails, index, thousandths)
    }

    /// How long the worker stalls before it creates a session, if it does.
    #[must_use]
    pub fn stalls(&self, generation: u32) -> Option<u64> {
        let thousandths = self.faults.worker_stalls;
        let stalls = self
            .draws
            .happens(Stream::Stall, generation.into(), thousandths);
        stalls.then_some(self.time.stall)
    }

    /// When the last client may be expected to come, in milliseconds.
    #[must_use]
    pub fn last_comes(&self) -> u128 {
        let ends = self.tables.iter().map(|(table, count)| {
            let over = u128::from(table.over) * u128::from(*count) / u128::from(table.logons);
            u128::from(table.at) + over
        });
        ends.max().unwrap_or(0)
    }

    /// Until when something happens that comes again and again: until all clients may be expected to have come and gone.
    #[must_use]
    pub fn horizon(&self) -> u64 {
        let time = &self.time;
        let (session, time_out) = (time.session, time.disconnect_time_out);
        u64::try_from(self.last_comes()).unwrap_or(u64::MAX / 2)
            + time.patience
            + time.think
            + session.unwrap_or(0)
            + time_out.unwrap_or(0)
    }

    /// When the administrator resets the session of a user, the nth time, from 0; `None` if not any more.
    #[must_use]
    pub fn reset_at(&self, nth: u64) -> Option<u64> {
        self.nth_time(self.faults.reset_every, nth)
    }

    /// Of which user that is.
    #[must_use]
    pub fn whom_it_resets(&self, nth: u64) -> u32 {
        let user = self.draws.below(Stream::Reset, nth, self.users());
        u32::try_from(user).expect("a scenario has at most two billion users")
    }

    /// When logons are disabled, and when they are enabled again.
    #[must_use]
    pub fn disabled(&self, nth: u64) -> Option<(u64, u64)> {
        self.nth_pulse(self.faults.disable_logons, nth)
    }

    /// From when until when the disk is slow, and how many times slower it is.
    #[must_use]
    pub fn slow(&self, nth: u64) -> Option<(u64, u64, u32)> {
        let slow = self.faults.slow_disk?;
        let (from, until) = self.nth_pulse(Some(slow.pulse), nth)?;
        Some((from, until, slow.factor))
    }

    fn nth_pulse(&self, pulse: Option<Pulse>, nth: u64) -> Option<(u64, u64)> {
        let pulse = pulse?;
        let from = self.nth_time(Some(pulse.every), nth)?;
        Some((from, from + pulse.length))
    }

    fn nth_time(&self, every: Option<u64>, nth: u64) -> Option<u64> {
        let at = every?.checked_mul(nth + 1)?;
        (at <= self.horizon()).then_some(at)
    }

    fn on_average(&self, stream: Stream, index: u64, mean: u64) -> u64 {
        self.draws.exponential(stream, index, mean).min(LONGEST)
    }
}

/// The index of a draw for one connection of a client.
fn connection_of(number: u64, connection: u32) -> u64 {
    number | u64::from(connection) << COUNTED_IN
}

/// The processor time of a set-up, by the generation of the session, in milliseconds.
pub(crate) fn set_up(time: &Time, generation: u32) -> u64 {
    let draws = Draws::of(time.seed);
    draws.within(Stream::SetUp, generation.into(), time.set_up)
}

#[cfg(test)]
mod tests {
    use super::super::arriving::tests::{plan, table};
    use crate::scenario::ArrivalKind;

    #[test]
    fn what_is_drawn_does_not_depend_on_what_else_is() {
        let mut some = plan(&[table(ArrivalKind::Poisson, 10)]);
        let think: Vec<u64> = (0..10)
            .map(|number| some.stay(number, 0).unwrap_or(0))
            .collect();
        some.faults.vanish = 500;
        some.faults.license_denied = 500;
        some.time.think = 5_000;
        let again: Vec<u64> = (0..10)
            .map(|number| some.stay(number, 0).unwrap_or(0))
            .collect();
        assert_eq!(think, again);
        let other = some.clone().seeded(2);
        let differs = (0..10).any(|number| other.think(number, 0) != some.think(number, 0));
        assert!(differs);
        assert_ne!(some.think(3, 0), some.think(3, 1));
    }
}
