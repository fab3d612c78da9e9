//! A log that somebody replaces while another one writes to it.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::Integer;

/// `log_proc_sweep`: the log is looked for, found, and looked up again.
pub(crate) struct LogSweep;

impl<P: Primitives> Portable<P> for LogSweep {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let log: Integer<P> = Integer::new("log", 1);
        let replaced = log.clone();
        actors.spawn("writer", "writer", move || {
            if log.load("is there a log?") != 0 {
                assert_ne!(log.load("which one?"), 0, "a log that is not there");
            }
        });
        actors.spawn("sweeper", "sweeper", move || {
            replaced.store("throw it away", 0);
            replaced.store("take a new one", 2);
        });
        Judge::everybody_ends()
    }
}
