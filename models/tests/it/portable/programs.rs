//! Small programs, right and wrong, written once for every tool.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_sim::{Judge, Portable, Spawner};

/// Two counters that count in one step, or look and write.
#[derive(Clone)]
pub(crate) struct Counters {
    pub(crate) in_one_step: bool,
}

impl<P: Primitives> Portable<P> for Counters {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let count: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("count", 0));
        let in_one_step = self.in_one_step;
        for name in ["anna", "ben"] {
            let count = Arc::clone(&count);
            actors.spawn(name, "counter", move || {
                if in_one_step {
                    return count.enter("count", |count| *count += 1);
                }
                let seen = count.enter("look", |count| *count);
                count.enter("write", move |count| *count = seen + 1);
            });
        }
        Judge::new(move |_| {
            let counted = count.peek(|count| *count);
            (counted < 2).then(|| format!("a count is lost: {counted} of 2"))
        })
    }
}

/// A reader that waits for what the writer writes and, if it is lazy, nobody is told of.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) tells: bool,
}

impl<P: Primitives> Portable<P> for Message {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let slot: Arc<P::Monitor<bool>> = Arc::new(Monitor::new("slot", false));
        let (written, tells) = (Arc::clone(&slot), self.tells);
        actors.spawn("reader", "reader", move || {
            slot.wait_for("read", |full| full.then_some(()));
        });
        actors.spawn("writer", "writer", move || match tells {
            true => written.update("write", |full| *full = true),
            false => written.enter("write", |full| *full = true),
        });
        Judge::everybody_ends()
    }
}

/// Two locks, taken in opposite orders.
#[derive(Clone)]
pub(crate) struct Crossed;

impl<P: Primitives> Portable<P> for Crossed {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let locks: [Arc<P::Monitor<bool>>; 2] =
            ["one", "two"].map(|name| Arc::new(Monitor::new(name, false)));
        for (name, first, second) in [("anna", 0, 1), ("ben", 1, 0)] {
            let (first, second) = (Arc::clone(&locks[first]), Arc::clone(&locks[second]));
            actors.spawn(name, name, move || {
                let take = |locked: &mut bool| (!std::mem::replace(locked, true)).then_some(());
                first.wait_for("lock the first", take);
                second.wait_for("lock the second", take);
                second.update("unlock the second", |locked| *locked = false);
                first.update("unlock the first", |locked| *locked = false);
            });
        }
        Judge::everybody_ends()
    }
}

/// One that panics if it sees what the other one has done.
#[derive(Clone)]
pub(crate) struct Asserting;

impl<P: Primitives> Portable<P> for Asserting {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        let read = Arc::clone(&word);
        actors.spawn("writer", "writer", move || word.store("write", 1, SeqCst));
        actors.spawn("reader", "reader", move || {
            assert_eq!(read.load("read", SeqCst), 0, "it is written");
        });
        Judge::everybody_ends()
    }
}

/// A server that answers one request, and waits for more.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) answers: u32,
}

impl<P: Primitives> Portable<P> for Served {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let requests: Arc<P::Monitor<(u32, u32)>> = Arc::new(Monitor::new("requests", (0, 0)));
        let (asked, served, most) = (Arc::clone(&requests), Arc::clone(&requests), self.answers);
        actors.spawn("asker", "asker", move || {
            asked.update("ask", |(open, _)| *open += 1);
        });
        actors.spawn_server("server", "server", move || {
            P::forever(|| {
                served.wait_for("answer", |(open, answered)| {
                    (*open > 0 && *answered < most).then(|| {
                        *open -= 1;
                        *answered += 1;
                    })
                });
                ControlFlow::Continue(())
            });
        });
        Judge::new(move |end| {
            assert_eq!(end.stuck().count(), 0);
            assert_eq!(end.waiting.len(), 1, "the server waits");
            let open = requests.peek(|(open, _)| *open);
            (open > 0).then(|| "a request is open".to_owned())
        })
    }
}

/// Waits for a word that somebody sets, or nobody.
#[derive(Clone)]
pub(crate) struct Spinning {
    pub(crate) is_set: bool,
}

impl<P: Primitives> Portable<P> for Spinning {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        let (set, is_set) = (Arc::clone(&word), self.is_set);
        actors.spawn("spinner", "spinner", move || {
            P::forever(|| {
                if word.load("is it set?", SeqCst) == 1 {
                    return ControlFlow::Break(());
                }
                P::pause();
                ControlFlow::Continue(())
            });
        });
        actors.spawn("setter", "setter", move || {
            if is_set {
                set.store("set", 1, SeqCst);
            }
        });
        Judge::everybody_ends()
    }
}
