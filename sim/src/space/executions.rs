//! Executions from scratch beside a complete search: what was overlooked on one way shows itself on another.
//!
//! A search goes one way to each state, and judges each rest after one of the executions that come to it. Here other ways
//! are gone: some at random; long ones, for whoever goes round for ever; and all of them, if they are few. Those at random
//! and the long ones are compared step by step with what the search claims to be everything; of all of them each state is
//! judged, and how many there are is compared. The rest of each is judged.

use super::StateWatch;
use super::halt::{Counts, Halt, Monitor, general_fault};
use super::search::{Spot, Walk};
use super::seen::StateId;
use super::state::SharedState;
use super::verify::retrace;
use super::words::mix;
use crate::context::{self, Mode};
use crate::engine::Engine;
use crate::fault::FaultKind;
use crate::observed::Objects;
use crate::program::{Actors, Program, Watch, judge_panic};
use crate::silence::{self, Silence};
use crate::simulation::{Config, Verdict};
use crate::step::{ActorId, Offer, Step, Turn};

/// How many executions at random a search makes in the end, however small it was.
const FEWEST_AT_RANDOM: u64 = 10;

/// And however large.
const MOST_AT_RANDOM: u64 = 1_000;

/// How many steps one of them may take, and twice as many as the farthest state is away if that is more; but never more
/// than [`Search::max_steps_of_rounds`](super::Search::max_steps_of_rounds).
const FEWEST_STEPS: usize = 1_000;

/// One in so many of the steps after those is looked at as closely as each of those: its section is called twice, and
/// the state after it is compared by what it prints. What is carried from round to round shows in every later round.
const FAR_ONE_IN: u64 = 16;

/// How many of the actors that go round for ever are given an execution in which they go first.
const MOST_LONG: usize = 4;

/// How often whoever may end the search is asked.
const BETWEEN_QUESTIONS: usize = 16;

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Looks for what a complete search has not seen.
    pub(super) fn look_again(
        &mut self,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        if self.config.check_one_in == 0 {
            return Ok(());
        }
        let share = self.seen.len() as u64 / (10 * u64::from(self.config.check_one_in));
        let executions = share.clamp(FEWEST_AT_RANDOM, MOST_AT_RANDOM);
        let deepest = self.progress.depths.iter().max();
        let deepest = deepest.map_or(0, |depth| *depth as usize);
        for number in 0..executions {
            self.within_limits(self.seen.len(), monitor)?;
            let most = FEWEST_STEPS.max(2 * deepest);
            let most = most.min(self.config.max_steps_of_rounds);
            self.run_at_random(number, most, None, counts, monitor)?;
        }
        self.progress.random_executions = executions;
        match self.graph.maximal_paths() {
            Some(paths)
                if paths.saturating_mul(deepest as u128)
                    > u128::from(self.config.max_steps_of_all) =>
            {
                Ok(())
            }
            // Whoever is told of every state is told nothing of these, and in a hurry.
            Some(_) if self.chronicler.is_some() => Ok(()),
            Some(paths) => self.run_all(paths, counts, monitor),
            None => self.run_round(executions, counts, monitor),
        }
    }

    /// Lets each actor that goes round for ever go round often.
    fn run_round(
        &mut self,
        number: u64,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let actors = self.coroutines.actors.iter().map(|info| info.id);
        let round: Vec<ActorId> = actors.filter(|&id| self.locals.goes_round(id)).collect();
        for (number, first) in (number..).zip(round.into_iter().take(MOST_LONG)) {
            let most = self.config.max_steps_of_rounds;
            self.run_at_random(number, most, Some(first), counts, monitor)?;
        }
        Ok(())
    }

    /// Takes at most `most` steps at random, or those of `first` whenever it can go on, until nobody can; and compares
    /// each state with the search, and with an execution from scratch.
    fn run_at_random(
        &mut self,
        number: u64,
        most: usize,
        first: Option<ActorId>,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        let mut path: Vec<Turn> = Vec::new();
        let mut states = vec![self.initial.clone()];
        let mut is_at_rest = false;
        let mut at = StateId(0);
        while path.len() < most {
            if path.len() % BETWEEN_QUESTIONS == BETWEEN_QUESTIONS - 1 {
                self.within_limits(self.seen.len(), monitor)?;
            }
            let state = states.last().expect("the initial state is there");
            let shared = SharedState {
                objects: &state.objects,
            };
            match self.watch.in_state(&shared) {
                Some(verdict) if counts(&verdict) => {
                    return Err(overlooked("a violation", path.len()));
                }
                Some(_) => break,
                None => {}
            }
            let enabled = self.coroutines.enabled(state);
            if enabled.is_empty() {
                is_at_rest = true;
                break;
            }
            let draw = mix(mix(self.config.seed, number), path.len() as u64);
            let drawn = enabled[(draw % enabled.len() as u64) as usize];
            let actor = first
                .filter(|first| enabled.contains(first))
                .unwrap_or(drawn);
            // By a draw of its own: the first one has chosen the actor.
            let is_close =
                path.len() < FEWEST_STEPS || mix(draw, number).is_multiple_of(FAR_ONE_IN);
            let mut checks = self.checks();
            checks.twice &= is_close;
            let mut turn = Turn::of(actor);
            let (mut taken, ways) = self.take_step(state, turn, checks)?;
            if ways > 1 {
                // By a draw of its own once more.
                turn.way = u32::try_from(mix(draw, 1) % u64::from(ways)).expect("less than ways");
                (taken, _) = self.take_step(state, turn, checks)?;
            }
            let after = match taken {
                Ok(after) => after,
                Err(verdict) if counts(&verdict) => {
                    return Err(overlooked("a panic", path.len()));
                }
                Err(_) => break,
            };
            let known = match self.recognize(&after, is_close)? {
                Some(id) => Some(id),
                None => self.seen.number_of(&self.key),
            };
            let Some(to) = known else {
                return Err(overlooked("a state one step", path.len()));
            };
            if !self.graph.successors(at).any(|(_, next)| next == to) {
                return Err(overlooked("a step", path.len()));
            }
            at = to;
            path.push(turn);
            states.push(after);
        }
        self.spot = Spot::Path(path.clone());
        let mut says_nothing = None;
        let mut hear = |watch: &mut P::Watch, step: &Step| {
            let (verdict, noted) = silence::heard(|| watch.after_step(step));
            let silent = noted.has(Silence::AFTER_STEP);
            says_nothing.get_or_insert(silent);
            match verdict {
                // No state before the last was objected to, and that one only by what does not count.
                Some(verdict) if counts(&verdict) => {
                    Err(general_fault(FaultKind::JudgesStepsOtherwise {
                        verdict: format!("{verdict:?}"),
                    }))
                }
                _ => Ok(()),
            }
        };
        let verdict = retrace(
            self,
            &path,
            |step| states.get(step),
            Some(&mut hear),
            |watch, engine| {
                let judged = is_at_rest.then(|| watch.at_rest(&engine.rest()));
                judged.flatten()
            },
            monitor,
        )?;
        // Whose verdict can be none judges nothing.
        let can_judge = size_of::<Option<Verdict<P>>>() > 0;
        if says_nothing == Some(false) && can_judge && !self.judges_states {
            return Err(general_fault(FaultKind::JudgesStepsAlone).into());
        }
        match verdict {
            Some(verdict) if counts(&verdict) => Err(overlooked("a violation at rest", path.len())),
            _ => Ok(()),
        }
    }

    /// Runs every execution, of which the search says that there are so many `paths`.
    fn run_all(
        &mut self,
        paths: u128,
        counts: Counts<'_, Verdict<P>>,
        monitor: Monitor<'_>,
    ) -> Result<(), Halt<Verdict<P>>> {
        // For each step of an execution, which of the ways to go on was gone, and how many there were.
        let mut choices: Vec<(usize, usize)> = Vec::new();
        let mut executions: u128 = 0;
        let mut runs: u128 = 0;
        // What leads nowhere is no way of the graph.
        let mut is_cut_short = self.progress.panics > 0;
        loop {
            runs += 1;
            if runs.is_multiple_of(BETWEEN_QUESTIONS as u128) {
                self.within_limits(self.seen.len(), monitor)?;
            }
            match self.run_one(&mut choices, counts)? {
                Ending::AtRest => executions += 1,
                Ending::CutShort => {
                    is_cut_short = true;
                    executions += 1;
                }
                Ending::Panicked => {}
            }
            while let Some((taken, of)) = choices.pop() {
                if taken + 1 < of {
                    choices.push((taken + 1, of));
                    break;
                }
            }
            if choices.is_empty() {
                break;
            }
            if executions > paths {
                break;
            }
        }
        // A search sees nothing of what is judged after steps alone, and what follows it is not executed.
        if executions > paths || executions < paths && !is_cut_short {
            let state = format!("one of {executions} executions, where there are {paths} ways,");
            return Err(general_fault(FaultKind::Overlooked { state }).into());
        }
        self.progress.all_executions = Some(executions);
        Ok(())
    }

    /// Runs one execution along `choices`, and on by the first choice of each further step.
    fn run_one(
        &mut self,
        choices: &mut Vec<(usize, usize)>,
        counts: Counts<'_, Verdict<P>>,
    ) -> Result<Ending, Halt<Verdict<P>>> {
        let config = Config {
            stack_size: self.config.stack_size,
            check_waits: self.config.check_waits,
            ..Config::default()
        };
        let _execution = context::begin_execution();
        let mut new_actors = Vec::new();
        let mut watch = {
            let _start = context::enter(Mode::Start);
            self.program.start(&mut Actors::new(&mut new_actors))
        };
        let (mut engine, started) = Engine::start(config, self.coroutines.pool(), new_actors);
        started?;
        let longest = self.seen.len();
        let mut path = Vec::new();
        for taken in 0.. {
            let enabled = engine.offers();
            if enabled.is_empty() {
                let verdict = watch.at_rest(&engine.rest());
                return match verdict {
                    Some(verdict) if counts(&verdict) => {
                        self.spot = Spot::Path(path);
                        Err(overlooked("a violation at rest", taken))
                    }
                    _ => Ok(Ending::AtRest),
                };
            }
            if taken > longest {
                return Err(overlooked("more steps than there are states", taken));
            }
            let turns: Vec<Turn> = enabled.iter().flat_map(Offer::turns).collect();
            if taken == choices.len() {
                choices.push((0, turns.len()));
            }
            let (choice, of) = choices[taken];
            if of != turns.len() {
                return Err(general_fault(FaultKind::Unrepeatable {
                    expected: format!("{of} ways to go on after {taken} steps"),
                    found: turns.len().to_string(),
                })
                .into());
            }
            let turn = turns[choice];
            path.push(turn);
            let (step, settled) = engine.step(turn, None, enabled);
            if let Err(fault) = settled {
                self.spot = Spot::Path(path);
                let judged = judge_panic(&mut watch, &self.coroutines.actors, &fault);
                choices.truncate(taken + 1);
                return match judged {
                    Some(verdict) if counts(&verdict) => Err(overlooked("a panic", taken + 1)),
                    Some(_) => Ok(Ending::Panicked),
                    None => Err(fault.into()),
                };
            }
            // What is hidden from the states may show in one order of the steps alone.
            let in_state = |watch: &mut P::Watch| {
                let is_asked = self.judges_states;
                is_asked
                    .then(|| watch.in_state(&Objects::of(&engine).state()))
                    .flatten()
            };
            let verdict = watch.after_step(&step).or_else(|| in_state(&mut watch));
            match verdict {
                Some(verdict) if counts(&verdict) => {
                    self.spot = Spot::Path(path);
                    return Err(overlooked("a violation", taken + 1));
                }
                Some(_) => {
                    choices.truncate(taken + 1);
                    return Ok(Ending::CutShort);
                }
                None => {}
            }
        }
        unreachable!("every execution ends")
    }
}

/// How an execution ended.
enum Ending {
    /// Nobody can go on.
    AtRest,
    /// With a verdict that does not count.
    CutShort,
    /// With a panic, and a verdict on it that does not count.
    Panicked,
}

fn overlooked<V>(what: &str, steps: usize) -> Halt<V> {
    let state = format!("{what} after {steps} steps");
    general_fault(FaultKind::Overlooked { state }).into()
}
