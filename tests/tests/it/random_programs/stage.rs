//! Sketches as programs, and a watch that writes down every state, from the inside and from the outside.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::primitives::{Chance, Condition, Monitor, Primitives, Wake, Word};
use logon_sim::{
    Actors, Cycle, Effect, OperationKind, Program, Rest, SharedState, Sim, SimChance, SimMonitor,
    SimWord, StateWatch, Step, Watch,
};

use crate::random_programs::sketch::{
    Action, CONDITIONS, Change, Instruction, Operand, Operation, Sketch, Waking,
};

/// What all objects hold.
pub(crate) type Shared = Vec<u64>;

/// Who is blocked in which label, by actor.
pub(crate) type Blocked = Vec<(usize, &'static str)>;

/// An actor as seen from outside: the results it has learned since it could have forgotten them, and whether
/// it is awake (0), asleep (1) or about to leave a `sleep` (2).
pub(crate) type Standing = (Vec<u64>, u8);

/// A whole state, put together without the search.
pub(crate) type Whole = (Shared, Vec<Standing>);

/// Everything a watch saw.
#[derive(Default)]
pub(crate) struct Notes {
    /// Whole states of executions, and after how many steps each was first reached.
    pub(crate) whole: BTreeMap<Whole, usize>,
    /// Shared states, in the order in which `in_state` was shown new ones.
    pub(crate) shown: Vec<Shared>,
    pub(crate) seen: BTreeSet<Shared>,
    pub(crate) rests: BTreeSet<(Shared, Blocked)>,
}

/// A sketch as a program.
pub(crate) struct Play<'s> {
    pub(crate) sketch: &'s Sketch,
    pub(crate) notes: Rc<RefCell<Notes>>,
    /// A shared state that is a violation.
    pub(crate) forbidden: Option<Shared>,
}

#[derive(Clone)]
struct Stage {
    monitors: Vec<SimMonitor<u64>>,
    words: Vec<SimWord>,
    chance: SimChance,
    /// What each actor learned. Actors only write here.
    logs: Rc<RefCell<Vec<Vec<u64>>>>,
    /// Whether each actor has come to its end. Likewise.
    ended: Rc<RefCell<Vec<bool>>>,
}

struct Player {
    stage: Stage,
    actor: usize,
}

pub(crate) struct Observer {
    stage: Stage,
    notes: Rc<RefCell<Notes>>,
    forbidden: Option<Shared>,
    /// Whether each actor is asleep, and whether in a `sleep`.
    status: Vec<(u8, bool)>,
    /// Whether each actor has idle priority.
    is_idle: Vec<bool>,
}

const MONITORS: [&str; 3] = ["monitor 0", "monitor 1", "monitor 2"];
const WORDS: [&str; 2] = ["word 0", "word 1"];
const NAMES: [Condition; CONDITIONS] = [Condition("condition 0"), Condition("condition 1")];

impl Program for Play<'_> {
    type Watch = Observer;

    fn start(&self, actors: &mut Actors<'_>) -> Observer {
        let Sketch {
            monitors,
            words,
            scripts,
            cast,
            idle,
        } = self.sketch;
        let monitors = MONITORS.iter().zip(monitors);
        let words = WORDS.iter().zip(words);
        let stage = Stage {
            // First, so that the last object has a state, which a search that forgets it has to miss.
            chance: Chance::new("chance"),
            monitors: monitors.map(|(name, &is)| Monitor::new(name, is)).collect(),
            words: words.map(|(name, &is)| Word::new(name, is)).collect(),
            logs: Rc::new(RefCell::new(vec![Vec::new(); cast.len()])),
            ended: Rc::new(RefCell::new(vec![false; cast.len()])),
        };
        let is_idle: Vec<bool> = cast.iter().map(|script| Some(*script) == *idle).collect();
        for (actor, &script) in cast.iter().enumerate() {
            let player = Player {
                stage: stage.clone(),
                actor,
            };
            let instructions = scripts[script].clone();
            let body = move || {
                player.play(&instructions, 0);
                player.stage.ended.borrow_mut()[actor] = true;
            };
            let (name, class) = (format!("actor {actor}"), format!("script {script}"));
            match is_idle[actor] {
                true => actors.spawn_idle(name, class, body),
                false => actors.spawn(name, class, body),
            };
        }
        let observer = Observer {
            stage,
            notes: Rc::clone(&self.notes),
            forbidden: self.forbidden.clone(),
            status: vec![(0, false); cast.len()],
            is_idle,
        };
        observer.note(0);
        observer
    }
}

impl Player {
    /// Follows `script` from where `last` was learned; what was learned last.
    fn play(&self, script: &[Instruction], mut last: u64) -> u64 {
        for Instruction { only_if, action } in script {
            if !only_if.holds(last) {
                continue;
            }
            last = match action {
                Action::Operation(operation) => self.operate(*operation, last),
                Action::Forever(body, until) => {
                    let known = self.log(|log| log.len());
                    // Read only after the last round, and it is what that round learned.
                    let learned = Cell::new(last);
                    Sim::forever(|| {
                        self.log(|log| log.truncate(known));
                        learned.set(self.play(body, last));
                        match until.holds(learned.get()) {
                            true => ControlFlow::Break(()),
                            false => ControlFlow::Continue(()),
                        }
                    });
                    learned.get()
                }
            };
        }
        last
    }

    fn operate(&self, operation: Operation, last: u64) -> u64 {
        let Stage {
            monitors, words, ..
        } = &self.stage;
        let number = |operand: Operand| match operand {
            Operand::Is(number) => number,
            Operand::Last => last % 4,
        };
        let change = |change: Change, value: &mut u64| {
            match change {
                Change::Nothing => {}
                Change::Set(operand) => *value = number(operand),
                Change::Add(operand) => *value = (*value + number(operand)) % 4,
            }
            *value
        };
        let wake = |waking: Waking| match waking {
            Waking::Nobody => Wake::Nobody,
            Waking::One(condition) => Wake::One(NAMES[condition]),
            Waking::All(condition) => Wake::All(NAMES[condition]),
            Waking::Everybody => Wake::Everybody,
        };
        let result = match operation {
            Operation::Enter(at, what) => monitors[at].enter("enter", |value| change(what, value)),
            Operation::Update(at, what) => {
                monitors[at].update("update", |value| change(what, value))
            }
            Operation::Wait(at, test, what) => monitors[at].wait_for("wait", |value| {
                let before = *value;
                test.holds(before).then(|| {
                    change(what, value);
                    before
                })
            }),
            Operation::Sleep(at) => {
                monitors[at].sleep("sleep");
                0
            }
            Operation::Load(at) => words[at].load("load", SeqCst),
            Operation::Store(at, operand) => {
                words[at].store("store", number(operand), SeqCst);
                0
            }
            Operation::CompareExchange(at, current, new) => {
                let (current, new) = (number(current), number(new));
                let exchanged = words[at].compare_exchange("exchange", current, new, SeqCst);
                exchanged.unwrap_or_else(|found| 4 + found)
            }
            // The highest bits, so that a loop comes around.
            Operation::FetchAdd(at, operand) => {
                words[at].fetch_add("add", number(operand) << 62, SeqCst)
            }
            Operation::Swap(at, operand) => words[at].swap("swap", number(operand), SeqCst),
            Operation::Choose(of) => u64::from(self.stage.chance.choose("choose", of)),
            Operation::Change(at, what, waking) => {
                monitors[at].change("change", |value| (change(what, value), wake(waking)))
            }
            Operation::WaitOn(at, condition, test, what, waking) => {
                monitors[at].wait_on("wait on", NAMES[condition], |value| {
                    let before = *value;
                    test.holds(before).then(|| {
                        change(what, value);
                        (before, wake(waking))
                    })
                })
            }
        };
        self.log(|log| log.push(result));
        result
    }

    fn log<R>(&self, visit: impl FnOnce(&mut Vec<u64>) -> R) -> R {
        visit(&mut self.stage.logs.borrow_mut()[self.actor])
    }
}

impl Observer {
    fn shared(&self) -> Shared {
        let monitors = self.stage.monitors.iter();
        let monitors = monitors.map(|monitor| monitor.peek(|value| *value));
        monitors
            .chain(self.stage.words.iter().map(SimWord::peek))
            .collect()
    }

    /// Writes the present state of an execution down.
    fn note(&self, depth: usize) {
        let logs = self.stage.logs.borrow();
        let standing = logs.iter().zip(&self.status);
        let standing = standing.map(|(log, (status, _))| (log.clone(), *status));
        let whole = (self.shared(), standing.collect());
        let mut notes = self.notes.borrow_mut();
        let first = notes.whole.entry(whole).or_insert(depth);
        *first = depth.min(*first);
    }
}

impl Watch for Observer {
    type Verdict = Shared;

    fn after_step(&mut self, step: &Step) -> Option<Shared> {
        let actor = step.actor.index();
        // Whoever had a step to take comes before an actor of idle priority; of the others none ended in this step.
        let ended = self.stage.ended.borrow();
        let is_ready =
            |other: usize| !self.is_idle[other] && self.status[other].0 != 1 && !ended[other];
        assert!(
            !self.is_idle[actor] || !(0..ended.len()).any(is_ready),
            "an actor of idle priority went before another one"
        );
        drop(ended);
        self.status[actor] = match step.effect {
            Effect::Asleep => (1, step.operation.kind == OperationKind::Sleep),
            _ => (0, false),
        };
        for woken in &step.woken {
            let (status, in_sleep) = &mut self.status[woken.index()];
            *status = if *in_sleep { 2 } else { 0 };
        }
        self.note(step.number);
        self.forbidden
            .clone()
            .filter(|shared| *shared == self.shared())
    }

    fn at_rest(&mut self, rest: &Rest) -> Option<Shared> {
        let blocked = rest.blocked.iter();
        let blocked = blocked.map(|who| (who.actor.id.index(), who.operation.label));
        let rest = (self.shared(), blocked.collect());
        self.notes.borrow_mut().rests.insert(rest);
        None
    }
}

impl StateWatch for Observer {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<Shared> {
        let monitors = self.stage.monitors.iter();
        let monitors = monitors.map(|monitor| *state.monitor(monitor));
        let words = self.stage.words.iter().map(|word| state.word(word));
        let shared: Shared = monitors.chain(words).collect();
        let mut notes = self.notes.borrow_mut();
        notes.shown.push(shared.clone());
        notes.seen.insert(shared.clone());
        self.forbidden.clone().filter(|one| *one == shared)
    }

    fn starves(&mut self, _: &Cycle<'_>) -> Option<Shared> {
        // Whoever goes round for ever may.
        None
    }
}
