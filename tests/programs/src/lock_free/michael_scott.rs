//! M. M. Michael, M. L. Scott: Simple, fast, and practical non-blocking and blocking concurrent queue algorithms. PODC
//! 1996: the non-blocking queue, with cells that are not used again, and so without counters.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, integers};

/// One who links a cell and is interrupted for ever before moving the tail, and two who put a cell in and take one out.
/// The paper says that its queue is non-blocking because everybody helps to move the tail: if nobody does, the others wait
/// for ever for the one who is interrupted.
pub(crate) struct MichaelScott {
    pub(crate) helps: bool,
}

struct Queue<P: Primitives> {
    head: Integer<P>,
    tail: Integer<P>,
    next: Vec<Integer<P>>,
    helps: bool,
}

impl<P: Primitives> Clone for Queue<P> {
    fn clone(&self) -> Self {
        Queue {
            head: self.head.clone(),
            tail: self.tail.clone(),
            next: self.next.clone(),
            helps: self.helps,
        }
    }
}

impl<P: Primitives> Queue<P> {
    /// Links a cell. The tail that it is to be moved from.
    fn link(&self, cell: u64) -> u64 {
        P::retry(|| {
            let tail = self.tail.load("where is the tail?");
            let next = self.next[tail as usize].load("is it the last?");
            if next != 0 {
                if self.helps {
                    self.tail.replace("help the tail on", tail, next);
                } else {
                    P::pause();
                }
                return ControlFlow::Continue(());
            }
            match self.next[tail as usize].replace("link the cell", 0, cell) {
                true => ControlFlow::Break(tail),
                false => ControlFlow::Continue(()),
            }
        })
    }

    fn enqueue(&self, cell: u64) {
        let tail = self.link(cell);
        self.tail.replace("move the tail", tail, cell);
    }

    fn dequeue(&self) -> u64 {
        P::retry(|| {
            let head = self.head.load("where is the head?");
            let tail = self.tail.load("where is the tail now?");
            let next = self.next[head as usize].load("what follows it?");
            if next == 0 {
                return ControlFlow::Break(0);
            }
            if head == tail {
                self.tail.replace("help the tail on", tail, next);
                return ControlFlow::Continue(());
            }
            match self.head.replace("move the head", head, next) {
                true => ControlFlow::Break(next),
                false => ControlFlow::Continue(()),
            }
        })
    }
}

impl<P: Primitives> Portable<P> for MichaelScott {
    fn start(&self, actors: &mut Spawner) -> Judge {
        // Cell 1 is the first, empty one; 0 is none.
        let queue: Queue<P> = Queue {
            head: Integer::new("head", 1),
            tail: Integer::new("tail", 1),
            next: integers("next of", 5, 0),
            helps: self.helps,
        };
        let taken = integers::<P>("taken", 5, 0);
        for cell in [2, 3, 4] {
            let (queue, taken) = (queue.clone(), taken.clone());
            let is_interrupted = cell == 2;
            let name = format!("user of {cell}");
            actors.spawn(name.clone(), name, move || {
                if is_interrupted {
                    queue.link(cell);
                    return;
                }
                queue.enqueue(cell);
                let first = queue.dequeue();
                assert_ne!(first, 0, "no cell is there");
                let before = taken[first as usize].add("take the cell", 1);
                assert_eq!(before, 0, "a cell is taken twice");
            });
        }
        Judge::everybody_ends()
    }
}
