//! The roles: what each actor of a scenario does, on any backend.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::observer::{Departure, Observer};
use logon_core::primitives::{Monitor, Primitives};
use logon_core::server::Session;
use logon_core::{Allocator, Claim, Licenses, Line, LogonId, Moment, SessionManager, UserId};

use super::cast::Cast;
use crate::judge::Answer;
use crate::scenario::{
    AdministratorOperation, Client, ClientOperation, HangUpPhase, LicenseReply, Password,
    ResetTarget, Scenario,
};

/// The line of a client that leaves by itself at one moment of its first connection, or never.
struct ScriptedLine {
    leaves: Option<Moment>,
}

impl Line for ScriptedLine {
    fn is_up(&self, moment: Moment) -> bool {
        self.leaves != Some(moment)
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
struct LicenseDesk<P: Primitives> {
    reply: Option<LicenseReply>,
    closed: Arc<P::Monitor<bool>>,
}

impl<P: Primitives> Licenses for LicenseDesk<P> {
    fn grant(&self, _: LogonId) -> bool {
        match self.reply {
            None | Some(LicenseReply::Granted) => true,
            Some(LicenseReply::Denied) => false,
            Some(LicenseReply::NeverAnswered) => self
                .closed
                .wait_for("await the license reply", |closed| closed.then_some(false)),
        }
    }
}

/// Builds sessions; those that the scenario names fail.
pub(super) struct Loader {
    pub(super) failing: BTreeSet<u32>,
}

impl SessionManager for Loader {
    fn load(&self, claim: Claim) -> bool {
        !self.failing.contains(&claim.generation.0)
    }
}

/// A client, working through its script as long as it is let.
pub(super) fn client<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    closed: &Arc<P::Monitor<bool>>,
    client: &Client,
    user: UserId,
    mut logons: impl Iterator<Item = LogonId>,
    answers: &Mutex<Vec<(LogonId, Answer)>>,
) {
    let told = |logon, answer| {
        answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((logon, answer));
        !matches!(answer, Answer::Ended(_))
    };
    let desk = LicenseDesk::<P> {
        reply: client.license,
        closed: Arc::clone(closed),
    };
    let user = (client.password == Password::Right).then_some(user);
    let mut line = ScriptedLine {
        leaves: client.hang_up.map(moment),
    };
    let mut logon = None;
    for operation in &client.script {
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
        let goes_on = match operation {
            ClientOperation::Connect => {
                let result = allocator.connect(current, &line, &desk);
                told(current, result.map_or_else(Answer::Ended, Answer::Prompt))
            }
            ClientOperation::LogOn => {
                let result = allocator.log_on(current, user, &line);
                told(current, result.map_or_else(Answer::Ended, Answer::Home))
            }
            ClientOperation::Disconnect => {
                let left = allocator
                    .disconnect(current)
                    .map(|()| Departure::Disconnected);
                told(current, left.map_or_else(Answer::Ended, Answer::Departed))
            }
            ClientOperation::LogOff => {
                let left = allocator.log_off(current).map(|()| Departure::LoggedOff);
                told(current, left.map_or_else(Answer::Ended, Answer::Departed))
            }
            ClientOperation::HangUp => {
                allocator.hang_up(current);
                true
            }
        };
        if !goes_on {
            return;
        }
    }
}

/// An administrator, working through its script.
pub(super) fn administrator<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    script: &[AdministratorOperation],
    scenario: &Scenario,
    cast: &Cast,
) {
    for operation in script {
        match operation {
            AdministratorOperation::EnableLogons => allocator.enable_logons(true),
            AdministratorOperation::DisableLogons => allocator.enable_logons(false),
            AdministratorOperation::Reset(target) => {
                if let Some(claim) = allocator.look_up(&recognizer(target, scenario, cast)) {
                    allocator.reset(claim);
                }
            }
        }
    }
}

/// How an administrator recognizes a target's session in the list: by who is connected to it, or by its user.
fn recognizer(
    target: &ResetTarget,
    scenario: &Scenario,
    cast: &Cast,
) -> impl Fn(&Session) -> bool + use<> {
    let (logons, user) = match target {
        ResetTarget::User(user) => (BTreeSet::new(), cast.user(user.as_str())),
        ResetTarget::Client(name) => {
            let index = scenario
                .clients
                .iter()
                .position(|client| client.name == *name);
            let index = index.expect("a checked scenario names its clients");
            (
                cast.logons_of(index).collect(),
                cast.user(scenario.clients[index].user.as_str()),
            )
        }
    };
    move |session| {
        session.user == Some(user)
            || session
                .holder
                .is_some_and(|holder| logons.contains(&holder))
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
            logons
                .iter()
                .copied()
                .find(|&logon| server.living(logon).is_ok())
        }),
    };
    if let Some(logon) = current {
        allocator.hang_up(logon);
    }
}

/// Resets a user's disconnected session at some moment, unless somebody went back to it before.
pub(super) fn timer<P: Primitives, O: Observer>(allocator: &dyn Allocator<P, O>, user: UserId) {
    if let Some(claim) = allocator.await_disconnected(user) {
        allocator.expire(claim);
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
) {
    for _ in 0..wakes {
        allocator.server().update("wake for no reason", |_| ());
    }
}
