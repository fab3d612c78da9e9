//! The checkers that sample on the own runtime: what they print of a sample in which nothing fell, that they find defects
//! and explain them, and that they are no part of the matrix.

use std::sync::Arc;

use logon_core::Variant;
use logon_models::check::Check;
use logon_models::checker::{Checker, Effort, Progress};
use logon_models::matrix::Plan;
use logon_models::outcome::{Coverage, Outcome, Verdict};
use logon_models::scenario::Scenario;
use serde_json::Value;

use crate::command_line::run::Run;

const SAMPLERS: [Checker; 4] = [Checker::Random, Checker::Pct, Checker::Pos, Checker::Urw];

fn ran(checker: Checker, variant: Variant, effort: &Effort) -> Outcome {
    let scenario = Arc::new(Scenario::preset("q238186-default").expect("a preset"));
    let progress = Arc::new(Progress::default());
    let outcome = checker.run(&variant, &scenario, effort, &progress);
    outcome.expect("no fault")
}

#[test]
fn a_sample_in_which_nothing_fell_says_how_much_it_was() {
    for checker in SAMPLERS {
        let outcome = ran(checker, Variant::Fixed, &Effort::default());
        assert_eq!(outcome.verdict, Verdict::Holds, "{checker}");
        let sample = outcome.sample.expect("nothing fell");
        let measures = matches!(checker, Checker::Pct | Checker::Urw);
        assert_eq!(
            (sample.executions, sample.independent(), sample.is_whole),
            (1_000, if measures { 990 } else { 1_000 }, true),
            "{checker}"
        );
        assert!(
            (2..=1_000).contains(&sample.distinct),
            "{checker}: {sample}"
        );
        assert!(sample.would_have_been_seen().is_some(), "{checker}");
        // Of `pct` as well: its steps may have several ways here, or more of them than it has measured.
        assert_eq!(sample.guarantee, None, "{checker}");
    }
}

#[test]
fn the_same_seed_says_the_same_and_another_one_draws_others() {
    for checker in SAMPLERS {
        let drawn = |seed| {
            let outcome = ran(
                checker,
                Variant::Fixed,
                &Effort {
                    seed,
                    ..Effort::default()
                },
            );
            (outcome.steps, outcome.sample)
        };
        assert_eq!(drawn(1), drawn(1), "{checker}");
        assert_ne!(drawn(1), drawn(2), "{checker}");
    }
}

#[test]
fn nothing_is_concluded_where_time_ended_the_sample() {
    let effort = Effort {
        executions: u64::MAX,
        time_limit: Some(0.3),
        ..Effort::default()
    };
    for checker in SAMPLERS {
        let outcome = ran(checker, Variant::Fixed, &effort);
        assert_eq!(outcome.verdict, Verdict::Incomplete, "{checker}");
        let sample = outcome.sample.expect("nothing fell");
        assert_eq!(sample.would_have_been_seen(), None, "{checker}: {sample}");
    }
}

#[test]
fn a_defect_is_found_and_explained_and_the_coverage_says_how_it_was_looked_for() {
    for checker in SAMPLERS {
        let outcome = ran(checker, Variant::TwoClaimants, &Effort::default());
        assert_eq!(outcome.verdict, Verdict::Violated, "{checker}");
        assert_eq!(outcome.sample, None);
        assert!(matches!(outcome.coverage, Coverage::Sampled(_)));
        let check = Check::new(Variant::TwoClaimants).in_preset("q238186-default");
        let report = check.under([checker]).run().expect("no fault");
        let text = report.to_string();
        assert!(
            text.contains("two claimants") || text.contains("two-claimants"),
            "{text}"
        );
        assert!(text.contains(checker.name()), "{text}");
        let traces: Vec<_> = report.counterexamples().collect();
        assert_eq!(traces.len(), 1, "{checker}");
        assert!(traces[0].explanation.is_some(), "{checker}");
    }
}

#[test]
fn executions_in_which_another_property_falls_are_passed_over_and_nothing_is_promised() {
    let effort = Effort {
        property: Some("one-that-never-falls".to_owned()),
        ..Effort::default()
    };
    for checker in SAMPLERS {
        let outcome = ran(checker, Variant::TwoClaimants, &effort);
        let sample = outcome.sample.expect("it did not fall");
        assert!(sample.passed_over > 0, "{checker}");
        assert_eq!(sample.property, effort.property);
        assert_eq!(sample.certainty(), None, "{checker}");
    }
}

#[test]
fn the_command_line_prints_what_follows_from_a_sample_in_lines_that_fit() {
    let run = Run::new();
    for checker in SAMPLERS {
        let arguments = format!(
            "check --variant fixed --scenario q245221 --checker {checker} --executions 300"
        );
        let text = run.ends_with(0, &arguments);
        for part in ["of 300 executions are distinct", "a certainty of 95 %"] {
            let folded: Vec<&str> = text.split_whitespace().collect();
            assert!(
                folded.join(" ").contains(part),
                "{checker}: {part} in {text}"
            );
        }
        let indented = text.lines().filter(|line| line.starts_with("  "));
        let widest = indented.map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= 100), "{text}");
        let json = run.ends_with(0, &format!("{arguments} --format json"));
        let report: Value = serde_json::from_str(&json).expect("a report");
        let sample = &report["sample"];
        assert_eq!(sample["executions"], 300, "{checker}");
        let distinct = sample["distinct"].as_u64();
        assert!(distinct.is_some_and(|distinct| (1..=300).contains(&distinct)));
        let seen = sample["would_have_been_seen"].as_f64();
        assert!(
            seen.is_some_and(|seen| (0.0..0.02).contains(&seen)),
            "{json}"
        );
        assert_eq!(sample["depth"].is_null(), checker != Checker::Pct);
    }
    let found =
        "check --variant two-claimants --scenario q238186-default --checker random --format json";
    let report: Value = serde_json::from_str(&run.ends_with(2, found)).expect("a report");
    assert_eq!(report["sample"], Value::Null);
}

#[test]
fn the_matrix_has_none_that_runs_by_name_alone() {
    let cells = Plan::new(true, 1).cells;
    assert!(cells.iter().any(|cell| cell.checker == Checker::Random));
    let alone = cells.iter().filter(|cell| cell.checker.is_by_name_alone());
    assert_eq!(alone.count(), 0);
}
