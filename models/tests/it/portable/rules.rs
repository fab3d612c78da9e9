//! A program that breaks a rule of the primitives, or whose judge panics, is a fault on every tool, and no verdict.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_models::portable::{Limits, Strategy, on_loom, on_shuttle, on_threads};
use logon_sim::{Judge, Named, Portable, Ported, Spawner};

/// What is wrong with the program.
#[derive(Clone, Copy)]
enum Wrong {
    /// Two objects have one name.
    TwoNames,
    /// An actor creates an object.
    LateObject,
    /// A section performs an operation, on the object itself or on the other one.
    Nested { on_itself: bool },
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
            Wrong::Judge { stuck: true } => {
                count.wait_for("never", |count| (*count == 1).then_some(()));
            }
            Wrong::TwoNames | Wrong::Judge { stuck: false } => {
                count.update("add", |count| *count += 1);
            }
        });
        match wrong {
            Wrong::Judge { .. } => Judge::new(|_| panic!("it cannot judge this")),
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
        (Wrong::LateObject, "`late` was created by an actor"),
        (
            Wrong::Nested { on_itself: true },
            "`inner` on `count` is tried inside the section `outer` on `count`",
        ),
        (
            Wrong::Nested { on_itself: false },
            "`inner` on `another count` is tried inside the section `outer` on `count`",
        ),
    ] {
        for fault in faults(wrong) {
            assert!(fault.contains("the program is at fault"), "{fault}");
            assert!(fault.contains(named), "{fault}");
        }
    }
    // And on the own runtime, but for a late object, which executions that are sampled allow.
    for wrong in [Wrong::LateObject, Wrong::Nested { on_itself: true }] {
        let checked = Named::new("wrong", Ported(wrong)).check().run();
        assert!(checked.is_err(), "a rule is broken");
    }
}

#[test]
fn a_judge_that_panics_is_a_fault_on_every_tool() {
    for stuck in [true, false] {
        for fault in faults(Wrong::Judge { stuck }) {
            assert!(fault.contains("it cannot judge this"), "{fault}");
        }
    }
}
