//! A failing execution of a scenario, as the templates read it.

use std::ops::Deref;

use logon_core::{Claim, Fact, LogonId};
use logon_sim::explain::why;

use crate::describe::{self, Topic, topics};
use crate::stage::Cast;
use crate::trace::PlayRecord;

/// A failing execution of a scenario: all that can be said of any program, and what the server told.
pub(super) struct Scene<'a> {
    plain: &'a why::Scene<'a>,
    record: &'a PlayRecord,
    cast: &'a Cast,
    /// The logon that the violation is about, if it is known to be about one.
    pub(super) logon: Option<LogonId>,
    /// The session it is about.
    pub(super) session: Option<Claim>,
}

impl<'a> Deref for Scene<'a> {
    type Target = why::Scene<'a>;

    fn deref(&self) -> &why::Scene<'a> {
        self.plain
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(plain: &'a why::Scene<'a>, record: &'a PlayRecord, cast: &'a Cast) -> Self {
        let violations = record.verdict.iter().flatten();
        let first = violations.into_iter().next();
        Scene {
            plain,
            record,
            cast,
            logon: first.and_then(|violation| violation.logon),
            session: first.and_then(|violation| violation.session),
        }
    }

    /// What was told in a step.
    pub(super) fn facts(&self, number: usize) -> &'a [Fact] {
        facts(self.record, number)
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

    /// Who or what this is, in words.
    pub(super) fn name(&self, topic: Topic) -> String {
        topic.name(self.cast)
    }

    /// The actor that a logon is of.
    pub(super) fn client(&self, logon: LogonId) -> &'a str {
        self.cast.client_name(logon)
    }

    /// What a step did, as a clause with its number: of what was told in it the first that `wanted` admits, else what is
    /// about `of`, else anything, and changes of state last; its label if nothing was told.
    pub(super) fn told(
        &self,
        number: usize,
        of: &[Topic],
        wanted: &dyn Fn(&Fact) -> bool,
    ) -> String {
        let told = clause(self.record, self.cast, number, of, wanted);
        told.unwrap_or_else(|| self.deed(number))
    }
}

fn facts(record: &PlayRecord, number: usize) -> &[Fact] {
    let facts = number.checked_sub(1).and_then(|at| record.facts.get(at));
    facts.map_or(&[], Vec::as_slice)
}

/// What a step did, as [`Scene::told`]; `None` if nothing was told in it.
pub(super) fn clause(
    record: &PlayRecord,
    cast: &Cast,
    number: usize,
    of: &[Topic],
    wanted: &dyn Fn(&Fact) -> bool,
) -> Option<String> {
    let rank = |fact: &&Fact| {
        let is_state = matches!(fact, Fact::Session { .. });
        let is_about = topics(fact).iter().any(|topic| of.contains(topic));
        (!wanted(fact), !is_about, is_state)
    };
    let fact = facts(record, number).iter().min_by_key(rank)?;
    let step = &record.trace.steps[number - 1];
    let own = match topics(fact).first() {
        Some(&Topic::Logon(logon)) => cast.client_name(logon) == step.actor,
        _ => false,
    };
    let told = within_a_sentence(fact, cast);
    Some(match own {
        true => format!("{told} (step {number})"),
        false => format!(
            "{told} ({}'s \"{}\", step {number})",
            step.actor, step.label
        ),
    })
}

/// A fact as a clause that can stand within a sentence.
fn within_a_sentence(fact: &Fact, cast: &Cast) -> String {
    match *fact {
        Fact::Refused { logon, .. } => format!("{} is refused", cast.name_of(logon)),
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
        _ => describe::fact(fact, cast),
    }
}
