//! The calls that clients, workers and the administrator make: each is an actor of the engine, for as long as it takes.

use std::rc::Rc;
use std::sync::Arc;

use logon_core::observer::Departure;
use logon_core::server::Session;
use logon_core::{Allocator, Claim, Licenses, Line, LogonId, Moment, SessionManager, UserId};
use logon_sim::timed::{Key, Timed, Waits};
use logon_sim::{Fault, Sim, SimMonitor};

use super::client::Phase;
use super::witness::Ear;
use super::world::{Event, Shared};
use crate::judge::{self, Answer, Call, Wanted};
use crate::scenario::{End, LicenseReply};
use crate::stage::{Attributed, attributed, make};
use logon_core::primitives::Monitor;

/// The allocator under test, on the primitives of the engine.
pub(super) type LongAllocator = Arc<dyn Allocator<Attributed<Sim>, Ear>>;

/// How many calls a client may make at the most; each has a key of its own.
const CALLS: u64 = 4;

/// The keys of all whose wait may end with what becomes of a logon.
pub(super) fn keys(logon: LogonId) -> impl Iterator<Item = Key> {
    let first = u64::from(logon.0) * CALLS;
    (first..first + CALLS).map(Key)
}

/// After so many milliseconds, an hour, a license service that never replies denies: nobody waits for it any more, and a
/// call that went on for ever would keep its stack.
const NEVER: u64 = 60 * 60 * 1_000;

/// The keys of those who are no clients follow these.
const WORKERS: u64 = 1 << 40;
const OTHERS: u64 = 1 << 41;

/// What the actor of this key is called.
pub(super) fn name_of(Key(key): Key) -> String {
    match key {
        OTHERS.. => format!("admin-{}", key - OTHERS),
        WORKERS.. => format!("worker-{}", key - WORKERS),
        _ if key % CALLS == HANGS_UP => format!("hang-up-{}", key / CALLS),
        _ => format!("client-{}", key / CALLS),
    }
}

/// Which of its calls hangs a client up.
const HANGS_UP: u64 = 3;

/// What calls need.
pub(super) struct Callers {
    pub(super) allocator: LongAllocator,
    pub(super) world: Shared,
    gate: Rc<SimMonitor<()>>,
    workers: u64,
    others: u64,
}

impl Callers {
    pub(super) fn new(allocator: LongAllocator, world: Shared, engine: &Timed) -> Self {
        Callers {
            allocator,
            world,
            gate: engine.gate(),
            workers: 0,
            others: 0,
        }
    }

    /// A client connects.
    ///
    /// # Errors
    ///
    /// As [`Timed::spawn`]; so it is with all that follow.
    pub(super) fn connect(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let key = self.begins(logon, 0);
        let desk = Desk {
            world: Rc::clone(&world),
            gate: Rc::clone(&self.gate),
            key,
        };
        engine.spawn(key, Waits::ByKey, move || {
            let line = ClientLine(Rc::clone(&world));
            let answer = make(
                &*allocator,
                Call::Connect(logon, judge::Line::Up),
                || {
                    let result = allocator.connect(logon, &line.of(logon), &desk);
                    result.map_or_else(Answer::Ended, Answer::Prompt)
                },
                |&answer| Some(answer),
            );
            world
                .borrow_mut()
                .is_answered_about_its_prompt(logon, answer);
        })
    }

    /// A user logs on, or tries to.
    pub(super) fn log_on(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let user = world.borrow_mut().credentials(logon);
        engine.spawn(self.begins(logon, 1), Waits::ByKey, move || {
            let line = ClientLine(Rc::clone(&world));
            let answer = make(
                &*allocator,
                Call::LogOn(logon, judge::Line::Up),
                || {
                    let result = allocator.log_on(logon, user, &line.of(logon));
                    result.map_or_else(Answer::Ended, Answer::Home)
                },
                |&answer| Some(answer),
            );
            world.borrow_mut().is_answered_about_its_user(logon, answer);
        })
    }

    /// A user disconnects or logs off.
    pub(super) fn leave(
        &self,
        engine: &mut Timed,
        logon: LogonId,
        departure: Departure,
    ) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        engine.spawn(self.begins(logon, 2), Waits::ByKey, move || {
            let disconnects = departure == Departure::Disconnected;
            let call = match disconnects {
                true => Call::Disconnect(logon),
                false => Call::LogOff(logon),
            };
            let body = || {
                let left = match disconnects {
                    true => allocator.disconnect(logon),
                    false => allocator.log_off(logon),
                };
                left.map_or_else(Answer::Ended, |()| Answer::Departed(departure))
            };
            make(&*allocator, call, body, |&answer| Some(answer));
            let mut world = world.borrow_mut();
            world.has_answer(logon);
            world.is_gone(logon);
            world.has_returned(logon);
        })
    }

    /// A client hangs up, or its line breaks.
    pub(super) fn hang_up(&self, engine: &mut Timed, logon: LogonId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let key = self.begins(logon, HANGS_UP);
        {
            let mut world = world.borrow_mut();
            if let Some(client) = world.clients.get_mut(logon) {
                client.is_up = false;
            }
        }
        engine.spawn(key, Waits::Always, move || {
            make(
                &*allocator,
                Call::HangUp(logon),
                || allocator.hang_up(logon),
                |()| Some(Answer::HungUp),
            );
            world.borrow_mut().has_returned(logon);
        })
    }

    /// One more creation worker.
    pub(super) fn worker(&mut self, engine: &mut Timed) -> Result<(), Box<Fault>> {
        self.workers += 1;
        self.world.borrow_mut().idle_workers += 1;
        let allocator = Arc::clone(&self.allocator);
        let key = Key(WORKERS + self.workers);
        let loader = Loader {
            world: Rc::clone(&self.world),
            gate: Rc::clone(&self.gate),
            key,
        };
        engine.spawn(key, Waits::Alike, move || {
            make(
                &*allocator,
                Call::Serve(None),
                || allocator.serve(&loader),
                |()| None,
            );
        })
    }

    /// A disconnected session has been so for long enough.
    pub(super) fn expire(
        &mut self,
        engine: &mut Timed,
        claim: Claim,
        user: UserId,
    ) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        engine.spawn(self.other(), Waits::Always, move || {
            let hit = make(
                &*allocator,
                Call::Expire(claim, user),
                || allocator.expire(claim),
                |&hit| Some(Answer::WasReset(hit)),
            );
            world.borrow_mut().happened.timed_out_sessions += u64::from(hit);
        })
    }

    /// The administrator resets the session of a user, if there is one.
    pub(super) fn reset(&mut self, engine: &mut Timed, user: UserId) -> Result<(), Box<Fault>> {
        let (allocator, world) = (Arc::clone(&self.allocator), Rc::clone(&self.world));
        let wanted = Wanted { user, logons: None };
        engine.spawn(self.other(), Waits::Always, move || {
            let found = make(
                &*allocator,
                Call::LookUp(wanted),
                || allocator.look_up(&|session: &Session| session.user == Some(user)),
                |&found| Some(Answer::LookedUp(found)),
            );
            if let Some(claim) = found {
                let hit = make(
                    &*allocator,
                    Call::Reset(claim, wanted),
                    || allocator.reset(claim),
                    |&hit| Some(Answer::WasReset(hit)),
                );
                world.borrow_mut().happened.resets_hit += u64::from(hit);
            }
        })
    }

    /// The administrator enables logons, or disables them.
    pub(super) fn enable(&mut self, engine: &mut Timed, enabled: bool) -> Result<(), Box<Fault>> {
        let allocator = Arc::clone(&self.allocator);
        engine.spawn(self.other(), Waits::Always, move || {
            make(
                &*allocator,
                Call::EnableLogons(enabled),
                || allocator.enable_logons(enabled),
                |()| Some(Answer::Switched(enabled)),
            );
        })
    }

    fn other(&mut self) -> Key {
        self.others += 1;
        Key(OTHERS + self.others)
    }

    /// A call on behalf of a client begins: its key.
    fn begins(&self, logon: LogonId, which: u64) -> Key {
        let mut world = self.world.borrow_mut();
        if let Some(client) = world.clients.get_mut(logon) {
            client.calls += 1;
            client.is_in_call |= which != HANGS_UP;
        }
        Key(u64::from(logon.0) * CALLS + which)
    }
}

/// The lines of all clients.
struct ClientLine(Shared);

impl ClientLine {
    fn of(&self, logon: LogonId) -> OneLine<'_> {
        OneLine { lines: self, logon }
    }
}

/// The line of one client.
struct OneLine<'a> {
    lines: &'a ClientLine,
    logon: LogonId,
}

impl Line for OneLine<'_> {
    fn is_up(&self, _: Moment) -> bool {
        let world = self.lines.0.borrow();
        let is_up = world
            .clients
            .get(self.logon)
            .is_some_and(|client| client.is_up);
        if !is_up {
            attributed::line_is_down();
        }
        is_up
    }
}

/// The license service as a client meets it.
struct Desk {
    world: Shared,
    gate: Rc<SimMonitor<()>>,
    key: Key,
}

impl Licenses for Desk {
    fn grant(&self, logon: LogonId) -> bool {
        let Some((reply, after)) = self.world.borrow_mut().asks_for_a_license(logon, self.key)
        else {
            return true;
        };
        if after > 0 {
            pause(&self.gate, "await the license reply");
        }
        self.world.borrow_mut().has_a_reply(logon);
        reply == LicenseReply::Granted
    }
}

/// What builds sessions.
struct Loader {
    world: Shared,
    gate: Rc<SimMonitor<()>>,
    key: Key,
}

impl SessionManager for Loader {
    fn load(&self, claim: Claim) -> bool {
        let stalls = self.world.borrow_mut().begins_a_creation(claim, self.key);
        if stalls {
            pause(&self.gate, "stall");
            self.world.borrow_mut().stall_is_over();
        }
        self.world.borrow_mut().begins_a_set_up(claim, self.key);
        pause(&self.gate, "await the set-up");
        let loaded = self.world.borrow_mut().ends_a_set_up(claim);
        if loaded {
            attributed::has_loaded(claim);
        }
        loaded
    }
}

/// Waits until the world wakes the actor that calls. What it is doing is put aside meanwhile, as the operations of the
/// allocator do it.
fn pause(gate: &SimMonitor<()>, label: &'static str) {
    attributed::aside(|| gate.sleep(label));
}

impl super::world::World {
    /// The client's call returned; nobody owes it an answer.
    fn has_answer(&mut self, logon: LogonId) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.is_in_call = false;
        }
    }

    /// `connect` has returned.
    fn is_answered_about_its_prompt(&mut self, logon: LogonId, answer: Answer) {
        self.has_answer(logon);
        let client = *self.clients.get(logon).expect("its call is under way");
        let now = self.now;
        match (client.phase, answer) {
            (Phase::Connecting, Answer::Prompt(_)) => {
                self.tally.served(now, now - client.arrived);
                if client.is_flood {
                    self.happened.hung_up_at_prompt += 1;
                    self.agenda.add(now, Event::KeepAlive(logon));
                    self.set_phase(logon, Phase::Leaving);
                } else {
                    self.set_phase(logon, Phase::AtPrompt);
                    let think = self.plan.think(client.number, client.attempt);
                    self.agenda.add(now + think, Event::LogsOn(logon));
                }
            }
            (Phase::Connecting, Answer::Ended(ending)) => {
                self.tally.count(now, |outcomes| outcomes.ended(ending));
                self.may_come_back(logon);
                self.is_gone(logon);
            }
            _ => self.is_gone(logon),
        }
        self.has_returned(logon);
    }

    /// `log_on` has returned.
    fn is_answered_about_its_user(&mut self, logon: LogonId, answer: Answer) {
        self.has_answer(logon);
        let client = *self.clients.get(logon).expect("its call is under way");
        let now = self.now;
        match answer {
            Answer::Home(_) => {
                self.tally.count(now, |outcomes| outcomes.logged_on += 1);
                if let Some(stay) = self.plan.stay(client.number, client.attempt) {
                    self.agenda.add(now + stay, Event::Ends(logon));
                }
            }
            Answer::Ended(ending) => {
                self.tally.count(now, |outcomes| outcomes.ended(ending));
                self.is_gone(logon);
            }
            _ => {}
        }
        self.has_returned(logon);
    }

    /// Whom the user of this logon says it is: nobody, if the password is wrong.
    fn credentials(&mut self, logon: LogonId) -> Option<UserId> {
        let client = *self.clients.get(logon).expect("it is at its prompt");
        let is_wrong = self.plan.has_wrong_password(client.number, client.attempt);
        self.happened.wrong_passwords += u64::from(is_wrong);
        (!is_wrong).then_some(client.user)
    }

    /// What the license service will reply, and after how long; `None` if it is not asked.
    fn asks_for_a_license(&mut self, logon: LogonId, key: Key) -> Option<(LicenseReply, u64)> {
        let client = self.clients.get_mut(logon)?;
        let (number, attempt) = (client.number, client.attempt);
        let (reply, after) = self.plan.license(number, attempt)?;
        client.awaits_license = true;
        let after = match reply {
            LicenseReply::Granted => after,
            LicenseReply::Denied => {
                self.happened.licenses_denied += 1;
                after
            }
            LicenseReply::NeverAnswered => {
                self.happened.licenses_never += 1;
                NEVER
            }
        };
        if after > 0 {
            let until = self.now + after;
            self.agenda.add(until, Event::Wakes(key));
        }
        Some((reply, after))
    }

    fn has_a_reply(&mut self, logon: LogonId) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.awaits_license = false;
        }
    }

    /// A creation begins; says whether its worker stalls first.
    fn begins_a_creation(&mut self, claim: Claim, key: Key) -> bool {
        self.idle_workers -= 1;
        let generation = claim.generation.0;
        if self.plan.creation_fails(generation) {
            self.happened.creations_failed += 1;
            self.ear.heard().judge.creation_fails(claim.generation);
        }
        let Some(stall) = self.plan.stalls(generation) else {
            return false;
        };
        self.happened.workers_stalled += 1;
        self.goes_wrong();
        let until = self.now + stall;
        self.agenda.add(until, Event::Wakes(key));
        true
    }

    fn stall_is_over(&mut self) {
        self.is_right_again();
    }

    fn begins_a_set_up(&mut self, claim: Claim, key: Key) {
        let length = self.plan.set_up(claim.generation.0);
        let now = self.now;
        self.processors.begin(now, length, key);
    }

    /// Says whether the session was loaded.
    fn ends_a_set_up(&mut self, claim: Claim) -> bool {
        self.idle_workers += 1;
        !self.plan.creation_fails(claim.generation.0)
    }

    pub(super) fn set_phase(&mut self, logon: LogonId, phase: Phase) {
        if let Some(client) = self.clients.get_mut(logon) {
            client.phase = phase;
        }
    }

    /// A client that was turned away, or lost patience, comes back in some cases.
    pub(super) fn may_come_back(&mut self, logon: LogonId) {
        let client = *self.clients.get(logon).expect("it is there");
        let (number, attempt) = (client.number, client.attempt);
        if client.is_flood || !self.plan.comes_back(number, attempt) {
            return;
        }
        self.happened.came_back += 1;
        let at = self.now + self.plan.back_off(number, attempt);
        let arrival = crate::scenario::Arrival {
            number,
            at,
            user: client.user.0,
            is_flood: false,
        };
        self.agenda.add(at, Event::ComesBack(arrival, attempt + 1));
    }

    /// How a user's session ends.
    pub(super) fn end_of(&self, logon: LogonId) -> Option<End> {
        let client = self.clients.get(logon)?;
        Some(self.plan.end(client.number, client.attempt))
    }
}
