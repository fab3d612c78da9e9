//! Stacks for coroutines, used again and again.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use corosensei::stack::DefaultStack;

use crate::fault::FaultKind;

/// How many bytes of stacks of pools that are gone a thread keeps for the next ones, and how many of them. The pages that
/// were used stay in memory, two or three of each stack as a rule; one that overflowed is not kept.
const MOST_BYTES: usize = 128 << 20;
const MOST_STACKS: usize = 512;

thread_local! {
    /// Stacks of pools that are gone, the latest last. To map and unmap a stack costs as much as dozens of steps, and a
    /// suite of small searches has a pool for each of them.
    static LEFT: RefCell<Left> = const { RefCell::new(Left { stacks: VecDeque::new(), bytes: 0 }) };
}

/// Stacks that nobody has.
struct Left {
    /// Each with its size in bytes.
    stacks: VecDeque<(usize, DefaultStack)>,
    bytes: usize,
}

impl Left {
    /// The latest of this size.
    fn take(&mut self, size: usize) -> Option<DefaultStack> {
        let place = self.stacks.iter().rposition(|(other, _)| *other == size)?;
        self.bytes -= size;
        self.stacks.remove(place).map(|(_, stack)| stack)
    }

    /// Keeps a stack, in place of older ones if there are too many.
    fn keep(&mut self, size: usize, stack: DefaultStack) {
        self.stacks.push_back((size, stack));
        self.bytes += size;
        while self.bytes > MOST_BYTES || self.stacks.len() > MOST_STACKS {
            let Some((size, _)) = self.stacks.pop_front() else {
                return;
            };
            self.bytes -= size;
        }
    }
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
        if let Some(stack) = LEFT.with_borrow_mut(|left| left.take(self.stack_size)) {
            return Ok(stack);
        }
        DefaultStack::new(self.stack_size).map_err(|error| FaultKind::NoStack(error.to_string()))
    }

    /// A stack that was taken is used no more.
    pub(super) fn give_back(&self, stack: DefaultStack) {
        self.idle.borrow_mut().push(stack);
    }
}

impl Drop for StackPool {
    fn drop(&mut self) {
        let idle = std::mem::take(self.idle.get_mut());
        // A pool that goes with its thread may find that this is gone.
        let _ = LEFT.try_with(|left| {
            let mut left = left.borrow_mut();
            for stack in idle {
                left.keep(self.stack_size, stack);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> (usize, usize) {
        LEFT.with_borrow(|left| (left.stacks.len(), left.bytes))
    }

    #[test]
    fn the_next_pool_takes_what_is_left_and_there_is_an_end_to_what_is_kept() {
        const SIZE: usize = 1 << 20;
        let use_at_once = |many: usize| {
            let pool = StackPool::new(SIZE);
            let stacks: Vec<DefaultStack> = (0..many).map_while(|_| pool.take().ok()).collect();
            assert_eq!((stacks.len(), pool.size()), (many, many));
            stacks.into_iter().for_each(|stack| pool.give_back(stack));
        };
        use_at_once(3);
        assert_eq!(kept(), (3, 3 * SIZE));
        use_at_once(2);
        assert_eq!(kept(), (3, 3 * SIZE), "two of the three were used again");
        use_at_once(200);
        assert_eq!(kept(), (MOST_BYTES / SIZE, MOST_BYTES));
        // Another size takes the place of the oldest.
        drop({
            let pool = StackPool::new(SIZE / 2);
            let stack = pool.take().expect("there is memory");
            pool.give_back(stack);
            pool
        });
        assert!(LEFT.with_borrow(|left| {
            left.stacks
                .back()
                .is_some_and(|(size, _)| *size == SIZE / 2)
        }));
    }
}
