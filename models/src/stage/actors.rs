//! The actors of a scenario: who they are, and which role each plays.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use logon_core::LogonId;

use super::attributed::Attributed;
use super::timed::{self, SetUps, Timing};
use super::{Stage, attributed, exchange, role};
use crate::backend::Backend;
use crate::judge::{Call, Errand};
use crate::scenario::{Administrator, Client, Cutter, Scenario, Timer};

/// An actor that has not begun.
pub struct Actor {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it is: actors of one class differ in their names alone.
    pub class: String,
    /// Whether it takes a step only where nobody else can: time.
    pub is_idle: bool,
    /// What it does.
    pub body: Box<dyn FnOnce() + Send>,
}

/// Who wakes the others for no reason. No scenario can name an actor like this: names have no space.
const SPURIOUS_WAKER: &str = "spurious waker";

/// Who hangs up for clients that lose patience. Likewise.
const PATIENCE: &str = "lost patience";

/// Who resets sessions that have been disconnected for long enough. Likewise.
const TIME_OUTS: &str = "time out";

/// Who lets time pass. Likewise.
const TIME: &str = "the clock";

impl Actor {
    fn new(
        name: impl Into<String>,
        class: impl Into<String>,
        body: impl FnOnce() + Send + 'static,
    ) -> Self {
        Actor {
            name: name.into(),
            class: class.into(),
            is_idle: false,
            body: Box::new(move || {
                attributed::begin(Errand::of(Call::Nobody));
                body();
            }),
        }
    }
}

impl<B: Backend> Stage<B> {
    /// Everybody, in the order in which they are started.
    pub(super) fn actors(&self, scenario: &Arc<Scenario>) -> Vec<Actor> {
        let clients = scenario.clients.iter().enumerate();
        let clients = clients.map(|(index, client)| self.client(index, client, scenario));
        let administrators = scenario.administrators.iter().enumerate();
        let administrators =
            administrators.map(|(index, one)| self.administrator(index, one, scenario));
        let cutters = scenario.cutters.iter().enumerate();
        let cutters = cutters.map(|(index, cutter)| self.cutter(index, cutter, scenario));
        let timers = scenario.timers.iter().enumerate();
        let timers = timers.map(|(index, timer)| self.timer(index, timer));
        let workers = (0..self.workers).map(|index| self.worker(index, scenario));
        let mut actors: Vec<Actor> = clients.collect();
        actors.extend(administrators);
        actors.extend(cutters);
        actors.extend(timers);
        actors.extend(workers);
        actors.extend(self.spurious_waker(scenario.server.spurious_wakes));
        actors.extend(self.impatience());
        let time_out = scenario.time.and_then(|time| time.disconnect_time_out);
        actors.extend(time_out.and_then(|_| self.time_outs()));
        actors.extend(self.time(time_out));
        actors
    }

    fn client(&self, index: usize, client: &Client, scenario: &Scenario) -> Actor {
        let allocator = Arc::clone(&self.allocator);
        let desk = Arc::clone(&self.license_desk_closed);
        let finished = Arc::clone(&self.finished);
        let logons = self.cast.logons_of(index);
        let user = self.cast.user(client.user.as_str());
        let answers = Arc::clone(&self.answers);
        let await_licenses = Arc::clone(&self.await_licenses);
        let script = client.clone();
        let reached = self.reached.clone();
        let (clock, time) = (self.clock.clone(), scenario.time);
        let timetable = Arc::clone(&self.timetable);
        let body = move || {
            let waits = clock.as_deref().zip(time);
            let times = script.times;
            let equipment = role::Equipment {
                timing: waits.map(|(clock, time)| Timing {
                    clock,
                    timetable: &timetable,
                    arrives: times.arrives,
                    patience: times.patience.unwrap_or(time.patience),
                    think: times.think,
                    stays: times.stays,
                    license_after: times.license_after,
                }),
                user,
                closed: &*desk,
                awaits_license: &await_licenses[index],
                answers: &answers,
                reached: &reached,
            };
            role::client(&*allocator, &script, logons, &equipment);
            finished[index].store(true, Ordering::SeqCst);
        };
        let class = exchange::client_class(client, scenario);
        Actor::new(client.name.as_str(), class, body)
    }

    fn administrator(
        &self,
        index: usize,
        administrator: &Administrator,
        scenario: &Arc<Scenario>,
    ) -> Actor {
        let allocator = Arc::clone(&self.allocator);
        let (scenario, cast) = (Arc::clone(scenario), Arc::clone(&self.cast));
        let administrator = administrator.clone();
        let finished = Arc::clone(&self.finished);
        let number = self.clients + index;
        let name = administrator.name.to_string();
        let reached = self.reached.clone();
        let (clock, timetable) = (self.clock.clone(), Arc::clone(&self.timetable));
        let body = move || {
            let await_date = |at| {
                if let Some(clock) = &clock {
                    timed::await_date::<Attributed<B>>(clock, &timetable, at);
                }
            };
            role::administrator(
                &*allocator,
                &administrator,
                &await_date,
                &scenario,
                &cast,
                &reached,
            );
            finished[number].store(true, Ordering::SeqCst);
        };
        let class = format!("administrator {index}");
        Actor::new(name, class, body)
    }

    fn cutter(&self, index: usize, cutter: &Cutter, scenario: &Scenario) -> Actor {
        let allocator = Arc::clone(&self.allocator);
        let mut clients = scenario.clients.iter();
        let victim = clients.position(|client| client.name == cutter.cuts);
        let victim = victim.expect("a checked scenario names its clients");
        let logons: Vec<LogonId> = self.cast.logons_of(victim).collect();
        let finished = Arc::clone(&self.finished);
        let number = self.clients + scenario.administrators.len() + index;
        let (clock, timetable) = (self.clock.clone(), Arc::clone(&self.timetable));
        let at = cutter.at;
        let body = move || {
            if let Some(clock) = clock {
                timed::await_date::<Attributed<B>>(&*clock, &timetable, at);
            }
            role::cutter(&*allocator, &logons);
            finished[number].store(true, Ordering::SeqCst);
        };
        let class = format!("cutter of {}", cutter.cuts);
        Actor::new(cutter.name.as_str(), class, body)
    }

    fn timer(&self, index: usize, timer: &Timer) -> Actor {
        let allocator = Arc::clone(&self.allocator);
        let reached = self.reached.clone();
        let (timers, closing) = (Arc::clone(&self.timers), Arc::clone(&self.closing));
        let body = move || {
            let (user, has_noticed) = &timers[index];
            role::timer(&*allocator, *user, &closing, has_noticed, &reached);
        };
        let class = format!("timer of {}", timer.expires);
        Actor::new(timer.name.as_str(), class, body)
    }

    fn worker(&self, index: u32, scenario: &Scenario) -> Actor {
        let allocator = Arc::clone(&self.allocator);
        let set_ups = self.clock.as_ref().zip(scenario.time);
        let loader = role::Loader {
            failing: scenario.server.failing_creations.clone(),
            set_ups: set_ups.map(|(clock, time)| SetUps {
                clock: Arc::clone(clock),
                time,
                stalling: scenario.server.stalling_creations.clone(),
            }),
        };
        let name = match index {
            0 => "worker".to_owned(),
            _ => format!("worker-{}", index + 1),
        };
        Actor::new(name, "worker", move || role::worker(&*allocator, &loader))
    }

    /// Who wakes the others so many times for no reason, if anybody does.
    fn spurious_waker(&self, wakes: u32) -> Option<Actor> {
        let allocator = Arc::clone(&self.allocator);
        let reached = self.reached.clone();
        let body = move || role::spurious_waker(&*allocator, wakes, &reached);
        (wakes > 0).then(|| Actor::new(SPURIOUS_WAKER, SPURIOUS_WAKER, body))
    }

    /// Who hangs up for clients that lose patience, where things take time.
    fn impatience(&self) -> Option<Actor> {
        let (allocator, clock) = (Arc::clone(&self.allocator), self.clock.clone()?);
        let reached = self.reached.clone();
        let body = move || timed::impatience(&*allocator, &*clock, &reached);
        Some(Actor::new(PATIENCE, PATIENCE, body))
    }

    /// Who resets sessions that have been disconnected for long enough.
    fn time_outs(&self) -> Option<Actor> {
        let (allocator, clock) = (Arc::clone(&self.allocator), self.clock.clone()?);
        let reached = self.reached.clone();
        let body = move || timed::time_outs(&*allocator, &*clock, &reached);
        Some(Actor::new(TIME_OUTS, TIME_OUTS, body))
    }

    /// Who lets time pass, where things take time.
    fn time(&self, time_out: Option<u64>) -> Option<Actor> {
        let (allocator, clock) = (Arc::clone(&self.allocator), self.clock.clone()?);
        let body = move || timed::time(&*allocator, &*clock, time_out);
        Some(Actor {
            is_idle: true,
            ..Actor::new(TIME, TIME, body)
        })
    }
}
