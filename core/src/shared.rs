//! What is made of a monitor alone, and so is there with every tool: a lock for readers and writers, and a latch.

use std::fmt;

use crate::primitives::{Monitor, Name, Primitives};

/// Who holds a lock for readers and writers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Holders {
    /// So many readers; none is a free lock.
    Readers(u32),
    /// One writer.
    Writer,
}
crate::symmetric! { enum Holders { Readers(count), Writer } }

/// A lock that many readers may hold at a time, or one writer, and that is held across steps.
///
/// Acquiring and releasing are a step each. It prefers nobody: a writer may starve if readers never leave it free. What
/// it protects lies elsewhere; it only says who may go on.
///
/// ```
/// use logon_core::{ReadWriteLock, Std};
/// let lock: ReadWriteLock<Std> = ReadWriteLock::new("table");
/// lock.acquire_read("begin to read");
/// lock.release_read("end reading");
/// lock.acquire_write("begin to write");
/// lock.release_write("end writing");
/// ```
pub struct ReadWriteLock<P: Primitives>(P::Monitor<Holders>);

impl<P: Primitives> fmt::Debug for ReadWriteLock<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .peek(|holders| f.debug_tuple("ReadWriteLock").field(holders).finish())
    }
}

impl<P: Primitives> ReadWriteLock<P> {
    /// A free lock. `name` is its name in traces and unique among the objects of a program.
    pub fn new(name: impl Into<Name>) -> Self {
        Self(Monitor::new(name, Holders::Readers(0)))
    }

    /// Blocks until no writer holds the lock, and holds it as a reader.
    #[track_caller]
    pub fn acquire_read(&self, label: &'static str) {
        self.0.wait_for(label, |holders| match holders {
            Holders::Readers(count) => {
                *count += 1;
                Some(())
            }
            Holders::Writer => None,
        });
    }

    /// Blocks until nobody holds the lock, and holds it as the writer.
    #[track_caller]
    pub fn acquire_write(&self, label: &'static str) {
        self.0.wait_for(label, |holders| {
            let is_free = *holders == Holders::Readers(0);
            is_free.then(|| *holders = Holders::Writer)
        });
    }

    /// Gives back what a reader holds, and wakes all who wait for the lock.
    ///
    /// # Panics
    ///
    /// If no reader holds it.
    #[track_caller]
    pub fn release_read(&self, label: &'static str) {
        self.0.update(label, |holders| match holders {
            Holders::Readers(count @ 1..) => *count -= 1,
            other => panic!("the program is at fault: `{label}` releases a lock that no reader holds ({other:?})"),
        });
    }

    /// Gives back what the writer holds, and wakes all who wait for the lock.
    ///
    /// # Panics
    ///
    /// If no writer holds it.
    #[track_caller]
    pub fn release_write(&self, label: &'static str) {
        self.0.update(label, |holders| match holders {
            Holders::Writer => *holders = Holders::Readers(0),
            other => panic!("the program is at fault: `{label}` releases a lock that no writer holds ({other:?})"),
        });
    }

    /// Who holds it, looked at without a step; see [`Monitor::peek`].
    pub fn holders(&self) -> Holders {
        self.0.peek(|holders| *holders)
    }
}

/// Something that ends once, and that others wait for: how one actor joins another.
///
/// Whoever ends says so as its last step, and whoever joins waits for it.
///
/// ```
/// use logon_core::{Latch, Std};
/// let done: Latch<Std> = Latch::new("worker is done");
/// done.open("end");
/// done.wait("join the worker");
/// ```
pub struct Latch<P: Primitives>(P::Monitor<bool>);

impl<P: Primitives> fmt::Debug for Latch<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .peek(|is_open| f.debug_tuple("Latch").field(is_open).finish())
    }
}

impl<P: Primitives> Latch<P> {
    /// A closed latch. `name` is its name in traces and unique among the objects of a program.
    pub fn new(name: impl Into<Name>) -> Self {
        Self(Monitor::new(name, false))
    }

    /// Opens it for good, and wakes all who wait. Opening it again changes nothing.
    #[track_caller]
    pub fn open(&self, label: &'static str) {
        self.0.update(label, |is_open| *is_open = true);
    }

    /// Blocks until it is open.
    #[track_caller]
    pub fn wait(&self, label: &'static str) {
        self.0.wait_for(label, |is_open| is_open.then_some(()));
    }

    /// Whether it is open, looked at without a step; see [`Monitor::peek`].
    pub fn is_open(&self) -> bool {
        self.0.peek(|is_open| *is_open)
    }
}
