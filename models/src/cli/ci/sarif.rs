//! What is wrong as SARIF 2.1.0, for services that show it at its line.
//!
//! Every result asks for something to be done, so a deliberate defect that falls as predicted is none: a service would
//! open an alert for it. A result is a counterexample, at its line. What has no line is a notification of the invocation:
//! what is incomplete, a fault, and what was predicted and did not come.

use serde_json::{Value, json};

use super::place::Place;
use super::{Case, Ending, Exhibit, Told};
use crate::artefact::folder_name;
use crate::judge::Property;
use crate::program;
use crate::render;

/// The whole document, ending with a newline.
pub(super) fn document(told: &Told<'_>) -> String {
    let results: Vec<Value> = told.cases.iter().filter_map(result).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": clean(program::name()),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            } },
            // Two runs of one tool must not have the same, and a service compares each with the last that has it.
            "automationDetails": { "id": format!("{}/", clean(&told.about)) },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(told)],
            "results": results,
        }],
    });
    crate::report::to_json(&document)
}

/// The properties.
fn rules() -> Vec<Value> {
    let rule = |property: &Property| {
        json!({
            "id": property.name(),
            "shortDescription": { "text": property.sentence() },
            "defaultConfiguration": { "level": "error" },
        })
    };
    Property::ALL.iter().map(rule).collect()
}

fn invocation(told: &Told<'_>) -> Value {
    let level = |case: &Case<'_>| match case.ending {
        Ending::Incomplete => Some("warning"),
        Ending::Fault => Some("error"),
        Ending::Failed if result(case).is_none() => Some("error"),
        _ => None,
    };
    let notification = |case: &Case<'_>| {
        level(case).map(|level| {
            let text = format!(
                "{} in {} by {}: {}",
                case.variant, case.scenario, case.checker, case.sentence
            );
            json!({ "level": level, "message": { "text": clean(&text) } })
        })
    };
    let notifications: Vec<Value> = told.cases.iter().filter_map(notification).collect();
    let is_fault = told.cases.iter().any(|case| case.ending == Ending::Fault);
    json!({
        "executionSuccessful": !is_fault,
        "exitCode": told.status as i32,
        "exitCodeDescription": clean(&told.verdict),
        "toolExecutionNotifications": notifications,
    })
}

/// A case that failed, if it has a counterexample and so a line; no service takes a result without one.
fn result(case: &Case<'_>) -> Option<Value> {
    let found = case
        .exhibit
        .as_ref()
        .filter(|_| case.ending == Ending::Failed)?;
    let place = Place::of_failing_step(found)?;
    let again = found.file().map_or(String::new(), |file| {
        format!("\n{} replay {}", program::command(), file.display())
    });
    let text = format!(
        "{} in {}: {}{again}",
        case.variant,
        case.scenario,
        found.why()
    );
    Some(json!({
        "ruleId": clean(found.property()),
        "level": "error",
        "message": { "text": clean(&text) },
        "locations": [{ "physicalLocation": physical(&place) }],
        "codeFlows": [{ "threadFlows": [flow(found)] }],
        // The same execution has the same, so a service knows it again.
        "partialFingerprints": { "execution/v1": clean(&folder_name(found.trace)) },
    }))
}

/// The execution, each step at its line.
fn flow(found: &Exhibit<'_>) -> Value {
    let steps = found.trace.steps.iter().enumerate();
    let locations = steps.map(|(index, step)| {
        let what = format!(
            "{}: {} `{}` on `{}`",
            step.actor, step.kind, step.label, step.object
        );
        let mut location = json!({ "message": { "text": clean(&what) } });
        if let Some(place) = Place::of(&step.location) {
            location["physicalLocation"] = physical(&place);
        }
        let importance = match found.failing_step() == Some(index + 1) {
            true => "essential",
            false => "important",
        };
        json!({ "location": location, "executionOrder": index + 1, "importance": importance })
    });
    let locations: Vec<Value> = locations.collect();
    json!({ "locations": locations })
}

fn physical(place: &Place) -> Value {
    json!({
        "artifactLocation": { "uri": render::path_address(&place.file), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": place.line },
    })
}

/// Text without what steers or hides.
fn clean(text: &str) -> String {
    render::clean(text)
}
