//! From a section that was run to a rule: who is who afterwards, and what changed.

use logon_core::ids::FIRST_SESSION;
use logon_core::server::Demand;
use logon_core::{Claim, LogonId, SessionState};

use super::account;
use super::arithmetic::linear::Form;
use super::besides::Besides;
use super::bundle::{Bundle, Life, Owned};
use super::fed::{Run, Section, Stand};
use super::names::{self, Slot};
use super::parties::{Role, SymbolicServer};
use super::path::{Asked, Taken};
use super::quantity;
use super::rule::{Broken, Duty, Rule};
use super::scene::{Act, NEWCOMER, Outcome, Scene};
use super::seen::{NO, Question, Seen, Value};
use super::told::Hearing;

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

/// A party on its way from before a section to after it.
struct Party {
    slot: Slot,
    took_it: bool,
    bundle: Bundle,
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

fn exists(server: &SymbolicServer, claim: Claim) -> bool {
    let session = server.sessions().visible.get(&claim.session);
    session.is_some_and(|session| session.generation == claim.generation)
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

/// Gives each record after the section to the party whose it is. A session that is no party's becomes a bundle of its
/// own.
fn hand_out(
    mut parties: Vec<Party>,
    server: &SymbolicServer,
    duties: &mut Vec<Duty>,
) -> (Vec<Bundle>, Option<usize>) {
    for party in &mut parties {
        party.bundle.sessions.clear();
        party.bundle.places = 0;
        party.bundle.logon = None;
        if party.bundle.role == Role::Client {
            let logon = party.slot.logon();
            party.bundle.logon = server.logons().visible.get(&logon).cloned();
            party.bundle.places = server
                .queue()
                .entries()
                .filter(|other| **other == logon)
                .count();
        }
    }
    let mut left_behind = Vec::new();
    for (&id, session) in server.sessions().visible.range(FIRST_SESSION..) {
        let claim = Claim {
            session: id,
            generation: session.generation,
        };
        let owned = Owned {
            claim,
            session: session.clone(),
            times_idle: server
                .idle()
                .entries()
                .filter(|other| **other == claim)
                .count(),
        };
        let mut owners = owners(&parties, &owned).into_iter();
        match owners.next() {
            Some(owner) => parties[owner].bundle.sessions.push(owned),
            None => left_behind.push(Bundle {
                sessions: vec![owned],
                ..Bundle::beginning(Role::Nobody, Stand::End, false)
            }),
        }
        if owners.next().is_some() {
            duties.push(never("S3", "one session belongs to two parties"));
        }
    }
    let is_a_partys = |logon: &LogonId| {
        let mut clients = parties
            .iter()
            .filter(|party| party.bundle.role == Role::Client);
        clients.any(|party| party.slot.logon() == *logon)
    };
    if !server.logons().visible.keys().all(is_a_partys) {
        duties.push(never("S4", "a logon is on record that is no client's"));
    }
    // The sums count the places of the parties and their sessions; the lists must have no others.
    if !server.queue().entries().all(is_a_partys) {
        duties.push(never("S4", "a place in line is no client's"));
    }
    if !server.idle().entries().all(|claim| exists(server, *claim)) {
        duties.push(never(
            "S4",
            "a session is on the idle list that there is not",
        ));
    }
    let mut actor = None;
    let mut after = Vec::new();
    for mut party in parties {
        let is_over = party.bundle.stand == Stand::End;
        if is_over && party.took_it
            || party.bundle.role == Role::Nobody && party.bundle.sessions.is_empty()
        {
            left_behind.extend(leave_behind(party.bundle));
            continue;
        }
        let record = party.bundle.logon.as_ref();
        let holds = record.and_then(|record| record.claim);
        let goes_back_to = record.and_then(|record| record.old);
        party.bundle.sessions.sort_by_key(|owned| {
            let claim = Some(owned.claim);
            (claim != holds, claim != goes_back_to, owned.claim)
        });
        if party.took_it {
            actor = Some(after.len());
        }
        after.push(party.bundle);
    }
    after.extend(left_behind);
    (after, actor)
}

/// The sessions of a party that goes, each by itself.
fn leave_behind(bundle: Bundle) -> impl Iterator<Item = Bundle> {
    bundle.sessions.into_iter().map(|owned| Bundle {
        sessions: vec![owned],
        ..Bundle::beginning(Role::Nobody, Stand::End, false)
    })
}

/// Whose a session is: of whoever is working on it, or else of the client whose logon or user is on its record.
fn owners(parties: &[Party], owned: &Owned) -> Vec<usize> {
    let state = owned.session.state;
    let works_on_it = |party: &Party| match party.bundle.role {
        Role::Worker => {
            let creates = Seen::creates(&party.bundle.seen, owned.claim);
            creates && matches!(state, SessionState::Init | SessionState::Down)
        }
        Role::Administrator(target) | Role::Timer(target) => {
            target == owned.claim && state == SessionState::Reset
        }
        Role::Client | Role::Nobody => false,
    };
    let has_it = |party: &Party| {
        let record = party.bundle.logon.as_ref();
        let claim = Some(owned.claim);
        party.bundle.role == Role::Client
            && (record.is_some_and(|record| record.claim == claim || record.old == claim)
                || owned.session.holder == Some(party.slot.logon())
                || owned.session.user == Some(party.slot.user()))
    };
    let all = |whose: &dyn Fn(&Party) -> bool| -> Vec<usize> {
        let parties = parties.iter().enumerate().filter(|(_, party)| whose(party));
        parties.map(|(place, _)| place).collect()
    };
    let workers = all(&works_on_it);
    if workers.is_empty() {
        all(&has_it)
    } else {
        workers
    }
}

impl Seen {
    /// Whether a worker that has seen this is creating the session.
    pub(super) fn creates(seen: &[Seen], claim: Claim) -> bool {
        let demand = Value::Demand(Demand::Create(claim));
        seen.iter()
            .any(|seen| matches!(seen, Seen::Result(_, value) if *value == demand))
    }
}
