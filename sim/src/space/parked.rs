//! The parked actors: for each local state one coroutine, suspended inside its pending section.
//!
//! A section is `Fn`, so it is called on as many clones of a state as one likes without being resumed. Only a
//! result that was not observed before in a local state makes a new coroutine: a fresh one, taken from another
//! run of the program's start, which is fed the recorded results. So a transition costs a clone, a call and
//! a lookup, and the program runs only as often as there are local states.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::Search;
use super::local::{Arrival, Kin, LocalId, Locals};
use super::next::{Next, describe, same};
use super::prints::Sample;
use crate::context;
use crate::coroutine::{Advance, Call, StackPool, Task};
use crate::engine::outcome;
use crate::execution::Site;
use crate::fault::{Fault, FaultKind};
use crate::mark::{Body, Mark};
use crate::object::Object;
use crate::orders::WordOrders;
use crate::panic;
use crate::program::{Actors, Program};
use crate::step::{ActorId, ActorInfo};
use crate::value::{Value, Yielded};

/// How many coroutines are parked at most. Each takes a stack; what is let go is made anew when needed.
const MOST_PARKED: usize = 8_192;

/// The objects of one run of the program's start.
type Set = Rc<Vec<Arc<dyn Object>>>;

/// So many of the values are kept on which a section was called.
const MOST_VALUES: usize = 6;

/// A coroutine and the objects it works on.
pub(super) struct Worker {
    task: Task,
    set: Set,
}

/// An actor that has not begun, and the objects it will work on.
type Unbegun = (Box<dyn FnOnce()>, Set);

/// The coroutines of a search.
pub(crate) struct ParkedCoroutines<'p, P: ?Sized> {
    program: &'p P,
    pool: Rc<StackPool>,
    pub(crate) actors: Vec<ActorInfo>,
    /// Names of the objects, in order of creation.
    pub(crate) objects: Vec<&'static str>,
    unbegun: Vec<VecDeque<Unbegun>>,
    /// By local state.
    parked: Vec<Option<Worker>>,
    parked_count: usize,
    next: Vec<Option<Next>>,
    /// What was next in a local state, for all that an exchange takes it into.
    kin: BTreeMap<Kin, Next>,
    made: u64,
    /// Those of the steps that were taken.
    pub(crate) orders: WordOrders,
    marks: Vec<Mark>,
    fresh: Vec<Arc<dyn Object>>,
    /// The first values on which the section was called that is pending in a local state.
    values: Vec<Vec<Arc<dyn Value>>>,
    /// Which of the calls of sections are looked at for whether they change the original of what they are given.
    pub(super) sample: Sample,
}

/// So many calls of sections are first looked at before a share of the others is.
const FIRST_GUARDED: u64 = 200;

impl<'p, P: Program + ?Sized> ParkedCoroutines<'p, P> {
    /// The coroutines of `program` at its beginning: the watch, the objects' values and the local states.
    pub(crate) fn begin(
        program: &'p P,
        search: &Search,
        locals: &mut Locals,
    ) -> Result<Beginning<'p, P>, Box<Fault>> {
        let mut coroutines = Self {
            program,
            pool: Rc::new(StackPool::new(search.stack_size)),
            actors: Vec::new(),
            objects: Vec::new(),
            unbegun: Vec::new(),
            parked: Vec::new(),
            parked_count: 0,
            next: Vec::new(),
            kin: BTreeMap::new(),
            made: 0,
            orders: WordOrders::default(),
            marks: Vec::new(),
            fresh: Vec::new(),
            values: Vec::new(),
            sample: Sample::of(search, 4, FIRST_GUARDED),
        };
        let (watch, set) = coroutines.start();
        coroutines.objects = set.iter().map(|object| object.name()).collect();
        let values = set.iter().map(|object| object.snapshot().into()).collect();
        let mut roots = Vec::new();
        for place in 0..coroutines.actors.len() {
            roots.push(coroutines.take_first(place, locals)?);
        }
        Ok(Beginning {
            coroutines,
            watch,
            values,
            roots,
        })
    }

    /// The stacks.
    pub(crate) fn pool(&self) -> &Rc<StackPool> {
        &self.pool
    }

    /// How many coroutines were made.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    /// What the actor does in local state `id`.
    pub(crate) fn next(&self, id: LocalId) -> Next {
        self.next[id.index()].expect("the tool is at fault: a local state nobody has been in")
    }

    /// Calls the pending section of `id` on `state`; `None` if it yields nothing.
    pub(crate) fn call(
        &mut self,
        locals: &Locals,
        id: LocalId,
        state: &mut dyn Value,
    ) -> Result<Option<Yielded>, Box<Fault>> {
        let Next::Operation(call) = self.next(id) else {
            unreachable!("the tool is at fault: an actor at its end was asked to go on");
        };
        self.park(locals, id)?;
        let worker = self.parked[id.index()]
            .as_ref()
            .expect("it was just parked");
        let site = Site {
            label: call.label,
            location: call.location,
        };
        let called = panic::call_section(site, || worker.task.apply(state));
        called.map_err(|kind| self.fault(locals.actor(id), Some(call), kind))
    }

    /// Where `result` leads from local state `from`.
    pub(crate) fn follow(
        &mut self,
        locals: &mut Locals,
        from: LocalId,
        result: &dyn Value,
    ) -> Result<LocalId, Box<Fault>> {
        let known = locals.find(from, result);
        let known =
            known.map_err(|kind| self.fault(locals.actor(from), self.call_of(from), kind))?;
        if let Some(to) = known {
            return Ok(to);
        }
        self.park(locals, from)?;
        let mut worker = self.parked[from.index()]
            .take()
            .expect("it was just parked");
        self.parked_count -= 1;
        let actor = locals.actor(from);
        let next = self.feed(actor, &mut worker, result, self.call_of(from))?;
        let arrival = locals
            .learn(from, result, &self.marks)
            .map_err(|kind| self.fault(actor, self.call_of(from), kind))?;
        self.note(locals, arrival, next, Some(worker))?;
        Ok(arrival.id)
    }

    /// A fault of `actor`.
    pub(crate) fn fault(&self, actor: ActorId, call: Option<Call>, kind: FaultKind) -> Box<Fault> {
        let name = Arc::clone(&self.actors[actor.index()].name);
        Box::new(Fault::new(name, call.as_ref().map(Call::operation), kind))
    }

    pub(crate) fn call_of(&self, id: LocalId) -> Option<Call> {
        match self.next.get(id.index()) {
            Some(Some(Next::Operation(call))) => Some(*call),
            _ => None,
        }
    }

    /// Runs the program's start once more.
    fn start(&mut self) -> (P::Watch, Set) {
        let mut new_actors = Vec::new();
        let watch = {
            let _start = context::begin_set();
            self.program.start(&mut Actors::new(&mut new_actors))
        };
        let mut objects = Vec::new();
        context::collect(&mut objects, &mut self.marks);
        let set = Rc::new(objects);
        if self.actors.is_empty() {
            self.actors = new_actors.iter().map(|actor| actor.info.clone()).collect();
            self.unbegun.resize_with(new_actors.len(), VecDeque::new);
        }
        for (place, actor) in new_actors.into_iter().enumerate() {
            self.unbegun[place].push_back((actor.body, Rc::clone(&set)));
        }
        (watch, set)
    }

    /// Begins an actor for the first time.
    fn take_first(&mut self, place: usize, locals: &mut Locals) -> Result<LocalId, Box<Fault>> {
        let actor = self.actors[place].id;
        let (worker, next) = self.enter(actor)?;
        let root = locals.root(actor, &self.marks);
        self.note(locals, Arrival::by_the_way(root), next, Some(worker))?;
        Ok(root)
    }

    /// A new coroutine of `actor`, run to its first operation.
    fn enter(&mut self, actor: ActorId) -> Result<(Worker, Next), Box<Fault>> {
        if self.unbegun[actor.index()].is_empty() {
            drop(self.start());
        }
        let (body, set) = self.unbegun[actor.index()]
            .pop_front()
            .expect("every start of a program spawns the same actors");
        self.made += 1;
        let (task, advance) = Task::start(&self.pool, body);
        let worker = Worker { task, set };
        let next = self.settle(actor, &worker, advance, None)?;
        Ok((worker, next))
    }

    /// Gives a worker its pending result.
    fn feed(
        &mut self,
        actor: ActorId,
        worker: &mut Worker,
        result: &dyn Value,
        pending: Option<Call>,
    ) -> Result<Next, Box<Fault>> {
        let advance = worker.task.feed(result.boxed_clone());
        self.settle(actor, worker, advance, pending)
    }

    /// Takes note of where a worker stopped; its marks are in `self.marks`.
    fn settle(
        &mut self,
        actor: ActorId,
        worker: &Worker,
        advance: Advance,
        last: Option<Call>,
    ) -> Result<Next, Box<Fault>> {
        self.fresh.clear();
        context::collect(&mut self.fresh, &mut self.marks);
        if let Some(object) = self.fresh.first() {
            let kind = FaultKind::LateObject(object.name());
            return Err(self.fault(actor, last, kind));
        }
        match advance {
            Advance::Finished => Ok(Next::Finished),
            Advance::Panicked(payload) => Err(self.fault(actor, last, panic::fault_of(payload))),
            Advance::Parked(call) => {
                let own = worker.set.get(call.object);
                if own.is_none_or(|object| object.address() != call.object_address) {
                    return Err(self.fault(actor, Some(call), FaultKind::ForeignObject));
                }
                Ok(Next::Operation(call))
            }
        }
    }

    /// Takes note of what is done in `id`, which must be what was done there before.
    fn note(
        &mut self,
        locals: &Locals,
        Arrival { id, forgot }: Arrival,
        next: Next,
        worker: Option<Worker>,
    ) -> Result<(), Box<Fault>> {
        if self.next.len() < locals.len() {
            self.next.resize_with(locals.len(), || None);
            self.parked.resize_with(locals.len(), || None);
        }
        match self.next[id.index()] {
            None => {
                self.next[id.index()] = Some(next);
                self.compare_with_kin(locals, id, next)?;
            }
            Some(known) if same(&known, &next) => {}
            Some(known) => {
                let kind = differs(forgot, describe(&known), describe(&next));
                return Err(self.fault(locals.actor(id), None, kind));
            }
        }
        // A coroutine with another past is none to compare others with.
        let is_first_way = forgot.is_none() && matches!(next, Next::Operation(_));
        let needed = is_first_way && self.parked[id.index()].is_none();
        if let Some(worker) = worker.filter(|_| needed) {
            if self.parked_count >= MOST_PARKED {
                self.parked.fill_with(|| None);
                self.parked_count = 0;
            }
            self.parked[id.index()] = Some(worker);
            self.parked_count += 1;
        }
        Ok(())
    }

    /// Actors of one class that have observed the same must do the same next.
    fn compare_with_kin(
        &mut self,
        locals: &Locals,
        id: LocalId,
        next: Next,
    ) -> Result<(), Box<Fault>> {
        let actor = locals.actor(id);
        let info = &self.actors[actor.index()];
        let class = self
            .actors
            .iter()
            .position(|other| other.class == info.class);
        let class = u32::try_from(class.unwrap_or(actor.index())).expect("fewer than 2^32 actors");
        let Some(kin) = locals.kin(id, class) else {
            return Ok(());
        };
        let known = self.kin.entry(kin).or_insert(next);
        if same(known, &next) {
            return Ok(());
        }
        let kind = FaultKind::Asymmetric {
            kept: format!("{} by an actor of class `{}`", describe(known), info.class),
            merged: format!("{} by {}, another one", describe(&next), info.name),
        };
        Err(self.fault(actor, None, kind))
    }

    /// Another coroutine, at this beginning of its actor, which is not kept.
    pub(super) fn another(
        &mut self,
        locals: &Locals,
        beginning: LocalId,
    ) -> Result<Worker, Box<Fault>> {
        let (worker, next) = self.enter(locals.actor(beginning))?;
        self.note(locals, Arrival::by_the_way(beginning), next, None)?;
        Ok(worker)
    }

    /// Gives another coroutine, which is in `from`, its result. In `to` it must be about to do what is done there,
    /// although it has forgotten something.
    pub(super) fn feed_another(
        &mut self,
        other: &mut Worker,
        from: LocalId,
        result: &dyn Value,
        (to, actor): (LocalId, ActorId),
        forgot: Option<Body>,
    ) -> Result<(), Box<Fault>> {
        let pending = self.call_of(from);
        let known = self.next(to);
        let found = match self.feed(actor, other, result, pending) {
            Ok(next) if same(&known, &next) => return Ok(()),
            Ok(next) => describe(&next),
            Err(fault) if forgot.is_some() => fault.kind.to_string(),
            Err(fault) => return Err(fault),
        };
        let kind = differs(forgot, describe(&known), found);
        Err(self.fault(actor, pending, kind))
    }

    /// Calls the sections that are pending in `id` of the parked coroutine and of another one, which has forgotten
    /// something, on at most so many of the values that are kept: they must return and leave the same.
    pub(super) fn compare_sections(
        &mut self,
        locals: &Locals,
        id: LocalId,
        other: &Worker,
        forgot: Body,
        most: usize,
    ) -> Result<(), Box<Fault>> {
        let call = self.call_of(id);
        let actor = locals.actor(id);
        let values = self.values.get(id.index()).cloned().unwrap_or_default();
        for value in values.iter().take(most) {
            let mut left = value.boxed_clone();
            let returned = self.call(locals, id, &mut *left)?;
            let expected = outcome(returned.as_ref(), &*left);
            let mut other_left = value.boxed_clone();
            let site = call.as_ref().map(|call| Site {
                label: call.label,
                location: call.location,
            });
            let site = site.expect("who is in a section has a call");
            let called = panic::call_section(site, || other.task.apply(&mut *other_left));
            let found = match &called {
                Ok(other_returned) => {
                    let returned_alike = Yielded::agree(returned.as_ref(), other_returned.as_ref());
                    if returned_alike && left.equals(&*other_left) {
                        continue;
                    }
                    outcome(other_returned.as_ref(), &*other_left)
                }
                Err(kind) => kind.to_string(),
            };
            let kind = differs(Some(forgot), expected, found);
            return Err(self.fault(actor, call, kind));
        }
        Ok(())
    }

    /// Keeps a value on which the section that is pending in `id` is called, if it is one of the first.
    pub(super) fn keep_value(&mut self, id: LocalId, value: &Arc<dyn Value>) {
        if self.values.len() <= id.index() {
            self.values.resize_with(id.index() + 1, Vec::new);
        }
        let kept = &mut self.values[id.index()];
        if kept.len() < MOST_VALUES && kept.last().is_none_or(|last| !Arc::ptr_eq(last, value)) {
            kept.push(Arc::clone(value));
        }
    }

    /// Sees to it that a coroutine is parked in `id`.
    fn park(&mut self, locals: &Locals, id: LocalId) -> Result<(), Box<Fault>> {
        if self.parked[id.index()].is_some() {
            return Ok(());
        }
        let actor = locals.actor(id);
        let (mut worker, mut last) = self.enter(actor)?;
        let mut at = locals.beginning(id);
        self.note(locals, Arrival::by_the_way(at), last, None)?;
        for (to, result) in locals.results(id) {
            last = self.feed(actor, &mut worker, result, self.call_of(at))?;
            self.note(locals, Arrival::by_the_way(to), last, None)?;
            at = to;
        }
        self.note(locals, Arrival::by_the_way(id), last, Some(worker))
    }
}

/// The fault of an actor that goes on differently although it has learned the same, or has forgotten what was different.
pub(super) fn differs(forgot: Option<Body>, expected: String, found: String) -> FaultKind {
    match forgot {
        None => FaultKind::Unrepeatable { expected, found },
        Some(body) => FaultKind::Remembered {
            body,
            expected,
            found,
        },
    }
}

/// What a search begins with.
pub(crate) struct Beginning<'p, P: Program + ?Sized> {
    pub(crate) coroutines: ParkedCoroutines<'p, P>,
    pub(crate) watch: P::Watch,
    pub(crate) values: Vec<Arc<dyn Value>>,
    pub(crate) roots: Vec<LocalId>,
}
