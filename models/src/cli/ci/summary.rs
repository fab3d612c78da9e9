//! GitHub's summary of a step: the verdict first, then what was looked at, and what fell.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use logon_sim::counted;

use super::{Case, Ending, Exhibit, Kind, Told};
use crate::cli::{Status, say};
use crate::render;

/// What a step may put into its summary: 1 MiB.
const SUMMARY_LIMIT: u64 = 1024 * 1024;

/// How much of it is kept for saying that it is full.
const RESERVE: u64 = 4 * 1024;

/// How many cases that are not as they should be are named.
const MOST_NAMED: usize = 50;

/// Appends to the file that `GITHUB_STEP_SUMMARY` names, if it names one. A summary that cannot be written is said to be
/// so, and changes no verdict.
pub(super) fn tell(told: &Told<'_>) {
    if let Some(summary) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())
        && let Err(error) = append(Path::new(&summary), &sections(told))
    {
        say(&format!("cannot add to the summary of the step: {error}"));
    }
}

/// Appends as many of these sections as there is room for, and says how many are left out.
fn append(summary: &Path, sections: &[String]) -> std::io::Result<()> {
    if std::fs::metadata(summary).is_ok_and(|metadata| !metadata.is_file()) {
        // Opening a pipe might never end.
        return Err(std::io::Error::other("not a file"));
    }
    let mut file = OpenOptions::new().create(true).append(true).open(summary)?;
    let mut size = file.metadata()?.len();
    for (index, text) in sections.iter().enumerate() {
        let text = format!("\n{text}");
        size += text.len() as u64;
        if size > SUMMARY_LIMIT - RESERVE {
            let note = left_out(sections.len() - index);
            if file.metadata()?.len() + note.len() as u64 <= SUMMARY_LIMIT {
                file.write_all(note.as_bytes())?;
            }
            return Ok(());
        }
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn left_out(count: usize) -> String {
    let what = match count {
        1 => "1 further section is".to_owned(),
        _ => format!("{count} further sections are"),
    };
    format!(
        "\n{what} left out, for a summary holds 1 MiB; the folder of the counterexamples has all.\n"
    )
}

/// The summary, in parts of which each makes sense without those after it.
fn sections(told: &Told<'_>) -> Vec<String> {
    let exhibits = told.cases.iter().filter_map(|case| case.exhibit);
    // A check shows what it found, and a matrix what nobody predicted.
    let in_table = |found: &Exhibit<'_>| found.is_predicted && told.kind == Kind::Matrix;
    let (predicted, in_full): (Vec<_>, Vec<_>) = exhibits.partition(in_table);
    let mut sections = vec![head(told)];
    if told.kind == Kind::Matrix {
        sections.extend(not_as_they_should_be(told));
    }
    if !predicted.is_empty() {
        sections.push(table(&predicted));
    }
    sections.extend(in_full.iter().map(in_full_of));
    sections
}

fn head(told: &Told<'_>) -> String {
    let mut out = format!("## {}\n", words(&told.verdict));
    if !told.text.trim().is_empty() {
        out.push_str(&format!("\n{}\n", fenced(&told.text)));
    }
    let mut exhibits = told.cases.iter().filter_map(|case| case.exhibit);
    if told.kind == Kind::Check && exhibits.any(|found| found.is_predicted) {
        out.push_str("\nThis defect is deliberate, and it falls as predicted.\n");
    }
    let stopped = told.cases.iter();
    let stopped: Vec<&Case<'_>> = stopped
        .filter(|case| case.ending == Ending::Incomplete)
        .collect();
    if told.status == Status::Incomplete && !stopped.is_empty() {
        out.push_str(&format!("\n**To go further:** {}.\n", further(&stopped)));
    }
    out
}

/// With which options those that were stopped look further.
fn further(stopped: &[&Case<'_>]) -> String {
    let options = [
        ("states", "`--max-states`"),
        ("memory limit", "`--memory-limit`"),
        ("execution", "`--executions`"),
        ("processor time", "`--cpu-limit`"),
        ("wall time", "`--time-limit`"),
    ];
    let limits: Vec<&str> = stopped
        .iter()
        .filter_map(|case| case.limit.as_deref())
        .collect();
    let is_reached = |words: &str| limits.iter().any(|limit| limit.contains(words));
    let named = options.iter().filter(|(words, _)| is_reached(words));
    let named: Vec<&str> = named.map(|(_, option)| *option).collect();
    let mut ways = Vec::new();
    if !named.is_empty() {
        ways.push(format!("a larger number behind {}", named.join(", ")));
    }
    // Nothing stopped it: it is no pass, for nobody knew a weak memory.
    if stopped.iter().any(|case| case.limit.is_none()) {
        ways.push("`--checker loom`, which knows a weak memory".to_owned());
    }
    ways.push("a smaller scenario, such as one with fewer `--clients`".to_owned());
    ways.join("; or ")
}

/// What failed or is incomplete.
fn not_as_they_should_be(told: &Told<'_>) -> Option<String> {
    let is_named = |case: &&Case<'_>| !matches!(case.ending, Ending::Passed | Ending::Skipped);
    let named: Vec<&Case<'_>> = told.cases.iter().filter(is_named).collect();
    if named.is_empty() {
        return None;
    }
    let mut out = "| variant | scenario | checker | what |\n| --- | --- | --- | --- |\n".to_owned();
    for case in named.iter().take(MOST_NAMED) {
        let ending = match case.ending {
            Ending::Failed => "",
            Ending::Fault => "fault: ",
            _ => "incomplete: ",
        };
        out.push_str(&format!(
            "| {} | {} | {} | {ending}{} |\n",
            words(case.variant),
            words(&case.scenario),
            words(case.checker),
            words(&case.sentence)
        ));
    }
    let more = named.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        out.push_str(&format!(
            "\nand {more} more; the output of the step names them all\n"
        ));
    }
    Some(out)
}

/// The deliberate defects that fell as predicted, with their pages.
fn table(predicted: &[Exhibit<'_>]) -> String {
    let mut out = format!(
        "### {}, as predicted\n\n| variant | scenario | property | steps | page |\n| --- | --- | --- | ---: | --- |\n",
        counted(predicted.len() as u64, "deliberate defect")
    );
    for found in predicted {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            words(&found.trace.variant),
            words(&found.trace.scenario.name),
            words(found.property()),
            found.trace.steps.len(),
            page(found)
        ));
    }
    out
}

/// A link to the page of a counterexample, or to what there is of it.
fn page(found: &Exhibit<'_>) -> String {
    let written = found.written;
    let Some(path) = written.page.as_ref().or(written.file.as_ref()) else {
        return "not written".to_owned();
    };
    let path = path.display().to_string();
    format!("[{}]({})", words(&path), render::path_address(&path))
}

/// A counterexample, step by step.
fn in_full_of(found: &Exhibit<'_>) -> String {
    let text = match found.file() {
        Some(path) => render::markdown(found.trace, &path.display().to_string()),
        None => render::markdown_alone(found.trace),
    };
    // The verdict is the one heading of the first rank.
    let text = text.replacen("## ", "### ", 1);
    format!("{text}\n**Page:** {}\n", page(found))
}

/// Words of any origin, as Markdown shows them literally.
fn words(text: &str) -> String {
    render::markdown_words(&render::clean_line(text))
}

/// Text as it is printed, which nothing in it can end.
fn fenced(text: &str) -> String {
    let text = render::clean(text.trim_end());
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

#[cfg(test)]
pub(super) mod samples {
    use std::path::PathBuf;

    use super::*;
    use crate::artefact::Written;
    use crate::trace::{FORMAT, Trace, TracedScenario, TracedStep, TracedViolation, VERSION};

    pub(in crate::cli::ci) fn trace(actor: &str, sentence: &str) -> Trace {
        Trace {
            format: FORMAT.to_owned(),
            version: VERSION,
            variant: "two-claimants".to_owned(),
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
            actors: vec![actor.to_owned()],
            steps: vec![TracedStep {
                actor: actor.to_owned(),
                kind: "enter".to_owned(),
                object: "server".to_owned(),
                label: "look <at> \"it\"".to_owned(),
                nth: 1,
                location: "src/a,b.rs:7".to_owned(),
                enabled: Vec::new(),
                preemption: false,
                asleep: false,
                woken: Vec::new(),
                read: None,
                written: None,
                facts: Vec::new(),
                summary: Vec::new(),
                about: Vec::new(),
                returned: None,
                changed: Vec::new(),
                chosen: None,
                ways: None,
            }],
            waiting: Vec::new(),
            explanation: None,
        }
    }

    pub(in crate::cli::ci) fn written(file: &str) -> Written {
        let file = PathBuf::from(file);
        Written {
            page: Some(file.with_file_name("trace.html")),
            file: Some(file),
            failures: Vec::new(),
        }
    }

    pub(in crate::cli::ci) fn case<'a>(
        ending: Ending,
        found: Option<(&'a Trace, &'a Written)>,
    ) -> Case<'a> {
        Case {
            variant: "two-claimants",
            scenario: "crowd".to_owned(),
            checker: "exhaustive",
            ending,
            limit: None,
            sentence: "what there is to say".to_owned(),
            property: None,
            cpu_seconds: 0.5,
            exhibit: found.map(|(trace, written)| Exhibit {
                trace,
                written,
                is_predicted: ending == Ending::Passed,
            }),
        }
    }

    pub(in crate::cli::ci) fn told(kind: Kind, cases: Vec<Case<'_>>) -> Told<'_> {
        Told {
            kind,
            about: "check/two-claimants/crowd".to_owned(),
            verdict: "FAIL two-claimants in crowd".to_owned(),
            text: "```\nas it is printed\n".to_owned(),
            cases,
            status: Status::Violated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{case, told, trace, written};
    use super::*;

    #[test]
    fn it_begins_with_the_verdict_and_shows_what_a_check_found_with_its_page() {
        let trace = trace("bob", "bob gets it");
        let written = written("out/a b/trace.json");
        for ending in [Ending::Failed, Ending::Passed] {
            let cases = vec![
                case(ending, Some((&trace, &written))),
                case(Ending::Failed, None),
            ];
            let all = sections(&told(Kind::Check, cases)).concat();
            let first = "## FAIL two-claimants in crowd\n\n````text\n```\nas";
            assert!(all.starts_with(first), "{all}");
            assert_eq!(all.matches("\n### FAIL one-holder").count(), 1, "{all}");
            assert!(all.contains("](out/a%20b/trace.html)"), "{all}");
            assert_eq!(all.contains("predicted"), ending == Ending::Passed, "{all}");
        }
    }

    #[test]
    fn deliberate_defects_that_fall_as_predicted_are_rows_of_one_table() {
        let trace = trace("bob", "bob gets it");
        let written = written("out/x/trace.json");
        let found = || case(Ending::Passed, Some((&trace, &written)));
        let cases = vec![found(), found(), case(Ending::Passed, None)];
        let all = sections(&told(Kind::Matrix, cases)).concat();
        assert_eq!(all.matches("FAIL").count(), 1, "only the verdict: {all}");
        let heading = "### 2 deliberate defects, as predicted\n";
        assert!(all.contains(heading), "{all}");
        let row =
            "| two-claimants | crowd | one-holder | 1 | [out/x/trace.html](out/x/trace.html) |\n";
        assert_eq!(all.matches(row).count(), 2, "{all}");
    }

    #[test]
    fn what_is_not_as_predicted_is_shown_in_full_and_named() {
        let trace = trace("bob", "bob gets it");
        let written = written("out/x/trace.json");
        let cases = vec![
            case(Ending::Failed, Some((&trace, &written))),
            case(Ending::Failed, None),
            case(Ending::Passed, None),
        ];
        let all = sections(&told(Kind::Matrix, cases)).concat();
        assert_eq!(all.matches("\n### FAIL one-holder").count(), 1, "{all}");
        let row = "| two-claimants | crowd | exhaustive | what there is to say |\n";
        assert_eq!(all.matches(row).count(), 2, "{all}");
    }

    #[test]
    fn what_is_incomplete_says_how_to_go_further() {
        let said = |limit: Option<&str>| {
            let case = Case {
                limit: limit.map(str::to_owned),
                ..case(Ending::Incomplete, None)
            };
            let told = Told {
                status: Status::Incomplete,
                ..told(Kind::Check, vec![case])
            };
            sections(&told).concat()
        };
        for (limit, option) in [
            ("the limit of 5 states", "`--max-states`; or"),
            ("the memory limit of 4 MB", "`--memory-limit`; or"),
            ("the limit of 7 executions, in", "`--executions`; or"),
            ("the limit of 2 s of processor time", "`--cpu-limit`; or"),
            ("the time limit of 2 s (wall time)", "`--time-limit`; or"),
        ] {
            let text = said(Some(limit));
            let way = format!("**To go further:** a larger number behind {option}");
            assert!(text.contains(&way), "{text}");
        }
        assert!(said(None).contains("**To go further:** `--checker loom`, which"));
    }

    #[test]
    fn a_summary_is_added_to_and_keeps_what_was_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let summary = folder.path().join("summary.md");
        std::fs::write(&summary, "before\n").expect("writable");
        append(&summary, &["## one\n".to_owned(), "two\n".to_owned()]).expect("writable");
        let text = std::fs::read_to_string(&summary).expect("readable");
        assert_eq!(text, "before\n\n## one\n\ntwo\n");
    }

    #[test]
    fn what_could_not_be_written_is_told_without_a_way_to_replay_it() {
        let trace = trace("bob", "bob gets it");
        let written = crate::artefact::Written {
            file: None,
            page: None,
            failures: Vec::new(),
        };
        let cases = vec![case(Ending::Failed, Some((&trace, &written)))];
        let all = sections(&told(Kind::Check, cases)).concat();
        assert!(
            all.contains("one-holder") && all.contains("bob gets it"),
            "{all}"
        );
        assert!(!all.contains("logon-check replay"), "{all}");
        assert!(all.contains("**Page:** not written"), "{all}");
    }

    #[test]
    fn a_full_summary_says_so() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let summary = folder.path().join("summary.md");
        let sections = vec!["x".repeat(1_000); 20_000];
        for _ in 0..3 {
            append(&summary, &sections).expect("writable");
        }
        let text = std::fs::read_to_string(&summary).expect("readable");
        assert!(text.len() as u64 <= SUMMARY_LIMIT, "{} bytes", text.len());
        let shown = text.matches("\nxxx").count();
        let note = format!("{} further sections are left out", sections.len() - shown);
        assert!(text.contains(&note), "{}", &text[text.len() - 300..]);
    }
}
