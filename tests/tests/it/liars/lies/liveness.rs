//! Liars about liveness: that somebody will be served at last.

use crate::liars::liar::{liars, prelude::*};

/// Takes a lock that is a monitor over a `bool`.
fn lock<P: Primitives>(lock: &P::Monitor<bool>, label: &'static str) {
    lock.wait_for(label, |taken| (!std::mem::replace(taken, true)).then_some(()));
}

/// Gives it back.
fn unlock<P: Primitives>(lock: &P::Monitor<bool>, label: &'static str) {
    lock.update(label, |taken| *taken = false);
}

liars! {
    Liveness;

    /// A session is handed over, and nobody is woken.
    publishes_and_wakes_nobody falls("q245221" Termination) Before {
        fn publish(&self, claim: Claim) {
            self.server().enter("publish", |server| server.publish(claim));
        }
    }

    /// Whoever joins the line does not wake the worker.
    queues_and_wakes_nobody falls("q245221" Termination) Before {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().enter("claim or queue", |server| server.claim_or_queue(logon))
        }
    }

    /// A hang-up wakes nobody.
    hangs_up_and_wakes_nobody falls("only-client-cut" Termination) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().enter("hang up", |server| server.hang_up(logon));
        }
    }

    /// A worker whose creation failed waits for a client in line before it creates again.
    forgets_the_pool_after_a_failure falls("failure-in-the-pool" PoolRefill) Now {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            let Demand::Create(claim) = self.await_demand() else {
                return ControlFlow::Break(());
            };
            if manager.load(claim) {
                self.publish(claim);
            } else {
                self.fail_creation(claim);
                self.server().wait_for("await a client", |server| {
                    let is_needed = !server.queue().is_empty() || server.is_closing();
                    is_needed.then_some(())
                });
            }
            ControlFlow::Continue(())
        }
    }

    /// A creation that fails wakes nobody, so who is refused does not hear of it.
    fails_and_wakes_nobody falls("failure-in-line" Termination) Now {
        fn fail_creation(&self, claim: Claim) {
            self.server().enter("fail creation", |server| {
                server.fail_creation(claim);
                server.clear_down(claim);
            });
        }
    }

    /// Who waits sleeps without looking first.
    sleeps_before_it_looks falls("q245221" Termination) Before {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().sleep("await a wake-up");
            self.server().wait_for("await hand-off", |server| server.heard(logon))
        }
    }

    /// A session is put on the idle list, the oldest in line is struck off, and nobody is handed anything.
    loses_the_hand_off falls("q245221" Termination) Before {
        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                server.finish_loading(claim);
                server.transition(claim, SessionState::Idle);
                server.idle_mut().push_back(claim);
                server.queue_mut().pop_front();
            });
        }
    }

    /// A session that a client left in the hand-over is deleted, and the next in line struck off as served.
    loses_the_next_in_line_on_a_hang_up falls("q187049-zombie" Termination) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon) == Ok(LogonPhase::Claimed) {
                    server.queue_mut().pop_front();
                }
                server.hang_up(logon);
            });
        }
    }

    /// The worker creates one session and stops.
    the_worker_stops falls("creation-fails" Termination) Before {
        fn serve(&self, manager: &dyn SessionManager) {
            let _flow = self.replenish(manager);
        }
    }

    /// The worker stops when a creation fails.
    the_worker_stops_at_a_failure falls("creation-fails" Termination) Before {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            let Demand::Create(claim) = self.await_demand() else {
                return ControlFlow::Break(());
            };
            if manager.load(claim) {
                self.publish(claim);
                ControlFlow::Continue(())
            } else {
                self.fail_creation(claim);
                ControlFlow::Break(())
            }
        }
    }

    /// The worker stops after the first round in which nobody waits.
    the_worker_stops_when_nobody_waits falls("q245221" Termination) Before {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            let nobody = self.server().enter("look at the line", |server| server.queue().is_empty());
            if nobody {
                return ControlFlow::Break(());
            }
            let Demand::Create(claim) = self.await_demand() else {
                return ControlFlow::Break(());
            };
            if manager.load(claim) { self.publish(claim) } else { self.fail_creation(claim) }
            ControlFlow::Continue(())
        }
    }

    /// The pool is kept one short.
    keeps_the_pool_short falls("q238600-flood" PoolRefill) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let supply = server.idle().len() + server.creating() as usize;
                let wanted = (server.settings().idle_pool as usize).saturating_sub(1) + server.queue().len();
                (supply < wanted).then(|| Demand::Create(server.begin_creation()))
            })
        }
    }

    /// The pool is filled once and never again.
    fills_the_pool_once falls("q238600-flood" PoolRefill) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let created = server.sessions().len() - 2;
                let wanted = (server.settings().idle_pool as usize).max(server.queue().len());
                (created < wanted || !server.queue().is_empty() && server.creating() == 0)
                    .then(|| Demand::Create(server.begin_creation()))
            })
        }
    }

    /// Sessions are created without end.
    creates_beyond_demand falls("q245221" BoundedCreation) Before {
        fn await_demand(&self) -> Demand {
            self.server().update("begin creation", |server| Demand::Create(server.begin_creation()))
        }
    }

    /// One session more is kept ready than is wanted.
    keeps_one_session_too_many falls("q245221" BoundedCreation) Before {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let supply = server.idle().len() + server.creating() as usize;
                let wanted = server.settings().idle_pool as usize + 1 + server.queue().len();
                (supply < wanted && server.creating() == 0).then(|| Demand::Create(server.begin_creation()))
            })
        }
    }

    /// A worker begins two creations at once.
    begins_two_at_once falls("q245221" BoundedCreation) Before {
        fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
            let first = self.await_demand();
            let Demand::Create(claim) = first else { return ControlFlow::Break(()) };
            let second = self.server().update("begin another", |server| server.begin_creation());
            for claim in [claim, second] {
                if manager.load(claim) { self.publish(claim) } else { self.fail_creation(claim) }
            }
            ControlFlow::Continue(())
        }
    }

    /// Each of several workers creates for the whole line, and none looks at what the others do.
    does_not_count_what_is_under_creation falls("two-workers" BoundedCreation) Now {
        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let wanted = server.settings().idle_pool as usize + server.queue().len();
                (server.idle().len() < wanted).then(|| Demand::Create(server.begin_creation()))
            })
        }
    }

    /// Two locks are taken in one order by clients and in the other by the worker.
    takes_two_locks_in_two_orders falls("spurious-wakes" Termination) Before
    with {
        line: P::Monitor<bool> = P::Monitor::new("line", false);
        pool: P::Monitor<bool> = P::Monitor::new("pool", false);
    }
    {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            lock::<P>(&self.pool, "lock the pool");
            lock::<P>(&self.line, "lock the line");
            let claim = self.server().update("claim or queue", |server| server.claim_or_queue(logon));
            unlock::<P>(&self.line, "unlock the line");
            unlock::<P>(&self.pool, "unlock the pool");
            claim
        }

        fn publish(&self, claim: Claim) {
            lock::<P>(&self.line, "lock the line");
            lock::<P>(&self.pool, "lock the pool");
            self.server().update("publish", |server| server.publish(claim));
            unlock::<P>(&self.pool, "unlock the pool");
            unlock::<P>(&self.line, "unlock the line");
        }
    }

    /// A lock is held while a client waits in line; the worker needs it.
    waits_with_the_lock falls("q245221" Termination) Before
    with { lock: P::Monitor<bool> = P::Monitor::new("lock", false); }
    {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            lock::<P>(&self.lock, "lock");
            let claim = self.server().wait_for("await hand-off", |server| server.heard(logon));
            unlock::<P>(&self.lock, "unlock");
            claim
        }

        fn publish(&self, claim: Claim) {
            lock::<P>(&self.lock, "lock");
            self.server().update("publish", |server| server.publish(claim));
            unlock::<P>(&self.lock, "unlock");
        }
    }

    /// A lock is not given back when the logon is refused.
    keeps_the_lock_of_the_refused falls("change-logon-disable" Termination) Before
    with { lock: P::Monitor<bool> = P::Monitor::new("lock", false); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            lock::<P>(&self.lock, "lock");
            self.server().update("admit", |server| server.admit(logon))?;
            unlock::<P>(&self.lock, "unlock");
            Ok(())
        }
    }

    /// The license is asked with a lock held that everybody needs.
    asks_for_the_license_with_a_lock falls("q257617-licence-hang" Isolation) Before
    with { desk: P::Monitor<bool> = P::Monitor::new("desk", false); }
    {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            lock::<P>(&self.desk, "stand at the desk");
            let granted = licenses.grant(logon);
            unlock::<P>(&self.desk, "leave the desk");
            if granted { Ok(()) } else { Err(self.refuse(logon, Refusal::NoLicense)) }
        }
    }

    /// Nobody gets a session while somebody has no license yet.
    publishes_when_all_have_licenses falls("q257617-licence-hang" Isolation) Before {
        fn publish(&self, claim: Claim) {
            self.server().wait_for("await licenses", |server| {
                first_logon(server, |_, phase| phase == LogonPhase::Admitted).is_none().then(|| server.publish(claim))
            });
            self.server().update("wake", |_| ());
        }
    }

    /// Nobody is admitted while somebody has no license yet.
    admits_when_all_have_licenses falls("q257617-licence-hang" Isolation) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().wait_for("await licenses", |server| {
                first_logon(server, |_, phase| phase == LogonPhase::Admitted).is_none().then_some(())
            });
            self.server().update("admit", |server| server.admit(logon))
        }
    }

    /// An administrator who enables or disables logons never gets an answer.
    keeps_administrators_waiting falls("change-logon-disable" Termination) Before {
        fn enable_logons(&self, _: bool) {
            self.server().wait_for("await nothing", |_| None::<()>);
        }
    }

    /// A reset waits until its session is disconnected.
    a_reset_waits_for_a_disconnection falls("stale-reset" Termination) Before {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().wait_for("await the disconnection", |server| {
                match server.find(claim).map(|session| session.state) {
                    None => Some(false),
                    Some(SessionState::Disconnected) => Some(server.reset(claim)),
                    Some(_) => None,
                }
            });
            self.delete_if(reset, claim)
        }
    }

    /// A cutter waits until the logon is over by itself.
    a_hang_up_waits_for_the_end falls("only-client-cut" Termination) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().wait_for("await its end", |server| server.living(logon).err().map(|_| ()));
        }
    }

    /// Whoever disconnects waits until the session has expired.
    a_disconnection_waits_for_the_time_out falls("reconnect-with-room" Termination) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            let left = self.server().update("disconnect", |server| {
                let claim = held_by(server, logon).ok_or(Ending::Gone)?;
                server.disconnect(logon).map(|()| claim)
            })?;
            self.server().wait_for("await the time-out", |server| server.find(left).is_none().then_some(()));
            Ok(())
        }
    }

    /// Who waits in line polls without end for a session on the idle list, where none will be for it.
    polls_in_the_wrong_place falls("q245221" Termination) Before {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                let idle = self.server().enter("look at the pool", |server| {
                    server.living(logon).is_err() || !server.idle().is_empty()
                });
                if idle { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            self.server().wait_for("await hand-off", |server| server.heard(logon))
        }
    }

    /// Whoever has a session gives it to somebody else in line as long as there is one, round and round.
    passes_sessions_round falls("q238186-default" Overtaking) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                let alone = self.server().update("pass it on", |server| {
                    let Some(claim) = held_by(server, logon) else { return server.living(logon).is_err() };
                    let Some(next) = server.queue().front().copied() else { return true };
                    server.idle_mut().push_front(claim);
                    server.queue_mut().rotate_left(1);
                    server.take_idle(claim);
                    next == logon
                });
                if alone { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            self.server().update("attach", |server| server.attach(logon))
        }
    }

    /// Waits for an end of the line that its own place prevents.
    waits_until_nobody_is_in_line falls("spurious-wakes" Termination) Before {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().wait_for("await an empty line", |server| {
                let empty = server.queue().is_empty();
                if empty { server.heard(logon) } else { None }
            })
        }

        fn publish(&self, claim: Claim) {
            self.server().wait_for("await a short line", |server| {
                (server.queue().len() < 2).then(|| server.publish(claim))
            });
            self.server().update("wake", |_| ());
        }
    }
}
