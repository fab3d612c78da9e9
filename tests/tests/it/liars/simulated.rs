//! The same allocators in long simulations: the judge is the same, and there it hears of them from another engine.

use logon_models::simulate::swarm::one;
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
