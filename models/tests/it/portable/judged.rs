//! What falls, falls on every tool, and what holds, on none.

use logon_models::portable::Ended;
use logon_sim::explain::{Diligence, Finder, explain};
use logon_sim::{Named, Ported};

use super::programs::{Asserting, Counters, Crossed, Message, Served};
use super::{everywhere, properties, searched};

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
