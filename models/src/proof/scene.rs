//! A scene: a section, those who take part in it, and everybody else as numbers.

mod plan;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use logon_core::server::Session;
use logon_core::{Claim, Settings};

use super::arithmetic::linear::Form;
use super::bundle::Bundle;
use super::configuration::Configuration;
use super::fed::{self, Run, Stopped};
use super::names::{self, Slot, counters};
use super::parties::{self, Role, SymbolicAllocator, SymbolicServer, Told};
use super::path::{BrokenOff, List, assume, choose};
use super::quantity;
use super::symbolic::Number;

pub(super) use plan::{Act, Plan, Remembered, Target};

/// Why somebody takes part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// It acts, or is acted upon.
    Subject,
    /// One of its sessions is remembered by the actor.
    Remembered,
    /// It stands at the front of a list.
    Shown,
}

/// Somebody who takes part.
pub(super) struct Participant {
    /// Its type.
    pub(super) kind: usize,
    /// Why it takes part.
    pub(super) part: Part,
    /// Where it stands.
    pub(super) slot: Slot,
    /// What is its own before the section, named for the scene.
    pub(super) before: Bundle,
}

/// The slot of a party that comes into being.
pub(super) const NEWCOMER: Slot = Slot(names::LAST_SLOT);

/// A scene that is set.
pub(super) struct Scene {
    /// What happens.
    pub(super) act: Act,
    /// Those who take part.
    pub(super) participants: Vec<Participant>,
    /// The session that somebody from outside aims at.
    pub(super) target: Option<Claim>,
    /// Whether the server was shutting down.
    pub(super) was_closing: bool,
    /// Whether logons were enabled.
    pub(super) was_enabled: bool,
    /// The settings.
    pub(super) configuration: Configuration,
}

/// How a section went.
pub(super) struct Outcome {
    /// What the actor did.
    pub(super) run: Run,
    /// Whether the party has come to its end.
    pub(super) has_ended: bool,
    /// The server after it.
    pub(super) server: SymbolicServer,
}

/// Why a scene has no outcome.
pub(super) enum NoOutcome {
    /// Another party must be visible at the front of this list.
    NeedsOneOf(List),
    /// The method cannot follow.
    Outside(String),
    /// It sleeps without a condition.
    Sleeps(&'static str, &'static Location<'static>),
    /// A section panics.
    Panics(String),
}

/// A server on which nobody has logged on yet.
pub(super) fn new_server(configuration: Configuration, logons_enabled: bool) -> SymbolicServer {
    let settings = Settings {
        idle_pool: Number::variable(quantity::IDLE_TARGET),
        max_connections: configuration
            .has_maximum
            .then(|| Number::variable(quantity::MAXIMUM)),
        creation_workers: Number::variable(quantity::MOST_CREATING),
        reuse_ids: false,
        on_broken_line: configuration.on_broken_line,
        logons_enabled,
    };
    SymbolicServer::kept_in(settings, Told::default())
}

impl Scene {
    /// Sets the scene, on the path that has begun.
    pub(super) fn set(
        plan: &Plan,
        kinds: &[Bundle],
        configuration: Configuration,
        allocator: &SymbolicAllocator,
    ) -> Scene {
        let mut participants = Vec::new();
        let mut add = |kind: usize, part, slot, special: &dyn Fn(Claim) -> Option<Claim>| {
            participants.push(Participant {
                kind,
                part,
                slot,
                before: kinds[kind].in_slot(slot, special),
            });
        };
        if let Some(kind) = plan.act.subject() {
            let again = |canonical: Claim| match plan.remembered {
                Some(Remembered {
                    number,
                    kind: None,
                    place,
                }) => (canonical == kinds[kind].sessions[place].claim)
                    .then(|| names::numbered(number)),
                _ => None,
            };
            add(kind, Part::Subject, Slot(0), &again);
        }
        if let Some(Remembered {
            number,
            kind: Some(kind),
            place,
        }) = plan.remembered
        {
            let theirs = kinds[kind].sessions[place].claim;
            let remembered = |claim| (claim == theirs).then(|| names::numbered(number));
            add(kind, Part::Remembered, Slot(9), &remembered);
        }
        for (&kind, slot) in plan.shown.iter().zip(1..) {
            add(kind, Part::Shown, Slot(slot), &|_| None);
        }
        let target = plan.act.target().map(|target| match target {
            Target::SessionOf(kind, place) => kinds[kind].sessions[place].claim,
            Target::EarlierThan(kind, place) => names::stale(kinds[kind].sessions[place].claim),
            Target::Gone => names::gone(0),
        });
        let was_closing = flag(quantity::CLOSING);
        let was_enabled = flag(quantity::ENABLED);
        let scene = Scene {
            act: plan.act,
            participants,
            target,
            was_closing,
            was_enabled,
            configuration,
        };
        allocator.server().prepare(scene.server());
        scene
    }

    /// The server as it is before the section.
    pub(super) fn server(&self) -> SymbolicServer {
        let mut server = new_server(self.configuration, self.was_enabled);
        let counters = counters();
        server.set_counters(counters.created, counters.named);
        if self.was_closing {
            server.close();
        }
        let permits = Number::variable(quantity::PERMITS);
        server.ledger_mut().set_in_use(permits);
        for participant in &self.participants {
            let bundle = &participant.before;
            let logon = participant.slot.logon();
            if let Some(record) = &bundle.logon {
                server.logons_mut().visible.insert(logon, record.clone());
            }
            let at_the_front = participant.part == Part::Shown;
            let line = server.queue_mut();
            let places = if at_the_front {
                &mut line.shown
            } else {
                &mut line.visible
            };
            places.extend(std::iter::repeat_n(logon, bundle.places));
            for owned in &bundle.sessions {
                let pool = server.idle_mut();
                let places = if at_the_front {
                    &mut pool.shown
                } else {
                    &mut pool.visible
                };
                places.extend(std::iter::repeat_n(owned.claim, owned.times_idle));
                let sessions = server.sessions_mut();
                sessions
                    .visible
                    .insert(owned.claim.session, owned.session.clone());
                sessions.before.push(owned.session.clone());
            }
        }
        server.queue_mut().length = Some(Number::variable(quantity::LINE));
        server.idle_mut().length = Some(Number::variable(quantity::IDLE));
        server
    }

    /// Runs the section.
    pub(super) fn run(&self, allocator: &SymbolicAllocator) -> Result<Outcome, NoOutcome> {
        let subject = self.participants.first();
        let seen = match (self.act, subject) {
            (Act::Own(_), Some(actor)) => actor.before.seen.clone(),
            _ => Vec::new(),
        };
        fed::begin(Run::after(seen));
        let slot = subject.map_or(NEWCOMER, |subject| subject.slot);
        let play = |role: Role| role.play(allocator, slot.logon(), slot.user());
        let target = || self.target.expect("whoever aims has a target");
        let ended = catch_unwind(AssertUnwindSafe(|| match self.act {
            Act::Own(_) => play(subject.expect("somebody acts").before.role),
            Act::Cut(_) => parties::hang_up(allocator, slot.logon()),
            Act::Reset(_) => play(Role::Administrator(target())),
            Act::Expire(_) => play(Role::Timer(target())),
            Act::EnableLogons(enabled) => allocator.enable_logons(enabled),
            Act::LookUp(target) => {
                let session = self.looked_at(target);
                let is_it = |other: &Session| session.as_ref() == Some(other);
                let _ = allocator.look_up(&is_it);
            }
            Act::AwaitDisconnected(_) => {
                let _ = allocator.await_disconnected(slot.user());
            }
            Act::Close => allocator.close(),
        }));
        let run = fed::end();
        let server = allocator.server().take();
        let has_ended = match ended {
            Ok(()) => true,
            Err(payload) if payload.is::<Stopped>() => run.goes_on == Some(true),
            Err(payload) => return Err(no_outcome(payload)),
        };
        let is_blocked = run.section.is_some_and(|section| section.is_blocked);
        let is_over = has_ended || self.act.only_looks() && is_blocked;
        if !is_over && !matches!(self.act, Act::Own(_) | Act::Reset(_) | Act::Expire(_)) {
            return Err(NoOutcome::Outside(
                "a hang-up, a look, a switch of logons or a close takes more than one section"
                    .to_owned(),
            ));
        }
        Ok(Outcome {
            run,
            has_ended,
            server,
        })
    }

    /// The session that somebody looks for.
    fn looked_at(&self, target: Target) -> Option<Session> {
        let Target::SessionOf(_, place) = target else {
            return None;
        };
        let owned = self.participants.first()?.before.sessions.get(place)?;
        Some(owned.session.clone())
    }

    /// The sessions that are visible before the section.
    pub(super) fn sessions_before(&self) -> BTreeMap<Claim, &Session> {
        let bundles = self
            .participants
            .iter()
            .map(|participant| &participant.before);
        let owned = bundles.flat_map(|bundle| &bundle.sessions);
        owned.map(|owned| (owned.claim, &owned.session)).collect()
    }

    /// The logon that acts by itself, or whose line is cut.
    pub(super) fn acting(&self) -> Option<&Participant> {
        let subject = self.participants.first();
        subject.filter(|_| matches!(self.act, Act::Own(_) | Act::Cut(_)))
    }
}

/// A flag of the server: both ways.
fn flag(variable: super::arithmetic::linear::Variable) -> bool {
    let is = choose(2) == 1;
    let form = Form::of(variable);
    assume(if is {
        form.minus(&Form::constant(1))
    } else {
        form.times(-1)
    });
    is
}

fn no_outcome(payload: Box<dyn std::any::Any + Send>) -> NoOutcome {
    match payload.downcast::<BrokenOff>() {
        Ok(broken_off) => match *broken_off {
            BrokenOff::NeedsOneOf(list) => NoOutcome::NeedsOneOf(list),
            BrokenOff::Outside(what) => NoOutcome::Outside(what),
            BrokenOff::Sleeps(label, place) => NoOutcome::Sleeps(label, place),
        },
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| {
                payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
            });
            NoOutcome::Panics(text.unwrap_or_default())
        }
    }
}

/// Where an actor stands that begins.
pub(super) fn beginning(role: Role, allocator: &SymbolicAllocator) -> Bundle {
    fed::begin(Run::looking(Vec::new()));
    let slot = Slot(0);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        role.play(allocator, slot.logon(), slot.user());
    }));
    let run = fed::end();
    // One that has nothing to do stands at its end: it neither goes on nor waits, which is reported.
    drop(ended);
    Bundle::beginning(role, run.stand(), run.in_call)
}
