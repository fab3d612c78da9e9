//! One call: who is run where, what it hands over, and what it does with an allocator that does not behave.

use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;

use logon_core::Variant;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Ending, LogonId, Observer, Server};
use logon_models::check::Check;
use logon_models::checker::Checker;
use logon_models::outcome::Verdict;
use logon_models::replay::{On, replay};
use logon_models::report;
use logon_models::scenario::{Scenario, presets};
use logon_models::trace::Trace;

use crate::outside::Outside;

/// The provided steps, but for the one that is given.
macro_rules! otherwise {
    ($name:ident { $($step:item)* }) => {
        pub(crate) struct $name<P: Primitives, O: Observer>(P::Monitor<Server<O>>);

        impl<P: Primitives, O: Observer> Allocator<P, O> for $name<P, O> {
            fn around(server: Server<O>) -> Self {
                $name(P::Monitor::new("server", server))
            }

            fn server(&self) -> &P::Monitor<Server<O>> {
                &self.0
            }

            $($step)*
        }
    };
}

otherwise! { Provided {} }

otherwise! { Panicking {
    fn claim_or_queue(&self, _: LogonId) -> Result<Option<Claim>, Ending> {
        panic!("my own trouble")
    }
}}

otherwise! { Hanging {
    fn claim_or_queue(&self, _: LogonId) -> Result<Option<Claim>, Ending> {
        loop {
            std::thread::park();
        }
    }
}}

#[test]
fn it_is_checked_in_every_preset_if_none_is_named() {
    let report = Check::new(Outside::Provided)
        .under([Checker::Random])
        .executions(20)
        .run();
    let report = report.expect("no fault");
    let names = report
        .places()
        .iter()
        .map(|place| place.scenario.name.as_str());
    assert!(names.eq(presets().iter().map(|preset| preset.name())));
    assert!(report.holds(), "{report}");
    report.assert_holds();
}

#[test]
fn every_checker_that_holds_the_actors_is_run_and_the_others_are_named() {
    let check = Check::new(Outside::Provided)
        .in_preset("q245221")
        .in_preset("log-off-cut");
    let report = check
        .under([Checker::Loom, Checker::ShuttleUrw])
        .executions(10)
        .run();
    let report = report.expect("no fault");
    let [small, large] = report.places() else {
        panic!("two places: {report}");
    };
    let checkers = |place: &logon_models::check::Checked| {
        place
            .verdicts
            .iter()
            .map(|(checker, _)| *checker)
            .collect::<Vec<_>>()
    };
    assert_eq!(checkers(small), [Checker::Loom, Checker::ShuttleUrw]);
    assert_eq!(checkers(large), [Checker::ShuttleUrw]);
    assert_eq!(large.left_out, [Checker::Loom]);
    assert!(report.to_string().contains("not run by loom"), "{report}");
}

#[test]
fn what_makes_no_sense_is_an_error_with_a_way_out() {
    let fault = |check: Check| check.run().expect_err("it makes no sense").to_string();
    let unknown = fault(Check::new(Outside::Variant(Variant::Fixed)).in_preset("q238168-default"));
    assert!(unknown.contains("q238168-default"), "{unknown}");
    let nobody = fault(
        Check::new(Outside::Variant(Variant::Fixed))
            .in_preset("log-off-cut")
            .under([Checker::Loom]),
    );
    assert!(nobody.contains("loom"), "{nobody}");
    let none = fault(Check::new(Outside::Variant(Variant::Fixed)).under([]));
    assert!(none.contains("no checker is named"), "{none}");
}

#[test]
fn a_violation_comes_with_its_trace_and_all_its_files() {
    let check = Check::new(Outside::Variant(Variant::TwoClaimants)).in_preset("q238186-default");
    let report = check
        .under([Checker::ShuttlePct, Checker::Exhaustive])
        .run()
        .expect("no fault");
    assert_eq!(report.verdict(), Verdict::Violated);
    let place = &report.places()[0];
    let trace = place.counterexample.as_ref().expect("it was explained");
    assert_eq!(trace.checker, "exhaustive");
    assert!(trace.explanation.is_some());
    let files = place.artefacts();
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let expected = [
        "trace.txt",
        "trace.md",
        "trace.html",
        "trace.perfetto.json",
        "scenario.toml",
        "trace.json",
    ];
    assert_eq!(names, expected);
    let read = Trace::parse(&files[5].1, "memory").expect("it is a trace");
    assert_eq!(read, *trace);
    let folder = tempfile::tempdir().expect("a folder");
    let written = report.write(folder.path()).expect("it can be written");
    let file = written[0].file.as_ref().expect("the trace");
    let text = std::fs::read_to_string(file).expect("a file");
    assert_eq!(text, files[5].1);
    let beside = file.parent().map(Path::to_path_buf).expect("in a folder");
    assert!(expected.iter().all(|name| beside.join(name).is_file()));
    assert!(folder.path().join("index.html").is_file());
    let panicked = catch_unwind(|| report.assert_holds()).expect_err("it does not hold");
    let said = panicked.downcast_ref::<String>().expect("a text");
    for part in [
        "two-claimants does not hold",
        "FAIL no-false-refusal",
        "rule",
        "violated by shuttle-pct",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn no_file_has_a_command_that_the_program_would_refuse_and_the_library_replays_it() {
    let check = Check::new(Outside::Hasty).in_preset("q187443-reconnect-at-max");
    let report = check.run().expect("no fault");
    let files = report.places()[0].artefacts();
    for (name, text) in &files {
        assert!(!text.contains("logon-check replay"), "{name}");
    }
    for (name, text) in &files[..3] {
        // A line of the text may end anywhere.
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains(
                "the allocator is no variant of logon-check; a program that has it replays this trace"
            ),
            "{name}: {text}"
        );
    }
    let trace = Trace::parse(&files[5].1, "memory").expect("it is a trace");
    let scenario = Scenario::parse(&trace.scenario.toml, "memory").map(Arc::new);
    let scenario = scenario.expect("it is a scenario");
    for on in On::ALL {
        let again = replay(&trace, &Outside::Hasty, &scenario, on, None).expect("no fault");
        assert_eq!((again.parting, again.difference), (None, None), "{on}");
    }
}

#[test]
fn a_deadlock_that_a_tool_reports_is_judged_and_the_next_checker_runs() {
    let checkers = [
        Checker::Loom,
        Checker::ShuttleRandom,
        Checker::Std,
        Checker::ShuttleExhaustive,
    ];
    let check = Check::new(Outside::Variant(Variant::LostWakeup))
        .in_preset("q245221")
        .under(checkers);
    let report = check.run().expect("no fault");
    let place = &report.places()[0];
    for (checker, outcome) in &place.verdicts {
        match checker {
            Checker::Std => assert_ne!(outcome.verdict, Verdict::Incomplete),
            _ => {
                let finding = outcome.finding.as_ref().expect("somebody waits for ever");
                assert_eq!(finding.property, "termination", "{checker}");
            }
        }
    }
    let trace = place.counterexample.as_ref().expect("it was explained");
    assert_eq!(trace.checker, "shuttle-exhaustive");
}

#[test]
fn a_panic_of_the_allocator_is_a_fault_under_every_checker() {
    for &checker in Checker::ALL {
        let check = Check::new(Outside::Panicking)
            .in_preset("q245221")
            .under([checker]);
        let fault = check.run().expect_err("it panics").to_string();
        assert!(fault.contains("my own trouble"), "{checker}: {fault}");
        let begins = format!("{checker} for panicking in q245221: ");
        assert!(fault.starts_with(&begins), "{checker}: {fault}");
    }
}

#[test]
fn one_that_never_ends_is_given_up_after_its_time() {
    for checker in [Checker::Std, Checker::ShuttleRandom, Checker::Loom] {
        let check = Check::new(Outside::Hanging)
            .in_preset("q245221")
            .under([checker]);
        let report = check.time_limit(0.1).run().expect("no fault");
        assert_eq!(report.verdict(), Verdict::Incomplete, "{report}");
        assert!(!report.holds());
        assert!(
            report.to_string().contains("in the middle of its work"),
            "{report}"
        );
    }
}

#[test]
fn the_book_has_the_whole_test() {
    let book = include_str!("../../../../docs/using.md");
    let test = include_str!("readme.rs");
    assert!(test.lines().count() <= 30);
    assert!(book.contains(&format!("```rust\n{test}```\n")));
}

#[test]
fn the_published_schemas_of_verdicts_are_those_of_the_code() {
    let published = [
        (
            include_str!("../../../../docs/schema/verdict.schema.json"),
            report::verdict_schema(),
        ),
        (
            include_str!("../../../../docs/schema/matrix.schema.json"),
            report::matrix_schema(),
        ),
        (
            include_str!("../../../../docs/schema/together.schema.json"),
            report::together_schema(),
        ),
        (
            include_str!("../../../../docs/schema/smallest.schema.json"),
            report::smallest_schema(),
        ),
        (
            include_str!("../../../../docs/schema/simulation.schema.json"),
            report::simulation_schema(),
        ),
        (
            include_str!("../../../../docs/schema/swarm.schema.json"),
            report::swarm_schema(),
        ),
    ];
    for (published, own) in published {
        assert_eq!(published, own);
    }
}
