//! Ctrl-C, and being asked to terminate.

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
