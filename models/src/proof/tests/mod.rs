//! Tests of the prover, from within.

mod containers;
mod names;
mod planted;
mod tie;
mod trusted;
mod variants;
mod z3;
