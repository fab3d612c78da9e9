//! What an actor forgets must make no difference: it is run again after other pasts, and compared.
//!
//! At the top of a round, and after a `retry` or a scope, an actor has one local state whatever it learned before. What
//! it does from there on was only ever done by the coroutine that came there by the way that was found first. Here a
//! coroutine of its own comes there by each of the other ways, and by some that forget more than once, and goes on along
//! results that are known. At every point it must be about to do what the other one does, and its section must return and
//! leave the same for the values on which that was called.
//!
//! No lawful program can fail here: what is fed was observed in these very local states, and an actor is a function of
//! what it knows.

use std::sync::Arc;

use super::StateWatch;
use super::halt::{Halt, Monitor};
use super::local::{LocalId, Past};
use super::next::Next;
use super::search::Walk;
use super::words::mix;
use crate::mark::{Body, BodyKind};
use crate::program::Program;
use crate::simulation::Verdict;
use crate::value::Value;

/// How many steps are taken after something was forgotten.
const MOST_AFTER: usize = 60;

/// How many steps a past has at most that forgets more than once.
const MOST_BEFORE: usize = 120;

/// In so many of the first steps after something was forgotten the section is called on all values that are kept.
const CLOSE: usize = 6;

/// How many executions are made of each past, one of them by the shortest way.
const EACH: u64 = 3;

/// Steps are taken until there were so many, and for each of the transitions one in so many more, if nothing but rounds
/// without end is forgotten: those are looked at in long executions as well.
const FEWEST_OF_ROUNDS: u64 = 300;
const ROUNDS_ONE_IN: u64 = 100;

/// The same for what a `retry` or a scope forgets, and no more than [`Search::max_steps_of_all`](super::Search).
const FEWEST: u64 = 5_000;
const FOR_EACH_TRANSITION: u64 = 4;

/// A result on the way to a local state, and what is forgotten with it.
type Fed = (Arc<dyn Value>, LocalId, Option<Body>);

impl<P: Program + ?Sized> Walk<'_, P>
where
    P::Watch: StateWatch,
{
    /// Compares what actors do after pasts that they have forgotten.
    pub(super) fn compare_pasts(&mut self, monitor: Monitor<'_>) -> Result<(), Halt<Verdict<P>>> {
        if self.config.check_one_in == 0 || self.locals.pasts().is_empty() {
            return Ok(());
        }
        let pasts = self.locals.pasts().to_vec();
        let is_of_rounds = |past: &Past| past.body.kind == BodyKind::Forever;
        let transitions = self.progress.transitions;
        let most = match pasts.iter().all(is_of_rounds) {
            true => FEWEST_OF_ROUNDS + transitions / ROUNDS_ONE_IN,
            false => FEWEST + transitions * FOR_EACH_TRANSITION,
        };
        let mut left = most.min(self.config.max_steps_of_all);
        let mut onward: Vec<Vec<(Arc<dyn Value>, LocalId)>> = vec![Vec::new(); self.locals.len()];
        for (from, result, to) in self.locals.followed() {
            onward[from.index()].push((Arc::clone(result), to));
        }
        let mut into: Vec<Vec<usize>> = vec![Vec::new(); self.locals.len()];
        for (number, past) in pasts.iter().enumerate() {
            into[past.to.index()].push(number);
        }
        // Those that forget more than a round come first, and of each kind those in an order that has nothing to do with
        // how they were found.
        let mut order: Vec<usize> = (0..pasts.len()).collect();
        let drawn = |number: &usize| mix(self.config.seed, *number as u64);
        order.sort_by_key(|number| (is_of_rounds(&pasts[*number]), drawn(number)));
        for number in (0..EACH).flat_map(|turn| order.iter().map(move |past| (turn, *past))) {
            let (turn, past) = number;
            if left == 0 {
                break;
            }
            self.within_limits(self.seen.len(), monitor)?;
            let draw = mix(mix(self.config.seed, turn), past as u64);
            let before = self.before(&pasts, &into, past, turn > 0, draw);
            self.go_on_after(before, &onward, draw, &mut left)?;
        }
        Ok(())
    }

    /// The results that lead to where `past` forgets something, and that one: by the shortest way, or by one on which
    /// something is forgotten several times.
    fn before(
        &self,
        pasts: &[Past],
        into: &[Vec<usize>],
        past: usize,
        forgets_often: bool,
        draw: u64,
    ) -> Vec<Fed> {
        let by = |past: &Past| (Arc::clone(&past.result), past.to, Some(past.body));
        let mut fed = vec![by(&pasts[past])];
        let mut at = pasts[past].from;
        loop {
            let others = &into[at.index()];
            let draw = mix(draw, fed.len() as u64);
            // Out of a loop again in the end: at a beginning one goes on by another past as long as there is room.
            let way = self.locals.way(at);
            let takes_other = forgets_often
                && !others.is_empty()
                && fed.len() < MOST_BEFORE
                && (way.is_none() || !draw.is_multiple_of(4));
            if takes_other {
                let other = &pasts[others[(draw >> 8) as usize % others.len()]];
                fed.push(by(other));
                at = other.from;
            } else if let Some((from, result)) = way {
                fed.push((Arc::clone(result), at, None));
                at = from;
            } else {
                break;
            }
        }
        fed.reverse();
        fed
    }

    /// Lets an actor go on after these results, along what is known, and compares it with the other coroutines.
    fn go_on_after(
        &mut self,
        before: Vec<Fed>,
        onward: &[Vec<(Arc<dyn Value>, LocalId)>],
        draw: u64,
        left: &mut u64,
    ) -> Result<(), Halt<Verdict<P>>> {
        let Some((_, to, _)) = before.last() else {
            return Ok(());
        };
        let actor = self.locals.actor(*to);
        let beginning = self.locals.beginning(*to);
        let mut other = self.coroutines.another(&self.locals, beginning)?;
        let mut forgot = None;
        let mut since = 0;
        let mut at = beginning;
        let mut before = before.into_iter();
        loop {
            let fed = before.next();
            let is_before = fed.is_some();
            let next = match fed {
                Some(fed) => Some(fed),
                None if since == MOST_AFTER => None,
                None => {
                    let known = &onward[at.index()];
                    let draw = mix(draw, since as u64) as usize;
                    let step = (!known.is_empty()).then(|| &known[draw % known.len()]);
                    step.map(|(result, to)| (Arc::clone(result), *to, None))
                }
            };
            if let Some(forgot) = forgot
                && matches!(self.coroutines.next(at), Next::Operation(_))
            {
                let most = if since < CLOSE { usize::MAX } else { 1 };
                self.coroutines
                    .compare_sections(&self.locals, at, &other, forgot, most)?;
            }
            let Some((result, to, forgets)) = next else {
                return Ok(());
            };
            *left = left.saturating_sub(1);
            forgot = forgets.or(forgot);
            since = if is_before { 0 } else { since + 1 };
            self.coroutines
                .feed_another(&mut other, at, &*result, (to, actor), forgot)?;
            at = to;
        }
    }
}
