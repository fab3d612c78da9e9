//! Tests of the prover, from within.

mod containers;
mod names;
mod tie;
mod variants;
