//! Programs written once, on every tool: each of them judged as expected, and what a tool cannot do refused by name.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};

use logon_core::primitives::{Chance, Choosing, Condition, Monitor, Primitives, Wake, Word};
use logon_models::backend::{Loom, Shuttle, Threads};
use logon_models::portable::{Ended, Limits, Strategy, Tried, on_loom, on_shuttle, on_threads};
use logon_sim::explain::{Diligence, Finder, explain};
use logon_sim::{Judge, Named, Portable, Ported, Sim, Spawner};

/// Two counters that count in one step, or look and write.
#[derive(Clone)]
struct Counters {
    in_one_step: bool,
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
struct Message {
    tells: bool,
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
struct Crossed;

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
struct Asserting;

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
struct Served {
    answers: u32,
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
struct Spinning {
    is_set: bool,
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

/// What each tool says of a program.
fn everywhere<T>(program: &T) -> Vec<Tried>
where
    T: Portable<Loom>
        + Portable<Shuttle>
        + Portable<Threads>
        + Portable<Sim>
        + Clone
        + Send
        + Sync
        + 'static,
{
    within(Limits::executions(3_000), program)
}

fn within<T>(limits: Limits, program: &T) -> Vec<Tried>
where
    T: Portable<Loom>
        + Portable<Shuttle>
        + Portable<Threads>
        + Portable<Sim>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let mut tried = vec![on_loom(program, None, &limits).expect("no fault")];
    for strategy in [
        Strategy::Random,
        Strategy::Pct { depth: 3 },
        Strategy::UniformRandom,
        Strategy::DepthFirst,
    ] {
        tried.push(on_shuttle(program, strategy, &limits).expect("no fault"));
    }
    tried.push(on_threads(program, &limits).expect("no fault"));
    tried
}

/// What the search of all states says: the property that falls.
fn searched<T: Portable<Sim> + Clone>(program: &T) -> Option<String> {
    let report = Named::new("program", Ported(program.clone())).check().run();
    let trace = report.expect("no fault").trace?;
    Some(trace.violation.expect("something falls").property)
}

fn properties(tried: &[Tried]) -> Vec<Option<&str>> {
    let findings = tried.iter().map(Tried::finding);
    findings
        .map(|found| found.map(|found| &*found.property))
        .collect()
}

#[test]
fn a_right_program_holds_on_every_tool_and_says_how_far_it_was_looked() {
    let program = Counters { in_one_step: true };
    assert_eq!(searched(&program), None);
    let tried = everywhere(&program);
    assert_eq!(properties(&tried), [None; 6]);
    let all: Vec<bool> = tried
        .iter()
        .map(|tried| tried.end == Ended::Exhausted)
        .collect();
    assert_eq!(all, [true, false, false, false, true, false]);
    let said = tried.iter().map(|tried| tried.to_string());
    let said: Vec<String> = said.collect();
    assert_eq!(
        said[1],
        "PASS shuttle, each step at random: nothing fell in 3,000 executions"
    );
    assert!(said[0].starts_with("PASS loom, no bound on preemptions: nothing falls in any of"));
    assert!(said[0].ends_with("; loom 0.7.3 does not reverse every race"));
}

#[test]
fn a_lost_count_is_found_by_every_tool_and_explained_from_the_execution_of_any() {
    let program = Counters { in_one_step: false };
    assert_eq!(searched(&program).as_deref(), Some("a-count-is-lost"));
    let tried = everywhere(&program);
    assert_eq!(properties(&tried), [Some("a-count-is-lost"); 6]);
    for tried in &tried {
        let found = tried.finding().expect("something falls");
        assert_eq!(found.sentence, "a count is lost: 1 of 2");
        let finder = Finder {
            name: "elsewhere",
            afterwards: "",
        };
        let named = Named::new("counters", Ported(program.clone()));
        let trace = explain(&named, found, finder, Diligence::default()).expect("no fault");
        assert_eq!(trace.steps.len(), 4);
        assert!(trace.explanation.is_some());
    }
}

#[test]
fn a_deadlock_is_judged_wherever_it_is_met() {
    assert_eq!(searched(&Message { tells: true }), None);
    assert_eq!(properties(&everywhere(&Message { tells: true })), [None; 6]);
    let program = Message { tells: false };
    assert_eq!(searched(&program).as_deref(), Some("stuck"));
    let tried = everywhere(&program);
    assert_eq!(properties(&tried), [Some("stuck"); 6]);
    for tried in &tried {
        let found = tried.finding().expect("something falls");
        assert_eq!(found.sentence, "stuck: reader waits on `slot`");
    }
}

#[test]
fn who_falls_asleep_last_is_named_as_well() {
    for tried in everywhere(&Crossed) {
        let found = tried.finding().map(|found| &*found.sentence);
        let expected = "stuck: anna waits on `two`, ben waits on `one`";
        // Real threads need not meet.
        let by_chance = tried.by == "real threads" && found.is_none();
        assert!(found == Some(expected) || by_chance, "{tried}");
    }
}

#[test]
fn a_panic_is_a_violation_everywhere() {
    assert_eq!(searched(&Asserting).as_deref(), Some("panic"));
    let tried = everywhere(&Asserting);
    assert_eq!(properties(&tried), [Some("panic"); 6]);
    let found = tried[2].finding().expect("it panics");
    assert!(found.sentence.starts_with("reader panics: "));
    assert!(found.sentence.contains("it is written"));
}

#[test]
fn a_server_may_wait_for_ever_and_leave_nothing_undone() {
    let (right, wrong) = (Served { answers: 1 }, Served { answers: 0 });
    assert_eq!(searched(&right), None);
    assert_eq!(properties(&everywhere(&right)), [None; 6]);
    assert_eq!(searched(&wrong).as_deref(), Some("a-request-is-open"));
    assert_eq!(
        properties(&everywhere(&wrong)),
        [Some("a-request-is-open"); 6]
    );
}

#[test]
fn a_loop_that_spins_ends_on_every_tool_if_somebody_ends_it() {
    let program = Spinning { is_set: true };
    assert_eq!(searched(&program), None);
    // Depth first, shuttle lets the spinner spin as long as it may.
    let tried = within(Limits::executions(50), &program);
    assert_eq!(properties(&tried), [None; 6]);
    assert_eq!(tried[0].end, Ended::Exhausted);
    let said = tried[0].to_string();
    assert!(said.starts_with("PASS loom"), "{said}");
    assert!(
        said.ends_with("by itself after a pause are left out"),
        "{said}"
    );
}

#[test]
fn who_spins_in_vain_is_found_on_the_own_runtime_and_cut_short_on_the_others() {
    let program = Spinning { is_set: false };
    assert_eq!(searched(&program).as_deref(), Some("never-ends"));
    let limits = Limits::executions(2).seconds(0.2);
    let tried = on_loom(&program, None, &limits).expect("no fault");
    let limit = "loom's limit on branches in one execution".to_owned();
    assert_eq!((tried.end, tried.cut_short), (Ended::Stopped(limit), 1));
    let limits = Limits::executions(2);
    let tried = on_shuttle(&program, Strategy::Random, &limits).expect("no fault");
    assert_eq!(
        tried.to_string(),
        "STOP shuttle, each step at random: nothing fell in 0 judged executions; 2 were cut short and not judged"
    );
    assert_eq!((tried.end, tried.cut_short), (Ended::Enough, 2));
    let limits = Limits::executions(1).seconds(0.2);
    let tried = on_threads(&program, &limits).expect("no fault");
    assert_eq!(
        tried.to_string(),
        "STOP real threads: nothing fell in 0 judged executions; 1 was cut short and not judged"
    );
    assert_eq!((tried.end, tried.cut_short), (Ended::Enough, 1));
}

#[test]
fn no_tool_passes_what_it_has_not_run() {
    for tried in within(Limits::executions(0), &Counters { in_one_step: true }) {
        assert_eq!((tried.executions, tried.cut_short), (0, 0));
        assert!(!tried.passes());
        let said = tried.to_string();
        assert!(said.starts_with("STOP "), "{said}");
        assert!(
            said.ends_with(": nothing fell in 0 judged executions"),
            "{said}"
        );
    }
}

/// One who spins in vain beside one who panics if it is told to.
#[derive(Clone)]
struct SpinningBeside;

impl<P: Primitives> Portable<P> for SpinningBeside {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        let read = Arc::clone(&word);
        actors.spawn("spinner", "spinner", move || {
            P::forever(|| {
                if word.load("is it set?", SeqCst) == 1 {
                    return ControlFlow::Break(());
                }
                P::pause();
                ControlFlow::Continue(())
            });
        });
        actors.spawn("panicker", "panicker", move || {
            assert_eq!(read.load("look", SeqCst), 1, "nobody has set it");
        });
        Judge::everybody_ends()
    }
}

#[test]
fn a_panic_beside_one_who_spins_is_found_and_its_execution_is_judged() {
    for tried in within(Limits::executions(3).seconds(2.0), &SpinningBeside) {
        let found = tried.finding().map(|found| &*found.property);
        // Depth first, shuttle lets the spinner spin, and the panicker never begins.
        if tried.by == "shuttle, depth first" {
            assert_eq!((found, tried.cut_short), (None, 3), "{tried}");
            continue;
        }
        assert_eq!((found, tried.cut_short), (Some("panic"), 0), "{tried}");
    }
}

#[test]
fn an_execution_that_is_cut_short_counts_as_one_although_a_later_one_falls() {
    /// Spins in vain in the first execution, and falls in the next.
    #[derive(Clone, Default)]
    struct Falling {
        begun: Arc<AtomicBool>,
    }
    impl<P: Primitives> Portable<P> for Falling {
        fn start(&self, actors: &mut Spawner) -> Judge {
            let is_first = !self.begun.swap(true, SeqCst);
            let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
            actors.spawn("spinner", "spinner", move || {
                P::forever(|| match word.load("is it set?", SeqCst) {
                    0 if is_first => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                });
            });
            Judge::new(|_| Some("it falls".to_owned()))
        }
    }
    let limits = Limits::executions(5);
    let tried = on_shuttle(&Falling::default(), Strategy::Random, &limits).expect("no fault");
    assert_eq!((tried.executions, tried.cut_short), (2, 1));
    assert_eq!(
        tried.to_string(),
        "FAIL shuttle, each step at random: it falls (2 executions, 1 of them cut short)"
    );
}

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

/// Two who wait on one condition, and one who wakes one of them.
#[derive(Clone)]
struct WakingOne;

impl<P: Primitives> Portable<P> for WakingOne {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let full = Condition("full");
        let slots: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("slots", 0));
        for name in ["anna", "ben"] {
            let slots = Arc::clone(&slots);
            actors.spawn(name, "taker", move || {
                slots.wait_on("take", full, |slots| {
                    let left = slots.checked_sub(1)?;
                    *slots = left;
                    Some(((), Wake::Nobody))
                });
            });
        }
        actors.spawn("giver", "giver", move || {
            for _ in 0..2 {
                slots.change("give", |slots| {
                    *slots += 1;
                    ((), Wake::One(full))
                });
            }
        });
        Judge::everybody_ends()
    }
}

/// One who chooses, where that can be.
#[derive(Clone)]
struct Choice;

impl<P: Choosing> Portable<P> for Choice {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let coin: P::Chance = Chance::new("coin");
        actors.spawn("player", "player", move || {
            assert_ne!(coin.choose("toss", 2), 1, "tails");
        });
        Judge::everybody_ends()
    }
}

#[test]
fn what_a_tool_cannot_do_is_refused_by_name() {
    assert_eq!(searched(&WakingOne), None);
    let limits = Limits::executions(1_000);
    let tried = on_shuttle(&WakingOne, Strategy::Random, &limits).expect("no fault");
    assert_eq!(tried.finding(), None);
    let refused = on_loom(&WakingOne, None, &limits).expect_err("loom cannot choose");
    assert!(
        refused.to_string().contains("`Wake::One` of the 2"),
        "{refused}"
    );

    // For loom it does not compile.
    assert_eq!(searched(&Choice).as_deref(), Some("panic"));
    for strategy in [Strategy::Random, Strategy::UniformRandom] {
        let tried = on_shuttle(&Choice, strategy, &limits).expect("no fault");
        assert_eq!(properties(&[tried]), [Some("panic")]);
    }
    let refused = on_shuttle(&Choice, Strategy::DepthFirst, &limits);
    let refused = refused.expect_err("it draws no numbers");
    assert!(refused.to_string().contains("DFS"), "{refused}");
    let tried = on_threads(&Choice, &limits).expect("no fault");
    assert_eq!(properties(&[tried]), [Some("panic")]);
}

#[test]
fn loom_refuses_more_actors_than_it_holds() {
    #[derive(Clone)]
    struct Crowd;
    impl<P: Primitives> Portable<P> for Crowd {
        fn start(&self, actors: &mut Spawner) -> Judge {
            for number in 0..5 {
                actors.spawn(format!("actor-{number}"), "actor", || {});
            }
            Judge::new(|_| Some("nobody is asked".to_owned()))
        }
    }
    let refused = on_loom(&Crowd, None, &Limits::executions(10)).expect_err("too many");
    let text = refused.to_string();
    assert!(
        text.contains("loom holds 4 actors, and the program has 5"),
        "{text}"
    );
}

#[test]
fn the_sample_of_the_book_is_the_example() {
    let book = include_str!("../../../docs/own-programs.md");
    let example = include_str!("../../examples/everywhere.rs");
    let (_, code) = example.split_once("\n\n").expect("a comment comes first");
    assert!(book.contains(&format!("```rust\n{code}```\n")));
}
