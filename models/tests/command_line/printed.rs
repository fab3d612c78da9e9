//! What is printed beside a verdict, as a stranger reads it.

use crate::run::Run;

#[test]
fn a_shrunk_scenario_ends_with_an_empty_line_and_no_memory_is_shown_as_none() {
    let run = Run::new();
    let shrunk = run.ends_with(2, "check --variant two-claimants --shrink");
    assert!(shrunk.contains("\n\n  visited "), "{shrunk}");
    assert!(!shrunk.contains(" 0.0 MB"), "{shrunk}");
}

#[test]
fn the_list_names_the_checker_where_a_check_without_one_would_miss_the_defect() {
    let run = Run::new();
    let list = run.ends_with(0, "list variants");
    let mut named = list.lines().filter(|line| line.contains("--checker"));
    let only = named.next().expect("one needs a weak memory");
    assert!(only.ends_with(" --checker loom"), "{only}");
    assert_eq!(named.next(), None);
    let (_, options) = only.split_once("smallest: ").expect("options");
    let check = format!("check --variant relaxed-publication {options}");
    run.ends_with(2, &check);
}
