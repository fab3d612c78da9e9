//! Liars about demands: logons are disabled and enabled, and it is not done, or it hits those it must not.

use crate::liars::liar::{liars, prelude::*};

liars! {
    Demands;

    /// Disabling logons does nothing.
    disabling_does_nothing falls("change-logon-disable" AsAsked) Now {
        fn enable_logons(&self, enabled: bool) {
            if enabled {
                self.server().update("enable logons", |server| server.enable_logons(true));
            }
        }
    }

    /// Enabling logons again does nothing.
    enabling_does_nothing falls("change-logon-disable" AsAsked) Now {
        fn enable_logons(&self, enabled: bool) {
            if !enabled {
                self.server().update("disable logons", |server| server.enable_logons(false));
            }
        }
    }

    /// Neither does anything.
    enabling_and_disabling_do_nothing falls("change-logon-disable" AsAsked) Now {
        fn enable_logons(&self, _: bool) {}
    }

    /// Disabling enables, and enabling disables.
    enabling_and_disabling_are_swapped falls("change-logon-disable" NoFalseRefusal) Now {
        fn enable_logons(&self, enabled: bool) {
            self.server().update("set the opposite", |server| server.enable_logons(!enabled));
        }
    }

    /// Disabling takes effect only after one more logon was let in.
    disabling_lets_one_more_in falls("change-logon-disable" AsAsked) Now
    with { pending: P::Monitor<bool> = P::Monitor::new("pending", false); }
    {
        fn enable_logons(&self, enabled: bool) {
            self.pending.update("note", |pending| *pending = !enabled);
            if enabled {
                self.server().update("enable logons", |server| server.enable_logons(true));
            }
        }

        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            let disable = self.pending.enter("look", std::mem::take);
            self.server().update("admit", |server| {
                let admitted = server.admit(logon);
                if disable {
                    server.enable_logons(false);
                }
                admitted
            })
        }
    }

    /// Disabling is done after the call has returned, when the next session is published.
    disabling_is_done_by_the_worker falls("change-logon-disable" AsAsked) Now
    with { pending: P::Monitor<bool> = P::Monitor::new("pending", false); }
    {
        fn enable_logons(&self, enabled: bool) {
            if enabled {
                self.server().update("enable logons", |server| server.enable_logons(true));
            } else {
                self.pending.update("note", |pending| *pending = true);
            }
        }

        fn publish(&self, claim: Claim) {
            let disable = self.pending.enter("look", std::mem::take);
            self.server().update("publish", |server| {
                if disable {
                    server.enable_logons(false);
                }
                server.publish(claim);
            });
        }
    }

    /// Disabling refuses those who were admitted before and have no session yet.
    disabling_hits_the_admitted falls("change-logon-disable" NoFalseRefusal) Now {
        fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
            self.server().update("claim or queue", |server| {
                server.living(logon)?;
                if !server.logons_enabled() {
                    return Err(server.refuse(logon, Refusal::LogonsDisabled));
                }
                server.claim_or_queue(logon)
            })
        }
    }

    /// Disabling refuses those who wait in line.
    disabling_hits_those_in_line falls("change-logon-disable" NoFalseRefusal) Now {
        fn enable_logons(&self, enabled: bool) {
            self.server().update("set", |server| {
                server.enable_logons(enabled);
                while !enabled && let Some(waiting) = server.queue_mut().pop_front() {
                    server.refuse_in_line(waiting, Refusal::LogonsDisabled);
                }
            });
        }
    }

    /// Disabling refuses those who are about to see the prompt.
    disabling_hits_those_about_to_attach falls("change-logon-disable" NoFalseRefusal) Now {
        fn attach(&self, logon: LogonId) -> Result<Claim, Ending> {
            self.server().update("attach", |server| {
                server.living(logon)?;
                if !server.logons_enabled() {
                    return Err(server.refuse(logon, Refusal::LogonsDisabled));
                }
                server.attach(logon)
            })
        }
    }

    /// Disabling hangs up everybody.
    disabling_hangs_up_everybody falls("change-logon-disable" NoFalseRefusal) Before {
        fn enable_logons(&self, enabled: bool) {
            self.server().update("set", |server| {
                server.enable_logons(enabled);
                while !enabled && let Some(logon) = first_logon(server, |_, _| true) {
                    server.hang_up(logon);
                }
            });
        }
    }
}
