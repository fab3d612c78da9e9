//! The engine: the state of one execution and the steps it can take.
//!
//! It owns the parked actors and the objects' states. A step takes an enabled actor, calls its pending
//! section on the object's state, feeds the actor the result and lets it run to its next operation. The
//! section is called here, never by the coroutine; whoever wants to know what a step *would* do calls
//! [`Engine::try_out`] on a clone. No `&mut` to the engine reaches an actor: actors deposit what they
//! leave behind in `context`, and the engine collects it once they are parked again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use crate::context::{self, Mode};
use crate::coroutine::{Advance, Call, StackPool, Task};
use crate::execution::{Blocked, Fault, FaultKind, Rest, Site};
use crate::object::{Object, ObjectId};
use crate::panic;
use crate::program::NewActor;
use crate::simulation::Config;
use crate::step::{
    ActorId, ActorInfo, Effect, Offer, Operation, OperationKind, Step, Values, WordAccess,
};
use crate::value::{Value, peek_as};

/// Whether an actor can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Before its pending operation.
    Awake,
    /// In its pending operation, until an update of the object.
    Asleep,
    /// At its end.
    Finished,
}

/// An actor and its coroutine.
struct Actor {
    info: ActorInfo,
    task: Option<Task>,
    status: Status,
    /// The pending operation, or the last one of an actor that has none.
    operation: Option<Operation>,
    /// The place of the pending operation's object.
    object: usize,
    /// How many objects it created.
    created: u32,
    /// How many rounds of `forever` it has begun.
    rounds: u32,
    /// How many steps it took, for each object and label.
    counts: Vec<(usize, &'static str, u32)>,
}

impl Actor {
    fn count(&self, object: usize, label: &'static str) -> u32 {
        let entry = self
            .counts
            .iter()
            .find(|entry| entry.0 == object && entry.1 == label);
        entry.map_or(0, |entry| entry.2)
    }

    fn add_count(&mut self, object: usize, label: &'static str) {
        match self
            .counts
            .iter_mut()
            .find(|entry| entry.0 == object && entry.1 == label)
        {
            Some(entry) => entry.2 += 1,
            None => self.counts.push((object, label, 1)),
        }
    }

    fn fault(&self, kind: FaultKind) -> Box<Fault> {
        Box::new(Fault {
            actor: Arc::clone(&self.info.name),
            operation: self.operation,
            kind,
        })
    }
}

/// One execution under way.
pub(crate) struct Engine {
    config: Config,
    // Before the objects, so that destructors of unwinding actors still find them.
    actors: Vec<Actor>,
    objects: Vec<Arc<dyn Object>>,
    ids: Vec<ObjectId>,
    previous: Option<ActorId>,
    steps: usize,
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
        };
        engine.collect(None);
        let mut started = Ok(());
        for NewActor { info, body } in actors {
            let id = info.id;
            engine.actors.push(Actor {
                info,
                task: None,
                status: Status::Awake,
                operation: None,
                object: 0,
                created: 0,
                rounds: 0,
                counts: Vec::new(),
            });
            let (task, advance) = Task::start(pool, body);
            engine.actors[id.index()].task = Some(task);
            started = engine.settle(id, advance);
            if started.is_err() {
                break;
            }
        }
        (engine, started)
    }

    /// The actors that can go on, in order of spawning.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let awake = self
            .actors
            .iter()
            .filter(|actor| actor.status == Status::Awake);
        awake
            .filter_map(|actor| {
                actor.operation.map(|operation| Offer {
                    actor: actor.info.id,
                    name: Arc::clone(&actor.info.name),
                    operation,
                    rounds: actor.rounds,
                })
            })
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

    /// Takes the pending step of `id`, which is one of the actors in `enabled`.
    ///
    /// A fault in the section means the step did not happen; one after it accompanies the step.
    pub(crate) fn step(
        &mut self,
        id: ActorId,
        enabled: Vec<Offer>,
    ) -> (Option<Step>, Result<(), Box<Fault>>) {
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
        let result = match self.perform(id, operation) {
            Ok(result) => result,
            Err(kind) => return (None, Err(self.actors[id.index()].fault(kind))),
        };
        let values = before.map(|before| Values {
            before: format!("{before:?}"),
            after: format!("{:?}", self.objects[object].snapshot()),
            result: result.as_ref().map(|result| format!("{result:?}")),
        });

        self.steps += 1;
        self.actors[id.index()].add_count(object, operation.label);
        let woken = if operation.kind == OperationKind::Update && result.is_some() {
            self.wake(object)
        } else {
            Vec::new()
        };
        let previous = self.previous.replace(id);
        let step = Step {
            number: self.steps,
            actor: id,
            name,
            operation,
            effect: if result.is_some() {
                Effect::Done
            } else {
                Effect::Asleep
            },
            woken,
            preemption: previous != Some(id)
                && enabled.iter().any(|offer| Some(offer.actor) == previous),
            word: self.word_access(operation.kind, object, result.as_deref()),
            values,
            enabled,
        };
        let settled = match result {
            Some(result) => self.go_on(id, result),
            None => {
                self.fall_asleep(id);
                Ok(())
            }
        };
        (Some(step), settled)
    }

    /// Calls the pending section of `id` on `state`, which it changes, and changes nothing else.
    ///
    /// `None` is an actor that would fall asleep.
    pub(crate) fn try_out(
        &self,
        id: ActorId,
        state: &mut dyn Value,
    ) -> Result<Option<Box<dyn Value>>, FaultKind> {
        let actor = &self.actors[id.index()];
        let (Some(task), Some(operation)) = (&actor.task, &actor.operation) else {
            panic!("the scheduler is at fault: it tried out an actor that has finished");
        };
        match operation.kind {
            OperationKind::Sleep => return Ok(None),
            OperationKind::Wake => return Ok(Some(Box::new(()))),
            _ => {}
        }
        let site = Site {
            label: operation.label,
            location: operation.location,
        };
        let _mode = context::enter(Mode::Section(site));
        catch_unwind(AssertUnwindSafe(|| task.apply(state))).map_err(panic::fault_of)
    }

    /// Every object, in order of creation.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (ObjectId, &dyn Object)> {
        self.ids
            .iter()
            .copied()
            .zip(self.objects.iter().map(|object| &**object))
    }

    /// The effect of the pending operation of `id` on its object; `None` if the actor falls asleep.
    fn perform(
        &self,
        id: ActorId,
        operation: Operation,
    ) -> Result<Option<Box<dyn Value>>, FaultKind> {
        let object = &self.objects[self.actors[id.index()].object];
        if self.config.check_sections_twice {
            self.check_stability(id, &**object)?;
        }
        let is_wait = operation.kind == OperationKind::Wait;
        let before = (is_wait && self.config.check_waits).then(|| object.snapshot());
        let mut result = Ok(None);
        object.with_state(&mut |state| result = self.try_out(id, state));
        let result = result?;
        if let (None, Some(before)) = (&result, before) {
            let after = object.snapshot();
            if !after.equals(&*before) {
                return Err(FaultKind::MutatingWait {
                    before: format!("{before:?}"),
                    after: format!("{after:?}"),
                });
            }
        }
        Ok(result)
    }

    /// Calls the pending section on two clones of the state and compares.
    fn check_stability(&self, id: ActorId, object: &dyn Object) -> Result<(), FaultKind> {
        let (mut state, mut other_state) = (object.snapshot(), object.snapshot());
        let result = self.try_out(id, &mut *state)?;
        let other_result = self.try_out(id, &mut *other_state)?;
        let results_agree = match (&result, &other_result) {
            (Some(one), Some(other)) => one.equals(&**other),
            (None, None) => true,
            _ => false,
        };
        if results_agree && state.equals(&*other_state) {
            return Ok(());
        }
        let render = |result: Option<Box<dyn Value>>, state: Box<dyn Value>| match result {
            Some(result) => format!("{result:?} leaving {state:?}"),
            None => format!("nothing, leaving {state:?}"),
        };
        Err(FaultKind::UnstableSection {
            first: render(result, state),
            second: render(other_result, other_state),
        })
    }

    /// Wakes every actor asleep on `object`.
    fn wake(&mut self, object: usize) -> Vec<ActorId> {
        let mut woken = Vec::new();
        for actor in &mut self.actors {
            if actor.status == Status::Asleep && actor.object == object {
                actor.status = Status::Awake;
                if let Some(operation) = &mut actor.operation
                    && operation.kind == OperationKind::Sleep
                {
                    operation.kind = OperationKind::Wake;
                }
                woken.push(actor.info.id);
            }
        }
        woken
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
        let rounds = context::collect(&mut self.objects);
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
        rounds
    }

    /// What a step on a word, which has just been performed, read and wrote.
    fn word_access(
        &self,
        kind: OperationKind,
        object: usize,
        result: Option<&dyn Value>,
    ) -> Option<WordAccess> {
        let result = result?;
        let now = || self.objects[object].snapshot();
        match kind {
            OperationKind::Load => Some(WordAccess {
                read: peek_as::<u64>(result).copied(),
                written: None,
            }),
            OperationKind::Store => Some(WordAccess {
                read: None,
                written: peek_as::<u64>(&*now()).copied(),
            }),
            OperationKind::CompareExchange => match peek_as::<Result<u64, u64>>(result)? {
                Ok(read) => Some(WordAccess {
                    read: Some(*read),
                    written: peek_as::<u64>(&*now()).copied(),
                }),
                Err(read) => Some(WordAccess {
                    read: Some(*read),
                    written: None,
                }),
            },
            _ => None,
        }
    }
}

/// A call as an operation, not yet counted.
fn operation(call: &Call, object: ObjectId) -> Operation {
    Operation {
        kind: call.kind,
        object,
        object_name: call.object_name,
        label: call.label,
        location: call.location,
        nth: 0,
        order: call.order,
    }
}
