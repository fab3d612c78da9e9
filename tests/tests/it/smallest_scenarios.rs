//! The catalogue's smallest places, confirmed by visiting every state: the defect shows there at once, and with
//! one thing less it does not.

use logon_core::Variant;
use logon_models::catalogue::{self, Expectation, Place};
use logon_models::checker::{Checker, Effort, exhaustive};
use logon_models::outcome::{Outcome, Verdict};
use logon_models::scenario::Scenario;
use logon_models::shrink::reductions;

/// The defects that need no weak memory, each with its smallest place.
fn places() -> impl Iterator<Item = (Variant, Place)> {
    let defects = Variant::ALL.iter().copied();
    defects
        .filter(|variant| variant.is_defect())
        .filter_map(|defect| {
            let place = catalogue::smallest(defect)?;
            let expected = catalogue::expected(defect, &place, Checker::Exhaustive);
            (expected != Expectation::Beyond).then_some((defect, place))
        })
}

fn search(variant: Variant, scenario: &Scenario) -> Outcome {
    let scenario = std::sync::Arc::new(scenario.clone());
    exhaustive(&variant, &scenario, &Effort::default()).expect("a defect is no fault")
}

#[test]
fn every_defect_without_weak_memory_shows_in_its_smallest_place_within_a_second() {
    assert_eq!(places().count(), 19);
    for (defect, place) in places() {
        let outcome = search(defect, &place.build());
        let found = outcome.finding.as_ref().map(|found| &found.property);
        assert_eq!(outcome.verdict, Verdict::Violated, "{defect} in {place}");
        assert!(
            found.is_some_and(|found| catalogue::properties(defect).contains(found)),
            "{defect} in {place}: {found:?}"
        );
        assert!(outcome.cpu_seconds < 1.0, "{defect} in {place}");
    }
}

#[test]
fn with_one_thing_less_no_defect_shows() {
    for (defect, place) in places() {
        let scenario = place.build();
        let mut held = 0;
        let mut shows = Vec::new();
        for less in reductions(&scenario) {
            if less.scenario.check().is_err() {
                continue;
            }
            match search(defect, &less.scenario).verdict {
                Verdict::Holds => held += 1,
                Verdict::Violated => shows.push(less.what),
                Verdict::Incomplete => panic!("{defect} in {place}: there is no limit"),
            }
        }
        assert!(
            shows.is_empty(),
            "{defect} in {place} shows without {shows:?}, and {held} hold"
        );
    }
}
