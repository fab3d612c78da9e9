//! What a passing check says that it saw, and which defects a scenario shows.

use serde_json::Value;

use super::run::Run;

#[test]
fn a_check_that_passes_says_what_was_reached_and_what_never_was() {
    let run = Run::new();
    let check = "check --variant fixed --scenario q192165-full";
    let said = run.ends_with(0, &format!("{check} --checker exhaustive"));
    let (_, situations) = said
        .split_once("  reached in some state:")
        .expect("it says so");
    let (reached, never) = situations
        .split_once("  reached in none:")
        .expect("it says so");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat(reached).contains("a client is refused with 71"),
        "{said}"
    );
    assert!(
        flat(never).contains("a session goes on to the next in line"),
        "{said}"
    );
    assert!(
        said.lines().all(|line| line.chars().count() <= 200),
        "{said}"
    );

    let sampled = run.ends_with(0, &format!("{check} --checker random --executions 1"));
    assert!(
        sampled.contains("  reached in these executions: "),
        "{sampled}"
    );
    let json = run.ends_with(
        0,
        &format!("{check} --checker random --executions 1 --format json"),
    );
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let count = |key: &str| json["reached"][key].as_array().expect("a list").len();
    assert!(count("situations") > 0 && count("situations") + count("never") == 44);

    let violated = "check --variant count-then-reread --scenario q192165-full --checker exhaustive";
    let violated = run.ends_with(2, &format!("{violated} --format json"));
    let json: Value = serde_json::from_str(&violated).expect("JSON");
    assert!(json["reached"].is_null(), "{violated}");
}

#[test]
fn a_scenario_is_asked_which_defects_it_shows() {
    let run = Run::new();
    let list = "list variants --catches q245221";
    let said = run.ends_with(0, list);
    let line = |name: &str| {
        let mut lines = said.lines();
        lines.find(|line| line.starts_with(name)).expect("its line")
    };
    assert!(
        line("lost-wakeup").contains("termination falls in "),
        "{said}"
    );
    assert!(
        line("name-collision").contains("does not show (exhaustive"),
        "{said}"
    );
    assert!(said.contains("\nq245221 shows "), "{said}");

    let json = run.ends_with(0, &format!("{list} --format json"));
    let rows: Vec<Value> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.len(), 20);
    let row = rows.iter().find(|row| row["name"] == "lost-wakeup");
    let row = row.expect("its row");
    assert_eq!(
        (&row["shows"], &row["property"]),
        (&true.into(), &"termination".into())
    );

    // A defect of weak memory, which loom alone sees.
    let weak = "list variants --catches q238186-default";
    let said = run.ends_with(3, &format!("{weak} --max-states 30"));
    assert!(
        said.contains("not known: exhaustive was stopped by "),
        "{said}"
    );
    run.is_refused(64, "list scenarios --catches q245221", &["list variants"]);
    run.is_refused(
        64,
        "list variants --catches nowhere.toml",
        &["no such file"],
    );
}
