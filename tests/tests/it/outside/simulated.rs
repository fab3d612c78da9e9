//! Allocators whose waits end with nothing told: in a simulation whoever waits there looks late, and nobody is accused of that.

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::server::{Arbitration, Logon, LogonPhase};
use logon_core::{
    Allocator, Claim, Ending, Line, LogonId, Moment, Refusal, Server, SessionState, UserId,
};
use logon_models::scenario::Scenario;
use logon_models::simulate::swarm::one;
use logon_models::simulate::{Options, simulate};
use logon_models::stage::AnySubject;

use super::Outside;

/// The record that is there while it is somebody's turn.
const TURN: LogonId = LogonId(4_000_000_000);

/// Users log on one at a time. Whose turn it is the server knows, and no fact says it.
pub(super) struct Turns<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Turns<P, O> {
    fn around(server: Server<O>) -> Self {
        Turns {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn log_on(
        &self,
        logon: LogonId,
        user: Option<UserId>,
        line: &dyn Line,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::AtPrompt)?;
        let Some(user) = user else {
            return Err(self.refuse(logon, Refusal::AccessDenied));
        };
        self.server().wait_for("await the turn", |server| {
            if server.logons().contains_key(&TURN) {
                return None;
            }
            let turn = Logon {
                phase: LogonPhase::Admitted,
                claim: None,
                old: None,
            };
            server.logons_mut().insert(TURN, turn);
            Some(())
        });
        let result = match self.arbitrate(logon, user) {
            Err(ending) => Err(ending),
            Ok(Arbitration::Own(claim)) => Ok(claim),
            Ok(Arbitration::Reconnect) => self
                .ask(logon, line, Moment::Arbitrating)
                .and_then(|()| self.swap(logon, user)),
        };
        self.server().update("give the turn back", |server| {
            server.logons_mut().remove(&TURN);
        });
        result
    }
}

/// A session that is ready goes on the idle list, and whoever is first in line takes it from there when it looks.
pub(super) struct Puller<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Puller<P, O> {
    fn around(server: Server<O>) -> Self {
        Puller {
            server: P::Monitor::new("server", server),
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.server().update("claim or queue", |server| {
            server.living(logon)?;
            let next = server.idle().front().copied();
            if let Some(claim) = next.filter(|_| server.queue().is_empty()) {
                server.idle_mut().pop_front();
                server.assign(claim, logon);
                return Ok(Some(claim));
            }
            server.enqueue(logon);
            Ok(None)
        })
    }

    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        let pulled = self.server().wait_for("pull", |server| {
            if let Some(heard) = server.heard(logon) {
                return Some(heard);
            }
            if server.queue().front() != Some(&logon) {
                return None;
            }
            let claim = server.idle_mut().pop_front()?;
            server.queue_mut().pop_front();
            server.assign(claim, logon);
            Some(Ok(claim))
        });
        self.server().update("let the next look", |_| ());
        pulled
    }

    fn publish(&self, claim: Claim) {
        self.server().update("publish", |server| {
            server.finish_loading(claim);
            server.transition(claim, SessionState::Idle);
            server.idle_mut().push_back(claim);
        });
    }
}

#[test]
fn whoever_waits_for_what_nobody_tells_is_not_accused() {
    for right in [Outside::Sharded, Outside::Turns] {
        let subject = AnySubject::new(right);
        for seed in 1..=100 {
            let line = one(&subject, seed, 100);
            assert!(!line.is_finding(), "{right:?}: {line:?}");
        }
    }
}

/// Somebody is held up at every moment, so that nobody is asked to look again.
const NEVER_QUIET: &str = r#"
name = "never-quiet"
summary = "Somebody is always held up."
source = "reconstruction"

[server]
idle-pool = 0

[time]
set-up = "3s"
patience = "1h"
hold-up = { one-in = 2, up-to = "2s" }

[[arrivals]]
kind = "burst"
logons = 4

[faults]
reset-every = "1s"
"#;

#[test]
fn whoever_is_served_late_because_others_look_late_is_not_accused_of_waiting() {
    let scenario = Scenario::parse(NEVER_QUIET, "never-quiet").expect("it makes sense");
    let subject = AnySubject::new(Outside::Puller);
    for seed in 1..=40 {
        let options = Options {
            seed: Some(seed),
            stops: true,
            ..Options::default()
        };
        let ran = simulate(&subject, &scenario, &options).expect("clients are drawn");
        let ran = ran.expect("no fault");
        assert_eq!(ran.property(), None, "seed {seed}");
    }
}
