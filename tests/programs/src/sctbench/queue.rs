//! A queue in a circle that is one place too short for its index, and two flags that let both ends take turns.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

const SIZE: usize = 20;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Queue {
    elements: [i8; SIZE + 1],
    head: usize,
    tail: usize,
    stored: [i8; SIZE],
    may_enqueue: bool,
    may_dequeue: bool,
}

impl Queue {
    fn enqueue(&mut self, value: i8) {
        self.elements[self.tail] = value;
        self.tail = if self.tail == SIZE { 1 } else { self.tail + 1 };
    }

    fn dequeue(&mut self) -> i8 {
        let value = self.elements[self.head];
        self.head = if self.head == SIZE { 1 } else { self.head + 1 };
        value
    }
}

/// `queue_bad`: a round in which nothing is enqueued leaves a gap in what was stored.
pub(crate) struct TurnQueue;

impl<P: Primitives> Portable<P> for TurnQueue {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let empty = Queue {
            elements: [0; SIZE + 1],
            head: 0,
            tail: 0,
            stored: [0; SIZE],
            may_enqueue: true,
            may_dequeue: false,
        };
        let queue = shared::<P, _>("queue", empty);
        let filled = Arc::clone(&queue);
        actors.spawn("enqueuer", "enqueuer", move || {
            filled.enter("enqueue the first", |queue| queue.enqueue(0));
            let mut value = 0;
            for round in 1..SIZE {
                let has = filled.enter("enqueue", move |queue| {
                    let may = std::mem::replace(&mut queue.may_enqueue, false);
                    if may {
                        queue.enqueue(value + 1);
                        queue.stored[round] = value + 1;
                        queue.may_dequeue = true;
                    }
                    may
                });
                value += i8::from(has);
            }
        });
        actors.spawn("dequeuer", "dequeuer", move || {
            for round in 0..SIZE {
                let taken = queue.enter("dequeue", move |queue| {
                    let may = std::mem::replace(&mut queue.may_dequeue, false);
                    may.then(|| {
                        queue.may_enqueue = true;
                        (queue.dequeue(), queue.stored[round])
                    })
                });
                assert!(
                    taken.is_none_or(|(taken, stored)| taken == stored),
                    "not what was stored"
                );
            }
        });
        Judge::everybody_ends()
    }
}
