//! Steps between states: who can go on, and where a step leads.

use std::sync::Arc;

use logon_core::primitives::Wake;

use super::local::Locals;
use super::next::Next;
use super::parked::ParkedCoroutines;
use super::prints;
use super::state::{Local, State, Status};
use crate::coroutine::Call;
use crate::engine::outcome;
use crate::fault::{Fault, FaultKind};
use crate::program::Program;
use crate::step::{ActorId, Operation, OperationKind, Turn};
use crate::value::{Value, Yielded, shown};

/// Which checks each step makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checks {
    /// Every section is called on two clones, which must agree.
    pub(crate) twice: bool,
    /// A `wait_for` that yields nothing must have changed nothing.
    pub(crate) waits: bool,
    /// A fault planted to show that a test would see it; see [`super::Planted`].
    pub(crate) planted: Option<super::Planted>,
}

impl<'p, P: Program + ?Sized> ParkedCoroutines<'p, P> {
    /// The places of the actors that can go on in `state`, in order of spawning: of those of idle priority only if nobody
    /// else can.
    fn places<'s>(&'s self, state: &'s State) -> impl Iterator<Item = usize> + use<'s, 'p, P> {
        let ready = (0..state.actors.len()).filter(|&place| {
            let local = state.actors[place];
            local.status != Status::Asleep && matches!(self.next(local.id), Next::Operation(_))
        });
        let only_idle = !ready.clone().any(|place| !self.actors[place].is_idle);
        ready.filter(move |&place| self.actors[place].is_idle == only_idle)
    }

    /// The state after an actor that can go on takes its step in `state` in one of its ways, and how many those are.
    ///
    /// An actor that panics after its section has returned does so whomever that wakes: this is one way then.
    pub(crate) fn step(
        &mut self,
        locals: &mut Locals,
        state: &State,
        turn: Turn,
        checks: Checks,
    ) -> (Result<State, Box<Fault>>, u32) {
        let local = state.actors[turn.actor.index()];
        let Next::Operation(call) = self.next(local.id) else {
            unreachable!("the tool is at fault: it let an actor step that cannot go on");
        };
        let mut ways = call.values;
        let after = self.take(locals, state, (turn, &call), checks, &mut ways);
        (after, ways)
    }

    fn take(
        &mut self,
        locals: &mut Locals,
        state: &State,
        (turn, call): (Turn, &Call),
        checks: Checks,
        ways: &mut u32,
    ) -> Result<State, Box<Fault>> {
        let place = turn.actor.index();
        let local = state.actors[place];
        if let Some(order) = call.order {
            self.orders.note(order);
        }
        let mut after = state.clone();
        let yielded = match (call.kind, local.status) {
            (OperationKind::Sleep, Status::Woken) => Some(Yielded::quietly(())),
            (OperationKind::Sleep, _) => None,
            (OperationKind::Choose, _) => Some(Yielded::quietly(turn.way)),
            _ => {
                let (yielded, value) = self.section(locals, state, local, call, checks)?;
                if let Some(value) = value {
                    after.objects[call.object] = value;
                }
                yielded
            }
        };
        match yielded {
            None => after.actors[place].status = Status::Asleep,
            Some(Yielded { result, wake }) => {
                after.actors[place] = Local {
                    id: self.follow(locals, local.id, &*result)?,
                    status: Status::Awake,
                };
                if wake != Wake::Nobody {
                    *ways = self.wake(&mut after, call.object, (wake, turn.way), checks);
                }
            }
        }
        Ok(after)
    }

    /// Calls the pending section on a clone of its object: the result, and the new value if it was changed.
    #[expect(
        clippy::type_complexity,
        reason = "a result and a value, each of which may be absent"
    )]
    fn section(
        &mut self,
        locals: &Locals,
        state: &State,
        local: Local,
        call: &Call,
        checks: Checks,
    ) -> Result<(Option<Yielded>, Option<Arc<dyn Value>>), Box<Fault>> {
        let before = &state.objects[call.object];
        if locals.is_forgetful(locals.actor(local.id)) {
            self.keep_value(local.id, before);
        }
        let printed = self
            .sample
            .takes_next()
            .then(|| prints::print_of(&**before));
        let mut value = before.boxed_clone();
        let result = self.call(locals, local.id, &mut *value)?;
        if printed.is_some_and(|printed| printed != prints::print_of(&**before)) {
            let kind = FaultKind::SharedClone {
                type_name: before.type_name(),
                now: prints::told_apart(&**before, &**before).0,
            };
            return Err(self.fault(locals.actor(local.id), Some(*call), kind));
        }
        if checks.twice {
            let mut other = before.boxed_clone();
            let again = self.call(locals, local.id, &mut *other)?;
            let agree = Yielded::agree(result.as_ref(), again.as_ref());
            if !agree || !value.equals(&*other) {
                let kind = FaultKind::UnstableSection {
                    first: outcome(result.as_ref(), &*value),
                    second: outcome(again.as_ref(), &*other),
                };
                return Err(self.fault(locals.actor(local.id), Some(*call), kind));
            }
        }
        if result.is_some() {
            return Ok((result, Some(value.into())));
        }
        if checks.waits && !value.equals(&**before) {
            let kind = FaultKind::MutatingWait {
                before: shown(&**before),
                after: shown(&*value),
            };
            return Err(self.fault(locals.actor(local.id), Some(*call), kind));
        }
        // Kept, so that with the check switched off a wait that changes things does so here as well.
        Ok((None, (!checks.waits).then(|| value.into())))
    }

    /// Wakes whom a section on the object at `object` is to wake, in one of the ways there are; how many those are.
    fn wake(
        &self,
        state: &mut State,
        object: usize,
        (wake, way): (Wake, u32),
        checks: Checks,
    ) -> u32 {
        if checks.planted == Some(super::Planted::ForgottenWake) {
            return 1;
        }
        let mut asleep_on_it = 0;
        for local in &mut state.actors {
            let Next::Operation(call) = self.next(local.id) else {
                continue;
            };
            if local.status != Status::Asleep || call.object != object {
                continue;
            }
            let is_woken = match wake {
                Wake::Nobody => false,
                Wake::Everybody => true,
                Wake::All(condition) => call.condition == Some(condition),
                Wake::One(condition) => {
                    let may_be = call.condition == Some(condition);
                    asleep_on_it += u32::from(may_be);
                    may_be && asleep_on_it == way + 1
                }
            };
            if is_woken {
                local.status = match call.kind {
                    OperationKind::Sleep => Status::Woken,
                    _ => Status::Awake,
                };
            }
        }
        asleep_on_it.max(1)
    }

    /// Whether nobody can go on in `state`.
    pub(crate) fn is_at_rest(&self, state: &State) -> bool {
        self.places(state).next().is_none()
    }

    /// What the actors that can go on in `state` would do.
    pub(crate) fn offers(&self, state: &State) -> Vec<(ActorId, Operation)> {
        let offer = |place: usize| match self.next(state.actors[place].id) {
            Next::Operation(call) => {
                let mut pending = call.operation();
                if state.actors[place].status == Status::Woken {
                    pending.kind = OperationKind::Wake;
                }
                Some((self.actors[place].id, pending))
            }
            Next::Finished => None,
        };
        self.places(state).filter_map(offer).collect()
    }

    /// The actors that can go on in `state`.
    pub(crate) fn enabled(&self, state: &State) -> Vec<ActorId> {
        let places = self.places(state);
        places.map(|place| self.actors[place].id).collect()
    }
}
