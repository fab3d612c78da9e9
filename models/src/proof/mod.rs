//! Proofs about the real code, for any number of clients.
//!
//! The checkers look at executions of so many clients. A proof is about all of them at once: any number of clients, any
//! maximum of connections or none, any idle target, one worker or more, any creations that fail. It takes the
//! sections of an allocator as they are compiled, and no model of them. `docs/proof.md` explains it to somebody who has
//! never seen the like, with one rule followed by hand.
//!
//! 1. *Run the sections on numbers.* The server's containers are exchanged for ones in which a few entries are visible
//!    and the rest is a number (`symbolic`); comparisons of numbers split the path (`path`). An actor is run one
//!    section at a time, by feeding it what it has seen (`fed`, `seen`, `parties`).
//! 2. *Close under it.* A party with all that is its own is a bundle (`bundle`). Every section of every bundle, with
//!    every choice of others that it touches, gives the bundles afterwards (`scene`, `step`), until no new ones
//!    come: finitely many types and rules (`extract`, `rule`).
//! 3. *Show what each rule owes.* What is about one section is judged at once (`told`), what is about one party by the
//!    look of its bundle (`shape`), and what is about numbers becomes obligations (`invariant`, `obligations`):
//!    formulas that no integers satisfy together.
//! 4. *Check certificates.* A search finds, for each obligation, multipliers that show it; a small checker re-adds
//!    them (`arithmetic`). That the server comes to rest is shown by a potential that falls with each of its steps.
//!
//! **What must be right for a proof to be believed:** everything here but the searches (`arithmetic::refute`,
//! `simplex`, `rational`, `ranking_search`), the core's tables of legal states and of events, the standard containers,
//! and the compiler. What is assumed of the algorithm is in [`ASSUMED`].
//!
//! The method is that of *view abstraction with symbolic counts*: compare Abdulla, Haziza and Holík, *Parameterized
//! verification through view abstraction*, STTT 18 (2016), and counter abstraction. What is new about it here is that
//! the rules are computed from the code that runs.
//!
//! This module names nothing of the rest of the crate, so that it can be compiled against a changed core as well:
//! `tests/mutants` tries it on four hundred wrong ones.

mod account;
#[expect(
    unreachable_pub,
    reason = "its parts are written as those of a library"
)]
mod arithmetic;
mod besides;
mod bundle;
mod configuration;
mod extract;
mod fed;
mod invariant;
mod listing;
mod names;
mod obligations;
mod parties;
mod path;
mod prove;
mod quantity;
mod rule;
mod scene;
mod seen;
mod shape;
mod step;
mod symbolic;
#[cfg(test)]
mod tests;
mod told;

use logon_core::{Settings, Variant};

use parties::{Shared, SymbolicServer, Told};

pub use configuration::Configuration;
pub use extract::Outside;
pub use prove::{Place, Proof, Unproved};

/// What is proved if nothing is left over: the properties by number, each with what it rests on.
pub const PROVED: &[(&str, &str)] = &[
    (
        "S1",
        "each section that admits, refuses or serves, and the ledger's count",
    ),
    ("S1-lin", "admission is one section, and S1 and S2"),
    (
        "S2",
        "as many permits are out as logons are held, and no more than there are",
    ),
    ("S3", "no session belongs to two parties"),
    ("S4", "the look of every bundle, and the sums"),
    ("S5", "each change of a session's state"),
    ("S6", "each end of a logon or a session"),
    ("S7", "each attachment"),
    (
        "S8",
        "every number on record is at most its counter, and a new one is above it",
    ),
    ("S9", "each outcome, and what each call returns"),
    ("S10", "each arbitration and swap"),
    (
        "S11",
        "nobody is served past a line; its order is the queue's",
    ),
    (
        "S12",
        "each creation is wanted, and the workers bound their number",
    ),
    ("S13", "what each call and each switch asks for"),
    (
        "L1",
        "no wake-up is lost, and a potential falls with every step",
    ),
    ("L2", "at rest nobody is in line"),
    ("L3", "at rest the pool is full"),
    (
        "L4",
        "no party leaves a session behind that nobody deals with",
    ),
    (
        "L5",
        "a client that waits for its license is one that may stay for ever",
    ),
];

/// What a proof does not speak of, in the words of the output.
pub const NOT_COVERED: &[&str] = &[
    "several clients of one user at a time",
    "ids of sessions that are used again (claims on earlier sessions are covered)",
    "rest and termination after the server was closed",
    "that a timer which waits for a disconnected session hears of it",
    "console and listener as targets of a reset, and which session an administrator recognizes",
    "which event goes with a refusal, and which changes of a session's state are legal: taken from the core as they are",
    "at which moments a client's line is asked after it was admitted, and what is done with the answer",
    "in which order facts are told within one section",
    "memory weaker than sequential consistency, and time",
];

/// What a proof takes for granted, in the words of the output.
pub const ASSUMED: &[&str] = &[
    "sections are steps (the monitor excludes), and a wake-up reaches everybody who waits",
    "the standard library's queue, maps and numbers do what they say, with fewer than four billion of anything",
    "a user is the user of one client, which comes again as often as it likes, makes one call at a time, and disconnects or logs off when it is logged on",
    "as many workers serve as sessions may be created at a time",
    "actors do the same when they see the same: nothing is kept outside the primitives, or from one round to the next",
    "identifiers are compared with each other for being the same and counted up; nobody asks which of two is less, or the newest",
];

/// Tries to prove a variant in one configuration, with any number of everything. It takes a few hundredths of a second.
///
/// # Errors
///
/// [`Outside`] when the method cannot follow what the variant does. Then nothing is said about it.
pub fn prove(variant: Variant, configuration: Configuration) -> Result<Proof, Outside> {
    prove::prove(&build(variant, configuration), configuration)
}

fn build(variant: Variant, configuration: Configuration) -> Shared {
    // Each section is run on a server of its own; this one is never looked at.
    let settings = Settings {
        idle_pool: 0.into(),
        max_connections: None,
        creation_workers: 1.into(),
        reuse_ids: false,
        on_broken_line: configuration.on_broken_line,
        logons_enabled: true,
    };
    variant.build_in(SymbolicServer::kept_in(settings, Told::default()))
}

/// How the list of rules is to be read.
const RULES: &str = "\
A line says which section it is, what becomes of the records of those who take part, under which conditions on the
numbers, by how much the ledger's count changes, and what is owed: what must be true whenever it happens. What is the
same before and after it is left out, and so is what the parties have seen.
";

/// The types of parties and the rules of a variant, as Markdown that a reviewer can read: those of the first
/// configuration, and what the others have besides or have not.
///
/// # Errors
///
/// As [`prove`].
pub fn listing(variant: Variant) -> Result<String, Outside> {
    let extract = |configuration| extract::extract(&build(variant, configuration), configuration);
    let [first, others @ ..] = Configuration::ALL;
    let first = extract(first)?;
    let rules = listing::rules(&first);
    let lines = |rules: &mut dyn Iterator<Item = &String>| -> String {
        rules.map(|rule| format!("- {rule}\n")).collect()
    };
    let mut out = format!(
        "## Types\n\n{}\n## Rules\n\n{RULES}\n{}",
        listing::types(&first),
        lines(&mut rules.iter())
    );
    for configuration in others {
        let other = listing::rules(&extract(configuration)?);
        out.push_str(&format!(
            "\n## {}\n\nBesides:\n\n{}\nNot:\n\n{}",
            configuration.name(),
            lines(&mut other.difference(&rules)),
            lines(&mut rules.difference(&other))
        ));
    }
    Ok(out)
}

/// What must be right for a proof to be believed, besides the compiler and the standard library: each file with its
/// number of lines.
pub fn trusted() -> Vec<(&'static str, usize)> {
    macro_rules! files {
        ($($file:literal)*) => {
            vec![$(($file, lines(include_str!($file)))),*]
        };
    }
    // Without the tests at their end.
    fn lines(file: &str) -> usize {
        let code = file.split("\n#[cfg(test)]\nmod tests {").next();
        code.unwrap_or_default().lines().count()
    }
    files!(
        "arithmetic/certificate.rs" "arithmetic/formula.rs" "arithmetic/linear.rs" "arithmetic/ranking.rs"
        "mod.rs" "account.rs" "besides.rs" "bundle.rs" "configuration.rs" "extract.rs" "extract/plans.rs" "extract/simplify.rs" "fed.rs" "fed/primitives.rs" "invariant.rs" "names.rs" "obligations.rs" "obligations/effect.rs" "obligations/rest.rs" "parties.rs" "path.rs"
        "prove.rs" "quantity.rs" "rule.rs" "scene.rs" "scene/plan.rs" "seen.rs" "shape.rs" "step.rs" "step/hand_out.rs" "symbolic.rs" "symbolic/list.rs" "symbolic/number.rs"
        "symbolic/records.rs" "told.rs" "told/afterwards.rs"
        "told/logons.rs" "told/sessions.rs"
    )
}
