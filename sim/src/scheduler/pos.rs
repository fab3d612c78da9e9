//! Partial order sampling: a random priority for each pending operation, and a new one where an order was just decided.
//!
//! Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.

use super::draws::Draws;
use super::spin::Spins;
use super::{Choice, Ending, Point, Scheduler};
use crate::step::Operation;

/// Samples executions so that the orders of dependent steps are drawn, and not those of all steps.
///
/// Each pending operation has a random priority, and the enabled one with the highest goes on. After a step, its actor's
/// next operation gets a priority of its own. After each step every pending operation that is
/// [dependent](Operation::is_dependent_on) on it gets a new priority, so that losing once does not make it more likely to win
/// next. All executions are independent of each other.
///
/// What is not in the paper: where a step can end in several ways, one of them is drawn; and an actor that spins in vain
/// counts as one that cannot go on while another one can.
#[derive(Clone, Debug)]
pub struct Pos {
    seed: u64,
    execution: u64,
    draws: Draws,
    spins: Spins,
    /// By actor: the priority of its pending operation, if it has been drawn.
    priorities: Vec<Option<u64>>,
    /// The operation of the last step.
    last: Option<Operation>,
}

impl Pos {
    /// All executions of `seed`, from number 0; execution `i` does not depend on those before it.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            execution: 0,
            draws: Draws::new(seed, 0),
            spins: Spins::drawing(),
            priorities: Vec::new(),
            last: None,
        }
    }

    /// Draws the priorities that are missing, and those that an order which was just decided would otherwise bias.
    fn draw(&mut self, point: &Point<'_>) {
        self.priorities.resize(point.actors.len(), None);
        let mut known = vec![None; point.actors.len()];
        for offer in point.enabled {
            let actor = offer.actor.index();
            let decided = self
                .last
                .is_some_and(|last| last.is_dependent_on(&offer.operation));
            let keeps = Some(offer.actor) != point.previous && !decided;
            let kept = self.priorities[actor].filter(|_| keeps);
            known[actor] = Some(kept.unwrap_or_else(|| self.draws.any()));
        }
        // Who cannot go on is given a new one when it can: its operation is then another try.
        self.priorities = known;
    }
}

impl Scheduler for Pos {
    fn begin(&mut self) -> bool {
        self.draws = Draws::new(self.seed, self.execution);
        self.spins.begin();
        self.priorities.clear();
        self.last = None;
        true
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        self.spins.look(point);
        self.draw(point);
        let eager = self.spins.eager(point);
        let highest = eager
            .iter()
            .max_by_key(|offer| self.priorities[offer.actor.index()]);
        let offer = highest.expect("somebody can go on");
        self.last = Some(offer.operation);
        Choice::RunWay(self.draws.turn(offer))
    }

    fn end(&mut self, _: &Ending<'_>) -> Option<crate::Divergence> {
        self.execution = self.execution.wrapping_add(1);
        None
    }
}
