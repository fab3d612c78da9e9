//! Specification and server side by side: which operations may come next, and that both agree.

use logon_core::server::{Arbitration, Demand};
use logon_core::{
    Claim, Ending, Event, Fact, Generation, LogonId, Observer, OnBrokenLine, Refusal, Server,
    SessionState, Settings, UserId,
};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::sequential_spec::spec::{Answer, Operation, Phase, Session, Spec};

/// The most logons of one sequence.
const LOGONS: usize = 10;

/// The specification as proptest walks it.
pub(crate) struct Specification;

/// The server beside it.
pub(crate) struct SideBySide;

/// An event log.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct EventLog(Vec<(LogonId, Event)>);

impl Observer for EventLog {
    fn tell(&mut self, fact: Fact) {
        if let Fact::Logged { logon, event } = fact {
            self.0.push((logon, event));
        }
    }
}

/// The operations that may come next. What leads on comes more often than what ends.
pub(crate) fn lawful(spec: &Spec) -> Vec<Operation> {
    let mut lawful = vec![Operation::Enable(true), Operation::BeginCreation];
    let mut often = vec![Operation::BeginCreation];
    if spec.enabled {
        lawful.push(Operation::Enable(false));
    } else {
        often.push(Operation::Enable(true));
    }
    if spec.logons.len() < LOGONS {
        often.push(Operation::Admit);
    }
    for (logon, &phase) in (0..).map(LogonId).zip(&spec.logons) {
        lawful.extend([Operation::HangUp(logon), Operation::LogOff(logon)]);
        lawful.push(Operation::Disconnect(logon));
        match phase {
            Phase::Admitted => {
                often.push(Operation::ClaimOrQueue(logon));
                lawful.push(Operation::Refuse(logon, Refusal::NoLicense));
            }
            Phase::Waiting | Phase::Unaware(_) => often.push(Operation::Hear(logon)),
            Phase::Has(_) => often.extend([Operation::Attach(logon), Operation::Hear(logon)]),
            Phase::Prompt(_) => {
                often.extend([0, 1].map(|user| Operation::Arbitrate(logon, UserId(user))));
                lawful.push(Operation::Refuse(logon, Refusal::AccessDenied));
            }
            Phase::Returning(..) => often.push(Operation::Swap(logon)),
            Phase::LoggedOn(_) => often.push(Operation::Disconnect(logon)),
            // Whoever is late is told so, at whatever step.
            Phase::Over => {
                lawful.extend([Operation::ClaimOrQueue(logon), Operation::Attach(logon)]);
                lawful.extend([Operation::Hear(logon), Operation::Swap(logon)]);
                lawful.push(Operation::Refuse(logon, Refusal::NoLicense));
            }
        }
    }
    for session in spec.sessions.values() {
        let claim = session.claim;
        let earlier = Claim {
            generation: Generation(claim.generation.0 - 1),
            ..claim
        };
        lawful.extend([claim, earlier].map(Operation::Reset));
        lawful.extend([claim, earlier].map(Operation::Expire));
        lawful.extend([claim, earlier].map(Operation::Delete));
        match session.state {
            SessionState::Init => {
                often.extend([Operation::Publish(claim); 2]);
                often.push(Operation::FailCreation(claim));
            }
            SessionState::Reset => often.push(Operation::Delete(claim)),
            _ => {}
        }
    }
    (0..6).for_each(|_| lawful.extend(&often));
    lawful
}

impl ReferenceStateMachine for Specification {
    type State = Spec;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Spec> {
        let lines = prop_oneof![Just(OnBrokenLine::Disconnect), Just(OnBrokenLine::Reset)];
        let limits = proptest::option::weighted(0.7, 1..=3u32);
        (0..=2u32, limits, 1..=2u32, any::<bool>(), lines)
            .prop_map(
                |(idle_pool, max_connections, creation_workers, reuse_ids, on_broken_line)| {
                    Spec::new(Settings {
                        idle_pool,
                        max_connections,
                        creation_workers,
                        reuse_ids,
                        on_broken_line,
                        logons_enabled: true,
                    })
                },
            )
            .boxed()
    }

    fn transitions(spec: &Spec) -> BoxedStrategy<Operation> {
        proptest::sample::select(lawful(spec)).boxed()
    }

    fn apply(mut spec: Spec, operation: &Operation) -> Spec {
        spec.apply(*operation);
        spec
    }

    fn preconditions(spec: &Spec, operation: &Operation) -> bool {
        lawful(spec).contains(operation)
    }
}

impl StateMachineTest for SideBySide {
    type SystemUnderTest = Server<EventLog>;
    type Reference = Specification;

    fn init_test(spec: &Spec) -> Server<EventLog> {
        Server::new(spec.settings.clone(), EventLog::default())
    }

    fn apply(mut server: Server<EventLog>, spec: &Spec, operation: Operation) -> Server<EventLog> {
        let answer = perform(&mut server, spec, operation);
        assert_eq!(answer, spec.answer, "the answer to {operation:?}");
        assert_agreement(&server, spec, operation);
        server
    }
}

/// Performs the operation on the server, as the fixed algorithm's sections do.
fn perform(server: &mut Server<EventLog>, spec: &Spec, operation: Operation) -> Answer {
    let ended = |result: Result<Answer, Ending>| result.unwrap_or_else(Answer::Ended);
    let newest = LogonId(spec.logons.len() as u32 - u32::from(!spec.logons.is_empty()));
    match operation {
        Operation::Admit => ended(server.admit(newest).map(|()| Answer::Done)),
        Operation::ClaimOrQueue(logon) => {
            let claim = server.claim_or_queue(logon);
            ended(claim.map(|claim| claim.map_or(Answer::Wait, Answer::Session)))
        }
        Operation::Hear(logon) => server
            .heard(logon)
            .map_or(Answer::Wait, |heard| ended(heard.map(Answer::Session))),
        Operation::Attach(logon) => ended(server.attach(logon).map(Answer::Session)),
        Operation::Arbitrate(logon, user) => {
            ended(server.arbitrate(logon, user).map(|to| match to {
                Arbitration::Own(claim) => Answer::Session(claim),
                Arbitration::Reconnect => Answer::GoBack,
            }))
        }
        Operation::Swap(logon) => {
            let user = match spec.phase(logon) {
                Phase::LoggedOn(claim) => spec.sessions[&claim.session].user,
                _ => None,
            };
            ended(
                server
                    .swap(logon, user.unwrap_or(UserId(0)))
                    .map(Answer::Session),
            )
        }
        Operation::Refuse(logon, refusal) => Answer::Ended(match server.living(logon) {
            Ok(_) => server.refuse(logon, refusal),
            Err(ending) => ending,
        }),
        Operation::HangUp(logon) => {
            server.hang_up(logon);
            Answer::Done
        }
        Operation::Disconnect(logon) => ended(server.disconnect(logon).map(|()| Answer::Done)),
        Operation::LogOff(logon) => ended(server.log_off(logon).map(|()| Answer::Done)),
        Operation::BeginCreation => match server.demand() {
            Some(Demand::Create(claim)) => Answer::Session(claim),
            Some(Demand::Stop) => unreachable!("nobody closes the server"),
            None => Answer::Wait,
        },
        Operation::Publish(claim) => {
            server.publish(claim);
            Answer::Done
        }
        Operation::FailCreation(claim) => {
            server.fail_creation(claim);
            server.clear_down(claim);
            Answer::Done
        }
        Operation::Reset(claim) => Answer::Found(server.reset(claim)),
        Operation::Expire(claim) => Answer::Found(server.expire(claim)),
        Operation::Delete(claim) => {
            server.delete(claim);
            Answer::Done
        }
        Operation::Enable(enabled) => {
            server.enable_logons(enabled);
            Answer::Done
        }
    }
}

/// Compares everything that can be seen of the server.
fn assert_agreement(server: &Server<EventLog>, spec: &Spec, operation: Operation) {
    let after = format!("after {operation:?}");
    assert_eq!(server.ledger().in_use(), spec.permits(), "permits {after}");
    assert_eq!(
        Vec::from(server.idle().clone()),
        spec.idle,
        "idle list {after}"
    );
    assert_eq!(Vec::from(server.queue().clone()), spec.line, "line {after}");
    assert_eq!(server.observer().0, spec.events, "events {after}");
    let sessions = server
        .sessions()
        .iter()
        .skip(2)
        .map(|(&id, session)| Session {
            claim: Claim {
                session: id,
                generation: session.generation,
            },
            state: session.state,
            name: session.name,
            user: session.user,
        });
    let expected: Vec<Session> = spec.sessions.values().cloned().collect();
    assert_eq!(sessions.collect::<Vec<_>>(), expected, "sessions {after}");
    let known = spec
        .logons
        .iter()
        .filter(|&&phase| phase != Phase::Over)
        .count();
    assert_eq!(server.logons().len(), known, "logons {after}");
}
