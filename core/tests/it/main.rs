//! The server as a sequential object, one section after the other, and the allocator on real threads.

mod accounts;
mod creation;
mod departures;
mod ledger;
mod life;
mod loopback_server;
#[path = "../../examples/outside_allocator/allocator.rs"]
mod outside;
mod parts;
mod session_table;
mod symmetry;
mod threads;
mod wake_ups;
