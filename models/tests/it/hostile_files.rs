//! Files that are not what they seem, and very large ones: refused by their beginning or by a limit that is stated, and
//! never taken into memory many times over. Memory is limited by the system here, not measured.
#![cfg(unix)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// A kept counterexample.
fn kept() -> Value {
    let kept =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/counterexamples/two-claimants.json");
    serde_json::from_str(&std::fs::read_to_string(kept).expect("it is kept")).expect("JSON")
}

/// Runs the program in `folder` with so many mebibytes of address space.
fn within(mebibytes: usize, folder: &Path, arguments: &[&str]) -> Output {
    let limit = format!("ulimit -v {}; exec \"$0\" \"$@\"", mebibytes * 1024);
    let mut command = Command::new("sh");
    command
        .args(["-c", &limit, env!("CARGO_BIN_EXE_logon-check")])
        .args(arguments);
    command.current_dir(folder).stdin(Stdio::null());
    command.output().expect("the program starts")
}

/// What the program takes for itself.
const OWN: usize = 64;

#[track_caller]
fn is_refused(output: &Output, parts: &[&str]) {
    let errors = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(64), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.len() < 2_000, "{} bytes", errors.len());
    for part in parts {
        assert!(errors.contains(part), "no {part:?} in {errors}");
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Sixteen mebibytes of keys that no trace has.
fn envelope() -> Vec<u8> {
    let mut text = br#"{"format":"logon-check/trace","version":3,"x":[{"":0}"#.to_vec();
    text.extend(br#",{"":0}"#.repeat(16 * 1024 * 1024 / 7));
    text.extend(b"]}");
    text
}

#[test]
fn a_file_that_is_not_ours_is_refused_by_its_beginning() {
    let folder = folder();
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("envelope.json", envelope(), "\"x\" is no key"),
        (
            "bom.json",
            b"\xef\xbb\xbf{}".to_vec(),
            "does not begin with {",
        ),
        (
            "utf16.json",
            b"\xff\xfe{\0}\0".repeat(100_000),
            "does not begin with {",
        ),
        (
            "binary.json",
            vec![0x7f; 20_000_000],
            "does not begin with {",
        ),
        (
            "list.json",
            b"[1,".repeat(5_000_000),
            "does not begin with {",
        ),
        (
            "deep.json",
            [&b"{\"steps\":"[..], &b"[".repeat(20_000_000)].concat(),
            "in each other",
        ),
        (
            "number.json",
            [&b"{\"version\":"[..], &b"9".repeat(20_000_000), b"}"].concat(),
            "version 999",
        ),
        (
            "string.json",
            [&b"{\"variant\":\""[..], &b"x".repeat(20_000_000)].concat(),
            "1048576 bytes",
        ),
    ];
    for (name, content, part) in cases {
        std::fs::write(folder.path().join(name), content).expect("writable");
        for command in ["render", "replay"] {
            let output = within(OWN + 8, folder.path(), &[command, name]);
            is_refused(&output, &[name, part]);
        }
    }
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = folder();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo is there").success());
    let sparse = std::fs::File::create(folder.path().join("sparse.json")).expect("writable");
    sparse.set_len(1 << 40).expect("a sparse file");
    std::fs::create_dir(folder.path().join("folder")).expect("writable");
    for command in ["render", "replay"] {
        let refused = |file: &str, part: &str| {
            is_refused(&within(OWN, folder.path(), &[command, file]), &[file, part]);
        };
        refused("pipe", "is a pipe");
        refused("folder", "is a folder");
        refused("sparse.json", "larger than 32 MiB");
        refused("/dev/zero", "does not begin with {");
        refused("missing", "no such file");
    }
    let check = ["check", "--variant", "fixed", "--scenario", "./pipe"];
    is_refused(&within(OWN, folder.path(), &check), &["pipe"]);
}

/// A trace of so many bytes at least, with many of one thing.
fn filled(bytes: usize, fill: impl Fn(&mut Value, usize)) -> String {
    let mut trace = kept();
    trace["preemptions"] = json!(0);
    let found = &mut trace["explanation"];
    for key in ["near", "rule", "point"] {
        found[key] = Value::Null;
    }
    (found["conflict"], found["pairs"]) = (json!([]), json!([]));
    fill(&mut trace, bytes);
    trace.to_string()
}

/// Makes a trace as long as so many bytes.
type Fill<'a> = &'a dyn Fn(&mut Value, usize);

/// Each file is read and shown, or refused because of a limit, in at most ten times its size; what shows it takes some
/// more.
#[test]
fn reading_takes_at_most_ten_times_the_size_whatever_there_is_much_of() {
    let folder = folder();
    let size = 12 * 1024 * 1024;
    let step = kept()["steps"][0].clone();
    let fills: [(&str, bool, Fill); 8] = [
        ("steps", true, &|trace, bytes| {
            let one = step.to_string().len() + 1;
            trace["steps"] = json!(vec![step.clone(); bytes / one]);
        }),
        ("actors", false, &|trace, bytes| {
            trace["actors"] = json!(vec!["a"; bytes / 4]);
        }),
        ("facts", false, &|trace, bytes| {
            trace["steps"][0]["facts"] = json!(vec![""; bytes / 3]);
        }),
        ("woken", false, &|trace, bytes| {
            trace["steps"][0]["woken"] = json!(vec!["bob"; bytes / 6]);
        }),
        ("conflict", false, &|trace, bytes| {
            trace["explanation"]["conflict"] = json!(vec![1; bytes / 2]);
        }),
        ("waiting", true, &|trace, bytes| {
            trace["steps"] = json!([step.clone()]);
            let wait = json!({ "actor": "", "label": "", "object": "" });
            trace["waiting"] = json!(vec![wait; bytes / 38]);
        }),
        ("toml", false, &|trace, bytes| {
            trace["scenario"]["toml"] = json!("x = [1,1]\n".repeat(bytes / 110));
        }),
        ("why", false, &|trace, bytes| {
            trace["explanation"]["why"] = json!("\n".repeat(bytes / 2));
        }),
    ];
    for (name, is_shown, fill) in fills {
        let file = format!("{name}.json");
        std::fs::write(folder.path().join(&file), filled(size, fill)).expect("writable");
        let output = within(
            OWN + 10 * 12,
            folder.path(),
            &["render", &file, "--format", "markdown"],
        );
        match is_shown {
            false => is_refused(&output, &[&file]),
            true => assert_eq!(
                output.status.code(),
                Some(0),
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
    }
}

#[test]
fn an_index_takes_no_file_of_another_folder_into_memory() {
    let folder = folder();
    let put = |name: &str, content: &[u8]| {
        let place = folder.path().join("out").join(name);
        std::fs::create_dir_all(&place).expect("writable");
        std::fs::write(place.join("trace.json"), content).expect("writable");
    };
    put("envelope", &envelope());
    let step = kept()["steps"][0].clone();
    let many = filled(24 * 1024 * 1024, |trace, bytes| {
        trace["steps"] = json!(vec![step.clone(); bytes / (step.to_string().len() + 1)]);
    });
    put("many-steps", many.as_bytes());
    put(
        "larger",
        &[many.as_bytes(), &b" ".repeat(16 * 1024 * 1024)].concat(),
    );
    put("other", b"{\"traceEvents\": []}");
    let defect = [
        "check",
        "--variant",
        "lost-wakeup",
        "--scenario",
        "q245221",
        "--checker",
        "exhaustive",
    ];
    let output = within(OWN + 128, folder.path(), &defect);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), &*errors), (Some(2), ""));
    let index = std::fs::read_to_string(folder.path().join("out/index.md")).expect("readable");
    assert!(index.contains("(many-steps/trace.json)"), "{index}");
    assert_eq!(index.lines().count(), 12, "{index}");
}

/// Runs the program with these arguments, whatever is in them.
fn said(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null());
    command.output().expect("the program starts")
}

/// Characters that steer a terminal, turn the direction of writing or cannot be seen, and a line that a service would
/// take for a command.
const HOSTILE: &str = "x\u{9b}31m\u{1b}[31m\u{202e}gnp\u{200b}\u{e0041}\u{7f}\u{2066}\u{feff}\u{ad}\u{2028}\u{fe0f}\n::error::y\r";

#[track_caller]
fn is_clean(what: &str, text: &str) {
    let hides = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(
                c,
                '\u{ad}'
                    | '\u{200b}'
                    | '\u{2028}'
                    | '\u{202e}'
                    | '\u{2066}'
                    | '\u{fe0f}'
                    | '\u{feff}'
                    | '\u{e0041}'
            )
    };
    assert!(!text.contains(hides), "{what}: {text:?}");
    assert!(
        !text.lines().any(|line| line.starts_with("::")),
        "{what}: {text:?}"
    );
}

#[test]
fn no_message_repeats_what_steers_a_terminal_or_hides() {
    let folder = folder();
    let file = &*format!("./{HOSTILE}.json");
    std::fs::write(folder.path().join(file), "{\"format\": \"\u{9b}\u{202e}\"}").expect("writable");
    let toml = format!("./{HOSTILE}.toml");
    std::fs::write(
        folder.path().join(&toml),
        format!("name = \"{}\"", HOSTILE.trim_end()),
    )
    .expect("writable");
    let taken = &*format!("taken{HOSTILE}");
    std::fs::write(folder.path().join(taken), "a file").expect("writable");
    let check = [
        "check",
        "--variant",
        "fixed",
        "--scenario",
        "q245221",
        "--checker",
    ];
    let with = |more: &[&'static str], last: &str| -> Vec<String> {
        let all = more.iter().copied().chain([last]);
        all.map(str::to_owned).collect()
    };
    let lines: Vec<Vec<String>> = vec![
        with(&["render"], file),
        with(&["replay"], file),
        with(&["render"], &format!("missing{HOSTILE}")),
        with(&["check", "--scenario", "q245221", "--variant"], HOSTILE),
        with(&["check", "--variant", "fixed", "--scenario"], HOSTILE),
        with(&["check", "--variant", "fixed", "--scenario"], &toml),
        with(&check, HOSTILE),
        with(
            &[
                "check",
                "--variant",
                "fixed",
                "--scenario",
                "q245221",
                "--out",
            ],
            taken,
        ),
        with(
            &[
                "check",
                "--variant",
                "fixed",
                "--scenario",
                "q245221",
                "--property",
            ],
            HOSTILE,
        ),
        with(&["check", "--seed"], HOSTILE),
        with(&["matrix"], HOSTILE),
        with(&[], HOSTILE),
        with(&["--out"], taken),
    ];
    for line in lines {
        let arguments: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = said(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        is_clean(
            &format!("{arguments:?}"),
            &String::from_utf8(output.stderr).expect("UTF-8"),
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn every_rendering_of_a_hostile_trace_is_clean_and_its_json_has_the_same_value() {
    let folder = folder();
    let mut trace = kept();
    for place in ["why", "smallest"] {
        let words = trace["explanation"][place]
            .as_str()
            .expect("a sentence")
            .to_owned();
        trace["explanation"][place] = json!(format!("{words} {HOSTILE}"));
    }
    trace["violation"]["sentence"] = json!(HOSTILE);
    trace["steps"][0]["gist"] = json!([HOSTILE]);
    let text = trace.to_string();
    std::fs::write(folder.path().join("x.json"), text).expect("writable");
    for format in ["text", "markdown", "html", "perfetto", "json"] {
        let output = said(folder.path(), &["render", "x.json", "--format", format]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{format}");
        is_clean(format, &text);
        if format == "json" {
            let back: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(back, trace);
        }
    }
    let output = said(folder.path(), &["replay", "x.json"]);
    is_clean("replay", &String::from_utf8(output.stdout).expect("UTF-8"));
}

#[test]
fn a_pipe_that_somebody_has_opened_is_read() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logon-check"));
    command
        .args(["render", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("it is piped");
    input
        .write_all(kept().to_string().as_bytes())
        .expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("FAIL no-false-refusal"));
}
