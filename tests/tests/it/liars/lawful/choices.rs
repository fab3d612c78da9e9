//! Other choices, where an allocator may choose.

use crate::liars::lawful::lawful;
use crate::liars::liar::prelude::*;

/// The lowest name that no session has.
fn lowest_free_name<O: Observer>(server: &Server<O>) -> StationName {
    let mut names = (1..).map(StationName);
    names
        .find(|&name| !server.is_named(name))
        .expect("fewer sessions than numbers")
}

lawful! {
    Choices;

    /// The session that became idle last is given first.
    gives_the_newest_idle_session symmetric true {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.publish(claim);
                if server.take_idle(claim) {
                    server.idle_mut().push_front(claim);
                }
            });
        }
    }

    /// The idle session of the highest id is given first.
    gives_the_highest_idle_session symmetric false {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.idle_mut().make_contiguous().sort_by(|a, b| b.cmp(a));
                server.claim_or_queue(logon)
            })
        }
    }

    /// Which idle session is given depends on the number of the logon.
    gives_any_idle_session symmetric false {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                let idle = server.idle().len();
                if idle > 0 {
                    server.idle_mut().rotate_left(logon.0 as usize % idle);
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// The lowest free name is given, so names come again.
    gives_the_lowest_free_name symmetric false {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| server.attach_as(logon, lowest_free_name(server)))
        }
    }

    /// A session is named after the creation that made it.
    names_sessions_by_their_creation symmetric false {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let creation = held_by(server, logon).map_or(0, |claim| claim.generation.0);
                server.attach_as(logon, StationName(creation))
            })
        }
    }

    /// Of several old sessions the one of the highest id is given back.
    gives_back_the_highest_old_session symmetric false {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| {
                server.living(logon)?;
                let left = |session: &Session| {
                    session.user == Some(user) && session.state == SessionState::Disconnected
                };
                let mut sessions = server.sessions().range(FIRST_SESSION..).rev();
                let Some((&session, found)) = sessions.find(|(_, session)| left(session)) else {
                    return server.arbitrate(logon, user);
                };
                let old = Claim { session, generation: found.generation };
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

    /// A creation that fails refuses nobody; the next one is tried.
    tries_again_when_a_creation_fails symmetric true {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                server.transition(claim, SessionState::Down);
                server.clear_down(claim);
            });
        }
    }

    /// A session that a client left before it saw it is deleted; who waits gets another.
    deletes_what_was_claimed_and_left symmetric true {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let mut left = None;
                if server.living(logon) == Ok(LogonPhase::Claimed)
                    && let Some(record) = server.logons_mut().get_mut(&logon)
                {
                    left = record.claim.take();
                }
                server.hang_up(logon);
                if let Some(left) = left {
                    server.delete_now(left);
                }
            });
        }
    }

    /// One session is created at a time, however many workers there are.
    creates_one_session_at_a_time symmetric true {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                if server.creating() > 0 { None } else { server.demand() }
            })
        }
    }

    /// A server that is full and does not let anybody on says that it is full.
    says_full_before_disabled symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                if !is_full(server) {
                    return server.admit(logon);
                }
                server.tell(Fact::Arrived { logon });
                Err(server.refuse(logon, Refusal::MaxConnections))
            })
        }
    }
}
