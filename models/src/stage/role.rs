//! The roles: what each actor of a scenario does, on any backend.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{
    Allocator, Claim, Licenses, Line, LogonId, Moment, Server, SessionManager, UserId,
};

use super::attributed;
use super::call;
use super::cast::Cast;
use super::reached::Reached;
use super::timed::{SetUps, Timing};
use super::witness::Witness;
use crate::judge::{Answer, Wanted};
use crate::scenario::{
    Administrator, AdministratorOperation, Client, ClientOperation, HangUpPhase, LicenseReply,
    Password, ResetTarget, Scenario, Situation,
};

/// The line of a client that leaves by itself at one moment of its first connection, or never.
struct ScriptedLine<'a> {
    leaves: Option<Moment>,
    reached: &'a Reached,
}

impl Line for ScriptedLine<'_> {
    fn is_up(&self, moment: Moment) -> bool {
        // A line that is down stays down.
        let up = self.leaves.is_none_or(|leaves| moment < leaves);
        if !up {
            attributed::line_is_down();
            self.reached.hangs_up(moment);
        }
        up
    }
}

pub(super) fn moment(phase: HangUpPhase) -> Moment {
    match phase {
        HangUpPhase::BeforeArrival => Moment::BeforeArrival,
        HangUpPhase::Admitted => Moment::Admitted,
        HangUpPhase::Claimed => Moment::Claimed,
        HangUpPhase::AtPrompt => Moment::AtPrompt,
        HangUpPhase::Arbitrating => Moment::Arbitrating,
    }
}

/// The license service as one client meets it. A reply that never comes is a wait for a monitor that
/// nobody sets before the whole scenario is over, and then it is a denial.
struct LicenseDesk<'a, P: Primitives> {
    reply: Option<LicenseReply>,
    closed: &'a P::Monitor<bool>,
    /// Whether the client waits for the reply; read by the harness alone.
    waits: &'a AtomicBool,
    /// How long the reply takes, if anything takes time.
    timing: Option<&'a Timing<'a, P>>,
}

impl<P: Primitives> Licenses for LicenseDesk<'_, P> {
    fn grant(&self, logon: LogonId) -> bool {
        if let Some(timing) = self.timing {
            timing.await_license(logon);
        }
        match self.reply {
            None | Some(LicenseReply::Granted) => true,
            Some(LicenseReply::Denied) => false,
            Some(LicenseReply::NeverAnswered) => {
                self.waits.store(true, Ordering::SeqCst);
                let wait = |closed: &mut bool| closed.then_some(false);
                let reply = self.closed.wait_for("await the license reply", wait);
                self.waits.store(false, Ordering::SeqCst);
                reply
            }
        }
    }
}

/// Builds sessions; those that the scenario names fail.
pub(super) struct Loader<P: Primitives> {
    pub(super) failing: BTreeSet<u32>,
    /// What takes time in it, if anything does.
    pub(super) set_ups: Option<SetUps<P>>,
}

impl<P: Primitives> SessionManager for Loader<P> {
    fn load(&self, claim: Claim) -> bool {
        if let Some(set_ups) = &self.set_ups {
            set_ups.run(claim);
        }
        let loaded = !self.failing.contains(&claim.generation.0);
        if loaded {
            attributed::has_loaded(claim);
        }
        loaded
    }
}

/// A creation worker.
pub(super) fn worker<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    loader: &Loader<P>,
) {
    call::serve(allocator, loader);
}

/// What a client brings along besides its script.
pub(super) struct Equipment<'a, P: Primitives> {
    pub(super) user: UserId,
    /// Its times, if anything takes time.
    pub(super) timing: Option<Timing<'a, P>>,
    /// The monitor of the license desk.
    pub(super) closed: &'a P::Monitor<bool>,
    /// Noted for the harness: that it waits for its license, and what its calls returned.
    pub(super) awaits_license: &'a AtomicBool,
    pub(super) answers: &'a Mutex<Vec<(LogonId, Answer)>>,
    pub(super) reached: &'a Reached,
}

/// A client, working through its script as long as it is let.
pub(super) fn client<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    client: &Client,
    mut logons: impl Iterator<Item = LogonId>,
    equipment: &Equipment<'_, P>,
) {
    let desk = LicenseDesk::<P> {
        reply: client.license,
        closed: equipment.closed,
        waits: equipment.awaits_license,
        timing: equipment.timing.as_ref(),
    };
    let user = (client.password == Password::Right).then_some(equipment.user);
    let mut line = ScriptedLine {
        leaves: client.hang_up.map(moment),
        reached: equipment.reached,
    };
    let reached = equipment.reached;
    let mut logon = None;
    let mut is_logged_on = false;
    for operation in &client.script {
        let is_first = logon.is_none();
        let current = match operation {
            ClientOperation::Connect => {
                if logon.is_some() {
                    line.leaves = None;
                }
                logon = logons.next();
                logon.expect("as many logons as connections")
            }
            _ => logon.expect("a script begins with connect"),
        };
        let timing = equipment.timing.as_ref();
        match (timing, operation) {
            (Some(timing), ClientOperation::Connect) => timing.arrive(current, is_first),
            (Some(timing), ClientOperation::LogOn) => timing.think(current),
            (Some(timing), _) if is_logged_on => timing.stay(current),
            _ => {}
        }
        let answer = match operation {
            ClientOperation::Connect => call::connect(allocator, current, &line, &desk),
            ClientOperation::LogOn => call::log_on(allocator, current, user, &line),
            ClientOperation::Disconnect => call::disconnect(allocator, current),
            ClientOperation::LogOff => call::log_off(allocator, current),
            ClientOperation::HangUp => {
                match is_logged_on {
                    true => reached.breaks_logged_on(),
                    false => reached.hangs_up(Moment::AtPrompt),
                }
                call::hang_up(allocator, current)
            }
        };
        if let Some(timing) = timing.filter(|_| *operation == ClientOperation::Connect) {
            timing.is_answered(current);
        }
        let answers = equipment.answers.lock();
        answers
            .unwrap_or_else(PoisonError::into_inner)
            .push((current, answer));
        if matches!(answer, Answer::Ended(_)) {
            return;
        }
        match operation {
            ClientOperation::Disconnect => reached.note(Situation::Disconnects),
            ClientOperation::LogOff => reached.note(Situation::LogsOff),
            ClientOperation::Connect | ClientOperation::LogOn | ClientOperation::HangUp => {}
        }
        is_logged_on = *operation == ClientOperation::LogOn;
    }
}

/// An administrator, working through its script. `await_date` lets it do nothing until a date, if one is said.
pub(super) fn administrator<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    administrator: &Administrator,
    await_date: &dyn Fn(Option<u64>),
    scenario: &Scenario,
    cast: &Cast,
    reached: &Reached,
) {
    for (place, operation) in administrator.script.iter().enumerate() {
        await_date(administrator.date_of(place));
        match operation {
            AdministratorOperation::EnableLogons => call::enable_logons(allocator, true),
            AdministratorOperation::DisableLogons => call::enable_logons(allocator, false),
            AdministratorOperation::Reset(target) => {
                let wanted = wanted(target, scenario, cast);
                if call::reset(allocator, wanted) == Some(false) {
                    reached.note(Situation::ResetMisses);
                }
            }
        }
    }
}

/// Whose session an administrator's target means.
fn wanted(target: &ResetTarget, scenario: &Scenario, cast: &Cast) -> Wanted {
    match target {
        ResetTarget::User(user) => Wanted {
            user: cast.user(user.as_str()),
            logons: None,
        },
        ResetTarget::Client(name) => {
            let clients = &scenario.clients;
            let index = clients.iter().position(|client| client.name == *name);
            let index = index.expect("a checked scenario names its clients");
            Wanted {
                user: cast.user(clients[index].user.as_str()),
                logons: Some(cast.range_of(index)),
            }
        }
    }
}

/// Breaks a client's line once: that of the connection it has at that moment, if any.
pub(super) fn cutter<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logons: &[LogonId],
) {
    let current = match logons {
        [only] => Some(*only),
        _ => allocator.server().enter("pick the line", |server| {
            // By the judge's account: which connection there is, is not for the allocator to say.
            let server: &dyn Any = &*server;
            let server = server.downcast_ref::<Server<Witness>>();
            let is_living = |logon| server.is_some_and(|s| s.observer().judge.is_living(logon));
            logons.iter().copied().find(|&logon| is_living(logon))
        }),
    };
    if let Some(logon) = current {
        call::hang_up(allocator, logon);
    }
}

/// Resets a user's disconnected session at some moment, unless somebody went back to it before. `closing` says
/// whether the harness shuts the server down; `has_noticed` is noted for the harness.
pub(super) fn timer<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    user: UserId,
    closing: &AtomicBool,
    has_noticed: &AtomicBool,
    reached: &Reached,
) {
    let is_closing = || closing.load(Ordering::SeqCst);
    let found = call::await_disconnected(allocator, user, is_closing);
    has_noticed.store(true, Ordering::SeqCst);
    if let Some(claim) = found {
        let hit = call::expire(allocator, claim, user);
        if !hit {
            reached.note(Situation::TimeOutMisses);
        }
    }
}

/// Wakes everybody who waits for the server so many times, at any moments, although nothing has changed: a
/// condition may return without a reason, and whoever waits has to look again.
///
/// It wakes all of them at once. That only one of several wakes up, and those who wait for another monitor
/// than the server's, it leaves out.
pub(super) fn spurious_waker<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    wakes: u32,
    reached: &Reached,
) {
    for _ in 0..wakes {
        allocator.server().update("wake for no reason", |server| {
            if !server.queue().is_empty() {
                reached.note(Situation::WokenForNoReason);
            }
        });
    }
}
