//! With which probabilities executions are drawn, where that can be computed.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::Word;
use logon_sim::{Actors, Pct, Pos, RandomWalk, Scheduler, SimWord, Urw};

use super::{apart, guarantee, load, median, orders, reorder, store, together, until_found};

const EXECUTIONS: u64 = 24_000;

/// Whether `count` of all executions is as it should be at this probability, within four standard deviations.
fn expect(counts: &BTreeMap<String, u64>, order: &str, probability: f64) {
    let count = counts.get(order).copied().unwrap_or_default() as f64;
    let mean = EXECUTIONS as f64 * probability;
    let deviation = (mean * (1.0 - probability)).sqrt();
    assert!(
        (count - mean).abs() <= 4.0 * deviation,
        "{order}: {count} times, expected {mean:.0} within four times {deviation:.1}; {counts:?}"
    );
}

fn drawn(
    program: &impl Fn(&mut Actors<'_>),
    scheduler: &mut dyn Scheduler,
) -> BTreeMap<String, u64> {
    orders(program, scheduler, (0, EXECUTIONS))
}

/// The chi-square statistic of these counts against the same count for each of so many orders.
fn chi_square(counts: &BTreeMap<String, u64>, orders: usize) -> f64 {
    let total: u64 = counts.values().sum();
    let mean = total as f64 / orders as f64;
    let seen: f64 = counts
        .values()
        .map(|&count| (count as f64 - mean).powi(2) / mean)
        .sum();
    seen + (orders - counts.len()) as f64 * mean
}

#[test]
fn a_uniform_walk_draws_every_interleaving_as_often_and_a_plain_one_does_not() {
    // 4 and 2 steps have 15 interleavings; above 36.1 is one sample in a thousand with 14 degrees of freedom.
    let program = apart(&[4, 2]);
    let known = drawn(&program, &mut Urw::with_counts(1, vec![4, 2]));
    assert!(chi_square(&known, 15) < 36.1, "{known:?}");
    let measured = orders(&program, &mut Urw::new(1), (10, EXECUTIONS));
    assert!(chi_square(&measured, 15) < 36.1, "{measured:?}");

    let plain = drawn(&program, &mut RandomWalk::new(1));
    assert!(chi_square(&plain, 15) > 1_000.0, "{plain:?}");
    expect(&plain, "bbaaaa", 1.0 / 4.0);
    expect(&plain, "aaaabb", 1.0 / 16.0);
    // What is not in proportion to the steps left is not uniform either.
    let wrong = drawn(&program, &mut Urw::with_counts(1, vec![2, 4]));
    assert!(chi_square(&wrong, 15) > 1_000.0, "{wrong:?}");
}

#[test]
fn a_uniform_walk_over_three_actors_is_uniform_too() {
    // 6! / (3! 2! 1!) interleavings; above 98.3 is one sample in a thousand with 59 degrees of freedom.
    let drawn = drawn(&apart(&[3, 2, 1]), &mut Urw::with_counts(5, vec![3, 2, 1]));
    assert!(chi_square(&drawn, 60) < 98.3, "{drawn:?}");
}

/// The guarantee is exactly the probability of these: `b` begins as the last, and nobody or `a` falls behind it.
#[test]
fn pct_draws_what_needs_so_many_changes_with_the_probability_it_promises() {
    let last_of_four = together(&[&[store], &[store], &[store], &[store]]);
    let mut pct = Pct::bounded(1, 1, 4);
    let counts = drawn(&last_of_four, &mut pct);
    let d_comes_last: u64 = counts
        .iter()
        .filter(|(order, _)| order.ends_with('d'))
        .map(|(_, count)| count)
        .sum();
    expect(&[("d".to_owned(), d_comes_last)].into(), "d", 1.0 / 4.0);
    let promised = pct.guarantee().expect("no execution was longer");
    assert_eq!(
        (promised, promised.probability()),
        (guarantee(4, 4, 1), 1.0 / 4.0)
    );

    let between = together(&[&[store, store], &[store]]);
    let mut pct = Pct::bounded(1, 2, 3);
    let counts = drawn(&between, &mut pct);
    expect(&counts, "aba", 1.0 / 6.0);
    let promised = pct.guarantee().expect("no execution was longer");
    assert!((promised.probability() - 1.0 / 6.0).abs() < 1e-12);
}

#[test]
fn pct_never_draws_a_change_twice_so_it_does_a_little_better_than_it_promises() {
    let in_turn = together(&[&[store, store], &[store, store]]);
    let mut pct = Pct::bounded(1, 3, 4);
    let counts = drawn(&in_turn, &mut pct);
    // `a` before `b`, a fall after step 1, and a deeper one after step 2: of 4 times 3 pairs one.
    expect(&counts, "abab", 1.0 / 24.0);
    let promised = pct.guarantee().expect("no execution was longer");
    assert!((promised.probability() - 1.0 / 32.0).abs() < 1e-12);
}

#[test]
fn pct_preempts_at_most_as_often_as_a_priority_falls() {
    for depth in 1..=4 {
        let mut most = 0;
        let program = apart(&[4, 3, 2]);
        let mut pct = Pct::bounded(3, depth, 9);
        super::sampled(&program, &mut pct, (0, 2_000), |execution| {
            most = most.max(execution.preemptions());
        });
        assert_eq!(most, depth - 1);
    }
}

/// `b`'s store comes last if each of `a`'s four operations beats its priority, which is drawn once: 1 in 5. A walk must
/// choose `a` four times.
#[test]
fn pos_decides_an_order_once_and_not_at_every_step() {
    let program = |actors: &mut Actors<'_>| {
        let [own, shared]: [SimWord; 2] = ["own", "shared"].map(|name| Word::new(name, 0));
        let other = shared.clone();
        actors.spawn("a", "a", move || {
            for step in 0..3 {
                own.store("write", step, SeqCst);
            }
            shared.store("write", 1, SeqCst);
        });
        actors.spawn("b", "b", move || other.store("write", 2, SeqCst));
    };
    expect(&drawn(&program, &mut Pos::new(1)), "aaaab", 1.0 / 5.0);
    expect(
        &drawn(&program, &mut RandomWalk::new(1)),
        "aaaab",
        1.0 / 16.0,
    );
}

/// `b` has lost against `a`'s first operation. If they are dependent it draws anew, and loses again with probability 1/2; if not,
/// it keeps a priority that has lost once, and loses again with 2/3.
#[test]
fn pos_draws_anew_for_who_is_dependent_on_the_step_and_for_nobody_else() {
    let dependent = drawn(&together(&[&[store, store], &[store]]), &mut Pos::new(1));
    expect(&dependent, "aab", 1.0 / 4.0);
    let one_reads = drawn(&together(&[&[store, store], &[load]]), &mut Pos::new(1));
    expect(&one_reads, "aab", 1.0 / 4.0);
    let both_read = drawn(&together(&[&[load, load], &[load]]), &mut Pos::new(1));
    expect(&both_read, "aab", 1.0 / 3.0);
}

#[test]
fn pos_finds_a_reordering_in_far_fewer_executions_than_a_walk() {
    let program = reorder(5);
    let found = |scheduler: &mut dyn Scheduler| until_found(&program, scheduler, 10_000);
    let pos = median((1..=51).map(|seed| found(&mut Pos::new(seed))).collect());
    let walk = (1..=51).map(|seed| found(&mut RandomWalk::new(seed)));
    let walk = median(walk.collect());
    assert!(3 * pos <= walk, "{pos} and {walk}");
}
