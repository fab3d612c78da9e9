//! Liars about reconnecting: how a user comes back.

use crate::liars::liar::{liars, prelude::*};

/// Arbitrates as provided but for which old session is chosen.
fn arbitrate_for<O: Observer>(
    server: &mut Server<O>,
    logon: LogonId,
    user: UserId,
    old: Claim,
) -> Result<Arbitration, Ending> {
    server.living(logon)?;
    server.tell(Fact::Arbitrated { logon, user, old: Some(old) });
    server.note_old(logon, old);
    if let Some(session) = server.find_mut(old) {
        session.holder = Some(logon);
    }
    server.transition(old, SessionState::ConnectQuery);
    Ok(Arbitration::Reconnect)
}

liars! {
    Reconnect;

    /// Nobody is offered an old session.
    never_offers_the_old_one falls("q187049-zombie" Reconnect) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                let claim = held_by(server, logon).ok_or(Ending::Gone)?;
                server.living(logon)?;
                server.tell(Fact::Arbitrated { logon, user, old: None });
                if let Some(session) = server.find_mut(claim) {
                    session.user = Some(user);
                }
                Ok(Arbitration::Own(server.complete(logon, claim)))
            })
        }
    }

    /// The old session is offered, and the client stays where it is.
    offers_the_old_one_and_keeps_its_own falls("q187049-zombie" Reconnect) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("keep", |server| {
                server.living(logon)?;
                let own = held_by(server, logon).ok_or(Ending::Gone)?;
                if let Some(session) = server.find_mut(own) {
                    session.user = Some(user);
                }
                Ok(server.complete(logon, own))
            })
        }
    }

    /// The old session is offered, and the client dropped.
    offers_the_old_one_and_drops falls("q187049-zombie" NoFalseRefusal) Before {
        fn swap(&self, logon: LogonId, _: UserId) -> Result<Claim, Ending> {
            self.server().update("drop", |server| {
                server.living(logon)?;
                Err(server.refuse(logon, Refusal::Dropped(DropReason::Busy)))
            })
        }
    }

    /// A session that is not disconnected is offered.
    offers_one_that_is_in_use falls("q241411-batch" Reconnect) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                let used = server.first_session(|session| {
                    session.user == Some(user) && session.state == SessionState::Active
                });
                match used {
                    Some(used) => arbitrate_for(server, logon, user, used),
                    None => server.arbitrate(logon, user),
                }
            })
        }
    }

    /// The client goes back, and its temporary session stays at the prompt.
    keeps_the_temporary_session falls("q187049-zombie" Conservation) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                if let Some(record) = server.logons_mut().get_mut(&logon) && record.old.is_some() {
                    record.claim = None;
                }
                server.swap(logon, user)
            })
        }
    }

    /// The client stays, and the old session is deleted.
    deletes_the_old_session falls("q187049-zombie" Identity) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                server.living(logon)?;
                if let Some(record) = server.logons_mut().get_mut(&logon) && let Some(old) = record.old.take() {
                    server.delete_now(old);
                }
                server.swap(logon, user)
            })
        }
    }

    /// The old session is told as reset, and was not: the client stays where it is.
    tells_that_the_old_one_was_reset falls("q187049-zombie" Identity) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                server.living(logon)?;
                if let Some(record) = server.logons_mut().get_mut(&logon) && let Some(old) = record.old.take() {
                    server.reset_as(Resetter::Timer, old, old);
                    server.delete(old);
                }
                server.swap(logon, user)
            })
        }
    }

    /// Before anybody arbitrates, the old session is expired.
    expires_the_old_one_when_its_user_comes falls("q187049-zombie" Identity) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                if let Some(old) = server.disconnected_session_of(user) {
                    server.expire(old);
                    server.delete(old);
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// Before anybody arbitrates, the old session is deleted.
    deletes_the_old_one_when_its_user_comes falls("q187049-zombie" Identity) Now {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                if let Some(old) = server.disconnected_session_of(user) {
                    server.delete_now(old);
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// The old session is not claimed until the client goes back to it.
    claims_the_old_one_too_late falls("reconnect-vs-reset" LegalTransition) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let Some(old) = server.disconnected_session_of(user) else { return server.arbitrate(logon, user) };
                server.tell(Fact::Arbitrated { logon, user, old: Some(old) });
                server.note_old(logon, old);
                Ok(Arbitration::Reconnect)
            })
        }

        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                let old = server.logons().get(&logon).and_then(|record| record.old);
                if let Some(old) = old {
                    server.transition(old, SessionState::ConnectQuery);
                }
                server.swap(logon, user)
            })
        }
    }

    /// Who hangs up on the way back loses the old session.
    a_hang_up_on_the_way_loses_the_old_session falls("stopped-on-the-way-back" Identity) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let old = server.logons().get(&logon).and_then(|record| record.old);
                server.hang_up(logon);
                if let Some(old) = old {
                    server.delete_now(old);
                }
            });
        }
    }

    /// Who hangs up on the way back leaves the old session connecting, with nobody.
    a_hang_up_on_the_way_leaves_the_old_session_connecting falls("stopped-on-the-way-back" Conservation) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if let Some(record) = server.logons_mut().get_mut(&logon) {
                    record.old = None;
                }
                server.hang_up(logon);
            });
        }
    }

    /// Whose own session is reset on the way back loses the old one as well.
    a_reset_on_the_way_loses_both falls("stopped-on-the-way-back" Identity) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| {
                let old = holder_of(server, claim).and_then(|logon| server.logons().get(&logon)?.old);
                let reset = server.reset(claim);
                if let Some(old) = old.filter(|&old| old != claim) {
                    server.delete_now(old);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// Whose old session is reset on the way back is refused.
    a_reset_of_the_old_one_refuses falls("two-users" NoFalseRefusal) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| {
                let holder = holder_of(server, claim);
                let swapping = holder.filter(|&logon| server.living(logon) == Ok(LogonPhase::Swapping));
                let reset = server.reset(claim);
                if let Some(logon) = swapping.filter(|&logon| server.living(logon).is_ok()) {
                    server.refuse(logon, Refusal::SessionReset);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// A session that is left behind does not know whose it is.
    forgets_whose_session_it_is falls("reconnect-vs-reset" Reconnect) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                let claim = held_by(server, logon);
                server.disconnect(logon)?;
                if let Some(session) = claim.and_then(|claim| server.find_mut(claim)) {
                    session.user = None;
                }
                Ok(())
            })
        }
    }

    /// The client goes back to the old session and is told to be logged on to the temporary one.
    tells_the_temporary_one_as_home falls("q187049-zombie" Reconnect) Before {
        fn swap(&self, logon: LogonId, _: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                server.living(logon)?;
                let own = held_by(server, logon).ok_or(Ending::Gone)?;
                server.advance(logon, LogonPhase::LoggedOn);
                server.tell(Fact::LoggedOn { logon, claim: own });
                server.transition(own, SessionState::Active);
                Ok(own)
            })
        }
    }

    /// Two swaps are done for one.
    completes_twice falls("q187049-zombie" OneOutcome) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                let home = server.swap(logon, user)?;
                server.tell(Fact::LoggedOn { logon, claim: home });
                Ok(home)
            })
        }
    }

    /// Nobody can come back to a full server, though a disconnected session counts for nothing.
    refuses_who_comes_back falls("q187049-zombie" NoFalseRefusal) Before {
        fn swap(&self, logon: LogonId, _: UserId) -> Result<Claim, Ending> {
            self.server().update("refuse", |server| {
                server.living(logon)?;
                Err(server.refuse(logon, Refusal::MaxConnections))
            })
        }
    }
}
