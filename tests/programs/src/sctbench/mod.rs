//! The small programs of SCTBench, from the concurrent software benchmarks that came with ESBMC.
//!
//! P. Thomson, A. F. Donaldson, A. Betts: Concurrency testing using schedule bounding: an empirical study. PPoPP 2014.
//! L. Cordeiro, B. Fischer: Verifying multi-threaded software using SMT-based context-bounded model checking. ICSE 2011.

pub(crate) mod account;
pub(crate) mod arithmetic;
pub(crate) mod bluetooth;
pub(crate) mod carter;
pub(crate) mod circular_buffer;
pub(crate) mod deadlock;
pub(crate) mod lazy;
pub(crate) mod micro;
pub(crate) mod phase;
pub(crate) mod philosophers;
pub(crate) mod queue;
pub(crate) mod reorder;
pub(crate) mod safe_stack;
pub(crate) mod stack;
pub(crate) mod stateful;
pub(crate) mod sync;
pub(crate) mod token_ring;
pub(crate) mod two_stage;
pub(crate) mod wrong_lock;
