//! What is printed beside a verdict, as a stranger reads it.

use crate::command_line::run::Run;

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

#[test]
fn loom_says_why_its_last_search_does_not_take_all_the_executions_that_were_asked_for() {
    let run = Run::new();
    let check = "check --variant fixed --scenario q192165-full --checker loom --executions 20000";
    let said = run.ends_with(0, check);
    let limit = "  bounds 0 to 2 completed; stopped by the limit of 1,000 executions, in the search without a bound on \
                 preemptions\n  that search, the last of all, has 1,000 executions at the most, whatever --executions \
                 says: ";
    assert!(said.contains(limit), "{said}");
    let whole = run.ends_with(0, "check --variant fixed --scenario q245221 --checker loom");
    assert!(!whole.contains("whatever"), "{whole}");
}

#[test]
fn a_page_leads_to_the_source_that_was_named_and_no_other_address_is_taken() {
    let run = Run::new();
    let check = "check --variant empty-pool-refuses --scenario q245221 --checker exhaustive";
    run.ends_with(
        2,
        &format!("{check} --source https://example.org/o/r/blob/0a1b"),
    );
    let folders = std::fs::read_dir(run.path("out")).expect("there is a counterexample");
    let pages = folders.map(|folder| folder.expect("readable").path().join("trace.html"));
    let pages: Vec<String> = pages
        .filter_map(|page| std::fs::read_to_string(page).ok())
        .collect();
    assert_eq!(pages.len(), 1);
    for link in [
        "https://example.org/o/r/blob/0a1b/core/src/",
        "../index.html\"",
    ] {
        assert!(pages[0].contains(&format!("href=\"{link}")), "{link}");
    }
    for bad in [
        "ftp://example.org",
        "https://",
        "https://example.org/?q",
        "https://a:b@c",
    ] {
        for command in [check, "matrix", "render trace.json --format html"] {
            let output = run.of(&format!("{command} --source {bad}"));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(64), "{said}");
            assert!(said.contains("--source") && said.contains(bad), "{said}");
        }
    }
}
