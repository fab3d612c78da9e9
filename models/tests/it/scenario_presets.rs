//! The built-in scenarios: each is lawful, small, and reads back what it writes.

use std::collections::BTreeSet;

use logon_models::scenario::{ClientOperation, Scenario, presets};

/// The built-in scenario of that name.
fn preset(name: &str) -> Scenario {
    Scenario::preset(name).expect("a preset")
}

#[test]
fn every_preset_is_named_like_its_file_and_makes_sense() {
    let mut names = BTreeSet::new();
    for listed in presets() {
        let scenario = preset(listed.name());
        assert_eq!(scenario.name, listed.name());
        assert!(names.insert(scenario.name.clone()));
        assert!(
            scenario.source.starts_with("KB Q") || scenario.source.starts_with("reconstruction")
        );
        assert_eq!(scenario.check(), Ok(()));
    }
}

#[test]
fn every_preset_survives_being_written_and_read() {
    for listed in presets() {
        let scenario = preset(listed.name());
        let text = scenario.to_toml();
        assert_eq!(
            Scenario::parse(&text, "copy").as_ref(),
            Ok(&scenario),
            "{text}"
        );
    }
}

#[test]
fn a_scenario_with_everything_survives_being_written_and_read() {
    let text = r#"
        name = "everything"
        summary = "Quotes \"and\" \\ and ü."
        source = "reconstruction"
        reaches = ["a reset hits", "a client waits in line"]
        [server]
        idle-pool = 8
        max-connections = "clients"
        creation-workers = 4
        reuse-ids = true
        on-broken-line = "reset"
        failing-creations = [13, 1]
        logons-enabled = false
        spurious-wakes = 4
        [[client]]
        name = "bob"
        user = "alice"
        script = ["reconnect", "hang-up", "reconnect", "log-off"]
        license = "granted"
        hang-up = "arbitrating"
        [[client]]
        count = 3
        script = ["reconnect", "disconnect"]
        license = "granted"
        [[client]]
        name = "erin"
        user = "shared"
        script = ["reconnect"]
        [[client]]
        name = "frank"
        script = ["reconnect"]
        password = "wrong"
        [[client]]
        name = "grace"
        license = "never-answered"
        [[client]]
        name = "heidi"
        hang-up = "before-arrival"
        [[administrator]]
        script = ["enable-logons", { reset = "bob" }, "disable-logons", { reset = "shared" }]
        [[administrator]]
        script = [{ reset = "alice" }]
        [[cutter]]
        cuts = "bob"
        [[cutter]]
        cuts = "alice"
        [[timer]]
        expires = "carol"
    "#;
    let scenario = Scenario::parse(text, "everything").expect("a lawful scenario");
    let names: Vec<&str> = scenario
        .clients
        .iter()
        .map(|client| client.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "bob", "alice", "carol", "dave", "erin", "frank", "grace", "heidi"
        ]
    );
    assert_eq!(scenario.server.max_connections, Some(8));
    assert_eq!(scenario.actor_count(), 18);
    assert_eq!(scenario.administrators[1].name.as_str(), "admin-2");
    assert_eq!(scenario.cutters[1].name.as_str(), "cutter-2");
    assert_eq!(scenario.check(), Ok(()));
    let written = scenario.to_toml();
    assert_eq!(
        Scenario::parse(&written, "copy").as_ref(),
        Ok(&scenario),
        "{written}"
    );
}

#[test]
fn every_preset_but_nine_has_four_actors_or_fewer() {
    let sizes: Vec<(&str, usize)> = presets()
        .iter()
        .map(|listed| (listed.name(), preset(listed.name()).actor_count()))
        .collect();
    assert_eq!(
        sizes,
        [
            ("q238186-default", 4),
            ("q238186-burst", 6),
            ("q245221", 2),
            ("q241411-batch", 3),
            ("q192165-full", 3),
            ("q187443-reconnect-at-max", 3),
            ("q219540-broken-handoff", 4),
            ("only-client-cut", 3),
            ("q257617-licence-hang", 3),
            ("q238600-flood", 4),
            ("q187049-zombie", 4),
            ("change-logon-disable", 4),
            ("simultaneous-reconnect", 3),
            ("reconnect-vs-reset", 3),
            ("stale-reset", 3),
            ("creation-fails", 3),
            ("license-denied", 3),
            ("spurious-wakes", 4),
            ("log-off-cut", 5),
            ("two-workers", 4),
            ("wrong-password", 3),
            ("reconnect-with-room", 3),
            ("two-users", 4),
            ("broken-line-resets", 4),
            ("failure-in-line", 5),
            ("stopped-on-the-way-back", 5),
            ("time-out-beside-another", 5),
            ("only-one-stays", 5),
            ("failure-in-the-pool", 3),
            ("q238600-flood-timed", 7),
            ("q187049-keep-alive", 7),
            ("q257617-slow-licence", 5),
            // Its clients are drawn.
            ("morning-storm", 4),
        ]
    );
}

#[test]
fn a_group_is_named_and_has_its_own_users() {
    let scenario = preset("q238186-default");
    let names: Vec<&str> = scenario
        .clients
        .iter()
        .map(|client| client.name.as_str())
        .collect();
    assert_eq!(names, ["alice", "bob", "carol"]);
    let users: Vec<&str> = scenario
        .clients
        .iter()
        .map(|client| client.user.as_str())
        .collect();
    assert_eq!(users, names);
    assert_eq!(scenario.server.max_connections, None);
    let batch = preset("q241411-batch");
    assert!(
        batch
            .clients
            .iter()
            .all(|client| client.user.as_str() == "batch")
    );
}

#[test]
fn reconnect_is_spelled_out() {
    use ClientOperation::{Connect, Disconnect, LogOn};
    let scenario = preset("reconnect-vs-reset");
    assert_eq!(
        scenario.clients[0].script,
        [Connect, LogOn, Disconnect, Connect, LogOn]
    );
}
