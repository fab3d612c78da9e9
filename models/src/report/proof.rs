//! What is proved of a variant, as machines read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::to_json;
use crate::judge::Property;
use crate::proof::{self, Configuration, Outside, Proof, Unproved};

/// What is proved of a variant, with any number of clients, as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofReport {
    /// Always `logon-check/proof`.
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The variant.
    pub variant: String,
    /// `proved` in every configuration; `not proved`; or `outside the method`, which says nothing about the variant.
    pub status: String,
    /// The numbers and names of the properties that are proved; none unless the status is `proved`.
    pub properties: Vec<ProvedProperty>,
    /// What a proof takes for granted, a sentence each.
    pub assumed: Vec<String>,
    /// What a proof does not speak of, a phrase each.
    pub not_covered: Vec<String>,
    /// What was found in each configuration.
    pub configurations: Vec<ConfigurationReport>,
}

/// A property that is proved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvedProperty {
    /// Its number, such as `S1`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it rests on.
    pub by: String,
}

/// What was found in one configuration.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationReport {
    /// Whether there is a maximum of connections, any.
    pub has_maximum: bool,
    /// `disconnect` or `reset`: what becomes of the session of a client whose line breaks.
    pub on_broken_line: String,
    /// Types of parties.
    pub types: u64,
    /// Rules.
    pub rules: u64,
    /// Obligations that were shown, each by a certificate that was checked.
    pub shown: u64,
    /// What is not proved.
    pub unproved: Vec<UnprovedReport>,
    /// What the method cannot follow; null if it can follow the variant.
    pub outside: Option<OutsideReport>,
}

/// Something that is not proved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnprovedReport {
    /// The number of the property.
    pub property: String,
    /// What is wrong.
    pub what: String,
    /// The label of the section, if it is about one.
    pub label: Option<String>,
    /// The file in which it stands.
    pub file: Option<String>,
    /// The line.
    pub line: Option<u32>,
    /// Those who take part, before it.
    pub before: Vec<String>,
    /// The same, after it.
    pub after: Vec<String>,
    /// Numbers with which it goes wrong, if it depends on numbers and some were found.
    pub numbers: Vec<Quantity>,
}

/// A number of something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Of what.
    pub name: String,
    /// How many.
    pub value: i64,
}

/// What the method cannot follow.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutsideReport {
    /// What the variant does.
    pub what: String,
    /// The party that does it.
    pub party: String,
}

impl ProofReport {
    /// The report of what was found, in each configuration.
    pub fn new(
        variant: &str,
        status: &str,
        found: &[(Configuration, Result<Proof, Outside>)],
    ) -> Self {
        let properties = match status {
            "proved" => proof::PROVED
                .iter()
                .map(|&(number, by)| proved(number, by))
                .collect(),
            _ => Vec::new(),
        };
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        ProofReport {
            format: "logon-check/proof".to_owned(),
            version: 1,
            variant: variant.to_owned(),
            status: status.to_owned(),
            properties,
            assumed: owned(proof::ASSUMED),
            not_covered: owned(proof::NOT_COVERED),
            configurations: found.iter().map(configuration).collect(),
        }
    }
}

fn proved(number: &str, by: &str) -> ProvedProperty {
    ProvedProperty {
        number: number.to_owned(),
        name: property_name(number).to_owned(),
        by: by.to_owned(),
    }
}

/// The name of the property of this number.
pub fn property_name(number: &str) -> &'static str {
    let mut properties = Property::ALL.iter();
    let found = properties.find(|property| property.number() == number);
    found.map_or("", |property| property.name())
}

fn configuration(
    (configuration, found): &(Configuration, Result<Proof, Outside>),
) -> ConfigurationReport {
    let proof = found.as_ref().ok();
    let number = |read: fn(&Proof) -> usize| proof.map_or(0, |proof| read(proof) as u64);
    ConfigurationReport {
        has_maximum: configuration.has_maximum,
        on_broken_line: configuration.on_broken_line().to_owned(),
        types: number(|proof| proof.types),
        rules: number(|proof| proof.rules),
        shown: number(|proof| proof.shown),
        unproved: proof.map_or_else(Vec::new, |proof| {
            proof.unproved.iter().map(unproved).collect()
        }),
        outside: found.as_ref().err().map(|outside| OutsideReport {
            what: outside.what.clone(),
            party: outside.party.clone(),
        }),
    }
}

fn unproved(unproved: &Unproved) -> UnprovedReport {
    let place = unproved.place.as_ref();
    let quantity = |&(name, value): &(&'static str, i64)| Quantity {
        name: name.to_owned(),
        value,
    };
    UnprovedReport {
        property: unproved.property.to_owned(),
        what: unproved.what.clone(),
        label: place.map(|place| place.label.clone()),
        file: place.map(|place| place.file.clone()),
        line: place.map(|place| place.line),
        before: unproved.before.clone(),
        after: unproved.after.clone(),
        numbers: unproved.numbers.iter().map(quantity).collect(),
    }
}

/// The JSON Schema of what is proved.
pub fn proof_schema() -> String {
    to_json(&schemars::schema_for!(ProofReport))
}
