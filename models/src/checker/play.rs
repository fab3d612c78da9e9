//! A scenario as a program of the own runtime, and the words for what happens in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use logon_core::Fact;
use logon_sim::explain::why::{Reason, Scene};
use logon_sim::{
    Actors, Effect, Fallen, Input, Instance, Objects, Program, Rest, Sim, Smaller, Step, Symmetry,
    Told, Value, Watch,
};

use crate::describe;
use crate::judge::{Kind, Property, Violation};
use crate::panel;
use crate::scenario::{Scenario, Span};
use crate::shrink::{named_anew, reductions};
use crate::stage::{Cast, Reached, Stage, Subject, TIME_PASSES, client_classes, symmetry};
use crate::summary::summary;
use crate::trace::{Part, PlayRecord};
use crate::why;

/// A scenario as a program of the own runtime.
pub struct Play<'a, S> {
    /// The subject.
    pub subject: &'a S,
    /// The scenario.
    pub scenario: Arc<Scenario>,
}

impl<'a, S> Play<'a, S> {
    /// `subject` in `scenario`; where clients are drawn in it, in [what is drawn](Scenario::as_played).
    ///
    /// # Panics
    ///
    /// If more clients are drawn than a scenario may have.
    pub fn new(subject: &'a S, scenario: &Arc<Scenario>) -> Self {
        let drawn = scenario.as_played();
        Play {
            subject,
            scenario: drawn.unwrap_or_else(|error| panic!("{error}")),
        }
    }
}

impl<S> Clone for Play<'_, S> {
    fn clone(&self) -> Self {
        Play::new(self.subject, &self.scenario)
    }
}

/// Lets the judge look after each step and at rest.
pub struct Jury {
    stage: Stage<Sim>,
    /// How many facts of the journal were told already, where one is kept.
    told: usize,
}

impl Jury {
    /// The judge of this stage.
    pub(super) fn new(stage: Stage<Sim>) -> Self {
        Jury { stage, told: 0 }
    }

    /// The stage it watches.
    pub(super) fn stage(&self) -> &Stage<Sim> {
        &self.stage
    }
}

impl Watch for Jury {
    type Verdict = Vec<Violation>;

    fn after_step(&mut self, _: &Step) -> Option<Vec<Violation>> {
        Some(self.stage.violations()).filter(|violations| !violations.is_empty())
    }

    fn at_rest(&mut self, _: &Rest) -> Option<Vec<Violation>> {
        Some(self.stage.judge_rest()).filter(|violations| !violations.is_empty())
    }
}

impl<S: Subject> Play<'_, S> {
    /// The stage, which keeps a journal, with its actors started and nobody who judges.
    pub(super) fn stage(&self, actors: &mut Actors<'_>) -> Stage<Sim> {
        self.staged(actors, true, Reached::default())
    }

    fn set(&self, actors: &mut Actors<'_>, keeps_journal: bool, reached: Reached) -> Jury {
        Jury::new(self.staged(actors, keeps_journal, reached))
    }

    fn staged(&self, actors: &mut Actors<'_>, keeps_journal: bool, reached: Reached) -> Stage<Sim> {
        let (stage, cast) =
            Stage::<Sim>::set_noting(self.subject, &self.scenario, keeps_journal, reached);
        for actor in cast {
            match actor.is_idle {
                true => actors.spawn_idle(actor.name, actor.class, actor.body),
                false => actors.spawn(actor.name, actor.class, actor.body),
            };
        }
        stage
    }
}

impl<S: Subject> Program for Play<'_, S> {
    type Watch = Jury;

    fn start(&self, actors: &mut Actors<'_>) -> Jury {
        self.set(actors, false, Reached::default())
    }
}

/// The same, with somebody who notes which situations are reached.
pub(super) struct Noted<'a, S> {
    pub(super) play: Play<'a, S>,
    pub(super) reached: &'a Reached,
}

impl<S: Subject> Program for Noted<'_, S> {
    type Watch = Jury;

    fn start(&self, actors: &mut Actors<'_>) -> Jury {
        self.play.set(actors, false, self.reached.clone())
    }
}

impl<S: Subject> Instance for Play<'_, S> {
    type Fact = Fact;

    fn name(&self) -> &str {
        self.subject.name()
    }

    fn input(&self) -> Input {
        // What is reached in it, a scenario says of the right algorithm: that is no part of an execution.
        let scenario = Scenario {
            reaches: BTreeSet::new(),
            ..Scenario::clone(&self.scenario)
        };
        Input {
            document: scenario.to_toml(),
            name: scenario.name,
        }
    }

    fn start_recorded(&self, actors: &mut Actors<'_>) -> Jury {
        self.set(actors, true, Reached::default())
    }

    fn told(&self, watch: &mut Jury, step: &Step) -> Told<Fact> {
        let cast = Arc::clone(watch.stage.cast());
        let told = watch.told;
        let new = watch.stage.peek(|server| {
            let journal = server.observer().journal.as_deref().unwrap_or_default();
            journal[told..].to_vec()
        });
        watch.told += new.len();
        let topics = new.iter().flat_map(describe::topics);
        let about: BTreeSet<String> = topics.map(|topic| topic.name(&cast)).collect();
        let mut summary = summary(&new, &cast);
        let has_passed = step.operation.label == TIME_PASSES && step.effect == Effect::Done;
        if let Some(now) = watch.stage.now().filter(|_| has_passed) {
            summary.push(format!("it is now {} after the start", Span(now)));
        }
        Told {
            words: new.iter().map(|fact| describe::fact(fact, &cast)).collect(),
            summary,
            about: about.into_iter().collect(),
            facts: new,
        }
    }

    fn returned(&self, result: &dyn Value) -> Option<String> {
        panel::returned(result, &Cast::of(&self.scenario))
    }

    fn parts(&self, objects: &Objects) -> Vec<Part> {
        panel::parts(objects, &Cast::of(&self.scenario))
    }

    fn tells_changes(&self) -> bool {
        false
    }

    fn judges_each_step(&self) -> bool {
        true
    }

    fn symmetry(&self) -> Option<Symmetry> {
        let symmetry = symmetry(
            self.subject,
            &self.scenario,
            &Arc::new(Cast::of(&self.scenario)),
        );
        Some(match self.subject.is_symmetric() {
            true => symmetry,
            false => symmetry.without_exchange(),
        })
    }

    fn fallen(&self, violations: &Vec<Violation>) -> Fallen {
        fallen(violations, &Cast::of(&self.scenario))
            .unwrap_or_else(|| Fallen::new("none", "nothing falls"))
    }

    fn falls_at_rest(&self, property: &str) -> bool {
        Property::named(property).is_some_and(|property| property.kind() == Kind::Rest)
    }

    fn reason(&self, record: &PlayRecord, scene: &Scene<'_>) -> Option<Reason> {
        Some(why::reason(record, scene, &self.scenario))
    }

    /// The client of the logon that the violation is about, else an administrator or a cutter that waits at the end.
    /// Workers and timers may wait for ever.
    fn victim(&self, record: &PlayRecord) -> Option<String> {
        let violations = record.verdict.iter().flatten();
        let logon = violations.into_iter().next().and_then(|first| first.logon);
        if let Some(logon) = logon {
            return Some(Cast::of(&self.scenario).client_name(logon).to_owned());
        }
        let administrators = self.scenario.administrators.iter().map(|other| &other.name);
        let cutters = self.scenario.cutters.iter().map(|other| &other.name);
        let names: Vec<&str> = administrators.chain(cutters).map(AsRef::as_ref).collect();
        let mut waiting = record.trace.waiting.iter().map(|wait| wait.actor.as_str());
        let found = waiting.find(|actor| names.contains(actor));
        found.map(str::to_owned)
    }

    fn clause(&self, record: &PlayRecord, number: usize) -> Option<String> {
        why::clause(record, number, &self.scenario)
    }

    fn smaller(&self) -> Vec<Smaller<Self>> {
        let smaller = reductions(&self.scenario).into_iter().map(|reduction| {
            let checked = reduction.scenario.check();
            let play = || Play {
                subject: self.subject,
                scenario: Arc::new(reduction.scenario),
            };
            Smaller {
                what: reduction.what,
                instance: checked.map(|()| play()).map_err(|error| error.to_string()),
            }
        });
        smaller.collect()
    }

    /// For a symmetric subject those scenarios are of one kind that differ in which of some alike clients they have.
    fn kind(&self) -> String {
        let mut rest = Scenario::clone(&self.scenario);
        let mut clients = Vec::new();
        if self.subject.is_symmetric() {
            clients = client_classes(&self.scenario);
            clients.sort_unstable();
            rest.clients.clear();
        }
        format!("{clients:?}\n{}", rest.to_toml())
    }

    fn renamed_as_smaller(self) -> Self {
        Play {
            scenario: Arc::new(named_anew(&self.scenario)),
            ..self
        }
    }
}

/// What fell, in words; nothing if nothing did.
pub(crate) fn fallen(violations: &[Violation], cast: &Cast) -> Option<Fallen> {
    let first = violations.first()?;
    let mut properties: Vec<String> = Vec::new();
    for violation in violations {
        let name = violation.property.name();
        if !properties.iter().any(|known| known == name) {
            properties.push(name.to_owned());
        }
    }
    Some(Fallen {
        property: first.property.name().to_owned(),
        sentence: describe::violation(first, cast),
        properties,
    })
}
