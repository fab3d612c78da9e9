//! `tools/debug`: a debugger stops at a step, in the frame of the defect, and shows its variables.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};

/// What is asked for by whoever has both debuggers, and the minutes that the build takes.
const SETTING: &str = "LOGON_CHECK_GDB";

/// What a debugger shows before step 8 of the kept counterexample of `two-claimants`.
fn shown(debugger: &str, batch: &str) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let trace = workspace.join("tests/counterexamples/two-claimants.json");
    let mut command = Command::new(workspace.join("tools/debug"));
    command.arg(trace).args(["8", debugger, batch]);
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.contains("tools/debug: built in "),
        "{debugger}: {errors}"
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    format!("{said}\n{errors}")
}

#[test]
fn gdb_and_lldb_show_the_frame_of_the_defect_and_its_variables() {
    if std::env::var_os(SETTING).is_none() {
        return println!("SKIPPED: without {SETTING} nothing is built for a debugger");
    }
    for (debugger, batch) in [("gdb", "-batch"), ("lldb", "--batch")] {
        let said = shown(debugger, batch);
        let frame = said.lines().find(|line| line.contains("two_claimants.rs:"));
        let frame =
            frame.unwrap_or_else(|| panic!("{debugger}: no frame of the defect in\n{said}"));
        assert!(frame.contains("claim_or_queue"), "{debugger}: {frame}");
        // Who is about to take the session that was seen, and which that is.
        for name in ["logon = ", "seen = "] {
            assert!(said.contains(name), "{debugger}: no {name:?} in\n{said}");
        }
        // lldb 14 shows numbers, but nothing of an enumeration.
        let values: &[&str] = match debugger {
            "gdb" => &["LogonId (1)", "SessionId (2)"],
            _ => &["logon = (__0 = 1)"],
        };
        for value in values {
            assert!(said.contains(value), "{debugger}: no {value:?} in\n{said}");
        }
    }
}
