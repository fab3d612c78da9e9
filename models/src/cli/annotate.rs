//! Telling a continuous integration service, if there is one, of the counterexamples: GitHub's summary of a step, and
//! its annotations.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::say;
use crate::program;
use crate::render;
use crate::trace::Trace;

/// What a step may put into its summary: 1 MiB.
const SUMMARY_LIMIT: u64 = 1024 * 1024;

/// How much of it is kept for saying that it is full.
const RESERVE: u64 = 4 * 1024;

/// How bad a counterexample is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// Nobody asked for it.
    Error,
    /// It is what was to be found: that of a defect in the matrix.
    Notice,
}

/// Tells of `found`, executions and the files that hold them, if they could be written: as Markdown, appended to the file that
/// `GITHUB_STEP_SUMMARY` names, and, if `GITHUB_ACTIONS` is `true`, as one annotation each. A summary that cannot be
/// written is said to be so, and changes no verdict.
pub(super) fn tell(found: &[(&Trace, Option<&Path>)], level: Level) {
    if found.is_empty() {
        return;
    }
    if let Some(summary) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())
        && let Err(error) = summarize(Path::new(&summary), found)
    {
        say(&format!("cannot add to the summary of the step: {error}"));
    }
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        let mut errors = anstream::stderr();
        for (trace, file) in found {
            // The service reads both streams; the other one may be a document.
            drop(writeln!(errors, "{}", annotation(trace, *file, level)));
        }
    }
}

/// Appends the Markdown of `found` to `summary`, as far as there is room; of the others it says where they are.
fn summarize(summary: &Path, found: &[(&Trace, Option<&Path>)]) -> std::io::Result<()> {
    if std::fs::metadata(summary).is_ok_and(|metadata| !metadata.is_file()) {
        // Opening a pipe might never end.
        return Err(std::io::Error::other("not a file"));
    }
    let mut file = OpenOptions::new().create(true).append(true).open(summary)?;
    let mut size = file.metadata()?.len();
    for (index, (trace, path)) in found.iter().enumerate() {
        let text = match path {
            Some(path) => render::markdown(trace, &path.display().to_string()),
            None => render::markdown_alone(trace),
        };
        let text = format!("\n{text}");
        size += text.len() as u64;
        if size > SUMMARY_LIMIT - RESERVE {
            let note = left_out(found.len() - index, *path);
            if file.metadata()?.len() + note.len() as u64 <= SUMMARY_LIMIT {
                file.write_all(note.as_bytes())?;
            }
            return Ok(());
        }
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// That so many counterexamples are left out, and where the first of them is.
fn left_out(count: usize, path: Option<&Path>) -> String {
    let folder = path.map_or(String::new(), |path| {
        let folder = path.parent().and_then(Path::parent).unwrap_or(path);
        let folder = render::clean(&folder.display().to_string());
        let folder = folder.chars().map(|c| if c == '`' { '\'' } else { c });
        format!(
            "; see the folder `{}`",
            folder.take(1_000).collect::<String>()
        )
    });
    let what = match count {
        1 => "1 further counterexample is".to_owned(),
        _ => format!("{count} further counterexamples are"),
    };
    format!("{what} left out, for a summary holds 1 MiB{folder}.\n")
}

/// The workflow command that annotates the run with a counterexample.
fn annotation(trace: &Trace, file: Option<&Path>, level: Level) -> String {
    let level = match level {
        Level::Error => "error",
        Level::Notice => "notice",
    };
    let violation = trace.violation.as_ref();
    let property = violation.map_or("counterexample", |violation| &violation.property);
    let sentence = || violation.map_or("", |violation| violation.sentence.as_str());
    let why = trace
        .explanation
        .as_ref()
        .map(|explanation| explanation.why.as_str());
    let title = format!("{property}: {} in {}", trace.variant, trace.scenario.name);
    let replay = file.map_or(String::new(), |file| {
        let file = render::clean(&file.display().to_string());
        format!("\n{} replay {file}", program::command())
    });
    let message = format!("{}{replay}", render::clean(why.unwrap_or_else(sentence)));
    format!(
        "::{level} title={}::{}",
        escaped(&render::clean(&title))
            .replace(':', "%3A")
            .replace(',', "%2C"),
        escaped(&message)
    )
}

/// The message of a workflow command, on one line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{FORMAT, TracedScenario, TracedViolation, VERSION};

    fn trace(variant: &str, sentence: &str) -> Trace {
        Trace {
            format: FORMAT.to_owned(),
            version: VERSION,
            variant: variant.to_owned(),
            scenario: TracedScenario {
                name: "crowd".to_owned(),
                toml: String::new(),
            },
            checker: "exhaustive".to_owned(),
            needs_weak_memory: false,
            notes: Vec::new(),
            fingerprint: String::new(),
            violation: Some(TracedViolation {
                property: "one-holder".to_owned(),
                sentence: sentence.to_owned(),
                properties: Vec::new(),
                at_rest: false,
                repeats_from: None,
            }),
            preemptions: None,
            start: Vec::new(),
            actors: Vec::new(),
            steps: Vec::new(),
            waiting: Vec::new(),
            explanation: None,
        }
    }

    #[test]
    fn an_annotation_is_one_line_that_no_name_ends() {
        let trace = trace("a,b:c::error::x\n::stop-commands::y", "50%\r\n::error::no");
        let line = annotation(&trace, Some(Path::new("out/a%b/trace.json")), Level::Error);
        assert_eq!(line.lines().count(), 1, "{line}");
        let (title, message) = line
            .strip_prefix("::error title=")
            .and_then(|rest| rest.split_once("::"))
            .expect("a command with a title");
        assert_eq!(
            title,
            "one-holder%3A a%2Cb%3Ac%3A%3Aerror%3A%3Ax%0A%3A%3Astop-commands%3A%3Ay in crowd"
        );
        assert_eq!(
            message,
            "50%25%0A::error::no%0Alogon-check replay out/a%25b/trace.json"
        );
    }

    #[test]
    fn a_summary_is_added_to_and_keeps_what_was_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let summary = folder.path().join("summary.md");
        std::fs::write(&summary, "before\n").expect("writable");
        let trace = trace("two-claimants", "bob gets it");
        let file = Some(Path::new("out/x/trace.json"));
        summarize(&summary, &[(&trace, file), (&trace, file)]).expect("writable");
        let text = std::fs::read_to_string(&summary).expect("readable");
        assert!(text.starts_with("before\n\n## FAIL one-holder"), "{text}");
        assert_eq!(text.matches("## FAIL").count(), 2, "{text}");
        assert_eq!(text.matches("logon-check replay").count(), 2, "{text}");
    }

    #[test]
    fn what_could_not_be_written_is_told_without_a_way_to_replay_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let summary = folder.path().join("summary.md");
        let trace = trace("two-claimants", "bob gets it");
        summarize(&summary, &[(&trace, None)]).expect("writable");
        let text = std::fs::read_to_string(&summary).expect("readable");
        let line = annotation(&trace, None, Level::Error);
        for told in [text, line] {
            assert!(
                told.contains("one-holder") && told.contains("bob gets it"),
                "{told}"
            );
            assert!(!told.contains("logon-check replay"), "{told}");
        }
    }

    #[test]
    fn a_full_summary_says_so_and_points_to_the_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let summary = folder.path().join("summary.md");
        let trace = trace("two-claimants", "bob gets it");
        let file = Some(Path::new("out/x/trace.json"));
        let found = vec![(&trace, file); 20_000];
        for _ in 0..3 {
            summarize(&summary, &found).expect("writable");
        }
        let text = std::fs::read_to_string(&summary).expect("readable");
        assert!(text.len() as u64 <= SUMMARY_LIMIT, "{} bytes", text.len());
        let shown = text.matches("## FAIL").count();
        let note = format!(
            "{} further counterexamples are left out",
            found.len() - shown
        );
        assert!(text.contains(&note) && text.contains("see the folder `out`"));
    }
}
