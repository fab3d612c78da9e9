//! S1-lin with few accounts against all accounts: histories of admissions at random, long ones and short ones.

use logon_core::observer::Departure;
use logon_core::{Fact, LogonId, Refusal};
use logon_models::judge::{Call, Errand, Section, Truth};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use super::Told;

/// What may be told next, of somebody of whom it makes sense.
#[derive(Clone, Copy, Debug)]
enum Next {
    Arrives,
    /// Of those under admission, counted from the oldest.
    IsAdmitted(usize),
    IsRefused(usize),
    GivesUp(usize),
    /// Of those who hold a permit.
    Leaves(usize),
}

fn next() -> impl Strategy<Value = Next> {
    let which = 0..6_usize;
    prop_oneof![
        4 => Just(Next::Arrives),
        3 => which.clone().prop_map(Next::IsAdmitted),
        3 => which.clone().prop_map(Next::IsRefused),
        1 => which.clone().prop_map(Next::GivesUp),
        2 => which.prop_map(Next::Leaves),
    ]
}

/// The facts of a history, each in a section of its own, with at most six under admission at a time.
fn history(most: u32, steps: &[Next]) -> Told {
    let (mut arriving, mut held) = (Vec::new(), Vec::new());
    let mut arrived = 0;
    let mut facts: Vec<Vec<Fact>> = Vec::new();
    for &step in steps {
        let pick = |from: &mut Vec<LogonId>, which: usize| {
            (!from.is_empty()).then(|| from.remove(which % from.len()))
        };
        let told = match step {
            Next::Arrives if arriving.len() < 6 => {
                let logon = LogonId(arrived);
                arrived += 1;
                arriving.push(logon);
                vec![Fact::Arrived { logon }]
            }
            Next::Arrives => continue,
            Next::IsAdmitted(which) => match pick(&mut arriving, which) {
                Some(logon) => {
                    held.push(logon);
                    vec![Fact::Admitted { logon }]
                }
                None => continue,
            },
            Next::IsRefused(which) => match pick(&mut arriving, which) {
                Some(logon) => {
                    let refusal = Refusal::MaxConnections;
                    let event = refusal.event().map(|event| Fact::Logged { logon, event });
                    [Fact::Refused { logon, refusal }]
                        .into_iter()
                        .chain(event)
                        .collect()
                }
                None => continue,
            },
            Next::GivesUp(which) => match pick(&mut arriving, which) {
                Some(logon) => vec![Fact::Abandoned { logon }],
                None => continue,
            },
            Next::Leaves(which) => match pick(&mut held, which) {
                Some(logon) => vec![Fact::Left {
                    logon,
                    departure: Departure::LoggedOff,
                }],
                None => continue,
            },
        };
        facts.push(told);
    }
    let section = |facts| Section {
        errand: Errand::of(Call::Nobody),
        facts,
    };
    Told {
        truth: Truth {
            max_connections: Some(most),
            logons_enabled: true,
            ..Truth::default()
        },
        sections: facts.into_iter().map(section).collect(),
        rest: None,
    }
}

#[test]
fn few_accounts_say_what_all_of_them_say() {
    // Most histories at random break the property soon, so each is cut before that, section by section, and goes on.
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 3_000,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let histories = (
        1..5_u32,
        proptest::collection::vec(next(), 1..40),
        any::<bool>(),
    );
    let lengths = std::cell::RefCell::new((0_usize, 0_usize));
    let result = runner.run(&histories, |(most, steps, lenient)| {
        // Leaves out each step that would break a property, if lenient: so lawful histories grow long.
        let mut kept: Vec<Next> = Vec::new();
        for &step in &steps {
            kept.push(step);
            let fell = history(most, &kept).to_both();
            let fell = fell.map_err(|parted| {
                proptest::test_runner::TestCaseError::fail(format!("{kept:?}: {parted:?}"))
            })?;
            let mut lengths = lengths.borrow_mut();
            match (fell.is_empty(), lenient) {
                (true, _) => lengths.0 += 1,
                (false, true) => {
                    lengths.1 += 1;
                    kept.pop();
                }
                (false, false) => {
                    lengths.1 += 1;
                    break;
                }
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (held, fell) = lengths.into_inner();
    assert!(held > 20_000 && fell > 3_000, "{held} hold, {fell} fall");
}
