//! The same allocators in long simulations: the judge is the same, and there it hears of them from another engine.

use logon_models::scenario::Scenario;
use logon_models::simulate::swarm::one;
use logon_models::simulate::{Options, Simulation, simulate};
use logon_models::stage::AnySubject;

use super::{POLLS, lawful, lies};

/// Where things take time as many sessions are expected under creation as there are workers, and whoever holds a lock while it
/// is held up makes all others late: see L6 in docs/invariants.md.
const SLOWER_THAN_EXPECTED: &[&str] = &[
    "creates_one_session_at_a_time",
    "holds_one_lock_around_everything",
];

/// The configurations in which each is tried, with so many clients.
const SEEDS: std::ops::RangeInclusive<u32> = 1..=12;
const LOGONS: u32 = 120;

#[test]
fn nobody_lawful_is_accused_in_a_simulation() {
    let mut accused = Vec::new();
    let all = lawful::all().into_iter();
    for lawful in all.filter(|lawful| !SLOWER_THAN_EXPECTED.contains(&lawful.name)) {
        let polls = POLLS.contains(&lawful.name);
        let subject = AnySubject::new(lawful);
        for seed in SEEDS {
            let line = one(&subject, seed, LOGONS);
            // Whoever polls may let no time pass, and is stopped.
            let is_right = match polls {
                true => line.fell.is_none(),
                false => !line.is_finding(),
            };
            if !is_right {
                accused.push(format!("{}: {line:?}", subject.name()));
            }
        }
    }
    assert!(accused.is_empty(), "{}", accused.join("\n"));
}

/// Clients at once, on a server that has no session for them yet.
fn burst(subject: &AnySubject) -> Result<Simulation, String> {
    let burst = Scenario::preset("q238186-burst").expect("it is a preset");
    let options = Options {
        stops: true,
        ..Options::default()
    };
    let ran = simulate(subject, &burst, &options).expect("clients are drawn");
    ran.map_err(|fault| fault.to_string())
}

#[test]
fn whoever_spins_is_stopped_and_named() {
    let polls = lawful::all()
        .into_iter()
        .find(|one| POLLS.contains(&one.name));
    let fault = burst(&AnySubject::new(polls.expect("it is lawful"))).expect_err("no time passes");
    assert!(fault.starts_with("client-"), "{fault}");
    assert!(
        fault.contains("somebody can still go on: an actor spins"),
        "{fault}"
    );
}

#[test]
fn a_wrong_answer_is_noted_when_it_is_given() {
    let mut all = lies::all().into_iter();
    let ghost = all.find(|liar| liar.name == "connect_answers_with_a_ghost");
    let subject = AnySubject::new(ghost.expect("it is a liar"));
    let fell = burst(&subject).expect("no fault");
    assert_eq!(fell.property(), Some("one-outcome"));
    // The run ends with the step after which the call returns.
    let report = fell.report();
    assert_eq!(report.fell.expect("it fell").at_ms, report.length_ms);
    assert_eq!(report.outcomes.served, 1, "the others are served later");
}

#[test]
fn most_liars_fall_in_a_few_simulations() {
    let all = lies::all();
    let falls = |liar: &super::Liar| {
        let subject = AnySubject::new(*liar);
        SEEDS
            .into_iter()
            .any(|seed| one(&subject, seed, LOGONS).is_finding())
    };
    let missed = all.iter().filter(|liar| !falls(liar));
    let missed: Vec<&str> = missed.map(|liar| liar.name).collect();
    assert!(
        missed.len() * 4 <= all.len(),
        "{} of {}: {missed:?}",
        missed.len(),
        all.len()
    );
}
