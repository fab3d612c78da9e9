//! Published concurrent programs, written anew against the primitives, each with its source and its published verdict.
//!
//! A test asks whether the search of all states comes to that verdict, with the number of states or of steps that is
//! expected; the binary `programs` writes a page that puts loom and shuttle beside it.

pub mod catalogue;
pub mod entry;
mod exclusion;
mod lock_free;
mod maple;
mod monitors;
pub mod page;
mod parts;
mod pools;
mod sctbench;
pub mod search;
