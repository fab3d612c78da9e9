//! Words whose orders are weaker than `SeqCst`: what loom finds, and what the others may not say.

use std::sync::Arc;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_models::portable::{Ended, Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::explain::{Diligence, Finder, explain};
use logon_sim::{Judge, Named, Portable, Ported, Spawner};

use super::properties;

/// Two words, each written by one and then read by the other: both reading nothing is no execution of sequential
/// consistency.
#[derive(Clone)]
struct StoreBuffering {
    /// Of the stores, and of the loads.
    orders: [Ordering; 2],
}

impl<P: Primitives> Portable<P> for StoreBuffering {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let seen: Arc<P::Monitor<[u64; 2]>> = Arc::new(Monitor::new("seen", [9, 9]));
        let words: [Arc<P::Word>; 2] = ["x", "y"].map(|name| Arc::new(Word::new(name, 0)));
        let [release, acquire] = self.orders;
        for me in 0..2 {
            let (mine, other) = (Arc::clone(&words[me]), Arc::clone(&words[1 - me]));
            let seen = Arc::clone(&seen);
            actors.spawn(format!("actor-{me}"), format!("actor-{me}"), move || {
                mine.store("write mine", 1, release);
                let read = other.load("read the other", acquire);
                seen.enter("note", move |seen| seen[me] = read);
            });
        }
        Judge::new(move |_| {
            let seen = seen.peek(|seen| *seen);
            (seen == [0, 0]).then(|| "both read nothing".to_owned())
        })
    }
}

#[test]
fn what_loom_finds_is_unrepeated_only_where_every_word_is_used_with_seqcst() {
    let limits = Limits::executions(3_000);
    let strong = StoreBuffering {
        orders: [SeqCst; 2],
    };
    let tried = on_loom(&strong, None, &limits).expect("no fault");
    let Ended::Unrepeated(found) = &tried.end else {
        panic!("{tried}");
    };
    assert_eq!(found.sentence, "both read nothing");
    assert_eq!(tried.finding(), None);
    assert!(tried.to_string().starts_with("STOP loom"), "{tried}");
    assert!(tried.to_string().contains("do not break the same property"));

    // It may be an execution with weaker orders alone, or a false alarm.
    let mixed = StoreBuffering {
        orders: [SeqCst, Acquire],
    };
    let tried = on_loom(&mixed, None, &limits).expect("no fault");
    assert_eq!(
        properties(std::slice::from_ref(&tried)),
        [Some("both-read-nothing")]
    );
    assert!(tried.to_string().contains("cannot be told"), "{tried}");

    let weak = StoreBuffering {
        orders: [Release, Acquire],
    };
    let tried = on_loom(&weak, None, &limits).expect("no fault");
    let found = tried.finding().expect("it is an execution");
    assert!(tried.to_string().starts_with("FAIL loom"), "{tried}");
    assert_eq!(tried.caveats, Vec::<String>::new());
    let finder = Finder {
        name: "loom",
        afterwards: "",
    };
    let named = Named::new("store-buffering", Ported(weak));
    let trace = explain(&named, found, finder, Diligence::default()).expect("no fault");
    assert!(trace.needs_weak_memory);
    assert!(trace.explanation.is_some());
}

#[test]
fn a_tool_without_weak_memory_passes_no_program_that_asks_for_it() {
    let limits = Limits::executions(100);
    let weak = StoreBuffering {
        orders: [Release, Acquire],
    };
    let strong = StoreBuffering {
        orders: [SeqCst; 2],
    };
    for (passes, program) in [(false, weak), (true, strong)] {
        let by_shuttle = on_shuttle(&program, Strategy::Random, &limits);
        for tried in [by_shuttle, on_threads(&program, &limits)] {
            let tried = tried.expect("no fault");
            assert_eq!(tried.finding(), None);
            assert_eq!(tried.passes(), passes);
            let said = tried.to_string();
            assert!(
                said.starts_with(if passes { "PASS" } else { "STOP" }),
                "{said}"
            );
            let warning = "words are used with weaker orders (Acquire, Release)";
            assert_eq!(said.contains(warning), !passes, "{said}");
        }
    }
}

#[test]
fn a_weak_word_does_not_hide_what_happens_without_it() {
    #[derive(Clone)]
    struct Weak;
    impl<P: Primitives> Portable<P> for Weak {
        fn start(&self, actors: &mut Spawner) -> Judge {
            let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
            let read = Arc::clone(&word);
            actors.spawn("writer", "writer", move || word.store("write", 1, Relaxed));
            actors.spawn("reader", "reader", move || {
                assert_eq!(read.load("read", Relaxed), 0);
            });
            Judge::everybody_ends()
        }
    }
    let tried = on_loom(&Weak, None, &Limits::executions(100)).expect("no fault");
    assert!(matches!(tried.end, Ended::Violated(_)), "{tried}");
}
