//! What a scenario says in vain: keys and words that act in no order of events.
//!
//! Nothing is said of numbers that only bound something (`idle-pool`, `max-connections`, `creation-workers`,
//! `spurious-wakes`): that a bound is not reached is worth checking, and the command line changes them.

mod clients;
mod others;
mod server;
mod take;
mod time;

use super::Scenario;
use super::actor::UserName;
use super::course::{Connection, Course, Phase, courses, may_leave_a_session, waiting_connections};
pub(super) use take::without_idle;

/// Something in a scenario that may act in vain; clients and all others by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A client's `user`.
    User(usize),
    /// A client's `license`.
    License(usize),
    /// A client's `password`.
    Password(usize),
    /// A client's `hang-up`.
    HangUp(usize),
    /// A client's `think`, `stays`, `patience` and `license-after`.
    Think(usize),
    Stays(usize),
    Patience(usize),
    LicenseAfter(usize),
    /// A client's script from this operation on.
    Script(usize, usize),
    /// `reuse-ids`.
    ReuseIds,
    /// `on-broken-line`.
    OnBrokenLine,
    /// `logons-enabled`.
    LogonsEnabled,
    /// One of `failing-creations`.
    FailingCreation(u32),
    /// One of `stalling-creations`.
    StallingCreation(u32),
    /// `stall` and `disconnect-time-out`.
    Stall,
    DisconnectTimeOut,
    /// An operation of an administrator.
    Administration(usize, usize),
    /// A cutter.
    Cutter(usize),
    /// A timer.
    Timer(usize),
}

/// A part of a scenario that acts in no order of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Idle {
    /// Which.
    pub(super) part: Part,
    /// Why, and the way out.
    pub(super) message: String,
}

/// Everything in `scenario` that acts in no order of events, whether it was written or is a default.
pub(super) fn idle(scenario: &Scenario) -> Vec<Idle> {
    let courses = courses(scenario);
    let mut look = Look {
        scenario,
        connections: waiting_connections(scenario, &courses),
        courses,
        found: Vec::new(),
    };
    for index in 0..scenario.clients.len() {
        look.client(index);
    }
    look.server();
    look.time();
    look.administrators();
    look.cutters();
    look.timers();
    look.found
}

struct Look<'a> {
    scenario: &'a Scenario,
    courses: Vec<Course>,
    connections: Vec<Connection>,
    found: Vec<Idle>,
}

impl Look<'_> {
    fn add(&mut self, part: Part, message: String) {
        self.found.push(Idle { part, message });
    }

    fn clients_of(&self, user: &UserName) -> impl Iterator<Item = usize> {
        let clients = self.scenario.clients.iter().enumerate();
        clients
            .filter(move |(_, client)| client.user == *user)
            .map(|(index, _)| index)
    }

    fn leaves_a_session(&self, index: usize) -> bool {
        may_leave_a_session(self.scenario, index, &self.courses[index])
    }

    fn somebody_arrives(&self) -> bool {
        self.courses
            .iter()
            .any(|course| course.furthest() >= Phase::Arrived)
    }
}
