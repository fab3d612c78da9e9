//! V8 `stolen-handoff`: a new session goes to whoever takes it first.
//!
//! **Mechanism.** A finished session is put on the shared list, and the oldest logon in line is struck off as
//! served and woken. A newcomer takes the session before the woken logon does; that one finds nothing, sleeps
//! again, and is no longer counted as demand.
//!
//! **Evidence.** None for KB Q238186. Present-day forms: DanielYWoo/fast-object-pool, issue 25;
//! brettwooldridge/HikariCP, issue 1909.
//!
//! **Smallest scenario.** Two clients and a pool of 0.

use super::prelude::*;

/// The allocator with this defect.
pub struct StolenHandoff<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for StolenHandoff<P, O, S> {
    only_the_server!();

    fn publish(&self, claim: Claim) {
        self.server()
            .update("publish to all", |server| publish_to_all(server, claim));
    }

    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.server().wait_for("await any session", |server| {
            server
                .heard(logon)
                .or_else(|| take_any(server, logon).map(Ok))
        })
    }
}

/// Puts a finished session on the idle list for anybody, and strikes the oldest logon off the line.
fn publish_to_all<O: Observer, S: Store>(server: &mut Server<O, S>, claim: Claim) {
    server.finish_loading(claim);
    server.transition(claim, SessionState::Idle);
    server.idle.push_back(claim);
    server.queue.pop_front();
}

fn take_any<O: Observer, S: Store>(server: &mut Server<O, S>, logon: LogonId) -> Option<Claim> {
    let claim = server.idle.pop_front()?;
    server.assign(claim, logon);
    Some(claim)
}
