//! A system that gives no more: no room on a device, no thread, no memory. The verdict counts, and a fault is one
//! sentence.
#![cfg(target_os = "linux")]

use std::process::{Command, Output, Stdio};

use crate::command_line::run::{Run, TWO_CLAIMANTS};

fn command(run: &Run, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command.args(arguments.split_whitespace());
    command.current_dir(run.folder.path()).stdin(Stdio::null());
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn a_full_device_hides_no_verdict() {
    let run = Run::new();
    let (file, _) = run.trace();
    let replay = format!("replay {}", file.display());
    let fixed = "check --variant fixed --scenario q245221";
    for (status, arguments) in [
        (2, TWO_CLAIMANTS.to_owned()),
        (2, format!("{TWO_CLAIMANTS} --format json")),
        (
            2,
            "check --variant lost-wakeup --scenario q245221".to_owned(),
        ),
        (2, "check --variant lost-wakeup --shrink".to_owned()),
        (0, fixed.to_owned()),
        (0, format!("{fixed} --checker exhaustive")),
        (2, replay.clone()),
        (2, format!("{replay} --step")),
        (4, format!("{replay} --variant fixed")),
        (
            2,
            "compare --variant lost-wakeup --scenario q245221 --executions 20 --time-limit 2"
                .to_owned(),
        ),
        // These have no verdict, and nothing but what they print.
        (1, format!("render {}", file.display())),
        (1, "list variants".to_owned()),
        (1, "--help".to_owned()),
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("it is there");
        let output = command(&run, &arguments)
            .stdout(full)
            .output()
            .expect("it starts");
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
        let said = errors.matches("cannot write to standard output").count();
        assert_eq!(
            (said, errors.lines().count()),
            (1, 1),
            "{arguments}\n{errors}"
        );
    }
}

#[test]
fn a_limit_on_the_size_of_files_hides_no_verdict() {
    let run = Run::new();
    // What is left of the scenario is a file besides.
    for (sentences, arguments) in [
        (1, TWO_CLAIMANTS),
        (1, "check --variant lost-wakeup --scenario q245221"),
        (2, "check --variant lost-wakeup --shrink"),
    ] {
        let mut command = Command::new("sh");
        let limited = "ulimit -f 0; exec \"$0\" \"$@\"";
        command.args(["-c", limited, env!("CARGO_BIN_EXE_logon-check")]);
        command
            .args(arguments.split(' '))
            .current_dir(run.folder.path());
        let output = command.stdin(Stdio::null()).output().expect("it starts");
        let errors = errors(&output);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments}: {}\n{errors}",
            output.status
        );
        assert_eq!(errors.lines().count(), sentences, "{arguments}\n{errors}");
        assert!(
            errors.contains("trace.json: writing failed: File too large"),
            "{arguments}\n{errors}"
        );
    }
}

/// Runs it where no thread can be started beside the first one: none of their stacks fits into memory.
fn without_threads(run: &Run, arguments: &str) -> Output {
    let mut command = command(run, arguments);
    command
        .env("RUST_MIN_STACK", (1_u64 << 60).to_string())
        .env("RUST_BACKTRACE", "0");
    command.output().expect("it starts")
}

#[test]
fn what_needs_no_thread_does_without() {
    let run = Run::new();
    for (status, variant) in [(0, "fixed"), (2, "worker-self-deadlock")] {
        let arguments =
            format!("check --variant {variant} --scenario q245221 --checker exhaustive");
        let output = without_threads(&run, &arguments);
        assert_eq!(
            (output.status.code(), &*errors(&output)),
            (Some(status), "")
        );
    }
}

#[test]
fn no_thread_is_a_fault_in_one_sentence_that_names_its_checker_once() {
    let run = Run::new();
    let (file, _) = run.trace();
    let check = "check --variant fixed --scenario q245221";
    for (arguments, checker) in [
        (format!("{check} --checker std"), "std for "),
        (format!("{check} --checker loom"), "loom for "),
        (check.to_owned(), "shuttle-random for "),
        (
            format!("replay {} --on std", file.display()),
            "real threads",
        ),
    ] {
        let output = without_threads(&run, &arguments);
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments}\n{errors}");
        assert_eq!(errors.lines().count(), 1, "{arguments}\n{errors}");
        assert_eq!(errors.matches(checker).count(), 1, "{arguments}\n{errors}");
        assert!(
            errors.contains("thread") && !errors.contains("backtrace"),
            "{errors}"
        );
    }
}

/// Runs it with so many megabytes of address space.
fn within(run: &Run, megabytes: usize, arguments: &str) -> Output {
    let limit = format!("ulimit -v {}; exec \"$0\" \"$@\"", megabytes * 1024);
    let mut command = Command::new("sh");
    command.args(["-c", &limit, env!("CARGO_BIN_EXE_logon-check")]);
    command
        .args(arguments.split(' '))
        .current_dir(run.folder.path())
        .stdin(Stdio::null());
    command.output().expect("it starts")
}

#[test]
fn no_memory_is_a_fault_in_one_sentence() {
    let run = Run::new();
    // With less, the system cannot load the program.
    let least = (8..200)
        .step_by(2)
        .find(|&least| within(&run, least, "list variants").status.success());
    let least = least.expect("it needs some");
    let mut ended = Vec::new();
    // One megabyte more at a time, for where memory is short is another place each time.
    for megabytes in least..least + 16 {
        let large =
            "check --variant fixed --scenario q238186-default --clients 6 --checker exhaustive";
        let output = within(&run, megabytes, large);
        let errors = errors(&output);
        let status = output.status.code();
        assert!(
            matches!(status, Some(0 | 1 | 3)),
            "{megabytes}: {}\n{errors}",
            output.status
        );
        if status == Some(1) {
            assert_eq!(errors.lines().count(), 1, "{megabytes}\n{errors}");
        }
        ended.push(status);
    }
    assert!(
        ended.contains(&Some(1)),
        "memory was never short: {ended:?}"
    );
}
