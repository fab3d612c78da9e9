//! Long simulations: the same allocator in virtual time, with as many clients as one likes, and with faults.

mod agenda;
mod answers;
mod artefact;
mod calls;
mod client;
mod digest;
mod environment;
mod events;
mod faults;
mod histogram;
mod moments;
mod page;
mod processors;
mod result;
mod run;
pub mod swarm;
mod tally;
mod window;
mod witness;
mod words;
mod world;

pub use artefact::Written;
pub(crate) use artefact::list;
pub use result::{Options, Progress, Simulation, TimedFacts, simulate, simulate_choosing};
pub use run::Choose;
pub use window::{BY_SIMULATION, WINDOW, window};
pub(crate) use witness::{Ear, heard};
pub(crate) use words::WEAKER_ORDERS;

/// The judge of a long run.
pub(crate) type LongJudge = crate::judge::Judge<crate::judge::Indexed>;
