//! Liars about the order: whose turn it is.

use crate::liars::liar::{liars, prelude::*};

/// Publishes a session to the one in line that `choose` names by its place.
fn publish_to<O: Observer>(server: &mut Server<O>, claim: Claim, choose: impl FnOnce(&Server<O>) -> Option<usize>) {
    if let Some(place) = choose(server)
        && let Some(chosen) = server.queue_mut().remove(place)
    {
        server.queue_mut().push_front(chosen);
    }
    server.publish(claim);
}

liars! {
    Order;

    /// The youngest in line is served first.
    serves_the_youngest falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                publish_to(server, claim, |server| server.queue().len().checked_sub(1));
            });
        }
    }

    /// The second in line is served before the first.
    serves_the_second falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                publish_to(server, claim, |server| (server.queue().len() > 1).then_some(1));
            });
        }
    }

    /// The lowest number in line is served first.
    favors_low_numbers falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                publish_to(server, claim, |server| {
                    (0..server.queue().len()).min_by_key(|&place| server.queue()[place])
                });
            });
        }
    }

    /// The highest number in line is served first.
    favors_high_numbers falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                publish_to(server, claim, |server| {
                    (0..server.queue().len()).max_by_key(|&place| server.queue()[place])
                });
            });
        }
    }

    /// One client is always served first.
    has_a_favorite falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                publish_to(server, claim, |server| {
                    server.queue().iter().position(|&waiting| waiting == LogonId(1))
                });
            });
        }
    }

    /// Whoever joins the line joins it at its front.
    joins_at_the_front falls("creation-fails" NoFalseRefusal) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                let claim = server.claim_or_queue(logon)?;
                if claim.is_none() && let Some(last) = server.queue_mut().pop_back() {
                    server.queue_mut().push_front(last);
                }
                Ok(claim)
            })
        }
    }

    /// A new session goes to whoever takes it first, newcomers included.
    lets_newcomers_take_it falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.finish_loading(claim);
                server.transition(claim, SessionState::Idle);
                server.idle_mut().push_back(claim);
            });
        }

        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().wait_for("await any session", |server| {
                server.heard(logon).or_else(|| {
                    let claim = server.idle_mut().pop_front()?;
                    server.queue_mut().retain(|&waiting| waiting != logon);
                    server.assign(claim, logon);
                    Some(Ok(claim))
                })
            })
        }
    }

    /// A new session goes to whoever in line looks first.
    lets_anybody_in_line_take_it falls("spurious-wakes" Overtaking) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.finish_loading(claim);
                server.transition(claim, SessionState::Idle);
                server.idle_mut().push_back(claim);
            });
        }

        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                if server.queue().is_empty() {
                    return server.claim_or_queue(logon);
                }
                server.enqueue(logon);
                Ok(None)
            })
        }

        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().wait_for("await any session", |server| {
                server.heard(logon).or_else(|| {
                    let claim = server.idle_mut().pop_front()?;
                    server.queue_mut().retain(|&waiting| waiting != logon);
                    server.assign(claim, logon);
                    Some(Ok(claim))
                })
            })
        }
    }

    /// A session that a client left in the hand-over goes to the youngest in line.
    passes_on_to_the_youngest falls("failure-in-line" Overtaking) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon) == Ok(LogonPhase::Claimed)
                    && let Some(youngest) = server.queue_mut().pop_back()
                {
                    server.queue_mut().push_front(youngest);
                }
                server.hang_up(logon);
            });
        }
    }

    /// A hang-up in line moves the last to the front.
    a_hang_up_reverses_the_line falls("log-off-cut" Overtaking) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                server.hang_up(logon);
                server.queue_mut().make_contiguous().reverse();
            });
        }
    }

    /// A failed creation sends the line home in the wrong order: who is left is reversed.
    a_failed_creation_reverses_the_line falls("failure-in-line" Overtaking) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                server.fail_creation(claim);
                server.clear_down(claim);
                server.queue_mut().make_contiguous().reverse();
            });
        }
    }

    /// The youngest in line is served first, and nobody is told who waits.
    serves_the_youngest_of_a_line_untold falls("q245221" BoundedCreation) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                if server.idle().is_empty() {
                    server.queue_mut().push_front(logon);
                    server.advance(logon, LogonPhase::Queued);
                    return Ok(None);
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// A place in line is told twice.
    tells_a_place_twice falls("q245221" OneOutcome) Now {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                let claim = server.claim_or_queue(logon)?;
                if claim.is_none() {
                    server.tell(Fact::Queued { logon });
                }
                Ok(claim)
            })
        }
    }

    /// A place in line is told before the permit.
    tells_a_place_early falls("q245221" Capacity) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                server.tell(Fact::Queued { logon });
                if !server.ledger_mut().try_acquire() {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })
        }
    }
}
