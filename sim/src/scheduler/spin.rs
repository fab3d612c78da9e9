//! Actors that go round in vain: they come back to where they were, and all is as it was.
//!
//! A scheduler that is not fair would let such an actor spin for ever, although somebody else could end that. So it counts
//! as one that cannot go on while anybody else can, until something changes. The states of all objects are compared by
//! a fingerprint, and only when an actor comes back; a program without loops pays nothing.

use std::panic::Location;

use super::Point;
use crate::object::ObjectId;
use crate::step::{ActorId, Offer, OperationKind};

/// After how many returns in vain a sampler holds an actor back. A loop of a known length that looks at the same thing again and again is no
/// spin, and few are longer.
const DRAWING: u32 = 20;

/// After how many [`BoundedPreemptions`](super::BoundedPreemptions) does: each further round is one more place for a preemption.
const ENUMERATING: u32 = 2;

/// An operation in the source, on one object.
type Place = (&'static Location<'static>, ObjectId, OperationKind);

/// What is known of the loops of the actors of one execution.
#[derive(Clone, Debug)]
pub(super) struct Spins {
    /// An actor is held back once it has come back so many times in a row and found everything as it was the time before.
    /// The first time it comes back there is nothing yet to compare with, so it has gone round once more.
    vain_returns: u32,
    actors: Vec<Round>,
    /// How often an actor has come back.
    returns: u64,
}

/// How one actor goes round.
#[derive(Clone, Debug, Default)]
struct Round {
    /// The operation to which it comes back.
    turning: Option<Place>,
    /// Where it was since.
    since: Vec<Place>,
    /// The fingerprint of all states when it last came back.
    found: u64,
    /// How many times in a row that was the fingerprint of the time before.
    in_vain: u32,
    /// When it last came back, counted in [`Spins::returns`].
    returned: u64,
}

impl Spins {
    /// For a scheduler that draws executions.
    pub(super) fn drawing() -> Self {
        Self::after(DRAWING)
    }

    /// For one that enumerates them.
    pub(super) fn enumerating() -> Self {
        Self::after(ENUMERATING)
    }

    fn after(vain_returns: u32) -> Self {
        Self {
            vain_returns,
            actors: Vec::new(),
            returns: 0,
        }
    }

    /// Forgets the execution before.
    pub(super) fn begin(&mut self) {
        self.actors.clear();
        self.returns = 0;
    }

    /// Takes note of where the actor of the last step has come to. To be called once at each point, first of all.
    pub(super) fn look(&mut self, point: &Point<'_>) {
        if self.actors.is_empty() {
            self.actors.resize(point.actors.len(), Round::default());
            for offer in point.enabled {
                self.actors[offer.actor.index()].since.push(place(offer));
            }
            return;
        }
        let Some(previous) = point.previous else {
            return;
        };
        match point.offer(previous) {
            Some(offer) => self.arrive(previous, place(offer), point),
            // It has finished or sleeps until somebody wakes it: neither is spinning.
            None => self.actors[previous.index()] = Round::default(),
        }
    }

    fn arrive(&mut self, actor: ActorId, place: Place, point: &Point<'_>) {
        let round = &mut self.actors[actor.index()];
        let is_back = round.turning == Some(place);
        if !is_back && !round.since.contains(&place) {
            round.since.push(place);
            return;
        }
        let now = point.fingerprint();
        round.in_vain = match is_back && round.found == now {
            true => round.in_vain + 1,
            false => 0,
        };
        self.returns += 1;
        round.turning = Some(place);
        round.since.clear();
        round.found = now;
        round.returned = self.returns;
    }

    /// Who may be chosen: those who can go on and are not held back. If all are, it is the one of them who has waited
    /// longest, so that each gets its turn.
    pub(super) fn eager<'a>(&self, point: &Point<'a>) -> Vec<&'a Offer> {
        let is_suspect = |offer: &&Offer| self.round(offer).in_vain >= self.vain_returns;
        if !point.enabled.iter().any(|offer| is_suspect(&offer)) {
            return point.enabled.iter().collect();
        }
        let now = point.fingerprint();
        let is_held = |offer: &&Offer| is_suspect(offer) && self.round(offer).found == now;
        let (held, eager): (Vec<&Offer>, Vec<&Offer>) = point.enabled.iter().partition(is_held);
        if !eager.is_empty() {
            return eager;
        }
        let longest = held
            .into_iter()
            .min_by_key(|offer| self.round(offer).returned);
        longest.into_iter().collect()
    }

    fn round(&self, offer: &Offer) -> &Round {
        &self.actors[offer.actor.index()]
    }
}

fn place(offer: &Offer) -> Place {
    let operation = &offer.operation;
    (operation.location, operation.object, operation.kind)
}
