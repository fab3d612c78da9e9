//! The default matrix against the catalogue, and the catalogue against itself.
//!
//! loom, shuttle and real threads run in children, and the children are this very test program: the test
//! [`a_child_serves_its_cell`] does a child's work when it finds itself in one.

use std::collections::BTreeSet;

use logon_core::Variant;
use logon_models::catalogue::{self, Expectation};
use logon_models::cell::{self, Launcher};
use logon_models::checker::Checker;
use logon_models::judge::Property;
use logon_models::matrix::{Done, Plan};
use logon_models::outcome::Verdict;
use logon_models::render::matrix::surprise;

#[test]
fn a_child_serves_its_cell() {
    if std::env::var_os(cell::CHILD).is_some() {
        cell::serve();
    }
}

fn launcher() -> Launcher {
    let program = std::env::current_exe().expect("a test program has a file");
    Launcher::new(
        program,
        &["a_child_serves_its_cell", "--exact", "--nocapture"],
    )
}

#[test]
fn every_cell_of_the_default_matrix_is_as_the_catalogue_predicts_and_leaves_no_hole() {
    let done = Plan::new(false, 1).run(&launcher(), |_| {});
    let surprises: Vec<String> = done
        .iter()
        .filter(|done| !done.is_as_expected())
        .map(surprise)
        .collect();
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    every_defect_was_found(&done);
    every_property_was_seen_to_fail(&done);
}

fn every_defect_was_found(done: &[Done]) {
    let found: BTreeSet<Variant> = done
        .iter()
        .filter(|done| done.is_violated())
        .map(|done| done.cell.variant)
        .collect();
    let missed: Vec<&Variant> = Variant::ALL
        .iter()
        .filter(|variant| variant.is_defect() && !found.contains(variant))
        .collect();
    assert!(missed.is_empty(), "no checker found {missed:?}");
}

fn every_property_was_seen_to_fail(done: &[Done]) {
    let findings = done
        .iter()
        .filter_map(|done| done.outcome.as_ref().ok()?.finding.as_ref());
    let fell: BTreeSet<&str> = findings
        .flat_map(|f| f.properties.iter().map(String::as_str))
        .collect();
    let never: Vec<&str> = Property::ALL
        .iter()
        .map(|property| property.name())
        .filter(|name| !fell.contains(name))
        .collect();
    assert!(never.is_empty(), "no defect was seen to violate {never:?}");
}

#[test]
fn every_defect_has_a_smallest_place_in_which_some_checker_must_find_it() {
    for &defect in Variant::ALL.iter().filter(|variant| variant.is_defect()) {
        let place =
            catalogue::smallest(defect).unwrap_or_else(|| panic!("{defect} has no smallest place"));
        let must = Checker::ALL.iter().filter(|&&checker| {
            matches!(
                catalogue::expected(defect, &place, checker),
                Expectation::Violated(_)
            )
        });
        assert!(must.count() > 0, "nobody must find {defect} in {place}");
    }
}

#[test]
fn the_fixed_algorithm_is_expected_to_hold_everywhere() {
    for place in catalogue::all_places(Variant::Fixed) {
        for &checker in Checker::ALL {
            assert_eq!(
                catalogue::expected(Variant::Fixed, &place, checker),
                Expectation::Holds
            );
        }
    }
}

#[test]
fn relaxed_publication_is_beyond_every_checker_without_a_memory_model() {
    let place = catalogue::smallest(Variant::RelaxedPublication).expect("it has a smallest place");
    for &checker in Checker::ALL {
        let expected = catalogue::expected(Variant::RelaxedPublication, &place, checker);
        match checker {
            Checker::Loom => assert!(matches!(expected, Expectation::Violated(_))),
            // Real threads may have a weak memory, depending on the machine.
            Checker::Std => assert!(matches!(expected, Expectation::MayBeViolated(_))),
            _ => assert_eq!(expected, Expectation::Beyond, "{checker}"),
        }
    }
}

#[test]
fn an_outcome_that_is_not_expected_is_noticed() {
    let capacity = BTreeSet::from(["capacity".to_owned()]);
    let must = Expectation::Violated(capacity.clone());
    let may = Expectation::MayBeViolated(capacity);
    let cases = [
        (
            Expectation::Holds,
            Verdict::Violated,
            Some("capacity"),
            false,
        ),
        (Expectation::Holds, Verdict::Holds, None, true),
        (
            Expectation::Beyond,
            Verdict::Violated,
            Some("capacity"),
            false,
        ),
        (must.clone(), Verdict::Holds, None, false),
        (must.clone(), Verdict::Incomplete, None, false),
        (must.clone(), Verdict::Violated, Some("identity"), false),
        (must, Verdict::Violated, Some("capacity"), true),
        (may.clone(), Verdict::Violated, Some("identity"), false),
        (may, Verdict::Holds, None, true),
    ];
    for (expectation, verdict, property, met) in cases {
        assert_eq!(
            expectation.is_met_by(verdict, property),
            met,
            "{expectation:?} {verdict} {property:?}"
        );
    }
}

#[test]
fn a_defect_where_the_fixed_algorithm_was_expected_is_not_as_expected() {
    let mut plan = Plan::new(false, 1);
    plan.cells.retain(|cell| {
        cell.variant == Variant::WorkerSelfDeadlock && cell.checker == Checker::Random
    });
    plan.cells
        .iter_mut()
        .for_each(|cell| cell.expectation = Expectation::Holds);
    let done = plan.run(&launcher(), |_| {});
    assert!(!done.is_empty() && done.iter().all(|done| !done.is_as_expected()));
}
