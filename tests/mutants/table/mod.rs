//! The table of mutants: what is replaced by what, and what is expected to notice it.

mod administering;
mod admission;
mod arbitration;
mod attachment;
mod beginning;
mod changes;
mod connecting;
mod creation;
mod demand;
mod departure;
mod events;
mod leaving;
mod ledger;
mod line;
mod logging_on;
mod reset;
mod rules;
mod server;
mod taking_back;
mod working;

/// A place in the core, and what may stand there instead.
#[derive(Debug)]
pub struct Place {
    /// The file, from the core's sources.
    pub file: &'static str,
    /// The method.
    pub method: &'static str,
    /// The text, which occurs once in the method: whole expressions or statements.
    pub original: &'static str,
    /// What may stand there instead.
    pub mutants: &'static [Mutant],
}

/// One thing that is done wrong.
#[derive(Debug)]
pub struct Mutant {
    /// Its name.
    pub name: &'static str,
    /// What it does instead of the original.
    pub replacement: &'static str,
    /// What is expected.
    pub expected: Expected,
}

/// What is expected of the prover.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// It notices, and this is the first that it reports: a property's number, and how the sentence begins.
    Noticed(&'static str, &'static str),
    /// It cannot follow, and says so: how that sentence begins.
    Outside(&'static str),
    /// It says that something is not proved although nothing is wrong: what, as above, and why.
    FalseAlarm(&'static str, &'static str, &'static str),
    /// It notices nothing, and need not: why.
    Harmless(&'static str),
    /// It notices nothing, because that is not covered: what.
    NotCovered(&'static str),
}

const fn place(
    file: &'static str,
    method: &'static str,
    original: &'static str,
    mutants: &'static [Mutant],
) -> Place {
    Place {
        file,
        method,
        original,
        mutants,
    }
}

const fn noticed(
    name: &'static str,
    replacement: &'static str,
    property: &'static str,
    sentence: &'static str,
) -> Mutant {
    Mutant {
        name,
        replacement,
        expected: Expected::Noticed(property, sentence),
    }
}

const fn outside(name: &'static str, replacement: &'static str, what: &'static str) -> Mutant {
    Mutant {
        name,
        replacement,
        expected: Expected::Outside(what),
    }
}

const fn false_alarm(
    name: &'static str,
    replacement: &'static str,
    property: &'static str,
    sentence: &'static str,
    why: &'static str,
) -> Mutant {
    Mutant {
        name,
        replacement,
        expected: Expected::FalseAlarm(property, sentence, why),
    }
}

const fn harmless(name: &'static str, replacement: &'static str, why: &'static str) -> Mutant {
    Mutant {
        name,
        replacement,
        expected: Expected::Harmless(why),
    }
}

const fn not_covered(name: &'static str, replacement: &'static str, what: &'static str) -> Mutant {
    Mutant {
        name,
        replacement,
        expected: Expected::NotCovered(what),
    }
}

/// All places, in an order that does not change while the table does not.
pub fn places() -> impl Iterator<Item = &'static Place> {
    [
        ledger::PLACES,
        rules::PLACES,
        events::PLACES,
        server::PLACES,
        changes::PLACES,
        admission::PLACES,
        line::PLACES,
        attachment::PLACES,
        arbitration::PLACES,
        departure::PLACES,
        taking_back::PLACES,
        reset::PLACES,
        demand::PLACES,
        beginning::PLACES,
        creation::PLACES,
        connecting::PLACES,
        logging_on::PLACES,
        leaving::PLACES,
        administering::PLACES,
        working::PLACES,
    ]
    .into_iter()
    .flatten()
}
