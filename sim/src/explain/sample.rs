//! A sample of executions as a chart: a tree of those that were run.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::chart::{
    Basis, Chart, Deed, Edge, Fate, Node, Pick, actors_of, in_order, number, short,
};
use crate::execution::{End, Execution};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::observed::{explore, run_once};
use crate::schedule::{Chosen, Schedule};
use crate::scheduler::{RandomWalk, Replay};
use crate::simulation::{Limits, Verdict};
use crate::step::Step;

/// The seed of samples: fixed, so that the same finding is explained in the same words.
const SEED: u64 = 1;

impl Chart {
    /// So many executions at random, and those that `schedules` describe.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the program faults.
    pub(super) fn sampled<I: Instance>(
        instance: &I,
        executions: u64,
        schedules: &[Schedule],
    ) -> Result<Chart, Box<Fault>> {
        let mut chart = Chart::empty(actors_of(instance)?, Basis::Sampled(0));
        chart.nodes.push(Node::default());
        let mut known = BTreeMap::new();
        let mut run = 0;
        for schedule in schedules {
            let execution = run_once(instance, &mut Replay::new(schedule));
            run += u64::from(chart.add(instance, &execution, &mut known)?);
        }
        let mut fault = None;
        explore(
            instance,
            &mut RandomWalk::new(SEED),
            Limits::executions(executions),
            |execution| match chart.add(instance, execution, &mut known) {
                Ok(ended) => {
                    run += u64::from(ended);
                    ControlFlow::Continue(())
                }
                Err(found) => {
                    fault = Some(found);
                    ControlFlow::Break(())
                }
            },
        );
        chart.deeds = in_order(known);
        chart.basis = Basis::Sampled(run);
        fault.map_or(Ok(chart), Err)
    }

    /// Adds an execution that was run; says whether it came to an end.
    fn add<I: Instance>(
        &mut self,
        instance: &I,
        execution: &Execution<Verdict<I>>,
        known: &mut BTreeMap<Deed, u16>,
    ) -> Result<bool, Box<Fault>> {
        let fate = match &execution.end {
            End::Rest(_) => None,
            End::Stopped { verdict, .. } => Some(verdict),
            End::Fault(fault) => return Err(Box::new(fault.clone())),
            End::Abandoned | End::Diverged(_) | End::StepLimit => return Ok(false),
        };
        let mut at = 0;
        for step in &execution.steps {
            at = self.follow(at, step, known);
        }
        let end = &mut self.nodes[at];
        if end.fate.is_none() {
            end.fate = Some(match fate {
                None => Fate::Passes,
                Some(verdict) => {
                    self.failures.push(instance.fallen(verdict));
                    Fate::Fails(self.failures.len() as u32 - 1)
                }
            });
        }
        Ok(true)
    }

    fn follow(&mut self, at: usize, step: &Step, known: &mut BTreeMap<Deed, u16>) -> usize {
        let actor = short(step.actor.index());
        let pick = step.chosen.as_ref().map(|chosen| match chosen {
            Chosen::Value(value) => Pick::Value(*value),
            Chosen::Woken(_) => Pick::Woken(short(step.woken[0].index())),
        });
        let mut known_edges = self.nodes[at].edges.iter();
        let known_edge = known_edges.find(|edge| edge.actor == actor && edge.pick == pick);
        if let Some(edge) = known_edge {
            return edge.to as usize;
        }
        let deed = Deed {
            label: step.operation.label.to_owned(),
            object: step.operation.object_name.to_owned(),
            kind: step.operation.kind,
        };
        let edge = Edge {
            actor,
            deed: number(known, deed),
            pick,
            to: self.nodes.len() as u32,
        };
        let enabled = step.enabled.iter().map(|offer| short(offer.actor.index()));
        self.nodes[at].enabled = enabled.collect();
        self.nodes[at].edges.push(edge);
        self.nodes.push(Node::default());
        edge.to as usize
    }
}
