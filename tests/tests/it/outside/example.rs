//! The allocator of the example, whose permits are counted in a word: it holds wherever connections are limited, and two
//! that are almost like it are found.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Monitor, Primitives, Word};
use logon_core::{Allocator, Ending, LogonId, Observer, Refusal, Server};
use logon_models::check::Check;
use logon_models::checker::{Checker, Effort, Progress, exhaustive, random};
use logon_models::outcome::Verdict;
use logon_models::scenario::{Overrides, Scenario, presets};
use logon_models::trace::Reach;
use logon_tests::failing::find_failing;
use logon_tests::generate::{Size, scenarios};

use crate::outside::Outside;

#[path = "../../../../core/examples/outside_allocator/allocator.rs"]
mod allocator;

pub(crate) use allocator::OutsideAllocator;

/// The tempting form of the example: it refuses whenever the word is full, though somebody may be about to
/// give a permit back.
pub(crate) struct Hasty<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    permits: P::Word,
    maximum: u64,
}

impl<P: Primitives, O: Observer> Hasty<P, O> {
    fn change(&self, label: &'static str, change: impl Fn(u64) -> Option<u64>) -> bool {
        let mut out = self.permits.load("read the permits", SeqCst);
        while let Some(new) = change(out) {
            match self.permits.compare_exchange(label, out, new, SeqCst) {
                Ok(_) => return true,
                Err(found) => out = found,
            }
        }
        false
    }
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Hasty<P, O> {
    fn around(server: Server<O>) -> Self {
        Hasty {
            maximum: server
                .settings()
                .max_connections
                .map_or(u64::MAX, u64::from),
            server: P::Monitor::new("server", server),
            permits: P::Word::new("permits", 0),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        self.server
            .update("arrive", |server| server.arrive(logon))?;
        if !self.change("take a permit", |out| {
            (out < self.maximum).then_some(out + 1)
        }) {
            return Err(self.server.update("tell of the refusal", |server| {
                server.refuse(logon, Refusal::MaxConnections)
            }));
        }
        self.server.update("tell of the admission", |server| {
            let in_use = server.ledger().in_use() + 1;
            server.ledger_mut().set_in_use(in_use);
            server.register(logon);
        });
        Ok(())
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.server
            .update("disconnect", |server| server.disconnect(logon))?;
        self.change("give a permit back", |out| out.checked_sub(1));
        Ok(())
    }
}

/// Gives the permit of a client that disconnects back twice.
pub(crate) struct Generous<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Generous<P, O> {
    fn around(server: Server<O>) -> Self {
        Generous {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.server
            .update("disconnect", |server| server.disconnect(logon))?;
        self.server.update("give the permit back", |server| {
            server.ledger_mut().release();
        });
        Ok(())
    }
}

fn effort(executions: u64) -> Effort {
    Effort {
        executions,
        ..Effort::default()
    }
}

/// The presets, at each pool, with a maximum: their own, or one.
fn limited() -> Vec<Arc<Scenario>> {
    let mut limited = Vec::new();
    for preset in presets() {
        for idle_pool in 0..=2 {
            let overrides = Overrides {
                idle_pool: Some(idle_pool),
                ..Overrides::default()
            };
            let mut scenario = preset.scenario().with(&overrides).expect("a lawful pool");
            scenario.server.max_connections.get_or_insert(1);
            assert_eq!(scenario.check(), Ok(()));
            limited.push(Arc::new(scenario));
        }
    }
    limited
}

#[test]
fn the_examples_allocator_holds_in_every_preset_with_a_maximum() {
    for scenario in limited() {
        let outcome = random(&Outside::Example, &scenario, &effort(150)).expect("no fault");
        assert_eq!(
            outcome.verdict,
            Verdict::Holds,
            "{}: {outcome:#?}",
            scenario.name
        );
    }
}

#[test]
fn the_examples_allocator_holds_on_shuttle_too() {
    // Shuttle has no time.
    for scenario in limited().into_iter().filter(|it| it.time.is_none()) {
        let outcome = Checker::ShuttleRandom
            .run(&Outside::Example, &scenario, &effort(30), &Progress::new())
            .expect("no fault");
        assert_eq!(
            outcome.verdict,
            Verdict::Holds,
            "{}: {outcome:#?}",
            scenario.name
        );
    }
}

#[test]
fn the_examples_allocator_holds_in_generated_scenarios() {
    let caught = find_failing(&scenarios(Size::ALL), 5, 600, |scenario| {
        let outcome =
            random(&Outside::Example, scenario, &effort(30)).map_err(|fault| fault.to_string())?;
        outcome
            .finding
            .map_or(Ok(()), |finding| Err(finding.sentence))
    });
    caught.unwrap_or_else(|caught| panic!("{caught}"));
}

/// How many states are visited at most in each scenario.
const MOST_STATES: u64 = 4_000;

#[test]
fn every_state_of_the_examples_allocator_is_visited_where_there_are_not_too_many() {
    let mut exhausted = 0;
    for scenario in limited() {
        let effort = Effort {
            max_states: Some(MOST_STATES),
            ..Effort::default()
        };
        let outcome = exhaustive(&Outside::Example, &scenario, &effort).expect("no fault");
        match outcome.verdict {
            Verdict::Holds => exhausted += 1,
            Verdict::Incomplete => assert!(outcome.states >= Some(MOST_STATES), "{outcome:#?}"),
            Verdict::Violated => panic!("{}: {outcome:#?}", scenario.name),
        }
        assert!(outcome.warnings.is_empty(), "{:?}", outcome.warnings);
    }
    assert!(exhausted >= EXHAUSTED, "{exhausted}");
}

/// In how many scenarios that is, at least; in the others there are more than so many states.
const EXHAUSTED: usize = 36;

/// Finds it, and gives why it fails.
#[track_caller]
fn is_found(wrong: Outside, property: &str) -> String {
    let check = Check::new(wrong).in_preset("q187443-reconnect-at-max");
    let report = check
        .under([Checker::Exhaustive, Checker::Random])
        .executions(20_000)
        .run();
    let report = report.expect("no fault");
    assert_eq!(report.verdict(), Verdict::Violated, "{report}");
    for (checker, outcome) in &report.places()[0].verdicts {
        let finding = outcome.finding.as_ref().expect("it is wrong");
        assert_eq!(
            finding.property, property,
            "{checker}: {}",
            finding.sentence
        );
    }
    let trace = report.counterexamples().next().expect("it is explained");
    let explanation = trace.explanation.as_ref().expect("it fails");
    assert!(explanation.basis.exhausted, "{explanation:#?}");
    let rule = explanation.rule.as_ref().expect("it was compared");
    assert_ne!(rule.reach, Reach::Nothing, "{rule:#?}");
    explanation.why.clone()
}

#[test]
fn an_allocator_that_refuses_while_a_permit_is_on_its_way_back_is_found_and_explained() {
    let why = is_found(Outside::Hasty, "no-false-refusal");
    let read = "because bob's \"read the permits\" (step 15) reads 1, as alice wrote it (step 3), after alice disconnects";
    assert!(why.contains(read), "{why}");
}

#[test]
fn an_allocator_that_gives_a_permit_back_twice_is_found_and_explained() {
    is_found(Outside::Generous, "capacity");
}
