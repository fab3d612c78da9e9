//! A swarm: many short simulations, each of a configuration that is drawn by its seed.
//!
//! In each configuration some kinds of faults happen and others do not, at some load and with some times: what one long
//! run of a likely configuration never meets, some of many short ones do (Groce and others: "Swarm testing", ISSTA 2012).

mod configuration;
mod handover;
mod smaller;

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use logon_sim::Fault;
use serde::{Deserialize, Serialize};

pub use configuration::configuration;
pub use handover::untimed;
pub use smaller::{Smaller, smaller};

use super::digest::Folded;
use super::faults::Happened;
use super::result::{Options, Simulation, simulate};
use crate::partition::Partition;
use crate::scenario::{Faults, Time};
use crate::stage::AnySubject;

/// Which configurations are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Swarm {
    /// The seed of the first.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// How many clients come in each, for the first time.
    pub logons: u32,
}

/// What one configuration came to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The seed.
    pub seed: u32,
    /// A digest of all facts and their times, in 16 hexadecimal digits.
    pub digest: String,
    /// Connections, those of clients that came back included.
    pub arrived: u64,
    /// Clients that saw their prompt.
    pub served: u64,
    /// The property that fell first; null if none did.
    pub fell: Option<String>,
    /// When, in milliseconds of virtual time.
    pub at_ms: Option<u64>,
    /// What the server did that is a fault and no violation: a panic, or a broken rule; null if nothing.
    pub fault: Option<String>,
    /// How many admissions and refusals S1-lin was not decided for, because too many overlapped.
    pub unjudged: u64,
    /// Whether words were used with orders weaker than `SeqCst`: what those allow beyond sequential consistency is left out.
    pub uses_weaker_orders: bool,
    /// Which of the things that may happen did, by name, and how often.
    pub happened: BTreeMap<String, u64>,
}

impl Line {
    fn of(seed: u32, ran: &Result<Simulation, Box<Fault>>) -> Self {
        match ran {
            Ok(simulation) => {
                let report = simulation.report();
                let fell = report.fell.as_ref();
                Line {
                    seed,
                    digest: report.digest,
                    arrived: report.outcomes.arrived,
                    served: report.outcomes.served,
                    fell: fell.map(|fell| fell.property.clone()),
                    at_ms: fell.map(|fell| fell.at_ms),
                    fault: None,
                    unjudged: report.unjudged,
                    uses_weaker_orders: report.uses_weaker_orders,
                    happened: report
                        .occurrences
                        .into_iter()
                        .filter(|occurrence| occurrence.times > 0)
                        .map(|occurrence| (occurrence.what, occurrence.times))
                        .collect(),
                }
            }
            Err(fault) => Line {
                seed,
                digest: String::new(),
                arrived: 0,
                served: 0,
                fell: None,
                at_ms: None,
                fault: Some(fault.to_string()),
                unjudged: 0,
                uses_weaker_orders: false,
                happened: BTreeMap::new(),
            },
        }
    }

    /// Whether something was found.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        self.fell.is_some() || self.fault.is_some()
    }
}

/// Runs one configuration.
#[must_use]
pub fn one(subject: &AnySubject, seed: u32, logons: u32) -> Line {
    Line::of(seed, &run(subject, seed, logons))
}

fn run(subject: &AnySubject, seed: u32, logons: u32) -> Result<Simulation, Box<Fault>> {
    let options = Options {
        seed: Some(seed),
        logons: Some(logons),
        stops: true,
        ..Options::default()
    };
    let scenario = configuration(seed);
    simulate(subject, &scenario, &options).expect("clients are drawn in every configuration")
}

/// Runs the configurations of these seeds with so many at a time. `tell` hears of each that is done and says whether to go
/// on. The lines are in order of the seeds, whoever was done first.
///
/// # Panics
///
/// If a thread cannot be started.
pub fn swarm(
    subject: &AnySubject,
    seeds: &[u32],
    logons: u32,
    jobs: u32,
    tell: &(dyn Fn(&Line) -> bool + Sync),
) -> Vec<Line> {
    let next = AtomicU32::new(0);
    let is_over = AtomicBool::new(false);
    let lines = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&seed) = seeds.get(place as usize) else {
                        break;
                    };
                    let line = one(subject, seed, logons);
                    if !tell(&line) {
                        is_over.store(true, Ordering::Relaxed);
                    }
                    lines.lock().expect("nobody panics with it").push(line);
                }
            });
        }
    });
    let mut lines = lines.into_inner().expect("nobody panics with it");
    // In the order in which they are numbered: after the largest seed comes 0.
    let first = seeds.first().copied().unwrap_or_default();
    lines.sort_by_key(|line: &Line| line.seed.wrapping_sub(first));
    lines
}

/// What may happen in a configuration, by name.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    let all = Happened::default().all(&Time::default(), &Faults::default(), false);
    all.into_iter().map(|one| one.what)
}

/// A digest of these lines, with all that they say.
pub(crate) fn digest(lines: &[Line]) -> String {
    let mut digest = Folded::default();
    for line in lines {
        let text = serde_json::to_string(line).expect("a line is made of numbers and texts");
        digest.write(text.as_bytes());
    }
    format!("{:016x}", digest.finish())
}

impl Swarm {
    /// The seeds of the configurations, or of a part of them.
    #[must_use]
    pub fn seeds(&self, partition: Option<Partition>) -> Vec<u32> {
        (0..self.count)
            .filter(|&number| partition.is_none_or(|part| part.has(number.into())))
            .map(|nth| self.first.wrapping_add(nth))
            .collect()
    }
}
