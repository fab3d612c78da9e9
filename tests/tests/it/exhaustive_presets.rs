//! Every reachable state of every variant in every preset: the fixed algorithm holds, each defect does what the
//! catalogue predicts, and what is merged is what may be.
//!
//! `LOGON_CHECK_GATE` sets up to how many clients the states of a search that merges are compared with those of
//! one that does not, 3 by default; what cannot be parsed is an error. Where the states are too many the defects
//! are compared with fewer clients, and by default already where they would take long.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::Variant;
use logon_models::catalogue::{self, Place};
use logon_models::checker::{Checker, Effort, Play, exhaustive, search};
use logon_models::judge::{Property, Violation};
use logon_models::outcome::{Outcome, Verdict};
use logon_models::scenario::{Preset, Scenario, presets};
use logon_models::stage::{Cast, symmetry};
use logon_sim::{Search, Space, SpaceEnd};
use logon_tests::each::each;

const SETTING: &str = "LOGON_CHECK_GATE";

/// How many states a search that merges nothing may visit.
const WITHOUT_MERGING: u64 = 20_000;

/// How many unmerged states the fixed algorithm may have where the defects are compared as well.
const FEW: u64 = 7_000;

/// The same, when the setting asks for more; and for the fixed algorithm itself.
const MANY: u64 = 1_000_000;

/// Up to how many clients the setting asks for.
///
/// # Errors
///
/// What is wrong with the setting.
fn asked_for(setting: Option<&str>) -> Result<usize, String> {
    match setting {
        None => Ok(3),
        Some(text) => match text.parse() {
            Ok(number @ 3..=8) => Ok(number),
            _ => Err(format!(
                "{SETTING} is {text:?}; expected a number of clients, from 3 to 8"
            )),
        },
    }
}

/// Looks at all of them, and collects what is wrong, in order.
fn all_wrong<T: Sync>(items: &[T], look: impl Fn(&T) -> Result<(), String> + Sync) -> Vec<String> {
    let mut wrong = each(items, |item| look(item).err());
    wrong.sort();
    wrong
}

fn everything(variant: Variant, scenario: &Arc<Scenario>) -> Result<Outcome, String> {
    exhaustive(&variant, scenario, &Effort::default()).map_err(|fault| fault.to_string())
}

#[test]
fn a_setting_that_cannot_be_parsed_is_an_error() {
    assert_eq!(asked_for(None), Ok(3));
    assert_eq!(asked_for(Some("4")), Ok(4));
    for wrong in ["", "0", "2", "9", "four", "-4", "4.0"] {
        assert!(asked_for(Some(wrong)).is_err(), "{wrong:?} is accepted");
    }
}

#[test]
fn the_fixed_algorithm_holds_in_every_reachable_state_of_every_preset() {
    let wrong = all_wrong(presets(), |preset| {
        let scenario = Arc::new(preset.scenario());
        let outcome = everything(Variant::Fixed, &scenario)?;
        match (outcome.verdict, outcome.limit) {
            (Verdict::Holds, None) => Ok(()),
            other => Err(format!("{}: {other:?}", preset.name())),
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every variant in every place that the catalogue says something about.
fn everywhere() -> Vec<(Variant, Place)> {
    let places = |&variant: &Variant| {
        let places = catalogue::all_places(variant).into_iter();
        places.map(move |place| (variant, place))
    };
    Variant::ALL.iter().flat_map(places).collect()
}

#[test]
fn every_defect_is_as_predicted_whether_states_are_merged_or_not() {
    let places = everywhere();
    let skipped = AtomicUsize::new(0);
    let wrong = all_wrong(&places, |(variant, place)| {
        let scenario = place.build();
        let merged = everything(*variant, &scenario)?;
        let fell = merged.finding.as_ref().map(|f| f.property.as_str());
        let expected = catalogue::expected(*variant, place, Checker::Exhaustive);
        if merged.verdict == Verdict::Incomplete || !expected.is_met_by(merged.verdict, fell) {
            let came = (merged.verdict, fell);
            return Err(format!("{variant} in {place}: {expected:?}, got {came:?}"));
        }
        match without_merging(*variant, &scenario)? {
            None => {
                skipped.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
            Some(apart) if apart == summary(&merged) => Ok(()),
            Some(apart) => Err(format!(
                "{variant} in {place}: merged {:?}, apart {apart:?}",
                summary(&merged)
            )),
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let skipped = skipped.into_inner();
    assert!(
        skipped * 10 <= places.len(),
        "{skipped} of {} have too many states for a search that merges nothing",
        places.len()
    );
}

/// What must not depend on whether states are merged: what falls, and after how many steps.
type Fell = Option<(&'static str, usize)>;

fn summary(outcome: &Outcome) -> Fell {
    let finding = outcome.finding.as_ref()?;
    let property = Property::ALL
        .iter()
        .find(|property| property.name() == finding.property);
    Some((property?.name(), finding.schedule.steps.len()))
}

/// What a search that merges nothing says, unless there are too many states.
fn without_merging(variant: Variant, scenario: &Arc<Scenario>) -> Result<Option<Fell>, String> {
    // The search that merges looks a second time.
    let effort = Effort {
        symmetry: false,
        second_looks: false,
        ..Effort::default()
    };
    let space = search(&variant, scenario, &effort, &mut |seen| {
        if seen.states > WITHOUT_MERGING {
            ControlFlow::Break("too many".to_owned())
        } else {
            ControlFlow::Continue(())
        }
    });
    match space.end {
        SpaceEnd::Complete => Ok(Some(None)),
        SpaceEnd::Limit(_) => Ok(None),
        SpaceEnd::Fault(fault) => Err(fault.to_string()),
        SpaceEnd::Violated(evidence) => {
            let violations = evidence.execution.verdict().map(Vec::as_slice);
            let first = violations.unwrap_or_default().first();
            let steps = evidence.execution.steps.len();
            Ok(Some(first.map(|first| (first.property.name(), steps))))
        }
    }
}

/// The same preset with this many clients in all; `None` where that cannot be.
fn with_clients(preset: &Preset, clients: usize) -> Option<Place> {
    let scenario = preset.scenario();
    let group = scenario.scaling.group.map_or(0, |group| group.count);
    let place = Place::preset(preset.name());
    if clients == scenario.clients.len() {
        return Some(place);
    }
    let of_the_group = clients.checked_sub(scenario.clients.len() - group)?;
    let least = if scenario.server.max_connections == Some(1) {
        2
    } else {
        1
    };
    (group > 0 && of_the_group > 0 && clients >= least).then(|| Place {
        clients: u32::try_from(of_the_group).ok(),
        ..place
    })
}

/// Compares what is merged with what is not, and says how many states the latter are; `None` if more than `most`.
fn gate(variant: Variant, place: &Place, most: u64) -> Result<Option<u64>, String> {
    let Some(apart) = all_states(variant, place, true, most)? else {
        return Ok(None);
    };
    let merged = all_states(variant, place, false, most)?.ok_or("merging adds states")?;
    let orbits = apart.orbits.ok_or("no canonical forms were noted")?;
    let same = orbits.orbits == merged.progress.states
        && orbits.fingerprint == merged.fingerprint
        && orbits.descriptions == apart.progress.states;
    if same {
        Ok(Some(apart.progress.states))
    } else {
        Err(format!(
            "{variant} in {place}: {} merged states of {}, but {orbits:?}",
            merged.progress.states, apart.progress.states
        ))
    }
}

/// All states, whatever falls in them; nothing is repeated from scratch, for that is not what is compared.
fn all_states(
    variant: Variant,
    place: &Place,
    apart: bool,
    most: u64,
) -> Result<Option<Space<Vec<Violation>>>, String> {
    let scenario = place.build();
    let play = Play::new(&variant, &scenario);
    let search = Search {
        symmetry: Some(symmetry(
            &variant,
            &scenario,
            &Arc::new(Cast::of(&scenario)),
        )),
        gate: apart,
        check_one_in: 0,
        call_twice: false,
        check_waits: false,
        max_states: Some(most),
        ..Search::default()
    };
    let space = search.run_while(&play, &|_| false, &mut |_| ControlFlow::Continue(()));
    match &space.end {
        SpaceEnd::Complete => Ok(Some(space)),
        SpaceEnd::Limit(_) => Ok(None),
        SpaceEnd::Fault(fault) => Err(format!("{variant} in {place}: {fault}")),
        SpaceEnd::Violated(_) => Err(format!("{variant} in {place}: nothing was to count")),
    }
}

#[test]
fn what_is_merged_are_states_that_differ_by_an_exchange() {
    let setting = std::env::var_os(SETTING).map(|text| text.to_string_lossy().into_owned());
    let clients = asked_for(setting.as_deref()).unwrap_or_else(|error| panic!("{error}"));
    let for_defects = setting.map_or(FEW, |_| MANY);
    let cells = Mutex::new(Vec::new());
    // The fixed algorithm with as many clients as asked for, or as can be; it says for how many the defects can.
    let mut wrong = all_wrong(presets(), |preset| {
        let scenario = preset.scenario();
        if !scenario.arrivals.is_empty() {
            // Those who are drawn cannot be fewer, and differ; models/tests/it/timed_actors.rs looks at such scenarios.
            return Ok(());
        }
        let own = scenario.clients.len();
        for clients in (1..=clients.max(own)).rev() {
            let Some(place) = with_clients(preset, clients) else {
                continue;
            };
            let Some(states) = gate(Variant::Fixed, &place, MANY)? else {
                continue;
            };
            if states <= for_defects {
                let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
                let defects = Variant::ALL.iter().filter(|variant| variant.is_defect());
                cells.extend(defects.map(|&defect| (defect, place.clone())));
                return Ok(());
            }
        }
        Err(format!(
            "{}: too many states, however few clients",
            preset.name()
        ))
    });
    let cells = cells.into_inner().unwrap_or_else(PoisonError::into_inner);
    let skipped = AtomicUsize::new(0);
    wrong.extend(all_wrong(&cells, |(defect, place)| {
        if gate(*defect, place, 16 * for_defects)?.is_none() {
            skipped.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    }));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let skipped = skipped.into_inner();
    assert!(
        skipped * 50 <= cells.len(),
        "{skipped} of {} defects have too many states in their place",
        cells.len()
    );
}

/// A user may have any name, also one that means something to whoever tells clients apart.
#[test]
fn clients_are_alike_only_if_their_users_are() {
    let states = |users: [&str; 3]| {
        let clients = ["p", "q", "r"].iter().zip(users).map(|(name, user)| {
            format!(
                "[[client]]\nname = \"{name}\"\nuser = \"{user}\"\nscript = [\"connect\", \"log-on\"]\n"
            )
        });
        let document = format!(
            "name = \"users\"\nsummary = \"Who logs on.\"\nsource = \"reconstruction\"\n\
             [server]\nidle-pool = 1\n{}",
            clients.collect::<String>()
        );
        let scenario = Scenario::parse(&document, "a test").expect("it makes sense");
        let outcome = exhaustive(&Variant::Fixed, &Arc::new(scenario), &Effort::default());
        let outcome = outcome.expect("nothing is at fault");
        assert_eq!(outcome.verdict, Verdict::Holds, "{users:?}");
        outcome.states
    };
    let shared = states(["team", "q", "team"]);
    for user in ["own", "None", "Some"] {
        assert_eq!(states([user, "q", user]), shared, "{user}");
    }
    let alone = states(["p", "q", "r"]);
    assert_eq!(states(["u", "v", "w"]), alone);
    assert!(
        alone < shared,
        "what differs is merged: {alone:?}, {shared:?}"
    );
}
