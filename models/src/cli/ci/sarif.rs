//! What is wrong as SARIF 2.1.0, for services that show it at its line.
//!
//! Every result asks for something to be done, so a deliberate defect that falls as predicted is none: a service would
//! open an alert for it. What is incomplete and what is a fault are notifications of the invocation, for no line is to
//! blame.

use serde_json::{Value, json};

use super::place::Place;
use super::{Case, Ending, Exhibit, Told};
use crate::artefact::folder_name;
use crate::judge::Property;
use crate::program;
use crate::render;

/// The whole document, ending with a newline.
pub(super) fn document(told: &Told<'_>) -> String {
    let wrong = told.cases.iter();
    let wrong: Vec<&Case<'_>> = wrong.filter(|case| case.ending == Ending::Failed).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": clean(program::name()),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(told)],
            "results": wrong.iter().map(|case| result(case)).collect::<Vec<_>>(),
        }],
    });
    crate::report::to_json(&document)
}

/// The rule of a case without a counterexample: what it should say, it did not.
const UNPREDICTED: &str = "as-predicted";

/// The properties, and what is none of them.
fn rules() -> Vec<Value> {
    let rule = |id: &str, sentence: &str| {
        json!({
            "id": id,
            "shortDescription": { "text": sentence },
            "defaultConfiguration": { "level": "error" },
        })
    };
    let properties = Property::ALL.iter();
    let properties = properties.map(|property| rule(property.name(), property.sentence()));
    let unpredicted = rule(
        UNPREDICTED,
        "Every cell of the matrix is as the catalogue predicts.",
    );
    properties.chain([unpredicted]).collect()
}

fn invocation(told: &Told<'_>) -> Value {
    let level = |case: &Case<'_>| match case.ending {
        Ending::Incomplete => Some("warning"),
        Ending::Fault => Some("error"),
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

fn result(case: &Case<'_>) -> Value {
    let mut result = json!({
        "ruleId": UNPREDICTED,
        "level": "error",
        "message": { "text": clean(&case.sentence) },
    });
    if let Some(found) = &case.exhibit {
        let again = found.file().map_or(String::new(), |file| {
            format!("\n{} replay {}", program::command(), file.display())
        });
        let text = format!(
            "{} in {}: {}{again}",
            case.variant,
            case.scenario,
            found.why()
        );
        result["ruleId"] = json!(clean(found.property()));
        result["message"] = json!({ "text": clean(&text) });
        result["codeFlows"] = json!([{ "threadFlows": [flow(found)] }]);
        // The same execution has the same, so a service knows it again.
        result["partialFingerprints"] = json!({ "execution/v1": clean(&folder_name(found.trace)) });
    }
    let found = case.exhibit.as_ref();
    if let Some(place) = found.and_then(Place::of_failing_step) {
        result["locations"] = json!([{ "physicalLocation": physical(&place) }]);
    }
    result
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
