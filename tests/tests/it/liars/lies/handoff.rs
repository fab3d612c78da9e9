//! Liars about the hand-off: how a session comes to be, and to whom it goes.

use crate::liars::liar::{liars, prelude::*};

/// Creates a session as provided, but for what is done with a finished one.
fn create<P: Primitives, O: Observer>(
    allocator: &impl Allocator<P, O>,
    finish: impl FnOnce(Claim),
) -> ControlFlow<()> {
    match allocator.await_demand() {
        Demand::Create(claim) => {
            finish(claim);
            ControlFlow::Continue(())
        }
        Demand::Stop => ControlFlow::Break(()),
    }
}

liars! {
    Handoff;

    /// A session is handed over before its subsystem has loaded.
    announces_before_it_loads falls("q245221" Initialized) Before {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            create::<P, O>(self, |claim| {
                self.server().update("announce", |server| server.announce(claim));
                if manager.load(claim) {
                    self.server().update("finish loading", |server| server.finish_loading(claim));
                } else {
                    self.fail_creation(claim);
                }
            })
        }
    }

    /// That a session has loaded is told before it has.
    tells_early_that_it_has_loaded falls("q245221" Initialized) Now {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            create::<P, O>(self, |claim| {
                self.publish(claim);
                let _loaded = manager.load(claim);
            })
        }
    }

    /// A session is never loaded.
    never_loads falls("q245221" Initialized) Now {
        fn replenish(&self, _: &dyn SessionManager) -> ControlFlow<()> {
            create::<P, O>(self, |claim| self.publish(claim))
        }
    }

    /// A session that failed to load is handed over all the same.
    publishes_what_failed falls("creation-fails" Initialized) Now {
        fn fail_creation(&self, claim: Claim) {
            self.publish(claim);
        }
    }

    /// A session that failed to load is told as down, and handed over afterwards.
    publishes_what_is_down falls("creation-fails" Initialized) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail and publish", |server| {
                server.transition(claim, SessionState::Down);
                server.publish(claim);
            });
        }
    }

    /// That a session has loaded is not told, and clients attach to it.
    attaches_to_what_was_never_loaded falls("q245221" Initialized) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                if let Some(session) = server.find_mut(claim) {
                    session.loaded = true;
                }
                server.announce(claim);
            });
        }
    }

    /// One session is handed to the first two in line.
    hands_one_session_to_two falls("spurious-wakes" OneHolder) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if let Some(second) = server.queue_mut().pop_front() {
                    server.pass_on(claim, second);
                }
            });
        }
    }

    /// A new session goes to somebody at the prompt, if there is one, who has one.
    hands_a_session_to_who_has_one falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                let served = first_logon(server, |_, phase| {
                    phase == LogonPhase::AtPrompt || phase == LogonPhase::Claimed
                });
                match served {
                    Some(served) => {
                        server.finish_loading(claim);
                        server.transition(claim, SessionState::Idle);
                        server.assign(claim, served);
                    }
                    None => server.publish(claim),
                }
            });
        }
    }

    /// A new session goes to whoever was admitted first, in line or not.
    hands_a_session_to_who_is_not_in_line falls("license-denied" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                match first_logon(server, |_, phase| phase == LogonPhase::Admitted) {
                    Some(admitted) => {
                        server.finish_loading(claim);
                        server.transition(claim, SessionState::Idle);
                        server.assign(claim, admitted);
                    }
                    None => server.publish(claim),
                }
            });
        }
    }

    /// A session is taken from one client at the prompt for the next in line.
    takes_a_session_for_the_next falls("spurious-wakes" OneHolder) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or take", |server| {
                server.living(logon)?;
                match first_in(server, SessionState::Connected) {
                    Some(taken) if server.idle().is_empty() => {
                        server.pass_on(taken, logon);
                        Ok(Some(taken))
                    }
                    _ => server.claim_or_queue(logon),
                }
            })
        }
    }

    /// A client attaches to the session of another.
    attaches_to_anothers_session falls("spurious-wakes" OneHolder) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let other = first_in(server, SessionState::Connected);
                if let (Some(other), Some(record)) = (other, server.logons_mut().get_mut(&logon)) {
                    record.claim = Some(other);
                }
                server.attach(logon)
            })
        }
    }

    /// A session goes from idle to the prompt without being claimed.
    skips_the_claim falls("q219540-broken-handoff" LegalTransition) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                let Some(claim) = server.idle_mut().pop_front() else { return server.claim_or_queue(logon) };
                if let Some(record) = server.logons_mut().get_mut(&logon) {
                    record.claim = Some(claim);
                }
                server.advance(logon, LogonPhase::Claimed);
                server.tell(Fact::Claimed { logon, claim });
                Ok(Some(claim))
            })
        }
    }

    /// A session is claimed and nobody is told by whom.
    claims_untold falls("q219540-broken-handoff" OneHolder) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                let Some(claim) = server.idle_mut().pop_front() else { return server.claim_or_queue(logon) };
                if let Some(record) = server.logons_mut().get_mut(&logon) {
                    record.claim = Some(claim);
                }
                server.advance(logon, LogonPhase::Claimed);
                server.transition(claim, SessionState::ConnectQuery);
                Ok(Some(claim))
            })
        }
    }

    /// A client is attached twice.
    attaches_twice falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                server.attach(logon)?;
                server.attach(logon)
            })
        }
    }

    /// A session is told to have come to be when it is idle, not when it is begun.
    tells_late_of_a_creation falls("q245221" LegalTransition) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let supply = server.idle().len() + server.creating() as usize;
                let wanted = server.settings().idle_pool as usize + server.queue().len();
                if supply >= wanted || server.creating() > 0 {
                    return None;
                }
                let number = server.sessions().len() as u32;
                let claim = Claim { session: SessionId(number), generation: Generation(number - 1) };
                let session = Session {
                    generation: claim.generation,
                    state: SessionState::Init,
                    loaded: false,
                    name: None,
                    user: None,
                    holder: None,
                };
                server.sessions_mut().insert(claim.session, session);
                Some(Demand::Create(claim))
            })
        }
    }

    /// An idle session is deleted when too many are idle.
    deletes_an_idle_session falls("q238600-flood" LegalTransition) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if server.idle().len() > 1 && let Some(first) = server.idle_mut().pop_front() {
                    server.delete_now(first);
                }
            });
        }
    }

    /// A session that a client left at the prompt goes to the next in line.
    passes_on_what_was_seen falls("q187049-zombie" LegalTransition) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let claim = held_by(server, logon);
                let seen = server.living(logon) == Ok(LogonPhase::AtPrompt);
                let next = if seen { server.queue_mut().pop_front() } else { None };
                match (claim, next) {
                    (Some(claim), Some(next)) => {
                        server.tell(Fact::Abandoned { logon });
                        server.logons_mut().remove(&logon);
                        server.ledger_mut().release();
                        server.pass_on(claim, next);
                    }
                    _ => server.hang_up(logon),
                }
            });
        }
    }

    /// A session that a client left in the hand-over goes back to the pool.
    puts_a_claimed_session_back falls("only-client-cut" LegalTransition) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon) != Ok(LogonPhase::Claimed) {
                    return server.hang_up(logon);
                }
                let claim = held_by(server, logon);
                server.tell(Fact::Abandoned { logon });
                server.logons_mut().remove(&logon);
                server.ledger_mut().release();
                if let Some(claim) = claim {
                    if let Some(session) = server.find_mut(claim) {
                        session.holder = None;
                    }
                    server.announce(claim);
                }
            });
        }
    }
}
