//! The example's data structure of its own: it holds wherever every state is visited, and what is left out of it is found.

use std::sync::Arc;

use logon_models::checker::{Effort, exhaustive, random};
use logon_models::outcome::Verdict;
use logon_models::scenario::{Scenario, presets};
use logon_tests::failing::find_failing;
use logon_tests::generate::{Size, scenarios};

use super::Outside;

#[path = "../../../../models/examples/outside/sharded/mod.rs"]
pub(crate) mod system;

/// How many states are visited at most in each scenario, and in how many scenarios there are no more, at least.
const MOST_STATES: u64 = 8_000;
const EXHAUSTED: usize = 17;

#[test]
fn every_state_of_the_system_is_visited_where_there_are_not_too_many() {
    let mut exhausted = 0;
    for preset in presets() {
        let effort = Effort {
            max_states: Some(MOST_STATES),
            ..Effort::default()
        };
        let scenario = Arc::new(preset.scenario());
        let outcome = exhaustive(&Outside::Sharded, &scenario, &effort).expect("no fault");
        match outcome.verdict {
            Verdict::Holds => exhausted += 1,
            Verdict::Incomplete => assert!(outcome.states >= Some(MOST_STATES), "{outcome:#?}"),
            Verdict::Violated => panic!("{}: {outcome:#?}", scenario.name),
        }
    }
    assert!(exhausted >= EXHAUSTED, "{exhausted}");
}

#[test]
fn the_system_holds_in_generated_scenarios() {
    let caught = find_failing(&scenarios(Size::ALL), 5, 300, |scenario| {
        let effort = Effort {
            executions: 30,
            ..Effort::default()
        };
        let outcome =
            random(&Outside::Sharded, scenario, &effort).map_err(|fault| fault.to_string())?;
        outcome
            .finding
            .map_or(Ok(()), |finding| Err(finding.sentence))
    });
    caught.unwrap_or_else(|caught| panic!("{caught}"));
}

#[track_caller]
fn falls(wrong: Outside, preset: &str, property: &str) {
    let scenario = Arc::new(Scenario::preset(preset).expect("built in"));
    let outcome = exhaustive(&wrong, &scenario, &Effort::default()).expect("no fault");
    let finding = outcome.finding.expect("it is wrong");
    assert_eq!(finding.property, property, "{}", finding.sentence);
}

#[test]
fn a_session_put_into_a_shard_without_a_look_at_the_line_is_lost() {
    falls(Outside::Forgetful, "q219540-broken-handoff", "termination");
}

#[test]
fn a_newcomer_refused_while_a_permit_is_on_its_way_back_is_refused_falsely() {
    falls(
        Outside::HastyPool,
        "q187443-reconnect-at-max",
        "no-false-refusal",
    );
}
