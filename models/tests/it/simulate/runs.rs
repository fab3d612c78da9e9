//! Runs of the large engine: what they come to, what they say, and that a seed is one run.

use logon_core::Variant;
use logon_models::report::SimulationReport;
use logon_models::scenario::{ErrorKind, Scenario};
use logon_models::simulate::{BY_SIMULATION, Options, Simulation, WINDOW, simulate, window};
use logon_models::stage::AnySubject;

use crate::command_line::run::Run;

/// Eleven at once on a server that is warm. One after the other, the nine for whom no session is ready are served within 27
/// seconds; all at once, and two for the pool, their set-ups take 33.
const ELEVEN: &str = "name = \"eleven\"\nsummary = \"Eleven at once.\"\nsource = \"reconstruction\"\n\
    [server]\nidle-pool = 2\n[time]\nset-up = \"3s\"\npatience = \"30s\"\n\
    [[arrivals]]\nkind = \"burst\"\nlogons = 11\nat = \"10min\"\n";

fn run(variant: Variant, scenario: &Scenario, options: &Options) -> Simulation {
    let ran = simulate(&AnySubject::from(variant), scenario, options);
    ran.expect("clients are drawn").expect("no fault")
}

fn report(variant: Variant, scenario: &Scenario, options: &Options) -> SimulationReport {
    run(variant, scenario, options).report()
}

fn seeded(seed: u32) -> Options {
    Options {
        seed: Some(seed),
        stops: true,
        ..Options::default()
    }
}

fn morning() -> Scenario {
    Scenario::preset("morning-storm").expect("it is a preset")
}

#[test]
fn of_eleven_at_once_the_fixed_algorithm_serves_all_and_a_stampede_two() {
    let eleven = Scenario::parse(ELEVEN, "eleven").expect("it makes sense");
    for seed in 0..20 {
        let options = Options {
            stops: false,
            ..seeded(seed)
        };
        let holds = report(Variant::Fixed, &eleven, &options);
        assert_eq!(
            (holds.fell, holds.outcomes.served),
            (None, 11),
            "seed {seed}"
        );
        let falls = report(Variant::SetupStampede, &eleven, &options);
        let fell = falls.fell.map(|fell| fell.property);
        assert_eq!(fell.as_deref(), Some("burst"), "seed {seed}");
        assert_eq!(falls.outcomes.served, 2, "seed {seed}");
    }
}

#[test]
fn a_seed_is_one_run_on_every_machine_and_another_seed_another() {
    let digests = |options: Options| {
        let report = report(Variant::Fixed, &morning(), &options);
        assert_eq!(report.fell, None);
        (report.digest, report.facts)
    };
    let first = digests(seeded(1));
    assert_eq!(first, digests(seeded(1)));
    assert_ne!(first.0, digests(seeded(2)).0);
    // The same in debug and release builds, and on 32 bits.
    assert_eq!(first.0, "6a089984dbf33685");
}

#[test]
fn everything_the_scenario_asks_for_happens_or_is_said_not_to() {
    let mut few = morning();
    few.at_scale[0].logons = 60;
    let told = |scenario: &Scenario| {
        let simulated = run(Variant::Fixed, scenario, &seeded(1));
        let report = simulated.report();
        (simulated.text(&report, "again"), report)
    };
    let (text, report) = told(&morning());
    let often = report.occurrences.iter().filter(|one| one.times > 0);
    assert!(often.count() >= 12, "{text}");
    let (text, report) = told(&few);
    let never: Vec<_> = report
        .occurrences
        .iter()
        .filter(|one| one.asked_for && one.times == 0)
        .collect();
    assert!(!never.is_empty());
    for one in never {
        assert!(
            text.contains(&format!("NEVER          {}", one.what)),
            "{text}"
        );
    }
    assert!(
        text.contains("PASS no property fell in this run (sampled): one run"),
        "{text}"
    );
}

#[test]
fn more_logons_come_as_fast_and_those_who_left_take_no_room() {
    let with = |logons| {
        let options = Options {
            logons: Some(logons),
            ..seeded(1)
        };
        report(Variant::Fixed, &morning(), &options)
    };
    let (few, many) = (with(1_000), with(4_000));
    assert!(few.outcomes.arrived >= 1_000 && many.outcomes.arrived >= 4_000);
    assert!((3 * few.length_ms..5 * few.length_ms).contains(&many.length_ms));
    assert!(many.most.clients < 2 * few.most.clients, "{many:?}");
    // Few steps are looks in vain: whoever waits looks when it may go on.
    assert!(many.steps * 4 < many.facts * 3, "{many:?}");
}

#[test]
fn a_burst_of_twice_as_many_takes_twice_as_many_steps() {
    let burst = Scenario::preset("q238186-burst").expect("it is a preset");
    let with = |logons| {
        let options = Options {
            logons: Some(logons),
            ..seeded(1)
        };
        report(Variant::Fixed, &burst, &options).steps
    };
    let (few, many) = (with(1_000), with(2_000));
    assert!(many * 2 < few * 5, "{few}, {many}");
}

#[test]
fn the_steps_before_a_violation_are_a_trace_like_any_other() {
    let subject = AnySubject::from(Variant::StolenHandoff);
    let fell = run(Variant::StolenHandoff, &morning(), &seeded(1));
    let trace = window(&subject, &fell, "logon-check simulate …");
    let trace = trace.expect("no fault").expect("something fell");
    let violation = trace.violation.as_ref().expect("the trace says what");
    assert_eq!(Some(&*violation.property), fell.property());
    assert_eq!(trace.checker, BY_SIMULATION);
    assert!((2..=WINDOW).contains(&trace.steps.len()));
    assert!(trace.steps.iter().all(|step| !step.facts.is_empty()));
    assert!(
        trace.notes[0].contains("cannot be replayed"),
        "{:?}",
        trace.notes
    );
    let read = logon_models::trace::Trace::parse(&trace.to_json(), "a trace");
    assert_eq!(read.expect("it can be read"), trace);
    let holds = run(Variant::Fixed, &morning(), &seeded(1));
    let none = window(&AnySubject::from(Variant::Fixed), &holds, "");
    assert!(none.expect("no fault").is_none());
}

#[test]
fn a_run_ends_with_the_violation_and_is_no_longer() {
    let burst = Scenario::preset("q238186-burst").expect("it is a preset");
    let fell = report(Variant::SetupStampede, &burst, &seeded(1));
    let at = fell.fell.as_ref().expect("it falls").at_ms;
    assert_eq!(fell.length_ms, at);
}

#[test]
fn the_end_of_a_simulation_is_not_replayed() {
    let run = Run::new();
    let json = run.ends_with(
        2,
        "simulate --scenario q238186-burst --variant setup-stampede --format json",
    );
    let report: SimulationReport = serde_json::from_str(&json).expect("it is a report");
    let folder = report.fell.and_then(|fell| fell.trace);
    let page = folder.expect("the steps before were written");
    let trace = page.replace("trace.html", "trace.json");
    let refused = run.of(&format!("replay {trace}"));
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(64), "{errors}");
    assert!(
        errors.contains("the end of a simulation and cannot be replayed"),
        "{errors}"
    );
    let text = run.ends_with(0, &format!("render {trace}"));
    assert!(text.contains("11 clients, idle pool 0"), "{text}");
    assert!(!text.contains("replay  logon-check"), "{text}");
}

#[test]
fn a_run_that_would_last_for_ages_is_refused() {
    const SLOW: &str = "name = \"slow\"\nsummary = \"One client in a thousand hours.\"\nsource = \"reconstruction\"\n\
        [server]\nidle-pool = 1\n[time]\n[[arrivals]]\nkind = \"poisson\"\nlogons = 1\nover = \"1000h\"\n";
    let slow = Scenario::parse(SLOW, "slow").expect("it makes sense");
    let with = |logons| Options {
        logons: Some(logons),
        ..seeded(1)
    };
    let subject = AnySubject::from(Variant::Fixed);
    let some = simulate(&subject, &slow, &with(500)).expect("57 years");
    assert_eq!(some.expect("no fault").report().outcomes.served, 500);
    let error = simulate(&subject, &slow, &with(20_000)).expect_err("2,283 years");
    assert_eq!(error.kind(), ErrorKind::OutOfRange);
    assert!(error.to_string().contains("2,283 years"), "{error}");
}

#[test]
fn whoever_is_never_answered_about_a_license_loses_patience_and_is_not_refused() {
    const PATIENT: &str = "name = \"patient\"\nsummary = \"Clients with patience.\"\nsource = \"reconstruction\"\n\
        [server]\nidle-pool = 1\n[time]\npatience = \"3h\"\n[[arrivals]]\nkind = \"poisson\"\nlogons = 40\nover = \"10h\"\n\
        [faults]\nlicense-never = 500\n";
    let patient = Scenario::parse(PATIENT, "patient").expect("it makes sense");
    let outcomes = report(Variant::Fixed, &patient, &seeded(1)).outcomes;
    assert_eq!(outcomes.refused_201, 0, "{outcomes:?}");
    assert!(outcomes.timed_out >= 10, "{outcomes:?}");
}

#[test]
fn a_scenario_in_which_nobody_is_drawn_is_refused_by_name() {
    let preset = Scenario::preset("q245221").expect("it is a preset");
    let refused = simulate(
        &AnySubject::from(Variant::Fixed),
        &preset,
        &Options::default(),
    );
    let error = refused.expect_err("nobody is drawn");
    assert_eq!(error.kind(), ErrorKind::NeedsTime);
    assert!(error.to_string().contains("[[arrivals]]"), "{error}");
    let run = Run::new();
    run.is_refused(
        64,
        "simulate --scenario q245221",
        &["q245221", "[[arrivals]]"],
    );
    run.is_refused(
        64,
        "simulate --scenario morning-storm --variant nobody",
        &["nobody"],
    );
}

#[test]
fn the_command_line_says_what_fell_and_where_the_pages_are() {
    let run = Run::new();
    let text = run.ends_with(0, "simulate --scenario morning-storm --logons 300");
    assert!(
        text.contains("fixed in morning-storm: 300 clients, seed 1"),
        "{text}"
    );
    let text = run.ends_with(
        2,
        "simulate --scenario q238186-burst --variant setup-stampede",
    );
    assert!(text.contains("FAIL burst fell at "), "{text}");
    assert!(text.contains("the steps before: out/"), "{text}");
    let json = run.ends_with(
        0,
        "simulate --scenario morning-storm --logons 300 --format json",
    );
    let report: SimulationReport = serde_json::from_str(&json).expect("it is a report");
    assert_eq!(report.format, "logon-check/simulation");
}
