//! The extraction: from the code to all types of bundles and all rules.
//!
//! It begins with a client outside and a worker at the top of its loop. Each type of party takes its next section, on
//! every path, together with each choice of others that the section touches; the bundles afterwards are types, new ones
//! among them; and so on until nothing new comes. Whoever else might act from outside does so as well: a line is cut, a
//! session is reset or expires, logons are switched, the server is closed.

mod plans;
mod simplify;

use std::collections::BTreeSet;

use logon_core::ids::FIRST_SESSION;

use super::arithmetic::linear::Form;
use super::besides::Besides;
use super::bundle::Bundle;
use super::configuration::Configuration;
use super::names;
use super::parties::{Role, Shared};
use super::path::{Asked, List, Paths};
use super::rule::{Broken, Duty, Rule};
use super::scene::{Act, NoOutcome, Plan, Scene, Target, beginning};
use super::shape;
use super::step::{Beginnings, Step, step};
use simplify::{leave_out_bystanders, without_needless_flags};

/// How many others a section may touch.
const MOST_SHOWN: usize = 3;

/// How many types there may be. The fixed algorithm has fewer than a hundred; an actor that goes round a loop of its
/// own, and remembers each round, has no end of them.
const MOST_TYPES: usize = 300;

/// Why the code cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outside {
    /// What it does, in a sentence without its full stop.
    pub what: String,
    /// The party that does it.
    pub party: String,
}

/// Something that is wrong whatever the numbers are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    /// What is broken.
    pub(super) broken: Broken,
    /// Where, if a section is at fault: its label, file and line.
    pub(super) place: Option<(&'static str, &'static str, u32)>,
    /// The party.
    pub(super) party: String,
}

/// All types and rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Extraction {
    /// The settings.
    pub(super) configuration: Configuration,
    /// The types.
    pub(super) types: Vec<Bundle>,
    /// Whether parties of each type take part. Those at which something is broken do not: that is reported, and what
    /// happens afterwards means nothing.
    pub(super) is_followed: Vec<bool>,
    /// The rules.
    pub(super) rules: Vec<Rule>,
    /// What is wrong at once.
    pub(super) faults: Vec<Fault>,
}

/// What a scene needs to go on: it is set again with each type that fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Need {
    /// Somebody at the front of this list.
    Front(List),
    /// Somebody whose session it is that the actor remembers, and knows by this number.
    Owner(u32),
}

struct Extractor {
    allocator: Shared,
    configuration: Configuration,
    beginnings: Beginnings,
    types: Vec<Bundle>,
    /// Whether parties of each type take part: those at which nothing is broken yet.
    is_followed: Vec<bool>,
    rules: BTreeSet<Rule>,
    faults: Vec<Fault>,
    plans: Vec<Plan>,
    planned: BTreeSet<Plan>,
    needs: Vec<(Plan, Need)>,
}

/// Extracts all types and rules of an allocator.
///
/// # Errors
///
/// [`Outside`] when the method cannot follow it.
pub(super) fn extract(
    allocator: &Shared,
    configuration: Configuration,
) -> Result<Extraction, Outside> {
    let beginnings = Beginnings {
        client: beginning(Role::Client, &**allocator),
        worker: beginning(Role::Worker, &**allocator),
        besides: Besides::of(configuration),
    };
    let mut extractor = Extractor {
        allocator: Shared::clone(allocator),
        configuration,
        types: Vec::new(),
        is_followed: Vec::new(),
        rules: BTreeSet::new(),
        faults: Vec::new(),
        plans: Vec::new(),
        planned: BTreeSet::new(),
        needs: Vec::new(),
        beginnings,
    };
    extractor.beginning();
    extractor.close()?;
    let rules = without_needless_flags(extractor.rules);
    Ok(Extraction {
        configuration,
        types: extractor.types,
        is_followed: extractor.is_followed,
        rules: rules.into_iter().collect(),
        faults: extractor.faults,
    })
}

impl Extractor {
    /// The server begins as the proof does: with nothing on record.
    fn beginning(&mut self) {
        let server = self.allocator.server().take();
        self.allocator.server().prepare(server.clone());
        let has_a_session = server
            .sessions()
            .visible
            .range(FIRST_SESSION..)
            .next()
            .is_some();
        let is_empty = !has_a_session
            && server.logons().visible.is_empty()
            && server.idle().entries().next().is_none()
            && server.queue().entries().next().is_none()
            && server.ledger().in_use().form() == Form::default()
            && !server.is_closing()
            && server.logons_enabled() == server.settings().logons_enabled;
        if !is_empty {
            self.faults.push(Fault {
                broken: Broken::new("S4", "something is on record before anybody has come"),
                place: None,
                party: "nobody yet".to_owned(),
            });
        }
    }

    fn close(&mut self) -> Result<(), Outside> {
        let (client, worker) = (
            self.beginnings.client.clone(),
            self.beginnings.worker.clone(),
        );
        for bundle in [client, worker] {
            let number = self.number_of(bundle);
            self.follow(number);
        }
        for act in [
            Act::Reset(Target::Gone),
            Act::Expire(Target::Gone),
            Act::LookUp(Target::Gone),
            Act::AwaitDisconnected(Target::Gone),
            Act::EnableLogons(true),
            Act::EnableLogons(false),
            Act::Close,
        ] {
            self.plan(act);
        }
        while let Some(plan) = self.plans.pop() {
            self.explore(&plan)?;
            if self.types.len() > MOST_TYPES {
                return Err(Outside {
                    what: format!(
                        "its parties come to stand in more than {MOST_TYPES} different ways"
                    ),
                    party: self.types[MOST_TYPES].to_string(),
                });
            }
        }
        Ok(())
    }

    /// The number of a type, which may be new.
    fn number_of(&mut self, bundle: Bundle) -> usize {
        let known = self.types.iter().position(|other| *other == bundle);
        known.unwrap_or_else(|| {
            self.types.push(bundle);
            self.is_followed.push(false);
            self.types.len() - 1
        })
    }

    /// Runs a section on all its paths.
    fn explore(&mut self, plan: &Plan) -> Result<(), Outside> {
        let allocator = Shared::clone(&self.allocator);
        let mut paths = Paths::new();
        while paths.begin() {
            let scene = Scene::set(plan, &self.types, self.configuration, &*allocator);
            let outcome = scene.run(&*allocator);
            let taken = paths.end();
            let mut remembered: BTreeSet<u32> = taken.asked.iter().filter_map(remembered).collect();
            // A list that does not have it is asked for it as well.
            remembered.extend(plan.remembered.map(|known| known.number));
            if remembered.len() > 1 {
                let what = "a section asks for two sessions that the actor remembers".to_owned();
                return Err(self.outside(plan, what));
            }
            if let (Some(&number), None) = (remembered.first(), plan.remembered) {
                self.need(plan, Need::Owner(number));
            }
            match outcome {
                Ok(outcome) => {
                    // Whoever was shown must have been needed: another plan says what happens without.
                    if (plan.shown.is_empty() || taken.shown_taken)
                        && let Some(step) = step(&scene, outcome, &taken, &self.beginnings)
                    {
                        self.keep(&scene, step);
                    }
                }
                Err(NoOutcome::NeedsOneOf(list)) if plan.shown.len() < MOST_SHOWN => {
                    self.need(plan, Need::Front(list));
                }
                Err(NoOutcome::NeedsOneOf(_)) => {
                    return Err(self.outside(
                        plan,
                        format!("a section touches more than {MOST_SHOWN} other parties"),
                    ));
                }
                Err(NoOutcome::Outside(what)) => return Err(self.outside(plan, what)),
                Err(NoOutcome::Sleeps(label, place)) => {
                    let broken = Broken::new(
                        "L1",
                        "it sleeps without looking in the same step, so a wake-up may come before",
                    );
                    self.fault(plan, broken, Some((label, place.file(), place.line())));
                }
                Err(NoOutcome::Panics(text)) => {
                    self.fault(
                        plan,
                        Broken::new("S13", format!("a section panics: {text}")),
                        None,
                    );
                }
            }
        }
        Ok(())
    }

    fn outside(&self, plan: &Plan, what: String) -> Outside {
        Outside {
            what,
            party: self.party(plan),
        }
    }

    fn party(&self, plan: &Plan) -> String {
        let actor = plan.act.actor();
        actor.map_or_else(
            || "somebody from outside".to_owned(),
            |actor| self.types[actor].to_string(),
        )
    }

    fn fault(
        &mut self,
        plan: &Plan,
        broken: Broken,
        place: Option<(&'static str, &'static str, u32)>,
    ) {
        let fault = Fault {
            broken,
            place,
            party: self.party(plan),
        };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Keeps a step as a rule, unless it changes nothing.
    fn keep(&mut self, scene: &Scene, step: Step) {
        let Step {
            mut rule,
            after,
            actor,
        } = step;
        let mut acting = None;
        for (place, bundle) in after.into_iter().enumerate() {
            let broken = shape::broken(&bundle);
            rule.duties.extend(broken.into_iter().map(Duty::Never));
            let number = self.number_of(bundle);
            if actor == Some(place) {
                acting = Some(number);
            }
            rule.after.push(number);
        }
        // If the conditions exclude each other, it does not come that far. If they do not, that is what is not proved,
        // and what happens afterwards means nothing.
        if !rule
            .duties
            .iter()
            .any(|duty| matches!(duty, Duty::Never(_)))
        {
            for number in rule.after.clone() {
                self.follow(number);
            }
        }
        rule.actor_after = acting.filter(|_| rule.actor.is_some());
        leave_out_bystanders(&mut rule, acting);
        for list in [&mut rule.before, &mut rule.after] {
            list.sort_unstable();
        }
        rule.conditions.sort();
        rule.conditions.dedup();
        rule.duties.sort();
        rule.duties.dedup();
        let changes = rule.before != rule.after
            || rule.permits != 0
            || !rule.flags.is_empty()
            || !rule.duties.is_empty()
            || rule.is_blocked;
        if changes {
            self.rules.insert(rule);
        } else if let Some(actor) = scene.act.actor() {
            // A client that is outside stays there, and whoever serves a server that shuts down has nothing to do.
            if !rule.is_voluntary && !scene.was_closing {
                let broken = Broken::new(
                    "L1",
                    "it takes a section that leaves everything as it is, over and over",
                );
                let fault = Fault {
                    broken,
                    place: Some((rule.label, rule.file, rule.line)),
                    party: self.types[actor].to_string(),
                };
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
            }
        }
    }
}

/// The number of a session that the actor remembers and asks for, if that is what was asked for.
fn remembered(asked: &Asked) -> Option<u32> {
    match *asked {
        Asked::Session(session) => names::is_remembered(session).then_some(session),
        Asked::Logon(_) => None,
    }
}
