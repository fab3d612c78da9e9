//! D. Chase, Y. Lev: Dynamic circular work-stealing deque. SPAA 2005, with a fixed size. The owner takes from one end,
//! thieves from the other; for the last element they compete.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, integers};

/// An owner that puts so many elements in and takes as many out, and so many thieves. An owner that does not compete for
/// the last element may take what is stolen at the same time.
pub(crate) struct WorkStealing {
    pub(crate) elements: u64,
    pub(crate) thieves: usize,
    pub(crate) competes: bool,
}

struct Deque<P: Primitives> {
    top: Integer<P>,
    bottom: Integer<P>,
    /// How often each element was taken.
    taken: Vec<Integer<P>>,
}

impl<P: Primitives> Clone for Deque<P> {
    fn clone(&self) -> Self {
        Deque {
            top: self.top.clone(),
            bottom: self.bottom.clone(),
            taken: self.taken.clone(),
        }
    }
}

impl<P: Primitives> Deque<P> {
    /// The element at `place` is taken. Elements are what their places are.
    fn take_away(&self, place: u64) {
        let before = self.taken[place as usize].add("take the element", 1);
        assert_eq!(before, 0, "an element is taken twice");
    }

    fn steal(&self) {
        let top = self.top.load("where is the top?");
        let bottom = self.bottom.load("where is the bottom?");
        // What a subtraction from nothing leaves is below the top.
        if (top as i64) < bottom as i64 && self.top.replace("move the top", top, top + 1) {
            self.take_away(top);
        }
    }

    fn pop(&self, competes: bool) {
        let bottom = self.bottom.load("where does it end?").wrapping_sub(1);
        self.bottom.store("lower the bottom", bottom);
        let top = self.top.load("what is left?");
        if (bottom as i64) < top as i64 {
            self.bottom.store("it was empty", top);
            return;
        }
        if bottom > top || !competes {
            self.take_away(bottom);
            return;
        }
        let is_mine = self.top.replace("compete for the last", top, top + 1);
        self.bottom.store("it is empty now", top + 1);
        if is_mine {
            self.take_away(bottom);
        }
    }
}

impl<P: Primitives> Portable<P> for WorkStealing {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let deque: Deque<P> = Deque {
            top: Integer::new("top", 0),
            bottom: Integer::new("bottom", 0),
            taken: integers("taken", self.elements as usize, 0),
        };
        let (own, elements, competes) = (deque.clone(), self.elements, self.competes);
        actors.spawn("owner", "owner", move || {
            for place in 0..elements {
                own.bottom.store("put an element in", place + 1);
            }
            for _ in 0..elements {
                own.pop(competes);
            }
        });
        for number in 1..=self.thieves {
            let deque = deque.clone();
            actors.spawn(format!("thief {number}"), "thief", move || deque.steal());
        }
        Judge::new(move |_| {
            let is_left = deque.taken.iter().any(|taken| taken.peek() == 0);
            (competes && is_left).then(|| "an element is lost".to_owned())
        })
    }
}
