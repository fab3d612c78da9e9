//! JUnit XML and SARIF.
//!
//! SARIF is checked against the schema of OASIS, as the crate serde-sarif 0.8.0 distributes it. JUnit XML has none that
//! anybody agreed on: here is what the schemas of its readers have in common.

use roxmltree::{Document, Node};
use serde_json::Value;

use super::read;
use crate::command_line::run::Run;

/// The elements, and where each may stand.
const WITHIN: [(&str, &str); 7] = [
    ("testsuites", ""),
    ("testsuite", "testsuites"),
    ("testcase", "testsuite"),
    ("failure", "testcase"),
    ("error", "testcase"),
    ("skipped", "testcase"),
    ("system-out", "testcase"),
];

/// The attributes that each must have, and those that it may have.
fn attributes(element: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match element {
        "testsuites" => (&["name", "tests", "failures", "errors", "time"], &[]),
        "testsuite" => (
            &["name", "tests", "failures", "errors", "skipped", "time"],
            &[],
        ),
        "testcase" => (&["name", "classname", "time"], &["file", "line"]),
        "failure" | "error" => (&["message", "type"], &[]),
        "skipped" => (&["message"], &[]),
        _ => (&[], &[]),
    }
}

fn number(node: &Node<'_, '_>, name: &str) -> usize {
    node.attribute(name)
        .and_then(|text| text.parse().ok())
        .expect(name)
}

/// How many elements of a name are below a node.
fn count(node: &Node<'_, '_>, name: &str) -> usize {
    node.descendants()
        .filter(|node| node.has_tag_name(name))
        .count()
}

#[track_caller]
fn expect_junit(text: &str) {
    let document = Document::parse(text).expect("XML");
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let parent = node
            .parent_element()
            .map_or("", |parent| parent.tag_name().name());
        assert!(WITHIN.contains(&(name, parent)), "{name} in {parent}");
        let (needed, allowed) = attributes(name);
        let there: Vec<&str> = node
            .attributes()
            .map(|attribute| attribute.name())
            .collect();
        assert!(
            needed.iter().all(|name| there.contains(name)),
            "{name}: {there:?}"
        );
        let known = |name: &&str| needed.contains(name) || allowed.contains(name);
        assert!(there.iter().all(known), "{name}: {there:?}");
        if needed.contains(&"time") {
            let time = node
                .attribute("time")
                .and_then(|time| time.parse::<f64>().ok());
            assert!(time.is_some_and(|time| time >= 0.0), "{node:?}");
        }
        if needed.contains(&"tests") {
            for (attribute, element) in [
                ("tests", "testcase"),
                ("failures", "failure"),
                ("errors", "error"),
            ] {
                assert_eq!(
                    number(&node, attribute),
                    count(&node, element),
                    "{attribute}"
                );
            }
        }
        if name == "testcase" {
            let results = ["failure", "error", "skipped"].map(|result| count(&node, result));
            assert!(results.iter().sum::<usize>() <= 1, "{node:?}");
        }
    }
    assert!(document.root_element().has_tag_name("testsuites"));
}

#[track_caller]
fn expect_sarif(text: &str) -> Value {
    let schema = include_str!("sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).expect("JSON");
    // A pattern with a bracket too many, which is no regular expression everywhere. Nothing here has a language.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        let language = language.as_object_mut().expect("it is there");
        language.remove("pattern").expect("it has one");
    }
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let document: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> = schema
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    document
}

/// Runs a check in `folder` that ends with `status`, and gives its two reports.
#[track_caller]
fn reports(run: &Run, status: i32, arguments: &str) -> (String, Value) {
    run.ends_with(
        status,
        &format!("{arguments} --junit reports/r.xml --sarif reports/r.sarif"),
    );
    let junit = read(run.folder.path(), "reports/r.xml");
    expect_junit(&junit);
    (
        junit,
        expect_sarif(&read(run.folder.path(), "reports/r.sarif")),
    )
}

#[test]
fn a_failure_stands_at_its_line_with_every_step() {
    let run = Run::new();
    let check = "check --variant two-claimants --scenario q238186-default --checker exhaustive";
    let (junit, sarif) = reports(&run, 2, check);
    let document = Document::parse(&junit).expect("XML");
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"))
        .expect("one");
    assert_eq!(failure.attribute("type"), Some("no-false-refusal"));
    assert!(
        failure
            .text()
            .expect("a text")
            .contains("take the session seen"),
        "{junit}"
    );
    let case = failure.parent_element().expect("a case");
    assert_eq!(
        case.attribute("file"),
        Some("core/src/defects/two_claimants.rs")
    );
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "no-false-refusal");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "core/src/defects/two_claimants.rs"
    );
    assert_eq!(
        Some(place["region"]["startLine"].to_string().as_str()),
        case.attribute("line")
    );
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps.as_array().map(Vec::len), Some(10));
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
    assert_eq!(sarif["runs"][0]["invocations"][0]["exitCode"], 2);
    // The same in a shrunk scenario.
    reports(&run, 2, "check --variant two-claimants --shrink");
}

#[test]
fn what_is_incomplete_is_no_pass_in_either() {
    let run = Run::new();
    let check =
        "check --variant fixed --scenario q238186-default --checker exhaustive --max-states 5";
    let (junit, sarif) = reports(&run, 3, check);
    assert!(
        junit.contains("<error message=\"stopped by") && junit.contains("type=\"incomplete\""),
        "{junit}"
    );
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(
        invocation["toolExecutionNotifications"][0]["level"],
        "warning"
    );
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn a_pass_is_one_for_each_checker() {
    let run = Run::new();
    let (junit, sarif) = reports(&run, 0, "check --variant fixed --scenario q245221");
    assert!(
        junit.contains("tests=\"5\" failures=\"0\" errors=\"0\""),
        "{junit}"
    );
    assert_eq!(
        sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"],
        serde_json::json!([])
    );
}

#[test]
fn deliberate_defects_that_fall_as_predicted_are_passes_and_no_results() {
    let run = Run::new();
    let (junit, sarif) = reports(
        &run,
        0,
        "matrix --scenario q245221 --variant lost-wakeup --variant fixed",
    );
    assert!(junit.contains("failures=\"0\" errors=\"0\""), "{junit}");
    assert!(
        junit.contains("<system-out>[[ATTACHMENT|out/lost-wakeup-q245221-"),
        "{junit}"
    );
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn names_from_files_break_neither() {
    let run = Run::new();
    let scenario = "name = \"a\"\nsummary = \"</failure>]]>&\"\nsource = \"reconstruction\"\n[server]\nidle-pool = 1\n\
                    [[client]]\nname = \"<b>&\\\"'%]]>\"\nscript = [\"connect\"]\n[[client]]\nname = \"zoe\"\nscript = [\"connect\"]\n";
    run.file("a&<\".toml", scenario);
    let check = "check --variant two-claimants --scenario a&<\".toml --checker exhaustive";
    let output = run.of(check);
    // A name that is not allowed is refused before anything runs; another one is escaped.
    match output.status.code() {
        Some(64) => {
            run.file("a&<\".toml", scenario.replace("<b>&\\\"'%]]>", "b"));
            reports(&run, 2, check);
        }
        _ => drop(reports(&run, 2, check)),
    }
    let (junit, sarif) = reports(&run, 2, &format!("{check} --out o&<\"'"));
    assert!(junit.contains("o&amp;&lt;&quot;"), "{junit}");
    assert!(sarif.to_string().contains("o&<\\\"'"), "{sarif}");
}

#[test]
fn two_reports_are_not_written_to_one_file() {
    let run = Run::new();
    let check = "check --variant fixed --scenario q245221";
    std::fs::create_dir(run.folder.path().join("there")).expect("writable");
    let others = [
        "r.out",
        "./r.out",
        "there/../r.out",
        "not-there/../r.out",
        "link/r.out",
    ];
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", run.folder.path().join("link")).expect("writable");
    for other in others {
        if cfg!(unix) || !other.starts_with("link") {
            run.ends_with(64, &format!("{check} --junit r.out --sarif {other}"));
        }
    }
    assert!(!run.folder.path().join("r.out").exists());
    run.ends_with(0, &format!("{check} --junit r.out --sarif there/r.out"));
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_runs() {
    let run = Run::new();
    let check = "check --variant fixed --scenario q245221";
    std::fs::create_dir(run.path("folder")).expect("writable");
    run.file("file", "");
    for option in ["--junit", "--sarif"] {
        run.is_refused(64, &format!("{check} {option} folder"), &["folder", option]);
        run.is_refused(64, &format!("{check} {option} file/x"), &["file/x", option]);
        run.is_refused(
            64,
            &format!("matrix --scenario q245221 {option} folder"),
            &["folder", option],
        );
    }
}

#[test]
fn each_checker_that_finds_something_says_what_and_the_victim_is_that_of_the_counterexample() {
    let run = Run::new();
    let check = "check --variant two-claimants --scenario q238186-default --executions 1000";
    let (junit, _) = reports(&run, 2, check);
    let failures = junit.matches("<failure ").count();
    assert!(failures > 1, "{junit}");
    assert_eq!(
        junit.matches("type=\"no-false-refusal\"").count(),
        failures,
        "{junit}"
    );
    // The counterexample is of a smaller scenario; its victim is named in front of it, too.
    let shown = junit.split("<failure ").find(|case| case.contains("why "));
    let shown = shown.expect("one has the counterexample");
    let victim = shown
        .split("message=\"no-false-refusal: ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("somebody is dropped");
    let why = shown
        .split("why ")
        .nth(1)
        .expect("it says why")
        .trim_start();
    assert!(why.starts_with(victim), "{victim}: {why}");
}
