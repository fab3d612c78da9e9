//! When PCT promises something, and that no size is too large for it.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Chance, Word};
use logon_sim::{
    Actors, Config, Guarantee, Limits, Named, Pct, Sampler, SimChance, SimWord, Simulation, Urw,
};

use super::{apart, guarantee, orders, store, together};

#[test]
fn nothing_is_promised_where_an_execution_was_longer_or_nobody_said_how_long_they_are_yet() {
    let program = together(&[&[store, store], &[store]]);
    let mut short = Pct::bounded(1, 2, 2);
    orders(&program, &mut short, (0, 100));
    assert_eq!(short.guarantee(), None);

    let mut measured = Pct::new(1, 2);
    orders(&program, &mut measured, (0, 10));
    assert_eq!(
        measured.guarantee(),
        None,
        "nothing was run under the bound yet"
    );
    orders(&program, &mut measured, (0, 1));
    assert_eq!(measured.guarantee(), Some(guarantee(2, 3, 2)));
}

/// Runs so many executions that may take three steps each.
fn cut_short_after_three_steps(
    program: &impl Fn(&mut Actors<'_>),
    pct: &mut Pct,
    executions: u64,
) -> u64 {
    let config = Config {
        max_steps: 3,
        ..Config::default()
    };
    let mut simulation = Simulation::new(config);
    let done = simulation.explore(program, pct, Limits::executions(executions), |_| {
        ControlFlow::Continue(())
    });
    done.cut_short
}

#[test]
fn nothing_is_promised_once_an_execution_was_cut_short() {
    let program = apart(&[2, 2]);
    let mut pct = Pct::bounded(1, 2, 4);
    orders(&program, &mut pct, (0, 20));
    assert_eq!(pct.guarantee(), Some(guarantee(2, 4, 2)));
    assert_eq!(cut_short_after_three_steps(&program, &mut pct, 1), 1);
    assert_eq!(pct.guarantee(), None);
    orders(&program, &mut pct, (0, 20));
    assert_eq!(pct.guarantee(), None, "nor by those that come after it");
}

#[test]
fn nothing_is_promised_if_one_was_cut_short_that_measured_the_program() {
    let measured = |cut_short| {
        let program = apart(&[2, 2]);
        let mut pct = Pct::new(1, 2);
        assert_eq!(
            cut_short_after_three_steps(&program, &mut pct, cut_short),
            cut_short
        );
        orders(&program, &mut pct, (0, 20));
        pct.guarantee()
    };
    assert_eq!(measured(0), Some(guarantee(2, 4, 2)));
    assert_eq!(measured(1), None);
}

/// Two actors, of which the first chooses one of so many values.
fn choosing(values: u32) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let chance: SimChance = Chance::new("chance");
        let word: SimWord = Word::new("word", 0);
        actors.spawn("a", "a", move || {
            chance.choose("choose", values);
        });
        actors.spawn("b", "b", move || word.store("write", 1, SeqCst));
    }
}

#[test]
fn nothing_is_promised_where_a_choice_was_drawn() {
    let chosen = |values| {
        let mut pct = Pct::bounded(1, 2, 2);
        orders(&choosing(values), &mut pct, (0, 20));
        pct.guarantee()
    };
    assert_eq!(chosen(1), Some(guarantee(2, 2, 2)), "there is no choice");
    assert_eq!(chosen(2), None);
}

/// One actor looks so often at the same thing while the other one has still to write.
fn looking(times: usize) -> impl Fn(&mut Actors<'_>) {
    move |actors| {
        let flag: SimWord = Word::new("flag", 0);
        let raised = flag.clone();
        actors.spawn("a", "a", move || {
            for _ in 0..times {
                flag.load("look", SeqCst);
            }
        });
        actors.spawn("b", "b", move || raised.store("raise", 1, SeqCst));
    }
}

#[test]
fn nothing_is_promised_where_somebody_was_held_back_who_spins_in_vain() {
    let spun = |times| {
        let mut pct = Pct::bounded(1, 1, 100);
        orders(&looking(times), &mut pct, (0, 20));
        pct.guarantee()
    };
    assert_eq!(spun(10), Some(guarantee(2, 100, 1)), "nobody was held back");
    assert_eq!(spun(40), None);
}

#[test]
fn no_size_is_too_large() {
    let program = together(&[&[store, store], &[store]]);
    for (depth, steps) in [
        (usize::MAX, 3),
        (1 << 40, 3),
        (1_000, 1),
        (2, usize::MAX),
        (2, (1 << 32) + 1),
        (3, 1 << 33),
    ] {
        let mut pct = Pct::bounded(1, depth, steps);
        let drawn = orders(&program, &mut pct, (0, 20));
        assert_eq!(drawn.values().sum::<u64>(), 20, "{depth}, {steps}");
        if steps > 1 {
            assert_eq!(pct.guarantee(), Some(guarantee(2, steps, depth)));
        }
    }
    let mut urw = Urw::with_counts(1, vec![u64::MAX, u64::MAX]);
    let drawn = orders(&program, &mut urw, (0, 100));
    assert_eq!(drawn.len(), 3, "{drawn:?}");

    let least = |actors, steps, depth| guarantee(actors, steps, depth).probability();
    assert_eq!(least(2, 10, 400), 0.0);
    assert_eq!(least(2, 10, usize::MAX), 0.0);
    assert_eq!(least(2, 1, usize::MAX), 0.5);
    assert_eq!(least(1, 1, 1), 1.0);
    assert!(least(usize::MAX, usize::MAX, 2) > 0.0);
}

#[test]
fn a_guarantee_of_nobody_or_of_no_depth_is_not_read() {
    let written = serde_json::to_value(guarantee(2, 10, 3)).expect("numbers");
    let read = |value| serde_json::from_value::<Guarantee>(value);
    assert_eq!(
        read(written.clone()).expect("it was written so"),
        guarantee(2, 10, 3)
    );
    for field in ["actors", "steps", "depth"] {
        let mut without = written.clone();
        without[field] = 0.into();
        assert!(read(without).is_err(), "{field}");
    }
}

#[test]
fn a_check_takes_every_depth_but_none_at_all() {
    let asked = |depth| {
        std::panic::catch_unwind(|| {
            let check = Named::new("apart", apart(&[1, 1])).check();
            let report = check.max_states(1).executions(20);
            let report = report.sampler(Sampler::Pct { depth }).run();
            report
                .expect("no fault")
                .sample
                .expect("it samples")
                .executions
        })
    };
    for depth in [1, 2, usize::MAX] {
        assert_eq!(asked(depth).expect("it is a depth"), 20);
    }
    let refused = asked(0).expect_err("no fault is of depth 0");
    let message = refused.downcast_ref::<&str>().expect("a sentence");
    assert!(message.contains("every fault has a depth"), "{message}");
}

#[test]
fn every_depth_can_be_printed() {
    let printed = |depth| Sampler::Pct { depth }.to_string();
    assert_eq!(printed(0), printed(1));
    assert!(printed(usize::MAX).ends_with(" changes"));
    assert_eq!(
        guarantee(1, 1, NonZeroUsize::MAX.get()).changes(),
        usize::MAX - 1
    );
}
