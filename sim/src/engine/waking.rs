//! Who is woken, and in how many ways a step can end.

use logon_core::primitives::{Condition, Wake};

use super::Engine;
use super::actor::{Actor, Status};
use crate::schedule::Chosen;
use crate::step::{ActorId, OperationKind};

impl Engine {
    /// In how many ways the pending operation of `actor`, which can go on, can end.
    pub(super) fn ways(&self, actor: &Actor, kind: OperationKind) -> u32 {
        match kind {
            OperationKind::Choose => actor.values,
            OperationKind::Change | OperationKind::WaitOn => {
                let sleepers = self.may_be_woken(actor.info.id).len();
                u32::try_from(sleepers.max(1)).expect("fewer than 2^32 actors")
            }
            _ => 1,
        }
    }

    /// Which way of the pending step of `id` makes this choice; `None` if none does.
    pub(crate) fn way_of(&self, id: ActorId, chosen: &Chosen) -> Option<u32> {
        let actor = &self.actors[id.index()];
        match chosen {
            Chosen::Value(value) => {
                let chooses = actor.operation?.kind == OperationKind::Choose;
                (chooses && *value < actor.values).then_some(*value)
            }
            Chosen::Woken(name) => {
                let sleepers = self.may_be_woken(id);
                let mut sleepers = sleepers.into_iter();
                let place = sleepers.position(|place| *self.actors[place].info.name == **name)?;
                u32::try_from(place).ok()
            }
        }
    }

    /// The places of those of whom the pending step of `id` would wake one.
    fn may_be_woken(&self, id: ActorId) -> Vec<usize> {
        let actor = &self.actors[id.index()];
        let kind = actor.operation.map(|operation| operation.kind);
        if !matches!(kind, Some(OperationKind::Change | OperationKind::WaitOn)) {
            return Vec::new();
        }
        // A section that breaks a rule does so once more when its step is taken, and is told of then.
        let mut state = self.objects[actor.object].snapshot();
        match self.try_out(id, &mut *state) {
            Ok(Some(yielded)) => match yielded.wake {
                Wake::One(condition) => self.asleep_on(actor.object, condition).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The places of those asleep on a condition of an object, in order of spawning.
    fn asleep_on(&self, object: usize, condition: Condition) -> impl Iterator<Item = usize> {
        let actors = self.actors.iter().enumerate();
        actors
            .filter(move |(_, actor)| {
                let on = actor.operation.and_then(|operation| operation.condition);
                actor.status == Status::Asleep && actor.object == object && on == Some(condition)
            })
            .map(|(place, _)| place)
    }

    /// Wakes whom a step on `object` is to wake.
    pub(super) fn wake(&mut self, object: usize, wake: Wake, way: u32) -> Vec<ActorId> {
        let places: Vec<usize> = match wake {
            Wake::Nobody => return Vec::new(),
            Wake::One(condition) => {
                let one = self.asleep_on(object, condition).nth(way as usize);
                one.into_iter().collect()
            }
            Wake::All(condition) => self.asleep_on(object, condition).collect(),
            Wake::Everybody => {
                let actors = self.actors.iter().enumerate();
                actors
                    .filter(|(_, actor)| actor.status == Status::Asleep && actor.object == object)
                    .map(|(place, _)| place)
                    .collect()
            }
        };
        for &place in &places {
            let actor = &mut self.actors[place];
            actor.status = Status::Awake;
            if let Some(operation) = &mut actor.operation
                && operation.kind == OperationKind::Sleep
            {
                operation.kind = OperationKind::Wake;
            }
        }
        places
            .into_iter()
            .map(|place| self.actors[place].info.id)
            .collect()
    }
}
