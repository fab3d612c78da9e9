//! One step after the other: whose turn it is, what it does, and whom it wakes.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use logon_core::primitives::Wake;

use super::actors::{Actor, Status};
use super::waiters::Waiters;
use super::{HoldUp, Key, Stepped, Timed, Waits};
use crate::context;
use crate::coroutine::Advance;
use crate::execution::Site;
use crate::fault::{Fault, FaultKind};
use crate::panic;
use crate::step::OperationKind;
use crate::value::Yielded;

/// What the engine draws.
const NEXT: u64 = 1 << 32;
const IS_HELD_UP: u64 = NEXT + 1;
const FOR_HOW_LONG: u64 = NEXT + 2;

impl Timed {
    /// Takes the next step, if anybody can go on. `whom` is called after the section, and adds the keys of those whose
    /// wait it may have ended.
    ///
    /// # Errors
    ///
    /// A panic, or a rule that was broken.
    pub fn step(
        &mut self,
        whom: impl FnOnce(&mut Vec<Key>),
    ) -> Result<Option<Stepped>, Box<Fault>> {
        match self.ready.pop() {
            Some(place) => self.take(place, whom).map(Some),
            None => Ok(None),
        }
    }

    /// As [`Timed::step`], by the actor that `choose` picks of those who can go on: of its keys and labels it gives the
    /// place. `None` if it picks none, or nobody can go on.
    ///
    /// # Errors
    ///
    /// A panic, or a rule that was broken.
    pub fn step_of(
        &mut self,
        choose: impl FnOnce(&[(Key, &'static str)]) -> Option<usize>,
        whom: impl FnOnce(&mut Vec<Key>),
    ) -> Result<Option<Stepped>, Box<Fault>> {
        let places = self.ready.places();
        let offers = places.iter().map(|&place| {
            let actor = &self.actors[place as usize];
            (actor.key, actor.pending().label)
        });
        let offers: Vec<_> = offers.collect();
        match choose(&offers) {
            Some(chosen) => {
                self.ready.remove(places[chosen]);
                self.take(places[chosen], whom).map(Some)
            }
            None => Ok(None),
        }
    }

    fn take(
        &mut self,
        place: u32,
        whom: impl FnOnce(&mut Vec<Key>),
    ) -> Result<Stepped, Box<Fault>> {
        self.steps += 1;
        let actor = &self.actors[place as usize];
        let call = actor.pending();
        let mut stepped = Stepped {
            key: actor.key,
            kind: call.kind,
            object: call.object_name,
            label: call.label,
            location: call.location,
            fell_asleep: false,
            was_late: false,
        };
        let object = call.object;
        let yielded = match call.kind {
            OperationKind::Sleep => self.sleep(place, object),
            _ => self.perform(place)?,
        };
        let Some(yielded) = yielded else {
            self.actors[place as usize].status = Status::Asleep;
            stepped.fell_asleep = true;
            return Ok(stepped);
        };
        if stepped.kind.is_wait() {
            let waits = self.actors[place as usize].waits;
            stepped.was_late = self.waiters[object].goes_on(stepped.key, waits);
        }
        self.wake_others(place, object, yielded.wake, whom);
        let task = self.actors[place as usize].task.as_mut();
        let advance = task.expect("it is awake").feed(yielded.result);
        self.settle(place, advance)?;
        Ok(stepped)
    }

    /// Falls asleep, or goes on if it was woken. Whoever pauses has slept since it came there.
    fn sleep(&mut self, place: u32, object: usize) -> Option<Yielded> {
        let actor = &mut self.actors[place as usize];
        let is_over = std::mem::replace(&mut actor.has_slept, false);
        if is_over || self.is_gate(object) {
            return Some(Yielded::quietly(()));
        }
        self.actors[place as usize].has_slept = true;
        self.waiters[object].add_sleeper(place);
        None
    }

    /// Calls the pending section; an actor to which it yields nothing is put with those who wait.
    fn perform(&mut self, place: u32) -> Result<Option<Yielded>, Box<Fault>> {
        let actor = &self.actors[place as usize];
        let call = actor.pending();
        let site = Site {
            label: call.label,
            location: call.location,
        };
        let (task, object) = (
            actor.task.as_ref().expect("it is awake"),
            &self.objects[call.object],
        );
        let yielded = Cell::new(None);
        let performed = panic::call_section(site, || {
            object.with_state(&mut |state| yielded.set(task.apply(state)));
        });
        performed.map_err(|kind| actor.fault(self.name, kind))?;
        let yielded = yielded.take();
        if yielded.is_none() {
            self.waiters[call.object].add(place, actor.key, actor.waits, call.condition);
        }
        Ok(yielded)
    }

    fn wake_others(
        &mut self,
        by: u32,
        object: usize,
        wake: Wake,
        whom: impl FnOnce(&mut Vec<Key>),
    ) {
        let actor = &self.actors[by as usize];
        let (waits, kind) = (actor.waits, actor.pending().kind);
        let waiters = &mut self.waiters[object];
        let (keys, woken) = (&mut self.told, &mut self.woken);
        keys.clear();
        whom(keys);
        if wake != Wake::Everybody {
            waiters.not_woken(keys);
        }
        match wake {
            Wake::Everybody => waiters.updated(keys, woken),
            Wake::All(condition) => waiters.signalled(condition, usize::MAX, woken),
            Wake::One(condition) => waiters.signalled(condition, 1, woken),
            Wake::Nobody if kind.is_wait() && waits == Waits::Alike => waiters.next(by, woken),
            Wake::Nobody => {}
        }
        while let Some(place) = self.woken.pop() {
            self.let_go_on(place);
        }
    }

    /// An actor that was asleep or held up can go on.
    pub(super) fn let_go_on(&mut self, place: u32) {
        let actor = &mut self.actors[place as usize];
        actor.status = Status::Ready;
        let (stream, index) = actor.draw(NEXT);
        let number = self.draws.number(stream, index);
        self.ready.push(number, place);
    }

    /// Takes note of where an actor stopped.
    pub(super) fn settle(&mut self, place: u32, advance: Advance) -> Result<(), Box<Fault>> {
        if let Advance::Parked(call) = &advance
            && call.object >= self.objects.len()
        {
            self.collect();
        }
        let actor = &mut self.actors[place as usize];
        match advance {
            Advance::Parked(call) => {
                let own = self.objects.get(call.object);
                if own.is_none_or(|object| object.address() != call.object_address) {
                    return Err(actor.fault(self.name, FaultKind::ForeignObject));
                }
                let is_weaker = |order| order != Ordering::SeqCst;
                self.uses_weaker_orders |= call.order.is_some_and(is_weaker);
                actor.operations += 1;
                actor.call = Some(call);
                let key = actor.key;
                let (is_held_up, how_long) = (actor.draw(IS_HELD_UP), actor.draw(FOR_HOW_LONG));
                if call.kind == OperationKind::Sleep && self.is_gate(call.object) {
                    let other = self.pauses.insert(key, place);
                    assert!(
                        other.is_none(),
                        "{key:?} pauses twice: the caller is at fault"
                    );
                    self.actors[place as usize].status = Status::Asleep;
                    return Ok(());
                }
                if let Some(HoldUp { one_in, up_to }) = self.hold_up
                    && self.draws.below(is_held_up.0, is_held_up.1, one_in.into()) == 0
                {
                    let length = 1 + self.draws.below(how_long.0, how_long.1, up_to);
                    self.actors[place as usize].status = Status::Held;
                    self.hold_ups += 1;
                    self.held.add(self.now + length, place);
                    return Ok(());
                }
                self.let_go_on(place);
                Ok(())
            }
            Advance::Finished => {
                *actor = Actor::default();
                self.free.push(place);
                self.alive -= 1;
                Ok(())
            }
            Advance::Panicked(payload) => {
                actor.task = None;
                Err(actor.fault(self.name, panic::fault_of(payload)))
            }
        }
    }

    fn is_gate(&self, object: usize) -> bool {
        let gate = self.gate.as_ref();
        gate.is_some_and(|gate| gate.place() == object)
    }

    /// Takes over the objects that were created, and lets go of the marks.
    pub(super) fn collect(&mut self) {
        context::collect(&mut self.objects, &mut Vec::new());
        self.waiters
            .resize_with(self.objects.len(), Waiters::default);
    }
}
