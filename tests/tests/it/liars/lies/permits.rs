//! Liars about accounts: permits that are lost, given back twice or made up.

use crate::liars::liar::{liars, prelude::*};

/// Ends a logon and gives back one permit too many.
fn releasing_twice<O: Observer, R>(server: &mut Server<O>, step: impl FnOnce(&mut Server<O>) -> R) -> R {
    let before = server.ledger().in_use();
    let result = step(server);
    if server.ledger().in_use() < before {
        server.ledger_mut().release();
    }
    result
}

liars! {
    Accounting;

    /// A hang-up keeps the permit.
    a_hang_up_keeps_the_permit falls("only-client-cut" Conservation) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| leaking(server, |server| server.hang_up(logon)));
        }
    }

    /// A hang-up in line keeps the permit.
    a_hang_up_in_line_keeps_the_permit falls("only-client-cut" Conservation) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon) == Ok(LogonPhase::Queued) {
                    leaking(server, |server| server.hang_up(logon));
                } else {
                    server.hang_up(logon);
                }
            });
        }
    }

    /// A log-off keeps the permit.
    a_log_off_keeps_the_permit falls("stale-reset" Conservation) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| leaking(server, |server| server.log_off(logon)))
        }
    }

    /// A disconnection keeps the permit until the session is gone.
    a_disconnection_keeps_the_permit falls("reconnect-vs-reset" Conservation) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| leaking(server, |server| server.disconnect(logon)))
        }
    }

    /// A reset keeps the permit of the logon that it ends.
    a_reset_keeps_the_permit falls("stale-reset" Conservation) Before {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| leaking(server, |server| server.reset(claim)));
            self.delete_if(reset, claim)
        }
    }

    /// A refusal keeps the permit.
    a_refusal_keeps_the_permit falls("license-denied" Conservation) Before {
        fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
            self.server().update("refuse", |server| match server.living(logon) {
                Ok(_) => leaking(server, |server| server.refuse(logon, refusal)),
                Err(ended) => ended,
            })
        }
    }

    /// A failed creation keeps the permit of whom it refuses.
    a_failed_creation_keeps_the_permit falls("creation-fails" Conservation) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                leaking(server, |server| server.fail_creation(claim));
                server.clear_down(claim);
            });
        }
    }

    /// A reconnect takes a second permit.
    a_reconnect_takes_a_second_permit falls("q187049-zombie" Conservation) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                let swapped = server.swap(logon, user)?;
                leak_a_permit(server);
                Ok(swapped)
            })
        }
    }

    /// A hang-up gives two permits back.
    a_hang_up_releases_twice falls("q187049-zombie" Conservation) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| releasing_twice(server, |server| server.hang_up(logon)));
        }
    }

    /// A log-off gives a permit back, also of a logon that was cut before.
    a_log_off_after_a_cut_releases_twice falls("log-off-cut" Conservation) Now {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| {
                let left = server.log_off(logon);
                if left.is_err() {
                    server.ledger_mut().release();
                }
                left
            })
        }
    }

    /// A log-off gives two permits back.
    a_log_off_releases_twice falls("log-off-cut" Conservation) Now {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| releasing_twice(server, |server| server.log_off(logon)))
        }
    }

    /// A failed creation gives two permits back.
    a_failed_creation_releases_twice falls("creation-fails" Conservation) Before {
        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                releasing_twice(server, |server| server.fail_creation(claim));
                server.clear_down(claim);
            });
        }
    }

    /// A wrong password gives two permits back.
    a_wrong_password_releases_twice falls("only-one-stays" Conservation) Now {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, Moment::AtPrompt)?;
            let Some(user) = user else {
                return Err(self.server().update("refuse twice", |server| match server.living(logon) {
                    Ok(_) => releasing_twice(server, |server| server.refuse(logon, Refusal::AccessDenied)),
                    Err(ended) => ended,
                }));
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

    /// A denied license gives two permits back.
    a_denied_license_releases_twice falls("license-denied" Conservation) Before {
        fn license(&self, logon: LogonId, licenses: &dyn Licenses) -> Result<(), Ending> {
            if licenses.grant(logon) {
                return Ok(());
            }
            Err(self.server().update("refuse twice", |server| match server.living(logon) {
                Ok(_) => releasing_twice(server, |server| server.refuse(logon, Refusal::NoLicense)),
                Err(ended) => ended,
            }))
        }
    }

    /// A hang-up empties the ledger.
    a_hang_up_empties_the_ledger falls("q219540-broken-handoff" Capacity) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                server.hang_up(logon);
                server.ledger_mut().set_in_use(0);
            });
        }
    }

    /// The ledger is never written: everybody is admitted.
    keeps_no_ledger falls("q245221" Conservation) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                server.register(logon);
                Ok(())
            })
        }
    }

    /// One more is admitted than there are permits.
    admits_one_too_many falls("q192165-full" Capacity) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                let most = server.ledger().maximum().unwrap_or(u32::MAX - 1);
                if server.ledger().in_use() > most {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                leak_a_permit(server);
                server.register(logon);
                Ok(())
            })
        }
    }

    /// Only those who are logged on are counted.
    counts_only_the_logged_on falls("q192165-full" Capacity) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                let logged_on = server.logons().values().filter(|record| record.phase == LogonPhase::LoggedOn).count();
                if logged_on as u32 >= server.ledger().maximum().unwrap_or(u32::MAX) {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                leak_a_permit(server);
                server.register(logon);
                Ok(())
            })
        }
    }

    /// Each newcomer is counted first and looks again then: two of them turn each other away.
    counts_itself_and_looks_again falls("q192165-full" AdmissionLinearizable) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("arrive and count", |server| {
                server.arrive(logon).map(|()| leak_a_permit(server))
            })?;
            let too_many = self.server().enter("look again", |server| {
                server.ledger().in_use() > server.ledger().maximum().unwrap_or(u32::MAX)
            });
            self.server().update("admit or refuse", |server| {
                if too_many {
                    server.ledger_mut().release();
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            })
        }
    }

    /// Each newcomer notes that it has come, and is refused if somebody else has whose turn is not over.
    refuses_while_another_is_under_admission falls("q192165-full" AdmissionLinearizable) Before
    with { coming: P::Monitor<u32> = P::Monitor::new("coming", 0); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("arrive", |server| server.arrive(logon))?;
            self.coming.update("come", |coming| *coming += 1);
            let alone = self.coming.enter("look for others", |coming| *coming == 1);
            let admitted = self.server().update("admit if alone", |server| {
                if !alone || !server.ledger_mut().try_acquire() {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                Ok(())
            });
            self.coming.update("be through", |coming| *coming -= 1);
            admitted
        }
    }

    /// Permits are read in one section and taken in the next.
    reads_the_ledger_and_writes_it_later falls("q192165-full" Capacity) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let full = self.server().update("arrive", |server| {
                server.arrive(logon).map(|()| is_full(server))
            })?;
            self.server().update("admit", |server| {
                if full {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                leak_a_permit(server);
                server.register(logon);
                Ok(())
            })
        }
    }
}
