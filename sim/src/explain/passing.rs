//! The nearest passing execution, in sentences.

use std::ops::Range;

use super::near::{Moved, Neighbour, Place};
use super::words::Words;
use super::{chart, tally};
use crate::trace::{Move, Near, NearStep, Trace, TracedStep};

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
        chosen: step.choice(),
        asleep: step.asleep,
        read: step.read,
        written: step.written,
        summary: step.summary.clone(),
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
            instead: None,
        });
        Near {
            moves: gone.collect(),
            sentence: format!("passes if {} reads {read}", self.step(stale - 1)),
            steps: steps_of(near, passing),
        }
    }

    /// `passing` is the same execution, written down.
    pub(super) fn near(&self, near: &Neighbour, passing: &Trace) -> Near {
        let (told, more) = self.moves(near, passing);
        let told = match told.is_empty() {
            true => self.otherwise(near),
            false => format!("{}{more}", told.join(" and ")),
        };
        let sample = match self.chart.basis {
            chart::Basis::Exhausted => "",
            chart::Basis::Sampled(_) => " (the nearest of the sample)",
        };
        let sentence = format!("passes if {told}{}{sample}", self.vanished(near, &told));
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
            instead: match moved.to {
                Place::Otherwise(place) => Some(place + 1),
                _ => None,
            },
        });
        Near {
            moves: moves.collect(),
            sentence,
            steps: steps_of(near, passing),
        }
    }

    /// The moves that matter, a clause each, and which others there are. Of several steps of one actor that move to the
    /// same place only one has to be told, for an actor keeps its order: the last that moves up, the first that moves
    /// down.
    fn moves(&self, near: &Neighbour, passing: &Trace) -> (Vec<String>, String) {
        let follows = |one: &Moved, other: &Moved| {
            let actor = |moved: &Moved| &self.trace.steps[moved.step].actor;
            one.to == other.to
                && actor(one) == actor(other)
                && match one.to {
                    Place::Before(_) => other.step > one.step,
                    Place::After(_) => other.step < one.step,
                    Place::Otherwise(_) | Place::Nowhere => false,
                }
        };
        let matters = |moved: &&Moved| !near.moved.iter().any(|other| follows(moved, other));
        let moved = near.moved.iter().filter(|moved| moved.to != Place::Nowhere);
        let moved: Vec<&Moved> = moved.filter(matters).collect();
        let (told, others) = moved.split_at(moved.len().min(MOST_CLAUSES));
        let told = told.iter().map(|moved| {
            let does = match moved.to {
                Place::After(anchor) => format!("moves after step {}", anchor + 1),
                Place::Before(anchor) => format!("moves before step {}", anchor + 1),
                Place::Otherwise(place) => {
                    let choice = passing.steps.get(place).and_then(TracedStep::choice);
                    format!(
                        "{} instead",
                        choice.unwrap_or("chooses otherwise".to_owned())
                    )
                }
                Place::Nowhere => String::new(),
            };
            format!("{} {does}", self.step(moved.step))
        });
        let others: Vec<usize> = others.iter().map(|moved| moved.step).collect();
        let more = match others.as_slice() {
            [] => String::new(),
            [step] => format!(", and step {} moves as well", step + 1),
            steps => format!(", and {} move as well", numbered(steps)),
        };
        (told.collect(), more)
    }

    /// What comes in the passing execution that the failing one does not have there, and where: of several steps that come
    /// in a row the one that makes the difference.
    fn otherwise(&self, near: &Neighbour) -> String {
        let Some(place) = near.kept.iter().position(Option::is_none) else {
            return match near.moved.first() {
                Some(gone) => format!("{} does not happen", self.step(gone.step)),
                None => "it ends like this in another way".to_owned(),
            };
        };
        let row = near.kept[place..].iter().take_while(|kept| kept.is_none());
        let row = place..place + row.count();
        let next = near.kept.get(row.end).copied().flatten();
        let decisive = self.decisive(near, row.clone(), next);
        let (_, edge) = near.way[decisive];
        let deed = self.deed(edge.actor, edge.deed);
        let before = place.checked_sub(1).and_then(|before| near.kept[before]);
        let mut gone = near.moved.iter().map(|moved| moved.step);
        let gone = gone.find(|&step| before.is_none_or(|before| step > before));
        match (next, gone) {
            (Some(next), _) => format!("{deed} comes before {}", self.step(next)),
            (None, Some(gone)) => {
                format!("{deed} comes instead of {}", self.step(gone))
            }
            // All of its steps are kept, so it goes on from where the failing one has come to.
            (None, None) => {
                let after = decisive.checked_sub(1).and_then(|before| near.kept[before]);
                let last = self.trace.steps.len();
                let after = after.map_or(last, |after| after + 1);
                match self.trace.repeats_from() {
                    Some(_) => format!("{deed} comes after step {after} in some round"),
                    None => format!("{deed} comes after step {after}"),
                }
            }
        }
    }

    /// Of a row of steps that are only in the passing execution the first that makes the difference: after which the step
    /// that follows the row no longer leads to where every continuation fails, or, if none follows, with which it leaves
    /// the steps that the failing execution goes through.
    fn decisive(&self, near: &Neighbour, row: Range<usize>, next: Option<usize>) -> usize {
        let last = row.end - 1;
        let may_pass = tally::may_pass(self.chart);
        let after = |place: usize| near.way[place].1.to as usize;
        let makes_it = |place: &usize| match next {
            Some(_) => {
                let (_, follows) = near.way[row.end];
                let mut edges = self.chart.nodes[after(*place)].edges.iter();
                edges.any(|edge| {
                    let same = (edge.actor, edge.deed) == (follows.actor, follows.deed);
                    same && edge.chooses_like(&follows) && may_pass[edge.to as usize]
                })
            }
            None => !self
                .failing
                .iter()
                .any(|(at, _)| *at as usize == after(*place)),
        };
        let mut row = row.clone();
        row.find(makes_it).unwrap_or(last)
    }

    /// What then does not happen at all, but for a step that was `told` of.
    fn vanished(&self, near: &Neighbour, told: &str) -> String {
        let vanished = near.moved.iter().filter(|moved| moved.to == Place::Nowhere);
        let vanished = vanished.filter(|moved| !told.contains(&self.step(moved.step)));
        let vanished: Vec<usize> = vanished.map(|moved| moved.step).collect();
        match vanished.as_slice() {
            [] => String::new(),
            [step] => format!("; {} does not happen then", self.step(*step)),
            steps => format!("; {} do not happen then", numbered(steps)),
        }
    }
}

/// `steps 3, 5 and 6`, given from 0.
fn numbered(steps: &[usize]) -> String {
    let numbers: Vec<String> = steps.iter().map(|step| (step + 1).to_string()).collect();
    match numbers.split_last() {
        Some((last, [])) => format!("step {last}"),
        Some((last, others)) => format!("steps {} and {last}", others.join(", ")),
        None => "no step".to_owned(),
    }
}
