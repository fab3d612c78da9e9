//! Liars about identity: which user a logon is, and at whom a reset or a time-out is aimed.

use crate::liars::liar::{liars, prelude::*};

/// Resets `hit`, and tells that `claim` was aimed at and hit.
fn reset_and_tell_of<O: Observer>(server: &mut Server<O>, by: Resetter, claim: Claim, hit: Claim) {
    server.tell(Fact::Reset { by, aimed: claim, hit: claim });
    server.delete_now(hit);
}

liars! {
    Identity;

    /// Whoever logs on is taken for the user of the first disconnected session.
    takes_everybody_for_who_left falls("q187443-reconnect-at-max" Reconnect) Now {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                let old = first_in(server, SessionState::Disconnected);
                let owner = old.and_then(|old| server.find(old)).and_then(|session| session.user);
                server.arbitrate(logon, owner.unwrap_or(user))
            })
        }
    }

    /// Whoever logs on is taken for user 0.
    takes_everybody_for_one_user falls("wrong-password" Reconnect) Now {
        fn arbitrate(&self, logon: LogonId, _: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| server.arbitrate(logon, UserId(0)))
        }
    }

    /// Two users are taken for each other.
    swaps_users falls("broken-line-resets" Reconnect) Now {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| server.arbitrate(logon, UserId(1 ^ user.0)))
        }
    }

    /// Every logon is that of a user of its own, so nobody ever comes back.
    takes_everybody_for_a_stranger falls("broken-line-resets" Reconnect) Now {
        fn arbitrate(&self, logon: LogonId, _: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| server.arbitrate(logon, UserId(100 + logon.0)))
        }
    }

    /// The right user is told, and another written down.
    records_another_user falls("q187049-zombie" Reconnect) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                let arbitrated = server.arbitrate(logon, user)?;
                if let Arbitration::Own(claim) = arbitrated && let Some(session) = server.find_mut(claim) {
                    session.user = Some(UserId(user.0 + 1));
                }
                Ok(arbitrated)
            })
        }
    }

    /// The first disconnected session is given back, whoever asks, and the truth is told of it.
    gives_back_the_first_session_there_is falls("q187443-reconnect-at-max" Reconnect) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let Some(old) = first_in(server, SessionState::Disconnected) else {
                    return server.arbitrate(logon, user);
                };
                server.tell(Fact::Arbitrated { logon, user, old: Some(old) });
                server.note_old(logon, old);
                if let Some(session) = server.find_mut(old) {
                    session.holder = Some(logon);
                }
                server.transition(old, SessionState::ConnectQuery);
                Ok(Arbitration::Reconnect)
            })
        }
    }

    /// The reset hits another session, and the one aimed at is told.
    resets_another_and_tells_of_the_right_one falls("stale-reset" Cleanup) Before {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("reset", |server| {
                if !server.find(claim).is_some_and(|session| session.state.may_be_reset()) {
                    return false;
                }
                match server.first_session(|session| {
                    session.state.may_be_reset() && session.generation != claim.generation
                }) {
                    Some(other) => reset_and_tell_of(server, Resetter::Administrator, claim, other),
                    None => return server.reset(claim),
                }
                true
            })
        }
    }

    /// The reset hits a disconnected session instead, and that one is told as aimed at.
    resets_a_disconnected_one_instead falls("stopped-on-the-way-back" Identity) Now {
        fn reset(&self, claim: Claim) -> bool {
            let hit = self.server().update("reset", |server| {
                let hit = other_in(server, claim, SessionState::Disconnected).unwrap_or(claim);
                server.reset(hit).then_some(hit)
            });
            hit.is_some_and(|hit| self.delete_if(true, hit))
        }
    }

    /// A reset by the bare id, told as if whoever has the id now had been meant.
    resets_by_id_and_forges_the_aim falls("stale-reset" Identity) Now {
        fn reset(&self, claim: Claim) -> bool {
            let hit = self.server().update("reset", |server| {
                let current = server.claim_on(claim.session);
                current.filter(|&current| server.reset(current))
            });
            hit.is_some_and(|hit| self.delete_if(true, hit))
        }
    }

    /// A reset by the bare id, told as it is.
    resets_by_id falls("stale-reset" Identity) Before {
        fn reset(&self, claim: Claim) -> bool {
            let hit = self.server().update("reset", |server| {
                let current = server.claim_on(claim.session);
                current.filter(|&current| server.reset_as(Resetter::Administrator, claim, current))
            });
            hit.is_some_and(|hit| self.delete_if(true, hit))
        }
    }

    /// A reset by the bare id, told as if the earlier session had been hit.
    resets_by_id_and_forges_what_was_hit falls("stale-reset" Identity) Before {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("reset", |server| {
                let current = server.claim_on(claim.session).filter(|&current| {
                    server.find(current).is_some_and(|session| session.state.may_be_reset())
                });
                let Some(current) = current else { return false };
                if current == claim {
                    let reset = server.reset(claim);
                    server.delete(claim);
                    return reset;
                }
                reset_and_tell_of(server, Resetter::Administrator, claim, current);
                true
            })
        }
    }

    /// The administrator is shown the first session there is, whoever it was looking for.
    shows_the_administrator_another falls("two-users" AsAsked) Now {
        fn look_up(&self, _: &dyn Fn(&Session) -> bool) -> Option<Claim> {
            self.server().enter("look up the first", |server| {
                server.first_session(|session| session.state.has_client())
            })
        }
    }

    /// The administrator is shown the last session there is, whoever it was looking for.
    shows_the_administrator_the_last falls("two-users" AsAsked) Now {
        fn look_up(&self, _: &dyn Fn(&Session) -> bool) -> Option<Claim> {
            self.server().enter("look up the last", |server| {
                let mut sessions = server.sessions().range(FIRST_SESSION..).rev();
                let last = sessions.find(|(_, session)| session.state.has_client());
                last.map(|(&session, found)| Claim { session, generation: found.generation })
            })
        }
    }

    /// The administrator is shown nothing, though the session is there.
    shows_the_administrator_nothing falls("stale-reset" AsAsked) Now {
        fn look_up(&self, _: &dyn Fn(&Session) -> bool) -> Option<Claim> {
            None
        }
    }

    /// The administrator is shown a session whose number was never given.
    shows_the_administrator_a_ghost falls("stale-reset" AsAsked) Now {
        fn look_up(&self, wanted: &dyn Fn(&Session) -> bool) -> Option<Claim> {
            self.server().enter("look up and forge", |server| {
                let found = server.first_session(wanted)?;
                Some(Claim { generation: Generation(found.generation.0 + 50), ..found })
            })
        }
    }

    /// A timer is told of the first disconnected session, whoever left it.
    tells_a_timer_of_another_user falls("time-out-beside-another" AsAsked) Now {
        fn await_disconnected(&self, _: UserId) -> Option<Claim> {
            self.server().wait_for("await a disconnected session", |server| {
                first_in(server, SessionState::Disconnected).map(Some)
            })
        }
    }

    /// A time-out ends the first disconnected session of another user, and tells of that.
    expires_another_user falls("time-out-beside-another" Identity) Now {
        fn expire(&self, claim: Claim) -> bool {
            let hit = self.server().update("expire", |server| {
                let hit = other_in(server, claim, SessionState::Disconnected).unwrap_or(claim);
                server.expire(hit).then_some(hit)
            });
            hit.is_some_and(|hit| self.delete_if(true, hit))
        }
    }

    /// A time-out ends the first disconnected session of another user, and tells that it was the one aimed at.
    expires_another_user_and_forges_it falls("time-out-beside-another" Identity) Now {
        fn expire(&self, claim: Claim) -> bool {
            self.server().update("expire", |server| {
                if let Some(other) = other_in(server, claim, SessionState::Disconnected) {
                    reset_and_tell_of(server, Resetter::Timer, claim, other);
                    return true;
                }
                let reset = server.expire(claim);
                server.delete(claim);
                reset
            })
        }
    }

    /// A reset takes the console down.
    resets_the_console falls("stale-reset" Identity) Before {
        fn reset(&self, _: Claim) -> bool {
            self.server().update("reset the console", |server| {
                let console = server.claim_on(logon_core::ids::CONSOLE);
                console.is_some_and(|console| server.reset(console))
            })
        }
    }

    /// Who attaches is told the name of its neighbor.
    tells_of_another_when_it_attaches falls("creation-fails" OneHolder) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let claim = held_by(server, logon).ok_or(Ending::Gone)?;
                server.tell(Fact::Attaching { logon: LogonId(logon.0 + 1), claim });
                server.attach(logon)
            })
        }
    }

    /// A hang-up is done to the one named and told of another.
    tells_the_hang_up_of_another falls("q187049-zombie" NoFalseRefusal) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon).is_ok_and(|phase| phase != LogonPhase::LoggedOn) {
                    let other = first_logon(server, |other, _| other != logon).unwrap_or(logon);
                    let claim = held_by(server, logon);
                    server.tell(Fact::Abandoned { logon: other });
                    server.logons_mut().remove(&logon);
                    server.queue_mut().retain(|&waiting| waiting != logon);
                    server.ledger_mut().release();
                    if let Some(claim) = claim {
                        server.delete_now(claim);
                    }
                } else {
                    server.hang_up(logon);
                }
            });
        }
    }
}
