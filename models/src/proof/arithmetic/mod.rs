//! Proofs about integer counts: linear arithmetic, certificates, and rankings for termination.

mod bounds;
pub mod certificate;
#[cfg(test)]
mod certificate_tests;
mod equations;
pub mod formula;
#[cfg(test)]
mod generator;
pub mod linear;
#[cfg(test)]
mod random_tests;
pub mod ranking;
pub mod ranking_search;
#[cfg(test)]
mod ranking_tests;
mod rational;
pub mod refute;
#[cfg(test)]
mod refute_tests;
pub mod rejection;
mod simplex;
#[cfg(test)]
mod simplex_tests;
#[cfg(test)]
mod smt;
mod text;
