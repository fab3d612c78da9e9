//! Who goes round for ever, and executions that are cut short because of that.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Primitives, Word};
use logon_models::portable::{Ended, Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::{FaultKind, Judge, Named, Portable, Ported, Spawner};

use super::programs::{Counters, Spinning};
use super::{properties, searched, within};

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

/// One who adds, and a server that looks for ever whether it did, without waiting.
#[derive(Clone, Copy)]
struct BusyServer {
    is_judged: bool,
}

impl<P: Primitives> Portable<P> for BusyServer {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        let read = Arc::clone(&word);
        actors.spawn_server("server", "server", move || {
            P::forever(|| match read.load("is it two?", SeqCst) {
                2 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            });
        });
        let write = Arc::clone(&word);
        actors.spawn("adder", "adder", move || write.store("set it", 1, SeqCst));
        match self.is_judged {
            true => Judge::new(move |_| (word.peek() == 1).then(|| "it is one".to_owned())),
            false => Judge::everybody_ends(),
        }
    }
}

#[test]
fn a_judge_that_is_never_asked_passes_nothing() {
    let judged = BusyServer { is_judged: true };
    let fault = Named::new("busy", Ported(judged)).check().run();
    let fault = fault.expect_err("nobody was asked");
    assert!(
        matches!(fault.kind, FaultKind::NothingRests { .. }),
        "{fault}"
    );
    for tried in within(Limits::executions(3).seconds(0.2), &judged) {
        assert!(!tried.passes(), "{tried}");
    }
    // Who asks for nothing but that they come to their end is answered.
    assert_eq!(searched(&BusyServer { is_judged: false }), None);
}

/// A server that spins for ever in what is wrong, and ends in what is right.
#[derive(Clone)]
struct SpinsWhereItIsWrong;

impl<P: Primitives> Portable<P> for SpinsWhereItIsWrong {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        let bad: Arc<P::Word> = Arc::new(Word::new("bad", 0));
        let (read, wrong) = (Arc::clone(&word), Arc::clone(&bad));
        actors.spawn_server("server", "server", move || {
            if read.load("is it set?", SeqCst) == 0 {
                return;
            }
            wrong.store("do wrong", 1, SeqCst);
            P::forever(|| match read.load("is it two?", SeqCst) {
                2 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            });
        });
        actors.spawn("adder", "adder", move || word.store("set it", 1, SeqCst));
        Judge::new(move |_| (bad.peek() == 1).then(|| "it is wrong".to_owned()))
    }
}

#[test]
fn a_judge_that_some_executions_never_ask_passes_nothing() {
    let checked = Named::new("spins", Ported(SpinsWhereItIsWrong)).check();
    let fault = checked.run().expect_err("some never rest");
    assert!(
        matches!(fault.kind, FaultKind::NothingRests { .. }),
        "{fault}"
    );
}
