//! The nearest passing execution, in sentences.

use super::chart;
use super::near::{Neighbour, Place};
use super::words::Words;
use crate::trace::{Move, Near, NearStep, Trace};

/// How many moves a sentence tells.
const MOST_CLAUSES: usize = 2;

/// The steps of a passing execution.
fn steps_of(near: &Neighbour, passing: &Trace) -> Vec<NearStep> {
    let steps = passing.steps.iter().zip(&near.kept);
    let steps = steps.map(|(step, kept)| NearStep {
        actor: step.actor.clone(),
        label: step.label.clone(),
        object: step.object.clone(),
        kept: kept.map(|index| index + 1),
        asleep: step.asleep,
        read: step.read,
        written: step.written,
        gist: step.gist.clone(),
    });
    steps.collect()
}

impl Words<'_> {
    /// The same steps, but for what the step of this number reads.
    pub(super) fn otherwise_read(&self, near: &Neighbour, passing: &Trace, stale: usize) -> Near {
        let read = passing.steps.iter().zip(&near.kept);
        let read = read.filter(|(_, kept)| **kept == Some(stale - 1));
        let read = read.filter_map(|(step, _)| step.read).next();
        let read = read.map_or("what was written last".to_owned(), |read| {
            format!("{read}, the latest value")
        });
        let all = 1..=self.trace.steps.len();
        let gone = all.filter(|step| !near.kept.contains(&Some(step - 1)));
        let gone = gone.map(|step| Move {
            step,
            after: None,
            before: None,
        });
        Near {
            moves: gone.collect(),
            sentence: format!("passes if {} reads {read}", self.step(stale - 1)),
            steps: steps_of(near, passing),
        }
    }

    /// `passing` is the same execution, written down.
    pub(super) fn near(&self, near: &Neighbour, passing: &Trace) -> Near {
        let mut clauses = Vec::new();
        for moved in &near.moved {
            clauses.extend(match moved.to {
                Place::After(anchor) => Some(format!(
                    "{} moves after step {}",
                    self.step(moved.step),
                    anchor + 1
                )),
                Place::Before(anchor) => Some(format!(
                    "{} moves before step {}",
                    self.step(moved.step),
                    anchor + 1
                )),
                Place::Nowhere => None,
            });
        }
        if clauses.is_empty() {
            clauses.extend(self.inserted(near));
        }
        let more = clauses.len().saturating_sub(MOST_CLAUSES);
        clauses.truncate(MOST_CLAUSES);
        let more = match more {
            0 => String::new(),
            1 => ", and 1 step more moves".to_owned(),
            _ => format!(", and {more} steps more move"),
        };
        let sample = match self.chart.basis {
            chart::Basis::Exhausted => "",
            chart::Basis::Sampled(_) => " (the nearest of the sample)",
        };
        let first = near.moved.first().filter(|_| clauses.is_empty());
        let sentence = match (clauses.is_empty(), first) {
            (true, Some(gone)) => format!(
                "passes if {} does not happen, but something else{sample}",
                self.step(gone.step)
            ),
            (true, None) => format!("passes if it goes on otherwise after its last step{sample}"),
            (false, _) => format!(
                "passes if {}{more}{}{sample}",
                clauses.join(" and "),
                self.vanished(near)
            ),
        };
        let moves = near.moved.iter().map(|moved| Move {
            step: moved.step + 1,
            after: match moved.to {
                Place::After(anchor) => Some(anchor + 1),
                _ => None,
            },
            before: match moved.to {
                Place::Before(anchor) => Some(anchor + 1),
                _ => None,
            },
        });
        Near {
            moves: moves.collect(),
            sentence,
            steps: steps_of(near, passing),
        }
    }

    /// What comes in the passing execution first that the failing one does not have there.
    fn inserted(&self, near: &Neighbour) -> Option<String> {
        let place = near.kept.iter().position(Option::is_none)?;
        let (_, edge) = near.way[place];
        let deed = self.deed(edge.actor, edge.deed);
        let more = near.kept[place..].iter().take_while(|kept| kept.is_none());
        let deed = match more.count() - 1 {
            0 => deed,
            1 => format!("{deed}, with 1 step more,"),
            more => format!("{deed}, with {more} steps more,"),
        };
        let before = place.checked_sub(1).and_then(|before| near.kept[before]);
        let next = before.map_or(0, |before| before + 1);
        (next < self.trace.steps.len()).then(|| format!("{deed} comes before {}", self.step(next)))
    }

    /// What then does not happen at all.
    fn vanished(&self, near: &Neighbour) -> String {
        let vanished = near.moved.iter().filter(|moved| moved.to == Place::Nowhere);
        let vanished: Vec<usize> = vanished.map(|moved| moved.step).collect();
        match vanished.as_slice() {
            [] => String::new(),
            [step] => format!("; {} does not happen then", self.step(*step)),
            steps => format!("; {} of its steps do not happen then", steps.len()),
        }
    }
}
