//! The catalogue: what each checker is expected to say of each variant in each scenario.
//!
//! The data is `catalogue.toml`, next to the scenarios. A variant that it does not list for a scenario is
//! expected to hold there, under every checker. It lists no subject from outside: one that is not wrong on purpose is
//! expected to hold everywhere, and one that is may fall anywhere.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use logon_core::Variant;
use serde::{Deserialize, Serialize};

use crate::checker::Checker;
use crate::judge::Property;
use crate::outcome::Verdict;
use crate::scenario::{Overrides, Scenario, presets};
use crate::stage::AnySubject;

/// A preset, possibly with other numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Place {
    /// The preset.
    pub scenario: String,
    /// How many clients, if not as many as the preset says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<u32>,
    /// The target of the idle pool, if not what the preset says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_pool: Option<u32>,
    /// The maximum of connections, if not what the preset says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<u32>,
}

impl Place {
    /// A preset as it is.
    pub fn preset(name: &str) -> Self {
        Place {
            scenario: name.to_owned(),
            clients: None,
            idle_pool: None,
            max_connections: None,
        }
    }

    /// The scenario itself.
    ///
    /// # Panics
    ///
    /// If there is no such preset or the numbers do not suit it: the catalogue is at fault.
    pub fn build(&self) -> Arc<Scenario> {
        let overrides = Overrides {
            clients: self.clients,
            idle_pool: self.idle_pool,
            max_connections: self.max_connections,
            ..Overrides::default()
        };
        let scenario = Scenario::preset(&self.scenario).and_then(|preset| preset.with(&overrides));
        let drawn = scenario.map(Arc::new).and_then(|one| one.as_played());
        drawn.unwrap_or_else(|error| panic!("the catalogue is at fault: {error}"))
    }

    /// The options of the command line that name this place.
    pub fn options(&self) -> String {
        let mut text = format!("--scenario {}", self.scenario);
        let numbers = [
            ("--clients", self.clients),
            ("--idle-pool", self.idle_pool),
            ("--max-connections", self.max_connections),
        ];
        for (option, number) in numbers {
            if let Some(number) = number {
                text.push_str(&format!(" {option} {number}"));
            }
        }
        text
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.scenario)?;
        let numbers = [
            ("clients", self.clients),
            ("pool", self.idle_pool),
            ("max", self.max_connections),
        ];
        for (what, number) in numbers {
            if let Some(number) = number {
                write!(f, " {what}={number}")?;
            }
        }
        Ok(())
    }
}

/// What is expected of a defect in one place.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Entry {
    variant: String,
    scenario: String,
    clients: Option<u32>,
    idle_pool: Option<u32>,
    max_connections: Option<u32>,
    /// Whether this is the smallest scenario that shows the defect.
    #[serde(default)]
    smallest: bool,
    /// Whether it is part of the default matrix besides the smallest and the default situation.
    #[serde(default)]
    default: bool,
    /// The properties one of which falls first.
    properties: BTreeSet<String>,
    /// The checkers that must find it.
    found_by: BTreeSet<String>,
    /// The checkers that cannot find it; the others may or may not.
    #[serde(default)]
    beyond: BTreeSet<String>,
}

/// How many clients a preset may have besides its own number, for every state to be visited.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Size {
    scenario: String,
    /// In the default matrix.
    clients: u32,
    /// In the full one.
    most: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    size: Vec<Size>,
    expected: Vec<Entry>,
}

fn document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text = include_str!("../catalogue.toml");
        let document: Document = toml::from_str(text)
            .unwrap_or_else(|error| panic!("the catalogue is at fault: {error}"));
        for entry in &document.expected {
            assert!(
                Variant::named(&entry.variant).is_some(),
                "catalogue: variant {}",
                entry.variant
            );
            let checkers = entry.found_by.iter().chain(&entry.beyond);
            for checker in checkers {
                assert!(
                    Checker::named(checker).is_some(),
                    "catalogue: checker {checker}"
                );
            }
        }
        document
    })
}

fn entries() -> &'static [Entry] {
    &document().expected
}

/// What a checker is expected to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// Nothing falls.
    Holds,
    /// The defect is there, and this checker cannot see it.
    Beyond,
    /// One of these properties falls.
    Violated(BTreeSet<String>),
    /// One of these properties falls, or the checker misses it.
    MayBeViolated(BTreeSet<String>),
}

impl Expectation {
    /// Whether an outcome is as expected: this verdict, with this property if one fell.
    pub fn is_met_by(&self, verdict: Verdict, property: Option<&str>) -> bool {
        let known =
            |properties: &BTreeSet<String>| property.is_some_and(|name| properties.contains(name));
        match self {
            Expectation::Holds | Expectation::Beyond => verdict != Verdict::Violated,
            Expectation::Violated(properties) => verdict == Verdict::Violated && known(properties),
            Expectation::MayBeViolated(properties) => {
                verdict != Verdict::Violated || known(properties)
            }
        }
    }

    /// The word for it in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Expectation::Holds => "holds",
            Expectation::Beyond => "beyond this checker",
            Expectation::Violated(_) => "violated",
            Expectation::MayBeViolated(_) => "may be violated",
        }
    }
}

/// What `checker` is expected to say of `variant` in `place`, with the default effort.
pub fn expected(variant: Variant, place: &Place, checker: Checker) -> Expectation {
    let Some(entry) = entries()
        .iter()
        .find(|entry| entry.is_about(variant, place))
    else {
        return Expectation::Holds;
    };
    // Whoever visits the same states says the same of them.
    let like = if checker.visits_states() {
        Checker::Exhaustive
    } else {
        checker
    };
    if checker.is_by_name_alone() {
        // No cell was measured. What the walk on the same runtime cannot see, no other sampler there can.
        return match entry.beyond.contains(Checker::Random.name()) {
            true => Expectation::Beyond,
            false => Expectation::MayBeViolated(entry.properties.clone()),
        };
    }
    if entry.found_by.contains(like.name()) {
        Expectation::Violated(entry.properties.clone())
    } else if entry.beyond.contains(like.name()) {
        Expectation::Beyond
    } else {
        Expectation::MayBeViolated(entry.properties.clone())
    }
}

/// The same for any subject.
pub fn expected_of(subject: &AnySubject, place: &Place, checker: Checker) -> Expectation {
    match subject.variant() {
        Some(variant) => expected(variant, place, checker),
        None if subject.is_defect() => {
            let properties = Property::ALL.iter();
            let names = properties.map(|property| property.name().to_owned());
            Expectation::MayBeViolated(names.collect())
        }
        None => Expectation::Holds,
    }
}

/// What `checker` is expected to say of `subject` in this very scenario, if that is known. Whoever is not wrong on
/// purpose is expected to hold in any.
pub fn expected_in(
    subject: &AnySubject,
    scenario: &Scenario,
    checker: Checker,
) -> Option<Expectation> {
    if !subject.is_defect() {
        return Some(Expectation::Holds);
    }
    let variant = subject.variant()?;
    let listed = entries()
        .iter()
        .filter(|entry| entry.variant == variant.name())
        .map(Entry::place);
    let presets = presets().iter().map(|preset| Place::preset(preset.name()));
    let mut known = listed
        .chain(presets)
        .filter(|place| place.scenario == scenario.name);
    let place = known.find(|place| *place.build() == *scenario)?;
    Some(expected(variant, &place, checker))
}

/// The smallest place that shows a defect.
pub fn smallest(defect: Variant) -> Option<Place> {
    let mut entries = entries().iter();
    entries
        .find(|entry| entry.smallest && entry.variant == defect.name())
        .map(Entry::place)
}

/// The properties one of which falls first when a defect shows in its smallest place.
pub fn properties(defect: Variant) -> BTreeSet<String> {
    let found = entries()
        .iter()
        .find(|entry| entry.smallest && entry.variant == defect.name());
    found
        .map(|entry| entry.properties.clone())
        .unwrap_or_default()
}

/// Every preset as it is.
fn preset_places() -> Vec<Place> {
    let presets = presets().iter();
    presets.map(|preset| Place::preset(preset.name())).collect()
}

/// The places the default matrix looks at for `subject`: for the fixed algorithm and for one from outside every preset;
/// for a defect of ours its smallest place, the default situation of KB Q238186, and what else the catalogue picks
/// because a property falls nowhere else.
pub fn default_places(subject: &AnySubject) -> Vec<Place> {
    let Some(variant) = subject.variant().filter(|variant| variant.is_defect()) else {
        return preset_places();
    };
    let mut places: Vec<Place> = smallest(variant).into_iter().collect();
    let default = Place::preset("q238186-default");
    if !places.contains(&default) {
        places.push(default);
    }
    let picked = entries()
        .iter()
        .filter(|entry| entry.default && entry.variant == variant.name());
    places.extend(picked.map(Entry::place));
    places
}

/// The same preset with more clients, where every state of the fixed algorithm is visited as well: in the full
/// matrix with as many as some minutes allow. `None` where the number of clients is fixed.
pub fn larger(place: &Place, full: bool) -> Option<Place> {
    let size = document()
        .size
        .iter()
        .find(|size| Place::preset(&size.scenario) == *place)?;
    Some(Place {
        clients: Some(if full { size.most } else { size.clients }),
        ..place.clone()
    })
}

/// Every place there is something to say about: every preset, and the smallest place of a defect.
pub fn all_places(variant: impl Into<Option<Variant>>) -> Vec<Place> {
    let mut places = preset_places();
    let smallest = variant.into().and_then(smallest);
    if let Some(smallest) = smallest.filter(|place| !places.contains(place)) {
        places.insert(0, smallest);
    }
    places
}

impl Entry {
    fn place(&self) -> Place {
        Place {
            scenario: self.scenario.clone(),
            clients: self.clients,
            idle_pool: self.idle_pool,
            max_connections: self.max_connections,
        }
    }

    fn is_about(&self, variant: Variant, place: &Place) -> bool {
        self.variant == variant.name() && self.place() == *place
    }
}
