//! What checks the checkers: generated scenarios, and the hunt through them.

pub mod generate;
pub mod hunt;
