//! Liars about demands: a hang-up is not done, or half, or too late, or to somebody else.

use crate::liars::liar::{liars, prelude::*};

/// Hangs up unless the logon is in a phase that is `spared`.
fn unless<O: Observer>(server: &mut Server<O>, logon: LogonId, spared: impl Fn(LogonPhase) -> bool) {
    if server.living(logon).is_ok_and(|phase| !spared(phase)) {
        server.hang_up(logon);
    }
}

liars! {
    Demands;

    /// Nobody is ever hung up.
    ignores_hang_ups falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, _: LogonId) {}
    }

    /// Nobody is hung up between the permit and the line.
    ignores_hang_ups_of_the_admitted falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::Admitted);
            });
        }
    }

    /// Nobody is hung up in line.
    ignores_hang_ups_in_line falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::Queued);
            });
        }
    }

    /// Nobody is hung up who holds a session that the client has not seen.
    ignores_hang_ups_of_the_claimed falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::Claimed);
            });
        }
    }

    /// Nobody is hung up at the prompt.
    ignores_hang_ups_at_the_prompt falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::AtPrompt);
            });
        }
    }

    /// Nobody is hung up on the way back to an old session.
    ignores_hang_ups_while_swapping falls("stopped-on-the-way-back" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::Swapping);
            });
        }
    }

    /// Nobody is hung up who is logged on.
    ignores_hang_ups_of_the_logged_on falls("broken-line-resets" AsAsked) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                unless(server, logon, |phase| phase == LogonPhase::LoggedOn);
            });
        }
    }

    /// A hang-up is noted, and done when the next session is published.
    hangs_up_later falls("only-client-cut" AsAsked) Now
    with { noted: P::Monitor<Option<LogonId>> = P::Monitor::new("noted", None); }
    {
        fn hang_up(&self, logon: LogonId) {
            self.noted.update("note the hang-up", |noted| *noted = Some(logon));
        }

        fn publish(&self, claim: Claim) {
            let noted = self.noted.enter("look for a hang-up", |noted| noted.take());
            self.server().update("publish", |server| {
                if let Some(logon) = noted {
                    server.hang_up(logon);
                }
                server.publish(claim);
            });
        }
    }

    /// A client that leaves by itself is hung up; a line that is cut by somebody else is not.
    hangs_up_only_whom_it_asked falls("only-client-cut" AsAsked) Now {
        fn hang_up(&self, _: LogonId) {}

        fn ask(&self, logon: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
            if line.is_up(moment) {
                return Ok(());
            }
            self.server().update("hang up", |server| server.hang_up(logon));
            Err(Ending::Gone)
        }
    }

    /// The line is not asked at the prompt, so nobody notices who left there.
    never_asks_at_the_prompt falls("q238600-flood" Conservation) Now {
        fn ask(&self, logon: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
            if moment == Moment::AtPrompt || line.is_up(moment) {
                return Ok(());
            }
            self.hang_up(logon);
            Err(Ending::Gone)
        }
    }

    /// A client that is gone is told so, and its logon goes on.
    asks_and_does_not_hang_up falls("q238600-flood" OneOutcome) Now {
        fn ask(&self, _: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
            if line.is_up(moment) { Ok(()) } else { Err(Ending::Gone) }
        }
    }

    /// The next logon is hung up instead of the one named.
    hangs_up_the_next falls("only-client-cut" AsAsked) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| server.hang_up(LogonId(logon.0 + 1)));
        }
    }

    /// The first logon that lives is hung up instead of the one named.
    hangs_up_the_first falls("stopped-on-the-way-back" NoFalseRefusal) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon).is_ok() && let Some(first) = first_logon(server, |_, _| true) {
                    server.hang_up(first);
                }
            });
        }
    }

    /// Everybody is hung up along with the one named.
    hangs_up_everybody falls("q219540-broken-handoff" NoFalseRefusal) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                server.hang_up(logon);
                while let Some(next) = first_logon(server, |_, _| true) {
                    server.hang_up(next);
                }
            });
        }
    }

    /// A hang-up is told and the permit is back; the session stays connected to nobody.
    hangs_up_half falls("only-client-cut" Conservation) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                if server.living(logon).is_ok_and(|phase| phase != LogonPhase::LoggedOn) {
                    server.tell(Fact::Abandoned { logon });
                    server.logons_mut().remove(&logon);
                    server.queue_mut().retain(|&waiting| waiting != logon);
                    server.ledger_mut().release();
                } else {
                    server.hang_up(logon);
                }
            });
        }
    }

    /// Who is hung up at the prompt leaves a disconnected session that nobody logged on to.
    hangs_up_at_the_prompt_as_if_logged_on falls("only-client-cut" Identity) Before {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                server.advance_if(logon, LogonPhase::AtPrompt, LogonPhase::LoggedOn);
                server.hang_up(logon);
            });
        }
    }

    /// Who is cut while logged on is told to have abandoned the logon, and the session is deleted.
    hangs_up_the_logged_on_as_if_at_the_prompt falls("broken-line-resets" Identity) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                server.advance_if(logon, LogonPhase::LoggedOn, LogonPhase::AtPrompt);
                server.hang_up(logon);
            });
        }
    }

    /// A broken line disconnects, also where it is to reset.
    broken_lines_always_disconnect falls("broken-line-resets" Identity) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let _over = server.disconnect(logon);
            });
        }
    }

    /// A broken line resets, also where it is to disconnect.
    broken_lines_always_reset falls("q187049-zombie" Identity) Now {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                let _over = server.log_off(logon);
            });
        }
    }
}

/// Small words that the bodies above read better with.
trait Advance {
    fn advance_if(&mut self, logon: LogonId, from: LogonPhase, to: LogonPhase);
}

impl<O: Observer> Advance for Server<O> {
    fn advance_if(&mut self, logon: LogonId, from: LogonPhase, to: LogonPhase) {
        if self.living(logon) == Ok(from) {
            self.advance(logon, to);
        }
    }
}
