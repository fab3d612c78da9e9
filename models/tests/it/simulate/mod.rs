//! Long simulations: what they come to, and that they are the same as the small ones.

mod both_engines;
mod parts;
mod runs;
mod swarms;
