//! The core that hands out sessions to clients which log on to a terminal server at the same time.
//!
//! A terminal server keeps a few idle sessions ready. A client that connects takes a permit, is given an idle
//! session or waits in line while one is created, sees a logon prompt, and goes back to its old session if it
//! left one behind. This crate is that allocator, written so that its every interleaving can be searched: it
//! names no thread, no lock and no clock, and what two threads share goes through [`primitives`]. Choose
//! [`Std`] and it is an ordinary library; choose a checker's primitives and the same code is the subject of
//! the check. Around the fixed algorithm stand its [`defects`], each with one step done wrong, to show that
//! the checks can fail.
//!
//! # Promises
//!
//! For the fixed algorithm, as the checks of this workspace look for:
//!
//! - Nobody is refused without the reason given: event 71 only if every permit was out, event 201 only if the
//!   license was denied, and event 22, a logon that was dropped, never.
//! - No more clients are connected than allowed, no session has two of them, and no two sessions one name.
//! - Whoever ends, and at whatever step, gives permit and session back; a session nobody has seen yet goes on
//!   to the next in line.
//! - Whoever waits in line is served in order, as long as sessions can be created.
//! - An action aimed at a session never hits a later one of the same id.
//!
//! # Documented, and reconstructed
//!
//! | | |
//! |---|---|
//! | Simultaneous logons may fail, with event 22 | documented, KB Q238186; the cause is not |
//! | Idle sessions, two by default; one is created when none is left; the swap to an old session | documented, KB Q186572 |
//! | The states of a session, the names `rdp-tcp#n` | documented, KB Q186592 |
//! | Events 71 and 201; a disconnected session needs no permit; `change logon` | documented, KB Q192165, Q187629, Q187443, Q186504 |
//! | The legal edges between the states; the text and meaning of event 22 | reconstruction |
//! | Monitor, ledger, line, hand-off, level-triggered creation, generations | reconstruction |
//! | That any of the [`defects`] was the cause | reconstruction |
//!
//! # Example
//!
//! One client, one creation worker, real threads.
//!
//! ```
//! use std::thread;
//!
//! use logon_core::allocator::{Allocator, Fixed};
//! use logon_core::environment::{Licenses, Line, Moment, SessionManager};
//! use logon_core::{Claim, Ending, LogonId, Server, Settings, Std, UserId};
//!
//! struct World;
//! impl Line for World {
//!     fn is_up(&self, _: Moment) -> bool { true }
//! }
//! impl Licenses for World {
//!     fn grant(&self, _: LogonId) -> bool { true }
//! }
//! impl SessionManager for World {
//!     fn load(&self, _: Claim) -> bool { true }
//! }
//!
//! let settings = Settings { max_connections: Some(1), ..Settings::default() };
//! let allocator: Fixed<Std, ()> = Allocator::around(Server::new(settings, ()));
//! thread::scope(|scope| {
//!     scope.spawn(|| allocator.serve(&World));
//!     let logon = LogonId(1);
//!     let prompt = allocator.connect(logon, &World, &World)?;
//!     let session = allocator.log_on(logon, Some(UserId(7)), &World)?;
//!     assert_eq!(prompt, session, "the user had no old session to go back to");
//!     allocator.log_off(logon)?;
//!     allocator.close();
//!     Ok::<(), Ending>(())
//! })?;
//! # Ok::<(), Ending>(())
//! ```
//!
//! The examples `loopback_server` and `outside_allocator` do it over sockets, and with an admission of their
//! own.
//!
//! # Limits
//!
//! - About four billion sessions in one server's life, and as many logons: numbers are 32 bits wide.
//! - Waking is broadcast, and one monitor covers everything: sections are short, but a server of
//!   thousands of clients at the same moment would want to be cut up.
//! - A session manager that never succeeds keeps its worker busy and never lets it stop.
//! - Choosing among several old sessions of one user is not modeled: the one of the lowest id is taken.
//!
//! # What is absent
//!
//! No time: a time-out is something another party does ([`Allocator::expire`]). No authentication: who the
//! user is, the caller says. No shadowing: the state is there, since the documents name it, and nothing leads
//! to it. Console and listener are on record, because they have ids, and nobody logs on to them. No guard
//! object for a permit: what a logon holds is in its record, where others can take it back.

pub mod allocator;
pub mod defects;
pub mod environment;
pub mod ids;
pub mod ledger;
mod name;
pub mod observer;
pub mod primitives;
pub mod refusal;
pub mod server;
pub mod settings;
mod shared;
pub mod state;
mod std_primitives;
pub mod store;
pub mod symmetry;
pub mod system;
mod topic;
pub mod variant;

pub use allocator::{Allocator, Fixed};
pub use environment::{Licenses, Line, Moment, SessionManager};
pub use ids::{Claim, Generation, LogonId, SessionId, StationName, UserId};
pub use observer::{Fact, Observer};
pub use refusal::{DropReason, Ending, Event, Refusal};
pub use server::Server;
pub use settings::{OnBrokenLine, Settings};
pub use shared::{Holders, Latch, ReadWriteLock};
pub use state::SessionState;
pub use std_primitives::{Std, StdMonitor, StdWord};
pub use store::{Standard, Store};
pub use system::{Book, Standalone, System};
pub use variant::Variant;
