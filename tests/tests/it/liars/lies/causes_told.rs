//! Liars about causes: somebody is given up, reset or told to have left, and nobody did that.

use crate::liars::liar::{liars, prelude::*};

liars! {
    Causes;

    /// Whoever would have to wait is given up, if it is one whose line may be cut.
    gives_up_who_may_be_cut falls("q245221" NoFalseRefusal) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or give up", |server| {
                server.living(logon)?;
                if server.idle().is_empty() {
                    server.hang_up(logon);
                    return Err(Ending::Gone);
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// The first client is given up at the prompt, before anybody cuts its line.
    gives_up_the_first_at_the_prompt falls("q245221" NoFalseRefusal) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let claim = server.attach(logon)?;
                if logon == LogonId(0) {
                    server.hang_up(logon);
                }
                Ok(claim)
            })
        }
    }

    /// Whoever arrives at a full server is told that it has left.
    full_is_told_as_gone falls("q192165-full" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                if server.ledger_mut().try_acquire() {
                    server.register(logon);
                    return Ok(());
                }
                server.tell(Fact::Abandoned { logon });
                Err(Ending::Gone)
            })
        }
    }

    /// Who has just attached is reset, where there is an administrator who may reset somebody.
    attaching_resets falls("q245221" Identity) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let claim = server.attach(logon)?;
                if claim.generation.0 == 1 {
                    server.reset(claim);
                    server.delete(claim);
                }
                Ok(claim)
            })
        }
    }

    /// A reset is told and not done; the logon is refused as if it had been.
    tells_a_reset_to_refuse falls("q219540-broken-handoff" Identity) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or refuse", |server| {
                let claim = server.claim_or_queue(logon)?;
                if let Some(claim) = claim {
                    server.tell(Fact::Reset { by: Resetter::Administrator, aimed: claim, hit: claim });
                    return Err(server.refuse(logon, Refusal::SessionReset));
                }
                Ok(None)
            })
        }
    }

    /// Who has waited is reset when its turn comes, where there is an administrator who may reset somebody.
    publishing_resets falls("q245221" Identity) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if let Some(logon) = holder_of(server, claim) {
                    server.tell(Fact::Reset { by: Resetter::Administrator, aimed: claim, hit: claim });
                    server.transition(claim, SessionState::Reset);
                    server.delete(claim);
                    server.refuse_in_line(logon, Refusal::SessionReset);
                }
            });
        }
    }

    /// A departure is told of another who is logged on, who knows nothing of it.
    tells_the_departure_of_another falls("simultaneous-reconnect" Identity) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                let other = first_logon(server, |other, phase| other != logon && phase == LogonPhase::LoggedOn);
                if let Some(logon) = other {
                    server.tell(Fact::Left { logon, departure: Departure::Disconnected });
                }
                server.disconnect(logon)
            })
        }
    }

    /// A departure is told twice.
    tells_a_departure_twice falls("reconnect-vs-reset" OneOutcome) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                server.disconnect(logon)?;
                server.tell(Fact::Left { logon, departure: Departure::Disconnected });
                Ok(())
            })
        }
    }

    /// A departure is told before anybody asked for it, when the logon is complete.
    tells_a_departure_early falls("broken-line-resets" Identity) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                let arbitrated = server.arbitrate(logon, user)?;
                if let Arbitration::Own(claim) = arbitrated {
                    server.logons_mut().remove(&logon);
                    server.ledger_mut().release();
                    server.tell(Fact::Left { logon, departure: Departure::Disconnected });
                    if let Some(session) = server.find_mut(claim) {
                        (session.holder, session.name) = (None, None);
                    }
                    server.transition(claim, SessionState::Disconnected);
                }
                Ok(arbitrated)
            })
        }

        fn disconnect(&self, _: LogonId) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// A hang-up is done and not told.
    tells_no_hang_up falls("only-client-cut" AsAsked) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up untold", |server| {
                if server.living(logon).is_ok_and(|phase| phase != LogonPhase::LoggedOn) {
                    let claim = held_by(server, logon);
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

    /// When the server closes, disconnected sessions are deleted.
    closing_deletes_the_disconnected nowhere("nobody closes the server before rest is judged") Before {
        fn close(&self) {
            self.server().update("close", |server| {
                delete_a_disconnected(server);
                server.close();
            });
        }
    }
}
