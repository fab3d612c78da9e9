//! R. K. Treiber: Systems programming: coping with parallelism. IBM research report RJ 5118, 1986: the stack, and what a
//! compare-exchange does not see when a cell is taken and put back in between (ABA). The report gives the counter against
//! it.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, integers};

/// A stack of two cells. One takes a cell, and then another one; somebody else takes both, and puts the first of them
/// back.
pub(crate) struct Treiber {
    pub(crate) counts: bool,
}

/// Cells are numbered from 1: 0 is none.
const CELLS: usize = 2;
/// What a change adds to the head besides, if changes are counted.
const CHANGE: u64 = 16;

struct Stack<P: Primitives> {
    head: Integer<P>,
    next: Vec<Integer<P>>,
    counts: bool,
}

impl<P: Primitives> Clone for Stack<P> {
    fn clone(&self) -> Self {
        Stack {
            head: self.head.clone(),
            next: self.next.clone(),
            counts: self.counts,
        }
    }
}

impl<P: Primitives> Stack<P> {
    fn changed(&self, head: u64, cell: u64) -> u64 {
        let count = if self.counts { head / CHANGE + 1 } else { 0 };
        count * CHANGE + cell
    }

    fn pop(&self) -> u64 {
        P::retry(|| {
            let head = self.head.load("which is first?");
            let first = head % CHANGE;
            if first == 0 {
                return ControlFlow::Break(0);
            }
            let next = self.next[first as usize].load("which is next?");
            match self
                .head
                .replace("unlink it", head, self.changed(head, next))
            {
                true => ControlFlow::Break(first),
                false => ControlFlow::Continue(()),
            }
        })
    }

    fn push(&self, cell: u64) {
        P::retry(|| {
            let head = self.head.load("which is first?");
            self.next[cell as usize].store("link it", head % CHANGE);
            match self
                .head
                .replace("put it in front", head, self.changed(head, cell))
            {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
    }
}

impl<P: Primitives> Portable<P> for Treiber {
    fn start(&self, actors: &mut Spawner) -> Judge {
        // The first cell is in front of the second.
        let links = [0, 2, 0].into_iter().enumerate();
        let stack: Stack<P> = Stack {
            head: Integer::new("head", 1),
            next: links
                .map(|(cell, next)| Integer::new(format!("next of {cell}"), next))
                .collect(),
            counts: self.counts,
        };
        let users = integers::<P>("users of", CELLS + 1, 0);
        let use_it = |users: &[Integer<P>], cell: u64| {
            if cell != 0 {
                let others = users[cell as usize].add("use it", 1);
                assert_eq!(others, 0, "two use one cell");
            }
        };
        let (one, users_of_one) = (stack.clone(), users.clone());
        actors.spawn("one", "one", move || {
            for _ in 0..CELLS {
                use_it(&users_of_one, one.pop());
            }
        });
        actors.spawn("other", "other", move || {
            let first = stack.pop();
            use_it(&users, stack.pop());
            if first != 0 {
                stack.push(first);
            }
        });
        Judge::everybody_ends()
    }
}
