//! Liars about excuses: why somebody is not served.

use crate::liars::liar::{liars, prelude::*};

/// Fails a creation and refuses whom `choose` names, if it names somebody in line.
fn fail<O: Observer>(
    server: &mut Server<O>,
    claim: Claim,
    choose: impl FnOnce(&Server<O>) -> Option<LogonId>,
) {
    server.transition(claim, SessionState::Down);
    if let Some(logon) = choose(server) {
        server.refuse_in_line(logon, Refusal::CreationFailed);
    }
    server.clear_down(claim);
}

liars! {
    Excuses;

    /// Event 71 as soon as one permit is left.
    refuses_with_one_permit_left falls("q192165-full" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                let most = server.ledger().maximum().unwrap_or(u32::MAX);
                if server.ledger().in_use() + 1 >= most {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.ledger_mut().try_acquire();
                server.register(logon);
                Ok(())
            })
        }
    }

    /// Once full, the server refuses everybody for ever.
    refuses_once_it_was_full falls("q219540-broken-handoff" NoFalseRefusal) Before
    with { was_full: P::Monitor<bool> = P::Monitor::new("was full", false); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let was_full = self.was_full.enter("look", |was_full| *was_full);
            let admitted = self.server().update("admit", |server| {
                if was_full {
                    server.arrive(logon)?;
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.admit(logon)
            });
            let full = self.server().enter("look whether it is full", |server| is_full(server));
            if full {
                self.was_full.update("note", |was_full| *was_full = true);
            }
            admitted
        }
    }

    /// Event 71 for whoever would have to wait on a full server, though it was admitted.
    refuses_after_admission falls("q192165-full" NoFalseRefusal) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or refuse", |server| {
                server.living(logon)?;
                if server.idle().is_empty() && is_full(server) {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// Event 71 because of the sessions that are disconnected.
    counts_disconnected_sessions falls("q187443-reconnect-at-max" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                let left = |session: &&Session| session.state == SessionState::Disconnected;
                let left = server.sessions().values().filter(left).count();
                let most = server.ledger().maximum().unwrap_or(u32::MAX);
                if server.ledger().in_use() + left as u32 >= most {
                    server.arrive(logon)?;
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.admit(logon)
            })
        }
    }

    /// Everybody is refused as if logons were disabled.
    refuses_as_if_disabled falls("q245221" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("refuse", |server| {
                server.arrive(logon)?;
                Err(server.refuse(logon, Refusal::LogonsDisabled))
            })
        }
    }

    /// Who was admitted while logons were disabled for a moment before it arrived is refused for that.
    refuses_because_logons_were_disabled falls("change-logon-disable" NoFalseRefusal) Before
    with { ever: P::Monitor<bool> = P::Monitor::new("ever disabled", false); }
    {
        fn enable_logons(&self, enabled: bool) {
            self.server().update("set", |server| server.enable_logons(enabled));
            self.ever.update("note", |ever| *ever |= !enabled);
        }

        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let ever = self.ever.enter("look", |ever| *ever);
            self.server().update("admit", |server| {
                if ever {
                    server.arrive(logon)?;
                    return Err(server.refuse(logon, Refusal::LogonsDisabled));
                }
                server.admit(logon)
            })
        }
    }

    /// Who finds logons disabled gets event 71.
    disabled_is_told_as_full falls("change-logon-disable" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                if server.logons_enabled() {
                    return server.admit(logon);
                }
                server.tell(Fact::Arrived { logon });
                Err(server.refuse(logon, Refusal::MaxConnections))
            })
        }
    }

    /// Who comes to a full server is refused as if logons were disabled.
    full_is_told_as_disabled falls("q192165-full" NoFalseRefusal) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                if is_full(server) {
                    server.arrive(logon)?;
                    return Err(server.refuse(logon, Refusal::LogonsDisabled));
                }
                server.admit(logon)
            })
        }
    }

    /// A failed creation refuses the youngest in line.
    a_failed_creation_refuses_the_youngest falls("creation-fails" NoFalseRefusal) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                fail(server, claim, |server| server.queue().back().copied());
            });
        }
    }

    /// A failed creation refuses everybody in line.
    a_failed_creation_refuses_the_whole_line falls("creation-fails" NoFalseRefusal) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                fail(server, claim, |_| None);
                while let Some(waiting) = server.queue_mut().pop_front() {
                    server.refuse_in_line(waiting, Refusal::CreationFailed);
                }
            });
        }
    }

    /// A failed creation refuses whoever asks for a session next.
    a_failed_creation_refuses_the_next_to_ask falls("creation-fails" NoFalseRefusal) Now
    with { failed: P::Monitor<bool> = P::Monitor::new("failed", false); }
    {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| fail(server, claim, |_| None));
            self.failed.update("note", |failed| *failed = true);
        }

        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            let failed = self.failed.enter("look", std::mem::take);
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                if failed {
                    return Err(server.refuse(logon, Refusal::CreationFailed));
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// A failed creation refuses who waits when the next one succeeds.
    a_failed_creation_refuses_at_the_next_success falls("creation-fails" NoFalseRefusal) Now
    with { failed: P::Monitor<bool> = P::Monitor::new("failed", false); }
    {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| fail(server, claim, |_| None));
            self.failed.update("note", |failed| *failed = true);
        }

        fn publish(&self, claim: Claim) {
            let failed = self.failed.enter("look", std::mem::take);
            self.server().update("publish", |server| {
                server.finish_loading(claim);
                if failed && let Some(oldest) = server.queue_mut().pop_front() {
                    server.refuse_in_line(oldest, Refusal::CreationFailed);
                }
                server.announce(claim);
            });
        }
    }

    /// A failed creation refuses somebody who has a session already.
    a_failed_creation_refuses_who_has_a_session falls("failure-in-line" NoFalseRefusal) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                let served = first_logon(server, |_, phase| {
                    phase == LogonPhase::Claimed || phase == LogonPhase::AtPrompt
                });
                fail(server, claim, |_| None);
                if let Some(served) = served {
                    server.refuse(served, Refusal::CreationFailed);
                }
            });
        }
    }

    /// A failed creation refuses somebody who was admitted and is not in line.
    a_failed_creation_refuses_who_is_not_in_line falls("creation-fails" NoFalseRefusal) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                let admitted = first_logon(server, |_, phase| phase == LogonPhase::Admitted);
                fail(server, claim, |_| None);
                if let Some(admitted) = admitted {
                    server.refuse(admitted, Refusal::CreationFailed);
                }
            });
        }
    }

    /// Who would have to wait is refused for a failed creation, and none failed.
    refuses_for_a_failure_that_was_none falls("q245221" NoFalseRefusal) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or refuse", |server| {
                server.living(logon)?;
                if server.idle().is_empty() {
                    return Err(server.refuse(logon, Refusal::CreationFailed));
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// A creation that succeeded is told as failed.
    fails_a_creation_that_succeeded falls("q245221" LegalTransition) Before {
        fn publish(&self, claim: Claim) {
            self.fail_creation(claim);
        }
    }

    /// A reset of one refuses another that waits in line.
    a_reset_refuses_another falls("two-users" NoFalseRefusal) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| {
                let reset = server.reset(claim);
                if reset && let Some(other) = first_logon(server, |_, _| true) {
                    server.refuse_in_line(other, Refusal::SessionReset);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// A reset refuses its logon, and the session lives on, idle.
    a_reset_refuses_and_keeps_the_session falls("two-users" AsAsked) Now {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("reset", |server| {
                let Some(logon) = holder_of(server, claim) else { return false };
                server.tell(Fact::Reset { by: Resetter::Administrator, aimed: claim, hit: claim });
                server.refuse(logon, Refusal::SessionReset);
                true
            })
        }
    }

    /// Who claims is refused as if its session had been reset, and nobody reset any.
    refuses_for_a_reset_that_was_none falls("q245221" NoFalseRefusal) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("refuse", |server| {
                server.living(logon)?;
                Err(server.refuse(logon, Refusal::SessionReset))
            })
        }
    }

    /// Who would have to wait is dropped, and event 22 says so.
    drops_who_would_have_to_wait falls("q245221" NoFalseRefusal) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or drop", |server| {
                server.living(logon)?;
                if server.idle().is_empty() {
                    return Err(server.refuse(logon, Refusal::Dropped(DropReason::NoIdle)));
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// A user who is logged on already is dropped: the session is busy.
    drops_who_is_logged_on_already falls("q241411-batch" NoFalseRefusal) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let busy = server.first_session(|session| {
                    session.user == Some(user) && session.state == SessionState::Active
                });
                if busy.is_some() {
                    return Err(server.refuse(logon, Refusal::Dropped(DropReason::Busy)));
                }
                server.arbitrate(logon, user)
            })
        }
    }

    /// A license that was granted is told as denied.
    denies_what_was_granted falls("q245221" NoFalseRefusal) Before {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            let _granted = licenses.grant(logon);
            Err(self.refuse(logon, Refusal::NoLicense))
        }
    }

    /// The license service is not asked, and everybody is denied.
    denies_without_asking falls("q245221" NoFalseRefusal) Before {
        fn license(&self, logon: LogonId, _: &dyn Licenses) -> Result<(), Ending> {
            Err(self.refuse(logon, Refusal::NoLicense))
        }
    }

    /// The license service is not asked, and everybody is served.
    never_asks_for_a_license falls("license-denied" NoFalseRefusal) Before {
        fn license(&self, _: LogonId, _: &dyn Licenses) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// A license that was denied is told as event 71.
    denied_is_told_as_full falls("license-denied" NoFalseRefusal) Before {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            if licenses.grant(logon) { Ok(()) } else { Err(self.refuse(logon, Refusal::MaxConnections)) }
        }
    }

    /// A license that was denied is told as if the client had left.
    denied_is_told_as_gone falls("license-denied" NoFalseRefusal) Before {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            if licenses.grant(logon) {
                return Ok(());
            }
            self.hang_up(logon);
            Err(Ending::Gone)
        }
    }

    /// A right password is told as wrong.
    denies_a_right_password falls("broken-line-resets" NoFalseRefusal) Before {
        fn arbitrate(&self, logon: LogonId, _: UserId) -> Result<Arbitration, Ending> {
            self.server().update("deny", |server| {
                server.living(logon)?;
                Err(server.refuse(logon, Refusal::AccessDenied))
            })
        }
    }

    /// A wrong password logs user 0 on.
    accepts_a_wrong_password falls("wrong-password" NoFalseRefusal) Now {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let user = user.unwrap_or(UserId(0));
            match self.arbitrate(logon, user)? {
                Arbitration::Own(claim) => Ok(claim),
                Arbitration::Reconnect => self.swap(logon, user),
            }
        }
    }

    /// A wrong password is told as if the client had left.
    a_wrong_password_is_told_as_gone falls("wrong-password" NoFalseRefusal) Now {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let Some(user) = user else {
                self.hang_up(logon);
                return Err(Ending::Gone);
            };
            match self.arbitrate(logon, user)? {
                Arbitration::Own(claim) => Ok(claim),
                Arbitration::Reconnect => {
                    self.ask(logon, line, Moment::Arbitrating)?;
                    self.swap(logon, user)
                }
            }
        }
    }

    /// A wrong password leaves the client at the prompt, told that it is refused.
    a_wrong_password_keeps_the_prompt falls("wrong-password" OneOutcome) Now {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let Some(user) = user else {
                return Err(Ending::Refused(Refusal::AccessDenied));
            };
            match self.arbitrate(logon, user)? {
                Arbitration::Own(claim) => Ok(claim),
                Arbitration::Reconnect => {
                    self.ask(logon, line, Moment::Arbitrating)?;
                    self.swap(logon, user)
                }
            }
        }
    }
}
