//! A run: the loop of steps and moments, and what it comes to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use logon_core::{Fact, Server};
use logon_sim::timed::{HoldUp, Key, Stepped, Timed, on_own_stack};
use logon_sim::{Fault, FaultKind};

use super::LongJudge;
use super::agenda::Event;
use super::calls::{Callers, LongAllocator};
use super::result::Progress;
use super::witness::{Ear, Hearing, heard};
use super::world::{Shared, World};
use crate::judge::{Pace, Truth, Violation};
use crate::scenario::{Plan, PlannedArrivals, Scenario};
use crate::stage::{AnySubject, Subject, settings};

/// Bytes of stack for each call that is under way: as much as in a check. What is not used takes no memory.
const STACK: usize = 1 << 20;

/// Whoever does not spin comes to rest at a moment after fewer steps: so many, and so many more for each two calls under way.
/// Where all wait for one lock, each who gives it back wakes all others.
const STEPS: u64 = 1_000_000;
const STEPS_OF_PAIRS: u64 = 8;

/// What was told in a step, for whoever keeps the last of them.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) now: u64,
    pub(super) step: Stepped,
    pub(super) facts: Vec<Fact>,
}

/// Picks who takes the next step, at a time, of those who can go on: each with the name of its actor and its label. `None`:
/// none of them; then whoever may owe a look to an update is offered as well, and if none of those is picked, time passes.
pub type Choose<'a> = dyn FnMut(u64, &[(String, &'static str)]) -> Option<usize> + 'a;

/// What to run, and how.
pub(super) struct Order<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) plan: Plan,
    /// Whether the run ends with the first violation.
    pub(super) stops: bool,
    /// Where it is noted how far the run has come.
    pub(super) progress: Option<Arc<Progress>>,
}

/// A property that fell, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fell {
    pub(super) at: u64,
    pub(super) violations: Vec<Violation>,
    /// How many connections there had been.
    pub(super) arrived: u64,
}

/// What a run came to.
pub(super) struct Run {
    pub(super) world: World,
    pub(super) fell: Option<Fell>,
    /// How many steps were taken.
    pub(super) steps: u64,
    /// How many stacks there were.
    pub(super) stacks: usize,
    /// How many admissions and refusals the judge could not decide.
    pub(super) unjudged: u64,
    /// Whether words were used with orders weaker than `SeqCst`.
    pub(super) uses_weaker_orders: bool,
}

/// A run that is under way.
pub(super) struct Running<'a> {
    pub(super) engine: Timed,
    pub(super) world: Shared,
    pub(super) callers: Callers,
    pub(super) arrivals: PlannedArrivals,
    pub(super) fell: Option<Fell>,
    pub(super) next_logon: u32,
    /// Whether more workers come as long as none is idle.
    creates_without_limit: bool,
    pub(super) order: &'a Order<'a>,
    /// Who took the last step.
    stepped: Key,
    /// How many steps there were when a moment was judged last.
    pub(super) steps_judged: u64,
    /// The facts of a step, and room for the next one's.
    facts: Vec<Fact>,
    watch: &'a mut dyn FnMut(&Told),
    choose: Option<&'a mut Choose<'a>>,
}

/// Runs an allocator. `watch` is shown each step in which something was told.
///
/// # Errors
///
/// A panic of the allocator, or a rule of the primitives that it broke.
pub(super) fn run(
    subject: &AnySubject,
    order: &Order<'_>,
    watch: &mut dyn FnMut(&Told),
) -> Result<Run, Box<Fault>> {
    run_choosing(subject, order, watch, None)
}

/// As [`run`], by somebody who chooses.
fn run_choosing<'a>(
    subject: &AnySubject,
    order: &'a Order<'_>,
    watch: &'a mut dyn FnMut(&Told),
    choose: Option<&'a mut Choose<'a>>,
) -> Result<Run, Box<Fault>> {
    let plan = Rc::new(order.plan.clone());
    let creates_without_limit = subject.creates_without_limit();
    let truth = truth(order.scenario, &plan, creates_without_limit);
    // It lives longest: whoever is unwound at the end may still be heard.
    let _hearing = Hearing::begin(LongJudge::with_records(truth));
    on_own_stack(|| {
        let mut running = Running::of(subject, order, &plan, watch, choose);
        running.go()?;
        running.end()
    })?
}

impl<'a> Running<'a> {
    /// A run in which nothing has happened.
    fn of(
        subject: &AnySubject,
        order: &'a Order<'_>,
        plan: &Rc<Plan>,
        watch: &'a mut dyn FnMut(&Told),
        choose: Option<&'a mut Choose<'a>>,
    ) -> Self {
        let time = plan.time();
        let hold_up = time.hold_up.map(|hold_up| HoldUp {
            one_in: hold_up.one_in,
            up_to: hold_up.up_to,
        });
        let mut engine = Timed::new(time.seed.into(), hold_up, STACK);
        engine.names(super::calls::name_of);
        let server = Server::new(settings(order.scenario), Ear::default());
        let allocator: LongAllocator = engine.set_up(|| subject.build_long(server));
        engine.wakes_by_key(allocator.server().inner());
        let world: Shared = Rc::new(RefCell::new(World::new(Rc::clone(plan))));
        let callers = Callers::new(allocator, Rc::clone(&world), &engine);
        Running {
            arrivals: plan.arrivals(),
            engine,
            world,
            callers,
            fell: None,
            next_logon: 0,
            creates_without_limit: subject.creates_without_limit(),
            order,
            stepped: Key(0),
            steps_judged: 0,
            facts: Vec::new(),
            watch,
            choose,
        }
    }
}

fn truth(scenario: &Scenario, plan: &Plan, creates_without_limit: bool) -> Truth {
    let (server, time) = (&scenario.server, plan.time());
    Truth {
        max_connections: server.max_connections,
        idle_pool: server.idle_pool,
        creation_workers: match creates_without_limit {
            true => u32::MAX,
            false => server.creation_workers,
        },
        logons_enabled: server.logons_enabled,
        failing_creations: Some(BTreeSet::new()),
        on_broken_line: crate::stage::on_broken_line(server.on_broken_line),
        pace: Some(Pace {
            processors: time.processors,
            workers: server.creation_workers,
            set_up: time.set_up.to,
            hold_up: time.hold_up.map_or(0, |hold_up| hold_up.up_to),
            slack: time.burst_slack,
        }),
        calls: true,
        ..Truth::default()
    }
}

impl Running<'_> {
    fn go(&mut self) -> Result<(), Box<Fault>> {
        let workers = self.order.scenario.server.creation_workers;
        for _ in 0..workers {
            self.callers.worker(&mut self.engine)?;
        }
        self.begin();
        // How many steps there were when time passed last.
        let mut before = 0;
        loop {
            let alive = self.engine.alive() as u64;
            let most = STEPS + STEPS_OF_PAIRS * alive * alive;
            while self.step()? {
                let steps = self.engine.steps() - before;
                if steps > most {
                    let actor = super::calls::name_of(self.stepped);
                    let spins = FaultKind::NoTimePasses(steps);
                    return Err(Box::new(Fault::new(actor, None, spins)));
                }
            }
            if self.has_to_stop() {
                return Ok(());
            }
            let next = self.next_moment();
            if next.is_none_or(|next| next > self.engine.now()) && self.moment() {
                // Somebody who had not looked yet may go on.
                continue;
            }
            if self.has_to_stop() || self.is_pointless() {
                return Ok(());
            }
            let Some(next) = next else {
                if self.fell.is_none() && self.engine.look_again() {
                    continue;
                }
                self.rest();
                return Ok(());
            };
            if next > self.engine.now() {
                before = self.engine.steps();
            }
            self.engine.advance(next);
            self.world.borrow_mut().now = next;
            self.happen(next)?;
        }
    }

    /// The first of everything that comes again and again.
    fn begin(&mut self) {
        let mut world = self.world.borrow_mut();
        let plan = Rc::clone(&world.plan);
        if let Some(arrival) = self.arrivals.next() {
            world.agenda.add(arrival.at, Event::Arrives(arrival));
        }
        for (at, event) in [
            (plan.reset_at(0), Event::Resets(0)),
            (plan.disabled(0).map(|(at, _)| at), Event::Disables(0)),
            (plan.slow(0).map(|(at, ..)| at), Event::SlowsDown(0)),
        ] {
            if let Some(at) = at {
                world.agenda.add(at, event);
            }
        }
    }

    /// Takes a step, if anybody can.
    fn step(&mut self) -> Result<bool, Box<Fault>> {
        let (world, facts) = (&self.world, &mut self.facts);
        facts.clear();
        let mut has_fallen = false;
        let mut whom = |keys: &mut Vec<Key>| {
            has_fallen = heard(|heard| {
                std::mem::swap(facts, &mut heard.facts);
                heard.has_fallen()
            });
            world.borrow_mut().hear(facts, keys);
        };
        let stepped = match &mut self.choose {
            None => self.engine.step(whom)?,
            Some(choose) => {
                let now = self.engine.now();
                let offer =
                    |&(key, label): &(Key, &'static str)| (super::calls::name_of(key), label);
                let mut pick = |offers: &[(Key, &'static str)]| {
                    let offers: Vec<_> = offers.iter().map(offer).collect();
                    choose(now, &offers)
                };
                let mut stepped = self.engine.step_of(&mut pick, &mut whom)?;
                if stepped.is_none() && self.engine.look_again() {
                    stepped = self.engine.step_of(&mut pick, &mut whom)?;
                }
                stepped
            }
        };
        let Some(stepped) = stepped else {
            return Ok(false);
        };
        self.stepped = stepped.key;
        if stepped.was_late {
            heard(|heard| heard.judge.forgive_waiting());
        }
        if !self.facts.is_empty() {
            let told = Told {
                now: self.engine.now(),
                step: stepped,
                facts: std::mem::take(&mut self.facts),
            };
            (self.watch)(&told);
            self.facts = told.facts;
        }
        // A section may break a property and tell nothing, and a call may end with a wrong answer.
        if has_fallen || self.world.borrow().is_lied_to {
            self.note_what_fell();
        }
        if self.creates_without_limit && self.world.borrow().idle_workers == 0 {
            self.callers.worker(&mut self.engine)?;
        }
        Ok(!self.has_to_stop())
    }

    fn has_to_stop(&self) -> bool {
        self.order.stops && self.fell.is_some()
    }

    /// Whether a property has fallen and no client is there or will come: what fell may have left a server that goes on for
    /// ever.
    fn is_pointless(&self) -> bool {
        let world = self.world.borrow();
        self.fell.is_some() && world.clients.len() == 0 && !world.agenda.expects_clients()
    }

    pub(super) fn note_what_fell(&mut self) {
        if self.fell.is_none() {
            let violations = heard(|heard| heard.judge.violations().to_vec());
            if !violations.is_empty() {
                self.fell = Some(Fell {
                    at: self.engine.now(),
                    violations,
                    arrived: self.world.borrow().tally.outcomes.arrived,
                });
            }
        }
    }

    fn next_moment(&self) -> Option<u64> {
        let world = self.world.borrow();
        let events = [
            self.engine.next_release(),
            world.processors.next(),
            world.agenda.next(),
        ];
        let next = events.into_iter().flatten().min()?;
        // What comes again and again comes in between.
        let recurrent = world.agenda.next_of_all();
        Some(recurrent.map_or(next, |recurrent| recurrent.min(next)))
    }

    fn end(self) -> Result<Run, Box<Fault>> {
        let Running {
            engine,
            world,
            callers,
            fell,
            ..
        } = self;
        let (steps, stacks) = (engine.steps(), engine.stacks());
        let uses_weaker_orders = engine.uses_weaker_orders();
        world.borrow_mut().happened.hold_ups = engine.hold_ups();
        let unjudged = heard(|heard| heard.judge.unjudged());
        // The actors that are left hold the world.
        engine.end()?;
        drop(callers);
        let world = Rc::try_unwrap(world).ok();
        let world = world.expect("nobody holds it any more").into_inner();
        Ok(Run {
            world,
            fell,
            steps,
            stacks,
            unjudged,
            uses_weaker_orders,
        })
    }
}

/// The facts of a run in which `choose` picks who takes each step, with their times.
///
/// # Errors
///
/// As [`run`].
pub(super) fn facts_choosing<'a>(
    subject: &AnySubject,
    order: &'a Order<'_>,
    choose: &'a mut Choose<'a>,
) -> Result<Vec<(u64, Fact)>, Box<Fault>> {
    let mut all = Vec::new();
    let mut watch = |told: &Told| {
        all.extend(told.facts.iter().map(|fact| (told.now, *fact)));
    };
    run_choosing(subject, order, &mut watch, Some(choose))?;
    Ok(all)
}
