//! The stage: a scenario set up on a backend, ready to be played.
//!
//! Here a scenario, which is data, meets a variant, which is code, on a backend, which is a tool. Nothing of
//! it knows which tool that is; the checkers start the actors and decide who runs when.

mod actors;
mod any_subject;
pub(crate) mod attributed;
pub(crate) mod call;
mod cast;
mod clock;
mod described;
mod exchange;
mod reached;
mod role;
mod subject;
mod timed;
mod timetable;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::primitives::Monitor;
use logon_core::{Allocator, Fact, LogonId, OnBrokenLine, Server, Settings, UserId};

use crate::backend::Backend;
use crate::judge::{Answer, Inventory, Property, Rest, Section, Truth, Violation};
use crate::scenario::{self, Scenario};

pub use actors::Actor;
pub use any_subject::{AnySubject, Subjects};
pub(crate) use attributed::Attributed;
use attributed::AttributedMonitor;
pub(crate) use attributed::{result_as, result_text, result_type};
pub(crate) use call::RETURN;
pub use cast::Cast;
pub use clock::Clock;
pub(crate) use clock::{PARTS, Pausing};
pub use described::Described;
pub(crate) use exchange::client_classes;
pub use exchange::{Types, symmetry};
pub use reached::Reached;
pub use subject::Subject;
pub(crate) use timed::{AWAIT_SET_UP, BEGIN_SET_UP, TIME_PASSES};
use timetable::Timetable;
pub use witness::Witness;

/// What must not stand for ever.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// An outstanding property.
    Property(Property),
    /// That this client, administrator or cutter has not come to its end, by its place.
    Unfinished(usize),
}

/// A scenario set up on a backend.
pub struct Stage<B: Backend> {
    allocator: Arc<dyn Allocator<Attributed<B>, Witness>>,
    license_desk_closed: Arc<AttributedMonitor<B, bool>>,
    /// The clock, if anything takes time.
    clock: Option<Arc<AttributedMonitor<B, Clock>>>,
    /// What is due at times that the scenario names.
    timetable: Arc<Timetable>,
    /// How many creation workers there are.
    workers: u32,
    cast: Arc<Cast>,
    /// Which clients, administrators and cutters have worked through their scripts, in this order. Only the
    /// harness reads it, never an actor, so it is no channel between actors and needs no primitive.
    finished: Arc<Vec<AtomicBool>>,
    /// How many of those are clients.
    clients: usize,
    /// What the clients' calls returned; read by the harness alone, as well, like all that follows.
    answers: Arc<Mutex<Vec<(LogonId, Answer)>>>,
    /// Which clients wait for the license service.
    await_licenses: Arc<Vec<AtomicBool>>,
    /// Which timers have done waiting, and for whose session.
    timers: Arc<Vec<(UserId, AtomicBool)>>,
    /// Whether the harness shuts the server down.
    closing: Arc<AtomicBool>,
    /// Where the situations that are reached are noted, if they are.
    reached: Reached,
}

impl<B: Backend> Stage<B> {
    /// Sets `scenario` up with the allocator of `subject`, and gives the actors that are to be started.
    ///
    /// On loom, shuttle and real threads it is called while the recorder is building.
    pub fn set<S: Subject>(
        subject: &S,
        scenario: &Arc<Scenario>,
        keeps_journal: bool,
    ) -> (Self, Vec<Actor>) {
        Self::set_noting(subject, scenario, keeps_journal, Reached::default())
    }

    /// As [`Stage::set`], and which situations are reached is noted in `reached`.
    pub fn set_noting<S: Subject>(
        subject: &S,
        scenario: &Arc<Scenario>,
        keeps_journal: bool,
        reached: Reached,
    ) -> (Self, Vec<Actor>) {
        // Where clients are drawn, those take part whom the scenario's own seed draws.
        let played = scenario.as_played();
        let scenario = &played.unwrap_or_else(|error| panic!("it cannot be played: {error}"));
        let cast = Arc::new(Cast::of(scenario));
        let workers = match subject.creates_without_limit() && scenario.time.is_some() {
            true => scenario.server.idle_pool + cast.logons(),
            false => scenario.server.creation_workers,
        };
        let truth = Truth {
            creation_workers: workers,
            ..cast.truth(scenario)
        };
        let processors = scenario.time.map_or(1, |time| time.processors);
        let timetable = Arc::new(Timetable::of(scenario, processors));
        let mut witness = Witness::new(truth, keeps_journal);
        let time = scenario.time.as_ref();
        witness.notes_disconnected = time.is_some_and(|time| time.disconnect_time_out.is_some());
        witness.reached = reached.clone();
        let ending =
            scenario.clients.len() + scenario.administrators.len() + scenario.cutters.len();
        let timers = scenario.timers.iter();
        let timers = timers.map(|timer| cast.user(timer.expires.as_str()));
        let flags = |count: usize| (0..count).map(|_| AtomicBool::new(false)).collect();
        let stage = Stage {
            allocator: subject.build::<Attributed<B>, _>(Server::new(settings(scenario), witness)),
            license_desk_closed: Arc::new(Monitor::new("license desk", false)),
            clock: scenario.time.map(|_| {
                let clock = Clock::new(Arc::clone(&timetable));
                Arc::new(Monitor::new("clock", clock))
            }),
            timetable,
            workers,
            finished: Arc::new(flags(ending)),
            clients: scenario.clients.len(),
            answers: Arc::default(),
            await_licenses: Arc::new(flags(scenario.clients.len())),
            timers: Arc::new(timers.map(|user| (user, AtomicBool::new(false))).collect()),
            closing: Arc::default(),
            reached,
            cast,
        };
        let actors = stage.actors(scenario);
        (stage, actors)
    }

    /// The cast.
    pub fn cast(&self) -> &Arc<Cast> {
        &self.cast
    }

    /// What time it is, in milliseconds after the beginning, where things take time.
    pub fn now(&self) -> Option<u64> {
        let clock = self.clock.as_ref()?;
        Some(clock.inner().peek(|clock| clock.now))
    }

    /// Looks at the server from outside, without a step.
    pub fn peek<R>(&self, look: impl FnOnce(&Server<Witness>) -> R) -> R {
        self.allocator.server().peek(look)
    }

    /// The monitor around the server.
    pub fn server(&self) -> &B::Monitor<Server<Witness>> {
        self.allocator.server().inner()
    }

    /// The properties that have fallen so far.
    pub fn violations(&self) -> Vec<Violation> {
        self.peek(|server| server.observer().judge.violations().to_vec())
    }

    /// What the server has told so far; nothing unless a journal is kept.
    pub fn journal(&self) -> Vec<Fact> {
        self.peek(|server| server.observer().journal.clone().unwrap_or_default())
    }

    /// The sections on the server so far, and what is true of the situation; nothing unless a journal is kept.
    pub fn sections(&self) -> (Truth, Vec<Section>) {
        self.peek(|server| {
            let witness = server.observer();
            (witness.judge.truth().clone(), witness.sections.clone())
        })
    }

    /// Judges the present state as one in which nobody can move, and gives everything that has fallen.
    pub fn judge_rest(&self) -> Vec<Violation> {
        let mut judge = self.peek(|server| server.observer().judge.clone());
        if judge.violations().is_empty() {
            judge.rest(&self.rest());
        }
        judge.violations().to_vec()
    }

    /// How everybody stands, if nobody can move any more.
    pub fn rest(&self) -> Rest {
        let (judge, inventory) = self.peek(|server| {
            let stock = self.allocator.stock(server);
            (server.observer().judge.clone(), Inventory::from(stock))
        });
        let mut unfinished = Vec::new();
        let mut unlicensed = BTreeSet::new();
        let mut others_unfinished = false;
        for (index, finished) in self.finished.iter().enumerate() {
            match (finished.load(Ordering::SeqCst), index < self.clients) {
                (true, _) => {}
                (false, true) => {
                    let logon = self.current_logon(index, &judge);
                    unfinished.push(logon);
                    if self.await_licenses[index].load(Ordering::SeqCst) {
                        unlicensed.insert(logon);
                    }
                }
                (false, false) => others_unfinished = true,
            }
        }
        let answers = self.answers.lock();
        let answers = answers.unwrap_or_else(PoisonError::into_inner).clone();
        let timers = self.timers.iter();
        let waiting = timers.filter(|(_, has_noticed)| !has_noticed.load(Ordering::SeqCst));
        Rest {
            unfinished,
            unlicensed,
            others_unfinished,
            timed: waiting.map(|&(user, _)| user).collect(),
            answers,
            inventory,
        }
    }

    /// What it means that the actor at `index` never comes to its end, although it is served fairly.
    pub fn never_ends(&self, index: usize, judge: &crate::judge::Judge) -> Option<Vec<Violation>> {
        let mut judge = judge.clone();
        match index {
            client if client < self.clients => {
                judge.never_ends(Some(self.current_logon(client, &judge)));
            }
            other if other < self.finished.len() => judge.never_ends(None),
            // Workers and timers serve for ever, and nobody needs a spurious wake-up.
            _ => return None,
        }
        Some(judge.violations().to_vec()).filter(|violations| !violations.is_empty())
    }

    /// What falls if nothing that stands now ever changes although everybody is served fairly, by what stands.
    pub fn if_it_lasts(&self) -> BTreeMap<Standing, Vec<Violation>> {
        let judge = self.peek(|server| server.observer().judge.clone());
        let properties = judge.outstanding().into_iter();
        let properties =
            properties.map(|property| (Standing::Property(property), judge.starved(property)));
        let actors = self.finished.iter().enumerate();
        let unfinished = actors.filter(|(_, finished)| !finished.load(Ordering::SeqCst));
        let unfinished = unfinished.filter_map(|(index, _)| {
            let fell = self.never_ends(index, &judge)?;
            Some((Standing::Unfinished(index), fell))
        });
        properties.chain(unfinished).collect()
    }

    /// The connection a client is busy with: the last one the judge has heard of, or its first.
    fn current_logon(&self, index: usize, judge: &crate::judge::Judge) -> LogonId {
        let mut logons = self.cast.logons_of(index);
        let first = logons.next().expect("a script begins with connect");
        logons
            .filter(|&logon| judge.has_heard_of(logon))
            .last()
            .unwrap_or(first)
    }

    /// Ends the play: workers and timers stop, and a license service that hangs denies.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.license_desk_closed
            .update("close the license desk", |closed| *closed = true);
        self.allocator.close();
    }
}

pub(crate) fn on_broken_line(written: scenario::OnBrokenLine) -> OnBrokenLine {
    match written {
        scenario::OnBrokenLine::Disconnect => OnBrokenLine::Disconnect,
        scenario::OnBrokenLine::Reset => OnBrokenLine::Reset,
    }
}

pub(crate) fn settings(scenario: &Scenario) -> Settings {
    let server = &scenario.server;
    Settings {
        idle_pool: server.idle_pool,
        max_connections: server.max_connections,
        creation_workers: server.creation_workers,
        reuse_ids: server.reuse_ids,
        on_broken_line: on_broken_line(server.on_broken_line),
        logons_enabled: server.logons_enabled,
    }
}
