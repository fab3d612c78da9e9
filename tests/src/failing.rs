//! Generated scenarios, one after the other, until one fails; that one is shrunk.
//!
//! The list of scenarios is fixed by a number, so it can be repeated. Nothing is kept between two runs.

use std::fmt;
use std::sync::Arc;

use logon_models::scenario::Scenario;
use proptest::prelude::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// A scenario that failed, as small as shrinking got it.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The scenario.
    pub scenario: Scenario,
    /// What is the matter with it.
    pub reason: String,
    /// The number of the list it is from.
    pub list: u64,
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failing {
            scenario,
            reason,
            list,
        } = self;
        write!(
            f,
            "{reason}\nshrunk from list {list} of scenarios to\n\n{}",
            scenario.to_toml()
        )
    }
}

/// The runner over the list of this number.
pub fn runner(list: u64, cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4_096,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&list.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// Shows `cases` scenarios of a list to `inspect`, until it objects to one.
///
/// # Errors
///
/// The scenario it objected to, shrunk as long as it objects.
///
/// # Panics
///
/// When `inspect` panics, or the strategy discards too much.
pub fn find_failing(
    strategy: &impl Strategy<Value = Scenario>,
    list: u64,
    cases: u32,
    inspect: impl Fn(&Arc<Scenario>) -> Result<(), String>,
) -> Result<(), Box<Failing>> {
    let ran = runner(list, cases).run(strategy, |scenario| {
        inspect(&Arc::new(scenario)).map_err(TestCaseError::fail)
    });
    match ran {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, scenario)) => Err(Box::new(Failing {
            scenario,
            reason: reason.message().to_owned(),
            list,
        })),
        Err(TestError::Abort(reason)) => panic!("the generated scenarios were given up: {reason}"),
    }
}
