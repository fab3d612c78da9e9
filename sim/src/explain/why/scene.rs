//! A failing execution, as the templates read it.

use std::sync::atomic::Ordering;

use super::Compared;
use super::choice::Decides;
use crate::trace::{Order, Reach, Stale, Trace, TracedStep};

/// A failing execution. Steps go by number, from 1.
pub struct Scene<'a> {
    /// The execution, written down.
    pub trace: &'a Trace,
    orders: &'a [Option<Ordering>],
    compared: Compared<'a>,
    victim: Option<&'a str>,
    /// What a step did, in the words of whoever knows the program.
    told: &'a dyn Fn(usize) -> Option<String>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        trace: &'a Trace,
        orders: &'a [Option<Ordering>],
        compared: Compared<'a>,
        victim: Option<&'a str>,
        told: &'a dyn Fn(usize) -> Option<String>,
    ) -> Self {
        Scene {
            trace,
            orders,
            compared,
            victim,
            told,
        }
    }

    /// The number of the last step; 0 if there is none.
    #[must_use]
    pub fn last(&self) -> usize {
        self.trace.steps.len()
    }

    /// The step of this number.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn at(&self, number: usize) -> &'a TracedStep {
        &self.trace.steps[number - 1]
    }

    /// With which memory ordering a step used a word, if it did.
    pub(super) fn order(&self, number: usize) -> Option<Ordering> {
        let at = number.checked_sub(1)?;
        self.orders.get(at).copied().flatten()
    }

    /// Whether anything was told in a step.
    #[must_use]
    pub fn tells_anything(&self, number: usize) -> bool {
        let step = number
            .checked_sub(1)
            .and_then(|at| self.trace.steps.get(at));
        step.is_some_and(|step| !step.facts.is_empty())
    }

    /// The numbers of the steps before `before`, the last first.
    pub fn backwards(&self, before: usize) -> impl Iterator<Item = usize> + use<> {
        (1..before).rev()
    }

    /// The numbers of all steps, the last first.
    pub fn all_backwards(&self) -> impl Iterator<Item = usize> + use<> {
        self.backwards(self.last() + 1)
    }

    /// Whether the rule speaks of a step.
    #[must_use]
    pub fn is_in_rule(&self, number: usize) -> bool {
        let mut orders = self.orders().iter();
        orders.any(|order| order.first == number || order.then == Some(number))
    }

    /// The orders of the rule.
    #[must_use]
    pub fn orders(&self) -> &'a [Order] {
        self.compared.rule.map_or(&[], |rule| &rule.orders)
    }

    /// The steps that saw what was no longer so when their actors went on.
    #[must_use]
    pub fn stale(&self) -> &'a [Stale] {
        self.compared.stale
    }

    /// The number of the step since which it would fail as it does if nobody went on, if that is known.
    #[must_use]
    pub fn since(&self) -> Option<usize> {
        self.compared.since
    }

    /// The step whose choice decides, if the nearest passing execution differs in that alone.
    #[must_use]
    pub fn decides(&self) -> Option<&'a Decides> {
        self.compared.decides
    }

    /// Whether there is a rule at all: whether it was compared with other executions.
    #[must_use]
    pub fn has_rule(&self) -> bool {
        self.compared.rule.is_some()
    }

    /// Whether every execution fails, whatever the order.
    #[must_use]
    pub fn fails_always(&self) -> bool {
        self.compared
            .rule
            .is_some_and(|rule| rule.reach == Reach::Always)
    }

    /// What the rule says comes too late, after this step.
    #[must_use]
    pub fn comes_after(&self, number: usize) -> Option<String> {
        let of_step = self.orders().iter().filter(|order| order.first == number);
        let mut others = of_step.filter_map(|order| order.other.as_ref());
        others.next().map(ToString::to_string)
    }

    /// The actor that the violation is about, if it is known to be about one.
    #[must_use]
    pub fn victim(&self) -> Option<&'a str> {
        self.victim
    }

    /// The number of the step in which an actor fell asleep last.
    #[must_use]
    pub fn falls_asleep(&self, actor: &str) -> Option<usize> {
        let mut steps = self.all_backwards();
        steps.find(|&number| self.at(number).actor == actor && self.at(number).asleep)
    }

    /// The number of the step in which an actor fell asleep, if no later step wakes it.
    #[must_use]
    pub fn sleeps_since(&self, actor: &str) -> Option<usize> {
        let asleep = self.falls_asleep(actor)?;
        let mut later = asleep + 1..=self.last();
        let goes_on = |number: usize| {
            let step = self.at(number);
            step.actor == actor || step.woken.iter().any(|woken| woken == actor)
        };
        (!later.any(goes_on)).then_some(asleep)
    }

    /// `alice's "look" (step 3)`.
    #[must_use]
    pub fn deed(&self, number: usize) -> String {
        let step = self.at(number);
        format!("{}'s \"{}\" (step {number})", step.actor, step.label)
    }

    /// What a step did, as a clause with its number: what was told in it, or its label if nothing was.
    #[must_use]
    pub fn clause(&self, number: usize) -> String {
        if let Some(told) = (self.told)(number) {
            return told;
        }
        let step = self.at(number);
        match step.facts.first() {
            None => self.deed(number),
            Some(fact) => format!(
                "{fact} ({}'s \"{}\", step {number})",
                step.actor, step.label
            ),
        }
    }
}
