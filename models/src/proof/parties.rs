//! The parties: the most general client, a creation worker, whoever resets a session, and the acts of those who come
//! from outside.

use std::fmt;
use std::sync::Arc;

use logon_core::{
    Allocator, Claim, Fact, Licenses, Line, LogonId, Moment, Observer, Server, SessionManager,
    UserId,
};

use super::fed::{self, Answer, Call, Fed};
use super::seen::{NO, Question, YES};
use super::symbolic::Symbolic;

/// The observer: what is told in one section.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Told {
    /// The facts.
    pub(super) facts: Vec<Fact>,
    /// Whether the section is over, so that they are not printed. No section says so of itself.
    is_over: bool,
}

impl Observer for Told {
    fn tell(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    fn after_section(&mut self) {
        self.is_over = true;
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_over {
            true => f.write_str("over"),
            false => f.debug_list().entries(&self.facts).finish(),
        }
    }
}

impl Told {
    /// Whether a section has said that it is over.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }
}

/// The server on symbolic containers.
pub(super) type SymbolicServer = Server<Told, Symbolic>;

/// The allocator on them.
pub(super) type SymbolicAllocator = dyn Allocator<Fed, Told, Symbolic>;

/// An allocator, shared.
pub(super) type Shared = Arc<SymbolicAllocator>;

/// The world around the allocator, which answers either way.
struct World {
    /// Whose world it is, if it is a client's.
    logon: Option<LogonId>,
}

impl Line for World {
    fn is_up(&self, _: Moment) -> bool {
        fed::ask(Question::Line, 2) == YES
    }
}

impl Licenses for World {
    fn grant(&self, logon: LogonId) -> bool {
        fed::about_itself(
            self.logon == Some(logon),
            "a license is asked for another logon",
        );
        fed::ask(Question::License, 2) == YES
    }
}

impl SessionManager for World {
    fn load(&self, claim: Claim) -> bool {
        fed::about_itself(
            fed::has_seen(claim),
            "a session is loaded that its worker does not create",
        );
        fed::ask(Question::Load, 2) == YES
    }
}

/// What a party is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Role {
    /// A client that connects, logs on and leaves, however it likes, and comes again.
    Client,
    /// A creation worker.
    Worker,
    /// An administrator that resets this session.
    Administrator(Claim),
    /// A timer that expires this session.
    Timer(Claim),
    /// Nobody: a session that belongs to no party.
    Nobody,
}

impl Role {
    /// The session it aims at.
    pub(super) fn target(self) -> Option<Claim> {
        match self {
            Role::Administrator(claim) | Role::Timer(claim) => Some(claim),
            Role::Client | Role::Worker | Role::Nobody => None,
        }
    }

    /// The same, aimed at another session.
    pub(super) fn aimed(self, claim: Claim) -> Role {
        match self {
            Role::Administrator(_) => Role::Administrator(claim),
            Role::Timer(_) => Role::Timer(claim),
            other => other,
        }
    }

    /// Plays it, from its beginning; a client plays it for one connection.
    pub(super) fn play(self, allocator: &SymbolicAllocator, logon: LogonId, user: UserId) {
        match self {
            Role::Client => client(allocator, logon, user),
            Role::Worker => fed::work(|| allocator.serve(&World { logon: None })),
            Role::Administrator(claim) => reset(|| allocator.reset(claim)),
            Role::Timer(claim) => reset(|| allocator.expire(claim)),
            Role::Nobody => {}
        }
    }
}

/// One connection of a client, which leaves wherever it likes: before it connects, whenever its line is asked, at the
/// prompt, and when it is logged on.
fn client(allocator: &SymbolicAllocator, logon: LogonId, user: UserId) {
    fed::ask(Question::Decision, 1);
    let world = World { logon: Some(logon) };
    let session_or_end = |result: &Result<Claim, _>| match *result {
        Ok(claim) => Answer::Session(claim),
        Err(ending) => Answer::Ended(ending),
    };
    let done_or_end = |result: &Result<(), _>| match *result {
        Ok(()) => Answer::Done,
        Err(ending) => Answer::Ended(ending),
    };
    let connected = fed::call(
        Call::Connect,
        || allocator.connect(logon, &world, &world),
        session_or_end,
    );
    if connected.is_err() {
        return;
    }
    if fed::ask(Question::Decision, 2) == NO {
        hang_up(allocator, logon);
        return;
    }
    let log_on = || {
        let user = (fed::ask(Question::Password, 2) == YES).then_some(user);
        allocator.log_on(logon, user, &world)
    };
    if fed::call(Call::LogOn, log_on, session_or_end).is_err() {
        return;
    }
    match fed::ask(Question::Decision, 3) {
        0 => {
            let _ = fed::call(
                Call::Disconnect,
                || allocator.disconnect(logon),
                done_or_end,
            );
        }
        1 => {
            let _ = fed::call(Call::LogOff, || allocator.log_off(logon), done_or_end);
        }
        _ => hang_up(allocator, logon),
    }
}

/// The client hangs up, or somebody cuts its line.
pub(super) fn hang_up(allocator: &SymbolicAllocator, logon: LogonId) {
    fed::call(Call::HangUp, || allocator.hang_up(logon), |()| Answer::Done);
}

fn reset(body: impl FnOnce() -> bool) {
    fed::call(Call::Reset, body, |&hit| Answer::WasReset(hit));
}
