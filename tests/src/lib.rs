//! What checks the checkers: generated scenarios, and the first of them that fails.

pub mod each;
pub mod failing;
pub mod generate;
