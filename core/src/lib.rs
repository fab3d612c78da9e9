//! The core that hands out sessions to clients which log on to a terminal server at the same time.
pub mod allocator;
pub mod defects;
pub mod ids;
pub mod ledger;
pub mod observer;
pub mod primitives;
pub mod refusal;
pub mod server;
pub mod settings;
pub mod state;
mod std_primitives;
pub mod variant;

pub use allocator::{Allocator, Fixed, Licenses, Line, Moment, SessionManager};
pub use ids::{Claim, Generation, LogonId, SessionId, StationName, UserId};
pub use observer::{Fact, Observer};
pub use refusal::{DropReason, Ending, Event, Refusal};
pub use server::Server;
pub use settings::{OnBrokenLine, Settings};
pub use state::SessionState;
pub use std_primitives::{Std, StdMonitor, StdWord};
pub use variant::Variant;
