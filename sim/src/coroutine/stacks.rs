//! Stacks for coroutines, used again and again.

use std::cell::{Cell, RefCell};

use corosensei::stack::DefaultStack;

use crate::execution::FaultKind;

/// How many stacks of pools that are gone a thread keeps for the next ones. The pages that were used stay in memory,
/// two or three of each stack as a rule: some 10 MB for all.
const MOST_LEFT: usize = 1_024;

thread_local! {
    /// Stacks of pools that are gone, with their sizes in bytes. To map and unmap a stack costs as much as dozens of
    /// steps, and a suite of small searches has a pool for each of them.
    static LEFT: RefCell<Vec<(usize, DefaultStack)>> = const { RefCell::new(Vec::new()) };
}

/// Stacks of one size.
pub(crate) struct StackPool {
    stack_size: usize,
    idle: RefCell<Vec<DefaultStack>>,
    taken: Cell<usize>,
}

impl StackPool {
    /// Stacks of so many bytes, none yet.
    pub(crate) fn new(stack_size: usize) -> Self {
        Self {
            stack_size,
            idle: RefCell::new(Vec::new()),
            taken: Cell::new(0),
        }
    }

    /// How many stacks it has had in all.
    pub(crate) fn size(&self) -> usize {
        self.taken.get()
    }

    /// A stack that nobody uses.
    ///
    /// # Errors
    ///
    /// What the system says if it gives no memory for one.
    pub(super) fn take(&self) -> Result<DefaultStack, FaultKind> {
        if let Some(stack) = self.idle.borrow_mut().pop() {
            return Ok(stack);
        }
        self.taken.set(self.taken.get() + 1);
        if let Some(stack) = left(self.stack_size) {
            return Ok(stack);
        }
        DefaultStack::new(self.stack_size).map_err(|error| FaultKind::NoStack(error.to_string()))
    }

    /// A stack that was taken is used no more.
    pub(super) fn give_back(&self, stack: DefaultStack) {
        self.idle.borrow_mut().push(stack);
    }
}

/// A stack of this size that is left of a pool that is gone.
fn left(stack_size: usize) -> Option<DefaultStack> {
    LEFT.with_borrow_mut(|left| {
        let place = left.iter().rposition(|(size, _)| *size == stack_size)?;
        Some(left.swap_remove(place).1)
    })
}

impl Drop for StackPool {
    fn drop(&mut self) {
        let idle = std::mem::take(self.idle.get_mut()).into_iter();
        // A pool that goes with its thread may find that this is gone.
        let _ = LEFT.try_with(|left| {
            let mut left = left.borrow_mut();
            let room = MOST_LEFT.saturating_sub(left.len());
            left.extend(idle.take(room).map(|stack| (self.stack_size, stack)));
        });
    }
}
