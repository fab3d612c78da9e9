//! The engine: the state of one execution and the steps it can take.
//!
//! It owns the parked actors and the objects' states. A step takes an enabled actor, calls its pending
//! section on the object's state, feeds the actor the result and lets it run to its next operation. The
//! section is called here, never by the coroutine; whoever wants to know what a step *would* do calls
//! [`Engine::try_out`] on a clone. No `&mut` to the engine reaches an actor: actors deposit what they
//! leave behind in `context`, and the engine collects it once they are parked again.

mod actor;
mod section;
mod waking;

pub(crate) use section::outcome;

use std::rc::Rc;
use std::sync::Arc;

use logon_core::primitives::Wake;

use self::actor::{Actor, Status};
use crate::context;
use crate::coroutine::{Advance, Call, StackPool, Task};
use crate::execution::{Blocked, Rest};
use crate::fault::{Fault, FaultKind};
use crate::mark::Mark;
use crate::object::{Object, ObjectId};
use crate::panic;
use crate::program::NewActor;
use crate::schedule::Chosen;
use crate::simulation::Config;
use crate::step::{
    ActorId, ActorInfo, Effect, Offer, Operation, OperationKind, Step, Turn, Values,
};
use crate::value::{Value, Yielded};

/// One execution under way.
pub(crate) struct Engine {
    config: Config,
    actors: Vec<Actor>,
    objects: Vec<Arc<dyn Object>>,
    ids: Vec<ObjectId>,
    previous: Option<ActorId>,
    steps: usize,
    /// What the section of the last step returned, if values are recorded.
    last_result: Option<Box<dyn Value>>,
    /// Room for the marks that an actor leaves.
    marks: Vec<Mark>,
}

impl Engine {
    /// Runs every actor to its first operation, in order of spawning.
    pub(crate) fn start(
        config: Config,
        pool: &Rc<StackPool>,
        actors: Vec<NewActor>,
    ) -> (Self, Result<(), Box<Fault>>) {
        let mut engine = Self {
            config,
            actors: Vec::with_capacity(actors.len()),
            objects: Vec::new(),
            ids: Vec::new(),
            previous: None,
            steps: 0,
            last_result: None,
            marks: Vec::new(),
        };
        engine.collect(None);
        let mut started = Ok(());
        for NewActor { info, body } in actors {
            let id = info.id;
            engine.actors.push(Actor::new(info));
            let (task, advance) = Task::start(pool, body);
            engine.actors[id.index()].task = Some(task);
            started = engine.settle(id, advance);
            if started.is_err() {
                break;
            }
        }
        (engine, started)
    }

    /// The actors that can go on, in order of spawning: those of idle priority only if nobody else can.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::with_capacity(self.actors.len());
        let only_idle = self.only_idle();
        for actor in &self.actors {
            if let (Status::Awake, Some(operation)) = (actor.status, actor.operation)
                && actor.info.is_idle == only_idle
            {
                offers.push(Offer {
                    actor: actor.info.id,
                    name: Arc::clone(&actor.info.name),
                    operation,
                    rounds: actor.rounds,
                    ways: self.ways(actor, operation.kind),
                });
            }
        }
        offers
    }

    /// Whether the actor can go on.
    pub(crate) fn can_go_on(&self, id: ActorId) -> bool {
        let actor = &self.actors[id.index()];
        actor.is_ready() && (!actor.info.is_idle || self.only_idle())
    }

    /// Whether nobody without idle priority can go on.
    fn only_idle(&self) -> bool {
        let mut actors = self.actors.iter();
        !actors.any(|actor| !actor.info.is_idle && actor.is_ready())
    }

    /// What the actor is about to do or asleep in, and whether it is asleep; `None` at its end.
    pub(crate) fn standing(&self, id: ActorId) -> Option<(Operation, bool)> {
        let actor = &self.actors[id.index()];
        match actor.status {
            Status::Finished => None,
            status => actor
                .operation
                .map(|pending| (pending, status == Status::Asleep)),
        }
    }

    /// Every actor, and whether it has finished.
    pub(crate) fn actors(&self) -> Vec<(ActorInfo, bool)> {
        let actors = self.actors.iter();
        let finished = |actor: &Actor| actor.status == Status::Finished;
        actors
            .map(|actor| (actor.info.clone(), finished(actor)))
            .collect()
    }

    /// The actor of the last step.
    pub(crate) fn previous(&self) -> Option<ActorId> {
        self.previous
    }

    /// Who has finished and who waits for what.
    pub(crate) fn rest(&self) -> Rest {
        let mut rest = Rest {
            finished: Vec::new(),
            blocked: Vec::new(),
        };
        for actor in &self.actors {
            match (actor.status, actor.operation) {
                (Status::Finished, _) => rest.finished.push(actor.info.clone()),
                (Status::Asleep, Some(operation)) => {
                    rest.blocked.push(Blocked {
                        actor: actor.info.clone(),
                        operation,
                    });
                }
                _ => {}
            }
        }
        rest
    }

    /// Takes the pending step of an actor, which is one of those in `enabled`, in one of its ways.
    ///
    /// A fault accompanies the step it belongs to: in its section, or on the way to the next operation.
    pub(crate) fn step(
        &mut self,
        turn: Turn,
        reading: Option<u64>,
        enabled: Vec<Offer>,
    ) -> (Step, Result<(), Box<Fault>>) {
        let Turn { actor: id, way } = turn;
        let actor = &self.actors[id.index()];
        let operation = actor
            .operation
            .filter(|_| actor.status == Status::Awake)
            .expect("the scheduler is at fault: it chose an actor that cannot go on");
        let name = Arc::clone(&actor.info.name);
        let object = actor.object;

        let before = self
            .config
            .record_values
            .then(|| self.objects[object].snapshot());
        let (result, wake, effect, fault) = match self.perform(id, operation, way) {
            Ok(Some(Yielded { result, wake })) => (Some(result), wake, Effect::Done, None),
            Ok(None) => (None, Wake::Nobody, Effect::Asleep, None),
            Err(kind) => (None, Wake::Nobody, Effect::Faulted, Some(kind)),
        };
        let result = match reading.filter(|_| operation.kind == OperationKind::Load) {
            Some(value) => result.map(|_| Box::new(value) as Box<dyn Value>),
            None => result,
        };
        let values = before.map(|before| Values {
            before: format!("{before:?}"),
            after: format!("{:?}", self.objects[object].snapshot()),
            result: result.as_ref().map(|result| format!("{result:?}")),
        });

        if self.config.record_values {
            self.last_result = result.as_ref().map(|result| result.boxed_clone());
        }
        self.steps += 1;
        self.actors[id.index()].add_count(object, operation.label);
        let woken = self.wake(object, wake, way);
        let chosen = match (operation.kind, wake, woken.first()) {
            (OperationKind::Choose, ..) => Some(Chosen::Value(way)),
            (_, Wake::One(_), Some(woken)) => {
                let name = &self.actors[woken.index()].info.name;
                Some(Chosen::Woken(name.to_string()))
            }
            _ => None,
        };
        let previous = self.previous.replace(id);
        let step = Step {
            number: self.steps,
            actor: id,
            name,
            operation,
            effect,
            woken,
            chosen,
            preemption: previous != Some(id)
                && enabled.iter().any(|offer| Some(offer.actor) == previous),
            word: self.word_access(operation.kind, object, result.as_deref()),
            values,
            enabled,
        };
        let settled = match (result, fault) {
            (_, Some(kind)) => Err(self.actors[id.index()].fault(kind)),
            (Some(result), None) => self.go_on(id, result),
            (None, None) => {
                self.fall_asleep(id);
                Ok(())
            }
        };
        (step, settled)
    }

    /// Every object, in order of creation.
    pub(crate) fn objects(&self) -> impl ExactSizeIterator<Item = (ObjectId, &dyn Object)> {
        self.ids
            .iter()
            .copied()
            .zip(self.objects.iter().map(|object| &**object))
    }

    /// What the section of the last step returned: nothing if its actor fell asleep, or if values are not recorded.
    pub(crate) fn last_result(&self) -> Option<&dyn Value> {
        self.last_result.as_deref()
    }

    fn fall_asleep(&mut self, id: ActorId) {
        let actor = &mut self.actors[id.index()];
        actor.status = Status::Asleep;
        if let Some(operation) = &mut actor.operation {
            operation.nth += 1;
        }
    }

    /// Feeds the actor its result and lets it run to its next operation.
    fn go_on(&mut self, id: ActorId, result: Box<dyn Value>) -> Result<(), Box<Fault>> {
        let task = self.actors[id.index()]
            .task
            .as_mut()
            .expect("an awake actor has a task");
        let advance = task.feed(result);
        self.settle(id, advance)
    }

    /// Takes note of where the actor stopped.
    fn settle(&mut self, id: ActorId, advance: Advance) -> Result<(), Box<Fault>> {
        let rounds = self.collect(Some(id));
        let actor = &mut self.actors[id.index()];
        actor.rounds += rounds;
        match advance {
            Advance::Parked(call) => {
                let own = self.objects.get(call.object);
                if own.is_none_or(|object| object.address() != call.object_address) {
                    return Err(actor.fault(FaultKind::ForeignObject));
                }
                actor.object = call.object;
                actor.values = call.values;
                actor.operation = Some(Operation {
                    nth: actor.count(call.object, call.label) + 1,
                    ..operation(&call, self.ids[call.object])
                });
                Ok(())
            }
            Advance::Finished => {
                actor.status = Status::Finished;
                actor.task = None;
                Ok(())
            }
            Advance::Panicked(payload) => {
                actor.status = Status::Finished;
                actor.task = None;
                Err(actor.fault(panic::fault_of(payload)))
            }
        }
    }

    /// Takes over the objects that `creator` created since it was last asked, and its new rounds.
    fn collect(&mut self, creator: Option<ActorId>) -> u32 {
        context::collect(&mut self.objects, &mut self.marks);
        while self.ids.len() < self.objects.len() {
            let nth = match creator {
                Some(creator) => {
                    let created = &mut self.actors[creator.index()].created;
                    *created += 1;
                    *created - 1
                }
                None => u32::try_from(self.ids.len()).expect("fewer than 2^32 objects"),
            };
            self.ids.push(ObjectId { creator, nth });
        }
        let begun = self.marks.iter().filter(|mark| match mark {
            Mark::Begin(body) => body.kind.is_loop(),
            mark => matches!(mark, Mark::Again),
        });
        u32::try_from(begun.count()).expect("fewer than 2^32 rounds between two operations")
    }
}

/// A call as an operation, not yet counted.
fn operation(call: &Call, object: ObjectId) -> Operation {
    Operation {
        object,
        nth: 0,
        ..call.operation()
    }
}
