//! The program as a child process.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A run of the program in an empty folder of its own.
pub(crate) struct Run {
    pub(crate) folder: tempfile::TempDir,
}

impl Run {
    pub(crate) fn new() -> Self {
        Run {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).expect("writable");
        self
    }

    pub(crate) fn of(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path());
        command.output().expect("the program starts")
    }

    /// Runs it with these lines on standard input.
    pub(crate) fn fed(&self, arguments: &str, lines: &str) -> Output {
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
    pub(crate) fn ends_with(&self, status: i32, arguments: &str) -> String {
        let output = self.of(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs it, expects this status, no output, and one message that says all of `parts`.
    #[track_caller]
    pub(crate) fn is_refused(&self, status: i32, arguments: &str, parts: &[&str]) {
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
    pub(crate) fn trace(&self) -> (PathBuf, String) {
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

/// A check that ends with a counterexample at once.
pub(crate) const TWO_CLAIMANTS: &str = "check --variant two-claimants --scenario q238186-default --clients 2 --idle-pool 1 --checker random";
