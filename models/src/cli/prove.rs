//! `prove`: a variant, for any number of clients.

use logon_core::Variant;

use super::arguments::{CheckFormat, ProveArguments};
use super::busy::busy;
use super::listing::shown_by;
use super::{Failure, Status, choose, put, put_json};
use crate::catalogue;
use crate::proof::{self, Configuration, Outside, Proof, Unproved};
use crate::report::{ProofReport, property_name, to_json};
use crate::stage::{AnySubject, Subjects};

/// How many different things that are not proved are shown.
const SHOWN: usize = 3;

/// What is said of a variant that is proved in every configuration.
pub(super) const PROVED: &str = "proved";

/// What was found, in each configuration.
type Found = Vec<(Configuration, Result<Proof, Outside>)>;

pub(super) fn run(arguments: &ProveArguments, subjects: &Subjects) -> Result<Status, Failure> {
    let variant = choose::variant(subjects, "prove", &arguments.variant)?;
    let found = busy("proving", || proofs(variant));
    let status = status(&found);
    match arguments.format {
        CheckFormat::Text => put(&text(variant, status, &found)),
        CheckFormat::Json => {
            put_json(to_json(&ProofReport::new(
                variant.name(),
                word(status),
                &found,
            )));
        }
    }
    Ok(status)
}

/// What the attempt to prove a variant comes to, in a word.
fn verdict(variant: Variant) -> &'static str {
    word(status(&proofs(variant)))
}

/// The same of any subject: what comes from outside is outside the method.
pub(super) fn verdict_of(subject: &AnySubject) -> &'static str {
    subject.variant().map_or(word(Status::Incomplete), verdict)
}

/// Tries to prove a variant in every configuration.
fn proofs(variant: Variant) -> Found {
    let attempt = |configuration| (configuration, proof::prove(variant, configuration));
    Configuration::ALL.map(attempt).into()
}

/// What it comes to: proved in all, not proved in some, or outside of the method.
fn status(found: &Found) -> Status {
    let is_unproved = |proof: &Proof| !proof.unproved.is_empty();
    if found
        .iter()
        .any(|(_, found)| found.as_ref().is_ok_and(is_unproved))
    {
        Status::Violated
    } else if found.iter().any(|(_, found)| found.is_err()) {
        Status::Incomplete
    } else {
        Status::Holds
    }
}

/// The status in a word.
fn word(status: Status) -> &'static str {
    match status {
        Status::Holds => PROVED,
        Status::Violated => "not proved",
        _ => "outside the method",
    }
}

fn text(variant: Variant, status: Status, found: &Found) -> String {
    let mut out = format!("{variant}: {}\n\n", word(status).to_uppercase());
    out.push_str("connections  on a broken line    types   rules  shown  not shown\n");
    for (configuration, found) in found {
        let maximum = if configuration.has_maximum {
            "any maximum"
        } else {
            "no maximum"
        };
        let broken_line = configuration.on_broken_line();
        out.push_str(&match found {
            Ok(proof) => format!(
                "{maximum:<12} {broken_line:<16} {:>7} {:>7} {:>6} {:>10}\n",
                proof.types,
                proof.rules,
                proof.shown,
                proof.unproved.len()
            ),
            Err(_) => format!("{maximum:<12} {broken_line:<16} outside the method\n"),
        });
    }
    out.push('\n');
    match status {
        Status::Holds => {
            out.push_str(&wrong_all_the_same(variant));
            out.push_str(&claim());
        }
        Status::Violated => {
            let proofs = found.iter().filter_map(|(_, found)| found.as_ref().ok());
            let all = proofs.flat_map(|proof| {
                let unproved = proof.unproved.iter();
                unproved.map(|unproved| (proof.configuration, unproved))
            });
            out.push_str(&failures(variant, all));
        }
        _ => {
            for outside in found
                .iter()
                .filter_map(|(_, found)| found.as_ref().err())
                .take(1)
            {
                out.push_str(&format!(
                    "The method cannot follow it: {}.\nparty    {}\n\nThis says nothing about the variant. `logon-check check --variant \
                     {variant}{}` looks at its executions.\n",
                    outside.what,
                    outside.party,
                    catalogue::smallest(variant).map_or_else(
                        || " --shrink".to_owned(),
                        |place| format!(" {}", shown_by(variant, &place))
                    )
                ));
            }
        }
    }
    out
}

/// That a defect is one although it is proved, for what is wrong with it is not covered; nothing of the fixed algorithm.
fn wrong_all_the_same(variant: Variant) -> String {
    let Some(place) = catalogue::smallest(variant) else {
        return String::new();
    };
    let properties: Vec<String> = catalogue::properties(variant).into_iter().collect();
    format!(
        "It is a defect all the same, in what is not covered: {} falls. `logon-check check --variant {variant} {}` shows it.\n\n",
        properties.join(" or "),
        shown_by(variant, &place)
    )
}

/// What is proved, and what not.
fn claim() -> String {
    let mut out = String::from(
        "Of the sections as they are compiled, for any number of clients, any maximum of connections or none,\n\
         any idle target, one worker or more and any creations that fail:\n",
    );
    for (number, by) in proof::PROVED {
        out.push_str(&format!(
            "  {number:<6} {:<22} {by}\n",
            property_name(number)
        ));
    }
    let list = |title: &str, lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
        format!("{title}\n{}", lines.concat())
    };
    out.push_str(&list("assumed", proof::ASSUMED));
    out.push_str(&list("not covered", proof::NOT_COVERED));
    out
}

/// The first few things that are not proved.
fn failures<'a>(
    variant: Variant,
    unproved: impl Iterator<Item = (Configuration, &'a Unproved)>,
) -> String {
    let mut different: Vec<(Configuration, &Unproved)> = Vec::new();
    for (configuration, next) in unproved {
        let same = |(_, other): &(Configuration, &Unproved)| {
            other.what == next.what && other.place == next.place
        };
        if !different.iter().any(same) {
            different.push((configuration, next));
        }
    }
    let mut out = String::new();
    for (configuration, unproved) in different.iter().take(SHOWN) {
        out.push_str(&failure(*configuration, unproved));
        out.push('\n');
    }
    if different.len() > SHOWN {
        out.push_str(&format!(
            "and {} more that differ in more than the parties; --format json has each\n\n",
            different.len() - SHOWN
        ));
    }
    out.push_str(&format!(
        "A state like these may be one that no execution reaches. Whether one does: `logon-check check --variant {variant} \
         --checker exhaustive --shrink`, where another property may fall first.\n"
    ));
    out
}

fn failure(configuration: Configuration, unproved: &Unproved) -> String {
    let mut out = format!(
        "NOT PROVED {} {}: {}\n  with     {}\n",
        unproved.property,
        property_name(unproved.property),
        unproved.what,
        configuration.name()
    );
    if let Some(place) = &unproved.place {
        out.push_str(&format!(
            "  section  \"{}\", {}:{}\n",
            place.label, place.file, place.line
        ));
    }
    for (title, bundles) in [("before", &unproved.before), ("after", &unproved.after)] {
        for (number, bundle) in bundles.iter().enumerate() {
            let title = if number == 0 { title } else { "" };
            out.push_str(&format!("  {title:<8} {bundle}\n"));
        }
    }
    if !unproved.numbers.is_empty() {
        let numbers = unproved.numbers.iter();
        let numbers: Vec<String> = numbers
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        out.push_str(&format!("  numbers  {}\n", numbers.join(", ")));
    }
    out
}
