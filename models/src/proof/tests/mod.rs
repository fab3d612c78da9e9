//! Tests of the prover, from within.

mod containers;
mod variants;
