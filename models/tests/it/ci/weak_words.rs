//! No status 0 for words weaker than `SeqCst` from a check that left out every checker with a memory model.

use crate::command_line::run::Run;

/// A scenario in which nothing falls of the defect under sequential consistency, and loom holds the actors.
const SMALL: &str =
    "--variant relaxed-publication --scenario q238186-default --clients 1 --idle-pool 1";

/// One with more actors than loom holds.
const LARGE: &str = "--variant relaxed-publication --scenario q238186-default --clients 4";

#[test]
fn one_checker_without_a_memory_model_is_incomplete_and_says_how_to_add_loom() {
    let run = Run::new();
    for checker in [
        "exhaustive",
        "random",
        "shuttle-pct",
        "std",
        "shuttle-exhaustive",
    ] {
        let arguments = format!("check {SMALL} --checker {checker} --executions 50");
        let said = run.ends_with(3, &arguments);
        assert!(
            said.contains(
                "\nSTOP relaxed-publication in q238186-default: incomplete: nothing fell by"
            ),
            "{said}"
        );
        assert!(
            said.contains("loom, the checker with a memory model, was left out; add it: "),
            "{said}"
        );
        assert!(!said.contains("PASS"), "{said}");
        let json: serde_json::Value =
            serde_json::from_str(&run.ends_with(3, &format!("{arguments} --format json")))
                .expect("JSON");
        assert_eq!(json["verdict"], "incomplete", "{checker}");
    }
    run.ends_with(3, &format!("check {SMALL} --shrink"));
}

#[test]
fn checkers_side_by_side_ask_loom_and_find_the_defect() {
    let run = Run::new();
    let said = run.ends_with(2, &format!("check {SMALL}"));
    assert!(
        said.contains("\nFAIL relaxed-publication in q238186-default: violated, found by loom"),
        "{said}"
    );
}

#[test]
fn checkers_side_by_side_are_incomplete_where_loom_does_not_hold_the_actors() {
    let run = Run::new();
    let said = run.ends_with(3, &format!("check {LARGE} --executions 20"));
    assert!(said.contains("it holds 4 actors, and here are "), "{said}");
    assert!(said.contains("STOP relaxed-publication"), "{said}");
    let json = run.ends_with(3, &format!("check {LARGE} --executions 20 --format json"));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["verdict"], "incomplete");
}

#[test]
fn strong_words_and_none_pass_as_ever() {
    let run = Run::new();
    run.ends_with(
        0,
        "check --variant fixed --scenario q245221 --checker exhaustive",
    );
    run.ends_with(0, "check --variant fixed --scenario q245221");
}
