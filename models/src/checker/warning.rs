//! What whoever reads a verdict must know of it: where the checker takes the program for another one than it is.
//!
//! It comes from the run, which has seen with which memory orderings words were used, and from nowhere else: an
//! allocator that nobody has heard of is warned of like any other.

use logon_sim::WordOrders;

use super::Checker;
use crate::scenario::Scenario;

/// The sentences that go with a verdict of `checker` in `scenario`, for a run in which words were used with these
/// orders; none for a program that uses no words.
pub(crate) fn warnings(checker: Checker, orders: WordOrders, scenario: &Scenario) -> Vec<String> {
    let sentence = match checker {
        Checker::Loom => orders.seq_cst.then(|| {
            "words were used with SeqCst, which loom 0.7.3 takes for acquire-release: it may raise a false alarm"
                .to_owned()
        }),
        Checker::Std => orders.are_weak().then(|| {
            format!(
                "{}, and every operation on a word is recorded under a lock, which makes it as good as \
                 sequentially consistent: {}",
                weaker(orders),
                elsewhere(scenario)
            )
        }),
        _ => orders.are_weak().then(|| {
            let sees = match checker.visits_states() {
                true => "visits the states of sequential consistency alone",
                false => "runs executions under sequential consistency alone",
            };
            format!(
                "{}, and {checker} {sees}: {}",
                weaker(orders),
                elsewhere(scenario)
            )
        }),
    };
    sentence.into_iter().collect()
}

fn weaker(orders: WordOrders) -> String {
    let weak = WordOrders {
        seq_cst: false,
        ..orders
    };
    format!("words were used with orders weaker than SeqCst ({weak})")
}

/// Who looks at what a weak memory allows.
fn elsewhere(scenario: &Scenario) -> String {
    let loom = Checker::Loom;
    let most = loom.most_actors();
    let too_many = most.filter(|&most| scenario.actor_count() > most);
    let fewer = too_many.map_or(String::new(), |most| {
        let actors = scenario.actor_count();
        format!(", in a smaller scenario: it holds {most} actors, and here are {actors}")
    });
    format!(
        "of what a weak memory allows besides this verdict says nothing; {loom} looks at that{fewer}"
    )
}
