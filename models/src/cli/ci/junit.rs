//! The cases as JUnit XML, which most services read: a suite for each variant, a test case for each checker in a scenario.
//!
//! There is no standard; these are the elements and attributes on which the readers agree, in the order in which the
//! schemas in use want them. What is incomplete is an `error`, not `skipped`, for it is no pass.

use std::collections::BTreeMap;

use super::place::Place;
use super::{Case, Ending, Exhibit, Told};
use crate::render::{self, TextOptions};

/// How many of a suite ended in which way.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    seconds: f64,
}

impl Counts {
    fn of<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> Self {
        let mut counts = Counts::default();
        for case in cases {
            counts.tests += 1;
            counts.seconds += case.cpu_seconds;
            match case.ending {
                Ending::Passed => {}
                Ending::Failed => counts.failures += 1,
                Ending::Incomplete | Ending::Fault => counts.errors += 1,
                Ending::Skipped => counts.skipped += 1,
            }
        }
        counts
    }

    fn attributes(self, with_skipped: bool) -> String {
        let skipped = match with_skipped {
            true => format!(" skipped=\"{}\"", self.skipped),
            false => String::new(),
        };
        format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\"{skipped} time=\"{:.3}\"",
            self.tests, self.failures, self.errors, self.seconds
        )
    }
}

/// The whole document.
pub(super) fn document(told: &Told<'_>) -> String {
    let mut suites: BTreeMap<usize, (&str, Vec<&Case<'_>>)> = BTreeMap::new();
    for case in &told.cases {
        let known = suites.iter().find(|(_, (name, _))| *name == case.variant);
        let index = known.map_or(suites.len(), |(index, _)| *index);
        let suite = suites.entry(index).or_insert((case.variant, Vec::new()));
        suite.1.push(case);
    }
    let all = Counts::of(told.cases.iter());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"logon-check\" {}>\n",
        all.attributes(false)
    );
    for (name, cases) in suites.values() {
        let counts = Counts::of(cases.iter().copied());
        out.push_str(&format!(
            "  <testsuite name=\"{}\" {}>\n",
            attribute(name),
            counts.attributes(true)
        ));
        cases.iter().for_each(|case| out.push_str(&test_case(case)));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn test_case(case: &Case<'_>) -> String {
    let at = case.exhibit.as_ref().and_then(Place::of_failing_step);
    let at = at.map_or(String::new(), |place| {
        format!(
            " file=\"{}\" line=\"{}\"",
            attribute(&place.file),
            place.line
        )
    });
    let head = format!(
        "    <testcase name=\"{} by {}\" classname=\"{}\" time=\"{:.3}\"{at}",
        attribute(&case.scenario),
        attribute(case.checker),
        attribute(case.variant),
        case.cpu_seconds
    );
    let inside = format!("{}{}", result(case), output(case));
    match inside.is_empty() {
        true => format!("{head}/>\n"),
        false => format!("{head}>\n{inside}    </testcase>\n"),
    }
}

/// How the case ended, unless it passed.
fn result(case: &Case<'_>) -> String {
    let (element, kind) = match case.ending {
        Ending::Passed => return String::new(),
        Ending::Failed => {
            let found = case.exhibit.as_ref().map(Exhibit::property);
            let property = found.or(case.property.as_deref());
            ("failure", property.unwrap_or("not as predicted").to_owned())
        }
        Ending::Incomplete => ("error", "incomplete".to_owned()),
        Ending::Fault => ("error", "fault".to_owned()),
        Ending::Skipped => {
            let message = attribute(&case.sentence);
            return format!("      <skipped message=\"{message}\"/>\n");
        }
    };
    let text = case.exhibit.map_or(String::new(), |found| {
        let file = found.file().map(|file| file.display().to_string());
        let options = TextOptions {
            file: file.as_deref(),
            ..TextOptions::default()
        };
        render::text(found.trace, &options)
    });
    format!(
        "      <{element} message=\"{}\" type=\"{}\">{}</{element}>\n",
        attribute(&case.sentence),
        attribute(&kind),
        content(&text)
    )
}

/// What GitLab shows as a file that goes with the case: the page.
fn output(case: &Case<'_>) -> String {
    let page = case.exhibit.and_then(|found| found.written.page.as_ref());
    page.map_or(String::new(), |page| {
        let page = attribute(&page.display().to_string());
        format!("      <system-out>[[ATTACHMENT|{page}]]</system-out>\n")
    })
}

/// The value of an attribute, on one line.
fn attribute(text: &str) -> String {
    escaped(&render::clean_line(text))
}

/// What stands between two tags.
fn content(text: &str) -> String {
    escaped(&render::clean(text))
}

/// Text as XML shows it literally. What no XML document may have, not even as a reference, is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}
