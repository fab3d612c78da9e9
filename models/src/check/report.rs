//! What a check has found.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use logon_sim::WordOrders;

use crate::artefact::{self, Written, folder_name};
use crate::checker::{Checker, is_false, unseen};
use crate::files::FileError;
use crate::outcome::{Outcome, Verdict};
use crate::render::{self, TextOptions};
use crate::report::{Context, VerdictReport};
use crate::scenario::Scenario;
use crate::trace::Trace;

/// What was found of an allocator. Printed it is a line for each verdict, with what warns of it.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) subject: String,
    pub(super) places: Vec<Checked>,
}

/// What was found in one scenario.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// What each checker says that was run, in the order in which they were named.
    pub verdicts: Vec<(Checker, Outcome)>,
    /// The checkers that were not run because the scenario has more actors than they hold.
    pub left_out: Vec<Checker>,
    /// The counterexample, explained, if anything fell: of the checker that visits states if it found one, and of the
    /// first that did otherwise. Its scenario may be a smaller one.
    pub counterexample: Option<Trace>,
}

impl Report {
    /// What was found in each scenario, in the order in which they were named.
    #[must_use]
    pub fn places(&self) -> &[Checked] {
        &self.places
    }

    /// The worst verdict: violated if anything fell; else incomplete if a limit stopped anybody, or if words are used with
    /// orders weaker than `SeqCst` in a scenario in which no checker with a memory model looked.
    ///
    /// A false alarm of loom that a complete search has settled counts for nothing.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts = || {
            let said = self.places.iter().flat_map(|place| &place.verdicts);
            said.filter(|(_, outcome)| !is_false(outcome))
                .map(|(_, outcome)| outcome.verdict)
        };
        if verdicts().any(|verdict| verdict == Verdict::Violated) {
            Verdict::Violated
        } else if verdicts().any(|verdict| verdict == Verdict::Incomplete)
            || verdicts().next().is_none()
            || self.places.iter().any(|place| place.unseen().is_some())
        {
            Verdict::Incomplete
        } else {
            Verdict::Holds
        }
    }

    /// Whether every property held as far as each checker says that it looked.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict() == Verdict::Holds
    }

    /// The counterexamples, at most one for each scenario.
    pub fn counterexamples(&self) -> impl Iterator<Item = &Trace> {
        self.places
            .iter()
            .filter_map(|place| place.counterexample.as_ref())
    }

    /// Every verdict as machines read it.
    pub fn verdicts(&self) -> impl Iterator<Item = VerdictReport> {
        self.places
            .iter()
            .flat_map(|place| place.reports(&self.subject))
    }

    /// Writes every counterexample into a folder of its own below `out`, in every rendering and with its scenario, and
    /// an index of all there are. Nothing is written if nothing fell.
    ///
    /// # Errors
    ///
    /// Which file could not be written and why, the first of them; the others are written.
    pub fn write(&self, out: impl AsRef<Path>) -> Result<Vec<Written>, FileError> {
        let out = out.as_ref();
        let mut all: Vec<Written> = self
            .counterexamples()
            .map(|trace| artefact::write(out, trace))
            .collect();
        let mut failures = all
            .iter_mut()
            .flat_map(|written| written.failures.drain(..));
        if let Some(failure) = failures.next() {
            return Err(failure);
        }
        drop(failures);
        if !all.is_empty() {
            artefact::write_index(out)?;
        }
        Ok(all)
    }

    /// Makes sure that everything held.
    ///
    /// # Panics
    ///
    /// If it did not, with every verdict and the text of each counterexample.
    #[track_caller]
    pub fn assert_holds(&self) {
        if self.holds() {
            return;
        }
        let mut text = self.to_string();
        for trace in self.counterexamples() {
            text.push('\n');
            text.push_str(&render::text(trace, &TextOptions::default()));
        }
        panic!("{} does not hold\n\n{text}", self.subject);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.places {
            let name = &place.scenario.name;
            for (checker, outcome) in &place.verdicts {
                let Outcome {
                    verdict, coverage, ..
                } = outcome;
                write!(f, "{} in {name}: {verdict} by {checker}", self.subject)?;
                match &outcome.finding {
                    Some(finding) => write!(f, ", {}: {}", finding.property, finding.sentence)?,
                    None => write!(f, "; coverage: {coverage}")?,
                }
                if let Some(limit) = &outcome.limit {
                    write!(f, "; stopped by {limit}")?;
                }
                writeln!(f)?;
                for warning in &outcome.warnings {
                    writeln!(f, "  note: {warning}")?;
                }
            }
            if let Some(why) = place.unseen() {
                writeln!(f, "{} in {name}: {why}", self.subject)?;
            }
            for checker in &place.left_out {
                writeln!(
                    f,
                    "{} in {name}: not run by {checker}, which holds fewer than {} actors",
                    self.subject,
                    place.scenario.actor_count()
                )?;
            }
        }
        Ok(())
    }
}

impl Checked {
    /// Why it is no pass although nothing fell: words are used with orders weaker than `SeqCst`, and no checker with a
    /// memory model looked. `None` if it is one, and if something fell.
    #[must_use]
    pub fn unseen(&self) -> Option<String> {
        let fell = |(_, outcome): &(Checker, Outcome)| outcome.verdict == Verdict::Violated;
        if self.verdicts.is_empty() || self.verdicts.iter().any(fell) {
            return None;
        }
        let outcomes = self.verdicts.iter().map(|(_, outcome)| outcome.orders);
        let orders = outcomes.fold(WordOrders::default(), WordOrders::and);
        let looked = self.verdicts.iter().map(|(checker, _)| *checker);
        unseen(orders, looked, &self.scenario)
    }

    /// The files of the counterexample, by name, as [`Report::write`] writes them: JSON, page, text, Markdown, trace
    /// events for Perfetto, and the scenario. Empty if nothing fell.
    #[must_use]
    pub fn artefacts(&self) -> Vec<(&'static str, String)> {
        let trace = self.counterexample.as_ref();
        trace.map_or_else(Vec::new, |trace| {
            artefact::rendered(trace, &format!("{}/trace.json", folder_name(trace)))
        })
    }

    /// What each checker said, as machines read it.
    fn reports(&self, subject: &str) -> impl Iterator<Item = VerdictReport> {
        self.verdicts.iter().map(move |(checker, outcome)| {
            let context = Context {
                variant: subject,
                scenario: &self.scenario,
                checker: checker.name(),
                expected: None,
            };
            let trace = self.counterexample.as_ref();
            let trace = trace.filter(|trace| trace.checker == checker.name());
            VerdictReport::new(&context, outcome, trace.map(|trace| (trace, None)))
        })
    }
}
