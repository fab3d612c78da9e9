//! An allocator that compares ids by order is not what the declared symmetry says. Nothing is merged for it unless it
//! claims to be symmetric, and so what is wrong with it is found.

use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Ending, LogonId, Server};
use logon_models::checker::{Effort, exhaustive};
use logon_models::outcome::Verdict;
use logon_models::scenario::{Overrides, Scenario};
use logon_models::stage::Subject;

/// Believes that the pool is in the order of the ids, and gives a logon up when it is not.
struct SortedPool<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for SortedPool<P, O> {
    fn around(server: Server<O>) -> Self {
        SortedPool {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.server().update("claim or queue", |server| {
            let ids: Vec<_> = server.idle().iter().map(|claim| claim.session).collect();
            if ids.is_sorted() {
                server.claim_or_queue(logon)
            } else {
                server.hang_up(logon);
                Err(Ending::Gone)
            }
        })
    }
}

/// The subject, which may claim to be symmetric although it is not.
#[derive(Clone, Copy)]
struct Ordered {
    claims_symmetry: bool,
}

impl Subject for Ordered {
    fn name(&self) -> &str {
        "sorted-pool"
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Arc::new(SortedPool::<P, O>::around(server))
    }

    fn is_symmetric(&self) -> bool {
        self.claims_symmetry
    }
}

/// Two clients, and two workers who publish in either order.
fn two_workers() -> Arc<Scenario> {
    let scenario = Scenario::preset("q238186-default").expect("it is a preset");
    let overrides = Overrides {
        clients: Some(2),
        creation_workers: Some(2),
        ..Overrides::default()
    };
    Arc::new(scenario.with(&overrides).expect("it makes sense"))
}

#[test]
fn an_allocator_that_compares_ids_is_seen_through_because_nothing_is_merged() {
    let honest = Ordered {
        claims_symmetry: false,
    };
    let outcome = exhaustive(&honest, &two_workers(), &Effort::default());
    let outcome = outcome.expect("nothing is at fault");
    assert_eq!(outcome.verdict, Verdict::Violated);
    assert!(!outcome.coverage.to_string().contains("every reachable"));
}

/// What is declared and is not so must never be found to be *violated* wrongly; today it may pass unnoticed.
#[test]
fn a_wrong_claim_of_symmetry_is_a_fault_or_goes_unnoticed_by_chance() {
    let boaster = Ordered {
        claims_symmetry: true,
    };
    let effort = |seed| Effort {
        seed,
        ..Effort::default()
    };
    let noticed =
        (0..20).filter(
            |&seed| match exhaustive(&boaster, &two_workers(), &effort(seed)) {
                Ok(outcome) => outcome.verdict == Verdict::Violated,
                Err(_) => true,
            },
        );
    let noticed = noticed.count();
    assert!(
        (1..20).contains(&noticed),
        "{noticed} of 20: if it is always noticed now, say so here and in `Subject::is_symmetric`"
    );
}
