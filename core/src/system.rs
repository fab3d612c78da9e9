//! An allocator with a data structure of its own.
//!
//! [`Allocator`] is the algorithm around a [`Server`], and who overrides a step keeps the server's records. A [`System`]
//! keeps its own: monitors, words, whatever the primitives offer. Whoever judges it knows nothing of them. It knows what
//! it is told, and at rest what the system says it has.
//!
//! # The book
//!
//! What is told goes into a [`Book`]: one monitor that holds the observer and, beside it, a state of the system's own
//! choice. A section of the book changes that state and tells what became true with it, in one step. So the order of the
//! book's sections is the order in which things happened, for everybody: that is what is judged.
//!
//! What happens in another object becomes true, for whoever judges, in the section of the book that tells it. A permit
//! that is taken in a word is told one step later; between the two others may act. Such a system has to see to it that
//! what it tells is so when it tells it:
//!
//! - *Admissions* may be told late. The judge takes into account that whoever has arrived may hold a permit already.
//! - *A refusal* is right if its reason held at some moment between the logon's arrival and the telling.
//! - *Everything else* is believed to happen when it is told. A session that is taken from a pool of its own monitor is
//!   idle until `Claimed` is told, and may be told of once.
//!
//! Who cannot live with that keeps the thing in question in the book's state. This is the trait's one restriction: two
//! objects are never changed in one step, and of several objects one has to be the book.
//!
//! # The facts
//!
//! | when | what to tell, in one section and in this order |
//! |---|---|
//! | a connection reaches the server | `Arrived`, before anything else of this logon |
//! | it got a permit | `Admitted` |
//! | it waits for a session | `Queued`; who has waited longest is served first |
//! | it gets a session, taken or handed to it | `Claimed`, and the session's way from `Idle` to `ConnectQuery`; one that was another's and never used is `Claimed` alone |
//! | its client is connected | `Attaching`, `Attached` with a name that no living session has, `ConnectQuery` to `Connected` |
//! | its user is known | `Arbitrated`, with the disconnected session of the user, if there is one; that goes to `ConnectQuery` |
//! | it is complete | `LoggedOn`, and its session goes to `Active`; a temporary session it gave up is deleted before |
//! | it is refused | `Refused`; its event, `Logged`, if the reason has one; then what becomes of what it held |
//! | it leaves before it is complete | `Abandoned`, then what becomes of what it held |
//! | it ends after it was complete | `Left`; then its session goes to `Disconnected`, or is deleted |
//! | somebody resets a session | `Reset`, the session to `Reset`, then what becomes of the logon that held it: `Left` by a reset, or `Refused` for it |
//! | a session is created | `Session` from nothing to `Init`; `Loaded`; to `Idle`. If it fails: to `Down`, and the oldest in line is `Refused` |
//! | a session is deleted | `Session` to `Reset`, and from `Reset` to nothing; the two may be told in two sections |
//! | logons are enabled or disabled | `LogonsEnabled` |
//!
//! [`Fact`] says what each field means, and `docs/invariants.md` what is judged by which.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::allocator::Allocator;
use crate::environment::{Licenses, Line, SessionManager};
use crate::ids::{Claim, LogonId, UserId};
use crate::observer::{Fact, Observer};
use crate::primitives::{Monitor, Plain, Primitives};
use crate::refusal::Ending;
use crate::server::{Server, Session, Stock};
use crate::settings::Settings;

/// Takes note of facts, in the section of a [`Book`] in which they become true.
pub type Tell<'a> = &'a mut dyn FnMut(Fact);

/// A session allocator that keeps its own records. Each method is what one party of a scenario calls; what it does there,
/// and in how many steps, is its own affair. The documentation of [`Allocator`] says what each has to come to.
pub trait System<P: Primitives, O: Observer>: Sized + Send + Sync + 'static {
    /// What is kept in the book, beside the observer.
    type State: Plain;

    /// What is in the book in the beginning.
    fn initial(settings: &Settings) -> Self::State;

    /// A system that tells in `book`, with whatever other shared objects it needs.
    fn new(settings: &Settings, book: Book<P, O, Self::State>) -> Self;

    /// As [`Allocator::connect`]: brings a client to the logon prompt of a session, and waits as long as that takes. The
    /// line is asked before it arrives, when it is admitted and when it has a session, the license in between.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn connect(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending>;

    /// As [`Allocator::log_on`]: logs a user on, or refuses one that is not known; who has a disconnected session gets
    /// that one. The line is asked at the prompt, and when there are two sessions to choose from.
    ///
    /// # Errors
    ///
    /// How the logon ended instead.
    fn log_on(
        &self,
        logon: LogonId,
        user: Option<UserId>,
        line: &dyn Line,
    ) -> Result<Claim, Ending>;

    /// As [`Allocator::hang_up`]: ends a logon whose client is gone, at whatever step it is.
    fn hang_up(&self, logon: LogonId);

    /// As [`Allocator::disconnect`]: leaves the session behind.
    ///
    /// # Errors
    ///
    /// How the logon ended before, if it was over.
    fn disconnect(&self, logon: LogonId) -> Result<(), Ending>;

    /// As [`Allocator::log_off`]: ends the session.
    ///
    /// # Errors
    ///
    /// How the logon ended before, if it was over.
    fn log_off(&self, logon: LogonId) -> Result<(), Ending>;

    /// As [`Allocator::look_up`]: the first session that an administrator recognizes as the one `wanted`, as the result
    /// of a section of the book.
    fn look_up(&self, wanted: &dyn Fn(&Session) -> bool) -> Option<Claim>;

    /// As [`Allocator::reset`]: resets a session, and says whether it was still there.
    fn reset(&self, claim: Claim) -> bool;

    /// As [`Allocator::await_disconnected`]: waits until a session of `user` is disconnected; `None` once
    /// [closed](System::close).
    fn await_disconnected(&self, user: UserId) -> Option<Claim>;

    /// As [`Allocator::expire`]: resets a session if it is still disconnected, and says whether it was.
    fn expire(&self, claim: Claim) -> bool;

    /// As [`Allocator::enable_logons`].
    fn enable_logons(&self, enabled: bool);

    /// As [`Allocator::serve`]: creates sessions until it is [closed](System::close). Its loop is
    /// [`Primitives::forever`].
    fn serve(&self, manager: &dyn SessionManager);

    /// As [`Allocator::close`]: lets those stop who serve without end.
    fn close(&self);

    /// What the system has, in its own meaning, at rest; `state` is that of the book. No step: it
    /// [looks](Monitor::peek) at its other objects without one.
    fn stock(&self, state: &Self::State) -> Stock;
}

/// Where a [`System`] tells what becomes true: the observer, and a state of the system's own, in one monitor.
pub struct Book<P: Primitives, O: Observer, T: Plain> {
    monitor: Arc<P::Monitor<Server<O>>>,
    state: PhantomData<fn() -> T>,
}

impl<P: Primitives, O: Observer, T: Plain> Book<P, O, T> {
    /// One section that wakes nobody: see [`Monitor::enter`].
    #[track_caller]
    pub fn enter<R: Plain>(
        &self,
        label: &'static str,
        section: impl Fn(&mut T, Tell<'_>) -> R,
    ) -> R {
        self.monitor
            .enter(label, |server| server.with_own(&section))
    }

    /// One section, and whoever waits for the book looks again: see [`Monitor::update`].
    #[track_caller]
    pub fn update<R: Plain>(
        &self,
        label: &'static str,
        section: impl Fn(&mut T, Tell<'_>) -> R,
    ) -> R {
        self.monitor
            .update(label, |server| server.with_own(&section))
    }

    /// Waits until `section` yields: see [`Monitor::wait_for`]. One that does not yield changes and tells nothing.
    #[track_caller]
    pub fn wait_for<R: Plain>(
        &self,
        label: &'static str,
        section: impl Fn(&mut T, Tell<'_>) -> Option<R>,
    ) -> R {
        self.monitor
            .wait_for(label, |server| server.with_own(&section))
    }
}

/// A [`System`] as an [`Allocator`], for whatever runs one.
///
/// ```text
/// type Mine<P, O> = Standalone<P, O, MySystem<P, O>>;
/// ```
///
/// The steps of [`Allocator`] of which the calls are made, such as [`admit`](Allocator::admit), are no part of a system,
/// and nothing here calls them.
pub struct Standalone<P: Primitives, O: Observer, T> {
    monitor: Arc<P::Monitor<Server<O>>>,
    system: T,
}

impl<P: Primitives, O: Observer, T: System<P, O>> Standalone<P, O, T> {
    /// The system.
    pub fn system(&self) -> &T {
        &self.system
    }
}

impl<P: Primitives, O: Observer, T: System<P, O>> Allocator<P, O> for Standalone<P, O, T> {
    fn around(server: Server<O>) -> Self {
        let settings = server.settings().clone();
        let server = server.with_state(T::initial(&settings));
        let monitor = Arc::new(P::Monitor::new("server", server));
        let book = Book {
            monitor: Arc::clone(&monitor),
            state: PhantomData,
        };
        Standalone {
            system: T::new(&settings, book),
            monitor,
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.monitor
    }

    fn connect(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending> {
        self.system.connect(logon, line, licenses)
    }

    fn log_on(
        &self,
        logon: LogonId,
        user: Option<UserId>,
        line: &dyn Line,
    ) -> Result<Claim, Ending> {
        self.system.log_on(logon, user, line)
    }

    fn hang_up(&self, logon: LogonId) {
        self.system.hang_up(logon);
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.system.disconnect(logon)
    }

    fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
        self.system.log_off(logon)
    }

    fn look_up(&self, wanted: &dyn Fn(&Session) -> bool) -> Option<Claim> {
        self.system.look_up(wanted)
    }

    fn reset(&self, claim: Claim) -> bool {
        self.system.reset(claim)
    }

    fn await_disconnected(&self, user: UserId) -> Option<Claim> {
        self.system.await_disconnected(user)
    }

    fn expire(&self, claim: Claim) -> bool {
        self.system.expire(claim)
    }

    fn enable_logons(&self, enabled: bool) {
        self.system.enable_logons(enabled);
    }

    fn serve(&self, manager: &dyn SessionManager) {
        self.system.serve(manager);
    }

    fn close(&self) {
        self.system.close();
    }

    fn stock(&self, server: &Server<O>) -> Stock {
        self.system.stock(server.own())
    }
}
