//! A stack of free cells, linked by their numbers. None of the searches of the study came to its fault.
//!
//! D. Vyukov: Bug with a context switch bound 5. CHESS forum, 2010. In SCTBench: `safestack`.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, integers};

/// Three who each take a cell and put it back, twice.
pub(crate) struct SafeStack {
    pub(crate) users: usize,
    pub(crate) rounds: u32,
}

/// No cell: -1 in the original.
const NONE: u64 = u64::MAX;

struct Cells<P: Primitives> {
    head: Integer<P>,
    count: Integer<P>,
    next: Vec<Integer<P>>,
    value: Vec<Integer<P>>,
}

impl<P: Primitives> Clone for Cells<P> {
    fn clone(&self) -> Self {
        Cells {
            head: self.head.clone(),
            count: self.count.clone(),
            next: self.next.clone(),
            value: self.value.clone(),
        }
    }
}

impl<P: Primitives> Cells<P> {
    /// Takes a cell, if there seem to be two. It pauses where it has changed nothing: what it has taken and given back may
    /// be had at once.
    fn pop(&self) -> Option<u64> {
        if self.count.load("how many?") <= 1 {
            P::pause();
            return None;
        }
        let head = self.head.load("which is first?");
        let next = self.next[head as usize].swap("take its link", NONE);
        if next == NONE {
            P::pause();
            return None;
        }
        if self.head.replace("unlink it", head, next) {
            self.count.subtract("one less", 1);
            return Some(head);
        }
        self.next[head as usize].swap("give its link back", next);
        None
    }

    fn push(&self, cell: u64) {
        let first = self.head.load("which is first?");
        self.next[cell as usize].store("link it", first);
        if !self.head.replace("put it in front", first, cell) {
            P::retry(|| {
                let first = self.head.load("which is first now?");
                self.next[cell as usize].store("link it again", first);
                match self.head.replace("put it in front again", first, cell) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        }
        self.count.add("one more", 1);
    }
}

impl<P: Primitives> Portable<P> for SafeStack {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let users = self.users;
        let links = (0..users).map(|cell| {
            if cell + 1 < users {
                cell as u64 + 1
            } else {
                NONE
            }
        });
        let cells: Cells<P> = Cells {
            head: Integer::new("head", 0),
            count: Integer::new("count", users as u64),
            next: links
                .enumerate()
                .map(|(cell, link)| Integer::new(format!("next {cell}"), link))
                .collect(),
            value: integers("value", users, NONE),
        };
        for user in 0..users {
            let (cells, rounds) = (cells.clone(), self.rounds);
            actors.spawn(format!("user {user}"), format!("user {user}"), move || {
                for _ in 0..rounds {
                    // What was seen in rounds in vain is forgotten.
                    let cell = P::retry(|| match cells.pop() {
                        Some(cell) => ControlFlow::Break(cell),
                        None => ControlFlow::Continue(()),
                    });
                    let value = &cells.value[cell as usize];
                    value.store("use it", user as u64);
                    assert_eq!(value.load("look"), user as u64, "two use one cell");
                    P::scope(|| cells.push(cell));
                }
            });
        }
        Judge::everybody_ends()
    }
}
