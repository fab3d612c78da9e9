//! The server's state, and every section's body as an ordinary sequential method.
//!
//! Nothing here waits, locks or knows of threads. [`crate::Allocator`] says which of these methods run
//! together in one section, and that is where a defect may do it wrong; the methods themselves are right,
//! and stay composed when the order in which they are called is not: what is missing is answered with a
//! refusal and told, never with a panic.
//!
//! # For an allocator from outside
//!
//! A section of an allocator written elsewhere is composed of three kinds of methods, each made of the next.
//!
//! | kind | for example | changes | tells |
//! |---|---|---|---|
//! | a whole step | [`admit`](Server::admit), [`publish`](Server::publish), [`hang_up`](Server::hang_up) | everything that belongs together | every fact of it |
//! | one change | [`assign`](Server::assign), [`transition`](Server::transition), [`refuse_in_line`](Server::refuse_in_line) | one logon or one session, and what goes with it at once | what it changed |
//! | a part | [`queue_mut`](Server::queue_mut), [`find_mut`](Server::find_mut), [`logons_mut`](Server::logons_mut) | whatever is written | nothing: [`tell`](Server::tell) it in the same section |
//!
//! Nothing keeps the parts consistent but whoever changes them. Whoever checks an allocator knows what it was
//! told, so a change that is not told, and a fact that is told and did not happen, are found out.

mod creation;
mod departure;
mod logon;
mod own;
mod parts;
mod stock;

pub use creation::Demand;
pub use logon::Arbitration;
pub use stock::Stock;

use crate::ids::{
    CONSOLE, Claim, FIRST_SESSION, Generation, LISTENER, LogonId, SessionId, StationName, UserId,
};
use crate::ledger::Ledger;
use crate::observer::{Fact, Observer};
use crate::primitives::Plain;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::state::SessionState;
use crate::store::{Sessions, Standard, Store, Table};
use crate::symmetric;
use crate::symmetry::{Shape, Symmetric};
use own::OwnState;

/// How far a logon has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LogonPhase {
    /// Holds a permit.
    Admitted,
    /// Waits in line for a session.
    Queued,
    /// Was refused by another thread while it waited in line, and has not heard of it yet.
    RefusedInLine(Refusal),
    /// Holds a session.
    Claimed,
    /// The client sees the logon prompt.
    AtPrompt,
    /// Holds a temporary session and the old one it is about to go back to.
    Swapping,
    /// Complete.
    LoggedOn,
}
symmetric! {
    enum LogonPhase { Admitted, Queued, RefusedInLine(refusal), Claimed, AtPrompt, Swapping, LoggedOn }
}

/// What the server knows of one logon. Permit and claims live here and never leave the monitored state.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Logon {
    /// How far it has come.
    pub phase: LogonPhase,
    /// The session it holds.
    pub claim: Option<Claim>,
    /// The disconnected session it is going back to.
    pub old: Option<Claim>,
}
symmetric! { struct Logon { phase, claim, old } }

/// What the server knows of one session.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Session {
    /// Which creation made it.
    pub generation: Generation,
    /// Its state.
    pub state: SessionState,
    /// Whether its subsystem has finished initializing.
    pub loaded: bool,
    /// Its name while a client is connected.
    pub name: Option<StationName>,
    /// The user logged on to it.
    pub user: Option<UserId>,
    /// The logon that holds it.
    pub holder: Option<LogonId>,
}
symmetric! { struct Session { generation, state, loaded, name, user, holder } }

/// The state of the allocator: sessions, idle pool, ledger, line and logons, kept in the containers of `S`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Server<O: Observer = (), S: Store = Standard> {
    pub(crate) settings: Settings<S::Count>,
    pub(crate) ledger: Ledger<S::Count>,
    pub(crate) sessions: S::Sessions,
    pub(crate) idle: S::Pool,
    pub(crate) queue: S::Line,
    pub(crate) logons: S::Logons,
    /// The generation of the last creation.
    pub(crate) created: u32,
    /// The highest number a session was ever named with.
    pub(crate) named: u32,
    pub(crate) logons_enabled: bool,
    pub(crate) closing: bool,
    /// The records of a [`System`](crate::System), which keeps none of the above.
    own: OwnState,
    pub(crate) observer: O,
}

impl<O: Observer + Symmetric> Symmetric for Server<O> {
    fn describe(&self, shape: &mut dyn Shape) {
        // The settings never change.
        let Server {
            settings,
            ledger,
            sessions,
            idle,
            queue,
            logons,
            created,
            named,
            logons_enabled,
            closing,
            own,
            observer,
        } = self;
        ledger.describe(shape);
        sessions.describe(shape);
        idle.describe(shape);
        queue.describe(shape);
        logons.describe(shape);
        shape.newest(Generation::FAMILY, *created);
        // Where ids are reused, which one comes next depends on which are free.
        if !settings.reuse_ids {
            shape.newest(SessionId::FAMILY, FIRST_SESSION.0 - 1 + created);
        }
        shape.newest(StationName::FAMILY, *named);
        logons_enabled.describe(shape);
        closing.describe(shape);
        own.describe(shape);
        observer.describe(shape);
    }
}

impl<O: Observer> Server<O> {
    /// A server with its console and its listener, and an empty pool, kept in the standard library's containers.
    pub fn new(settings: Settings, observer: O) -> Self {
        Server::kept_in(settings, observer)
    }
}

impl<O: Observer, S: Store> Server<O, S> {
    /// A server with its console and its listener, and an empty pool, kept in the containers of `S`.
    pub fn kept_in(settings: Settings<S::Count>, observer: O) -> Self {
        let built_in = |state| Session {
            generation: Generation(0),
            state,
            loaded: true,
            name: None,
            user: None,
            holder: None,
        };
        let mut sessions = S::Sessions::default();
        sessions.insert(CONSOLE, built_in(SessionState::Active));
        sessions.insert(LISTENER, built_in(SessionState::Listen));
        Server {
            ledger: Ledger::new(settings.max_connections),
            sessions,
            idle: S::Pool::default(),
            queue: S::Line::default(),
            logons: S::Logons::default(),
            created: 0,
            named: 0,
            logons_enabled: settings.logons_enabled,
            closing: false,
            settings,
            own: OwnState::default(),
            observer,
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings<S::Count> {
        &self.settings
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger<S::Count> {
        &self.ledger
    }

    /// The observer.
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// Says to the observer that a section is over. A harness that knows on whose behalf each section runs calls
    /// it at the end of each; an allocator has no use for it.
    pub fn after_section(&mut self) {
        self.observer.after_section();
    }

    /// The sessions by id, console and listener included.
    pub fn sessions(&self) -> &S::Sessions {
        &self.sessions
    }

    /// The idle sessions, the next to be claimed first.
    pub fn idle(&self) -> &S::Pool {
        &self.idle
    }

    /// The logons waiting for a session, the oldest first.
    pub fn queue(&self) -> &S::Line {
        &self.queue
    }

    /// The logons the server knows.
    pub fn logons(&self) -> &S::Logons {
        &self.logons
    }

    /// Whether the server is shutting down.
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// Shuts the server down: threads that serve without end stop at their next round.
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Whether clients may log on now.
    pub fn logons_enabled(&self) -> bool {
        self.logons_enabled
    }

    /// Enables or disables logons. Users who are logged on are not affected (KB Q186504).
    pub fn enable_logons(&mut self, enabled: bool) {
        self.logons_enabled = enabled;
        self.tell(Fact::LogonsEnabled(enabled));
    }

    /// The session `claim` names, unless it is gone: an id that was reused does not count.
    pub fn find(&self, claim: Claim) -> Option<&Session> {
        self.sessions
            .get(&claim.session)
            .filter(|session| session.generation == claim.generation)
    }

    /// The claim on the session that has this id now.
    pub fn claim_on(&self, id: SessionId) -> Option<Claim> {
        self.sessions
            .get(&id)
            .map(|session| claim_of((id, session)))
    }

    /// The first disconnected session of `user`.
    pub fn disconnected_session_of(&self, user: UserId) -> Option<Claim> {
        let found = self.sessions.first_disconnected_of(user);
        found.map(claim_of)
    }

    /// The first session, in the order of the ids, that is `wanted`. Console and listener do not count.
    pub fn first_session(&self, wanted: impl Fn(&Session) -> bool) -> Option<Claim> {
        let found = self.sessions.first_from(FIRST_SESSION, wanted);
        found.map(claim_of)
    }
}

fn claim_of((session, record): (SessionId, &Session)) -> Claim {
    Claim {
        session,
        generation: record.generation,
    }
}

/// What a [`System`](crate::System) needs of a server: a state of its own beside the observer.
impl<O: Observer> Server<O> {
    pub(crate) fn with_state<T: Plain>(mut self, state: T) -> Self {
        self.own = OwnState::new(state);
        self
    }

    pub(crate) fn own<T: Plain>(&self) -> &T {
        self.own.get().expect("a system's server keeps its state")
    }

    pub(crate) fn with_own<T: Plain, R>(
        &mut self,
        section: &impl Fn(&mut T, &mut dyn FnMut(Fact)) -> R,
    ) -> R {
        let Server { own, observer, .. } = self;
        let state = own.get_mut().expect("a system's server keeps its state");
        section(state, &mut |fact| parts::tell(observer, fact))
    }
}
