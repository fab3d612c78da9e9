//! The examples of Maple, each a fault of a real program cut down to what shows it.
//!
//! J. Yu, S. Narayanasamy, C. Pereira, G. Pokam: Maple: a coverage-driven testing tool for multithreaded programs.
//! OOPSLA 2012.

pub(crate) mod bank_account;
pub(crate) mod circular_list;
pub(crate) mod log_sweep;
pub(crate) mod mysql_169;
pub(crate) mod shared_counter;
pub(crate) mod string_buffer;
