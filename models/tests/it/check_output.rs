//! What a check in the calling process writes where the caller's own output goes.

use std::process::{Command, Stdio};

use logon_core::Variant;
use logon_models::check::Check;
use logon_models::checker::Checker;
use logon_models::outcome::Verdict;

/// Set in the environment of the child, with the name of the checker that it is to run.
const CHILD: &str = "LOGON_CHECK_TEST_CHECKER";

/// Finds two defects, one in a step and one because nobody can go on. Real threads may miss the first, and depth first
/// it comes late.
#[test]
fn the_child_checks() {
    let Ok(name) = std::env::var(CHILD) else {
        return;
    };
    let checker = Checker::named(&name).expect("a checker");
    for (variant, scenario) in [
        (Variant::TwoClaimants, "q238186-default"),
        (Variant::WorkerSelfDeadlock, "q245221"),
    ] {
        let check = Check::new(variant).in_preset(scenario).under([checker]);
        let report = check.run().expect("no fault");
        let found = report.verdict() == Verdict::Violated;
        let may_miss = matches!(checker, Checker::Std | Checker::ShuttleDfs);
        assert!(found || may_miss, "{report}");
    }
}

/// The lines on standard error of a process in which `checker` finds two defects.
fn lines(checker: Checker) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child
        .args(["--exact", "check_output::the_child_checks", "--nocapture"])
        .env(CHILD, checker.name())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null());
    let output = child.output().expect("it starts");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{checker}: {errors}");
    errors.lines().map(str::to_owned).collect()
}

#[test]
fn a_finding_is_told_by_the_report_alone() {
    for &checker in Checker::ALL {
        let lines = lines(checker);
        let said = lines.iter().any(|line| !line.is_empty());
        assert!(!said, "{checker}: {lines:#?}");
    }
}
