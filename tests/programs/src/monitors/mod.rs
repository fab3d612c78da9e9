//! Programs with locks and conditions.

pub(crate) mod barber;
pub(crate) mod barrier;
pub(crate) mod dining;
pub(crate) mod file_system;
pub(crate) mod linux_rw;
pub(crate) mod readers_writers;
pub(crate) mod sense_barrier;
pub(crate) mod smokers;
