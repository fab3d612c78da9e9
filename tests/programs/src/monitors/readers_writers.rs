//! P. J. Courtois, F. Heymans, D. L. Parnas: Concurrent control with "readers" and "writers". Communications of the ACM
//! 14(10), 1971: the second problem, in which writers come first.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, shared};

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Inside {
    readers: u32,
    writer: bool,
    writers_waiting: u32,
}

/// So many readers and writers. Writers who do not look for readers meet them.
pub(crate) struct ReadersWriters {
    pub(crate) readers: u32,
    pub(crate) writers: u32,
    pub(crate) writers_look: bool,
}

impl<P: Primitives> Portable<P> for ReadersWriters {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let inside = shared::<P, _>("inside", Inside::default());
        let writing: Integer<P> = Integer::new("writing", 0);
        let reading: Integer<P> = Integer::new("reading", 0);
        for number in 1..=self.readers {
            let (inside, writing, reading) =
                (Arc::clone(&inside), writing.clone(), reading.clone());
            actors.spawn(format!("reader {number}"), "reader", move || {
                inside.wait_for("enter to read", |inside| {
                    let may = !inside.writer && inside.writers_waiting == 0;
                    may.then(|| inside.readers += 1)
                });
                reading.add("begin to read", 1);
                assert_eq!(
                    writing.load("does anybody write?"),
                    0,
                    "a writer beside a reader"
                );
                reading.subtract("end reading", 1);
                inside.update("leave", |inside| inside.readers -= 1);
            });
        }
        let writers_look = self.writers_look;
        for number in 1..=self.writers {
            let (inside, writing, reading) =
                (Arc::clone(&inside), writing.clone(), reading.clone());
            actors.spawn(format!("writer {number}"), "writer", move || {
                inside.enter("want to write", |inside| inside.writers_waiting += 1);
                inside.wait_for("enter to write", move |inside| {
                    let may = !inside.writer && (inside.readers == 0 || !writers_look);
                    may.then(|| {
                        inside.writer = true;
                        inside.writers_waiting -= 1;
                    })
                });
                assert_eq!(writing.add("begin to write", 1), 0, "two writers");
                assert_eq!(
                    reading.load("does anybody read?"),
                    0,
                    "a reader beside a writer"
                );
                writing.subtract("end writing", 1);
                inside.update("leave", |inside| inside.writer = false);
            });
        }
        Judge::everybody_ends()
    }
}
