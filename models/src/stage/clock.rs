//! The clock of a scenario in which things take time: set-ups that share processors, and clients that lose patience.
//!
//! Sections take no time. What happens at one moment happens in any order; then, when nobody else can act, time passes to
//! the next moment at which something is due. So the actor that lets it pass has idle priority, and only a runtime that
//! knows that can play such a scenario.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Condition, Monitor, Primitives, Wake};
use logon_core::{Allocator, Claim, LogonId, symmetric};

use super::attributed;
use super::reached::Reached;
use super::role::make;
use crate::judge::{Answer, Call, Errand};
use crate::scenario::Situation;

/// The parts of a processor's millisecond in which work is counted: 1 to 16 set-ups get whole shares of it.
const PARTS: u64 = 720_720;

/// For what time waits when nothing is due.
const DUE: Condition = Condition("something is due");

/// The labels of the steps in which a set-up begins and in which it ends.
pub(crate) const BEGIN_SET_UP: &str = "begin the set-up";
pub(crate) const AWAIT_SET_UP: &str = "await the set-up";

/// The label of the step in which time passes.
pub(crate) const TIME_PASSES: &str = "time passes";

/// What time it is, and what is due. Times are in milliseconds after the beginning.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Clock {
    /// What time it is.
    pub now: u64,
    processors: u32,
    /// Who waits for its prompt, and until when, in order of arrival: all are equally patient.
    patience: VecDeque<(LogonId, u64)>,
    /// The set-ups under way, and the work that is left of each, in parts.
    set_ups: BTreeMap<Claim, u64>,
}
// How many processors there are never changes.
symmetric! { struct Clock { now, processors: _, patience, set_ups } }

impl Clock {
    /// The set-ups under way, and for how many milliseconds of a processor each has still to run.
    pub(crate) fn set_ups(&self) -> impl Iterator<Item = (Claim, u64)> {
        let left = self.set_ups.iter();
        left.map(|(&claim, left)| (claim, left.div_ceil(PARTS)))
    }

    /// Who waits for its prompt, and until when, in order of arrival.
    pub(crate) fn patience(&self) -> impl Iterator<Item = (LogonId, u64)> {
        self.patience.iter().copied()
    }

    pub(super) fn new(processors: u32) -> Self {
        Clock {
            now: 0,
            processors,
            patience: VecDeque::new(),
            set_ups: BTreeMap::new(),
        }
    }

    /// Lets time pass to the next moment at which something is due, and says when that is; `None` if nothing is.
    fn pass(&mut self) -> Option<u64> {
        let share = self.share();
        let done = self.set_ups.values().map(|left| left.div_ceil(share)).min();
        let done = done.map(|length| self.now + length);
        let next = done.into_iter().chain(self.first_deadline()).min()?;
        let done = share * (next - self.now);
        for left in self.set_ups.values_mut() {
            *left = left.saturating_sub(done);
        }
        self.now = next;
        Some(next)
    }

    /// How many parts of each millisecond a set-up gets.
    fn share(&self) -> u64 {
        let (set_ups, processors) = (self.set_ups.len() as u64, u64::from(self.processors));
        match set_ups <= processors {
            true => PARTS,
            false => PARTS * processors / set_ups,
        }
    }

    fn first_deadline(&self) -> Option<u64> {
        self.patience.front().map(|&(_, until)| until)
    }

    /// Takes out the next client that has waited long enough.
    fn gives_up(&mut self) -> Option<LogonId> {
        let is_over = self.first_deadline()? <= self.now;
        let first = if is_over {
            self.patience.pop_front()
        } else {
            None
        };
        first.map(|(logon, _)| logon)
    }
}

/// The set-up of sessions, which takes processor time.
pub(super) struct SetUps<P: Primitives> {
    pub(super) clock: Arc<P::Monitor<Clock>>,
    /// How much each takes, in milliseconds.
    pub(super) length: u64,
}

impl<P: Primitives> SetUps<P> {
    /// Sets a session up.
    pub(super) fn run(&self, claim: Claim) {
        self.clock.update(BEGIN_SET_UP, |clock| {
            clock.set_ups.insert(claim, self.length * PARTS);
        });
        self.clock.wait_for(AWAIT_SET_UP, |clock| {
            let is_done = clock.set_ups.get(&claim) == Some(&0);
            if is_done {
                clock.set_ups.remove(&claim);
            }
            is_done.then_some(())
        });
    }
}

/// How long a client waits for its prompt.
pub(super) struct Patience<'a, P: Primitives> {
    pub(super) clock: &'a P::Monitor<Clock>,
    /// In milliseconds.
    pub(super) length: u64,
}

impl<P: Primitives> Patience<'_, P> {
    /// A client waits from now on.
    pub(super) fn begin(&self, logon: LogonId) {
        self.clock.update("arrive", |clock| {
            let until = clock.now + self.length;
            clock.patience.push_back((logon, until));
        });
    }

    /// It has been answered.
    pub(super) fn end(&self, logon: LogonId) {
        self.clock.enter("stop waiting", |clock| {
            clock.patience.retain(|&(other, _)| other != logon);
        });
    }
}

/// Hangs up for every client that loses patience, and takes note of it in `reached`.
pub(super) fn impatience<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    clock: &P::Monitor<Clock>,
    reached: &Reached,
) {
    P::forever(|| {
        let logon = clock.wait_for("lose patience", Clock::gives_up);
        reached.note(Situation::LosesPatience);
        make(
            allocator,
            Call::HangUp(logon),
            || allocator.hang_up(logon),
            |()| Some(Answer::HungUp),
        );
        ControlFlow::Continue(())
    });
}

/// Lets time pass, and has each moment judged when all that happens at it has happened.
pub(super) fn time<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    clock: &P::Monitor<Clock>,
) {
    let judge = |now| {
        attributed::begin(Errand::moment(now));
        allocator.server().enter("the moment is over", |_| ());
        attributed::end();
    };
    judge(0);
    P::forever(|| {
        let now = clock.wait_on(TIME_PASSES, DUE, |clock| {
            let now = clock.pass()?;
            Some((now, Wake::Everybody))
        });
        judge(now);
        ControlFlow::Continue(())
    });
}

#[cfg(test)]
mod tests {
    use super::{Clock, LogonId};
    use logon_core::{Claim, Generation, SessionId};

    fn claim(number: u32) -> Claim {
        Claim {
            session: SessionId(number),
            generation: Generation(number),
        }
    }

    /// A clock with so many set-ups of these milliseconds each.
    fn with(processors: u32, set_ups: u32, length: u64) -> Clock {
        let mut clock = Clock::new(processors);
        let begun = (0..set_ups).map(|number| (claim(number), length * super::PARTS));
        clock.set_ups.extend(begun);
        clock
    }

    #[test]
    fn set_ups_share_the_processors() {
        for (processors, set_ups, takes) in
            [(1, 1, 3_000), (1, 3, 9_000), (2, 3, 4_500), (4, 3, 3_000)]
        {
            let mut clock = with(processors, set_ups, 3_000);
            assert_eq!(clock.pass(), Some(takes), "{set_ups} on {processors}");
            assert!(clock.set_ups.values().all(|left| *left == 0));
        }
    }

    #[test]
    fn one_that_begins_later_slows_the_other_down() {
        let mut clock = with(1, 1, 3_000);
        clock.patience.push_back((LogonId(0), 1_000));
        assert_eq!(clock.pass(), Some(1_000));
        assert_eq!(clock.gives_up(), Some(LogonId(0)));
        clock.set_ups.insert(claim(7), 3_000 * super::PARTS);
        // 2,000 ms are left of the first, at half the pace.
        assert_eq!(clock.pass(), Some(5_000));
        clock.set_ups.remove(&claim(0));
        assert_eq!(clock.pass(), Some(6_000));
    }

    #[test]
    fn without_anything_due_no_time_passes() {
        let mut clock = Clock::new(1);
        assert_eq!((clock.pass(), clock.now), (None, 0));
        assert_eq!(clock.gives_up(), None);
    }
}
