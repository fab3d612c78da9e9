//! Tests of the prover, from within.

mod variants;
