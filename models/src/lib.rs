//! What is checked of the session allocator, and by whom: scenarios, properties, checkers and reports.
//!
//! A [`scenario::Scenario`] is data. A [`stage::Stage`] sets it up with an allocator on a
//! [`backend`]; a [`checker::Checker`] runs the stage's actors in one order after another while the
//! [`judge::Judge`], which is part of the server's state, says which property falls. The result is an
//! [`outcome::Outcome`], and its counterexample a [`trace::Trace`].
//!
//! ```
//! use std::sync::Arc;
//!
//! use logon_core::Variant;
//! use logon_models::checker::{Effort, random};
//! use logon_models::outcome::Verdict;
//! use logon_models::scenario::Scenario;
//!
//! let scenario = Arc::new(Scenario::preset("q238186-default")?);
//! let effort = Effort { executions: 100, ..Effort::default() };
//! assert_eq!(random(&Variant::Fixed, &scenario, &effort)?.verdict, Verdict::Holds);
//! assert_eq!(random(&Variant::TwoClaimants, &scenario, &effort)?.verdict, Verdict::Violated);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An allocator from outside is checked in the same way, and [`check::Check`] does all of it in one call.

/// The allocator's crate, for what [`subject!`] makes.
#[doc(hidden)]
pub use logon_core as core;
pub use logon_sim::files;

pub mod artefact;
pub mod backend;
pub mod catalogue;
pub mod cell;
pub mod check;
pub mod checker;
#[cfg(feature = "cli")]
pub mod cli;
pub mod describe;
pub mod explain;
pub mod gated;
pub mod judge;
pub mod matrix;
pub mod merge;
pub mod outcome;
mod panel;
pub mod partition;
pub mod portable;
pub mod portfolio;
mod program;
pub mod proof;
pub mod render;
pub mod replay;
pub mod report;
pub mod scenario;
pub mod shrink;
pub mod simulate;
pub mod stage;
mod summary;
pub mod trace;
mod why;
