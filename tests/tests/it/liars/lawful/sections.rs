//! Other cuts into sections: what is one in the fixed algorithm is two, or two are one.

use crate::liars::lawful::lawful;
use crate::liars::liar::prelude::*;

/// Runs `step` with a lock held that is a monitor over a `bool`.
fn locked<P: Primitives, R>(lock: &P::Monitor<bool>, step: impl FnOnce() -> R) -> R {
    lock.wait_for("lock", |taken| {
        (!std::mem::replace(taken, true)).then_some(())
    });
    let result = step();
    lock.update("unlock", |taken| *taken = false);
    result
}

lawful! {
    Sections;

    /// The license is asked before anything is asked of the server.
    asks_for_the_license_first symmetric true {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::BeforeArrival)?;
            if !licenses.grant(logon) {
                return Err(self.server().update("arrive and be refused", |server| {
                    match server.arrive(logon) {
                        Ok(()) => server.refuse(logon, Refusal::NoLicense),
                        Err(disabled) => disabled,
                    }
                }));
            }
            self.admit(logon)?;
            self.place(logon, line, licenses)
        }

        fn license(&self, _: LogonId, _: &dyn Licenses) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// The license is asked between the arrival and the permit.
    asks_for_the_license_before_the_permit symmetric true {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::BeforeArrival)?;
            self.server().update("arrive", |server| server.arrive(logon))?;
            let granted = licenses.grant(logon);
            self.server().update("take a permit", |server| {
                if !granted {
                    return Err(server.refuse(logon, Refusal::NoLicense));
                }
                if !server.ledger_mut().try_acquire() {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })?;
            self.place(logon, line, licenses)
        }

        fn license(&self, _: LogonId, _: &dyn Licenses) -> Result<(), Ending> {
            Ok(())
        }
    }

    /// The license is asked when the client has its session.
    asks_for_the_license_last symmetric true {
        fn place(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::Admitted)?;
            if self.claim_or_queue(logon)?.is_none() {
                self.await_session(logon)?;
            }
            self.ask(logon, line, Moment::Claimed)?;
            self.license(logon, licenses)?;
            self.attach(logon)
        }
    }

    /// An arrival is told in one section, the permit taken in the next.
    arrives_and_is_admitted_later symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("arrive", |server| server.arrive(logon))?;
            self.server().update("take a permit", |server| {
                if !server.ledger_mut().try_acquire() {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })
        }
    }

    /// A server that is full is looked at twice before it says so.
    looks_twice_before_it_says_full symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let full = self.server().update("arrive", |server| {
                server.arrive(logon)?;
                if server.ledger_mut().try_acquire() {
                    server.register(logon);
                    return Ok(false);
                }
                Ok(true)
            })?;
            if !full {
                return Ok(());
            }
            self.server().update("look again", |server| {
                if !server.ledger_mut().try_acquire() {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })
        }
    }

    /// The refusal of an arrival is told in one section, its event logged in the next.
    logs_the_event_later symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let admitted = self.server().update("admit", |server| {
                server.arrive(logon)?;
                if server.ledger_mut().try_acquire() {
                    server.register(logon);
                    return Ok(());
                }
                server.tell(Fact::Refused { logon, refusal: Refusal::MaxConnections });
                Err(Ending::Refused(Refusal::MaxConnections))
            });
            if let Err(Ending::Refused(refusal)) = admitted
                && let Some(event) = refusal.event()
            {
                self.server().update("log the event", |server| server.tell(Fact::Logged { logon, event }));
            }
            admitted
        }
    }

    /// An idle session is claimed and attached in one section.
    claims_and_attaches_at_once symmetric true {
        fn place(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::Admitted)?;
            self.license(logon, licenses)?;
            let attached = self.server().update("claim and attach, or queue", |server| {
                match server.claim_or_queue(logon)? {
                    Some(_) => server.attach(logon).map(Some),
                    None => Ok(None),
                }
            })?;
            let Some(claim) = attached else {
                self.await_session(logon)?;
                self.ask(logon, line, Moment::Claimed)?;
                return self.attach(logon);
            };
            self.ask(logon, line, Moment::Claimed)?;
            Ok(claim)
        }
    }

    /// Who comes back is arbitrated and swapped in one section.
    arbitrates_and_swaps_at_once symmetric true {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let Some(user) = user else {
                return Err(self.refuse(logon, Refusal::AccessDenied));
            };
            self.ask(logon, line, Moment::Arbitrating)?;
            self.server().update("log on", |server| match server.arbitrate(logon, user)? {
                Arbitration::Own(claim) => Ok(claim),
                Arbitration::Reconnect => server.swap(logon, user),
            })
        }
    }

    /// A reset and a time-out delete the session in the section that hits it.
    resets_and_deletes_at_once symmetric true {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("reset and delete", |server| {
                let reset = server.reset(claim);
                server.delete(claim);
                reset
            })
        }

        fn expire(&self, claim: Claim) -> bool {
            self.server().update("expire and delete", |server| {
                let expired = server.expire(claim);
                server.delete(claim);
                expired
            })
        }
    }

    /// Hang-ups, resets and time-outs look first and act in the next section.
    looks_before_it_ends_anything symmetric true {
        fn hang_up(&self, logon: LogonId) {
            let lives = self.server().enter("look at the logon", |server| server.living(logon).is_ok());
            if lives {
                self.server().update("hang up", |server| server.hang_up(logon));
            }
        }

        fn reset(&self, claim: Claim) -> bool {
            let there = self.server().enter("look at the session", |server| server.find(claim).is_some());
            let reset = there && self.server().update("reset", |server| server.reset(claim));
            self.delete_if(reset, claim)
        }

        fn expire(&self, claim: Claim) -> bool {
            let there = self.server().enter("look at the session", |server| server.find(claim).is_some());
            let reset = there && self.server().update("expire", |server| server.expire(claim));
            self.delete_if(reset, claim)
        }
    }

    /// A new session is loaded in one section and announced in the next.
    loads_and_announces_later symmetric true {
        fn publish(&self, claim: Claim) {
            self.server().update("finish loading", |server| server.finish_loading(claim));
            self.server().update("announce", |server| server.announce(claim));
        }
    }

    /// A session that is down is cleared away in a section of its own.
    clears_away_later symmetric true {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| server.fail_creation(claim));
            self.server().update("clear away", |server| server.clear_down(claim));
        }
    }

    /// A new session goes on the idle list, and the first in line takes it when it wakes.
    lets_the_first_in_line_take_it symmetric true {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.finish_loading(claim);
                server.transition(claim, SessionState::Idle);
                server.idle_mut().push_back(claim);
            });
        }

        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                if server.idle().is_empty() {
                    server.fail_creation(claim);
                } else {
                    // There is one for the first in line, which sleeps yet.
                    server.transition(claim, SessionState::Down);
                }
                server.clear_down(claim);
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
            let claim = self.server().wait_for("await an idle session", |server| {
                server.heard(logon).or_else(|| {
                    if server.queue().front() != Some(&logon) || server.idle().is_empty() {
                        return None;
                    }
                    server.queue_mut().pop_front();
                    let claim = server.idle_mut().pop_front()?;
                    server.assign(claim, logon);
                    Some(Ok(claim))
                })
            });
            self.server().update("wake the next", |_| ());
            claim
        }
    }

    /// Who waits in line polls.
    polls_in_line symmetric true {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                let heard = self.server().enter("look", |server| {
                    server.living(logon).is_err() || held_by(server, logon).is_some()
                });
                if heard { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            self.server().wait_for("hear", |server| server.heard(logon))
        }
    }

    /// Sections after which nobody who waits could go on wake nobody.
    wakes_only_who_may_go_on symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().enter("admit", |server| server.admit(logon))
        }

        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().enter("attach", |server| server.attach(logon))
        }

        fn enable_logons(&self, enabled: bool) {
            self.server().enter("enable or disable logons", |server| server.enable_logons(enabled));
        }
    }

    /// A name is chosen in one section, and given in the next if it is still free.
    chooses_a_name_and_looks_again symmetric false up_to 2 clients {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            let name = self.server().enter("choose a name", |server| server.next_name());
            self.server().update("attach", |server| {
                let name = if name > server.next_name() || server.is_named(name) { server.next_name() } else { name };
                server.attach_as(logon, name)
            })
        }
    }

    /// One lock is held around whatever does not wait.
    holds_one_lock_around_everything symmetric false up_to 2 clients
    with { lock: P::Monitor<bool> = P::Monitor::new("lock", false); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            locked::<P, _>(&self.lock, || self.server().update("admit", |server| server.admit(logon)))
        }

        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            locked::<P, _>(&self.lock, || self.server().update("claim or queue", |server| server.claim_or_queue(logon)))
        }

        fn hang_up(&self, logon: LogonId) {
            locked::<P, _>(&self.lock, || self.server().update("hang up", |server| server.hang_up(logon)));
        }

        fn publish(&self, claim: Claim) {
            locked::<P, _>(&self.lock, || self.server().update("publish", |server| server.publish(claim)));
        }
    }

    /// Two locks are taken, always in the same order.
    takes_two_locks_in_one_order symmetric false up_to 2 clients
    with {
        line: P::Monitor<bool> = P::Monitor::new("line", false);
        pool: P::Monitor<bool> = P::Monitor::new("pool", false);
    }
    {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            locked::<P, _>(&self.line, || locked::<P, _>(&self.pool, || {
                self.server().update("claim or queue", |server| server.claim_or_queue(logon))
            }))
        }

        fn publish(&self, claim: Claim) {
            locked::<P, _>(&self.line, || locked::<P, _>(&self.pool, || {
                self.server().update("publish", |server| server.publish(claim));
            }));
        }
    }
}
