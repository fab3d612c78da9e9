//! Liars about causes: somebody is logged off, abandoned, reset or refused because of what another did.

use crate::liars::liar::{liars, prelude::*};

/// Runs a step, and hangs up somebody else first if there is one in the phase.
fn hang_up_another<O: Observer>(server: &mut Server<O>, logon: LogonId, phase: LogonPhase) {
    if let Some(other) = first_logon(server, |other, its| other != logon && its == phase) {
        server.hang_up(other);
    }
}

/// Resets a disconnected session as `by` would, if there is one.
fn reset_a_disconnected<O: Observer>(server: &mut Server<O>, by: Resetter) {
    if let Some(claim) = first_in(server, SessionState::Disconnected) {
        server.reset_as(by, claim, claim);
        server.delete(claim);
    }
}

liars! {
    Causes;

    /// Whoever arrives at a full server logs off the first who is logged on.
    arrivals_log_off_the_first falls("broken-line-resets" Identity) Now {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                let first = first_logon(server, |_, phase| phase == LogonPhase::LoggedOn);
                if let Some(first) = first.filter(|_| is_full(server)) {
                    let _over = server.log_off(first);
                }
                server.admit(logon)
            })
        }
    }

    /// Whoever arrives at a full server disconnects the first who is logged on.
    arrivals_disconnect_the_first falls("broken-line-resets" Identity) Now {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                let first = first_logon(server, |_, phase| phase == LogonPhase::LoggedOn);
                if let Some(first) = first.filter(|_| is_full(server)) {
                    let _over = server.disconnect(first);
                }
                server.admit(logon)
            })
        }
    }

    /// Whoever arrives hangs up who waits in line.
    arrivals_hang_up_the_line falls("creation-fails" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                hang_up_another(server, logon, LogonPhase::Queued);
                server.admit(logon)
            })
        }
    }

    /// Whoever arrives hangs up who was admitted and has nothing yet.
    arrivals_hang_up_the_admitted falls("creation-fails" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                hang_up_another(server, logon, LogonPhase::Admitted);
                server.admit(logon)
            })
        }
    }

    /// Whoever arrives hangs up who stands at the prompt.
    arrivals_hang_up_the_prompt falls("license-denied" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                hang_up_another(server, logon, LogonPhase::AtPrompt);
                server.admit(logon)
            })
        }
    }

    /// Whoever arrives deletes a disconnected session.
    arrivals_delete_the_disconnected falls("q187049-zombie" Identity) Now {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                delete_a_disconnected(server);
                server.admit(logon)
            })
        }
    }

    /// The worker deletes a disconnected session when it creates another.
    the_worker_deletes_the_disconnected falls("q187049-zombie" Identity) Now {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                delete_a_disconnected(server);
                server.publish(claim);
            });
        }
    }

    /// The worker expires a disconnected session before its timer does.
    the_worker_expires_the_disconnected falls("q187049-zombie" Identity) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                reset_a_disconnected(server, Resetter::Timer);
                server.publish(claim);
            });
        }
    }

    /// The worker resets whoever is at the prompt, as an administrator would.
    the_worker_resets_the_prompt falls("spurious-wakes" Identity) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                if let Some(prompt) = first_in(server, SessionState::Connected) {
                    server.reset(prompt);
                    server.delete(prompt);
                }
                server.publish(claim);
            });
        }
    }

    /// A time-out ends the other disconnected sessions as well.
    a_time_out_ends_the_others falls("time-out-beside-another" Identity) Now {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| {
                let reset = server.expire(claim);
                if let Some(other) = other_in(server, claim, SessionState::Disconnected) {
                    server.expire(other);
                    server.delete(other);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// A time-out logs off whoever else is logged on.
    a_time_out_logs_others_off falls("reconnect-vs-reset" Identity) Now {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| {
                let reset = server.expire(claim);
                if let Some(other) = first_logon(server, |_, phase| phase == LogonPhase::LoggedOn) {
                    let _over = server.log_off(other);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// Who logs on logs off the other logons of its user.
    logging_on_logs_off_the_same_user falls("q241411-batch" Identity) Now {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let others = server.first_session(|session| {
                    session.user == Some(user) && session.state == SessionState::Active
                });
                if let Some(other) = others.and_then(|other| holder_of(server, other)) {
                    let _over = server.log_off(other);
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// Who logs on takes the session of another logon of its user, which is told to have disconnected.
    logging_on_takes_the_session_of_the_same_user falls("q241411-batch" Identity) Now {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let others = server.first_session(|session| {
                    session.user == Some(user) && session.state == SessionState::Active
                });
                if let Some(other) = others.and_then(|other| holder_of(server, other)) {
                    let _over = server.disconnect(other);
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// Who logs on resets the other sessions of its user, as an administrator would.
    logging_on_resets_the_same_user falls("q241411-batch" Identity) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let other = server.first_session(|session| {
                    session.user == Some(user) && session.state == SessionState::Active
                });
                if let Some(other) = other {
                    server.reset(other);
                    server.delete(other);
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// Who logs on hangs up another who is still at the prompt.
    logging_on_hangs_up_the_prompt falls("q241411-batch" NoFalseRefusal) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                hang_up_another(server, logon, LogonPhase::AtPrompt);
                server.arbitrate(logon, user)
            })
        }
    }

    /// Who logs on is disconnected at once.
    logging_on_disconnects falls("broken-line-resets" Identity) Now {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let Some(user) = user else {
                return Err(self.refuse(logon, Refusal::AccessDenied));
            };
            let claim = match self.arbitrate(logon, user)? {
                Arbitration::Own(claim) => claim,
                Arbitration::Reconnect => {
                    self.ask(logon, line, Moment::Arbitrating)?;
                    self.swap(logon, user)?
                }
            };
            self.disconnect(logon).map(|()| claim)
        }
    }

    /// Who disconnects hangs up another who waits in line.
    disconnecting_hangs_up_the_line falls("reconnect-with-room" NoFalseRefusal) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                hang_up_another(server, logon, LogonPhase::Queued);
                server.disconnect(logon)
            })
        }
    }

    /// Who disconnects logs off another.
    disconnecting_logs_off_another falls("simultaneous-reconnect" Identity) Now {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                let other = first_logon(server, |other, phase| other != logon && phase == LogonPhase::LoggedOn);
                if let Some(other) = other {
                    let _over = server.log_off(other);
                }
                server.disconnect(logon)
            })
        }
    }

    /// A hang-up takes the next in line along.
    hanging_up_takes_the_line_along falls("q219540-broken-handoff" NoFalseRefusal) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                hang_up_another(server, logon, LogonPhase::Queued);
                server.hang_up(logon);
            });
        }
    }

    /// A hang-up of one client ends those of its user that are logged on.
    hanging_up_ends_the_same_user falls("q187049-zombie" Identity) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let user = held_by(server, logon).and_then(|claim| server.find(claim)).and_then(|session| session.user);
                server.hang_up(logon);
                let other = server.first_session(|session| {
                    user.is_some() && session.user == user && session.state == SessionState::Active
                });
                if let Some(other) = other.and_then(|other| holder_of(server, other)) {
                    server.hang_up(other);
                }
            });
        }
    }

    /// A creation that fails hangs up who stands at the prompt.
    a_failed_creation_hangs_up_the_prompt falls("failure-in-line" NoFalseRefusal) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                if let Some(prompt) = first_logon(server, |_, phase| phase == LogonPhase::AtPrompt) {
                    server.hang_up(prompt);
                }
                server.fail_creation(claim);
                server.clear_down(claim);
            });
        }
    }

    /// A creation that fails deletes a disconnected session.
    a_failed_creation_deletes_the_disconnected falls("failure-in-line" Identity) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                delete_a_disconnected(server);
                server.fail_creation(claim);
                server.clear_down(claim);
            });
        }
    }
}
