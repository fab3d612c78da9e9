//! What a scenario says that it reaches, the search of every state shows; and it shows nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_models::checker::{Effort, Survey, reached};
use logon_models::scenario::{Overrides, Scenario, Situation, presets};

fn survey(scenario: &Scenario) -> Survey {
    let survey = reached(&Arc::new(scenario.clone()), &Effort::default());
    let survey = survey.expect("the fixed algorithm holds");
    assert_eq!(survey.limit, None, "{}", scenario.name);
    survey
}

#[test]
fn every_preset_says_what_it_reaches_and_the_search_of_every_state_shows_it() {
    for preset in presets() {
        let scenario = preset.scenario();
        assert!(
            !scenario.reaches.is_empty(),
            "{} says nothing",
            preset.name()
        );
        let missing = survey(&scenario).missing(&scenario);
        assert_eq!(missing, [], "{}", preset.name());
    }
}

#[test]
fn what_a_scenario_does_not_reach_is_missed() {
    let unreachable = [
        ("q245221", "a client is refused with 71"),
        ("q192165-full", "every client is served"),
        ("only-client-cut", "a line is cut when logged on"),
        ("two-workers", "an id is used again"),
        (
            "reconnect-vs-reset",
            "an old session is lost on the way back",
        ),
        ("spurious-wakes", "a client takes an idle session"),
        ("log-off-cut", "a broken line resets a session"),
        ("two-users", "a user is logged on twice"),
    ];
    for (name, words) in unreachable {
        let mut scenario = Scenario::preset(name).expect("a preset");
        let (situation, _) = Situation::all()
            .find(|(_, known)| *known == words)
            .expect("a situation");
        assert!(scenario.reaches.insert(situation), "{name}: {words}");
        assert_eq!(survey(&scenario).missing(&scenario), [situation], "{name}");
    }
}

#[test]
fn a_setting_that_is_taken_away_is_no_longer_reached() {
    let mut flood = Scenario::preset("q238600-flood").expect("a preset");
    assert!(
        survey(&flood)
            .situations
            .contains(&Situation::HangsUpAtPrompt)
    );
    for client in &mut flood.clients {
        client.hang_up = None;
    }
    assert_eq!(survey(&flood).missing(&flood), [Situation::HangsUpAtPrompt]);
    let workers = Scenario::preset("two-workers").expect("a preset");
    let one = Overrides {
        creation_workers: Some(1),
        ..Overrides::default()
    };
    let one = workers.with(&one).expect("it makes sense");
    assert!(!survey(&one).situations.contains(&Situation::TwoCreations));
}

#[test]
fn every_situation_is_stated_by_a_preset() {
    let stated: BTreeSet<Situation> = presets()
        .iter()
        .flat_map(|preset| preset.scenario().reaches)
        .collect();
    let by_none: Vec<&str> = Situation::all()
        .filter(|(situation, _)| !stated.contains(situation))
        .map(|(_, words)| words)
        .collect();
    assert_eq!(by_none, Vec::<&str>::new());
}

#[test]
fn what_is_reached_is_written_and_read_and_forgotten_with_other_numbers() {
    let scenario = Scenario::preset("q192165-full").expect("a preset");
    assert_eq!(scenario.reaches, BTreeSet::from([Situation::RefusedFull]));
    let copy = Scenario::parse(&scenario.to_toml(), "copy").expect("what was written");
    assert_eq!(copy, scenario);
    assert_eq!(scenario.with(&Overrides::default()), Ok(scenario.clone()));
    let two = Overrides {
        max_connections: Some(2),
        ..Overrides::default()
    };
    let larger = scenario.with(&two).expect("it makes sense");
    assert_eq!(larger.reaches, BTreeSet::new());
}
