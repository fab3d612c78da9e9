//! The program where it visits states: alone, beside those that sample, and to make a scenario smaller.

use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program in a folder.
fn run(folder: &tempfile::TempDir, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_logon-check"))
        .args(arguments.split_whitespace())
        .current_dir(folder.path())
        .output()
        .expect("the program starts")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Runs it with `--format json`, expects this status, and gives the document.
#[track_caller]
fn json(folder: &tempfile::TempDir, status: i32, arguments: &str) -> Value {
    let output = run(folder, &format!("{arguments} --format json"));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[track_caller]
fn refused(arguments: &str, parts: &[&str]) {
    let folder = folder();
    let output = run(&folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(64), "{arguments}\n{errors}");
    for part in parts {
        assert!(
            errors.contains(part),
            "{arguments}: no {part:?} in {errors}"
        );
    }
}

const FIXED: &str = "check --variant fixed --scenario q238186-default";
const TWO_CLAIMANTS: &str = "check --variant two-claimants --scenario q238186-default";

#[test]
fn states_are_counted_and_fewer_with_symmetry() {
    let folder = folder();
    let with = json(&folder, 0, &format!("{FIXED} --checker exhaustive"));
    let without = json(
        &folder,
        0,
        &format!("{FIXED} --checker exhaustive --no-symmetry"),
    );
    let count = |report: &Value, key: &str| report[key].as_u64().expect("a number");
    assert!(count(&with, "states") * 6 < 2 * count(&without, "states"));
    for report in [&with, &without] {
        assert!(count(report, "steps") > count(report, "states"));
        assert!(count(report, "bytes") > count(report, "states"));
        assert!(report["executions"].is_null());
        if cfg!(target_os = "linux") {
            assert!(count(report, "peak_bytes") >= count(report, "bytes"));
        }
    }
    let text = run(&folder, &format!("{FIXED} --checker exhaustive")).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    let states = count(&with, "states");
    for part in [
        &format!("visited {states} of {states} states"),
        "states per second",
        " MB ",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn limits_on_states_and_memory_hold_and_are_named() {
    let folder = folder();
    let many = "check --variant fixed --scenario q238186-default --clients 7 --checker exhaustive";
    for (limit, named) in [
        ("--max-states 500", "limit of 500 states"),
        ("--memory-limit 3", "memory limit of 3 MB"),
        ("--time-limit 0.05", "time limit of 0.05 s"),
    ] {
        let report = json(&folder, 3, &format!("{many} {limit}"));
        assert_eq!(report["verdict"], "incomplete", "{limit}");
        let by = report["coverage"]["by"].as_str().expect("a text");
        assert!(by.contains(named), "{limit}: {by}");
        assert_eq!(report["coverage"]["kind"], "bounded", "{limit}: {by}");
        assert!(by.starts_with("the first "), "{limit}: {by}");
        if limit.contains("memory") {
            assert!(report["bytes"].as_u64().expect("a number") < 6_000_000);
        }
    }
}

#[test]
fn the_verdict_line_names_a_limit_and_what_is_beyond_the_checker() {
    let folder = folder();
    let said = |arguments: &str| {
        let output = run(&folder, &format!("check {arguments}")).stdout;
        String::from_utf8(output).expect("UTF-8")
    };
    let stopped = said(
        "--variant fixed --scenario q238186-default --clients 7 --checker exhaustive --max-states 1000",
    );
    for part in [
        "fixed in q238186-default: 7 clients, idle pool 2, any number of connections",
        "incomplete, exhaustive was stopped after 1,000 states by the limit of 1,000 states",
        "coverage: bounded (the first 1,000 states, breadth first)",
    ] {
        assert!(stopped.contains(part), "no {part:?} in {stopped}");
    }
    for checker in ["", "--checker exhaustive", "--checker random"] {
        let beyond = "--variant relaxed-publication --scenario q238186-default --executions 50";
        let text = said(&format!("{beyond} {checker}"));
        let mut notes = text.lines().filter(|line| line.starts_with("NOTE words"));
        let note = notes.next().expect("a line after the verdict");
        assert!(
            note.starts_with(
                "NOTE words were used with orders weaker than SeqCst (Relaxed, Acquire)"
            ) && note.ends_with("; loom looks at that"),
            "{text}"
        );
    }
    let crowded =
        "--variant relaxed-publication --scenario q238186-default --clients 4 --checker random";
    let text = said(&format!("{crowded} --executions 50"));
    let way_out = "loom looks at that, in a smaller scenario: it holds 4 actors, and here are 5";
    assert!(text.contains(way_out), "{text}");
}

#[test]
fn what_is_about_states_is_refused_to_those_who_visit_none() {
    for option in ["--no-symmetry", "--max-states 5", "--memory-limit 5"] {
        let word = option.split(' ').next().expect("a word");
        refused(
            &format!("{FIXED} --checker loom {option}"),
            &[word, "loom", "exhaustive"],
        );
    }
    refused(
        "check --variant stale-reset --shrink --checker random",
        &["--shrink", "random"],
    );
    refused("check --variant fixed", &["--scenario"]);
    refused(&format!("{FIXED} --checker random --jobs 2"), &["--jobs"]);
}

#[test]
fn without_a_checker_the_claim_is_that_of_the_complete_search() {
    let report = json(&folder(), 0, FIXED);
    assert_eq!(report["format"], "logon-check/together");
    assert_eq!(report["version"], 3);
    assert_eq!(report["verdict"], "holds");
    assert_eq!(report["by"], "exhaustive");
    let verdicts = report["verdicts"].as_array().expect("a list");
    let checkers: Vec<&str> = verdicts
        .iter()
        .filter_map(|v| v["checker"].as_str())
        .collect();
    assert_eq!(
        checkers,
        [
            "exhaustive",
            "random",
            "shuttle-random",
            "shuttle-pct",
            "shuttle-urw"
        ]
    );
    assert!(verdicts.iter().all(|verdict| verdict["verdict"] == "holds"));
    assert!(verdicts[0]["states"].is_u64() && verdicts[1]["executions"] == 1000);
}

/// A report without what no two runs agree on.
fn timeless(mut report: Value) -> Value {
    for verdict in report["verdicts"].as_array_mut().expect("a list") {
        for key in ["cpu_seconds", "peak_bytes"] {
            verdict[key] = Value::Null;
        }
    }
    report
}

#[test]
fn states_and_counterexample_do_not_depend_on_the_number_of_jobs() {
    let found = |jobs: u32| {
        let folder = folder();
        let report = json(&folder, 2, &format!("{TWO_CLAIMANTS} --jobs {jobs}"));
        let violation = &report["verdicts"][0]["violation"];
        assert_eq!(report["by"], "exhaustive");
        assert_eq!(violation["steps"], 10, "the fewest with one preemption");
        let file = violation["trace"].as_str().expect("a file");
        let trace = std::fs::read_to_string(folder.path().join(file)).expect("readable");
        (timeless(report), trace)
    };
    let alone = found(1);
    assert_eq!(alone, found(2));
    assert_eq!(alone, found(5));
}

#[test]
fn a_search_that_is_stopped_leaves_what_a_sampler_found() {
    let report = json(&folder(), 2, &format!("{TWO_CLAIMANTS} --max-states 10"));
    assert_eq!(report["by"], "random");
    assert_eq!(report["verdicts"][0]["verdict"], "incomplete");
    assert!(report["verdicts"][1]["violation"]["trace"].is_string());
    let report = json(&folder(), 3, &format!("{FIXED} --max-states 10"));
    assert_eq!(report["verdict"], "incomplete");
    assert_eq!(report["by"], "exhaustive");
}

#[test]
fn a_scenario_shrinks_to_one_from_which_nothing_can_be_taken() {
    let folder = folder();
    let report = json(&folder, 2, &format!("{TWO_CLAIMANTS} --shrink"));
    assert_eq!(report["format"], "logon-check/smallest");
    assert_eq!(report["property"], "no-false-refusal");
    assert_eq!(
        report["taken"],
        serde_json::json!(["the client carol", "a slot of the idle pool"])
    );
    assert_eq!(report["exhaustive"], true);
    let attempts = report["attempts"].as_array().expect("a list");
    let held = attempts
        .iter()
        .filter(|attempt| attempt["result"] == "holds");
    assert_eq!(held.count(), 3, "{attempts:?}");
    let file = folder.path().join(report["file"].as_str().expect("a file"));
    let toml = std::fs::read_to_string(&file).expect("readable");
    assert_eq!(report["toml"], toml);
    assert!(toml.contains("idle-pool = 1"), "{toml}");
    // The file is a scenario, and one step of shrinking leaves it as it is.
    let again = format!(
        "check --variant two-claimants --shrink --scenario {}",
        file.display()
    );
    let again = json(&folder, 2, &again);
    assert_eq!(again["taken"], serde_json::json!([]));
    assert_eq!(again["verdict"]["violation"]["steps"], 10);
}

#[test]
fn what_cannot_be_shrunk_is_said_so() {
    refused("check --variant fixed --shrink", &["no defect"]);
    let folder = folder();
    let output = run(&folder, &format!("{FIXED} --shrink"));
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("no violation to shrink"), "{text}");
    let output = run(&folder, "check --variant relaxed-publication --shrink");
    assert_eq!(
        output.status.code(),
        Some(3),
        "nobody looked at weak memory"
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in ["no violation to shrink", "NOTE words were used", "loom"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_comparison_has_a_line_for_each_and_says_where_there_is_more() {
    let folder = folder();
    let arguments =
        "compare --scenario q238186-default --clients 2 --executions 20 --time-limit 0.3";
    let output = run(&folder, arguments);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |name: &str| {
        let found = text.lines().find(|line| line.starts_with(name));
        found
            .unwrap_or_else(|| panic!("no {name} in\n{text}"))
            .to_owned()
    };
    assert!(line("exhaustive ").contains("holds"));
    assert!(line("exhaustive, no symmetry").contains("holds"));
    assert!(line("loom, preemptions ≤ 0").contains("bounded"));
    assert!(line("shuttle-dfs").contains("> "), "{text}");
    assert!(line("random").contains("20"));
}

#[test]
fn a_scenario_that_does_not_reach_what_it_says_is_told_so() {
    let folder = folder();
    let document = |reaches: &str| {
        format!(
            "name = \"mine\"\nsummary = \"s\"\nsource = \"reconstruction\"\nreaches = {reaches}\n\
             [server]\nidle-pool = 0\n[[client]]\nname = \"alice\"\n"
        )
    };
    let said = |reaches: &str| {
        std::fs::write(folder.path().join("mine.toml"), document(reaches)).expect("writable");
        let check = "check --variant fixed --scenario mine.toml --checker exhaustive";
        let output = run(&folder, check);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let note = "NOTE the scenario says that it reaches what it does not in any state: ";
    let missing = said("[\"a client waits in line\", \"a client is refused with 71\"]");
    assert!(
        missing.contains(&format!("{note}\"a client is refused with 71\"\n")),
        "{missing}"
    );
    let reached = said("[\"a client waits in line\"]");
    assert!(!reached.contains(note), "{reached}");
}
