//! Liars about accounts: sessions, places in line, ids and names that are lost, kept twice or made up.

use crate::liars::liar::{liars, prelude::*};

liars! {
    Accounting;

    /// A published session stands on the idle list twice.
    lists_a_session_twice falls("q219540-broken-handoff" Conservation) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if server.idle().back() == Some(&claim) {
                    server.idle_mut().push_back(claim);
                }
            });
        }
    }

    /// A session that nobody created stands on the idle list.
    lists_a_session_that_is_none falls("q245221" Conservation) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if server.queue().is_empty() {
                    server.idle_mut().push_back(Claim { generation: Generation(99), ..claim });
                }
            });
        }
    }

    /// A session that was taken stays on the idle list.
    leaves_the_taken_on_the_list falls("q219540-broken-handoff" Conservation) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                let claim = server.claim_or_queue(logon)?;
                if let Some(claim) = claim {
                    server.idle_mut().push_back(claim);
                }
                Ok(claim)
            })
        }
    }

    /// Idle sessions are forgotten, not taken: they stand on no list and are idle.
    forgets_an_idle_session falls("only-client-cut" Conservation) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if claim.generation.0 == 1 {
                    server.idle_mut().clear();
                }
            });
        }
    }

    /// Who is handed a session keeps its place in line.
    keeps_the_place_of_the_served falls("q245221" BoundedCreation) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                let oldest = server.queue().front().copied();
                server.publish(claim);
                if let Some(oldest) = oldest {
                    server.queue_mut().push_front(oldest);
                }
            });
        }
    }

    /// Who hangs up in line keeps its place, and is handed a session.
    keeps_the_place_of_the_gone falls("only-client-cut" BoundedCreation) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let waits = server.living(logon) == Ok(LogonPhase::Queued);
                server.hang_up(logon);
                if waits {
                    server.queue_mut().push_back(logon);
                }
            });
        }
    }

    /// A session that was reset is never deleted.
    never_deletes falls("stale-reset" Cleanup) Before {
        fn delete_if(&self, reset: bool, _: Claim) -> bool {
            reset
        }
    }

    /// A session whose creation failed is never cleared away.
    never_clears_away falls("creation-fails" Cleanup) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| server.fail_creation(claim));
        }
    }

    /// A session whose creation failed is reset and left.
    clears_away_half falls("creation-fails" Cleanup) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                server.fail_creation(claim);
                server.transition(claim, SessionState::Reset);
            });
        }
    }

    /// A session whose user logged off is reset and left.
    log_off_leaves_the_session_in_reset falls("stale-reset" Cleanup) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| {
                server.living(logon)?;
                let claim = held_by(server, logon);
                server.logons_mut().remove(&logon);
                server.ledger_mut().release();
                server.tell(Fact::Left { logon, departure: Departure::LoggedOff });
                if let Some(claim) = claim {
                    server.transition(claim, SessionState::Reset);
                }
                Ok(())
            })
        }
    }

    /// A session whose user logged off vanishes, and nobody is told.
    log_off_forgets_the_session falls("stale-reset" AsAsked) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| {
                server.living(logon)?;
                let claim = held_by(server, logon);
                server.logons_mut().remove(&logon);
                server.ledger_mut().release();
                server.tell(Fact::Left { logon, departure: Departure::LoggedOff });
                if let Some(claim) = claim {
                    server.sessions_mut().remove(&claim.session);
                }
                Ok(())
            })
        }
    }

    /// A session that is disconnected vanishes, and nobody is told.
    disconnect_forgets_the_session falls("reconnect-vs-reset" Reconnect) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                let claim = held_by(server, logon);
                server.disconnect(logon)?;
                if let Some(claim) = claim {
                    server.sessions_mut().remove(&claim.session);
                }
                Ok(())
            })
        }
    }

    /// Every session has the same name.
    names_all_alike falls("spurious-wakes" UniqueNames) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| server.attach_as(logon, StationName(1)))
        }
    }

    /// Two sessions share each name.
    names_two_alike falls("reconnect-with-room" UniqueNames) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let claim = held_by(server, logon).ok_or(Ending::Gone)?;
                server.attach_as(logon, StationName(claim.generation.0 / 2))
            })
        }
    }

    /// The name is chosen in one section and given in the next.
    chooses_the_name_too_early falls("spurious-wakes" UniqueNames) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            let name = self.server().enter("choose a name", |server| server.next_name());
            self.server().update("attach", |server| server.attach_as(logon, name))
        }
    }

    /// A new session gets the id of one that lives.
    gives_an_id_twice falls("spurious-wakes" LegalTransition) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let demand = server.demand()?;
                if let Demand::Create(claim) = demand
                    && let Some(first) = server.first_session(|session| session.state != SessionState::Init)
                {
                    server.tell(Fact::Session { claim, from: Some(SessionState::Init), to: Some(SessionState::Down) });
                    server.tell(Fact::Session {
                        claim: Claim { session: first.session, ..claim },
                        from: None,
                        to: Some(SessionState::Init),
                    });
                }
                Some(demand)
            })
        }
    }

    /// A new session gets the id of one that is disconnected, and takes its place.
    overwrites_a_disconnected_session falls("q187049-zombie" UniqueNames) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let old = first_in(server, SessionState::Disconnected);
                let demand = server.demand()?;
                if let (Demand::Create(claim), Some(old)) = (demand, old) {
                    let record = server.sessions_mut().remove(&claim.session)?;
                    let claim = Claim { session: old.session, generation: claim.generation };
                    server.sessions_mut().insert(claim.session, record);
                    server.tell(Fact::Session { claim, from: None, to: Some(SessionState::Init) });
                    return Some(Demand::Create(claim));
                }
                Some(demand)
            })
        }
    }
}
