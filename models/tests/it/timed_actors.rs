//! Clients, administrators and cutters with times of their own: what the search of every state reaches with them, and what
//! is drawn for a scenario that says no more than how many come and what goes wrong.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::{Checker, Effort, reached};
use logon_models::outcome::Verdict;
use logon_models::scenario::{
    AdministratorOperation, ClientOperation, End, ErrorKind, Plan, Scenario, Situation, presets,
};
use logon_models::shrink::reductions;

use crate::command_line::run::Run;

/// A server without a pool on which setting up a session takes two seconds, and what else the lines say.
fn scenario(lines: &str) -> Arc<Scenario> {
    let text = format!("name = \"n\"\nsummary = \"s\"\nsource = \"reconstruction\"\n{lines}\n");
    let parsed = Scenario::parse(&text, "n");
    Arc::new(parsed.unwrap_or_else(|error| panic!("{error} in\n{text}")))
}

const TIME: &str = "[server]\nidle-pool = 0\n[time]\nset-up = \"2s\"\npatience = \"5s\"\n";

/// What the search of every state reaches, with states merged that differ in names alone and without: that must be the
/// same, and the fixed algorithm must hold.
fn reaches(lines: &str) -> BTreeSet<Situation> {
    reached_in(&scenario(lines))
}

fn reached_in(scenario: &Arc<Scenario>) -> BTreeSet<Situation> {
    let survey = reached(scenario, &Effort::default()).expect("the fixed algorithm holds");
    assert_eq!(survey.limit, None);
    let check = |symmetry| {
        let effort = Effort {
            symmetry,
            ..Effort::default()
        };
        let outcome = Checker::Exhaustive.run(&Variant::Fixed, scenario, &effort, &Arc::default());
        outcome.expect("no fault")
    };
    let (merged, whole) = (check(true), check(false));
    assert_eq!(
        (merged.verdict, whole.verdict),
        (Verdict::Holds, Verdict::Holds)
    );
    assert_eq!(merged.reached, whole.reached);
    let sampled = Checker::Random.run(
        &Variant::Fixed,
        scenario,
        &Effort {
            executions: 50,
            ..Effort::default()
        },
        &Arc::default(),
    );
    let sampled = sampled.expect("no fault").reached.unwrap_or_default();
    assert!(sampled.is_subset(&survey.situations), "{sampled:?}");
    survey.situations
}

#[test]
fn a_client_that_is_less_patient_is_not_served() {
    for (patience, all) in [("1s", false), ("3s", true)] {
        let found = reaches(&format!(
            "{TIME}[[client]]\nname = \"alice\"\npatience = \"{patience}\""
        ));
        assert_eq!(found.contains(&Situation::AllServed), all, "{patience}");
    }
}

#[test]
fn a_slow_disk_or_a_worker_that_stalls_may_take_longer_than_a_client_waits() {
    let alice = "[[client]]\nname = \"alice\"";
    let slow = |length| format!("{TIME}[[slow-disk]]\nfor = \"{length}\"\nfactor = 5\n{alice}");
    assert!(!reaches(&slow("10s")).contains(&Situation::AllServed));
    // In two and a half seconds a quarter is done, and a second and a half is left.
    assert!(reaches(&slow("2500ms")).contains(&Situation::AllServed));
    let stalls = |stall: &str| {
        format!(
            "[server]\nidle-pool = 0\nstalling-creations = [1]\n[time]\nset-up = \"2s\"\npatience = \"5s\"\n\
             stall = \"{stall}\"\n{alice}"
        )
    };
    assert!(!reaches(&stalls("4s")).contains(&Situation::AllServed));
    assert!(reaches(&stalls("2s")).contains(&Situation::AllServed));
}

#[test]
fn a_license_that_comes_late_serves_nobody_and_holds_up_nobody_else() {
    let clients = |after: &str| {
        format!(
            "{TIME}[[client]]\nname = \"alice\"\nlicense = \"granted\"\nlicense-after = \"{after}\"\n\
             [[client]]\nname = \"bob\""
        )
    };
    assert!(!reaches(&clients("10s")).contains(&Situation::AllServed));
    assert!(reaches(&clients("1s")).contains(&Situation::AllServed));
}

#[test]
fn a_session_times_out_unless_its_user_comes_back_before() {
    let comes_back_after = |arrives: &str| {
        reaches(&format!(
            "{TIME}disconnect-time-out = \"10min\"\n\
             [[client]]\nname = \"first\"\nuser = \"alice\"\nscript = [\"connect\", \"log-on\", \"disconnect\"]\n\
             [[client]]\nname = \"again\"\nuser = \"alice\"\narrives = \"{arrives}\"\n\
             script = [\"connect\", \"log-on\", \"disconnect\"]\nstays = \"4min\"\n\
             [[client]]\nname = \"once-more\"\nuser = \"alice\"\narrives = \"15min\"\n\
             script = [\"connect\", \"log-on\"]\n"
        ))
    };
    // It is gone back to at 5 min, left again at 9 min and gone back to at 15 min: a time-out that was not cancelled would
    // end it at 10 min.
    let found = comes_back_after("5min");
    assert!(found.contains(&Situation::GoesBack));
    for never in [Situation::TimeOutHits, Situation::TimeOutMisses] {
        assert!(!found.contains(&never), "{never:?}");
    }
    let found = comes_back_after("11min");
    assert!(found.contains(&Situation::TimeOutHits));
}

#[test]
fn administrators_and_cutters_act_at_their_times() {
    let arrives = |at: &str| {
        reaches(&format!(
            "{TIME}[[client]]\nname = \"alice\"\narrives = \"{at}\"\n[[administrator]]\n\
             script = [\"disable-logons\", \"enable-logons\"]\nat = [\"10s\", \"20s\"]"
        ))
    };
    for (at, refused) in [("9s", false), ("15s", true), ("21s", false)] {
        let found = arrives(at);
        assert_eq!(found.contains(&Situation::RefusedDisabled), refused, "{at}");
        assert_eq!(found.contains(&Situation::AllServed), !refused, "{at}");
    }
    // At the very moment either comes first.
    assert!(arrives("10s").is_superset(&BTreeSet::from([
        Situation::RefusedDisabled,
        Situation::AllServed
    ])));
    let cut = |at: &str| {
        reaches(&format!(
            "{TIME}[[client]]\nname = \"alice\"\nscript = [\"connect\", \"log-on\"]\nthink = \"3s\"\n\
             [[cutter]]\ncuts = \"alice\"\nat = \"{at}\""
        ))
    };
    for (at, situation) in [
        ("1s", Situation::CutInLine),
        ("3s", Situation::CutAtPrompt),
        ("6s", Situation::CutLoggedOn),
    ] {
        let of_cuts = [
            Situation::CutInLine,
            Situation::CutAtPrompt,
            Situation::CutLoggedOn,
        ];
        let found = cut(at);
        let found: Vec<_> = of_cuts.iter().filter(|one| found.contains(one)).collect();
        assert_eq!(found, [&situation], "{at}");
    }
}

#[test]
fn each_timed_preset_is_decided_at_once_by_those_that_have_time_and_refused_by_the_others() {
    let timed: Vec<Arc<Scenario>> = presets()
        .iter()
        .map(|preset| Arc::new(preset.scenario()))
        .filter(|scenario| scenario.time.is_some())
        .collect();
    assert!(timed.len() >= 4);
    for scenario in timed {
        for &checker in Checker::ALL {
            let can = checker.expect_can_run(&scenario);
            assert_eq!(can.is_ok(), checker.has_time(), "{checker}");
            if let Err(error) = can {
                assert_eq!(error.kind(), ErrorKind::NeedsTime);
                assert!(error.to_string().contains(checker.name()), "{error}");
                continue;
            }
            let effort = Effort {
                executions: 100,
                max_states: Some(50_000),
                ..Effort::usual(checker)
            };
            let ran = checker.run(&Variant::Fixed, &scenario, &effort, &Arc::default());
            let verdict = ran.expect("no fault").verdict;
            assert_eq!(verdict, Verdict::Holds, "{checker} in {}", scenario.name);
        }
    }
}

/// Clients that are drawn, with everything that may go wrong.
fn storm(logons: u32) -> Arc<Scenario> {
    let mut storm = Scenario::preset("morning-storm").expect("a preset");
    storm.arrivals[0].logons = logons;
    let faults = &mut storm.faults;
    (faults.disconnect, faults.breaks, faults.vanish) = (250, 250, 250);
    (faults.license_denied, faults.license_never) = (100, 100);
    (faults.wrong_password, faults.creation_fails) = (200, 200);
    faults.worker_stalls = 200;
    Arc::new(storm)
}

#[test]
fn what_is_drawn_is_a_function_of_the_seed_and_reads_back_as_it_was() {
    let storm = storm(12);
    let mut all = BTreeSet::new();
    for seed in 0..40 {
        let drawn = storm.drawn(seed).expect("it is small");
        assert_eq!(storm.drawn(seed).as_ref(), Ok(&drawn));
        assert!(drawn.arrivals.is_empty());
        assert_eq!(drawn.clients.len(), 12);
        let text = drawn.to_toml();
        assert_eq!(
            Scenario::parse(&text, "drawn").as_ref(),
            Ok(&drawn),
            "{text}"
        );
        assert_eq!(drawn.drawn(seed).as_ref(), Ok(&drawn));
        all.insert(format!("{:?}", drawn.clients));
    }
    assert_eq!(all.len(), 40);
}

#[test]
fn whatever_is_drawn_the_fixed_algorithm_holds_in_every_state() {
    let mut found = BTreeSet::new();
    for seed in 0..12 {
        let drawn = storm(3).drawn(seed).expect("it is small");
        found.extend(reached_in(&Arc::new(drawn)));
    }
    for situation in [
        Situation::RefusedPassword,
        Situation::BreakDisconnects,
        Situation::LogsOff,
        Situation::Disconnects,
        Situation::TimeOutHits,
        Situation::LogonsDisabled,
    ] {
        assert!(found.contains(&situation), "{situation:?}");
    }
}

#[test]
fn the_ordinary_scenario_says_what_the_plan_draws() {
    let (mut ends, mut stalls, mut resets) = (BTreeSet::new(), 0, 0);
    for seed in 0..20 {
        let storm = storm(12);
        let plan = Plan::of(&storm).expect("clients are drawn").seeded(seed);
        let drawn = storm.drawn(seed).expect("it is small");
        for (client, arrival) in drawn.clients.iter().zip(plan.arrivals()) {
            let number = arrival.number;
            let times = client.times;
            assert_eq!(times.arrives, arrival.at);
            let patience = times.patience.unwrap_or(plan.time().patience);
            assert_eq!(patience, plan.patience(number));
            if client.logs_on() {
                assert_eq!(client.user.as_str(), format!("user-{}", arrival.user + 1));
                assert_eq!(times.think, plan.think(number, 0));
            }
            let Some(last) = client.script.get(2) else {
                continue;
            };
            let end = plan.end(number, 0);
            ends.insert(*last);
            let stay = plan.stay(number, 0).expect("sessions end");
            let noticed = match end {
                End::Vanishes => plan.time().keep_alive,
                _ => 0,
            };
            assert_eq!(times.stays, stay + noticed);
            let expected = match end {
                End::LogsOff => ClientOperation::LogOff,
                End::Disconnects => ClientOperation::Disconnect,
                End::Breaks | End::Vanishes => ClientOperation::HangUp,
            };
            assert_eq!(*last, expected);
        }
        let server = &drawn.server;
        stalls += server.stalling_creations.len();
        for &number in server.stalling_creations.iter() {
            assert!(plan.stalls(number).is_some());
        }
        assert!(
            server
                .failing_creations
                .iter()
                .all(|&one| plan.creation_fails(one))
        );
        let slow: Vec<_> = (0..).map_while(|nth| plan.slow(nth)).collect();
        let said = drawn.slow_disks.iter();
        let said: Vec<_> = said
            .map(|slow| (slow.from, slow.until, slow.factor))
            .collect();
        assert_eq!(said, slow);
        for administrator in &drawn.administrators {
            for (at, operation) in administrator.at.iter().zip(&administrator.script) {
                let mut moments = (0..).map_while(|nth| plan.disabled(nth));
                assert!(match operation {
                    AdministratorOperation::DisableLogons => moments.any(|(from, _)| from == *at),
                    AdministratorOperation::EnableLogons => moments.any(|(_, until)| until == *at),
                    AdministratorOperation::Reset(target) => {
                        resets += 1;
                        let mut resets = (0..).map_while(|nth| Some((nth, plan.reset_at(nth)?)));
                        resets.any(|(nth, when)| {
                            let user = plan.whom_it_resets(nth) + 1;
                            when == *at && target.as_str() == format!("user-{user}")
                        })
                    }
                });
            }
        }
    }
    assert_eq!(ends.len(), 3, "{ends:?}");
    assert!(stalls > 0 && resets > 0, "{stalls} {resets}");
}

#[test]
fn more_than_the_checkers_hold_is_refused_with_the_way_out() {
    let refused = |scenario: &Scenario, expected: &str| {
        let error = scenario.drawn(1).expect_err("they are too many");
        assert_eq!(error.kind(), ErrorKind::TooManyActors);
        assert!(error.to_string().contains(expected), "{error}");
    };
    assert!(storm(64).drawn(1).is_ok());
    refused(
        &storm(65),
        "more than 64 clients are drawn, which the checkers do not hold; expected `simulate`, or fewer logons in \
         [[arrivals]]",
    );
    let mut scenario = Scenario::clone(&storm(5));
    scenario.faults.reset_every = Some(60_000);
    refused(
        &scenario,
        "more than 256 operations of administrators are drawn",
    );
    scenario.faults.reset_every = None;
    if let Some(slow) = &mut scenario.faults.slow_disk {
        slow.pulse.every = 10 * 60_000;
    }
    refused(&scenario, "more than 64 slow disks are drawn");
}

#[test]
fn the_command_line_says_how_many_are_drawn_and_refuses_too_many() {
    let run = Run::new();
    let output = run.of("check --variant fixed --scenario morning-storm --checker exhaustive");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    let says = "5 clients of morning-storm are drawn, with seed 1";
    assert!(errors.contains(says), "{errors}");
    let text = storm(65).to_toml();
    std::fs::write(run.folder.path().join("large.toml"), text).expect("writable");
    let check = "check --variant fixed --scenario large.toml --checker random";
    run.is_refused(64, check, &["more than 64 clients are drawn", "simulate"]);
}

#[test]
fn a_time_can_be_taken_away() {
    let scenario = scenario(&format!(
        "{}disconnect-time-out = \"1h\"\nstall = \"4s\"\n[[slow-disk]]\nat = \"2s\"\nfor = \"1s\"\nfactor = 2\n\
         [[client]]\nname = \"alice\"\narrives = \"1s\"\nthink = \"1s\"\nstays = \"1s\"\npatience = \"9s\"\n\
         license = \"granted\"\nlicense-after = \"1s\"\nscript = [\"connect\", \"log-on\", \"disconnect\"]",
        TIME.replace("idle-pool = 0", "idle-pool = 0\nstalling-creations = [1]")
    ));
    let found = reductions(&scenario);
    for what in [
        "that alice comes later",
        "how long alice thinks",
        "how long alice stays",
        "the patience of alice",
        "how long the license of alice takes",
        "slow disk 1",
        "the stall before creation 1",
        "the time-out of disconnected sessions",
    ] {
        let one = found.iter().find(|one| one.what == what);
        let one = one.unwrap_or_else(|| panic!("{what}"));
        assert_eq!(one.scenario.check(), Ok(()), "{what}");
        assert_ne!(one.scenario, *scenario, "{what}");
    }
    // What only acted on what was taken away goes with it.
    let without = |what: &str| {
        let one = found.iter().find(|one| one.what == what);
        one.expect("it can be taken away").scenario.clone()
    };
    let rest = without("step 3 of alice, disconnect");
    assert_eq!(rest.clients[0].times.stays, 0);
    let time = rest.time.expect("things take time");
    assert_eq!(time.disconnect_time_out, None);
    assert_eq!(
        without("the license of alice").clients[0]
            .times
            .license_after,
        0
    );
}
