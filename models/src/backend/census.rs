//! Who is alive and who sleeps: the one place that knows when nobody can move anymore.
//!
//! Everything here happens under the lock of the recorder. An actor is marked as blocked under the
//! lock of its monitor as it falls asleep, and marked as running under that same lock by whoever wakes
//! it, before the notification. So "all blocked" is never seen while a wake-up is on its way.

use std::collections::BTreeMap;

use super::step::ThreadKey;

/// What an actor is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Announced; its thread has not started.
    Expected,
    /// It can move.
    Running,
    /// It waits for its turn in a replay.
    AtGate,
    /// It sleeps on the object of this name.
    Asleep(&'static str),
    /// It has left its body.
    Finished,
}

/// One actor of the program.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) name: String,
    pub(super) status: Status,
    pub(super) noise: Noise,
    key: Option<ThreadKey>,
    taken: BTreeMap<(&'static str, &'static str), u32>,
}

impl Actor {
    /// How often the step has been taken, with this time.
    pub(super) fn count(&mut self, object: &'static str, label: &'static str) -> u32 {
        let taken = self.taken.entry((object, label)).or_insert(0);
        *taken += 1;
        *taken
    }
}

/// All actors of an execution, in the order in which they were announced.
#[derive(Debug, Default)]
pub(super) struct Census {
    pub(super) actors: Vec<Actor>,
}

impl Census {
    /// Counts an actor as alive before its thread plays it; once, however often it is announced.
    pub(super) fn expect(&mut self, name: &str, noise_seed: u64) -> usize {
        if let Some(index) = self.actors.iter().position(|actor| actor.name == name) {
            assert!(
                self.actors[index].status == Status::Expected,
                "two actors are named {name:?}: the scenario is at fault"
            );
            return index;
        }
        let index = self.actors.len();
        self.actors.push(Actor {
            name: name.to_owned(),
            status: Status::Expected,
            noise: Noise::new(noise_seed.wrapping_add(index as u64)),
            key: None,
            taken: BTreeMap::new(),
        });
        index
    }

    /// Ties an announced actor to the thread that plays it.
    pub(super) fn enter(&mut self, index: usize, key: ThreadKey) {
        self.actors[index].key = Some(key);
        self.actors[index].status = Status::Running;
    }

    /// The actor that this thread plays.
    pub(super) fn playing(&self, key: ThreadKey) -> Option<usize> {
        self.actors
            .iter()
            .position(|actor| actor.key == Some(key) && actor.status != Status::Finished)
    }

    /// Whether an actor of this name has been announced.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.actors.iter().any(|actor| actor.name == name)
    }

    /// Marks every sleeper of the object as running.
    pub(super) fn wake(&mut self, object: &'static str) {
        for actor in &mut self.actors {
            if actor.status == Status::Asleep(object) {
                actor.status = Status::Running;
            }
        }
    }

    /// Marks these sleepers as running.
    pub(super) fn wake_actors(&mut self, places: &[usize]) {
        for &place in places {
            self.actors[place].status = Status::Running;
        }
    }

    /// Marks everybody at the gate as running; all of them, or only the actor of this name.
    pub(super) fn admit(&mut self, name: Option<&str>) {
        for actor in &mut self.actors {
            if actor.status == Status::AtGate && name.is_none_or(|name| name == actor.name) {
                actor.status = Status::Running;
            }
        }
    }

    /// Whether every actor sleeps or has finished.
    pub(super) fn at_rest(&self) -> bool {
        self.actors
            .iter()
            .all(|actor| matches!(actor.status, Status::Asleep(_) | Status::Finished))
    }

    /// Whether nobody can move although somebody waits for a turn.
    pub(super) fn stalled(&self) -> bool {
        let gated = |actor: &Actor| actor.status == Status::AtGate;
        let moving = |actor: &Actor| matches!(actor.status, Status::Running | Status::Expected);
        self.actors.iter().any(gated) && !self.actors.iter().any(moving)
    }
}

/// Small, seeded disturbances of real threads.
///
/// A SplitMix64 is enough here: the operating system schedules, no result may depend on these numbers,
/// and nothing is ever replayed from them. The choices of a search come from elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    state: u64,
}

/// What to do before an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disturbance {
    /// Nothing.
    Quiet,
    /// Give up the processor.
    Yield,
    /// Spin so many times.
    Spin(u32),
}

impl Noise {
    fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One operation in eight is delayed by a yield, one in eight by a short spin.
    pub(super) fn next(&mut self) -> Disturbance {
        let bits = self.bits();
        match bits % 8 {
            0 => Disturbance::Yield,
            1 => Disturbance::Spin(1 + (bits >> 32) as u32 % 512),
            _ => Disturbance::Quiet,
        }
    }

    /// Sixty-four bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
