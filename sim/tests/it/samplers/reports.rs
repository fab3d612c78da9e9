//! What may be concluded from a sample, and how a check of one's own program says it.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::Word;
use logon_sim::{Actors, Classes, Limits, Named, RandomWalk, Sample, Sampler, SimWord, Simulation};

use super::{apart, guarantee, load, reorder, store, together};
use crate::common::all;

const SAMPLE: Sample = Sample {
    executions: 1_000,
    pilots: 0,
    distinct: 12,
    cut_short: 0,
    property: None,
    passed_over: 0,
    is_whole: true,
    guarantee: None,
};

#[test]
fn the_bound_is_the_one_of_n_independent_trials() {
    // 0.997^1000 is 0.0496, 0.99701^1000 is just above 0.05.
    let bound = SAMPLE.would_have_been_seen().expect("it is whole");
    assert!((bound - 0.002_991_25).abs() < 1e-7, "{bound}");
    assert!(((1.0 - bound).powi(1_000) - 0.05).abs() < 1e-9);
    let after_pilots = Sample {
        executions: 1_010,
        pilots: 10,
        ..SAMPLE
    };
    assert_eq!(after_pilots.would_have_been_seen(), Some(bound));
}

#[test]
fn nothing_is_concluded_from_a_sample_that_was_cut_off_or_only_measured() {
    let cut_off = Sample {
        is_whole: false,
        ..SAMPLE
    };
    let pilots = Sample {
        executions: 10,
        pilots: 10,
        ..SAMPLE
    };
    for sample in [cut_off, pilots] {
        assert_eq!(
            (sample.would_have_been_seen(), sample.certainty()),
            (None, None)
        );
        assert!(sample.to_string().contains("nothing follows"), "{sample}");
    }
}

#[test]
fn a_guarantee_gives_the_certainty_of_a_fault_of_its_depth() {
    let sample = Sample {
        guarantee: Some(guarantee(2, 10, 3)),
        ..SAMPLE
    };
    // 1 - (1 - 1/200)^1000
    let certainty = sample.certainty().expect("there is a guarantee");
    assert!((certainty - 0.993_346).abs() < 1e-6, "{certainty}");
    let text = sample.to_string();
    for part in ["depth 3", "0.0050", "n = 2 and k = 10", "99.3 %", "0.0030"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // 1/242 is 0.00413: what is promised is rounded down.
    let other = Sample {
        guarantee: Some(guarantee(2, 11, 3)),
        ..SAMPLE
    };
    assert!(other.to_string().contains("at least 0.0041 "), "{other}");
    let nearly_sure = Sample {
        executions: 100_000,
        ..sample
    };
    let text = nearly_sure.to_string();
    assert!(text.ends_with("a certainty of more than 99.9 %"), "{text}");
}

#[test]
fn a_sample_with_executions_that_ended_early_has_no_guarantee_and_says_what_was_looked_for() {
    let whole = Sample {
        guarantee: Some(guarantee(2, 10, 3)),
        ..SAMPLE
    };
    assert!(whole.to_string().contains("a fault of depth 3"), "{whole}");

    let cut_short = Sample {
        cut_short: 1,
        ..whole.clone()
    };
    assert_eq!(cut_short.certainty(), None);
    let text = cut_short.to_string();
    assert!(text.contains("; 1 cut short by the limit"), "{text}");
    assert!(!text.contains("depth"), "{text}");
    // A failure within the limit is as likely to be seen as ever.
    assert_eq!(
        cut_short.would_have_been_seen(),
        whole.would_have_been_seen()
    );

    let of_one_property = Sample {
        property: Some("one-outcome".to_owned()),
        ..whole
    };
    let text = of_one_property.to_string();
    for part in ["\na failure of one-outcome that one", "depth 3"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let passed_over = Sample {
        passed_over: 7,
        ..of_one_property
    };
    assert_eq!(passed_over.certainty(), None);
    let text = passed_over.to_string();
    for part in [
        "; 7 ended early, for another property fell first",
        "a failure of one-outcome",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("depth"), "{text}");
}

#[test]
fn a_probability_that_is_hardly_there_is_printed_in_few_digits() {
    let of = |steps, depth| Sample {
        guarantee: Some(guarantee(2, steps, depth)),
        ..SAMPLE
    };
    for (steps, depth, part) in [
        // 1/2000000 is below a millionth, 1/200000 is not.
        (10, 7, "at least 5.0·10^-7 (1 / (n k^6), with n = 2"),
        (10, 6, "at least 0.0000050 (1 / (n k^5)"),
        (
            10,
            400,
            "at least 1 / (n k^399), with n = 2 and k = 10, which is less than 10^-300,",
        ),
        (usize::MAX, usize::MAX, "which is less than 10^-300,"),
    ] {
        let text = of(steps, depth).to_string();
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = of(10, 400).to_string();
    assert!(text.ends_with("a certainty of 0.0 %"), "{text}");
    let sure = Sample {
        guarantee: Some(guarantee(1, 1, 1)),
        ..SAMPLE
    };
    assert!(
        sure.to_string().contains("at least 1 (1 / (n k^0)"),
        "{sure}"
    );
}

/// Two who take turns for ever at changing a word.
fn endless(actors: &mut Actors<'_>) {
    for name in ["a", "b"] {
        let own: SimWord = Word::new(format!("word of {name}"), 0);
        actors.spawn(name, name, move || {
            loop {
                own.fetch_add("count", 1, SeqCst);
            }
        });
    }
}

#[test]
fn a_check_says_how_many_executions_were_cut_short_and_promises_nothing() {
    for sampler in super::repeated::ALL {
        let endless = Named::new("endless", endless as fn(&mut Actors<'_>));
        let check = endless.check().max_states(2).sampler(sampler);
        let report = check.executions(12).run().expect("no fault");
        let sample = report.sample.as_ref().expect("nothing fell");
        assert_eq!(
            (sample.executions, sample.cut_short, sample.is_whole),
            (12, 12, true),
            "{sampler}"
        );
        assert_eq!((sample.guarantee, sample.certainty()), (None, None));
        let text = report.to_string();
        assert!(
            text.contains("12 cut short by the limit on steps"),
            "{text}"
        );
        assert!(!text.contains("depth"), "{text}");
    }
}

/// Stores into one word are dependent, so 6 orders of two actors with two steps are 6 classes; apart they are one.
#[test]
fn executions_that_differ_in_the_order_of_independent_steps_count_once() {
    let classes = |program: &dyn Fn(&mut Actors<'_>)| {
        let mut classes = Classes::default();
        let mut executions = 0;
        all(&program, |execution| {
            classes.note(&execution.steps);
            executions += 1;
        });
        (executions, classes.count())
    };
    assert_eq!(classes(&apart(&[2, 2])), (6, 1));
    assert_eq!(
        classes(&together(&[&[store, store], &[store, store]])),
        (6, 6)
    );
    assert_eq!(classes(&together(&[&[load, load], &[load, load]])), (6, 1));
    // The load is before both stores, between them or after both, or the stores are the other way round.
    assert_eq!(classes(&together(&[&[store], &[store], &[load]])), (6, 6));
    // The order of the two loads does not matter.
    assert_eq!(classes(&together(&[&[store], &[load], &[load]])), (6, 4));
}

#[test]
fn a_check_that_a_limit_stops_says_what_follows_from_its_sample() {
    for sampler in super::repeated::ALL {
        let quiet = Named::new("apart", apart(&[3, 3]));
        let report = quiet
            .check()
            .max_states(2)
            .sampler(sampler)
            .executions(500)
            .run();
        let report = report.expect("no fault");
        assert!(!report.holds());
        let sample = report.sample.as_ref().expect("nothing fell");
        let pilots = match sampler {
            Sampler::Random | Sampler::Pos => 0,
            Sampler::Pct { .. } | Sampler::Urw => 10,
        };
        let expected = Sample {
            executions: 500,
            pilots,
            distinct: 1,
            cut_short: 0,
            property: None,
            passed_over: 0,
            is_whole: true,
            guarantee: (sampler == Sampler::Pct { depth: 3 }).then_some(guarantee(2, 6, 3)),
        };
        assert_eq!(*sample, expected);
        let text = report.to_string();
        assert!(text.contains("1 of 500 executions are distinct"), "{text}");
        assert!(text.contains("certainty of 95 %"), "{text}");
        assert_eq!(
            text.contains("which measured the program"),
            pilots > 0,
            "{text}"
        );
    }
}

#[test]
fn a_check_explains_what_its_sampler_found() {
    for sampler in super::repeated::ALL {
        let torn = Named::new("reorder", reorder(3));
        let report = torn.check().max_states(2).sampler(sampler).run();
        let report = report.expect("no fault");
        let trace = report.trace.as_ref().expect("it falls");
        assert_eq!(trace.checker, sampler.name());
        assert_eq!(report.sample, None);
    }
}

#[test]
fn a_walk_sees_as_many_classes_as_there_are() {
    let program = together(&[&[store, load], &[load, store], &[store]]);
    let mut classes = Classes::default();
    let limits = Limits::executions(2_000);
    Simulation::default().explore(&program, &mut RandomWalk::new(1), limits, |execution| {
        classes.note(&execution.steps);
        ControlFlow::Continue(())
    });
    let mut every = Classes::default();
    let done = all(&program, |execution| every.note(&execution.steps));
    assert_eq!(classes.count(), every.count());
    assert!(every.count() < done.executions);
}
