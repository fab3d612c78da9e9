//! Liars about answers: what a call returns is not what became of the logon.

use crate::liars::liar::{liars, prelude::*};

/// What the provided `connect` does, in the words of this allocator.
fn connect<P: Primitives, O: Observer>(
    allocator: &impl Allocator<P, O>,
    logon: LogonId,
    line: &dyn Line,
    licenses: &dyn Licenses,
) -> Result<Claim, Ending> {
    allocator.ask(logon, line, Moment::BeforeArrival)?;
    allocator.admit(logon)?;
    allocator.place(logon, line, licenses)
}

/// A session that was never created.
const GHOST: Claim = Claim { session: SessionId(77), generation: Generation(77) };

liars! {
    Answers;

    /// `connect` answers with the first session there is.
    connect_answers_with_the_first_session falls("spurious-wakes" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                server.attach(logon)?;
                server.first_session(|_| true).ok_or(Ending::Gone)
            })
        }
    }

    /// `connect` answers with a session that never was.
    connect_answers_with_a_ghost falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| server.attach(logon).map(|_| GHOST))
        }
    }

    /// `connect` answers before the client is at the prompt.
    connect_answers_before_the_prompt falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().enter("pretend to attach", |server| held_by(server, logon).ok_or(Ending::Gone))
        }
    }

    /// `connect` answers that the logon was refused; it is at the prompt.
    connect_answers_with_an_error falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                server.attach(logon)?;
                Err(Ending::Refused(Refusal::MaxConnections))
            })
        }
    }

    /// `connect` answers that the client has left; it is at the prompt.
    connect_says_gone_of_the_living falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                server.attach(logon)?;
                Err(Ending::Gone)
            })
        }
    }

    /// Who was refused is told that it has left.
    connect_says_gone_of_the_refused falls("creation-fails" OneOutcome) Now {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            connect::<P, O>(self, logon, line, licenses).map_err(|_| Ending::Gone)
        }
    }

    /// Who was refused is told that it is at a prompt.
    connect_says_yes_to_the_refused falls("creation-fails" OneOutcome) Before {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            match connect::<P, O>(self, logon, line, licenses) {
                Err(Ending::Refused(_)) => Ok(GHOST),
                other => other,
            }
        }
    }

    /// Who has left is told that it is at a prompt.
    connect_says_yes_to_the_gone falls("only-client-cut" OneOutcome) Before {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            match connect::<P, O>(self, logon, line, licenses) {
                Err(Ending::Gone) => Ok(GHOST),
                other => other,
            }
        }
    }

    /// Every refusal is told to the client as event 71.
    every_refusal_is_told_as_full falls("creation-fails" OneOutcome) Before {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            connect::<P, O>(self, logon, line, licenses).map_err(|ending| match ending {
                Ending::Refused(_) => Ending::Refused(Refusal::MaxConnections),
                Ending::Gone => Ending::Gone,
            })
        }
    }

    /// Every refusal is told to the client as disabled logons.
    every_refusal_is_told_as_disabled falls("creation-fails" OneOutcome) Before {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            connect::<P, O>(self, logon, line, licenses).map_err(|ending| match ending {
                Ending::Refused(_) => Ending::Refused(Refusal::LogonsDisabled),
                Ending::Gone => Ending::Gone,
            })
        }
    }

    /// Who was cut is told that its session was reset.
    gone_is_told_as_reset falls("only-client-cut" OneOutcome) Before {
        fn connect(&self, logon: LogonId, line: &dyn Line, licenses: &dyn Licenses) -> Result<Claim, Ending> {
            connect::<P, O>(self, logon, line, licenses).map_err(|ending| match ending {
                Ending::Gone => Ending::Refused(Refusal::SessionReset),
                refused @ Ending::Refused(_) => refused,
            })
        }
    }

    /// `log_on` answers with the session of the prompt, though the client went back to another.
    log_on_answers_with_the_prompt falls("q187049-zombie" OneOutcome) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                let own = held_by(server, logon);
                let home = server.swap(logon, user)?;
                Ok(own.unwrap_or(home))
            })
        }
    }

    /// `log_on` answers before anybody is logged on.
    log_on_answers_before_it_is_done falls("broken-line-resets" OneOutcome) Before {
        fn log_on(&self, logon: LogonId, _: Option<UserId>, _: &dyn Line) -> Result<Claim, Ending> {
            self.server().enter("pretend to log on", |server| held_by(server, logon).ok_or(Ending::Gone))
        }
    }

    /// `log_on` answers that the password was wrong; the user is logged on.
    log_on_answers_with_an_error falls("broken-line-resets" OneOutcome) Before {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.server().update("arbitrate", |server| match server.arbitrate(logon, user)? {
                Arbitration::Own(_) => Err(Ending::Refused(Refusal::AccessDenied)),
                Arbitration::Reconnect => Ok(Arbitration::Reconnect),
            })
        }
    }

    /// `log_on` answers that the client has left; the user is logged on.
    log_on_says_gone_of_the_living falls("q187049-zombie" OneOutcome) Before {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.server().update("swap", |server| {
                server.swap(logon, user)?;
                Err(Ending::Gone)
            })
        }
    }

    /// Who logged off is told that somebody else had ended it before.
    log_off_says_gone falls("stale-reset" OneOutcome) Now {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("log off", |server| {
                server.log_off(logon)?;
                Err(Ending::Gone)
            })
        }
    }

    /// Who disconnected is told that somebody else had ended it before.
    disconnect_says_gone falls("reconnect-vs-reset" OneOutcome) Now {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                server.disconnect(logon)?;
                Err(Ending::Gone)
            })
        }
    }

    /// Who disconnected is told that it was refused.
    disconnect_says_refused falls("reconnect-vs-reset" OneOutcome) Before {
        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("disconnect", |server| {
                server.disconnect(logon)?;
                Err(Ending::Refused(Refusal::LogonsDisabled))
            })
        }
    }

    /// Who was cut or reset before it logged off is told that it has logged off.
    log_off_says_yes_to_the_gone falls("stale-reset" OneOutcome) Before {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            let _ended = self.server().update("log off", |server| server.log_off(logon));
            Ok(())
        }
    }

    /// A reset that hit answers that it missed.
    a_reset_that_hit_says_it_missed falls("stale-reset" OneOutcome AsAsked) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| server.reset(claim));
            self.delete_if(reset, claim);
            false
        }
    }

    /// A reset that missed answers that it hit.
    a_reset_that_missed_says_it_hit falls("stale-reset" OneOutcome AsAsked) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| server.reset(claim));
            self.delete_if(reset, claim);
            true
        }
    }

    /// A time-out that ended a session answers that it did not.
    a_time_out_that_hit_says_it_missed falls("reconnect-vs-reset" OneOutcome AsAsked) Now {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| server.expire(claim));
            self.delete_if(reset, claim);
            false
        }
    }

    /// A time-out that came too late answers that it ended the session.
    a_time_out_that_missed_says_it_hit falls("reconnect-vs-reset" AsAsked) Now {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| server.expire(claim));
            self.delete_if(reset, claim);
            true
        }
    }

    /// Event 71 is not logged.
    logs_no_event falls("q192165-full" OneOutcome) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                if server.ledger_mut().try_acquire() {
                    server.register(logon);
                    return Ok(());
                }
                server.tell(Fact::Refused { logon, refusal: Refusal::MaxConnections });
                Err(Ending::Refused(Refusal::MaxConnections))
            })
        }
    }

    /// Event 22 is logged for event 71.
    logs_the_wrong_event falls("q192165-full" OneOutcome) Before {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                if server.ledger_mut().try_acquire() {
                    server.register(logon);
                    return Ok(());
                }
                server.tell(Fact::Refused { logon, refusal: Refusal::MaxConnections });
                server.tell(Fact::Logged { logon, event: Event::LogonDropped });
                Err(Ending::Refused(Refusal::MaxConnections))
            })
        }
    }

    /// An event is logged twice.
    logs_an_event_twice falls("license-denied" OneOutcome) Before {
        fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
            self.server().update("refuse", |server| match server.living(logon) {
                Ok(_) => {
                    let ending = server.refuse(logon, refusal);
                    if let Some(event) = refusal.event() {
                        server.tell(Fact::Logged { logon, event });
                    }
                    ending
                }
                Err(ended) => ended,
            })
        }
    }

    /// Event 22 is logged of whoever is served.
    logs_an_event_without_a_refusal falls("q245221" OneOutcome) Before {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                let claim = server.attach(logon)?;
                server.tell(Fact::Logged { logon, event: Event::LogonDropped });
                Ok(claim)
            })
        }
    }

    /// Whoever waits too long is told so; it still waits.
    answers_and_keeps_the_place falls("q245221" OneOutcome) Before {
        fn await_session(&self, _: LogonId) -> Result<Claim, Ending> {
            Err(Ending::Gone)
        }
    }
}
