//! A program of somebody else's, whose `main` is `cli::main_with`: every command of ours for its allocators. It is the
//! example `outside` of `logon-models`, with an allocator whose steps are ours but for its permits, a data structure of
//! its own, and two of those that are wrong on purpose.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use logon_models::checker::Checker;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_outside");

/// Two clients of whom one connects twice, and one connection at a time.
const PLACE: [&str; 2] = ["--scenario", "q187443-reconnect-at-max"];

struct Ran {
    status: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    run_with(folder, arguments, "")
}

fn run_with(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    use std::io::Write;
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(input.as_bytes()).expect("it reads");
    drop(pipe);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("it ends");
    Ran {
        status: status.code().expect("it ends by itself"),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

#[track_caller]
fn expect(ran: &Ran, status: i32, parts: &[&str]) {
    assert_eq!(ran.status, status, "{}\n{}", ran.out, ran.err);
    for part in parts {
        let is_there = ran.out.contains(part) || ran.err.contains(part);
        assert!(is_there, "{part:?} is missing in\n{}\n{}", ran.out, ran.err);
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The counterexample of a check that fails, in the scenario given.
fn counterexample(folder: &Path, variant: &str, scenario: &str) -> PathBuf {
    let ran = run(
        folder,
        &[
            "check",
            "--variant",
            variant,
            "--scenario",
            scenario,
            "--checker",
            "exhaustive",
        ],
    );
    expect(&ran, 2, &["FAIL", variant]);
    let found = std::fs::read_dir(folder.join("out")).expect("it was written");
    let mut traces = found
        .filter_map(|entry| Some(entry.ok()?.path().join("trace.json")))
        .filter(|path| path.exists());
    traces.next().expect("a trace")
}

#[test]
fn its_subjects_are_listed_after_ours_and_its_own_name_is_in_what_it_says() {
    let folder = folder();
    let ran = run(folder.path(), &["list", "variants"]);
    expect(
        &ran,
        0,
        &[
            "two-claimants",
            "sharded-pool",
            "A data structure of its own: a word and two shards.",
        ],
    );
    let ran = run(
        folder.path(),
        &["check", "--variant", "shared-pool", PLACE[0], PLACE[1]],
    );
    let again = format!("{PROGRAM} list variants");
    expect(
        &ran,
        64,
        &["outside: ", "did you mean \"sharded-pool\"?", &again],
    );
    let ran = run(folder.path(), &["prove", "--variant", "sharded-pool"]);
    expect(
        &ran,
        64,
        &["knows the built-in variants alone", "sharded-pool"],
    );
}

#[test]
fn every_checker_looks_at_both_right_allocators_in_processes_of_their_own() {
    let folder = folder();
    for variant in ["outside-allocator", "sharded-pool"] {
        for checker in Checker::ALL {
            let name = checker.name();
            let ran = run(
                folder.path(),
                &[
                    "check",
                    "--variant",
                    variant,
                    PLACE[0],
                    PLACE[1],
                    "--checker",
                    name,
                    "--executions",
                    "300",
                    "--time-limit",
                    "120",
                ],
            );
            expect(&ran, 0, &["PASS", variant, name]);
        }
    }
}

#[test]
fn a_check_without_a_checker_runs_several_side_by_side() {
    let folder = folder();
    let ran = run(
        folder.path(),
        &["check", "--variant", "sharded-pool", PLACE[0], PLACE[1]],
    );
    expect(&ran, 0, &["PASS sharded-pool", "shuttle-urw"]);
}

#[test]
fn what_is_wrong_is_found_explained_and_replayed_on_four_tools() {
    let (variant, scenario) = ("hasty-pool", PLACE[1]);
    let folder = folder();
    let file = counterexample(folder.path(), variant, scenario);
    let file = file.to_str().expect("a plain path");
    let trace = std::fs::read_to_string(file).expect("it is there");
    let trace: Value = serde_json::from_str(&trace).expect("a trace");
    assert!(trace["explanation"]["why"].is_string(), "{trace:#}");
    assert!(trace["explanation"]["rule"].is_object(), "{trace:#}");
    let text = run(folder.path(), &["render", file]);
    expect(&text, 0, &[&format!("{PROGRAM} replay")]);
    for (tool, name) in [
        ("sim", "the own runtime"),
        ("shuttle", "shuttle"),
        ("loom", "loom"),
        ("std", "real threads"),
    ] {
        let ran = run(folder.path(), &["replay", file, "--on", tool]);
        expect(&ran, 2, &[&format!("replayed on {name}")]);
    }
    let ran = run_with(folder.path(), &["replay", file, "--step"], "n\nf\nq\n");
    expect(&ran, 2, &["step 1 of", "FAIL"]);
    let ran = run(
        folder.path(),
        &["replay", file, "--on", "std", "--break", "2"],
    );
    expect(&ran, 2, &["break before step 2"]);
    let ran = run(
        folder.path(),
        &["replay", file, "--variant", "sharded-pool"],
    );
    assert!([0, 4].contains(&ran.status), "{}{}", ran.out, ran.err);
    for (format, part) in [
        ("text", variant),
        ("markdown", "## "),
        ("html", "<!DOCTYPE html>"),
        ("perfetto", "traceEvents"),
        ("json", "logon-check/trace"),
    ] {
        let ran = run(folder.path(), &["render", file, "--format", format]);
        expect(&ran, 0, &[]);
        assert!(
            ran.out.to_lowercase().contains(&part.to_lowercase()),
            "{format}: {}",
            ran.out
        );
    }
}

#[test]
fn a_scenario_is_made_smaller_for_what_is_wrong() {
    let folder = folder();
    let ran = run(
        folder.path(),
        &[
            "check",
            "--variant",
            "hasty-pool",
            PLACE[0],
            PLACE[1],
            "--shrink",
        ],
    );
    expect(&ran, 2, &["FAIL hasty-pool", "can be taken"]);
    let ran = run(
        folder.path(),
        &["check", "--variant", "hasty-pool", "--shrink"],
    );
    expect(
        &ran,
        64,
        &["the catalogue does not say where hasty-pool falls"],
    );
}

#[test]
fn the_matrix_has_rows_for_its_subjects_and_what_is_wrong_on_purpose_may_fall() {
    let folder = folder();
    let ran = run(
        folder.path(),
        &[
            "matrix",
            "--variant",
            "sharded-pool",
            "--variant",
            "hasty-pool",
            PLACE[0],
            PLACE[1],
            "--jobs",
            "2",
        ],
    );
    expect(
        &ran,
        0,
        &[
            "sharded-pool held in 9 of 9 cells",
            "1 of 1 defects were found",
            "hasty-pool",
            "are as predicted",
        ],
    );
    let ran = run(
        folder.path(),
        &[
            "matrix",
            "--variant",
            "sharded-pool",
            PLACE[0],
            PLACE[1],
            "--format",
            "json",
        ],
    );
    expect(&ran, 0, &[]);
    let report: Value = serde_json::from_str(&ran.out).expect("a report");
    assert_eq!(report["proved"], Value::Null);
    assert!(
        report["cells"]
            .as_array()
            .is_some_and(|cells| cells.len() == 9),
        "{report:#}"
    );
    let ran = run(
        folder.path(),
        &[
            "matrix",
            "--variant",
            "lost-update",
            "--scenario",
            "q245221",
        ],
    );
    expect(&ran, 64, &["the matrix has no cell"]);
}

#[test]
fn checkers_are_compared_on_it() {
    let folder = folder();
    let ran = run(
        folder.path(),
        &[
            "compare",
            "--variant",
            "sharded-pool",
            PLACE[0],
            PLACE[1],
            "--time-limit",
            "2",
            "--executions",
            "100",
        ],
    );
    expect(
        &ran,
        0,
        &["sharded-pool in", "exhaustive, no symmetry", "shuttle-urw"],
    );
}

#[test]
fn a_job_is_told_how_this_very_program_runs_it_again() {
    let folder = folder();
    let output = Command::new(PROGRAM)
        .args([
            "check",
            "--variant",
            "hasty-pool",
            PLACE[0],
            PLACE[1],
            "--checker",
            "exhaustive",
        ])
        .current_dir(folder.path())
        .env("GITHUB_ACTIONS", "true")
        .output()
        .expect("it runs");
    // The service reads both streams.
    let out = String::from_utf8(output.stderr).expect("text");
    assert!(out.contains("::error "), "{out}");
    assert!(out.contains(&format!("%0A{PROGRAM} replay")), "{out}");
}
