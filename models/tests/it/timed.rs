//! Scenarios in which things take time: a burst of clients, the set-up of sessions, and patience.

use std::sync::Arc;

use logon_core::primitives::Primitives;
use logon_core::{Allocator, Observer, Server, Variant};
use logon_models::check::Check;
use logon_models::checker::{Checker, Effort, Progress, Served, served};
use logon_models::gated::Tool;
use logon_models::matrix::Plan;
use logon_models::outcome::{Outcome, Verdict};
use logon_models::render::{TextOptions, html, markdown_alone, text};
use logon_models::replay::{On, replay};
use logon_models::scenario::{ErrorKind, Scenario};
use logon_models::stage::Subject;
use logon_models::trace::Trace;

use crate::command_line::run::Run;

/// An allocator from outside that sets up as many sessions at a time as are wanted, and may say so.
#[derive(Clone, Debug)]
struct Outside {
    says_so: bool,
}

impl Subject for Outside {
    fn name(&self) -> &str {
        "outside"
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Variant::SetupStampede.build(server)
    }

    fn creates_without_limit(&self) -> bool {
        self.says_so
    }
}

/// So many clients at once, each a session to be set up for it.
fn burst(clients: u32, time: &str) -> Arc<Scenario> {
    let text = format!(
        "name = \"burst\"\nsummary = \"Clients at once.\"\nsource = \"reconstruction\"\n\
         [server]\nidle-pool = 0\n[time]\n{time}\n[[client]]\ncount = {clients}\n"
    );
    Arc::new(Scenario::parse(&text, "burst").expect("it makes sense"))
}

const SHORT: &str = "set-up = \"2s\"\npatience = \"5s\"\nburst-slack = 1";

fn checked(
    subject: &(impl Subject + Clone + 'static),
    scenario: &Arc<Scenario>,
    by: Checker,
) -> Outcome {
    let progress = Arc::new(Progress::default());
    let outcome = by.run(subject, scenario, &Effort::usual(by), &progress);
    outcome.expect("no fault")
}

#[test]
fn in_a_burst_the_fixed_algorithm_keeps_its_pace_and_a_stampede_does_not() {
    for clients in 1..=4 {
        let scenario = burst(clients, SHORT);
        let fixed = checked(&Variant::Fixed, &scenario, Checker::Exhaustive);
        assert_eq!(fixed.verdict, Verdict::Holds, "{clients}");
        let stampede = checked(&Variant::SetupStampede, &scenario, Checker::Exhaustive);
        let fell = stampede.finding.map(|found| found.property);
        let expected = (clients >= 3).then(|| "burst".to_owned());
        assert_eq!(fell, expected, "{clients}");
    }
}

#[test]
fn who_is_from_outside_has_a_worker_for_each_session_that_is_wanted_if_it_says_so() {
    let fell = |says_so: bool| {
        let subject = Outside { says_so }.described("It comes from outside.");
        let outcome = checked(&subject, &burst(3, SHORT), Checker::Exhaustive);
        outcome.finding.map(|found| found.property)
    };
    assert_eq!(fell(true).as_deref(), Some("burst"));
    // With one worker no more than one is set up at a time, whatever is wanted.
    assert_eq!(fell(false), None);
}

#[test]
fn without_time_nobody_has_more_workers_than_the_scenario_says() {
    let scenario = Arc::new(Scenario::preset("q238186-default").expect("a preset"));
    let states = |variant| checked(&variant, &scenario, Checker::Exhaustive).states;
    assert_eq!(states(Variant::SetupStampede), states(Variant::Fixed));
}

#[test]
fn a_large_burst_is_sampled_and_who_sets_up_all_at_once_serves_nobody_in_time() {
    let scenario = |clients: u32| {
        let text = format!(
            "name = \"burst\"\nsummary = \"Clients at once.\"\nsource = \"reconstruction\"\n[server]\nidle-pool = 2\n\
             [time]\n[[client]]\ncount = {clients}\n"
        );
        Arc::new(Scenario::parse(&text, "burst").expect("it makes sense"))
    };
    for checker in [Checker::Random, Checker::Pct, Checker::Pos, Checker::Urw] {
        let effort = Effort {
            executions: 50,
            ..Effort::usual(checker)
        };
        let ran = checker.run(&Variant::Fixed, &scenario(11), &effort, &Arc::default());
        assert_eq!(ran.expect("no fault").verdict, Verdict::Holds, "{checker}");
        let ran = checker.run(
            &Variant::SetupStampede,
            &scenario(11),
            &effort,
            &Arc::default(),
        );
        let stampede = ran.expect("no fault");
        let fell = stampede.finding.map(|found| found.property);
        assert_eq!(fell.as_deref(), Some("burst"), "{checker}");
    }
}

/// The pool is empty when they come: one after the other, eleven sessions of 3 s are ready after 33 s; all at once, with two
/// for the pool, after 39 s.
#[test]
fn of_eleven_at_once_the_fixed_algorithm_serves_all_and_a_stampede_nobody() {
    let text = "name = \"burst\"\nsummary = \"Clients at once.\"\nsource = \"reconstruction\"\n\
                [time]\npatience = \"34s\"\n[[client]]\ncount = 11\n";
    let scenario = Arc::new(Scenario::parse(text, "burst").expect("it makes sense"));
    let served = |variant| served(&variant, &scenario, 50, 1).expect("no fault");
    let exactly = |clients| Served {
        fewest: clients,
        most: clients,
    };
    assert_eq!(served(Variant::Fixed), exactly(11));
    assert_eq!(served(Variant::SetupStampede), exactly(0));
}

/// Two sessions are ready when they come. The same scenario on the large engine is in `simulate/runs.rs`.
#[test]
fn of_eleven_at_once_on_a_warm_server_the_fixed_algorithm_serves_all_and_a_stampede_two() {
    let text = "name = \"burst\"\nsummary = \"Clients at once.\"\nsource = \"reconstruction\"\n\
                [server]\nidle-pool = 2\n[time]\nset-up = \"3s\"\npatience = \"30s\"\n\
                [[client]]\ncount = 11\narrives = \"10min\"\n";
    let scenario = Arc::new(Scenario::parse(text, "burst").expect("it makes sense"));
    let served = |variant| served(&variant, &scenario, 20, 1).expect("no fault");
    let exactly = |clients| Served {
        fewest: clients,
        most: clients,
    };
    assert_eq!(served(Variant::Fixed), exactly(11));
    assert_eq!(served(Variant::SetupStampede), exactly(2));
}

#[test]
fn the_matrix_says_how_many_of_a_burst_are_served_if_both_are_in_it() {
    let run = Run::new();
    let of = |variants: &str| {
        let command = format!("matrix --scenario q238186-burst {variants} --out out");
        run.ends_with(0, &command)
    };
    let both = of("--variant fixed --variant setup-stampede");
    let table = "clients at once     1    2    3    4    6    8\n\
                 fixed               1    2    2    2    2    2\n\
                 setup-stampede      1    2    0    0    0    0\n";
    assert!(both.contains(table), "{both}");
    let (_, shown) = both.split_once("The stampede step by step: ").expect(&both);
    let page = run
        .folder
        .path()
        .join(shown.lines().next().expect("a path"));
    let page = std::fs::read_to_string(page).expect("the page is there");
    assert!(page.contains("setup-stampede"), "{page}");
    assert!(!of("--variant fixed").contains("clients at once"));
}

#[test]
fn what_has_no_time_refuses_the_scenario_and_says_what_has() {
    let scenario = burst(2, SHORT);
    for checker in Checker::ALL.iter().filter(|checker| !checker.has_time()) {
        let refused = checker
            .expect_can_run(&scenario)
            .expect_err("it has no time");
        assert_eq!(refused.kind(), ErrorKind::NeedsTime);
        let text = refused.to_string();
        let says = format!("{checker} has no time, and this scenario has a table for it");
        assert!(text.contains(&says), "{text}");
        assert!(text.contains("exhaustive, random, pct, pos, urw"), "{text}");
    }
    assert_eq!(
        Checker::ALL
            .iter()
            .filter(|checker| checker.has_time())
            .count(),
        5
    );
    let plan = Plan::new(true, 1);
    assert!(
        plan.cells
            .iter()
            .all(|cell| cell.checker.can_run(&cell.scenario))
    );
}

#[test]
fn a_counterexample_says_what_time_it_is_and_who_shares_the_processors() {
    let report = Check::new(Variant::SetupStampede)
        .in_scenario(burst(3, SHORT))
        .under([Checker::Exhaustive])
        .run()
        .expect("no fault");
    let trace = report.counterexamples().next().expect("it falls");
    let explanation = trace.explanation.as_ref().expect("it is explained");
    let why = "because 3 sessions are set up at the same time (steps ";
    assert!(explanation.why.contains(why), "{}", explanation.why);
    let since =
        "and share 1 processor: 5s after the start none of them is done, while one alone takes 2s";
    assert!(explanation.why.ends_with(since), "{}", explanation.why);
    assert_eq!(explanation.conflict.len(), 3);
    let text = text(trace, &TextOptions::default());
    for part in [
        "it is now 5s after the start",
        "lose patience: ",
        "time passes",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let time = trace.steps.iter().flat_map(|step| &step.changed);
    assert!(time.clone().any(|part| part.name == "time"));
    assert!(time.clone().any(|part| part.name == "set-ups"));
    // The schedule says when time passes, so that it replays also where nobody else knows.
    let again = Trace::parse(&trace.to_json(), "a trace").expect("what was written can be read");
    for on in [On::Sim, On::Tool(Tool::Shuttle), On::Tool(Tool::Threads)] {
        let replayed = replay(&again, &Variant::SetupStampede, &burst(3, SHORT), on, None);
        let replayed = replayed.unwrap_or_else(|fault| panic!("{on}: {fault}"));
        assert!(replayed.parting.is_none(), "{on}: {:?}", replayed.parting);
        assert_eq!(replayed.trace.violation, again.violation, "{on}");
    }
}

/// The row of the table in which time passes begins like this.
fn row_in_which_time_passes(of: &str) -> String {
    let row = of.lines().find(|line| line.contains("time passes"));
    row.expect("a row").trim_start().to_owned()
}

#[test]
fn each_step_of_a_counterexample_is_shown_with_its_time_if_things_take_time() {
    let explained = |check: Check| {
        let report = check.under([Checker::Exhaustive]).run().expect("no fault");
        report.counterexamples().next().expect("it falls").clone()
    };
    let timed = explained(Check::new(Variant::SetupStampede).in_scenario(burst(3, SHORT)));
    let passes = timed
        .steps
        .iter()
        .position(|step| step.label == "time passes");
    let number = passes.expect("time passes") + 1;
    let table = text(&timed, &TextOptions::default());
    let row = row_in_which_time_passes(&table);
    assert!(row.starts_with(&format!("{number} │ 5s ")), "{row}");
    let before = table
        .lines()
        .find(|line| line.trim_start().starts_with("1 │ "));
    assert!(before.expect("the first").contains("1 │ 0s "), "{table}");
    let page = markdown_alone(&timed);
    assert!(page.contains("| step | time | actor "), "{page}");
    assert!(page.contains(&format!("\n| {number} | 5s | ")), "{page}");
    let page = html(&timed, "trace.json");
    let cell = format!("{number}</a> <span class=\"time\">at 5s</span></td>");
    assert!(page.contains(&cell), "{cell}");

    let untimed = explained(Check::new(Variant::LostWakeup).in_preset("q245221"));
    let rendered = [
        text(&untimed, &TextOptions::default()),
        markdown_alone(&untimed),
        html(&untimed, "trace.json"),
    ];
    for has in ["│ time", "| time |", "class=\"time\""] {
        assert!(rendered.iter().all(|page| !page.contains(has)), "{has}");
    }
}

#[test]
fn the_command_line_checks_it_with_those_that_have_time_and_names_the_others() {
    let run = Run::new();
    let text = burst(3, SHORT).to_toml();
    std::fs::write(run.folder.path().join("burst.toml"), text).expect("writable");
    let output = run.of("check --variant fixed --scenario burst.toml --executions 50");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    for ran in ["exhaustive", "random"] {
        assert!(text.contains(&format!("{ran} ")), "{ran} in\n{text}");
    }
    for refused in ["shuttle-random", "shuttle-pct", "shuttle-urw"] {
        assert!(!text.contains(refused), "{refused} in\n{text}");
        let says = format!("{refused} has no time");
        assert!(errors.contains(&says), "{refused} in\n{errors}");
    }
    let one = "check --variant fixed --scenario burst.toml --checker";
    run.is_refused(64, &format!("{one} loom"), &["loom has no time"]);
    let alone = run.ends_with(0, &format!("{one} exhaustive"));
    assert!(alone.contains("PASS fixed"), "{alone}");
}
