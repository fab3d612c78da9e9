//! The proof: certificates are looked for and checked, and what has none is reported.

use super::arithmetic::certificate::{Certificate, check};
use super::arithmetic::linear::Variable;
use super::arithmetic::ranking;
use super::arithmetic::ranking_search::{self, Unranked};
use super::arithmetic::refute::{Unrefuted, refute};
use super::bundle::Bundle;
use super::configuration::Configuration;
use super::extract::{Extraction, Outside, extract};
use super::obligations::{About, Effect, Obligation, obligations};
use super::parties::Shared;
use super::quantity::{self, CREATING, IDLE, LINE};
use super::rule::{Broken, Duty, Rule};

/// A section of the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its label.
    pub label: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// Something that is not proved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unproved {
    /// The number of the property.
    pub property: &'static str,
    /// What is wrong.
    pub what: String,
    /// The section, if it is about one.
    pub place: Option<Place>,
    /// Those who take part, before it.
    pub before: Vec<String>,
    /// The same, after it.
    pub after: Vec<String>,
    /// Numbers with which it goes wrong, if it depends on numbers and some were found.
    pub numbers: Vec<(&'static str, i64)>,
}

/// What was found out about an allocator in one configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The configuration.
    pub configuration: Configuration,
    /// How many types of parties there are.
    pub types: usize,
    /// How many rules.
    pub rules: usize,
    /// How many obligations were shown, each by a certificate that was checked.
    pub shown: usize,
    /// What is not proved; nothing if all is.
    pub unproved: Vec<Unproved>,
}

/// What happened to the obligations.
pub(super) struct Certified {
    /// The extraction.
    pub(super) extraction: Extraction,
    /// Each obligation that was shown, with its certificate.
    pub(super) shown: Vec<(Obligation, Certificate)>,
    /// What has none.
    pub(super) unproved: Vec<Unproved>,
}

/// Tries to prove an allocator.
///
/// # Errors
///
/// [`Outside`] when the method cannot follow it.
pub(super) fn prove(allocator: &Shared, configuration: Configuration) -> Result<Proof, Outside> {
    let certified = certify(allocator, configuration)?;
    Ok(Proof {
        configuration,
        types: certified.extraction.types.len(),
        rules: certified.extraction.rules.len(),
        shown: certified.shown.len(),
        unproved: certified.unproved,
    })
}

/// Looks for all certificates, and checks each.
///
/// # Errors
///
/// [`Outside`] when the method cannot follow the allocator.
pub(super) fn certify(
    allocator: &Shared,
    configuration: Configuration,
) -> Result<Certified, Outside> {
    Ok(certified(extract(allocator, configuration)?))
}

/// Looks for the certificates of an extraction, and checks each.
pub(super) fn certified(extraction: Extraction) -> Certified {
    let mut shown = Vec::new();
    let mut unproved: Vec<Unproved> = extraction
        .faults
        .iter()
        .map(|fault| {
            let place = fault.place.map(|(label, file, line)| Place {
                label: label.to_owned(),
                file: file.to_owned(),
                line,
            });
            Unproved {
                property: fault.broken.property,
                what: fault.broken.what.clone(),
                place,
                before: vec![fault.party.clone()],
                after: Vec::new(),
                numbers: Vec::new(),
            }
        })
        .collect();
    let (obligations, faults) = obligations(&extraction);
    for (rule, broken) in faults {
        let rule = rule.map(|number| &extraction.rules[number]);
        unproved.push(unproved_by(&broken, rule, &extraction.types, Vec::new()));
    }
    for obligation in obligations {
        let mut broken = obligation.broken.clone();
        let numbers = match refute(&obligation.formulas) {
            Ok(certificate) => match check(&obligation.formulas, &certificate) {
                Ok(()) => {
                    shown.push((obligation, certificate));
                    continue;
                }
                Err(rejected) => {
                    broken
                        .what
                        .push_str(&format!(" (a certificate was rejected: {rejected})"));
                    Vec::new()
                }
            },
            Err(Unrefuted::Model(model)) => numbers(|variable| model.get(&variable).copied()),
            Err(Unrefuted::GaveUp(why)) => {
                broken
                    .what
                    .push_str(&format!(" (the search gave up: {why})"));
                Vec::new()
            }
        };
        let rule = match obligation.about {
            About::Rule(number) => Some(&extraction.rules[number]),
            About::Beginning | About::Rest => None,
        };
        unproved.push(unproved_by(&broken, rule, &extraction.types, numbers));
    }
    if unproved.is_empty() {
        unproved.extend(termination(&extraction));
    }
    Certified {
        extraction,
        shown,
        unproved,
    }
}

fn numbers(value: impl Fn(Variable) -> Option<i64>) -> Vec<(&'static str, i64)> {
    let all = quantity::ALL.iter();
    all.filter_map(|(variable, name)| Some((*name, value(*variable)?)))
        .collect()
}

fn unproved_by(
    broken: &Broken,
    rule: Option<&Rule>,
    types: &[Bundle],
    numbers: Vec<(&'static str, i64)>,
) -> Unproved {
    let texts = |kinds: &[usize]| kinds.iter().map(|kind| types[*kind].to_string()).collect();
    Unproved {
        property: broken.property,
        what: broken.what.clone(),
        place: rule.filter(|rule| rule.line > 0).map(|rule| Place {
            label: rule.label.to_owned(),
            file: rule.file.to_owned(),
            line: rule.line,
        }),
        before: rule.map_or_else(Vec::new, |rule| texts(&rule.before)),
        after: rule.map_or_else(Vec::new, |rule| texts(&rule.after)),
        numbers,
    }
}

/// The rules that bring the server nearer to rest, as a ranking has to lower them.
pub(super) fn progress(extraction: &Extraction) -> (Vec<&Rule>, Vec<ranking::Rule>) {
    let rules = extraction.rules.iter().filter(|rule| rule.is_progress());
    let ranked = |rule: &&Rule| {
        let effect = Effect::of(rule, &extraction.types);
        let demand = effect.change(LINE) - effect.change(IDLE) - effect.change(CREATING);
        ranking::Rule {
            before: rule.before.clone(),
            after: rule.after.clone(),
            demand,
            lowers_demand: demand == -1 && rule.duties.contains(&Duty::Wanted),
        }
    };
    let rules: Vec<&Rule> = rules.collect();
    let ranked = rules.iter().map(ranked).collect();
    (rules, ranked)
}

/// If the world pauses, the server comes to rest: a potential falls with every step of its own.
fn termination(extraction: &Extraction) -> Option<Unproved> {
    let (rules, ranked) = progress(extraction);
    let culprits = match ranking_search::find(extraction.types.len(), &ranked) {
        Ok(found) => match ranking::check(&found, &ranked) {
            Ok(()) => return None,
            Err(not_lowered) => vec![not_lowered.rule],
        },
        Err(Unranked::Together(culprits)) => culprits,
        Err(Unranked::GaveUp(why)) => {
            let what = format!(
                "sections that might follow each other for ever (the search gave up: {why})"
            );
            return Some(unproved_by(
                &Broken::new("L1", what),
                None,
                &extraction.types,
                Vec::new(),
            ));
        }
    };
    let broken = Broken::new("L1", "sections that might follow each other for ever");
    let first = culprits.first().map(|culprit| rules[*culprit]);
    Some(unproved_by(&broken, first, &extraction.types, Vec::new()))
}
