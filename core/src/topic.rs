//! What a wait is about, for tools that wake only whom they have to.
//!
//! An update wakes everybody who waits at a monitor, and nearly all of them look in vain. A wait may say what it is
//! [about](crate::primitives::Monitor::wait_about), and a section what it [touches](touch). A tool that can may then leave
//! those asleep whose topic no update has touched. It learns of topics beside the section, and the program learns nothing:
//! what an operation means is the same with and without them.

use std::cell::{Cell, RefCell};

use crate::ids::LogonId;

/// What a wait is about. Waits at different monitors have nothing in common, even if their topics are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Topic(
    /// Its number, unique at its monitor.
    pub u64,
);

impl From<LogonId> for Topic {
    fn from(logon: LogonId) -> Self {
        Topic(logon.0.into())
    }
}

thread_local! {
    /// Whether a section runs on this thread of which somebody wants to know what it touches.
    static IS_HEARD: Cell<bool> = const { Cell::new(false) };
    /// What it has touched.
    static TOUCHED: RefCell<Vec<Topic>> = const { RefCell::new(Vec::new()) };
}

/// Says that the running section may have ended waits about this topic. It is no step, and it changes nothing.
///
/// Whoever may end such a wait has to say so, or a thread sleeps for ever on a tool that wakes few. A server does so when it
/// [tells](crate::Server::tell) what becomes of a logon.
pub fn touch(topic: impl Into<Topic>) {
    if IS_HEARD.get() {
        TOUCHED.with_borrow_mut(|touched| touched.push(topic.into()));
    }
}

/// Runs a section, and has `hear` told of every topic that it touched; of none, if it panics.
pub(crate) fn touched_in<R>(section: impl FnOnce() -> R, hear: impl FnMut(Topic)) -> R {
    struct Heard;
    impl Drop for Heard {
        fn drop(&mut self) {
            IS_HEARD.set(false);
        }
    }
    // A section that panicked may have left some.
    TOUCHED.with_borrow_mut(Vec::clear);
    IS_HEARD.set(true);
    let heard = Heard;
    let result = section();
    drop(heard);
    TOUCHED.with_borrow_mut(|touched| touched.drain(..).for_each(hear));
    result
}
