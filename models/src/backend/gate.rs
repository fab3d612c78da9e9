//! Whose turn it is in the replay of a schedule.

use logon_sim::{Chosen, MOST_PASSED};

use super::census::{Census, Status};
use super::step::{After, Divergence, GateStep};

/// Where a replay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The step at this position is next.
    Following,
    /// The schedule is over, or was left: everybody runs free.
    Open,
    /// The schedule is over: everybody stops.
    Stopped,
}

/// The schedule of a replay and how far it has come.
#[derive(Debug)]
pub(super) struct Gate {
    schedule: Vec<GateStep>,
    after: After,
    /// Whether steps that the schedule does not know are let pass.
    lets_pass: bool,
    next: usize,
    phase: Phase,
    fruitless: u32,
    /// Whether the step under way is let pass.
    passing: bool,
    /// The steps let pass, each with the position in the schedule before which it was.
    passed: Vec<(usize, GateStep)>,
    divergence: Option<Divergence>,
}

/// What an actor may do with its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Do it now: nobody holds it to anything.
    Go,
    /// Do it now: it is the scheduled step at this position.
    Scheduled(usize),
    /// Wait for the turn.
    Wait,
}

impl Gate {
    pub(super) fn new(schedule: Vec<GateStep>, after: After, lets_pass: bool) -> Self {
        let mut gate = Self {
            schedule,
            after,
            lets_pass,
            next: 0,
            phase: Phase::Following,
            fruitless: 0,
            passing: false,
            passed: Vec::new(),
            divergence: None,
        };
        gate.end_if_over();
        gate
    }

    /// Back to the first step.
    pub(super) fn rewind(&mut self) {
        let schedule = std::mem::take(&mut self.schedule);
        *self = Self::new(schedule, self.after, self.lets_pass);
    }

    /// Decides about an operation of the actor at `index`.
    pub(super) fn ask(&mut self, census: &mut Census, index: usize, found: &GateStep) -> Admission {
        match self.phase {
            Phase::Open | Phase::Stopped => Admission::Go,
            Phase::Following => {
                let expected = &self.schedule[self.next];
                if expected.actor == found.actor {
                    if expected.is(found) {
                        return Admission::Scheduled(self.next);
                    }
                    if !self.may_pass(found) {
                        self.diverge(census, Some(found.clone()));
                    } else if self.passed_in_a_row() < MOST_PASSED {
                        self.passing = true;
                        self.passed.push((self.next, found.clone()));
                    } else {
                        self.diverge(census, Some(found.clone()));
                        // Left to itself it might never end.
                        self.phase = Phase::Stopped;
                    }
                    return Admission::Go;
                }
                census.actors[index].status = Status::AtGate;
                self.open_if_stalled(census);
                match self.phase {
                    Phase::Following => Admission::Wait,
                    Phase::Open | Phase::Stopped => Admission::Go,
                }
            }
        }
    }

    /// What the step at this position is to choose.
    pub(super) fn chosen_at(&self, position: usize) -> Option<&Chosen> {
        self.schedule[position].chosen.as_ref()
    }

    /// The scheduled step under way cannot choose what it is to choose: leaves the schedule. `found` is the step.
    pub(super) fn cannot_choose(&mut self, census: &mut Census, found: GateStep) {
        if self.phase == Phase::Following {
            self.diverge(census, Some(found));
        }
    }

    /// Passes the turn on after the step has been done.
    pub(super) fn advance(&mut self, census: &mut Census) {
        if self.phase != Phase::Following {
            return;
        }
        self.fruitless = 0;
        if std::mem::take(&mut self.passing) {
            self.open_if_stalled(census);
            return;
        }
        self.next += 1;
        self.end_if_over();
        match self.phase {
            Phase::Following => census.admit(Some(&self.schedule[self.next].actor)),
            Phase::Open | Phase::Stopped => census.admit(None),
        }
        self.open_if_stalled(census);
    }

    /// Leaves the schedule if nobody can move anymore although steps are left.
    ///
    /// While the actor of the next step has not been announced, it may still come.
    pub(super) fn open_if_stalled(&mut self, census: &mut Census) {
        if self.phase == Phase::Following
            && census.stalled()
            && census.knows(&self.schedule[self.next].actor)
        {
            self.diverge(census, None);
        }
    }

    /// Counts a wait that ended without a turn, and leaves the schedule at the limit.
    pub(super) fn count_fruitless(&mut self, census: &mut Census, limit: u32) {
        self.fruitless += 1;
        if self.phase == Phase::Following && self.fruitless > limit {
            self.diverge(census, None);
        }
    }

    /// Whether the schedule lets this step pass, which it does not know.
    fn may_pass(&self, found: &GateStep) -> bool {
        let own = |step: &&GateStep| step.actor == found.actor;
        let alike = |step: &GateStep| step.label == found.label && step.object == found.object;
        self.lets_pass && !self.schedule.iter().filter(own).any(alike)
    }

    fn passed_in_a_row(&self) -> usize {
        let passed = self.passed.iter().rev();
        let in_a_row = passed.take_while(|(before, _)| *before == self.next);
        in_a_row.count()
    }

    /// The steps let pass, each with the position in the schedule before which it was.
    pub(super) fn passed(&self) -> &[(usize, GateStep)] {
        &self.passed
    }

    /// Whether every actor is to unwind.
    pub(super) fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }

    /// Where the schedule was left. A schedule that is not over counts as left at its next step.
    pub(super) fn divergence(&self) -> Option<Divergence> {
        let unfinished = || Divergence {
            step: self.next,
            expected: self.schedule[self.next].clone(),
            found: None,
        };
        let diverged = self.divergence.clone();
        diverged.or_else(|| (self.phase == Phase::Following).then(unfinished))
    }

    fn diverge(&mut self, census: &mut Census, found: Option<GateStep>) {
        self.divergence = Some(Divergence {
            step: self.next,
            expected: self.schedule[self.next].clone(),
            found,
        });
        self.phase = Phase::Open;
        census.admit(None);
    }

    fn end_if_over(&mut self) {
        if self.next == self.schedule.len() {
            self.phase = match self.after {
                After::RunFree => Phase::Open,
                After::Stop => Phase::Stopped,
            };
        }
    }
}
