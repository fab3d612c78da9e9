//! The program as a stranger uses it: the right status, one clear message, no half-written file.

mod printed;
mod prove;
mod replay;
pub(crate) mod run;
mod scarce;
mod situations;

use std::path::Path;
use std::process::Command;

use run::{Run, TWO_CLAIMANTS};

#[test]
fn a_check_of_a_defect_ends_with_2_and_a_verdict() {
    let run = Run::new();
    let report = run.ends_with(2, &format!("{TWO_CLAIMANTS} --format json"));
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["format"], "logon-check/verdict");
    assert_eq!(report["verdict"], "violated");
    assert_eq!(report["expected"], "violated");
    assert_eq!(report["violation"]["property"], "no-false-refusal");
    let trace = run.path(report["violation"]["trace"].as_str().expect("a file"));
    assert!(trace.exists());
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    let contract = [
        "bounds",
        "bytes",
        "checker",
        "coverage",
        "cpu_seconds",
        "executions",
        "expected",
        "format",
        "peak_bytes",
        "reached",
        "sample",
        "scenario",
        "states",
        "steps",
        "variant",
        "verdict",
        "version",
        "violation",
        "warnings",
    ];
    assert_eq!(keys, contract);
}

#[test]
fn a_check_of_the_fixed_algorithm_ends_with_0_and_says_how_far_it_looked() {
    let run = Run::new();
    let arguments = TWO_CLAIMANTS.replace("two-claimants", "fixed");
    let report = run.ends_with(0, &format!("{arguments} --format json"));
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["verdict"], "holds");
    assert_eq!(report["coverage"]["kind"], "sampled");
    assert!(!run.path("out").exists(), "there is nothing to write");
}

#[test]
fn every_checker_checks_from_the_command_line() {
    let run = Run::new();
    for checker in [
        "exhaustive",
        "random",
        "pct",
        "pos",
        "urw",
        "loom",
        "shuttle-random",
        "shuttle-pct",
        "shuttle-urw",
        "shuttle-dfs",
        "shuttle-exhaustive",
        "std",
    ] {
        let arguments = format!("--scenario q245221 --checker {checker} --executions 50");
        run.ends_with(0, &format!("check --variant fixed {arguments}"));
        run.ends_with(
            2,
            &format!("check --variant worker-self-deadlock {arguments}"),
        );
    }
}

#[test]
fn only_the_property_that_counts_is_looked_for() {
    let run = Run::new();
    run.ends_with(2, &format!("{TWO_CLAIMANTS} --property no-false-refusal"));
    run.ends_with(0, &format!("{TWO_CLAIMANTS} --property capacity"));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let run = Run::new();
    run.is_refused(
        64,
        "check --variant two-claimant --scenario q245221",
        &["variant", "two-claimants"],
    );
    run.is_refused(64, "check --variant fixed --scenario q24522", &["q245221"]);
    run.is_refused(
        64,
        "check --variant fixed --scenario q245221 --checker lom",
        &["checker", "loom"],
    );
    run.is_refused(
        64,
        "check --variant fixed --scenario q245221 --property capacty",
        &["property", "capacity"],
    );
}

#[test]
fn broken_scenario_files_are_refused_before_anything_runs() {
    let run = Run::new();
    std::fs::create_dir(run.path("folder")).expect("writable");
    let head = "name = \"mine\"\nsummary = \"s\"\nsource = \"reconstruction\"\n";
    run.file("empty.toml", "")
        .file("bytes.toml", [0xff, 0xfe, 0x00])
        .file("broken.toml", "name = \"x")
        .file(
            "key.toml",
            format!("{head}[server]\nidle-pol = 1\n[[client]]\nname = \"a\"\n"),
        )
        .file(
            "actor.toml",
            format!("{head}[[client]]\nname = \"alice\"\n[[cutter]]\ncuts = \"alise\"\n"),
        )
        .file(
            "script.toml",
            format!("{head}[[client]]\nname = \"a\"\nscript = [\"log-off\"]\n"),
        )
        .file(
            "idle.toml",
            format!(
                "{head}[[client]]\ncount = 3\nscript = [\"connect\"]\nhang-up = \"at-prompt\"\n"
            ),
        )
        .file(
            "range.toml",
            format!("{head}[server]\nidle-pool = 99\n[[client]]\nname = \"a\"\n"),
        );
    let check = |file: &str, parts: &[&str]| {
        run.is_refused(
            64,
            &format!("check --variant fixed --scenario {file}"),
            parts,
        );
    };
    check("missing.toml", &["missing.toml", "no such file"]);
    check("./folder", &["folder"]);
    check("empty.toml", &["empty.toml", "empty"]);
    check("bytes.toml", &["bytes.toml", "UTF-8"]);
    check("broken.toml", &["broken.toml:1:"]);
    check("key.toml", &["key.toml:5:1", "idle-pol", "idle-pool"]);
    check("actor.toml", &["actor.toml:7:8", "alise", "alice"]);
    check("idle.toml", &["idle.toml:7:11", "never hangs up there"]);
    check("script.toml", &["script.toml:6:", "log-off"]);
    check("range.toml", &["range.toml:5:", "99"]);
}

#[test]
fn more_actors_than_loom_holds_are_refused() {
    let run = Run::new();
    let arguments = "check --variant fixed --scenario q238186-default --clients 4 --checker loom";
    run.is_refused(64, arguments, &["loom", "4"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_refused() {
    let run = Run::new();
    run.file("taken", "a file");
    run.is_refused(
        64,
        &format!("{TWO_CLAIMANTS} --out taken"),
        &["taken", "--out"],
    );
    assert_eq!(
        std::fs::read_to_string(run.path("taken")).expect("readable"),
        "a file"
    );
}

#[test]
fn every_list_is_printed_and_parses() {
    let run = Run::new();
    for what in ["variants", "scenarios", "checkers", "properties"] {
        assert!(!run.ends_with(0, &format!("list {what}")).is_empty());
        let json = run.ends_with(0, &format!("list {what} --format json"));
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
        assert!(
            rows.iter()
                .all(|row| row["name"].is_string() && row["sentence"].is_string())
        );
    }
    assert!(run.ends_with(0, "man").contains("logon-check"));
    let page = run.ends_with(0, "man prove");
    assert!(
        page.contains("logon\\-check\\-prove") && page.contains("variant"),
        "{page}"
    );
    run.ends_with(64, "man nothing");
    run.ends_with(64, "docs --check --out nowhere");
    assert!(run.ends_with(0, "completions bash").contains("logon-check"));
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let (first, second) = (Run::new(), Run::new());
    let written = |run: &Run| {
        let (file, text) = run.trace();
        let folder = run.path(file.parent().and_then(Path::to_str).expect("a folder"));
        let page = |name: &str| std::fs::read_to_string(folder.join(name)).expect("readable");
        (file, text, page("trace.txt"), page("trace.md"))
    };
    assert_eq!(written(&first), written(&second));
}

#[test]
fn a_time_limit_holds_for_every_checker_and_is_reported() {
    let run = Run::new();
    for checker in ["random", "loom", "shuttle-random", "shuttle-dfs", "std"] {
        let work = "--executions 1000000000 --time-limit 0.2 --format json";
        let arguments =
            format!("check --variant fixed --scenario q238186-default --checker {checker} {work}");
        let output = run.of(&arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        // loom may have completed a bound by then, and claims that one.
        let by = report["coverage"]["by"]
            .as_str()
            .expect("the limit is named");
        assert!(by.contains("time limit"), "{checker}: {by}");
        assert_eq!(
            output.status.code() == Some(0),
            report["verdict"] == "holds",
            "{checker}"
        );
        assert!(
            checker == "loom" || output.status.code() == Some(3),
            "{checker}"
        );
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_utf8_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    let output = command
        .arg(OsStr::from_bytes(&[0xff, 0xfe]))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(64));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_matrix_as_incomplete_and_leaves_only_whole_files() {
    interrupted_by("-INT", "matrix --full", "out");
    interrupted_by("-TERM", "matrix --full --out elsewhere", "elsewhere");
    // Without the word it is the same.
    interrupted_by(
        "-TERM",
        "--full --out elsewhere --seed 7 --format json",
        "elsewhere",
    );
}

#[test]
fn an_option_of_the_matrix_before_another_command_is_refused() {
    let run = Run::new();
    for option in ["--out x", "--seed 7", "--full", "--format json"] {
        let name = option.split(' ').next().expect("a name");
        run.is_refused(64, &format!("{option} list variants"), &[name, "matrix"]);
    }
    assert_eq!(run.of("--seed many").status.code(), Some(64));
    run.ends_with(0, "--color never list variants");
}

#[cfg(unix)]
fn interrupted_by(signal: &str, arguments: &str, out: &str) {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let run = Run::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_logon-check"))
        .current_dir(run.folder.path())
        .args(arguments.split(' '))
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut errors = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    errors.read_line(&mut line).expect("readable");
    assert!(line.contains("cells"), "the first line of progress: {line}");
    let signal = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(signal.expect("kill is there").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
    let rest: Vec<String> = errors.lines().map_while(Result::ok).collect();
    assert!(
        rest.iter()
            .any(|line| line.starts_with("logon-check: interrupted")),
        "{rest:?}"
    );
    let out = std::fs::read_dir(run.path(out)).expect("made before the work began");
    assert_eq!(
        out.count(),
        0,
        "nothing was written, and nothing left behind"
    );
}
