//! The program as a stranger uses it: the right status, one clear message, no half-written file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A run of the program in an empty folder of its own.
struct Run {
    folder: tempfile::TempDir,
}

impl Run {
    fn new() -> Self {
        Run {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).expect("writable");
        self
    }

    fn of(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path());
        command.output().expect("the program starts")
    }

    /// Runs it with these lines on standard input.
    fn fed(&self, arguments: &str, lines: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut input = child.stdin.take().expect("it is piped");
        // Who quits early does not read all of it.
        drop(input.write_all(lines.as_bytes()));
        drop(input);
        child.wait_with_output().expect("the program ends")
    }

    /// Runs it, expects this status, and gives standard output.
    #[track_caller]
    fn ends_with(&self, status: i32, arguments: &str) -> String {
        let output = self.of(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs it, expects this status, no output, and one message that says all of `parts`.
    #[track_caller]
    fn is_refused(&self, status: i32, arguments: &str, parts: &[&str]) {
        let output = self.of(arguments);
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
        assert!(
            output.stdout.is_empty(),
            "{arguments}: output beside the message"
        );
        let said = errors
            .lines()
            .filter(|line| line.starts_with("logon-check: "))
            .count();
        assert_eq!(said, 1, "{arguments}: one message, not\n{errors}");
        for part in parts {
            assert!(
                errors.contains(part),
                "{arguments}: no {part:?} in\n{errors}"
            );
        }
        assert!(!self.path("out").exists(), "{arguments}: wrote something");
    }

    /// A trace of `two-claimants`, written by the program.
    fn trace(&self) -> (PathBuf, String) {
        let report = self.ends_with(2, &format!("{TWO_CLAIMANTS} --format json --out traces"));
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
        let file = report["violation"]["trace"]
            .as_str()
            .expect("a trace was written")
            .to_owned();
        let text = std::fs::read_to_string(self.path(&file)).expect("readable");
        (PathBuf::from(file), text)
    }
}

const TWO_CLAIMANTS: &str = "check --variant two-claimants --scenario q238186-default --clients 2 --idle-pool 1 --checker random";

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
        "scenario",
        "states",
        "steps",
        "variant",
        "verdict",
        "version",
        "violation",
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
fn broken_traces_are_refused() {
    let run = Run::new();
    let (_, text) = run.trace();
    let newer = text.replace("\"version\": 2", "\"version\": 3");
    run.file("truncated.json", &text[..text.len() / 2])
        .file("random.json", [7_u8, 0, 255, 3])
        .file("newer.json", newer)
        .file("other.json", "{\"format\": \"something\"}");
    for command in ["replay", "render --format text"] {
        run.is_refused(
            64,
            &format!("{command} truncated.json"),
            &["truncated.json", "JSON"],
        );
        run.is_refused(64, &format!("{command} random.json"), &["random.json"]);
        run.is_refused(
            64,
            &format!("{command} newer.json"),
            &["newer.json", "version 3"],
        );
        run.is_refused(
            64,
            &format!("{command} other.json"),
            &["other.json", "logon-check/trace"],
        );
        run.is_refused(
            64,
            &format!("{command} missing.json"),
            &["missing.json", "no such file"],
        );
    }
}

#[test]
fn a_trace_replays_on_every_tool_and_parts_from_the_fixed_algorithm() {
    let run = Run::new();
    let (file, _) = run.trace();
    let file = file.display();
    let mut shown = Vec::new();
    for tool in ["sim", "shuttle", "loom", "std"] {
        let text = run.ends_with(2, &format!("replay {file} --on {tool}"));
        assert!(text.contains("FAIL no-false-refusal"), "{tool}:\n{text}");
        let (all, last) = text.trim_end().rsplit_once('\n').expect("many lines");
        assert!(last.starts_with("replayed on "), "{tool}: {last}");
        shown.push(all.to_owned());
        let parted = run.ends_with(4, &format!("replay {file} --variant fixed --on {tool}"));
        let said = "They part at step 4: two-claimants does alice: enter `look at the idle head` on `server`, fixed \
                    does alice: update `claim or queue` on `server`.";
        assert!(parted.contains(said), "{tool}:\n{parted}");
        assert!(parted.contains("3 │ admit"), "{tool}:\n{parted}");
    }
    assert!(shown.iter().all(|text| *text == shown[0]), "the same table");
}

#[test]
fn lines_walk_through_an_execution_and_their_end_ends_it() {
    let run = Run::new();
    let (file, _) = run.trace();
    let replay = format!("replay {}", file.display());
    let walk = |lines: &str, options: &str| {
        let output = run.fed(&format!("{replay} --step {options}"), lines);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stderr.is_empty());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let heads = |text: &str| -> Vec<String> {
        let heads = text.lines().filter_map(|line| line.strip_prefix("step "));
        let number = |head: &str| head.split(' ').next().map(str::to_owned);
        heads.filter_map(number).collect()
    };
    assert_eq!(heads(&walk("", "")), ["1"]);
    assert_eq!(heads(&walk("\nn\np\nq\nn\n", "")), ["1", "2", "3", "2"]);
    let text = walk("f\nn\n99\n0\nwhat\n4\np\n", "--on std");
    assert_eq!(heads(&text), ["1", "8", "4", "3"]);
    for part in [
        "Step 8 was the last.",
        "There is no step 99; expected 1 to 8.",
        "There is no step 0; expected 1 to 8.",
        "That is no answer.",
        "in conflict with 4, 7: ",
        "4 before 7: fails like this exactly when ",
        "changed  alice: dropped, session busy (event 22)",
        "go on before it: alice, bob, worker",
        "FAIL no-false-refusal: ",
        "replayed on real threads: 8 steps as recorded",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn a_break_waits_in_the_thread_of_the_step_and_goes_on_at_the_end_of_input() {
    let run = Run::new();
    let (file, _) = run.trace();
    let replay = format!("replay {}", file.display());
    let output = run.fed(&format!("{replay} --on std --break 8"), "");
    assert_eq!(
        output.status.code(),
        Some(2),
        "the execution goes on as recorded"
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in [
        "break before step 8: alice: update `take the session seen` on `server`",
        "thread \"alice\"",
        "gdb -p ",
        "lldb -p ",
        "core/src/defects/two_claimants.rs:",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    run.is_refused(64, &format!("{replay} --break 8"), &["--on std"]);
    run.is_refused(64, &format!("{replay} --on std --break 9"), &["1 to 8"]);
}

/// Where there is no gdb, or it may not trace, this says so and shows nothing.
#[cfg(target_os = "linux")]
#[test]
fn gdb_stops_before_the_step_with_the_frames_of_the_core_on_the_stack() {
    let run = Run::new();
    let (file, _) = run.trace();
    let mut command = Command::new("gdb");
    command.args([
        "-nx",
        "-batch",
        "-ex",
        "run",
        "-ex",
        "backtrace",
        "-ex",
        "continue",
    ]);
    command.args(["--args", env!("CARGO_BIN_EXE_logon-check"), "replay"]);
    command.arg(&file).args(["--on", "std", "--break", "8"]);
    let output = match command.current_dir(run.folder.path()).output() {
        Ok(output) => output,
        Err(error) => return println!("SKIPPED: no gdb: {error}"),
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if errors.contains("ptrace: Operation not permitted") {
        return println!("SKIPPED: gdb may not trace here: {errors}");
    }
    let frame = |part: &str| {
        let frames = said.lines().filter(|line| line.starts_with('#'));
        frames.into_iter().position(|line| line.contains(part))
    };
    let stopped = frame("logon_check_break").unwrap_or_else(|| panic!("{said}\n{errors}"));
    let core = frame(" at core/src/defects/two_claimants.rs:");
    assert!(core.is_some_and(|core| stopped < core), "{said}\n{errors}");
    assert!(said.contains("SIGTRAP"), "{said}");
    assert!(
        said.contains("replayed on real threads: 8 steps as recorded"),
        "{said}"
    );
}

#[test]
fn a_trace_of_another_scenario_diverges_and_names_the_step() {
    let run = Run::new();
    let (_, text) = run.trace();
    run.file("other.json", text.replace("idle-pool = 1", "idle-pool = 0"));
    run.is_refused(
        4,
        "replay other.json",
        &[
            "other.json",
            "at step 1: as recorded it tells",
            "not the one it was recorded with",
        ],
    );
    run.is_refused(4, "replay other.json --on shuttle", &["other.json", "step"]);
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
fn a_trace_that_claims_rest_where_somebody_can_go_on_is_not_believed() {
    let run = Run::new();
    let report = run.ends_with(
        2,
        "check --variant lost-wakeup --scenario q245221 --checker random --format json",
    );
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let file = report["violation"]["trace"]
        .as_str()
        .expect("a trace was written");
    let text = std::fs::read_to_string(run.path(file)).expect("readable");
    let mut forged: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    forged["variant"] = "fixed".into();
    forged["steps"] = serde_json::json!([]);
    forged["explanation"] = serde_json::Value::Null;
    run.file("forged.json", forged.to_string());
    for tool in ["sim", "shuttle", "loom", "std"] {
        let output = run.of(&format!("replay forged.json --on {tool}"));
        assert_eq!(output.status.code(), Some(4), "{tool}");
    }
}

#[test]
fn what_steers_a_terminal_does_not_reach_it_through_a_message() {
    let run = Run::new();
    let (_, text) = run.trace();
    run.file(
        "hostile.json",
        text.replace("\"publish\"", "\"\\u001b[2Jpublish\\u202e\""),
    );
    let output = run.of("replay hostile.json --color always");
    assert_eq!(output.status.code(), Some(4));
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        errors.contains("publish") && !errors.contains(['\u{1b}', '\u{202e}']),
        "{errors:?}"
    );
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
    for signal in ["-INT", "-TERM"] {
        interrupted_by(signal);
    }
}

#[cfg(unix)]
fn interrupted_by(signal: &str) {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let run = Run::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_logon-check"))
        .current_dir(run.folder.path())
        .args(["matrix", "--full"])
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
    let out = std::fs::read_dir(run.path("out")).expect("made before the work began");
    assert_eq!(
        out.count(),
        0,
        "nothing was written, and nothing left behind"
    );
}
