//! Liars about demands: a client disconnects or logs off, and something else is done.

use crate::liars::liar::{liars, prelude::*};

/// Ends a complete logon as `departure`, and brings its session into `state`.
fn depart<O: Observer>(
    server: &mut Server<O>,
    logon: LogonId,
    departure: Departure,
    state: SessionState,
) -> Result<(), Ending> {
    server.living(logon)?;
    let claim = held_by(server, logon);
    server.logons_mut().remove(&logon);
    server.ledger_mut().release();
    server.tell(Fact::Left { logon, departure });
    if let Some(claim) = claim {
        if let Some(session) = server.find_mut(claim) {
            (session.holder, session.name) = (None, None);
        }
        server.transition(claim, state);
        server.delete(claim);
    }
    Ok(())
}

liars! {
    Demands;

    /// Who logs off is disconnected, and told that it logged off.
    log_off_disconnects falls("stale-reset" Identity) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect instead", |server| server.disconnect(logon))
        }
    }

    /// Who disconnects is logged off, and told that it is disconnected.
    disconnect_logs_off falls("reconnect-vs-reset" Identity) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off instead", |server| server.log_off(logon))
        }
    }

    /// A log-off is told, and the session stays disconnected.
    log_off_keeps_the_session falls("stale-reset" Identity) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| {
                depart(server, logon, Departure::LoggedOff, SessionState::Disconnected)
            })
        }
    }

    /// A disconnection is told, and the session deleted at once.
    disconnect_deletes_at_once falls("reconnect-vs-reset" Identity) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                depart(server, logon, Departure::Disconnected, SessionState::Reset)
            })
        }
    }

    /// A disconnected session is deleted in the next section.
    disconnect_deletes_later falls("reconnect-vs-reset" Identity) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            let left = self.server().update("disconnect", |server| {
                let claim = held_by(server, logon);
                server.disconnect(logon)?;
                claim.ok_or(Ending::Gone)
            })?;
            self.server().update("delete", |server| server.delete_now(left));
            Ok(())
        }
    }

    /// A log-off says that it is done, and nothing happened.
    log_off_does_nothing falls("stale-reset" OneOutcome) Before {
        fn log_off(&self, _: LogonId) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// A disconnection says that it is done, and nothing happened.
    disconnect_does_nothing falls("reconnect-vs-reset" OneOutcome) Before {
        fn disconnect(&self, _: LogonId) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// Who logs off ends the first other logon as well.
    log_off_ends_another falls("log-off-cut" NoFalseRefusal) Now {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off two", |server| {
                if let Some(other) = first_logon(server, |other, _| other != logon) {
                    server.hang_up(other);
                }
                server.log_off(logon)
            })
        }
    }
}
