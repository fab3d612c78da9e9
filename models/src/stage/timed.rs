//! Who waits for the clock: workers, clients, and those who act when something is due.

use std::any::Any;
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives, Wake};
use logon_core::{Allocator, Claim, LogonId, Server};

use super::attributed;
use super::call;
use super::clock::{self, Clock, Pausing};
use super::timetable::Timetable;
use super::witness::Witness;
use crate::judge::{Errand, MomentOver};
use crate::scenario::Situation;
use crate::scenario::{Time, set_up};

/// The labels of the steps in which a set-up begins and in which it ends.
pub(crate) const BEGIN_SET_UP: &str = "begin the set-up";
pub(crate) const AWAIT_SET_UP: &str = "await the set-up";

/// The label of the step in which time passes.
pub(crate) const TIME_PASSES: &str = "time passes";

/// The set-up of sessions, which takes processor time.
pub(super) struct SetUps<P: Primitives> {
    pub(super) clock: Arc<P::Monitor<Clock>>,
    /// How much each takes.
    pub(super) time: Time,
    /// Before which the worker stalls.
    pub(super) stalling: std::collections::BTreeSet<u32>,
}

impl<P: Primitives> SetUps<P> {
    /// Sets a session up.
    pub(super) fn run(&self, claim: Claim) {
        let generation = claim.generation.0;
        if self.stalling.contains(&generation) {
            let worker = Pausing::Worker(claim);
            pause::<P>(&self.clock, worker, self.time.stall, ["stall", "go on"]);
        }
        let length = set_up(&self.time, generation);
        self.clock
            .enter(BEGIN_SET_UP, |clock| clock.begin_set_up(claim, length));
        self.clock.wait_on(AWAIT_SET_UP, clock::SET_UP, |clock| {
            Some((clock.end_set_up(claim)?, Wake::Nobody))
        });
    }
}

/// Does nothing for so long. The labels are those of the two steps.
fn pause<P: Primitives>(
    clock: &P::Monitor<Clock>,
    who: Pausing,
    length: u64,
    [begin, end]: [&'static str; 2],
) {
    if length == 0 {
        return;
    }
    clock.enter(begin, |clock| clock.begin_pause(who, length));
    clock.wait_on(end, clock::PAUSE, |clock| {
        Some((clock.end_pause(who)?, Wake::Nobody))
    });
}

/// Does nothing until a date of the scenario; none: acts at once.
pub(super) fn await_date<P: Primitives>(
    clock: &P::Monitor<Clock>,
    timetable: &Timetable,
    date: Option<u64>,
) {
    if let Some(at) = date {
        let condition = clock::date(timetable.nth(at));
        clock.wait_on("await its time", condition, |clock| {
            (clock.now >= at).then_some(((), Wake::Nobody))
        });
    }
}

/// The times of a client.
pub(super) struct Timing<'a, P: Primitives> {
    pub(super) clock: &'a P::Monitor<Clock>,
    pub(super) timetable: &'a Timetable,
    /// When it comes; 0: at the beginning.
    pub(super) arrives: u64,
    /// How long it waits for its prompt.
    pub(super) patience: u64,
    pub(super) think: u64,
    pub(super) stays: u64,
    pub(super) license_after: u64,
}

impl<P: Primitives> Timing<'_, P> {
    /// A client connects, for the first time or again: it waits for its prompt from now on.
    pub(super) fn arrive(&self, logon: LogonId, is_first: bool) {
        const ARRIVE: &str = "arrive";
        let at = if is_first { self.arrives } else { 0 };
        if at == 0 {
            let begin = |clock: &mut Clock| clock.begin_waiting(logon, self.patience);
            self.clock.enter(ARRIVE, begin);
            return;
        }
        let condition = clock::date(self.timetable.nth(at));
        self.clock.wait_on(ARRIVE, condition, |clock| {
            (clock.now >= at).then(|| {
                clock.begin_waiting(logon, self.patience);
                ((), Wake::Nobody)
            })
        });
    }

    /// It has been answered.
    pub(super) fn is_answered(&self, logon: LogonId) {
        self.clock
            .enter("stop waiting", |clock| clock.end_waiting(logon));
    }

    /// Its user looks at the prompt.
    pub(super) fn think(&self, logon: LogonId) {
        self.pause(logon, self.think, ["look at the prompt", "has looked"]);
    }

    /// Its user is logged on.
    pub(super) fn stay(&self, logon: LogonId) {
        self.pause(logon, self.stays, ["stay", "has stayed"]);
    }

    /// The license service takes its time.
    pub(super) fn await_license(&self, logon: LogonId) {
        let labels = ["ask for a license", "await the license reply"];
        self.pause(logon, self.license_after, labels);
    }

    fn pause(&self, logon: LogonId, length: u64, labels: [&'static str; 2]) {
        pause::<P>(self.clock, Pausing::Client(logon), length, labels);
    }
}

/// Hangs up for every client that loses patience, and takes note of it in `reached`.
pub(super) fn impatience<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    clock: &P::Monitor<Clock>,
    reached: &super::Reached,
) {
    P::forever(|| {
        let logon = clock.wait_on("lose patience", clock::PATIENCE, |clock| {
            Some((clock.gives_up()?, Wake::Nobody))
        });
        reached.note(Situation::LosesPatience);
        call::hang_up(allocator, logon);
        ControlFlow::Continue(())
    });
}

/// Resets every session that has been disconnected for long enough.
pub(super) fn time_outs<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    clock: &P::Monitor<Clock>,
    reached: &super::Reached,
) {
    P::forever(|| {
        let (claim, user) = clock.wait_on("time out", clock::TIME_OUT, |clock| {
            Some((clock.times_out()?, Wake::Nobody))
        });
        let hit = call::expire(allocator, claim, user);
        if !hit {
            reached.note(Situation::TimeOutMisses);
        }
        ControlFlow::Continue(())
    });
}

/// Lets time pass, and has each moment judged when all that happens at it has happened.
pub(super) fn time<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    clock: &P::Monitor<Clock>,
    time_out: Option<u64>,
) {
    let judge = |healthy| {
        attributed::begin(Errand::moment(MomentOver::at(healthy)));
        let disconnected = allocator.server().enter("the moment is over", |server| {
            // By the judge's account: which session is disconnected, is not for the allocator to say.
            let server: &dyn Any = &*server;
            let server = server.downcast_ref::<Server<Witness>>();
            server.map_or_else(Vec::new, |server| server.observer().disconnected())
        });
        attributed::end();
        if let Some(time_out) = time_out {
            clock.enter("note who is disconnected", |clock| {
                clock.are_disconnected(&disconnected, time_out);
            });
        }
    };
    judge(0);
    P::forever(|| {
        let healthy = clock.wait_on(TIME_PASSES, clock::DUE, |clock| {
            let wake = clock.pass()?;
            Some((clock.healthy(), wake))
        });
        judge(healthy);
        ControlFlow::Continue(())
    });
}
