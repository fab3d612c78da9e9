//! Files put together by hand, as the program takes them: what contradicts itself is refused, and what cannot be told
//! from the file is not vouched for.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// What `arguments` say of a kept counterexample that `forge` has changed.
fn forged(arguments: &str, forge: impl Fn(&mut Value)) -> Output {
    let kept =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/counterexamples/two-claimants.json");
    let text = std::fs::read_to_string(kept).expect("it is kept");
    let mut trace: Value = serde_json::from_str(&text).expect("JSON");
    forge(&mut trace);
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("forged.json"), trace.to_string()).expect("writable");
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(arguments.split_whitespace())
        .arg("forged.json");
    let output = command.current_dir(folder.path()).output();
    output.expect("the program starts")
}

#[test]
fn a_trace_that_contradicts_itself_is_refused_by_all_who_read_it() {
    for arguments in ["replay", "replay --on std", "render --format text"] {
        let output = forged(arguments, |trace| {
            trace["explanation"]["rule"]["orders"][0]["then"] = 1.into();
        });
        assert_eq!(output.status.code(), Some(64), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(
            errors,
            "logon-check: forged.json: order 1 of its rule does not hold: step 2 is said to come before step 1; \
             record it again with `logon-check check`\n"
        );
    }
}

#[test]
fn a_replay_does_not_vouch_for_what_it_did_not_work_out() {
    for tool in ["sim", "std"] {
        let output = forged(&format!("replay --on {tool}"), |trace| {
            trace["explanation"]["why"] = "the moon was full".into();
        });
        assert_eq!(output.status.code(), Some(2), "{tool}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("the moon was full"), "{tool}:\n{text}");
        let last = text.lines().last().expect("a line");
        assert!(
            last.ends_with(
                ": 10 steps as recorded; what explains them is the file's, and was not worked out again"
            ),
            "{tool}: {last}"
        );
    }
}

#[test]
fn a_replay_shows_what_it_observed_and_not_what_the_file_says() {
    for tool in ["sim", "shuttle", "loom", "std"] {
        let lies = |trace: &mut Value| {
            for step in trace["steps"].as_array_mut().expect("a list") {
                step["gist"] = serde_json::json!(["bob gets session 99"]);
                step["about"] = serde_json::json!(["session 99"]);
            }
            trace["waiting"] = serde_json::json!([]);
        };
        let output = forged(&format!("replay --on {tool}"), lies);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{tool}\n{text}");
        assert!(!text.contains("session 99"), "{tool}\n{text}");
        assert!(text.contains("alice: dropped,"), "{tool}\n{text}");
    }
}

#[test]
fn facts_that_the_server_did_not_tell_are_a_divergence_on_every_tool() {
    for tool in ["sim", "shuttle", "loom", "std"] {
        let output = forged(&format!("replay --on {tool}"), |trace| {
            for step in trace["steps"].as_array_mut().expect("a list") {
                step["facts"] = serde_json::json!(["bob gets session 99"]);
                step["gist"] = step["facts"].clone();
            }
        });
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(!text.contains("session 99"), "{tool}\n{text}");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(4), "{tool}\n{errors}");
        let parts = [
            "diverged at step 1",
            "as recorded it tells: bob gets session 99, now it tells: ",
        ];
        assert!(
            parts.iter().all(|part| errors.contains(part)),
            "{tool}\n{errors}"
        );
    }
}

#[test]
fn a_step_that_is_to_choose_where_there_is_nothing_to_choose_is_a_divergence_on_every_tool() {
    for tool in ["sim", "shuttle", "loom", "std"] {
        let output = forged(&format!("replay --on {tool}"), |trace| {
            // Nobody sleeps by then.
            trace["steps"][1]["chosen"] = "alice".into();
        });
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(4), "{tool}\n{errors}");
        assert!(errors.contains("diverged at step 2"), "{tool}\n{errors}");
    }
}

#[test]
fn what_needs_a_weak_memory_is_not_known_to_be_fixed() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/counterexamples/relaxed-publication.json");
    let fixed = std::panic::catch_unwind(|| {
        logon_models::replay::assert_fixed(&logon_core::Variant::RelaxedPublication, kept);
    });
    let message = fixed.expect_err("it is not fixed");
    let message = message.downcast_ref::<String>().expect("a sentence");
    assert!(
        message.contains("is not known: the recorded execution needs a weak memory"),
        "{message}"
    );
}
