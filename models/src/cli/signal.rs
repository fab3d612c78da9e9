//! Ctrl-C, being asked to terminate, and a file that may not grow any further.

use super::{Status, say};
use crate::files;

/// On a signal, ends the process as *incomplete*, with one message, once no file is half written. Children
/// notice that their parent is gone and end as well.
pub(super) fn end_cleanly() {
    // Without a handler the system's own way of ending applies, which is no worse.
    drop(ctrlc::set_handler(|| {
        let _no_more = files::no_more_writing();
        say("interrupted; every file that was written is whole");
        std::process::exit(Status::Incomplete as i32);
    }));
}

/// A file that grows beyond what the process is allowed is an error of whoever writes it, as on a full device. By itself
/// the system ends the process, and the verdict is lost.
#[cfg(unix)]
pub(super) fn let_writing_fail() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    // Nobody looks at the flag: that the signal is handled is enough, for then the write returns. Without it the process
    // ends by the signal, which no reader takes for a verdict.
    drop(signal_hook::flag::register(
        signal_hook::consts::SIGXFSZ,
        Arc::new(AtomicBool::new(false)),
    ));
}

#[cfg(not(unix))]
pub(super) fn let_writing_fail() {}
