//! The summary of a step and its annotations.

use super::{in_a_job, read};
use crate::command_line::run::{Run, TWO_CLAIMANTS};

fn annotations(errors: &[u8]) -> Vec<String> {
    let errors = String::from_utf8_lossy(errors);
    let lines = errors.lines().filter(|line| line.starts_with("::"));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_check_that_fails_shows_the_counterexample_and_annotates_the_line_at_fault() {
    let run = Run::new();
    let output = in_a_job(
        run.folder.path(),
        "check --variant two-claimants --scenario q238186-default --checker exhaustive",
    );
    assert_eq!(output.status.code(), Some(2));
    let summary = read(run.folder.path(), "summary.md");
    let first = summary.lines().find(|line| !line.is_empty());
    let verdict = "## FAIL two-claimants in q238186-default: violated, found by exhaustive (breadth first, until the violation)";
    assert_eq!(first, Some(verdict));
    assert!(summary.contains("it falls as predicted"), "{summary}");
    assert!(summary.contains("\n### FAIL no-false-refusal"), "{summary}");
    let page = summary.split_once("**Page:** [").expect("a page").1;
    let page = page.split_once(']').expect("a link").0;
    assert!(run.path(page).is_file(), "{page}");
    let annotations = annotations(&output.stderr);
    let [line] = &annotations[..] else {
        panic!("{annotations:#?}");
    };
    // The step that takes what another one took before it.
    let place = "::error file=core/src/defects/two_claimants.rs,line=";
    assert!(line.starts_with(place), "{line}");
    let named = line[place.len()..].split_once(',').expect("a line").0;
    let text = read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")),
        "../core/src/defects/two_claimants.rs",
    );
    let source = named
        .parse::<usize>()
        .ok()
        .and_then(|line| text.lines().nth(line - 1));
    assert!(
        source
            .expect("such a line")
            .contains("take the session seen"),
        "{line}"
    );
}

#[test]
fn a_check_that_passes_says_what_was_looked_at() {
    let run = Run::new();
    let output = in_a_job(
        run.folder.path(),
        "check --variant fixed --scenario q245221",
    );
    assert_eq!(output.status.code(), Some(0));
    let summary = read(run.folder.path(), "summary.md");
    assert!(
        summary.starts_with("\n## PASS fixed in q245221: holds by exhaustive"),
        "{summary}"
    );
    for part in [
        "visited 14 of 14 states",
        "reached in some state: ",
        "shuttle-urw",
    ] {
        assert!(summary.contains(part), "{part}: {summary}");
    }
    assert_eq!(annotations(&output.stderr), Vec::<String>::new());
}

#[test]
fn an_incomplete_check_says_which_limit_stopped_it_and_how_to_go_further() {
    let run = Run::new();
    let arguments =
        "check --variant fixed --scenario q238186-default --checker exhaustive --max-states 5";
    let output = in_a_job(run.folder.path(), arguments);
    assert_eq!(output.status.code(), Some(3));
    let summary = read(run.folder.path(), "summary.md");
    assert!(
        summary.starts_with("\n## STOP fixed in q238186-default: incomplete"),
        "{summary}"
    );
    assert!(
        summary.contains("**To go further:** a larger number behind `--max-states`; or"),
        "{summary}"
    );
    let annotations = annotations(&output.stderr);
    assert!(annotations[0].starts_with("::warning title=incomplete%3A fixed in q238186-default"));
    assert_eq!(annotations.len(), 1, "{annotations:#?}");
}

#[test]
fn a_matrix_as_predicted_is_a_pass_with_one_table_of_its_deliberate_defects() {
    let run = Run::new();
    let output = in_a_job(
        run.folder.path(),
        "matrix --scenario q245221 --junit out/m.xml --sarif out/m.sarif",
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let summary = read(run.folder.path(), "summary.md");
    assert!(summary.starts_with("\n## PASS matrix: "), "{summary}");
    assert!(!summary.contains("FAIL"), "{summary}");
    assert_eq!(summary.matches("\n### ").count(), 1, "{summary}");
    let rows = summary.lines().filter(|line| line.contains("](out/"));
    let mut count = 0;
    for row in rows {
        count += 1;
        let page = row.split_once("](").expect("a link").1;
        let page = page.split_once(')').expect("a link").0;
        assert!(run.path(page).is_file(), "{page}");
    }
    let heading = format!("\n### {count} deliberate defects, as predicted\n");
    assert!(count > 3 && summary.contains(&heading), "{summary}");
    assert_eq!(annotations(&output.stderr), Vec::<String>::new());
}

#[test]
fn a_service_that_asks_for_nothing_is_told_nothing() {
    let run = Run::new();
    let output = run.of(TWO_CLAIMANTS);
    assert_eq!(annotations(&output.stderr), Vec::<String>::new());
    assert!(!run.path("summary.md").exists());
}
