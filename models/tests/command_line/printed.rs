//! What is printed beside a verdict, as a stranger reads it.

use crate::run::Run;

#[test]
fn a_shrunk_scenario_ends_with_an_empty_line_and_no_memory_is_shown_as_none() {
    let run = Run::new();
    let shrunk = run.ends_with(2, "check --variant two-claimants --shrink");
    assert!(shrunk.contains("\n\n  visited "), "{shrunk}");
    assert!(!shrunk.contains(" 0.0 MB"), "{shrunk}");
}
