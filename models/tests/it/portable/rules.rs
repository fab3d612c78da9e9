//! A program that breaks a rule of the primitives, or whose judge panics, is a fault on every tool, and no verdict.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Release, SeqCst};

use logon_core::ReadWriteLock;
use logon_core::primitives::{Monitor, Primitives, Word};
use logon_models::portable::{Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::{Judge, Named, Portable, Ported, Spawner};

use super::{properties, searched, within};

/// What is wrong with the program.
#[derive(Clone, Copy)]
enum Wrong {
    /// Two objects have one name.
    TwoNames,
    /// An actor creates an object.
    LateObject,
    /// A section performs an operation, on the object itself or on the other one.
    Nested { on_itself: bool },
    /// A section performs an operation, and its actor catches the panic.
    Caught,
    /// A section that waits changes the state in vain.
    WaitChanges,
    /// A load has an ordering that there is for stores alone.
    LoadReleases,
    /// A section looks at its object.
    LooksInside,
    /// The program performs an operation before its actors begin.
    StartOperates,
    /// The judge performs an operation.
    JudgeOperates,
    /// The judge panics when it is asked, and somebody waits for ever or not.
    Judge { stuck: bool },
}

impl<P: Primitives> Portable<P> for Wrong {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let wrong = *self;
        let count: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("count", 0));
        let second = match wrong {
            Wrong::TwoNames => "count",
            _ => "another count",
        };
        let another: Arc<P::Monitor<u32>> = Arc::new(Monitor::new(second, 0));
        let judged = Arc::clone(&count);
        let word: Arc<P::Word> = Arc::new(Word::new("word", 0));
        if matches!(wrong, Wrong::StartOperates) {
            count.update("begin", |count| *count += 1);
        }
        actors.spawn("adder", "adder", move || match wrong {
            Wrong::LateObject => {
                let late: P::Monitor<u32> = Monitor::new("late", 0);
                late.update("add", |late| *late += 1);
            }
            Wrong::Nested { on_itself } => {
                let inner = match on_itself {
                    true => Arc::clone(&count),
                    false => Arc::clone(&another),
                };
                count.enter("outer", |_| inner.enter("inner", |inner| *inner += 1));
            }
            Wrong::WaitChanges => {
                count.wait_for("wait", |count| {
                    *count += 1;
                    (*count > 100).then_some(())
                });
            }
            Wrong::LoadReleases => {
                word.load("load", Release);
            }
            Wrong::LooksInside => {
                count.enter("outer", |_| count.peek(|count| *count));
            }
            Wrong::Caught => {
                let nested = || count.enter("outer", |_| another.enter("inner", |_| ()));
                assert!(catch_unwind(AssertUnwindSafe(nested)).is_err());
            }
            Wrong::Judge { stuck: true } => {
                count.wait_for("never", |count| (*count == 1).then_some(()));
            }
            Wrong::TwoNames
            | Wrong::StartOperates
            | Wrong::JudgeOperates
            | Wrong::Judge { stuck: false } => {
                count.update("add", |count| *count += 1);
            }
        });
        match wrong {
            Wrong::Judge { .. } => Judge::new(|_| panic!("it cannot judge this")),
            Wrong::JudgeOperates => Judge::new(move |_| {
                judged.enter("judge", |_| ());
                None
            }),
            _ => Judge::everybody_ends(),
        }
    }
}

/// What each tool says.
fn faults(wrong: Wrong) -> Vec<String> {
    let limits = Limits::executions(3).seconds(10.0);
    let mut tried = vec![on_loom(&wrong, None, &limits)];
    for strategy in [Strategy::Random, Strategy::DepthFirst] {
        tried.push(on_shuttle(&wrong, strategy, &limits));
    }
    tried.push(on_threads(&wrong, &limits));
    let faults = tried.into_iter();
    faults
        .map(|tried| tried.expect_err("it is a fault").to_string())
        .collect()
}

#[test]
fn a_broken_rule_is_a_fault_that_names_it_on_every_tool() {
    for (wrong, named) in [
        (Wrong::TwoNames, "two objects are called `count`"),
        (
            Wrong::LateObject,
            "`late` was created at models/tests/it/portable/rules.rs",
        ),
        (Wrong::WaitChanges, "yields nothing and changes the state"),
        (
            Wrong::LoadReleases,
            "is a load with Release; expected Relaxed, Acquire or SeqCst",
        ),
        (
            Wrong::LooksInside,
            "a look at `count` is tried inside the section `outer` on `count`",
        ),
        (
            Wrong::StartOperates,
            "is tried by nobody who is an actor: no actor has begun",
        ),
        (
            Wrong::JudgeOperates,
            "is tried by nobody who is an actor: a judge looks with `peek`",
        ),
        (
            Wrong::Caught,
            "is tried inside the section `outer` on `count`",
        ),
        (
            Wrong::Nested { on_itself: true },
            "`inner` on `count` at models/tests/it/portable/rules.rs",
        ),
        (
            Wrong::Nested { on_itself: false },
            "`inner` on `another count` at models/tests/it/portable/rules.rs",
        ),
    ] {
        for fault in faults(wrong) {
            assert!(fault.contains("the program is at fault"), "{fault}");
            assert!(fault.contains(named), "{fault}");
        }
    }
}

#[test]
fn a_broken_rule_is_a_fault_on_the_own_runtime() {
    for (wrong, named) in [
        (Wrong::LateObject, "`late`"),
        (Wrong::Nested { on_itself: true }, "`inner`"),
        (Wrong::Nested { on_itself: false }, "`inner`"),
        (Wrong::Caught, "`inner`"),
        (Wrong::WaitChanges, "`wait`"),
        (Wrong::LoadReleases, "Release"),
    ] {
        let checked = Named::new("wrong", Ported(wrong)).check().run();
        let fault = checked.expect_err("a rule is broken").to_string();
        assert!(fault.contains(named), "{fault}");
    }
}

#[test]
fn a_judge_that_panics_is_a_fault_on_every_tool() {
    for stuck in [true, false] {
        for fault in faults(Wrong::Judge { stuck }) {
            assert!(
                fault.contains("the judge of the program panics: it cannot judge this"),
                "{fault}"
            );
        }
    }
}

/// An actor lets go of a lock that nobody holds: a panic of the program's own, whatever it says.
#[derive(Clone)]
struct LetsGo;

impl<P: Primitives> Portable<P> for LetsGo {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let lock: Arc<ReadWriteLock<P>> = Arc::new(ReadWriteLock::new("lock"));
        actors.spawn("reader", "reader", move || lock.release_read("let go"));
        Judge::everybody_ends()
    }
}

#[test]
fn a_panic_that_speaks_of_the_program_is_a_violation_on_every_tool() {
    assert_eq!(searched(&LetsGo).as_deref(), Some("panic"));
    let tried = within(Limits::executions(10), &LetsGo);
    assert_eq!(properties(&tried), [Some("panic"); 6]);
}

/// One who pauses in a section, and one who does nothing wrong.
#[derive(Clone)]
struct PausesInside;

impl<P: Primitives> Portable<P> for PausesInside {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let one: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("one", 0));
        let other: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("other", 0));
        actors.spawn("anna", "one who pauses", move || {
            one.enter("pause", |one| {
                P::pause();
                *one += 1;
            });
        });
        actors.spawn("ben", "another", move || {
            other.enter("add", |other| *other += 1);
        });
        Judge::everybody_ends()
    }
}

#[test]
fn who_pauses_in_a_section_lets_nobody_run() {
    assert_eq!(searched(&PausesInside), None);
    assert_eq!(
        properties(&within(Limits::executions(20), &PausesInside)),
        [None; 6]
    );
}

/// An actor panics, and says nothing by it.
#[derive(Clone)]
struct Speechless;

impl<P: Primitives> Portable<P> for Speechless {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let count: Arc<P::Monitor<u32>> = Arc::new(Monitor::new("count", 0));
        actors.spawn("adder", "adder", move || {
            count.update("add", |count| *count += 1);
            panic_any(5_u32);
        });
        Judge::everybody_ends()
    }
}

#[test]
fn a_panic_without_a_text_is_a_violation_on_every_tool() {
    assert_eq!(searched(&Speechless).as_deref(), Some("panic"));
    let tried = within(Limits::executions(10), &Speechless);
    assert_eq!(properties(&tried), [Some("panic"); 6]);
}

/// Lets go when it is dropped.
struct Guard<P: Primitives> {
    held: Arc<P::Monitor<bool>>,
    times: Arc<P::Word>,
}

impl<P: Primitives> Drop for Guard<P> {
    fn drop(&mut self) {
        self.times.fetch_add("count", 1, SeqCst);
        self.held.update("let go", |held| *held = false);
    }
}

/// Two who take two locks, each in an order of its own or in one.
#[derive(Clone)]
struct Guards {
    in_one_order: bool,
}

impl<P: Primitives> Portable<P> for Guards {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let lock = |name| -> Arc<P::Monitor<bool>> { Arc::new(Monitor::new(name, false)) };
        let locks = [lock("one"), lock("other")];
        let times: Arc<P::Word> = Arc::new(Word::new("times", 0));
        for (name, first) in [("anna", 0), ("ben", 1)] {
            let first = if self.in_one_order { 0 } else { first };
            let (locks, times) = (locks.clone(), Arc::clone(&times));
            actors.spawn(name, "taker", move || {
                let take = |place: usize| {
                    let held = Arc::clone(&locks[place]);
                    held.wait_for("take", |held| (!*held).then(|| *held = true));
                    let times = Arc::clone(&times);
                    Guard::<P> { held, times }
                };
                let _one = take(first);
                let _other = take(1 - first);
            });
        }
        Judge::everybody_ends()
    }
}

#[test]
fn guards_that_are_dropped_when_an_execution_ends_end_nothing_else() {
    assert_eq!(searched(&Guards { in_one_order: true }), None);
    let right = within(Limits::executions(200), &Guards { in_one_order: true });
    assert_eq!(properties(&right), [None; 6]);
    let wrong = Guards {
        in_one_order: false,
    };
    assert_eq!(searched(&wrong).as_deref(), Some("stuck"));
    let limits = Limits::executions(2_000).seconds(20.0);
    let found = [
        on_loom(&wrong, None, &limits),
        on_shuttle(&wrong, Strategy::Random, &limits),
    ];
    for tried in found {
        let tried = tried.expect("no fault");
        assert_eq!(properties(&[tried]), [Some("stuck")]);
    }
    drop(on_threads(&wrong, &Limits::executions(20)).expect("no fault"));
}
