//! Data structures without locks.

pub(crate) mod double_checked;
pub(crate) mod indexer;
pub(crate) mod last_zero;
pub(crate) mod michael_scott;
pub(crate) mod ring_buffer;
pub(crate) mod seqlock;
pub(crate) mod treiber;
pub(crate) mod work_stealing;
