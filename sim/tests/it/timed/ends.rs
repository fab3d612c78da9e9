//! How a run ends: by a fault, or by its caller.

use std::sync::Arc;

use logon_core::primitives::Monitor;
use logon_sim::timed::{Key, Timed, Waits, on_own_stack};
use logon_sim::{FaultKind, SimMonitor};

use super::{STACK, to_rest};

#[test]
fn a_panic_and_a_broken_rule_are_faults_and_what_is_left_is_unwound() {
    let alive = Arc::new(());
    let mut engine = Timed::new(1, None, STACK);
    let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u32)));
    let (waiting, kept) = (Arc::clone(&count), Arc::clone(&alive));
    let waits = move || {
        let _kept = kept;
        waiting.wait_for("wait for ever", |_| None::<()>);
    };
    engine
        .spawn(Key(1), Waits::Always, waits)
        .expect("it begins");
    let panics = || panic!("as expected");
    let fault = engine
        .spawn(Key(2), Waits::Always, panics)
        .expect_err("it panics");
    assert!(fault.to_string().contains("as expected"), "{fault}");
    let nests = move || {
        count.update("outer", |_| {
            count.enter("inner", |_| ());
        });
    };
    engine
        .spawn(Key(3), Waits::Always, nests)
        .expect("it begins");
    let fault = (0..2).find_map(|_| engine.step(|_| {}).err());
    let kind = fault.map(|fault| fault.kind);
    assert!(
        matches!(kind, Some(FaultKind::NestedOperation { .. })),
        "{kind:?}"
    );
    assert_eq!(Arc::strong_count(&alive), 2);
    drop(engine);
    assert_eq!(Arc::strong_count(&alive), 1);
    // Another one may begin on this thread.
    drop(Timed::new(1, None, STACK));
}

#[test]
fn whoever_does_not_let_itself_be_ended_is_a_fault_of_this_run_and_of_no_other() {
    let waits_on = || {
        let mut engine = Timed::new(1, None, STACK);
        let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u32)));
        let waits = move || loop {
            let wait = || count.wait_for("wait for ever", |_| None::<()>);
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(wait));
        };
        engine
            .spawn(Key(1), Waits::Always, waits)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new);
        engine
    };
    let kind = waits_on().end().map_err(|fault| fault.kind);
    assert!(matches!(kind, Err(FaultKind::CaughtEnd(_))), "{kind:?}");
    drop(waits_on());
    assert!(Timed::new(1, None, STACK).end().is_ok());
}

#[test]
fn a_section_that_overflows_its_stack_is_a_fault() {
    fn deep(levels: u64) -> u64 {
        match levels {
            0 => 0,
            _ => std::hint::black_box(deep(levels - 1) + 1),
        }
    }
    let overflows = || {
        let mut engine = Timed::new(1, None, STACK);
        let count = engine.set_up(|| Arc::new(SimMonitor::new("count", 0_u64)));
        let counts = move || count.update("count too deep", |count| *count += deep(u64::MAX));
        engine
            .spawn(Key(1), Waits::Always, counts)
            .expect("it begins");
        to_rest(&mut engine, &Vec::new)
    };
    let fault = on_own_stack(overflows).expect_err("it overflows");
    let FaultKind::StackOverflow { section } = fault.kind else {
        panic!("{fault}");
    };
    assert_eq!(section.map(|site| site.label), Some("count too deep"));
    // Another one may begin on this thread.
    drop(Timed::new(1, None, STACK));
}

#[test]
fn an_object_of_another_engine_is_a_fault() {
    let elsewhere = {
        let mut other = Timed::new(1, None, STACK);
        other.set_up(|| Arc::new(SimMonitor::new("elsewhere", 0_u32)))
    };
    let mut engine = Timed::new(1, None, STACK);
    let _own = engine.set_up(|| Arc::new(SimMonitor::new("own", 0_u32)));
    let reaches = move || elsewhere.update("reach", |count| *count += 1);
    let fault = engine.spawn(Key(1), Waits::Always, reaches);
    let kind = fault.map_err(|fault| fault.kind);
    assert!(matches!(kind, Err(FaultKind::ForeignObject)), "{kind:?}");
}

#[test]
#[should_panic(expected = "is too large: the caller is at fault")]
fn the_key_of_those_who_are_alike_is_no_actors() {
    let mut engine = Timed::new(1, None, STACK);
    let _ = engine.spawn(Key::ALIKE, Waits::Alike, || {});
}
