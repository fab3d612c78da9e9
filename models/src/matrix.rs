//! The verdict matrix: every subject where it matters, under every checker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::Variant;
use logon_sim::WordOrders;

use crate::catalogue::{self, Expectation, Place};
use crate::cell::Launcher;
use crate::checker::{Checker, Effort, Fault};
use crate::outcome::{Outcome, Verdict};
use crate::portfolio::at_a_time;
use crate::scenario::Scenario;
use crate::stage::{AnySubject, Subjects};

/// One cell of the matrix, before it is run.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Who is checked.
    pub subject: AnySubject,
    /// Where.
    pub place: Place,
    /// The scenario of the place.
    pub scenario: Arc<Scenario>,
    /// By which checker.
    pub checker: Checker,
    /// What the catalogue expects.
    pub expectation: Expectation,
}

impl Cell {
    /// Which of the variants is checked, if it is one.
    pub fn variant(&self) -> Option<Variant> {
        self.subject.variant()
    }
}

/// A cell and what came of it.
#[derive(Clone, Debug)]
pub struct Done {
    /// The cell.
    pub cell: Cell,
    /// The outcome, or the fault that is none.
    pub outcome: Result<Outcome, Fault>,
}

impl Done {
    /// Whether it is as the catalogue predicts.
    pub fn is_as_expected(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|outcome| {
            let property = outcome
                .finding
                .as_ref()
                .map(|finding| finding.property.as_str());
            // Where a checker is said to be blind, the run must have shown why.
            let is_blind = self.cell.expectation != Expectation::Beyond || self.is_blind();
            is_blind && self.cell.expectation.is_met_by(outcome.verdict, property)
        })
    }

    /// Whether every property held as far as the checker looked.
    pub fn holds(&self) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.verdict == Verdict::Holds)
    }

    /// Whether words were used with weaker orders than this checker knows: that of what they allow it says nothing.
    pub fn is_blind(&self) -> bool {
        let orders = self.outcome.as_ref().map(|outcome| outcome.orders);
        !self.cell.checker.has_memory_model() && orders.is_ok_and(WordOrders::are_weak)
    }

    /// How many states were visited, if states were.
    pub fn states(&self) -> Option<u64> {
        self.outcome.as_ref().ok()?.states
    }

    /// Whether the checker was stopped by a limit before it could claim anything.
    pub fn is_incomplete(&self) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.verdict == Verdict::Incomplete)
    }

    /// Whether a property was violated.
    pub fn is_violated(&self) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.verdict == Verdict::Violated)
    }
}

/// Which cells, and how much work for each.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cells, in the order of the report.
    pub cells: Vec<Cell>,
    /// The seed.
    pub seed: u64,
    /// How long a search of all states may take, in seconds.
    pub patience: f64,
    /// How many cells run at a time: as many as there are processors, if nobody says another number. No verdict depends
    /// on it.
    pub jobs: usize,
}

impl Plan {
    /// The plan for the variants: see [`Plan::of`].
    pub fn new(full: bool, seed: u64) -> Self {
        Self::of(&Subjects::variants(), full, seed)
    }

    /// The default selection: the fixed algorithm and whoever comes from outside in every scenario, each defect of ours
    /// in its smallest and in the default situation, under every checker that holds the scenario; real threads only for
    /// whoever is not wrong on purpose and in a defect's smallest scenario. `full` is every subject in every scenario.
    /// The fixed algorithm is besides exhausted with more clients, in the full selection with as many as can be.
    pub fn of(subjects: &Subjects, full: bool, seed: u64) -> Self {
        let mut cells = Vec::new();
        for subject in subjects.iter() {
            let smallest = subject.variant().and_then(catalogue::smallest);
            let is_fixed = subject.variant() == Some(Variant::Fixed);
            let places = match full {
                true => catalogue::all_places(subject.variant()),
                false => catalogue::default_places(subject),
            };
            for place in places {
                let scenario = place.build();
                for checker in Checker::of_matrix() {
                    let fits = checker.can_run(&scenario);
                    let worth_it = full
                        || checker != Checker::Std
                        || !subject.is_defect()
                        || smallest.as_ref() == Some(&place);
                    if fits && worth_it {
                        cells.push(Cell {
                            subject: subject.clone(),
                            expectation: catalogue::expected_of(subject, &place, checker),
                            place: place.clone(),
                            scenario: Arc::clone(&scenario),
                            checker,
                        });
                    }
                }
                let larger = catalogue::larger(&place, full).filter(|_| is_fixed);
                cells.extend(larger.map(|place| Cell {
                    subject: subject.clone(),
                    scenario: place.build(),
                    place,
                    checker: Checker::Exhaustive,
                    expectation: Expectation::Holds,
                }));
            }
        }
        Plan {
            cells,
            seed,
            patience: if full { 900.0 } else { 60.0 },
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// The work for one cell of `checker`.
    pub fn effort(&self, checker: Checker) -> Effort {
        let usual = Effort::usual(checker);
        Effort {
            seed: self.seed,
            time_limit: match checker.visits_states() {
                true => Some(self.patience),
                false => usual.time_limit,
            },
            ..usual
        }
    }

    /// Runs every cell, [so many](Plan::jobs) at a time, and reports each as it is done.
    pub fn run(&self, launcher: &Launcher, on_done: impl Fn(&Done) + Sync) -> Vec<Done> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::SeqCst);
                let Some(cell) = self.cells.get(index) else {
                    return;
                };
                let effort = self.effort(cell.checker);
                let outcome = launcher.run(&cell.subject, &cell.scenario, cell.checker, &effort);
                let result = Done {
                    cell: cell.clone(),
                    outcome,
                };
                on_done(&result);
                done.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(index, result);
            }
        };
        at_a_time(self.jobs, work);
        done.into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_values()
            .collect()
    }
}
