//! `list`: what there is to choose from.

use logon_core::Variant;
use serde_json::{Value, json};

use super::arguments::{CheckFormat, ListArguments, Listed};
use super::{Failure, Status, print, print_json};
use crate::catalogue::{self, Expectation, Place, expected};
use crate::checker::Checker;
use crate::judge::Property;
use crate::portfolio::PORTFOLIO;
use crate::report::to_json;
use crate::scenario::presets;
use crate::stage::{AnySubject, Subjects};

pub(super) fn run(arguments: &ListArguments, subjects: &Subjects) -> Result<Status, Failure> {
    let rows = rows(arguments.what, subjects);
    match arguments.format {
        CheckFormat::Json => print_json(to_json(&rows)),
        CheckFormat::Text => {
            let cell = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let width = rows
                .iter()
                .map(|row| cell(row, "name").len())
                .max()
                .unwrap_or(0);
            let mut text = String::new();
            for row in &rows {
                let number = row["number"].as_str();
                let number = number.map_or(String::new(), |number| format!("{number:<7}"));
                text.push_str(&format!(
                    "{number}{:<width$}  {}",
                    cell(row, "name"),
                    cell(row, "sentence")
                ));
                if let Some(detail) = row["smallest"].as_str() {
                    let indent = " ".repeat(number.len());
                    text.push_str(&format!("\n{indent}{:<width$}  smallest: {detail}", ""));
                }
                if let Some(source) = row["source"].as_str() {
                    text.push_str(&format!("\n{:<width$}  source: {source}", ""));
                }
                text.push('\n');
            }
            print(&text)
        }
    }
}

/// The options with which `check` shows a defect: with a checker only where those that it runs by itself cannot see it.
pub(super) fn shown_by(variant: Variant, place: &Place) -> String {
    let is_beyond = |checker| expected(variant, place, checker) == Expectation::Beyond;
    let finds = |checker: &&Checker| {
        matches!(
            expected(variant, place, **checker),
            Expectation::Violated(_)
        )
    };
    let needed = PORTFOLIO.into_iter().all(is_beyond);
    let finder = needed.then(|| Checker::ALL.iter().find(finds)).flatten();
    let checker = finder.map_or(String::new(), |finder| format!(" --checker {finder}"));
    format!("{}{checker}", place.options())
}

fn variant(subject: &AnySubject) -> Value {
    let variant = subject.variant();
    let smallest = |variant| catalogue::smallest(variant).map(|place| shown_by(variant, &place));
    json!({
        "name": subject.name(),
        // One from outside has no number in the catalogue.
        "number": variant.map_or("-", Variant::number),
        "sentence": subject.sentence(),
        "smallest": variant.and_then(smallest),
    })
}

fn rows(what: Listed, subjects: &Subjects) -> Vec<Value> {
    match what {
        Listed::Variants => subjects.iter().map(variant).collect(),
        Listed::Scenarios => presets()
            .iter()
            .map(|preset| {
                let scenario = preset.scenario();
                json!({
                    "name": preset.name(),
                    "sentence": scenario.summary,
                    "source": scenario.source,
                    "actors": scenario.actor_count(),
                })
            })
            .collect(),
        Listed::Checkers => Checker::ALL
            .iter()
            .map(|checker| json!({ "name": checker.name(), "sentence": checker.sentence() }))
            .collect(),
        Listed::Properties => Property::ALL
            .iter()
            .map(|property| {
                json!({
                    "name": property.name(),
                    "number": property.number(),
                    "sentence": property.sentence(),
                })
            })
            .collect(),
    }
}
