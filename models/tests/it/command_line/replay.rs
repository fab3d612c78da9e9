//! What `replay` shows of a trace, and which traces it refuses.

use std::process::Command;

use crate::command_line::run::Run;

#[test]
fn broken_traces_are_refused() {
    let run = Run::new();
    let (_, text) = run.trace();
    let newer = text.replace("\"version\": 3", "\"version\": 4");
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
            &["newer.json", "version 4"],
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
fn a_trace_of_an_allocator_that_is_not_known_is_refused_with_two_ways_out() {
    let run = Run::new();
    let (_, text) = run.trace();
    let text = text.replace("\"two-claimants\"", "\"outside-allocator\"");
    run.file("trace.json", text);
    run.is_refused(
        64,
        "replay trace.json",
        &[
            "trace.json",
            "\"outside-allocator\", which is no variant",
            "--variant",
            "logon_models::replay",
        ],
    );
    run.ends_with(0, "replay trace.json --variant fixed");
    for format in ["text", "markdown", "html"] {
        let shown = run.ends_with(0, &format!("render trace.json --format {format}"));
        assert!(!shown.contains("logon-check replay"), "{format}: {shown}");
        assert!(shown.contains("the allocator is no variant"), "{format}");
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
        let parted = run.ends_with(0, &format!("replay {file} --variant fixed --on {tool}"));
        let said = "They part at step 5: two-claimants does alice: enter `look at the idle head` on `server`, fixed \
                    does alice: update `claim or queue` on `server`.";
        assert!(parted.contains(said), "{tool}:\n{parted}");
        assert!(parted.contains("4 │ admit"), "{tool}:\n{parted}");
        let survives = "fixed survives this schedule and all that follow it ( \
                        another step;";
        assert!(parted.contains(survives), "{tool}:\n{parted}");
        // Another defect does not hold where this one fell.
        let falls = run.ends_with(
            2,
            &format!("replay {file} --variant two-owners --on {tool}"),
        );
        assert!(
            falls.contains("two-owners falls as well ("),
            "{tool}:\n{falls}"
        );
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
    let text = walk("f\nn\n99\n0\nwhat\n5\np\n", "--on std");
    assert_eq!(heads(&text), ["1", "10", "5", "4"]);
    for part in [
        "Step 10 was the last.",
        "There is no step 99; expected 1 to 10.",
        "There is no step 0; expected 1 to 10.",
        "That is no answer.",
        "in conflict with 8: ",
        "5 before 8: fails like this exactly when ",
        "changed  alice: dropped, session busy (event 22)",
        "go on before it: alice, bob, worker",
        "FAIL no-false-refusal: ",
        "replayed on real threads: 10 steps as recorded",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn a_line_without_end_is_refused_before_it_is_in_memory() {
    let run = Run::new();
    let (file, _) = run.trace();
    let output = run.fed(
        &format!("replay {} --step", file.display()),
        &"9".repeat(3_000_000),
    );
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("a line of 1000 bytes or more"), "{said}");
}

#[test]
fn a_break_waits_in_the_thread_of_the_step_and_goes_on_at_the_end_of_input() {
    let run = Run::new();
    let (file, _) = run.trace();
    let replay = format!("replay {}", file.display());
    let output = run.fed(&format!("{replay} --on std --break 10"), "");
    assert_eq!(
        output.status.code(),
        Some(2),
        "the execution goes on as recorded"
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in [
        "break before step 10: alice: update `take the session seen` on `server`",
        "thread \"alice\"",
        "gdb -p ",
        "lldb -p ",
        "core/src/defects/two_claimants.rs:",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    run.is_refused(64, &format!("{replay} --break 10"), &["--on std"]);
    run.is_refused(64, &format!("{replay} --on std --break 11"), &["1 to 10"]);
}

/// Where there is no gdb, or it may not trace, this says so and shows nothing; with `LOGON_CHECK_GDB` set there must be
/// one.
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
    command.arg(&file).args(["--on", "std", "--break", "10"]);
    let output = match command.current_dir(run.folder.path()).output() {
        Ok(output) => output,
        Err(error) if std::env::var_os("LOGON_CHECK_GDB").is_none() => {
            return println!("SKIPPED: no gdb: {error}");
        }
        Err(error) => panic!("LOGON_CHECK_GDB asks for gdb: {error}"),
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
        said.contains("replayed on real threads: 10 steps as recorded"),
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
