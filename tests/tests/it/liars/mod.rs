//! Allocators that lie, and others that only do it another way: each liar is found, and nobody lawful is accused.
//!
//! Every one is a few lines over the public steps of the algorithm. The table of the liars (`lies/`, one file a
//! group) says of each what it does wrong, in which preset a search of all states finds it, which property
//! falls first, and since when. By default a liar is tried where the table says; `LOGON_CHECK_LIARS=all` tries each in
//! all places, the small ones first, until it falls, and prints where; whatever else the variable is set to is an error.
//! Those that are lawful (`lawful/`) are tried in a third of the presets, each in another third; with
//! `LOGON_CHECK_LIARS=lawful` in all of them, and with `all` in the scenes as well.

mod lawful;
mod liar;
mod lies;
mod parts;
mod scenes;
mod simulated;
mod table;
mod word_ledger;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::{Effort, exhaustive};
use logon_models::judge::Property;
use logon_models::outcome::Verdict;
use logon_models::scenario::Scenario;
use logon_models::stage::Subject;
use logon_tests::each::each;

use lawful::{Kind, Lawful};
use liar::{Falls, Liar};
use table::Table;

/// Where the liars are tried.
const SETTING: &str = "LOGON_CHECK_LIARS";

/// How many states a search may visit. The largest that is searched has a seventh of them.
const MOST_STATES: u64 = 600_000;

/// Presets without which a liar would pass, and one such liar each.
const FOUND_IN_THIS_ONE_ALONE: &[(&str, &str)] = &[
    ("log-off-cut", "a_log_off_after_a_cut_releases_twice"),
    ("broken-line-resets", "broken_lines_always_disconnect"),
    ("failure-in-line", "passes_on_to_the_youngest"),
    ("stopped-on-the-way-back", "hangs_up_the_first"),
    ("time-out-beside-another", "expires_another_user"),
    ("only-one-stays", "a_wrong_password_releases_twice"),
];

/// The liars that fall, each where it does.
pub(crate) fn falling_liars() -> Vec<(Liar, Arc<Scenario>)> {
    let place = |liar: &Liar| match liar.falls {
        Falls::In(place, _) => Some(scenes::place(place)),
        Falls::Nowhere(_) => None,
    };
    let liars = lies::all().into_iter();
    liars
        .filter_map(|liar| Some((liar, place(&liar)?)))
        .collect()
}

/// Those that are lawful, each in every place.
pub(crate) fn lawful_everywhere() -> Vec<(Lawful, Arc<Scenario>)> {
    let in_each = |lawful: Lawful| {
        let places = scenes::everywhere().into_iter();
        places.map(move |place| (lawful, scenes::place(place)))
    };
    lawful::all().into_iter().flat_map(in_each).collect()
}

/// Whether the setting asks for everything.
///
/// # Errors
///
/// What is wrong with the setting.
fn everything(setting: Option<&str>) -> Result<bool, String> {
    match setting {
        None | Some("lawful") => Ok(false),
        Some("all") => Ok(true),
        Some(other) => Err(format!(
            "{SETTING} is {other:?}; expected \"lawful\" or \"all\", or that it is not set"
        )),
    }
}

/// Of how many presets each lawful allocator is tried in one, without the setting; and there it is looked at a second time
/// only with the setting.
const OF_PRESETS: usize = 3;

/// Lawful allocators that poll. Sections take no time, and time passes where nobody can take a step: so whoever polls lets
/// none pass, and where things take time it waits for ever.
const POLLS: &[&str] = &["polls_in_line"];

/// What a search of all states says of somebody in one place.
enum Tried {
    /// In so many states.
    Holds(u64),
    /// The properties that fall in one step, the first first, and the sentence.
    Falls(Vec<Property>, String),
    /// It came to no verdict.
    Not(String),
}

fn tried(subject: &impl Subject, place: &str) -> Tried {
    tried_with(subject, place, true)
}

/// The same, with second looks or without: see [`Effort::second_looks`].
fn tried_with(subject: &impl Subject, place: &str, second_looks: bool) -> Tried {
    let effort = Effort {
        max_states: Some(MOST_STATES),
        second_looks,
        ..Effort::default()
    };
    let outcome = match exhaustive(subject, &scenes::place(place), &effort) {
        Ok(outcome) => outcome,
        Err(fault) => return Tried::Not(format!("fault: {fault}")),
    };
    match (outcome.verdict, outcome.finding) {
        (Verdict::Violated, Some(finding)) => {
            let named = |name: &String| Property::named(name).expect("a property that there is");
            let properties = finding.properties.iter().map(named).collect();
            Tried::Falls(properties, finding.sentence)
        }
        (Verdict::Holds, None) => Tried::Holds(outcome.states.unwrap_or_default()),
        (_, _) => Tried::Not(outcome.limit.unwrap_or_default()),
    }
}

/// Which properties fell, or what is wrong with what the table says of a liar.
fn as_the_table_says(liar: &Liar) -> Result<Vec<Property>, String> {
    match liar.falls {
        Falls::Nowhere(why) => Err(format!("falls nowhere: {why}")),
        Falls::In(place, properties) => match tried(liar, place) {
            Tried::Falls(fell, _) if properties.contains(&fell[0]) => Ok(fell),
            Tried::Falls(fell, sentence) => Err(format!(
                "{place}\t{} instead of {properties:?}: {sentence}",
                fell[0]
            )),
            Tried::Holds(_) => Err(format!("{place}\tholds instead of {properties:?}")),
            Tried::Not(why) => Err(format!("{place}\tno verdict: {why}")),
        },
    }
}

fn is_timed(place: &str) -> bool {
    scenes::place(place).time.is_some()
}

#[test]
fn whoever_polls_lets_no_time_pass() {
    let all = lawful::all();
    let polls = all.iter().filter(|lawful| POLLS.contains(&lawful.name));
    for lawful in polls {
        let tried = tried(lawful, "q238186-burst");
        let is_so = matches!(tried, Tried::Falls(fell, _) if fell[0] == Property::Termination);
        assert!(is_so, "{lawful}");
    }
}

#[test]
fn a_setting_that_is_not_known_is_an_error() {
    assert_eq!(everything(None), Ok(false));
    assert_eq!(everything(Some("all")), Ok(true));
    for wrong in ["", "ALL", "yes", "1", "none"] {
        assert!(everything(Some(wrong)).is_err(), "{wrong:?} is accepted");
    }
}

#[test]
fn there_are_many_and_no_two_have_one_name() {
    let liars = lies::all();
    let lawful = lawful::all();
    let names: BTreeSet<&str> = liars
        .iter()
        .map(|liar| liar.name)
        .chain(lawful.iter().map(|lawful| lawful.name))
        .collect();
    assert_eq!(
        names.len(),
        liars.len() + lawful.len(),
        "a name is used twice"
    );
    assert!(liars.len() >= 110, "{} liars", liars.len());
    assert!(lawful.len() >= 16, "{} lawful allocators", lawful.len());
    let mut groups = BTreeMap::new();
    for liar in &liars {
        *groups.entry(liar.group).or_insert(0) += 1;
    }
    assert!(groups.values().all(|&count| count >= 10), "{groups:?}");
}

#[test]
fn every_liar_that_falls_falls_in_a_preset() {
    let elsewhere: Vec<String> = lies::all()
        .iter()
        .filter(|liar| matches!(liar.falls, Falls::In(place, _) if !scenes::is_a_preset(place)))
        .map(ToString::to_string)
        .collect();
    assert!(elsewhere.is_empty(), "{}", elsewhere.join("\n"));
}

#[test]
fn every_liar_is_found_where_the_table_says_and_each_property_by_several() {
    let liars = lies::all();
    let findable: Vec<&Liar> = liars
        .iter()
        .filter(|liar| matches!(liar.falls, Falls::In(..)))
        .collect();
    let table = Table::default();
    let found = each(&findable, |liar| {
        as_the_table_says(liar)
            .map_err(|wrong| table.row(liar, &wrong))
            .ok()
    });
    table.assert_empty("liars that are not found as the table says");
    // Some fall only beside another that falls first in the same step.
    let count = |wanted: &Property| found.iter().filter(|fell| fell.contains(wanted)).count();
    // A liar is wrong whatever time it takes. The defect that is only slow is `setup-stampede`.
    let lied_about = Property::ALL
        .iter()
        .filter(|property| **property != Property::Burst);
    let rare: Vec<&Property> = lied_about.filter(|&property| count(property) < 2).collect();
    assert!(rare.is_empty(), "only one liar, or none: {rare:?}");
}

#[test]
fn some_presets_find_what_every_other_takes_for_right() {
    let table = Table::default();
    each(FOUND_IN_THIS_ONE_ALONE, |&(only, name)| {
        let liars = lies::all();
        let liar = liars.iter().find(|liar| liar.name == name);
        let liar = liar.unwrap_or_else(|| panic!("no liar is called {name}"));
        let falls = |place: &&str| match tried_with(liar, place, false) {
            Tried::Falls(..) => true,
            Tried::Holds(_) => false,
            Tried::Not(why) => {
                table.row(liar, &format!("{place}: no verdict: {why}"));
                false
            }
        };
        let places = scenes::everywhere().into_iter();
        let found: Vec<&str> = places
            .filter(|place| scenes::is_a_preset(place))
            // Where somebody loses patience, more is tried than the presets beside it try.
            .filter(|place| !is_timed(place))
            .filter(falls)
            .collect();
        if found != [only] {
            table.row(liar, &format!("{found:?} instead of {only} alone"));
        }
        None::<()>
    });
    table.assert_empty("liars that not one preset alone finds");
}

#[test]
fn everywhere_the_liars_are_tried_if_asked() {
    let setting = std::env::var_os(SETTING).map(|text| text.to_string_lossy().into_owned());
    if !everything(setting.as_deref()).unwrap_or_else(|error| panic!("{error}")) {
        return;
    }
    let liars = lies::all();
    let table = Table::default();
    each(&liars, |liar| {
        let mut found = false;
        for place in scenes::everywhere() {
            let text = match tried(liar, place) {
                Tried::Holds(states) => format!("holds\t{states} states"),
                Tried::Not(why) => format!("no verdict: {why}"),
                Tried::Falls(fell, sentence) => {
                    found = true;
                    format!("{}\t{sentence}", fell[0])
                }
            };
            println!("{}\t{place}\t{text}", liar.name);
            if found {
                break;
            }
        }
        match liar.falls {
            Falls::In(place, _) if !found => table.row(liar, &format!("{place}\tholds everywhere")),
            Falls::Nowhere(why) if found => table.row(liar, &format!("is found, though {why}")),
            _ => {}
        }
        None::<()>
    });
    table.assert_empty("liars of which the table says what is not so");
}

#[test]
fn the_fixed_algorithm_holds_in_every_scene() {
    let table = Table::default();
    each(&scenes::everywhere(), |place| {
        match tried(&Variant::Fixed, place) {
            Tried::Holds(_) => {}
            Tried::Falls(fell, sentence) => {
                table.row(place, &format!("{}: {sentence}", fell[0]));
            }
            Tried::Not(why) => table.row(place, &format!("no verdict: {why}")),
        }
        None::<()>
    });
    table.assert_empty("places in which the fixed algorithm is accused");
}

#[test]
fn nobody_lawful_is_accused_anywhere() {
    let setting = std::env::var_os(SETTING).map(|text| text.to_string_lossy().into_owned());
    let everything = everything(setting.as_deref()).unwrap_or_else(|error| panic!("{error}"));
    let in_all = setting.is_some();
    let all = lawful::all();
    // The example has a test of its own, and as many states as the ledger in a word has.
    let tried_here = |lawful: &&Lawful| everything || lawful.kind != Kind::Example;
    let places: Vec<_> = all
        .iter()
        .filter(tried_here)
        .enumerate()
        .flat_map(|(number, lawful)| {
            scenes::everywhere()
                .into_iter()
                .filter(move |place| everything || scenes::is_a_preset(place))
                .enumerate()
                .filter(move |(at, place)| {
                    in_all || is_timed(place) || (at + number) % OF_PRESETS == 0
                })
                .map(|(_, place)| place)
                .filter(move |place| !(is_timed(place) && POLLS.contains(&lawful.name)))
                .filter(move |place| scenes::place(place).clients.len() <= lawful.most_clients)
                .map(move |place| (lawful, place))
        })
        .collect();
    let table = Table::default();
    each(&places, |(lawful, place)| {
        match tried_with(*lawful, place, in_all) {
            Tried::Holds(states) if everything => {
                println!("{}\t{place}\tholds\t{states} states", lawful.name);
            }
            Tried::Holds(_) => {}
            Tried::Falls(fell, sentence) => {
                table.row(lawful, &format!("{place}\t{}: {sentence}", fell[0]));
            }
            Tried::Not(why) => table.row(lawful, &format!("{place}\tno verdict: {why}")),
        }
        None::<()>
    });
    table.assert_empty("lawful allocators that are accused");
}
