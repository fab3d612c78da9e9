//! A hash table into which everybody inserts. With up to eleven threads no two meet.
//!
//! C. Flanagan, P. Godefroid: Dynamic partial-order reduction for model checking software. POPL 2005. In SCTBench:
//! `indexer_ok`.

use std::ops::ControlFlow;

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::integers;

/// So many threads, so many messages each, in a table of this size.
pub(crate) struct Indexer {
    pub(crate) threads: usize,
    pub(crate) messages: usize,
    pub(crate) size: usize,
}

impl<P: Primitives> Portable<P> for Indexer {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let Indexer {
            threads,
            messages,
            size,
        } = *self;
        let table = integers::<P>("slot", size, 0);
        for thread in 0..threads {
            let table = table.clone();
            let name = format!("thread {thread}");
            actors.spawn(name.clone(), name, move || {
                for message in 1..=messages {
                    let value = message * 11 + thread;
                    let first = (value * 7) % size;
                    let tried = (0..size).try_for_each(|further| {
                        let slot = &table[(first + further) % size];
                        match slot.replace("insert", 0, value as u64) {
                            true => ControlFlow::Break(()),
                            false => ControlFlow::Continue(()),
                        }
                    });
                    assert!(tried.is_break(), "the table is full");
                }
            });
        }
        Judge::new(move |_| {
            let filled = table.iter().filter(|slot| slot.peek() != 0).count();
            (filled != threads * messages).then(|| "a message is lost".to_owned())
        })
    }
}
