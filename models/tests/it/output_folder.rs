//! The folder of the counterexamples: complete whoever writes at the same time, and never more important than a
//! verdict.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Barrier;
use std::thread;

use logon_models::artefact;
use logon_models::trace::Trace;

/// A kept counterexample.
fn kept(variant: &str) -> Trace {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/counterexamples");
    let text = std::fs::read_to_string(folder.join(format!("{variant}.json"))).expect("it is kept");
    Trace::parse(&text, variant).expect("a trace")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("readable")
}

const VARIANTS: [&str; 8] = [
    "count-then-reread",
    "duplicate-name",
    "hangup-leak",
    "lock-order",
    "lost-update",
    "lost-wakeup",
    "stuck-down",
    "two-claimants",
];

#[test]
fn an_index_lists_what_several_wrote_at_the_same_time() {
    let traces = VARIANTS.map(kept);
    for round in 0..20 {
        let out = folder();
        let together = Barrier::new(traces.len());
        thread::scope(|scope| {
            for trace in &traces {
                scope.spawn(|| {
                    together.wait();
                    let written = artefact::write(out.path(), trace);
                    assert!(written.failures.is_empty(), "{written:?}");
                    artefact::write_index(out.path()).expect("writable");
                });
            }
        });
        for index in ["index.html", "index.md"] {
            let text = read(out.path(), index);
            for trace in &traces {
                let name = artefact::folder_name(trace);
                assert!(
                    text.contains(&name),
                    "round {round}: no {name} in {index}:\n{text}"
                );
            }
        }
    }
}

#[test]
fn an_index_leads_to_what_is_there() {
    let out = folder();
    let [whole, without_pages] = ["hangup-leak", "stuck-down"].map(|variant| {
        let trace = kept(variant);
        artefact::write(out.path(), &trace);
        artefact::folder_name(&trace)
    });
    for page in ["trace.html", "trace.md"] {
        std::fs::remove_file(out.path().join(&without_pages).join(page)).expect("it was written");
    }
    artefact::write_index(out.path()).expect("writable");
    let (page, text) = (read(out.path(), "index.html"), read(out.path(), "index.md"));
    assert!(page.contains(&format!("href=\"{whole}/trace.html\"")));
    assert!(text.contains(&format!("({whole}/trace.md)")));
    assert!(page.contains(&format!("href=\"{without_pages}/trace.json\"")));
    assert!(text.contains(&format!("({without_pages}/trace.json)")));
    assert!(!page.contains(&format!("{without_pages}/trace.html")));
    assert!(!text.contains(&format!("{without_pages}/trace.md")));
}

#[test]
fn the_same_execution_has_the_same_folder_whoever_found_it() {
    let trace = kept("two-claimants");
    let name = artefact::folder_name(&trace);
    let mut again = trace.clone();
    again.checker = "random".to_owned();
    again.explanation = None;
    again.steps[0].location = "core/src/allocator.rs:1".to_owned();
    again.steps[0].enabled.clear();
    assert_eq!(artefact::folder_name(&again), name);
    let others: [fn(&mut Trace); 5] = [
        |trace| trace.variant = "two-owners".to_owned(),
        |trace| trace.scenario.toml.push('\n'),
        |trace| trace.steps.swap(0, 1),
        |trace| trace.violation.as_mut().expect("it fails").property = "termination".to_owned(),
        |trace| trace.steps[3].read = Some(7),
    ];
    for other in others {
        let mut another = trace.clone();
        other(&mut another);
        assert_ne!(artefact::folder_name(&another), name);
    }
}

fn run(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(arguments.split_whitespace())
        .current_dir(folder);
    command.output().expect("the program starts")
}

/// Runs it, expects this status and on standard error one message that says all of `parts`, and gives standard output.
#[track_caller]
fn warns(folder: &Path, status: i32, arguments: &str, parts: &[&str]) -> String {
    let output = run(folder, arguments);
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(status), "{arguments}\n{errors}");
    assert_eq!(errors.lines().count(), 1, "{arguments}: one line\n{errors}");
    for part in parts {
        assert!(
            errors.contains(part),
            "{arguments}: no {part:?} in\n{errors}"
        );
    }
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Puts a folder where a file was or will be, so that it cannot be written.
fn block(file: &Path) {
    drop(std::fs::remove_file(file));
    std::fs::create_dir_all(file).expect("writable");
}

const LOST_WAKEUP: &str = "check --variant lost-wakeup --scenario q245221";

/// The folder of the one counterexample that is there.
fn only(out: &Path) -> PathBuf {
    let entries = std::fs::read_dir(out).expect("readable");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut folders = paths.filter(|path| path.is_dir());
    let found = folders.next().expect("a counterexample");
    assert_eq!(folders.next(), None);
    found
}

#[test]
fn an_index_that_cannot_be_written_changes_no_verdict() {
    let folder = folder();
    block(&folder.path().join("out/index.html"));
    for arguments in [
        LOST_WAKEUP.to_owned(),
        format!("{LOST_WAKEUP} --checker exhaustive"),
    ] {
        let said = warns(folder.path(), 2, &arguments, &["out/index.html", "--out"]);
        assert!(said.contains("FAIL termination"), "{said}");
        assert!(said.contains("replay  logon-check replay out/"), "{said}");
    }
    let shrunk = warns(
        folder.path(),
        2,
        "check --variant lost-wakeup --shrink",
        &["out/index.html", "--out"],
    );
    assert!(shrunk.contains("FAIL termination"), "{shrunk}");
}

#[test]
fn a_counterexample_that_cannot_be_written_is_still_a_violation() {
    let folder = folder();
    let out = folder.path().join("out");
    run(folder.path(), LOST_WAKEUP);
    let found = only(&out);
    block(&found.join("trace.html"));
    let said = warns(folder.path(), 2, LOST_WAKEUP, &["trace.html", "--out"]);
    assert!(said.contains("\nreplay  "), "{said}");
    assert!(!said.contains("\npage  "), "{said}");
    block(&found.join("trace.json"));
    let said = warns(
        folder.path(),
        2,
        LOST_WAKEUP,
        &["trace.json", "and 1 file more", "--out"],
    );
    assert!(
        said.contains("FAIL termination") && said.contains("\nwhy "),
        "{said}"
    );
    assert!(
        !said.contains("\nreplay  "),
        "what is not there cannot be replayed:\n{said}"
    );
    let checker = format!("{LOST_WAKEUP} --checker exhaustive --format json");
    let report = warns(folder.path(), 2, &checker, &["trace.json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["violation"]["trace"], serde_json::Value::Null);
}

#[test]
fn a_folder_that_cannot_be_made_is_refused_before_anything_runs() {
    let folder = folder();
    std::fs::write(folder.path().join("taken"), "a file").expect("writable");
    for out in ["taken", "taken/below"] {
        for checker in ["", "--checker random", "--shrink"] {
            let arguments =
                format!("check --variant fixed --scenario q245221 --out {out} {checker}");
            let said = warns(folder.path(), 64, &arguments, &[out, "--out"]);
            assert_eq!(said, "", "{arguments}");
        }
    }
}

#[test]
fn a_folder_in_which_nothing_can_be_written_later_is_refused_before_anything_runs() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("locked/.logon-check-lock")).expect("writable");
    let long = "x".repeat(300);
    let deep = "below/".repeat(700);
    let mut refused = vec![
        ("locked".to_owned(), "not a plain file"),
        (long.clone(), "too long"),
        (format!("missing/{long}"), "too long"),
        (deep, "too long"),
    ];
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(path("nowhere"), path("dangling")).expect("writable");
        symlink(path("circle"), path("circle")).expect("writable");
        std::fs::create_dir(path("linked")).expect("writable");
        symlink(path("nowhere"), path("linked/.logon-check-lock")).expect("writable");
        std::fs::create_dir(path("piped")).expect("writable");
        let made = Command::new("mkfifo")
            .arg(path("piped/.logon-check-lock"))
            .status();
        assert!(made.expect("mkfifo is there").success());
        let others = [
            ("dangling", "leads nowhere"),
            ("dangling/below", "leads nowhere"),
            ("circle", "leads nowhere"),
            ("linked", "not a plain file"),
            ("piped", "not a plain file"),
        ];
        refused.extend(others.map(|(out, why)| (out.to_owned(), why)));
    }
    for (out, why) in refused {
        let checks = ["", "--checker random", "--shrink"].map(|checker| {
            format!("check --variant two-claimants --scenario q245221 {checker} --out {out}")
        });
        for arguments in checks.into_iter().chain([format!("--out {out}")]) {
            let said = warns(folder.path(), 64, &arguments, &[why, "--out"]);
            assert_eq!(said, "", "{arguments}");
        }
    }
}

/// Takes the lock of a folder as another process would.
fn locked(out: &Path) -> std::fs::File {
    std::fs::create_dir_all(out).expect("writable");
    let lock = std::fs::File::create(out.join(".logon-check-lock")).expect("writable");
    lock.lock().expect("a file system with locks");
    lock
}

#[test]
fn who_waits_for_a_lock_says_so_and_gives_up_at_the_time_limit() {
    let folder = folder();
    let lock = locked(&folder.path().join("out"));
    let output = run(
        folder.path(),
        &format!("{LOST_WAKEUP} --checker exhaustive --time-limit 0.2"),
    );
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert_eq!(
        errors,
        "logon-check: waiting for the lock out/.logon-check-lock, which another process holds\n\
         logon-check: another process still holds the lock out/.logon-check-lock after 0.2 s; let it end, or choose \
         another folder with --out; and 1 file more cannot be written\n"
    );
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        said.contains("FAIL termination") && !said.contains("\nreplay  "),
        "{said}"
    );
    drop(lock);
    let names = std::fs::read_dir(folder.path().join("out")).expect("readable");
    assert_eq!(names.count(), 1, "nothing was written beside the lock");
}

#[test]
fn who_waits_for_a_lock_goes_on_once_it_is_free() {
    use std::io::{BufRead, BufReader, Read};
    let folder = folder();
    let lock = locked(&folder.path().join("out"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(LOST_WAKEUP.split_whitespace())
        .args(["--checker", "exhaustive"]);
    command.current_dir(folder.path());
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut errors = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    errors.read_line(&mut line).expect("readable");
    assert!(
        line.starts_with("logon-check: waiting for the lock out/"),
        "{line}"
    );
    drop(lock);
    let mut rest = String::new();
    errors.read_to_string(&mut rest).expect("readable");
    assert_eq!(
        (child.wait().expect("it ends").code(), &*rest),
        (Some(2), "")
    );
    assert!(
        only(&folder.path().join("out"))
            .join("trace.json")
            .is_file()
    );
}

#[test]
fn what_a_killed_process_left_half_written_is_swept_and_nothing_else_is() {
    let folder = folder();
    let out = folder.path().join("out");
    run(folder.path(), LOST_WAKEUP);
    let found = only(&out);
    let left = [
        out.join(".logon-check-a1B2c3"),
        found.join(".logon-check-ZZZZZZ"),
    ];
    let other = [
        out.join(".logon-check-notes.txt"),
        found.join("notes"),
        out.join(".logon-check-lock"),
    ];
    for file in left.iter().chain(&other) {
        std::fs::write(file, "half").expect("writable");
    }
    let elsewhere = folder.path().join("elsewhere/.logon-check-a1B2c3");
    std::fs::create_dir(folder.path().join("elsewhere")).expect("writable");
    std::fs::write(&elsewhere, "not ours").expect("writable");
    run(
        folder.path(),
        &LOST_WAKEUP.replace("lost-wakeup", "worker-self-deadlock"),
    );
    for file in &left {
        assert!(!file.exists(), "{}", file.display());
    }
    for file in other.iter().chain([&elsewhere]) {
        assert!(file.exists(), "{}", file.display());
    }
}
