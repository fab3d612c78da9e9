//! The stage: a scenario set up on a backend, ready to be played.
//!
//! Here a scenario, which is data, meets a variant, which is code, on a backend, which is a tool. Nothing of
//! it knows which tool that is; the checkers start the actors and decide who runs when.

mod any_subject;
mod attributed;
mod cast;
mod clock;
mod described;
mod exchange;
mod reached;
mod role;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Fact, LogonId, OnBrokenLine, Server, Settings, UserId, Variant};

use crate::backend::Backend;
use crate::judge::{Answer, Call, Errand, Inventory, Property, Rest, Truth, Violation};
use crate::scenario::{self, Scenario};

pub use any_subject::{AnySubject, Subjects};
use attributed::{Attributed, AttributedMonitor};
pub(crate) use attributed::{result_as, result_text, result_type};
pub use cast::Cast;
pub use clock::Clock;
pub(crate) use clock::{AWAIT_SET_UP, BEGIN_SET_UP, TIME_PASSES};
use clock::{Patience, SetUps};
pub use described::Described;
pub(crate) use exchange::client_classes;
pub use exchange::{Types, symmetry};
pub use reached::Reached;
pub(crate) use role::RETURN;
pub use witness::Witness;

/// What is checked: something that builds an allocator on any primitives.
///
/// The variants are subjects, and so is an allocator from outside this workspace.
pub trait Subject: Send + Sync {
    /// Its name in reports, in kebab case.
    fn name(&self) -> &str;

    /// What it does, in one sentence, for lists.
    fn sentence(&self) -> &str {
        "An allocator from outside."
    }

    /// Whether it is wrong on purpose: the matrix expects that one which is not holds, and lets one which is fall.
    fn is_defect(&self) -> bool {
        false
    }

    /// Which of the built-in variants it is. One from outside is none.
    fn variant(&self) -> Option<Variant> {
        None
    }

    /// An allocator around `server`.
    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>>;

    /// Whether it sets up as many sessions at a time as are wanted, whatever the setting says. Then the harness has a
    /// worker for each of them.
    fn creates_without_limit(&self) -> bool {
        false
    }

    /// Whether it treats alike clients alike and compares ids, generations and names for equality alone, as
    /// [`symmetry`] declares. Then a search of states merges those that differ in these alone. An allocator that
    /// hands out the session of the lowest id does not, and a search that merged all the same could miss what is
    /// wrong with it: so nothing is merged for whoever does not say so.
    fn is_symmetric(&self) -> bool {
        false
    }

    /// Adds the types of the allocator's own objects and of what its sections return, for one that
    /// [is symmetric](Subject::is_symmetric): those of which the variants' are known. For any other one they need
    /// nothing but what [`Plain`](logon_core::primitives::Plain) asks for.
    fn describe_types(&self, types: Types) -> Types {
        types
    }

    /// This subject, with a sentence for lists.
    fn described(self, sentence: &'static str) -> Described<Self>
    where
        Self: Sized,
    {
        Described {
            is_defect: self.is_defect(),
            subject: self,
            sentence,
        }
    }

    /// This subject, which is wrong on purpose, and how: the matrix lets it fall, and a page says what is wrong.
    fn wrong_on_purpose(self, sentence: &'static str) -> Described<Self>
    where
        Self: Sized,
    {
        Described {
            is_defect: true,
            ..self.described(sentence)
        }
    }
}

impl Subject for Variant {
    fn name(&self) -> &str {
        Variant::name(*self)
    }

    fn sentence(&self) -> &str {
        Variant::sentence(*self)
    }

    fn is_defect(&self) -> bool {
        Variant::is_defect(*self)
    }

    fn variant(&self) -> Option<Variant> {
        Some(*self)
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Variant::build(*self, server)
    }

    /// Shown for every variant in every preset, up to three clients, by comparison with a search that merges
    /// nothing.
    fn is_symmetric(&self) -> bool {
        true
    }
}

/// An actor that has not begun.
pub struct Actor {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it is: actors of one class differ in their names alone.
    pub class: String,
    /// Whether it takes a step only where nobody else can: time.
    pub is_idle: bool,
    /// What it does.
    pub body: Box<dyn FnOnce() + Send>,
}

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
        let cast = Arc::new(Cast::of(scenario));
        let workers = match subject.creates_without_limit() {
            true => scenario.server.idle_pool + cast.logons(),
            false => scenario.server.creation_workers,
        };
        let truth = Truth {
            creation_workers: workers,
            ..cast.truth(scenario)
        };
        let mut witness = Witness::new(truth, keeps_journal);
        witness.reached = reached.clone();
        let ending =
            scenario.clients.len() + scenario.administrators.len() + scenario.cutters.len();
        let timers = scenario.timers.iter();
        let timers = timers.map(|timer| cast.user(timer.expires.as_str()));
        let flags = |count: usize| (0..count).map(|_| AtomicBool::new(false)).collect();
        let stage = Stage {
            allocator: subject.build::<Attributed<B>, _>(Server::new(settings(scenario), witness)),
            license_desk_closed: Arc::new(Monitor::new("license desk", false)),
            clock: scenario
                .time
                .map(|time| Arc::new(Monitor::new("clock", Clock::new(time.processors)))),
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

    fn actors(&self, scenario: &Arc<Scenario>) -> Vec<Actor> {
        let mut actors = Vec::new();
        let mut add = |name: String, class: String, body: Box<dyn FnOnce() + Send>| {
            let body = Box::new(move || {
                attributed::begin(Errand::of(Call::Nobody));
                body();
            });
            let is_idle = name == TIME;
            actors.push(Actor {
                name,
                class,
                is_idle,
                body,
            });
        };
        for (index, client) in scenario.clients.iter().enumerate() {
            let allocator = Arc::clone(&self.allocator);
            let desk = Arc::clone(&self.license_desk_closed);
            let finished = Arc::clone(&self.finished);
            let logons = self.cast.logons_of(index);
            let user = self.cast.user(client.user.as_str());
            let answers = Arc::clone(&self.answers);
            let await_licenses = Arc::clone(&self.await_licenses);
            let script = client.clone();
            let reached = self.reached.clone();
            let (clock, time) = (self.clock.clone(), scenario.time);
            let body = move || {
                let equipment = role::Equipment {
                    patience: clock.as_deref().zip(time).map(|(clock, time)| Patience {
                        clock,
                        length: time.patience,
                    }),
                    user,
                    closed: &*desk,
                    awaits_license: &await_licenses[index],
                    answers: &answers,
                    reached: &reached,
                };
                role::client(&*allocator, &script, logons, &equipment);
                finished[index].store(true, Ordering::SeqCst);
            };
            add(
                client.name.to_string(),
                exchange::client_class(client, scenario),
                Box::new(body),
            );
        }
        for (index, administrator) in scenario.administrators.iter().enumerate() {
            let allocator = Arc::clone(&self.allocator);
            let (scenario, cast) = (Arc::clone(scenario), Arc::clone(&self.cast));
            let script = administrator.script.clone();
            let finished = Arc::clone(&self.finished);
            let number = self.clients + index;
            let reached = self.reached.clone();
            let body = move || {
                role::administrator(&*allocator, &script, &scenario, &cast, &reached);
                finished[number].store(true, Ordering::SeqCst);
            };
            add(
                administrator.name.to_string(),
                format!("administrator {index}"),
                Box::new(body),
            );
        }
        for (index, cutter) in scenario.cutters.iter().enumerate() {
            let allocator = Arc::clone(&self.allocator);
            let victim = scenario
                .clients
                .iter()
                .position(|client| client.name == cutter.cuts);
            let logons = self
                .cast
                .logons_of(victim.expect("a checked scenario names its clients"));
            let logons: Vec<LogonId> = logons.collect();
            let finished = Arc::clone(&self.finished);
            let number = self.clients + scenario.administrators.len() + index;
            let body = move || {
                role::cutter(&*allocator, &logons);
                finished[number].store(true, Ordering::SeqCst);
            };
            add(
                cutter.name.to_string(),
                format!("cutter of {}", cutter.cuts),
                Box::new(body),
            );
        }
        for (index, timer) in scenario.timers.iter().enumerate() {
            let allocator = Arc::clone(&self.allocator);
            let reached = self.reached.clone();
            let (timers, closing) = (Arc::clone(&self.timers), Arc::clone(&self.closing));
            let body = move || {
                let (user, has_noticed) = &timers[index];
                role::timer(&*allocator, *user, &closing, has_noticed, &reached);
            };
            add(
                timer.name.to_string(),
                format!("timer of {}", timer.expires),
                Box::new(body),
            );
        }
        for index in 0..self.workers {
            let allocator = Arc::clone(&self.allocator);
            let set_ups = self.clock.as_ref().zip(scenario.time);
            let loader = role::Loader {
                failing: scenario.server.failing_creations.clone(),
                set_ups: set_ups.map(|(clock, time)| SetUps {
                    clock: Arc::clone(clock),
                    length: time.set_up,
                }),
            };
            let body = move || role::worker(&*allocator, &loader);
            add(worker_name(index), "worker".to_owned(), Box::new(body));
        }
        let wakes = scenario.server.spurious_wakes;
        if wakes > 0 {
            let allocator = Arc::clone(&self.allocator);
            let reached = self.reached.clone();
            let body = move || role::spurious_waker(&*allocator, wakes, &reached);
            add(
                SPURIOUS_WAKER.to_owned(),
                "spurious waker".to_owned(),
                Box::new(body),
            );
        }
        if let Some(clock) = &self.clock {
            let (allocator, patience) = (Arc::clone(&self.allocator), Arc::clone(clock));
            let body = move || clock::impatience(&*allocator, &*patience);
            add(PATIENCE.to_owned(), PATIENCE.to_owned(), Box::new(body));
            let (allocator, clock) = (Arc::clone(&self.allocator), Arc::clone(clock));
            let body = move || clock::time(&*allocator, &*clock);
            add(TIME.to_owned(), TIME.to_owned(), Box::new(body));
        }
        actors
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

    /// Judges the present state as one in which nobody can move, and gives everything that has fallen.
    pub fn judge_rest(&self) -> Vec<Violation> {
        let (mut judge, inventory) = self.peek(|server| {
            let stock = self.allocator.stock(server);
            (server.observer().judge.clone(), Inventory::from(stock))
        });
        if judge.violations().is_empty() {
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
            judge.rest(&Rest {
                unfinished,
                unlicensed,
                others_unfinished,
                timed: waiting.map(|&(user, _)| user).collect(),
                answers,
                inventory,
            });
        }
        judge.violations().to_vec()
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

/// Who wakes the others for no reason. No scenario can name an actor like this: names have no space.
const SPURIOUS_WAKER: &str = "spurious waker";

/// Who hangs up for clients that lose patience. The space keeps it from being the name of an actor of a scenario.
const PATIENCE: &str = "lost patience";

/// Who lets time pass. Likewise.
const TIME: &str = "the clock";

fn worker_name(index: u32) -> String {
    if index == 0 {
        "worker".to_owned()
    } else {
        format!("worker-{}", index + 1)
    }
}

fn on_broken_line(written: scenario::OnBrokenLine) -> OnBrokenLine {
    match written {
        scenario::OnBrokenLine::Disconnect => OnBrokenLine::Disconnect,
        scenario::OnBrokenLine::Reset => OnBrokenLine::Reset,
    }
}

fn settings(scenario: &Scenario) -> Settings {
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
