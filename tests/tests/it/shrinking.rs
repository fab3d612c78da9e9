//! Defects found in generated scenarios, and shrunk: the smallest scenario is a file that shows the same
//! defect again.

use std::fs;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::{Effort, random};
use logon_models::outcome::Finding;
use logon_models::scenario::Scenario;
use logon_models::trace::{Record, record};
use logon_sim::Replay;
use logon_tests::failing::{Failing, find_failing};
use logon_tests::generate::{Size, scenarios};

/// Enough executions that shrinking does not lose a defect to chance.
fn effort() -> Effort {
    Effort {
        executions: 300,
        ..Effort::default()
    }
}

fn finding(variant: Variant, scenario: &Arc<Scenario>) -> Option<Finding> {
    random(&variant, scenario, &effort())
        .expect("a defect is no fault")
        .finding
}

/// The first generated scenario in which any property falls for `variant`, shrunk as long as any does.
fn catch(variant: Variant) -> Box<Failing> {
    let caught = find_failing(&scenarios(Size::ALL), 1, 2_000, |scenario| {
        finding(variant, scenario).map_or(Ok(()), |finding| Err(finding.property))
    });
    caught.expect_err("some generated scenario shows the defect")
}

/// Shrinks, writes, reads back, and looks again: the same seed finds the same, and its schedule replays.
#[track_caller]
fn shrinks(variant: Variant, property: &str, most_actors: usize, most_operations: usize) {
    let caught = catch(variant);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shrunk.toml");
    fs::write(&file, caught.scenario.to_toml()).expect("the file is written");

    let read = Scenario::load(&file).expect("what was written can be read");
    assert_eq!(read, caught.scenario);
    let read = Arc::new(read);
    let found = finding(variant, &read).expect("the same seed finds it again");
    assert_eq!(found.property, property, "{caught}");
    let Record { trace, .. } = record(&variant, &read, &mut Replay::new(&found.schedule), "random");
    let replayed = trace.violation.expect("the schedule shows it");
    assert_eq!(
        (replayed.property, replayed.sentence),
        (found.property, found.sentence)
    );

    assert!(
        read.actor_count() <= most_actors,
        "{} actors: {caught}",
        read.actor_count()
    );
    let operations: usize = read.clients.iter().map(|client| client.script.len()).sum();
    assert!(
        operations <= most_operations,
        "{operations} operations: {caught}"
    );
    let fixed = random(&Variant::Fixed, &read, &effort()).expect("no fault");
    assert_eq!(
        fixed.finding, None,
        "the defect is to blame, not the scenario: {caught}"
    );
}

#[test]
fn two_claimants_shrinks_to_two_clients_that_connect() {
    shrinks(Variant::TwoClaimants, "no-false-refusal", 3, 2);
}

#[test]
fn hangup_leak_shrinks_to_one_client_whose_line_is_cut() {
    shrinks(Variant::HangupLeak, "bounded-creation", 3, 1);
}

#[test]
fn lost_update_shrinks_to_two_clients_that_connect() {
    // Without a maximum: the ledger is off, and no property of safety can fall before that one.
    shrinks(Variant::LostUpdate, "conservation", 3, 2);
}

#[test]
fn empty_pool_refuses_shrinks_to_one_client() {
    shrinks(Variant::EmptyPoolRefuses, "no-false-refusal", 2, 1);
}

#[test]
fn stuck_down_shrinks_to_two_clients_and_a_failing_creation() {
    // Without a pool the generator lets a creation fail only if somebody is left to be served.
    shrinks(Variant::StuckDown, "cleanup", 3, 2);
}
