//! From a section that was run to a rule: who is who afterwards, and what changed.

mod hand_out;

use logon_core::{Fact, LogonId, SessionState};

use super::account;
use super::arithmetic::linear::Form;
use super::besides::Besides;
use super::bundle::{Bundle, Life};
use super::fed::{Run, Section, Stand};
use super::names;
use super::parties::{Role, SymbolicServer};
use super::path::{Asked, Taken};
use super::quantity;
use super::rule::{Broken, Duty, Rule};
use super::scene::{Act, NEWCOMER, Outcome, Scene};
use super::seen::{NO, Question, Seen};
use super::told::Hearing;
use hand_out::{Party, exists, hand_out};

/// How the parties of each role begin, and the server.
pub(super) struct Beginnings {
    /// A client.
    pub(super) client: Bundle,
    /// A worker.
    pub(super) worker: Bundle,
    /// What the server keeps besides what becomes of parties.
    pub(super) besides: Besides,
}

/// A section as a rule, with bundles that may be new.
pub(super) struct Step {
    /// The rule. Its `after` is empty: the bundles have no numbers yet.
    pub(super) rule: Rule,
    /// The bundles after it, in their canonical form.
    pub(super) after: Vec<Bundle>,
    /// The place among them of the party that took the section, if it goes on.
    pub(super) actor: Option<usize>,
}

/// What a section that was run does, or an answer after which the actor comes to its end without a section; `None` if it
/// was at its end.
pub(super) fn step(
    scene: &Scene,
    outcome: Outcome,
    taken: &Taken,
    beginnings: &Beginnings,
) -> Option<Step> {
    let Outcome {
        run,
        has_ended,
        server,
    } = outcome;
    let section = match run.section {
        Some(section) => section,
        None if run.was_answered && has_ended => Section::NONE,
        None => return None,
    };
    let mut rule = rule(scene, &run, section, taken);
    if scene.act.only_looks() {
        let changes = format!("{server:?}") != format!("{:?}", scene.server());
        rule.duties = vec![never("S13", "whoever only looks changes something")];
        return changes.then_some(Step {
            rule,
            after: Vec::new(),
            actor: None,
        });
    }
    if section.is_blocked {
        // By their texts: two counts that are only equal in value would be taken for equal without a path to decide on.
        if format!("{server:?}") != format!("{:?}", scene.server()) {
            rule.duties = vec![never(
                "L1",
                "a section that yields nothing changes something",
            )];
        }
        return Some(Step {
            rule,
            after: Vec::new(),
            actor: None,
        });
    }
    let hearing = Hearing::of(scene, &server, &run.seen, &run.returned);
    let mut parties: Vec<Party> = participants(scene, &hearing);
    if let Some(actor) = parties.iter_mut().find(|party| party.took_it) {
        go_on(&mut actor.bundle, &run, has_ended, beginnings);
    }
    if let (Some(target), false) = (scene.target, has_ended) {
        let role = match scene.act {
            Act::Reset(_) => Role::Administrator(target),
            _ => Role::Timer(target),
        };
        let mut bundle = Bundle::beginning(role, run.stand(), run.in_call);
        bundle.seen.clone_from(&run.seen);
        parties.push(Party {
            slot: NEWCOMER,
            took_it: true,
            bundle,
        });
    }
    let mut duties = hearing.duties();
    duties.extend(goes_on_without_a_hit(scene, &server, has_ended));
    duties.extend(wrong_question(&run));
    duties.extend(account::broken(scene, &server).into_iter().map(Duty::Never));
    duties.extend(stops(scene, &run, has_ended));
    duties.extend(strangers(scene, taken));
    if beginnings.besides.has_changed(scene, &server) {
        duties.push(never(
            "S13",
            "a section changes what the server keeps besides its records",
        ));
    }
    let (mut after, actor) = hand_out(parties, &server, &mut duties);
    for bundle in &mut after {
        bundle.make_canonical(&|claim| exists(&server, claim));
    }
    let permits = server.ledger().in_use().form();
    let change = permits.minus(&Form::of(quantity::PERMITS));
    if !change.terms().is_empty() {
        duties.push(never("S2", "the count of permits is overwritten"));
    }
    rule.permits = change.constant_part();
    if server.is_closing() != scene.was_closing {
        rule.flags
            .push((quantity::CLOSING, i64::from(server.is_closing())));
    }
    if server.logons_enabled() != scene.was_enabled {
        rule.flags
            .push((quantity::ENABLED, i64::from(server.logons_enabled())));
    }
    rule.duties = duties;
    Some(Step { rule, after, actor })
}

fn never(property: &'static str, what: &str) -> Duty {
    Duty::Never(Broken::new(property, what))
}

/// The rule, but for what changed.
fn rule(scene: &Scene, run: &Run, section: Section, taken: &Taken) -> Rule {
    let actor = scene.act.actor();
    let before = actor.map(|_| &scene.participants[0].before);
    let stood_at = before.map(|bundle| bundle.stand);
    let answers = before.map_or(&[][..], |bundle| &run.seen[bundle.seen.len()..]);
    Rule {
        label: section.label,
        file: section.place.map_or("", |place| place.file()),
        line: section.place.map_or(0, |place| place.line()),
        kind: section.kind,
        is_blocked: section.is_blocked,
        actor,
        actor_after: None,
        is_voluntary: matches!(stood_at, Some(Stand::Question(question)) if question.may_stay_open()),
        is_failure: answers.contains(&Seen::Answer(Question::Load, NO)),
        before: scene.participants.iter().map(|who| who.kind).collect(),
        after: Vec::new(),
        conditions: taken.conditions.clone(),
        permits: 0,
        flags: Vec::new(),
        duties: Vec::new(),
    }
}

/// Whoever resets a session goes on only if it has reset it.
fn goes_on_without_a_hit(scene: &Scene, server: &SymbolicServer, has_ended: bool) -> Option<Duty> {
    let target = scene.target.filter(|_| !has_ended)?;
    let reset = Some(SessionState::Reset);
    let facts = server.observer().facts.iter();
    let mut resets = facts.filter(|fact| matches!(fact, Fact::Session { to, .. } if *to == reset));
    let is_hit = resets.any(|fact| matches!(fact, Fact::Session { claim, .. } if *claim == target));
    (!is_hit).then(|| never("S13", "a reset goes on that missed its session"))
}

/// What the world is asked is about the party that asks.
fn wrong_question(run: &Run) -> Option<Duty> {
    run.wrong_question.map(|what| never("L5", what))
}

/// Whoever serves without end goes on until the server shuts down.
fn stops(scene: &Scene, run: &Run, has_ended: bool) -> Option<Duty> {
    let is_worker = scene
        .acting()
        .is_some_and(|who| who.before.role == Role::Worker);
    let stops = is_worker && has_ended && run.goes_on != Some(true) && !scene.was_closing;
    stops.then(|| {
        never(
            "L1",
            "a worker stops although the server does not shut down",
        )
    })
}

/// Those who took part, with their lives as they are after it.
fn participants(scene: &Scene, hearing: &Hearing<'_>) -> Vec<Party> {
    let acts = matches!(scene.act, Act::Own(_));
    let participants = scene.participants.iter().enumerate();
    let party = |(place, who): (usize, &super::scene::Participant)| {
        let mut bundle = who.before.clone();
        if bundle.role == Role::Client {
            bundle.life = hearing.life(who.slot.logon());
        }
        Party {
            slot: who.slot,
            took_it: acts && place == 0,
            bundle,
        }
    };
    participants.map(party).collect()
}

/// The party stands before its next section; at its end, a client comes again and a worker serves another time.
fn go_on(bundle: &mut Bundle, run: &Run, has_ended: bool, beginnings: &Beginnings) {
    bundle.seen.clone_from(&run.seen);
    bundle.stand = run.stand();
    bundle.in_call = run.in_call;
    if has_ended {
        let beginning = match bundle.role {
            Role::Client => &beginnings.client,
            Role::Worker => &beginnings.worker,
            _ => return,
        };
        bundle.seen.clear();
        bundle.stand = beginning.stand;
        bundle.in_call = beginning.in_call;
        // What a living logon leaves behind is found by its record.
        if bundle.life != Life::Living {
            bundle.life = Life::Outside;
        }
    }
}

/// What was looked up and is neither visible nor known to be nobody's: the section knows an identifier that it cannot
/// know.
fn strangers(scene: &Scene, taken: &Taken) -> Option<Duty> {
    let is_known = |asked: &Asked| match *asked {
        Asked::Session(session) => names::is_accounted_for(session),
        Asked::Logon(logon) => scene
            .participants
            .iter()
            .any(|who| who.slot.logon() == LogonId(logon)),
    };
    let stranger = taken.asked.iter().find(|asked| !is_known(asked))?;
    Some(never(
        "S6",
        &format!("{stranger:?} is looked up, which no party has seen"),
    ))
}
