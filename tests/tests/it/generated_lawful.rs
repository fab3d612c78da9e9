//! The generator of scenarios: all it makes is lawful, everything occurs, and shrinking makes less of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use logon_models::checker::{Effort, reached};
use logon_models::scenario::{
    AdministratorOperation, ClientOperation, HangUpPhase, LicenseReply, OnBrokenLine, Password,
    ResetTarget, Scenario, Situation,
};
use logon_tests::failing::{find_failing, runner};
use logon_tests::generate::{Size, scenarios};
use proptest::strategy::{Strategy, ValueTree};

/// How many scenarios are looked at.
const MANY: u32 = 5_000;

/// The features of a scenario, by name.
fn features(scenario: &Scenario) -> Vec<String> {
    let server = &scenario.server;
    let mut features = vec![
        format!("{} clients", scenario.clients.len()),
        format!("pool {}", server.idle_pool),
        format!("at most {:?}", server.max_connections),
        format!("{} workers", server.creation_workers),
        format!("reuse of ids {}", server.reuse_ids),
        format!("broken lines {:?}", server.on_broken_line),
        format!("logons enabled {}", server.logons_enabled),
        format!("failing creations {}", !server.failing_creations.is_empty()),
        format!("administrators {}", scenario.administrators.len()),
        format!("spurious wakes {}", server.spurious_wakes),
        format!("cutters {}", scenario.cutters.len()),
        format!("timers {}", scenario.timers.len()),
    ];
    for (index, client) in scenario.clients.iter().enumerate() {
        features.push(format!("license {:?}", client.license));
        features.push(format!("password {:?}", client.password));
        features.push(format!("hang-up {:?}", client.hang_up));
        features.extend(
            client
                .script
                .iter()
                .map(|operation| format!("{operation:?}")),
        );
        let connects = client
            .script
            .iter()
            .filter(|&&o| o == ClientOperation::Connect)
            .count();
        if connects > 1 {
            features.push("reconnect".to_owned());
        }
        if scenario.clients[..index]
            .iter()
            .any(|other| other.user == client.user)
        {
            features.push("shared user".to_owned());
        }
    }
    for operation in scenario
        .administrators
        .iter()
        .flat_map(|admin| &admin.script)
    {
        features.push(match operation {
            AdministratorOperation::Reset(ResetTarget::Client(_)) => "reset of a client".to_owned(),
            AdministratorOperation::Reset(ResetTarget::User(_)) => "reset of a user".to_owned(),
            other => format!("{other:?}"),
        });
    }
    features
}

/// Every feature that must occur.
fn expected() -> Vec<String> {
    let numbers = |what: &str, range: std::ops::RangeInclusive<u32>| {
        range
            .map(|number| format!("{what} {number}"))
            .collect::<Vec<_>>()
    };
    let counted = |range: std::ops::RangeInclusive<u32>, what: &str| {
        range
            .map(|number| format!("{number} {what}"))
            .collect::<Vec<_>>()
    };
    let mut all = [
        counted(1..=4, "clients"),
        numbers("pool", 0..=2),
        counted(1..=2, "workers"),
        numbers("administrators", 0..=1),
        numbers("spurious wakes", 0..=2),
        numbers("cutters", 0..=1),
        numbers("timers", 0..=1),
    ]
    .concat();
    all.extend([None, Some(1), Some(2), Some(3)].map(|limit| format!("at most {limit:?}")));
    for flag in ["reuse of ids", "logons enabled", "failing creations"] {
        all.extend([format!("{flag} true"), format!("{flag} false")]);
    }
    let lines = [OnBrokenLine::Disconnect, OnBrokenLine::Reset];
    all.extend(lines.map(|line| format!("broken lines {line:?}")));
    use LicenseReply::{Denied, Granted, NeverAnswered};
    let replies = [None, Some(Granted), Some(Denied), Some(NeverAnswered)];
    all.extend(replies.map(|reply| format!("license {reply:?}")));
    all.extend([Password::Right, Password::Wrong].map(|word| format!("password {word:?}")));
    use HangUpPhase::{Admitted, Arbitrating, AtPrompt, BeforeArrival, Claimed};
    all.push("hang-up None".to_owned());
    let phases = [BeforeArrival, Admitted, Claimed, AtPrompt, Arbitrating];
    all.extend(phases.map(|phase| format!("hang-up {:?}", Some(phase))));
    use ClientOperation::{Connect, Disconnect, HangUp, LogOff, LogOn};
    all.extend([Connect, LogOn, Disconnect, LogOff, HangUp].map(|word| format!("{word:?}")));
    let others = [
        "reconnect",
        "shared user",
        "reset of a client",
        "reset of a user",
    ];
    all.extend(others.map(str::to_owned));
    all.extend(["DisableLogons", "EnableLogons"].map(str::to_owned));
    all
}

#[test]
fn every_generated_scenario_is_lawful_means_its_document_and_every_feature_occurs() {
    let mut seen = BTreeMap::<String, u32>::new();
    let mut runner = runner(1, MANY);
    for _ in 0..MANY {
        let tree = scenarios(Size::ALL)
            .new_tree(&mut runner)
            .expect("nothing is discarded");
        let scenario = tree.current();
        let toml = scenario.to_toml();
        scenario
            .check()
            .unwrap_or_else(|error| panic!("{error}\n{toml}"));
        assert_eq!(
            Scenario::parse(&toml, "copy").as_ref(),
            Ok(&scenario),
            "{toml}"
        );
        for feature in features(&scenario) {
            *seen.entry(feature).or_default() += 1;
        }
    }
    for feature in expected() {
        let times = seen.remove(&feature).unwrap_or_default();
        assert!(times >= MANY / 200, "{feature} occurs {times} times");
    }
    assert_eq!(
        seen.into_keys().collect::<Vec<_>>(),
        Vec::<String>::new(),
        "nobody expects these"
    );
}

/// How many states of a scenario are visited to see what is reached in it.
const STATES: u64 = 3_000;

/// What chance alone would seldom bring about and some state of this scenario shows, by name.
fn combinations(scenario: &Arc<Scenario>) -> Vec<&'static str> {
    let effort = Effort {
        max_states: Some(STATES),
        ..Effort::default()
    };
    let survey = reached(scenario, &effort);
    let seen = survey.expect("the fixed algorithm holds").situations;
    let happens = |situation| seen.contains(&situation);
    let has_room = scenario.server.max_connections.is_some_and(|most| most > 1);
    [
        (
            "a client that logs off is cut off",
            happens(Situation::LogsOff) && happens(Situation::CutLoggedOn),
        ),
        ("two creations at once", happens(Situation::TwoCreations)),
        ("a wrong password", happens(Situation::RefusedPassword)),
        (
            "a return to a server with room",
            has_room && happens(Situation::GoesBack),
        ),
        (
            "two users and a reset",
            happens(Situation::TwoUsers) && happens(Situation::ResetHits),
        ),
        ("a broken line that resets", happens(Situation::BreakResets)),
    ]
    .into_iter()
    .filter_map(|(name, is_so)| is_so.then_some(name))
    .collect()
}

#[test]
fn what_chance_alone_would_seldom_bring_about_is_reached_in_one_scenario_of_forty() {
    const SCENARIOS: u32 = 200;
    let mut seen = BTreeMap::<&str, u32>::new();
    let mut runner = runner(5, SCENARIOS);
    for _ in 0..SCENARIOS {
        let tree = scenarios(Size::SMALL).new_tree(&mut runner);
        let scenario = Arc::new(tree.expect("nothing is discarded").current());
        for name in combinations(&scenario) {
            *seen.entry(name).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(
        seen.values().all(|&times| times >= SCENARIOS / 40),
        "{seen:?}"
    );
}

#[test]
fn tiny_scenarios_are_lawful_and_fit_loom() {
    let mut runner = runner(2, MANY);
    for _ in 0..MANY / 10 {
        let tree = scenarios(Size::TINY)
            .new_tree(&mut runner)
            .expect("nothing is discarded");
        let scenario = tree.current();
        assert_eq!(scenario.check(), Ok(()));
        assert_eq!(
            scenario.check_fits(3, "loom"),
            Ok(()),
            "{}",
            scenario.to_toml()
        );
    }
}

#[test]
fn every_step_of_shrinking_is_lawful_and_the_last_is_the_smallest_scenario() {
    let mut runner = runner(3, MANY);
    for _ in 0..50 {
        let mut tree = scenarios(Size::ALL)
            .new_tree(&mut runner)
            .expect("nothing is discarded");
        while tree.simplify() {
            assert_eq!(
                tree.current().check(),
                Ok(()),
                "{}",
                tree.current().to_toml()
            );
        }
        let smallest = tree.current();
        let server = &smallest.server;
        assert_eq!(
            (
                smallest.actor_count(),
                server.idle_pool,
                server.max_connections
            ),
            (2, 0, None)
        );
        assert_eq!(smallest.clients[0].script, [ClientOperation::Connect]);
    }
}

#[test]
fn shrinking_keeps_what_it_is_about_and_drops_the_rest() {
    let caught = find_failing(&scenarios(Size::ALL), 4, MANY, |scenario| {
        let mut scripts = scenario.clients.iter().map(|client| &client.script);
        let disconnects = scripts.any(|script| script.contains(&ClientOperation::Disconnect));
        if disconnects {
            Err("a client disconnects".to_owned())
        } else {
            Ok(())
        }
    })
    .expect_err("some client disconnects");
    let scenario = caught.scenario;
    assert_eq!(scenario.actor_count(), 2, "{}", scenario.to_toml());
    let operations = ["connect", "log-on", "disconnect"];
    assert!(
        scenario
            .to_toml()
            .contains(&format!("script = {operations:?}"))
    );
}
