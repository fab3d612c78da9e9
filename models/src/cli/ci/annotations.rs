//! Annotations of GitHub: what is wrong, at the line of the step that is at fault.

use std::io::Write;

use super::place::Place;
use super::{Case, Ending, Exhibit, Kind, Told};
use crate::program;
use crate::render;

/// How many annotations of each kind the service shows of one step.
const MOST: usize = 10;

/// Annotates the run, if `GITHUB_ACTIONS` is `true`.
pub(super) fn tell(told: &Told<'_>) {
    if std::env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return;
    }
    let mut errors = anstream::stderr();
    for line in lines(told) {
        // The service reads both streams; the other one may be a document.
        drop(writeln!(errors, "{line}"));
    }
}

/// The workflow commands: an error for each case that failed, those with a counterexample first; a warning for each that
/// is incomplete; of each ten at the most, and then one that says how many more. What is as predicted has none. Of a
/// check there is one: that of the counterexample, if there is any.
pub(super) fn lines(told: &Told<'_>) -> Vec<String> {
    let of = |endings: &[Ending]| -> Vec<&Case<'_>> {
        let cases = told.cases.iter();
        cases
            .filter(|case| endings.contains(&case.ending))
            .collect()
    };
    let mut wrong = of(&[Ending::Failed, Ending::Fault]);
    wrong.sort_by_key(|case| case.exhibit.is_none());
    let mut stopped = of(&[Ending::Incomplete]);
    if told.kind == Kind::Check {
        wrong.truncate(1);
        stopped.truncate(1 - wrong.len());
    }
    let mut lines: Vec<String> = Vec::new();
    for (level, cases) in [("error", wrong), ("warning", stopped)] {
        let shown = cases.iter().take(MOST);
        lines.extend(shown.map(|case| annotation(level, case)));
        let more = cases.len().saturating_sub(MOST);
        if more > 0 {
            let what = match level {
                "error" => "more are not as they should be",
                _ => "more are incomplete",
            };
            // Of another kind, for the service shows no eleventh of the same.
            let message = format!("{more} {what}: the output of the step names them all");
            lines.push(format!(
                "::notice title=and {more} more::{}",
                escaped(&message)
            ));
        }
    }
    lines
}

fn annotation(level: &str, case: &Case<'_>) -> String {
    let at = case.exhibit.as_ref().and_then(Place::of_failing_step);
    let at = at.map_or(String::new(), |place| {
        format!("file={},line={},", property(&place.file), place.line)
    });
    let message = match &case.exhibit {
        Some(exhibit) => format!("{}{}", exhibit.why(), again(exhibit)),
        None => case.sentence.clone(),
    };
    format!(
        "::{level} {at}title={}::{}",
        property(&title(case)),
        escaped(&render::clean(&message))
    )
}

fn title(case: &Case<'_>) -> String {
    let Case {
        variant, scenario, ..
    } = case;
    match (&case.exhibit, case.ending) {
        (Some(exhibit), _) => format!("{}: {variant} in {scenario}", exhibit.property()),
        (None, Ending::Incomplete) => {
            format!("incomplete: {variant} in {scenario} by {}", case.checker)
        }
        (None, _) => format!("{variant} in {scenario} by {}", case.checker),
    }
}

/// How to run it again, on a line of its own, if it is in a file.
fn again(exhibit: &Exhibit<'_>) -> String {
    exhibit.file().map_or(String::new(), |file| {
        let file = render::clean(&file.display().to_string());
        format!("\n{} replay {file}", program::command())
    })
}

/// The value of a property of a workflow command.
fn property(text: &str) -> String {
    escaped(&render::clean(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
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
    use crate::cli::ci::summary::samples::{case, told, trace, written};

    #[test]
    fn an_annotation_is_one_line_at_the_step_at_fault_that_no_name_ends() {
        let trace = trace("a,b:c::error::x\n::stop-commands::y", "50%\r\n::error::no");
        let written = written("out/a%b/trace.json");
        let told = told(
            Kind::Check,
            vec![
                case(Ending::Failed, None),
                case(Ending::Failed, Some((&trace, &written))),
                case(Ending::Incomplete, None),
            ],
        );
        let lines = lines(&told);
        let [line] = &lines[..] else {
            panic!("{lines:?}");
        };
        assert_eq!(line.lines().count(), 1, "{line}");
        let (properties, message) = line
            .strip_prefix("::error ")
            .and_then(|rest| rest.split_once("::"))
            .expect("a command with properties");
        assert_eq!(
            properties,
            "file=src/a%2Cb.rs,line=7,title=one-holder%3A two-claimants in crowd"
        );
        assert_eq!(
            message,
            "50%25%0A::error::no%0Alogon-check replay out/a%25b/trace.json"
        );
    }

    #[test]
    fn there_are_ten_at_the_most_and_one_that_says_how_many_more() {
        let trace = trace("two-claimants", "bob gets it");
        let written = written("out/x/trace.json");
        let mut cases: Vec<_> = (0..12).map(|_| case(Ending::Failed, None)).collect();
        cases.push(case(Ending::Failed, Some((&trace, &written))));
        cases.push(case(Ending::Passed, None));
        cases.push(case(Ending::Incomplete, None));
        let lines = lines(&told(Kind::Matrix, cases));
        let count = |what: &str| lines.iter().filter(|line| line.starts_with(what)).count();
        assert_eq!(
            (count("::error "), count("::warning ")),
            (10, 1),
            "{lines:#?}"
        );
        assert!(lines[0].contains("file=src/"), "{}", lines[0]);
        assert!(lines[10].starts_with("::notice title=and 3 more::3 more are not as"));
        assert_eq!(lines.len(), 12);
    }

    #[test]
    fn what_is_as_predicted_has_none() {
        let told = told(
            Kind::Matrix,
            vec![case(Ending::Passed, None), case(Ending::Skipped, None)],
        );
        assert_eq!(lines(&told), Vec::<String>::new());
    }
}
