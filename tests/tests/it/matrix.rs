//! The default matrix against the catalogue, and the catalogue against itself.
//!
//! loom, shuttle and real threads run in children, and the children are this very test program: the test
//! [`a_child_serves_its_cell`] does a child's work when it finds itself in one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use logon_core::Variant;
use logon_models::catalogue::{self, Expectation, Place};
use logon_models::cell::{self, Launcher};
use logon_models::checker::Checker;
use logon_models::judge::Property;
use logon_models::matrix::{Done, Plan};
use logon_models::outcome::Verdict;
use logon_models::render::matrix::{summary, surprise, text};
use logon_models::scenario::presets;
use logon_models::stage::Subjects;

#[test]
fn a_child_serves_its_cell() {
    if std::env::var_os(cell::CHILD).is_some() {
        cell::serve(&Subjects::variants());
    }
}

fn launcher() -> Launcher {
    let program = std::env::current_exe().expect("a test program has a file");
    Launcher::new(
        program,
        &["matrix::a_child_serves_its_cell", "--exact", "--nocapture"],
    )
}

const SEED: u64 = 1;

/// The default matrix. It takes half a minute, so it is run once.
static DONE: LazyLock<Vec<Done>> =
    LazyLock::new(|| Plan::new(false, SEED).run(&launcher(), |_| {}));

#[test]
fn every_cell_of_the_default_matrix_is_as_the_catalogue_predicts_and_leaves_no_hole() {
    let done: &[Done] = &DONE;
    let surprises: Vec<String> = done
        .iter()
        .filter(|done| !done.is_as_expected())
        .map(surprise)
        .collect();
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    every_defect_was_found(done);
    every_preset_was_exhausted(done);
    every_property_was_seen_to_fail(done);
}

fn every_defect_was_found(done: &[Done]) {
    let found: BTreeSet<Variant> = done
        .iter()
        .filter(|done| done.is_violated())
        .filter_map(|done| done.cell.variant())
        .collect();
    let missed: Vec<&Variant> = Variant::ALL
        .iter()
        .filter(|variant| variant.is_defect() && !found.contains(variant))
        .collect();
    assert!(missed.is_empty(), "no checker found {missed:?}");
}

/// The fixed algorithm, in every preset as it is, and with more clients where the catalogue says how many.
fn every_preset_was_exhausted(done: &[Done]) {
    let exhausted = done.iter().filter(|done| {
        done.cell.variant() == Some(Variant::Fixed) && done.cell.checker == Checker::Exhaustive
    });
    let exhausted: BTreeSet<Place> = exhausted
        .filter(|done| done.holds() && done.states().is_some())
        .map(|done| done.cell.place.clone())
        .collect();
    for preset in presets() {
        let place = Place::preset(preset.name());
        let larger = catalogue::larger(&place, false);
        for place in larger.into_iter().chain([place]) {
            assert!(exhausted.contains(&place), "{place} was not exhausted");
        }
    }
}

#[test]
fn a_preset_has_a_larger_size_if_its_number_of_clients_can_be_raised() {
    for preset in presets() {
        let place = Place::preset(preset.name());
        let own = preset.scenario().clients.len();
        let has_group = preset.scenario().scaling.group.is_some();
        let sizes = [false, true].map(|full| catalogue::larger(&place, full));
        assert!(
            sizes.iter().all(|size| size.is_some() == has_group),
            "{place}"
        );
        let clients: Vec<usize> = sizes
            .iter()
            .flatten()
            .map(|size| size.build().clients.len())
            .collect();
        assert!(
            clients.iter().all(|&clients| clients > own) && clients.is_sorted(),
            "{place}: {own} clients, then {clients:?}"
        );
    }
}

fn every_property_was_seen_to_fail(done: &[Done]) {
    let findings = done
        .iter()
        .filter_map(|done| done.outcome.as_ref().ok()?.finding.as_ref());
    let fell: BTreeSet<&str> = findings
        .flat_map(|f| f.properties.iter().map(String::as_str))
        .collect();
    // No defect of the catalogue ignores a demand; the wrong allocators of `liars` do.
    let properties = Property::ALL.iter();
    let expected = properties.filter(|property| **property != Property::AsAsked);
    let never: Vec<&str> = expected
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
        cell.variant() == Some(Variant::WorkerSelfDeadlock) && cell.checker == Checker::Random
    });
    plan.cells
        .iter_mut()
        .for_each(|cell| cell.expectation = Expectation::Holds);
    let done = plan.run(&launcher(), |_| {});
    assert!(!done.is_empty() && done.iter().all(|done| !done.is_as_expected()));
}

#[test]
fn the_readme_has_what_the_main_job_says_first() {
    let summary = summary(&DONE, true, SEED);
    let found = summary.split("\n\n").nth(1).expect("what was found");
    let readme = include_str!("../../../README.md");
    assert!(
        readme.contains(&format!("```text\n{found}```\n")),
        "{found}"
    );
}

#[test]
fn the_matrix_says_first_what_was_exhausted() {
    let shown = DONE.iter().filter(|done| {
        let shown =
            [Some(Variant::Fixed), Some(Variant::TwoClaimants)].contains(&done.cell.variant());
        shown && done.cell.checker == Checker::Exhaustive
    });
    let text = text(&shown.cloned().collect::<Vec<_>>(), true, SEED);
    let claim = format!(
        "in {0} of {0} scenarios every reachable state was visited",
        presets().len()
    );
    assert!(text.contains(&claim), "{text}");
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with("variant "));
    let heads = lines.next().expect("the heads of the columns");
    let columns: Vec<&str> = heads.split_whitespace().collect();
    assert_eq!(
        columns[..4],
        ["variant", "scenario", "exhaustive", "random"]
    );
    let end = heads.find("exhaustive").expect("a column") + "exhaustive".len();
    for line in lines.take_while(|line| !line.is_empty()) {
        let cell: String = line.chars().take(end).collect();
        let (mark, number) = cell
            .trim_end()
            .rsplit_once(' ')
            .expect("a symbol and a number");
        let states = number.replace(',', "").parse::<u64>();
        assert!(states.is_ok() && mark.ends_with(['✓', '✗']), "{line}");
    }
}
