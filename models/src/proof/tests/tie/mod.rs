//! The tie between the rules and the code as it runs on the standard library's containers.
//!
//! The rules are computed from the sections, on symbolic containers. Here the same sections run on the standard ones,
//! with a few clients in every order, and with many in some orders, and each step is held against the rules: it must be
//! the effect of one whose conditions hold where it was taken, the invariant must be true before and after it, and
//! everything on the server's record must be part of some type of party.
//!
//! Both sides are *projected* ([`view`], [`projected`]): what a party has seen, and which of the sessions without a
//! logon are whose, the server does not know. So what is compared is what the server has on record.
//!
//! It also goes the other way: each rule that the invariant lets happen is used by some step, projected.
//!
//! `LOGON_CHECK_PROOF_TIE=all` compares larger groups and crowds as well; what cannot be parsed is an error.

mod projected;
mod sampled;
mod scenes;
mod searched;
mod view;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::{OnBrokenLine, Variant};

use super::skipped;
use crate::proof::extract::extract;
use crate::proof::{Configuration, build};
use crate::scenario::{self, Overrides, Scenario, presets};
pub(super) use projected::Rules;
pub(super) use searched::{Play, explore};

/// Which ties are tried.
const SETTING: &str = "LOGON_CHECK_PROOF_TIE";

/// Whether the setting asks for everything.
///
/// # Errors
///
/// What is wrong with the setting.
fn everything(setting: Option<&str>) -> Result<bool, String> {
    match setting {
        None => Ok(false),
        Some("all") => Ok(true),
        Some(other) => Err(format!(
            "{SETTING} is {other:?}; expected \"all\", or that it is not set"
        )),
    }
}

/// The configuration in which a scenario is.
fn configuration(scenario: &Scenario) -> Configuration {
    Configuration {
        has_maximum: scenario.server.max_connections.is_some(),
        on_broken_line: match scenario.server.on_broken_line {
            scenario::OnBrokenLine::Disconnect => OnBrokenLine::Disconnect,
            scenario::OnBrokenLine::Reset => OnBrokenLine::Reset,
        },
    }
}

/// Searches every scenario and holds it against the rules of its configuration; prints what was compared.
fn compare(plays: impl Iterator<Item = Play>, rules: &[Rc<Rules>]) {
    let (mut states, mut transitions) = (0, 0);
    for play in plays {
        let configuration = configuration(&play.scenario);
        let rules = rules
            .iter()
            .find(|rules| rules.configuration == configuration)
            .expect("there are rules of all four");
        let tally = explore(&play).compare(rules);
        println!(
            "{}: {} states, {} transitions",
            play.scenario.name, tally.states, tally.transitions
        );
        assert_eq!(
            tally.unmatched,
            Vec::<String>::new(),
            "{}",
            play.scenario.name
        );
        states += tally.states;
        transitions += tally.transitions;
    }
    println!("together: {states} states, {transitions} transitions");
}

fn all_rules() -> Vec<Rc<Rules>> {
    let rules = Configuration::ALL.into_iter().map(Rules::of);
    rules.map(Rc::new).collect()
}

#[test]
fn every_step_of_every_preset_is_the_effect_of_a_rule_and_every_rule_is_used() {
    let rules = all_rules();
    let presets = presets()
        .iter()
        .map(|preset| Play::of(&Arc::new(preset.scenario())));
    compare(presets.chain(scenes::all()), &rules);
    for rules in rules {
        let unused = rules.unused();
        let (all, possible) = rules.numbers();
        println!(
            "{:?}: {all} rules, projected, of which {possible} may happen, and {} of these are used",
            rules.configuration,
            possible - unused.len(),
        );
        assert_eq!(unused, Vec::<String>::new(), "{:?}", rules.configuration);
    }
}

/// Defects that do to the server's record what the fixed algorithm does to it, and what they do wrong instead.
const ALIKE_ON_RECORD: &[(Variant, &str)] = &[
    (
        Variant::SetupStampede,
        "each of its creations is wanted; that they are too many at a time is a matter of time",
    ),
    (
        Variant::RelaxedPublication,
        "what goes wrong needs a weaker memory than that of the search",
    ),
    (
        Variant::LockOrder,
        "its second lock is not the server, and those who wait for each other do nothing",
    ),
    (
        Variant::WorkerSelfDeadlock,
        "its second lock is not the server, and whoever waits for itself does nothing",
    ),
];

/// How many states a defect's place may have here. Each that is noticed is so in a smaller one.
const MOST_OF_A_DEFECT: u64 = 1_500;

#[test]
fn a_step_of_a_wrong_algorithm_is_no_rules() {
    let rules = all_rules();
    let mut alike = BTreeSet::new();
    let defects = Variant::ALL.iter().copied();
    for variant in defects.filter(|variant| variant.is_defect()) {
        let is_noticed = presets().iter().any(|preset| {
            let play = Play::of(&Arc::new(preset.scenario()));
            let Ok(explored) = searched::explore_a(variant, &play, MOST_OF_A_DEFECT) else {
                return false;
            };
            let configuration = configuration(&play.scenario);
            let mut rules = rules.iter();
            let rules = rules.find(|rules| rules.configuration == configuration);
            let tally = explored.compare(rules.expect("there are rules of all four"));
            if let Some(first) = tally.unmatched.first() {
                println!("{variant}: {}: {first}", preset.name());
            }
            !tally.unmatched.is_empty()
        });
        if !is_noticed {
            alike.insert(variant);
        }
    }
    let expected = ALIKE_ON_RECORD.iter().map(|(variant, _)| *variant);
    assert_eq!(alike, expected.collect());
}

/// The rules of a variant in each configuration: the lawful ones, and all with those that are not to happen.
fn own_rules(variant: Variant) -> Vec<(Rules, Rules)> {
    let extractions = Configuration::ALL.into_iter().filter_map(|configuration| {
        // What cannot be followed has no rules.
        extract(&build(variant, configuration), configuration).ok()
    });
    extractions
        .map(|extraction| {
            (
                Rules::from(&extraction),
                Rules::with_wrong_ones(&extraction),
            )
        })
        .collect()
}

/// A defect shows whether the rules are all that there are: they are computed of it as well, and what it does, up to and
/// with what it does wrong first, has to be among them.
#[test]
fn what_a_defect_does_wrong_first_is_among_its_own_rules() {
    let mut compared = 0;
    for variant in Variant::ALL.iter().copied() {
        let rules = own_rules(variant);
        for preset in presets() {
            let play = Play::of(&Arc::new(preset.scenario()));
            let configuration = configuration(&play.scenario);
            let mut rules = rules.iter();
            let rules = rules.find(|(lawful, _)| lawful.configuration == configuration);
            let Some((lawful, all)) = rules else {
                continue;
            };
            let Ok(explored) = searched::explore_a(variant, &play, MOST_OF_A_DEFECT) else {
                continue;
            };
            let missed = explored.missed(lawful, all);
            assert_eq!(missed, None, "{variant} in {}", preset.name());
            compared += 1;
        }
    }
    println!("{compared} pairs of a variant and a preset");
    assert!(compared > 250);
}

#[test]
fn every_step_of_larger_groups_and_of_sampled_crowds_is_the_effect_of_a_rule() {
    let setting = std::env::var(SETTING).ok();
    if !everything(setting.as_deref()).expect("a setting that can be understood") {
        return skipped(&format!(
            "{SETTING}=all asks for larger groups and for crowds"
        ));
    }
    let rules = all_rules();
    let larger = presets().iter().flat_map(|preset| {
        let sizes = [4, 6].into_iter();
        sizes.filter_map(|clients| {
            let overrides = Overrides {
                clients: Some(clients),
                ..Overrides::default()
            };
            // A scenario without a group cannot grow, and with six clients and times there are too many states.
            let larger = preset.scenario().with(&overrides).ok();
            larger.filter(|larger| larger.time.is_none() || clients == 4)
        })
    });
    compare(larger.map(|larger| Play::of(&Arc::new(larger))), &rules);
    for crowd in sampled::LARGE {
        sampled::compare(crowd, &rules);
    }
}

#[test]
fn every_step_of_sampled_small_crowds_is_the_effect_of_a_rule() {
    let rules = all_rules();
    for crowd in sampled::SMALL {
        sampled::compare(crowd, &rules);
    }
}

#[test]
fn a_setting_that_cannot_be_understood_is_an_error() {
    assert_eq!(everything(None), Ok(false));
    assert_eq!(everything(Some("all")), Ok(true));
    assert!(everything(Some("some")).is_err());
}
