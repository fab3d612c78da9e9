//! Random programs: the search of states sees exactly what enumerating every execution sees.
//!
//! `LOGON_CHECK_PROGRAMS` sets how many programs each test looks at; what cannot be parsed is an error.

mod alike;
mod compare;
mod office;
mod orbits;
mod sketch;
mod stage;
mod tickets;

use logon_sim::{Planted, Search};
use quickcheck::{Arbitrary, Gen, QuickCheck, Testable};

use crate::random_programs::alike::with_symmetry;
use crate::random_programs::compare::{Tally, counted, with_enumeration};
use crate::random_programs::orbits::of_office;
use crate::random_programs::sketch::{Alike, Different};
use crate::random_programs::tickets::Office;

/// The usual search, with fewer executions from scratch at its end: they are compared with enumeration as it is.
fn quick() -> Search {
    Search {
        max_steps_of_all: 500,
        max_steps_of_rounds: 100,
        ..Search::default()
    }
}

const SETTING: &str = "LOGON_CHECK_PROGRAMS";

/// How many programs the setting asks for.
///
/// # Errors
///
/// What is wrong with the setting.
fn asked_for(setting: Option<&str>) -> Result<u64, String> {
    match setting {
        None => Ok(1_000),
        Some(text) => match text.parse::<u32>() {
            Ok(number) if number > 0 => Ok(number.into()),
            _ => Err(format!(
                "{SETTING} is {text:?}; expected a number of programs, from 1"
            )),
        },
    }
}

/// Looks at as many programs as asked for, always the same ones, and at one in `share` of them only.
fn look_at(share: u64, seed: u64, law: impl Testable) -> Tally {
    let setting = std::env::var_os(SETTING).map(|text| text.to_string_lossy().into_owned());
    let asked = asked_for(setting.as_deref()).unwrap_or_else(|error| panic!("{error}"));
    let count = asked.div_ceil(share);
    QuickCheck::new()
        .rng(Gen::from_size_and_seed(40, seed))
        .tests(count)
        .max_tests(count)
        .quickcheck(law);
    let tally = counted();
    println!("{tally:?}");
    assert_eq!(tally.programs, count);
    tally
}

#[test]
fn a_setting_that_cannot_be_parsed_is_an_error() {
    assert_eq!(asked_for(None), Ok(1_000));
    assert_eq!(asked_for(Some("20000")), Ok(20_000));
    for wrong in ["", "0", "many", "-1", "1e4", "4294967296"] {
        assert!(asked_for(Some(wrong)).is_err(), "{wrong:?} is accepted");
    }
}

#[test]
fn the_search_sees_the_states_and_rests_of_every_execution_and_no_others() {
    let law: fn(Different) -> Result<(), String> = |program| with_enumeration(&program.0, None);
    let tally = look_at(1, 1, law);
    assert!(tally.skipped * 20 < tally.programs, "{tally:?}");
    assert!(tally.blocked * 5 > tally.programs, "{tally:?}");
    assert!(tally.endless * 50 > tally.programs, "{tally:?}");
    assert!(tally.endless_compared * 2 > tally.endless, "{tally:?}");
}

#[test]
fn actors_of_one_script_are_merged_into_exactly_one_state_for_each_orbit() {
    let law: fn(Alike) -> Result<(), String> = |program| with_symmetry(&program.0, None);
    let tally = look_at(1, 2, law);
    assert!(tally.skipped * 4 < tally.programs, "{tally:?}");
    assert!(tally.merged < tally.states, "{tally:?}");
}

#[test]
fn clerks_and_tickets_are_merged_into_exactly_one_state_for_each_orbit() {
    let law: fn(Office) -> Result<(), String> = |office| of_office(&office, None);
    let tally = look_at(4, 3, law);
    assert!(tally.skipped * 20 < tally.programs, "{tally:?}");
    assert!(tally.merged * 2 < tally.states, "{tally:?}");
}

/// How many of the first programs a law has no objection to.
fn passed<T: Arbitrary>(law: impl Fn(&T) -> Result<(), String>) -> usize {
    let mut source = Gen::from_size_and_seed(40, 4);
    let programs = (0..PLANTED).map(|_| T::arbitrary(&mut source));
    programs.filter(|program| law(program).is_ok()).count()
}

/// How many programs a planted fault has to show itself in.
const PLANTED: usize = 100;

/// Whether a law objects to some programs with a fault in the search, and to none without.
fn is_noticed<T: Arbitrary>(
    fault: Planted,
    law: impl Fn(&T, Option<Planted>) -> Result<(), String>,
) -> bool {
    let with_fault = passed(|program| law(program, Some(fault)));
    assert_eq!(passed(|program| law(program, None)), PLANTED);
    println!("{fault:?}: {} of {PLANTED}", PLANTED - with_fault);
    with_fault < PLANTED
}

#[test]
fn a_fault_of_the_search_is_noticed_in_the_first_hundred_programs() {
    let plain = |program: &Different, planted| with_enumeration(&program.0, planted);
    assert!(is_noticed(Planted::ForgottenWake, plain));
    assert!(is_noticed(Planted::DroppedChoice, plain));
    let alike = |program: &Alike, planted| with_symmetry(&program.0, planted);
    assert!(is_noticed(Planted::KeyWithoutObject, alike));
    assert!(is_noticed(Planted::DeadForLiving, of_office));
}
