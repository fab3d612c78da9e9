//! Placeholder until the first module.
pub mod backend;
pub mod scenario;
pub mod judge;
