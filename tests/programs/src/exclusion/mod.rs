//! Mutual exclusion with words alone, or with single read-modify-write operations, under sequential consistency.

pub(crate) mod bakery;
pub(crate) mod dekker;
pub(crate) mod filter;
pub(crate) mod hyman;
pub(crate) mod lamport_fast;
pub(crate) mod mcs;
pub(crate) mod peterson;
pub(crate) mod spinlock;
pub(crate) mod szymanski;
pub(crate) mod ticket;
