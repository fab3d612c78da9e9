//! What is due, and what happens then.

use std::rc::Rc;

use logon_core::observer::Departure;
use logon_core::{LogonId, UserId};
use logon_sim::Fault;

use super::agenda::Event;
use super::client::{Client, Phase};
use super::run::Running;
use super::witness::heard;
use crate::judge::{LogonTruth, Reply};
use crate::scenario::{Arrival, End, LicenseReply};

impl Running<'_> {
    /// What is due happens.
    pub(super) fn happen(&mut self, now: u64) -> Result<(), Box<Fault>> {
        loop {
            let done = self.world.borrow_mut().processors.done(now);
            let Some(key) = done else { break };
            self.engine.wake(key);
        }
        loop {
            let event = self.world.borrow_mut().agenda.take(now);
            let Some(event) = event else { return Ok(()) };
            self.event(now, event)?;
        }
    }

    fn event(&mut self, now: u64, event: Event) -> Result<(), Box<Fault>> {
        let Running {
            engine, callers, ..
        } = self;
        match event {
            Event::Arrives(arrival) => {
                if let Some(next) = self.arrivals.next() {
                    let mut world = self.world.borrow_mut();
                    world.agenda.add(next.at, Event::Arrives(next));
                }
                self.arrives(now, arrival, 0)
            }
            Event::ComesBack(arrival, attempt) => self.arrives(now, arrival, attempt),
            Event::LosesPatience(logon) => {
                let mut world = self.world.borrow_mut();
                let waits = world.clients.get(logon);
                if waits.is_none_or(|client| client.phase != Phase::Connecting) {
                    return Ok(());
                }
                world.happened.lost_patience += 1;
                world.tally.count(now, |outcomes| outcomes.timed_out += 1);
                world.set_phase(logon, Phase::Leaving);
                world.may_come_back(logon);
                drop(world);
                callers.hang_up(engine, logon)
            }
            Event::LogsOn(logon) => {
                let mut world = self.world.borrow_mut();
                let at_prompt = world.clients.get(logon);
                if at_prompt.is_none_or(|client| client.phase != Phase::AtPrompt) {
                    return Ok(());
                }
                world.set_phase(logon, Phase::LoggedOn);
                drop(world);
                callers.log_on(engine, logon)
            }
            Event::Ends(logon) => self.ends(now, logon),
            Event::KeepAlive(logon) => {
                let mut world = self.world.borrow_mut();
                if world.clients.get(logon).is_none() {
                    return Ok(());
                }
                drop(world);
                callers.hang_up(engine, logon)?;
                world = self.world.borrow_mut();
                world.is_gone(logon);
                Ok(())
            }
            Event::TimesOut(disconnected) => {
                let world = self.world.borrow();
                let generation = disconnected.claim.generation;
                let is_so_still = world.disconnected.get(&generation) == Some(&disconnected);
                let user = is_so_still.then(|| {
                    let server = callers.allocator.server().inner();
                    server.peek(|server| server.find(disconnected.claim)?.user)
                });
                drop(world);
                match user.flatten() {
                    Some(user) => callers.expire(engine, disconnected.claim, user),
                    None => Ok(()),
                }
            }
            Event::Wakes(key) => {
                engine.wake(key);
                Ok(())
            }
            Event::Resets(nth) => {
                let mut world = self.world.borrow_mut();
                let plan = Rc::clone(&world.plan);
                if let Some(at) = plan.reset_at(nth + 1) {
                    world.agenda.add(at, Event::Resets(nth + 1));
                }
                let user = UserId(plan.whom_it_resets(nth));
                drop(world);
                callers.reset(engine, user)
            }
            Event::Disables(nth) => {
                let mut world = self.world.borrow_mut();
                let plan = Rc::clone(&world.plan);
                world.happened.logons_were_disabled += 1;
                if let Some((_, until)) = plan.disabled(nth) {
                    world.agenda.add(until, Event::Enables(nth));
                }
                if let Some((at, _)) = plan.disabled(nth + 1) {
                    world.agenda.add(at, Event::Disables(nth + 1));
                }
                drop(world);
                callers.enable(engine, false)
            }
            Event::Enables(_) => callers.enable(engine, true),
            Event::SlowsDown(nth) => {
                let mut world = self.world.borrow_mut();
                let plan = Rc::clone(&world.plan);
                world.happened.disk_was_slow += 1;
                if let Some((at, ..)) = plan.slow(nth + 1) {
                    world.agenda.add(at, Event::SlowsDown(nth + 1));
                }
                if let Some((_, until, factor)) = plan.slow(nth) {
                    world.agenda.add(until, Event::SpeedsUp(nth));
                    world.goes_wrong();
                    world.processors.slow_down(now, factor);
                }
                Ok(())
            }
            Event::SpeedsUp(_) => {
                let mut world = self.world.borrow_mut();
                world.is_right_again();
                world.processors.slow_down(now, 1);
                Ok(())
            }
        }
    }

    fn arrives(&mut self, now: u64, arrival: Arrival, attempt: u32) -> Result<(), Box<Fault>> {
        let logon = LogonId(self.next_logon);
        self.next_logon += 1;
        let mut world = self.world.borrow_mut();
        let plan = Rc::clone(&world.plan);
        let Arrival {
            number,
            user,
            is_flood,
            ..
        } = arrival;
        let user = UserId(user);
        world.tally.count(now, |outcomes| outcomes.arrived += 1);
        world.came += u64::from(attempt == 0);
        world.clients.add(Client {
            logon,
            number,
            attempt,
            user,
            is_flood,
            phase: Phase::Connecting,
            is_up: true,
            arrived: now,
            calls: 0,
            is_in_call: false,
            awaits_license: false,
            stands_in_line: false,
            is_held: false,
        });
        world.has_come();
        let license = plan.license(number, attempt);
        let truth = LogonTruth {
            user: Some(user),
            license: match license {
                None | Some((LicenseReply::Granted, _)) => Reply::Granted,
                Some((LicenseReply::Denied, _)) => Reply::Denied,
                Some((LicenseReply::NeverAnswered, _)) => Reply::Never,
            },
            wrong_password: plan.has_wrong_password(number, attempt),
            ..LogonTruth::default()
        };
        heard(|heard| heard.judge.learn(logon, truth));
        let patience = plan.patience(number);
        world
            .agenda
            .add(now + patience, Event::LosesPatience(logon));
        drop(world);
        self.callers.connect(&mut self.engine, logon)
    }

    fn ends(&mut self, now: u64, logon: LogonId) -> Result<(), Box<Fault>> {
        let Running {
            engine, callers, ..
        } = self;
        let mut world = self.world.borrow_mut();
        let Some(end) = world.end_of(logon) else {
            return Ok(());
        };
        match end {
            End::Vanishes => {
                world.happened.vanished += 1;
                let at = now + world.plan.time().keep_alive;
                world.agenda.add(at, Event::KeepAlive(logon));
                Ok(())
            }
            End::Breaks => {
                world.happened.lines_broke += 1;
                drop(world);
                callers.hang_up(engine, logon)?;
                self.world.borrow_mut().is_gone(logon);
                Ok(())
            }
            End::Disconnects => {
                world.happened.disconnected += 1;
                drop(world);
                callers.leave(engine, logon, Departure::Disconnected)
            }
            End::LogsOff => {
                drop(world);
                callers.leave(engine, logon, Departure::LoggedOff)
            }
        }
    }
}
