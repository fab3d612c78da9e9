//! A limit on processor time.

use crate::command_line::run::Run;

/// Longer than any of the limits below, and short enough for a test that fails.
const WALL: &str = "--time-limit 100";

#[test]
fn a_limit_on_processor_time_stops_every_checker_as_incomplete() {
    let run = Run::new();
    let endless = "--executions 1000000000000";
    for (checker, scenario, work) in [
        ("exhaustive", "q238186-default --clients 8", ""),
        ("shuttle-exhaustive", "q238186-default --clients 7", ""),
        ("random", "q238186-default", endless),
        ("shuttle-random", "q238186-default", endless),
        ("std", "q238186-default", endless),
    ] {
        let arguments = format!(
            "check --variant fixed --scenario {scenario} --checker {checker} --cpu-limit 0.3 {WALL} {work}"
        );
        let said = run.ends_with(3, &arguments);
        let limit = "by the limit of 0.3 s of processor time";
        assert!(said.contains(limit), "{checker}: {said}");
        let used = said
            .split_once(" s of processor time")
            .map(|(before, _)| before);
        assert!(used.is_some(), "{said}");
    }
}

#[test]
fn loom_claims_what_it_completed_within_its_processor_time() {
    let run = Run::new();
    let check = "check --variant fixed --scenario q192165-full --checker loom --cpu-limit";
    // How far it comes by then, nobody knows: through a first bound, or through none.
    let output = run.of(&format!("{check} 0.001 {WALL}"));
    assert!(matches!(output.status.code(), Some(0 | 3)), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    let limit = "by the limit of 0.001 s of processor time, in the search with";
    assert!(said.contains(limit), "{said}");
    let said = run.ends_with(0, &format!("{check} 60 {WALL}"));
    assert!(said.contains("coverage: bounded (preemptions"), "{said}");
    assert!(!said.contains("processor time, in the search"), "{said}");
}

#[test]
fn who_hangs_in_a_child_without_sleeping_is_cut_off() {
    // The first execution alone takes longer than this: the watchdog ends it, and not the checker.
    let run = Run::new();
    let arguments =
        "check --variant fixed --scenario q238186-default --checker shuttle-dfs --cpu-limit 0.001";
    let said = run.ends_with(3, &format!("{arguments} {WALL} --executions 1000000000"));
    assert!(
        said.contains("by the limit of 0.001 s of processor time"),
        "{said}"
    );
}

#[test]
fn shrinking_has_no_limit_on_processor_time() {
    let run = Run::new();
    let output = run.of("check --variant two-claimants --shrink --cpu-limit 1");
    assert_eq!(output.status.code(), Some(64));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("cannot be used with"), "{errors}");
}
