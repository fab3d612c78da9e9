//! The fixed algorithm in generated situations: no checker finds a violation.
//!
//! `LOGON_CHECK_SCENARIOS` sets how many scenarios the checker `random` is given; what cannot be parsed is an
//! error.

use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::{Checker, Effort, Progress, random};
use logon_models::outcome::Verdict;
use logon_models::scenario::Scenario;
use logon_tests::failing::find_failing;
use logon_tests::generate::{Size, scenarios};

const SETTING: &str = "LOGON_CHECK_SCENARIOS";

/// How many scenarios the setting asks for.
///
/// # Errors
///
/// What is wrong with the setting.
fn asked_for(setting: Option<&str>) -> Result<u32, String> {
    match setting {
        None => Ok(1_000),
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(format!(
                "{SETTING} is {text:?}; expected a number of scenarios, from 1"
            )),
        },
    }
}

fn effort(executions: u64) -> Effort {
    Effort {
        executions,
        preemption_bounds: vec![Some(1)],
        ..Effort::default()
    }
}

/// Objects to a scenario in which `checker` says anything but that the properties hold.
fn inspect(checker: Checker, scenario: &Arc<Scenario>, effort: &Effort) -> Result<(), String> {
    let seed = effort.seed;
    let outcome = match checker {
        Checker::Random => random(&Variant::Fixed, scenario, effort),
        other => other.run(&Variant::Fixed, scenario, effort, &Progress::new()),
    };
    let outcome = outcome.map_err(|fault| format!("{checker}, seed {seed}: fault: {fault}"))?;
    if let Some(finding) = outcome.finding {
        let properties = finding.properties.join(", ");
        return Err(format!(
            "{checker}, seed {seed}: {properties}: {}",
            finding.sentence
        ));
    }
    // loom does not finish every scenario within its executions, and says so.
    let unfinished = checker == Checker::Loom && outcome.verdict == Verdict::Incomplete;
    if outcome.verdict == Verdict::Holds || unfinished {
        return Ok(());
    }
    Err(format!(
        "{checker}, seed {seed}: {:?}: {:?}",
        outcome.verdict, outcome.limit
    ))
}

#[test]
fn a_setting_that_cannot_be_parsed_is_an_error() {
    assert_eq!(asked_for(None), Ok(1_000));
    assert_eq!(asked_for(Some("10000")), Ok(10_000));
    for wrong in ["", "0", "many", "-1", "1e4", "4294967296"] {
        assert!(asked_for(Some(wrong)).is_err(), "{wrong:?} is accepted");
    }
}

#[test]
fn no_generated_scenario_violates_a_property_on_the_own_runtime() {
    let setting = std::env::var_os(SETTING).map(|text| text.to_string_lossy().into_owned());
    let count = asked_for(setting.as_deref()).unwrap_or_else(|error| panic!("{error}"));
    let effort = effort(30);
    find_failing(&scenarios(Size::ALL), 1, count, |scenario| {
        inspect(Checker::Random, scenario, &effort)
    })
    .unwrap_or_else(|caught| panic!("{caught}"));
}

#[test]
fn no_generated_scenario_violates_a_property_on_shuttle() {
    let effort = effort(20);
    find_failing(&scenarios(Size::ALL), 2, 300, |scenario| {
        inspect(Checker::ShuttleRandom, scenario, &effort)
    })
    .unwrap_or_else(|caught| panic!("{caught}"));
}

#[test]
fn no_tiny_generated_scenario_violates_a_property_on_loom() {
    let effort = effort(100);
    find_failing(&scenarios(Size::TINY), 3, 40, |scenario| {
        inspect(Checker::Loom, scenario, &effort)
    })
    .unwrap_or_else(|caught| panic!("{caught}"));
}

#[test]
fn no_generated_scenario_violates_a_property_on_real_threads() {
    let effort = effort(5);
    find_failing(&scenarios(Size::ALL), 4, 40, |scenario| {
        inspect(Checker::Std, scenario, &effort)
    })
    .unwrap_or_else(|caught| panic!("{caught}"));
}
