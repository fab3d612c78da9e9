//! A failing execution, as the templates read it.

use std::sync::atomic::Ordering;

use logon_core::{Claim, Fact, LogonId};

use crate::describe::{self, Topic, topics};
use crate::scenario::Scenario;
use crate::stage::Cast;
use crate::trace::{Order, Reach, Record, Rule, Trace, TracedStep};

/// A failing execution. Steps go by number, from 1.
pub(super) struct Scene<'a> {
    pub(super) trace: &'a Trace,
    facts: &'a [Vec<Fact>],
    orders: &'a [Option<Ordering>],
    scenario: &'a Scenario,
    cast: &'a Cast,
    /// The logon that the violation is about, if it is known to be about one.
    pub(super) logon: Option<LogonId>,
    /// The session it is about.
    pub(super) session: Option<Claim>,
    rule: Option<&'a Rule>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        record: &'a Record,
        scenario: &'a Scenario,
        cast: &'a Cast,
        rule: Option<&'a Rule>,
    ) -> Self {
        let first = record.violations.first();
        Scene {
            trace: &record.trace,
            facts: &record.facts,
            orders: &record.orders,
            scenario,
            cast,
            logon: first.and_then(|violation| violation.logon),
            session: first.and_then(|violation| violation.session),
            rule,
        }
    }

    /// The number of the last step; 0 if there is none.
    pub(super) fn last(&self) -> usize {
        self.trace.steps.len()
    }

    pub(super) fn at(&self, number: usize) -> &'a TracedStep {
        &self.trace.steps[number - 1]
    }

    /// With which memory ordering a step used a word, if it did.
    pub(super) fn order(&self, number: usize) -> Option<Ordering> {
        let at = number.checked_sub(1)?;
        self.orders.get(at).copied().flatten()
    }

    /// What was told in a step.
    pub(super) fn facts(&self, number: usize) -> &'a [Fact] {
        let facts = number.checked_sub(1).and_then(|at| self.facts.get(at));
        facts.map_or(&[], Vec::as_slice)
    }

    /// Whether something like that was told in a step.
    pub(super) fn tells(&self, number: usize, wanted: impl Fn(&Fact) -> bool) -> bool {
        self.facts(number).iter().any(wanted)
    }

    /// Whether a step is about one of these.
    pub(super) fn touches(&self, number: usize, of: &[Topic]) -> bool {
        self.tells(number, |fact| {
            topics(fact).iter().any(|topic| of.contains(topic))
        })
    }

    /// The numbers of the steps before `before`, the last first.
    pub(super) fn backwards(&self, before: usize) -> impl Iterator<Item = usize> + use<> {
        (1..before).rev()
    }

    /// The numbers of all steps, the last first.
    pub(super) fn all_backwards(&self) -> impl Iterator<Item = usize> + use<> {
        self.backwards(self.last() + 1)
    }

    /// Whether the rule speaks of a step.
    pub(super) fn is_in_rule(&self, number: usize) -> bool {
        let mut orders = self.orders().iter();
        orders.any(|order| order.first == number || order.then == Some(number))
    }

    /// The orders of the rule.
    pub(super) fn orders(&self) -> &'a [Order] {
        self.rule.map_or(&[], |rule| &rule.orders)
    }

    /// Whether there is a rule at all: whether it was compared with other executions.
    pub(super) fn has_rule(&self) -> bool {
        self.rule.is_some()
    }

    /// Whether every execution fails, whatever the order.
    pub(super) fn fails_always(&self) -> bool {
        self.rule.is_some_and(|rule| rule.reach == Reach::Always)
    }

    /// What the rule says comes too late, after this step.
    pub(super) fn comes_after(&self, number: usize) -> Option<String> {
        let of_step = self.orders().iter().filter(|order| order.first == number);
        let mut others = of_step.filter_map(|order| order.other.as_ref());
        others.next().map(ToString::to_string)
    }

    /// Who or what this is, in words.
    pub(super) fn name(&self, topic: Topic) -> String {
        topic.name(self.cast)
    }

    /// The actor that a logon is of.
    pub(super) fn client(&self, logon: LogonId) -> &'a str {
        self.cast.client_name(logon)
    }

    /// Whom the violation is about: the client of its logon, else an administrator or a cutter that waits at the end.
    /// Workers and timers may wait for ever.
    pub(super) fn victim(&self) -> Option<&'a str> {
        let client = self.logon.map(|logon| self.client(logon));
        let others = || {
            let administrators = self.scenario.administrators.iter().map(|other| &other.name);
            let cutters = self.scenario.cutters.iter().map(|other| &other.name);
            let names: Vec<&str> = administrators.chain(cutters).map(AsRef::as_ref).collect();
            let mut waiting = self.trace.waiting.iter().map(|wait| wait.actor.as_str());
            waiting.find(|actor| names.contains(actor))
        };
        client.or_else(others)
    }

    /// The number of the step in which an actor fell asleep last.
    pub(super) fn falls_asleep(&self, actor: &str) -> Option<usize> {
        let mut steps = self.all_backwards();
        steps.find(|&number| self.at(number).actor == actor && self.at(number).asleep)
    }

    /// The number of the step in which an actor fell asleep, if no later step wakes it.
    pub(super) fn sleeps_since(&self, actor: &str) -> Option<usize> {
        let asleep = self.falls_asleep(actor)?;
        let mut later = asleep + 1..=self.last();
        let goes_on = |number: usize| {
            let step = self.at(number);
            step.actor == actor || step.woken.iter().any(|woken| woken == actor)
        };
        (!later.any(goes_on)).then_some(asleep)
    }

    /// `alice's "look" (step 3)`.
    pub(super) fn deed(&self, number: usize) -> String {
        let step = self.at(number);
        format!("{}'s \"{}\" (step {number})", step.actor, step.label)
    }

    /// What a step did, as a clause with its number: of what was told in it the first that `wanted` admits, else what is
    /// about `of`, else anything, and changes of state last; its label if nothing was told.
    pub(super) fn clause(
        &self,
        number: usize,
        of: &[Topic],
        wanted: &dyn Fn(&Fact) -> bool,
    ) -> String {
        let rank = |fact: &&Fact| {
            let is_state = matches!(fact, Fact::Session { .. });
            let is_about = topics(fact).iter().any(|topic| of.contains(topic));
            (!wanted(fact), !is_about, is_state)
        };
        let Some(fact) = self.facts(number).iter().min_by_key(rank) else {
            return self.deed(number);
        };
        let step = self.at(number);
        let own = match topics(fact).first() {
            Some(&Topic::Logon(logon)) => self.client(logon) == step.actor,
            _ => false,
        };
        let told = self.told(fact);
        match own {
            true => format!("{told} (step {number})"),
            false => format!(
                "{told} ({}'s \"{}\", step {number})",
                step.actor, step.label
            ),
        }
    }

    /// A fact as a clause that can stand within a sentence.
    fn told(&self, fact: &Fact) -> String {
        match *fact {
            Fact::Refused { logon, .. } => format!("{} is refused", self.cast.name_of(logon)),
            Fact::Session {
                claim, from: None, ..
            } => format!("{claim} is created"),
            Fact::Session {
                claim, to: None, ..
            } => format!("{claim} is deleted"),
            Fact::Session {
                claim,
                from: Some(from),
                to: Some(to),
            } => format!("{claim} goes from {from} to {to}"),
            _ => describe::fact(fact, self.cast),
        }
    }
}
