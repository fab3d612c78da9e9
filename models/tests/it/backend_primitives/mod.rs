//! The primitives on loom, on shuttle and on real threads: what each tool finds in the same small
//! programs, that recordings replay from one tool on the others, and that rest is seen exactly.

mod agreement;
mod on_loom;
mod on_shuttle;
mod on_threads;
mod operations;
mod programs;
mod replay;
mod sleep;
