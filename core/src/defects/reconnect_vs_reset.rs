//! V11a `reconnect-vs-reset`: a logon gives up its own session before it has the old one.
//!
//! **Mechanism.** Arbitration sees that the user has a disconnected session, deletes the logon's temporary
//! session, and only then takes the old one. The disconnect time-out, or another logon of the same user, gets
//! there first, and the logon is left with neither.
//!
//! **Evidence.** The swap of sessions is documented (KB Q186572); doing it in this order is a reconstruction.
//! Related: a race between a disconnect and the end of a shadow (KB Q251425); OpenLiberty/open-liberty,
//! issue 35814.
//!
//! **Smallest scenario.** One client that disconnects and comes back, and the time-out of its session.

use super::prelude::*;

/// The allocator with this defect.
pub struct ReconnectVsReset<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for ReconnectVsReset<P, O, S> {
    only_the_server!();

    fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
        self.server().update("look for an old session", |server| {
            look(server, logon, user)
        })
    }

    fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
        self.server()
            .update("delete the temporary session", |server| {
                delete_temporary(server, logon);
            });
        self.server().update("take the old session", |server| {
            server.living(logon)?;
            let old = server.logons()[&logon].old;
            let disconnected = |claim: &Claim| {
                server
                    .find(*claim)
                    .is_some_and(|session| session.state == SessionState::Disconnected)
            };
            let Some(old) = old.filter(disconnected) else {
                return Err(server.refuse(logon, Refusal::Dropped(DropReason::NotFound)));
            };
            server.transition(old, SessionState::ConnectQuery);
            server.swap(logon, user)
        })
    }
}

/// Arbitration that notes the old session instead of claiming it.
fn look<O: Observer, S: Store>(
    server: &mut Server<O, S>,
    logon: LogonId,
    user: UserId,
) -> Result<Arbitration, Ending> {
    server.living(logon)?;
    let Some(old) = server.disconnected_session_of(user) else {
        return server.arbitrate(logon, user);
    };
    server.tell(Fact::Arbitrated {
        logon,
        user,
        old: Some(old),
    });
    server.note_old(logon, old);
    Ok(Arbitration::Reconnect)
}

/// Deletes the session a logon holds for the time being; the logon goes on without one.
fn delete_temporary<O: Observer, S: Store>(server: &mut Server<O, S>, logon: LogonId) {
    if let Some(temporary) = server
        .logons
        .get_mut(&logon)
        .and_then(|record| record.claim.take())
    {
        server.delete_now(temporary);
    }
}
