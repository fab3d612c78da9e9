//! Faults between monitors: each is found under full enumeration, and its fixed twin holds.

use std::ops::ControlFlow;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{
    ActorId, Actors, AtRest, BoundedPreemptions, End, Limits, Rest, Sim, SimMonitor, Simulation,
    Step, Watch,
};

use crate::common::{all, outcomes};

type Counter = SimMonitor<u32>;

fn count(name: &'static str, value: u32) -> Counter {
    Monitor::new(name, value)
}

#[test]
fn two_increments_in_two_sections_each_can_lose_an_update() {
    let program = |actors: &mut Actors<'_>| {
        let counter = count("counter", 0);
        for name in ["alice", "bob"] {
            let counter = counter.clone();
            actors.spawn(name, "client", move || {
                let seen = counter.enter("look", |value| *value);
                counter.enter("write", move |value| *value = seen + 1);
            });
        }
        AtRest(move |_: &Rest| Some(counter.peek(|value| *value)))
    };
    assert_eq!(outcomes(&program), [1, 2].into());
}

#[test]
fn two_increments_in_one_section_each_count_both() {
    let program = |actors: &mut Actors<'_>| {
        let counter = count("counter", 0);
        for name in ["alice", "bob"] {
            let counter = counter.clone();
            actors.spawn(name, "client", move || {
                counter.enter("add", |value| *value += 1);
            });
        }
        AtRest(move |_: &Rest| Some(counter.peek(|value| *value)))
    };
    assert_eq!(outcomes(&program), [2].into());
}

fn lock(monitor: &SimMonitor<bool>, label: &'static str) {
    monitor.wait_for(label, |held| (!std::mem::replace(held, true)).then_some(()));
}

fn unlock(monitor: &SimMonitor<bool>, label: &'static str) {
    monitor.update(label, |held| *held = false);
}

#[test]
fn two_locks_in_opposite_order_come_to_rest_with_each_waiting_for_the_other() {
    let program = |actors: &mut Actors<'_>| {
        let left: SimMonitor<bool> = Monitor::new("left", false);
        let right: SimMonitor<bool> = Monitor::new("right", false);
        for (name, first, second) in [("alice", left.clone(), right.clone()), ("bob", right, left)]
        {
            actors.spawn(name, "client", move || {
                lock(&first, "take the first");
                lock(&second, "take the second");
                unlock(&second, "give the second");
                unlock(&first, "give the first");
            });
        }
    };
    let mut stuck = Vec::new();
    let exploration = all(&program, |execution| {
        if let End::Rest(rest) = &execution.end
            && !rest.all_finished()
        {
            stuck.push(rest.clone());
        }
    });
    assert!(exploration.is_complete());
    assert!(!stuck.is_empty());
    for rest in &stuck {
        let who: Vec<_> = rest
            .blocked
            .iter()
            .map(|blocked| {
                let operation = blocked.operation;
                assert!(operation.location.file().ends_with("monitors.rs"));
                (&*blocked.actor.name, operation.label, operation.object_name)
            })
            .collect();
        assert_eq!(
            who,
            [
                ("alice", "take the second", "right"),
                ("bob", "take the second", "left")
            ]
        );
    }
    let text = stuck[0].to_string();
    assert!(
        text.starts_with("alice waits in `take the second` on `right` at sim/tests/"),
        "{text}"
    );
}

/// One actor waits for a flag that another raises; true if both finish.
fn hand_over(
    wait: fn(&SimMonitor<bool>),
    raise: fn(&SimMonitor<bool>),
) -> impl Fn(&mut Actors<'_>) -> AtRest<fn(&Rest) -> Option<bool>> {
    move |actors| {
        let flag: SimMonitor<bool> = Monitor::new("flag", false);
        let other = flag.clone();
        actors.spawn("waiter", "waiter", move || wait(&flag));
        actors.spawn("raiser", "raiser", move || raise(&other));
        AtRest(|rest: &Rest| Some(rest.all_finished()))
    }
}

#[test]
fn looking_and_then_sleeping_loses_a_wake_up() {
    let program = hand_over(
        |flag| {
            while !flag.enter("look", |raised| *raised) {
                flag.sleep("sleep");
            }
        },
        |flag| flag.update("raise", |raised| *raised = true),
    );
    assert_eq!(outcomes(&program), [false, true].into());
}

#[test]
fn a_bare_sleep_is_one_step_to_fall_asleep_and_one_to_wake() {
    let program = hand_over(
        |flag| flag.sleep("doze"),
        |flag| flag.update("raise", |raised| *raised = true),
    );
    let mut orders = std::collections::BTreeSet::new();
    all(&program, |execution| {
        let steps = execution.steps.iter().map(|step| {
            let operation = step.operation;
            (operation.kind.name(), operation.label, operation.nth)
        });
        orders.insert(steps.collect::<Vec<_>>());
    });
    let woken = vec![
        ("sleep", "doze", 1),
        ("update", "raise", 1),
        ("wake", "doze", 2),
    ];
    let asleep = vec![("update", "raise", 1), ("sleep", "doze", 1)];
    assert_eq!(orders, [woken, asleep].into());
}

#[test]
fn looking_and_sleeping_in_one_step_loses_none() {
    let program = hand_over(
        |flag| flag.wait_for("wait", |raised| raised.then_some(())),
        |flag| flag.update("raise", |raised| *raised = true),
    );
    assert_eq!(outcomes(&program), [true].into());
}

#[test]
fn raising_without_waking_leaves_the_waiter_asleep() {
    let program = hand_over(
        |flag| flag.wait_for("wait", |raised| raised.then_some(())),
        |flag| flag.enter("raise", |raised| *raised = true),
    );
    assert_eq!(outcomes(&program), [false, true].into());
}

#[test]
fn an_update_wakes_every_sleeper_and_each_looks_again() {
    let program = |actors: &mut Actors<'_>| {
        let pool = count("pool", 0);
        for name in ["alice", "bob"] {
            let pool = pool.clone();
            actors.spawn(name, "client", move || {
                pool.wait_for("take", |free| {
                    *free = free.checked_sub(1)?;
                    Some(())
                });
            });
        }
        actors.spawn("giver", "giver", move || {
            pool.update("give", |free| *free += 1);
        });
    };
    let mut shapes = std::collections::BTreeSet::new();
    all(&program, |execution| {
        let End::Rest(rest) = &execution.end else {
            panic!("{:?}", execution.end)
        };
        let woken: usize = execution.steps.iter().map(|step| step.woken.len()).sum();
        shapes.insert((woken, execution.steps.len(), rest.blocked.len()));
    });
    // None, one or both asleep when the one unit is given; always one is left without.
    assert_eq!(shapes, [(0, 3, 1), (1, 4, 1), (2, 5, 1)].into());
}

#[test]
fn a_server_asleep_is_at_rest_and_its_actor_unwinds() {
    let dropped = std::rc::Rc::new(std::cell::Cell::new(0));
    let witness = std::rc::Rc::clone(&dropped);
    let program = move |actors: &mut Actors<'_>| {
        let inbox = count("inbox", 0);
        let server = inbox.clone();
        let guard = Guard {
            dropped: std::rc::Rc::clone(&witness),
            inbox: inbox.clone(),
        };
        actors.spawn("server", "server", move || {
            let _guard = &guard;
            Sim::forever(|| {
                server.wait_for("serve", |waiting| {
                    *waiting = waiting.checked_sub(1)?;
                    Some(())
                });
                ControlFlow::Continue(())
            });
        });
        actors.spawn("client", "client", move || {
            for _ in 0..2 {
                inbox.update("send", |waiting| *waiting += 1);
            }
        });
    };
    let mut rounds = std::collections::BTreeSet::new();
    let exploration = all(&program, |execution| {
        let End::Rest(rest) = &execution.end else {
            panic!("{:?}", execution.end)
        };
        assert_eq!(rest.blocked.len(), 1);
        let offers = execution.steps.iter().flat_map(|step| &step.enabled);
        rounds.extend(offers.map(|offer| (offer.name.to_string(), offer.rounds)));
    });
    assert!(exploration.is_complete());
    assert_eq!(dropped.get(), exploration.executions);
    assert!(rounds.contains(&("server".to_owned(), 3)));
    assert!(rounds.contains(&("client".to_owned(), 0)));
}

/// Counts its drops, and operates while it is dropped.
struct Guard {
    dropped: std::rc::Rc<std::cell::Cell<u64>>,
    inbox: Counter,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let before = self.inbox.peek(|waiting| *waiting);
        let after = self.inbox.enter("leave", |waiting| {
            *waiting += 7;
            *waiting
        });
        // The execution is over: answered from a clone, and nothing is changed.
        assert_eq!(after, before + 7);
        assert_eq!(self.inbox.peek(|waiting| *waiting), before);
        self.dropped.set(self.dropped.get() + 1);
    }
}

#[test]
fn a_state_can_be_looked_at_after_its_execution() {
    let kept = std::cell::RefCell::new(None);
    let program = |actors: &mut Actors<'_>| {
        let counter = count("counter", 1);
        *kept.borrow_mut() = Some(counter.clone());
        actors.spawn("alice", "client", move || {
            counter.enter("double", |value| *value *= 2);
        });
    };
    Simulation::default().run_once(&program, &mut BoundedPreemptions::unbounded());
    let counter = kept.borrow_mut().take().expect("the program kept it");
    assert_eq!(counter.peek(|value| *value), 2);
}

#[test]
fn a_limit_on_executions_is_reported() {
    let program = |actors: &mut Actors<'_>| {
        let counter = count("counter", 0);
        for name in ["alice", "bob"] {
            let counter = counter.clone();
            actors.spawn(name, "client", move || {
                counter.enter("add", |value| *value += 1);
            });
        }
    };
    let mut simulation = Simulation::default();
    let explored = |simulation: &mut Simulation, limit| {
        let mut scheduler = BoundedPreemptions::unbounded();
        let go_on = |_: &_| ControlFlow::Continue(());
        simulation.explore(&program, &mut scheduler, Limits::executions(limit), go_on)
    };
    let one = explored(&mut simulation, 1);
    assert_eq!(
        (one.executions, one.stop),
        (1, logon_sim::Stop::ExecutionLimit)
    );
    assert!(!one.is_complete());
    let two = explored(&mut simulation, 2);
    assert_eq!((two.executions, two.is_complete()), (2, true));
}

/// Stops when the counter has reached a limit.
struct UpTo(Counter, u32);

impl Watch for UpTo {
    type Verdict = u32;

    fn after_step(&mut self, step: &Step) -> Option<u32> {
        assert_eq!(step.operation.label, "add");
        let value = self.0.peek(|value| *value);
        (value >= self.1).then_some(value)
    }
}

#[test]
fn a_verdict_ends_the_execution_at_its_step_and_says_whether_all_is_at_rest() {
    for limit in [2, 3] {
        let program = move |actors: &mut Actors<'_>| {
            let counter = count("counter", 0);
            let watched = counter.clone();
            actors.spawn("alice", "client", move || {
                for _ in 0..3 {
                    counter.enter("add", |value| *value += 1);
                }
            });
            UpTo(watched, limit)
        };
        let mut scheduler = BoundedPreemptions::unbounded();
        let execution = Simulation::default().run_once(&program, &mut scheduler);
        assert_eq!(execution.steps.len(), limit as usize);
        let End::Stopped { verdict, rest } = execution.end else {
            panic!("{:?}", execution.end)
        };
        assert_eq!(verdict, limit);
        assert_eq!(
            rest.map(|rest| rest.all_finished()),
            (limit == 3).then_some(true)
        );
    }
}

#[test]
fn an_object_is_named_by_its_creator_whatever_the_schedule() {
    let program = |actors: &mut Actors<'_>| {
        let shared = count("shared", 0);
        for (name, own) in [("alice", "alice's"), ("bob", "bob's")] {
            let shared = shared.clone();
            actors.spawn(name, "client", move || {
                shared.enter("come", |value| *value += 1);
                count(own, 0).enter("keep", |value| *value += 1);
            });
        }
    };
    let mut objects = std::collections::BTreeSet::new();
    all(&program, |execution| {
        objects.extend(execution.steps.iter().map(|step| {
            let id = step.operation.object;
            (
                step.operation.object_name,
                id.creator.map(ActorId::index),
                id.nth,
            )
        }));
    });
    let expected = [
        ("alice's", Some(0), 0),
        ("bob's", Some(1), 0),
        ("shared", None, 0),
    ];
    assert_eq!(objects, expected.into());
}
