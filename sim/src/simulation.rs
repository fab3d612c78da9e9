//! Simulations: running a program under a scheduler, once or as often as it has schedules.

use std::ops::ControlFlow;
use std::rc::Rc;

use crate::context::{self, Mode};
use crate::coroutine::{HOST_STACK, StackPool, on_own_stack};
use crate::engine::Engine;
use crate::execution::{End, EndKind, Execution};
use crate::fault::{Fault, FaultKind, general_fault};
use crate::panic;
use crate::program::{Actors, Program, Watch, judge_panic};
use crate::scheduler::{Choice, Ending, Point, Scheduler};
use crate::step::{ActorInfo, Step, Turn};

/// The verdict of a program's watch.
pub type Verdict<P> = <<P as Program>::Watch as Watch>::Verdict;

/// How executions are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// An execution ends with [`End::StepLimit`] rather than take more steps than this.
    pub max_steps: usize,
    /// Bytes of stack for each actor. Only pages that are used take memory; an overflow hits a guard page.
    pub stack_size: usize,
    /// Whether a `wait_for` that yields nothing is checked to have changed nothing.
    pub check_waits: bool,
    /// Whether each section is first called on two clones of the state, which must agree.
    pub check_sections_twice: bool,
    /// Whether steps record the state and the result in words.
    pub record_values: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_steps: 10_000,
            stack_size: 1 << 20,
            check_waits: true,
            check_sections_twice: false,
            record_values: false,
        }
    }
}

/// Somebody who is shown each step of one execution, after its watch.
pub(crate) trait Observer<W: Watch> {
    /// Looks before the first step.
    fn at_start(&mut self, watch: &mut W, engine: &Engine) {
        let _ = (watch, engine);
    }

    /// Looks after a step; a verdict ends the execution, if the watch has none.
    fn after_step(&mut self, watch: &mut W, step: &Step, engine: &Engine) -> Option<W::Verdict>;
}

/// Nobody observes.
impl<W: Watch> Observer<W> for () {
    fn after_step(&mut self, _: &mut W, _: &Step, _: &Engine) -> Option<W::Verdict> {
        None
    }
}

/// Limits of an exploration; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How many executions at most.
    pub executions: Option<u64>,
    /// After how many steps, over all executions, no further execution begins.
    pub steps: Option<u64>,
}

impl Limits {
    /// No limits, for a scheduler that ends by itself.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// At most `executions` executions.
    #[must_use]
    pub fn executions(executions: u64) -> Self {
        Self {
            executions: Some(executions),
            ..Self::default()
        }
    }
}

/// What an exploration did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exploration {
    /// How many executions it ran.
    pub executions: u64,
    /// How many steps they took.
    pub steps: u64,
    /// How many of them were cut short, by the limit on steps or by the scheduler.
    pub cut_short: u64,
    /// Why it ended.
    pub stop: Stop,
}

impl Exploration {
    /// Whether the scheduler ran every execution it had, each to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stop == Stop::SchedulerDone && self.cut_short == 0
    }
}

/// Why an exploration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The scheduler has no more executions.
    SchedulerDone,
    /// The limit on executions was reached, and there are more.
    ExecutionLimit,
    /// The limit on steps was reached, and there are more executions.
    StepLimit,
    /// An execution diverged: the program is not the one scheduled or not deterministic.
    Diverged,
    /// The caller had seen enough.
    Caller,
}

/// Runs programs. It owns the stacks of the actors and uses them again for each execution.
pub struct Simulation {
    config: Config,
    pool: Rc<StackPool>,
    /// For all that is not an actor's.
    host: StackPool,
    /// The most steps of an execution so far, to reserve room for the next one's.
    most_steps: usize,
}

impl Default for Simulation {
    fn default() -> Self {
        Self::new(Config::default())
    }
}

impl Simulation {
    /// A simulation without any stacks yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        panic::install_hook();
        Self {
            config,
            pool: Rc::new(StackPool::new(config.stack_size)),
            host: StackPool::new(HOST_STACK),
            most_steps: 0,
        }
    }

    /// How many stacks for actors it has: as many as the most actors any execution had at once.
    #[must_use]
    pub fn stacks_created(&self) -> usize {
        self.pool.size()
    }

    /// Runs the scheduler's next execution. If it has none, the execution is abandoned before it begins.
    ///
    /// # Panics
    ///
    /// If called inside another execution, if the program's start or its watch panics, or if the scheduler
    /// chooses an actor that cannot go on.
    pub fn run_once<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &mut self,
        program: &P,
        scheduler: &mut S,
    ) -> Execution<Verdict<P>> {
        self.run_once_observed(program, scheduler, &mut ())
    }

    /// As [`Simulation::run_once`]; `observer` is shown each step and where the execution stands after it.
    pub(crate) fn run_once_observed<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &mut self,
        program: &P,
        scheduler: &mut S,
        observer: &mut dyn Observer<P::Watch>,
    ) -> Execution<Verdict<P>> {
        if scheduler.begin() {
            self.execute(program, scheduler, observer)
        } else {
            Execution {
                actors: Vec::new(),
                steps: Vec::new(),
                end: End::Abandoned,
            }
        }
    }

    /// Runs executions until the scheduler has no more, a limit is reached, one diverges, or
    /// `on_execution`, which is shown each, breaks.
    ///
    /// # Panics
    ///
    /// As [`Simulation::run_once`].
    pub fn explore<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &mut self,
        program: &P,
        scheduler: &mut S,
        limits: Limits,
        on_execution: impl FnMut(&Execution<Verdict<P>>) -> ControlFlow<()>,
    ) -> Exploration {
        self.explore_observed(program, scheduler, limits, &mut (), on_execution)
    }

    /// As [`Simulation::explore`]; `observer` is shown each step and where the execution stands after it.
    pub(crate) fn explore_observed<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &mut self,
        program: &P,
        scheduler: &mut S,
        limits: Limits,
        observer: &mut dyn Observer<P::Watch>,
        mut on_execution: impl FnMut(&Execution<Verdict<P>>) -> ControlFlow<()>,
    ) -> Exploration {
        let mut done = Exploration {
            executions: 0,
            steps: 0,
            cut_short: 0,
            stop: Stop::SchedulerDone,
        };
        while scheduler.begin() {
            if limits
                .executions
                .is_some_and(|limit| done.executions >= limit)
            {
                return Exploration {
                    stop: Stop::ExecutionLimit,
                    ..done
                };
            }
            if limits.steps.is_some_and(|limit| done.steps >= limit) {
                return Exploration {
                    stop: Stop::StepLimit,
                    ..done
                };
            }
            let execution = self.execute(program, scheduler, observer);
            done.executions += 1;
            done.steps += execution.steps.len() as u64;
            let kind = execution.end.kind();
            done.cut_short += u64::from(matches!(kind, EndKind::StepLimit | EndKind::Abandoned));
            let flow = on_execution(&execution);
            if kind == EndKind::Diverged {
                return Exploration {
                    stop: Stop::Diverged,
                    ..done
                };
            }
            if flow.is_break() {
                return Exploration {
                    stop: Stop::Caller,
                    ..done
                };
            }
        }
        done
    }

    fn execute<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &mut self,
        program: &P,
        scheduler: &mut S,
        observer: &mut dyn Observer<P::Watch>,
    ) -> Execution<Verdict<P>> {
        let mut actors = Vec::new();
        let mut steps = Vec::with_capacity(self.most_steps);
        let perform = || {
            panic::watch_values(|| {
                self.perform(program, scheduler, observer, &mut actors, &mut steps)
            })
        };
        let mut end = match on_own_stack(&self.host, perform) {
            Ok(Ok(end)) => end,
            Ok(Err(fault)) => End::Fault(*fault),
            Err(kind) => End::Fault(*general_fault(kind)),
        };
        self.most_steps = self.most_steps.max(steps.len());
        let divergence = scheduler.end(&Ending {
            steps: &steps,
            kind: end.kind(),
        });
        if let Some(divergence) = divergence {
            end = End::Diverged(divergence);
        }
        Execution { actors, steps, end }
    }

    /// Sets an execution up, runs it, and gives everything back.
    fn perform<P: Program + ?Sized, S: Scheduler + ?Sized>(
        &self,
        program: &P,
        scheduler: &mut S,
        observer: &mut dyn Observer<P::Watch>,
        actors: &mut Vec<ActorInfo>,
        steps: &mut Vec<Step>,
    ) -> End<Verdict<P>> {
        // Held until everything of the execution has been dropped, also when a panic passes.
        let _execution = context::begin_execution();
        let mut new_actors = Vec::new();
        let mut watch = {
            let _start = context::enter(Mode::Start);
            program.start(&mut Actors::new(&mut new_actors))
        };
        actors.extend(new_actors.iter().map(|actor| actor.info.clone()));
        let (mut engine, started) = Engine::start(self.config, &self.pool, new_actors);
        let end = match started {
            Ok(()) => self.run(
                &mut engine,
                actors,
                &mut watch,
                (scheduler, observer),
                steps,
            ),
            Err(fault) => ended_by(*fault, &mut watch, actors),
        };
        drop(engine);
        match (context::take_caught(), end) {
            (Some(_), end @ (End::Fault(_) | End::Stopped { .. } | End::Diverged(_))) => end,
            (Some(site), _) => End::Fault(*general_fault(FaultKind::CaughtEnd(site))),
            (None, end) => end,
        }
    }

    /// Takes steps until the execution ends.
    fn run<W: Watch, S: Scheduler + ?Sized>(
        &self,
        engine: &mut Engine,
        actors: &[ActorInfo],
        watch: &mut W,
        (scheduler, observer): (&mut S, &mut dyn Observer<W>),
        steps: &mut Vec<Step>,
    ) -> End<W::Verdict> {
        observer.at_start(watch, engine);
        loop {
            let enabled = engine.offers();
            if enabled.is_empty() {
                let rest = engine.rest();
                return match watch.at_rest(&rest) {
                    Some(verdict) => End::Stopped {
                        verdict,
                        rest: Some(rest),
                    },
                    None => End::Rest(rest),
                };
            }
            if steps.len() >= self.config.max_steps {
                return End::StepLimit;
            }
            let point = Point {
                number: steps.len() + 1,
                previous: engine.previous(),
                enabled: &enabled,
                actors,
                engine,
            };
            let (turn, reading) = match scheduler.choose(&point) {
                Choice::Run(actor) => (Turn::of(actor), None),
                Choice::RunWay(turn) => (turn, None),
                Choice::RunReading(actor, value) => (Turn::of(actor), Some(value)),
                Choice::Stop => return End::Abandoned,
                Choice::Diverge(divergence) => return End::Diverged(divergence),
            };
            let (step, settled) = engine.step(turn, reading, enabled);
            if let Err(fault) = settled {
                steps.push(step);
                return ended_by(*fault, watch, actors);
            }
            let verdict = watch.after_step(&step);
            let fell = observer.after_step(watch, &step, engine);
            steps.push(step);
            if let Some(verdict) = verdict.or(fell) {
                let is_at_rest = engine.offers().is_empty();
                return End::Stopped {
                    verdict,
                    rest: is_at_rest.then(|| engine.rest()),
                };
            }
        }
    }
}

/// The end of an execution in a fault, which a watch may take for a violation.
fn ended_by<W: Watch>(fault: Fault, watch: &mut W, actors: &[ActorInfo]) -> End<W::Verdict> {
    match judge_panic(watch, actors, &fault) {
        Some(verdict) => End::Stopped {
            verdict,
            rest: None,
        },
        None => End::Fault(fault),
    }
}
