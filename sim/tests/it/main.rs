//! The runtime from outside: what it finds, counts, repeats and reports.

mod choices;
mod common;
mod counts;
mod faults;
mod few;
mod fixes;
mod idle;
mod monitors;
mod operations;
mod own_programs;
mod replay;
mod samplers;
mod space;
mod timed;
mod words;
