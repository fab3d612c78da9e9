//! An office of clerks as a program, and a watch that writes down every state.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::rc::Rc;

use logon_core::primitives::Monitor;
use logon_sim::{Actors, Effect, Program, SimMonitor, StateWatch, Step, Watch};

use crate::random_programs::tickets::{Clerk, Deed, Hall, Learned, Newest, Office};

/// A whole state as an execution shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Whole {
    pub(crate) hall: Hall,
    /// What each clerk has learned, and whether it is asleep.
    pub(crate) clerks: Vec<(Vec<Learned>, bool)>,
}

impl Whole {
    pub(crate) fn newest(&self) -> u32 {
        self.hall.newest.0
    }
}

/// An office as a program.
pub(crate) struct Play<'o> {
    pub(crate) office: &'o Office,
    pub(crate) notes: Rc<RefCell<BTreeSet<Whole>>>,
}

pub(crate) struct Observer {
    hall: SimMonitor<Hall>,
    logs: Rc<RefCell<Vec<Vec<Learned>>>>,
    asleep: Vec<bool>,
    notes: Rc<RefCell<BTreeSet<Whole>>>,
}

impl Program for Play<'_> {
    type Watch = Observer;

    fn start(&self, actors: &mut Actors<'_>) -> Observer {
        let hall: SimMonitor<Hall> = Monitor::new(
            "hall",
            Hall {
                newest: Newest(0),
                holders: BTreeMap::new(),
                served: None,
                after: BTreeSet::new(),
                heaps: BTreeMap::new(),
                counters: BTreeSet::new(),
            },
        );
        let logs = Rc::new(RefCell::new(vec![Vec::new(); self.office.cast.len()]));
        for (place, &number) in self.office.cast.iter().enumerate() {
            let (hall, logs) = (hall.clone(), Rc::clone(&logs));
            let script = self.office.scripts[number].clone();
            actors.spawn(
                format!("clerk {place}"),
                format!("script {number}"),
                move || {
                    let me = Clerk(place as u32 + 1);
                    let (mut mine, mut other) = (None, None);
                    for deed in script {
                        let learned = match deed {
                            Deed::Wait => {
                                hall.wait_for("wait", |hall| deed.done(hall, me, mine, other))
                            }
                            _ => hall.update("do", |hall| {
                                deed.done(hall, me, mine, other).unwrap_or(Learned::Nothing)
                            }),
                        };
                        match &learned {
                            Learned::Ticket(ticket) if deed == Deed::Draw => mine = Some(*ticket),
                            Learned::Ticket(ticket) => other = Some(*ticket),
                            // Of a whole heap, the order of which means nothing, only one alone is of use.
                            Learned::Heap(heap) if heap.len() == 1 => other = heap.first().copied(),
                            _ => {}
                        }
                        logs.borrow_mut()[place].push(learned);
                    }
                },
            );
        }
        let observer = Observer {
            hall,
            logs,
            asleep: vec![false; self.office.cast.len()],
            notes: Rc::clone(&self.notes),
        };
        observer.note();
        observer
    }
}

impl Observer {
    fn note(&self) {
        let clerks = self
            .logs
            .borrow()
            .iter()
            .cloned()
            .zip(self.asleep.iter().copied())
            .collect();
        let hall = self.hall.peek(Hall::clone);
        self.notes.borrow_mut().insert(Whole { hall, clerks });
    }
}

impl Watch for Observer {
    type Verdict = Infallible;

    fn after_step(&mut self, step: &Step) -> Option<Self::Verdict> {
        self.asleep[step.actor.index()] = step.effect == Effect::Asleep;
        for woken in &step.woken {
            self.asleep[woken.index()] = false;
        }
        self.note();
        None
    }
}

impl StateWatch for Observer {}
