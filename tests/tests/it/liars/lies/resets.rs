//! Liars about demands: a reset or a time-out does nothing, or something else.

use crate::liars::liar::{liars, prelude::*};

liars! {
    Demands;

    /// A reset says that it hit, and nothing happened.
    resets_nothing falls("stale-reset" AsAsked) Now {
        fn reset(&self, claim: Claim) -> bool {
            self.server().enter("pretend to reset", |server| {
                server.find(claim).is_some_and(|session| session.state.may_be_reset())
            })
        }
    }

    /// A reset never hits, though the session is there.
    resets_never_hit falls("stale-reset" AsAsked) Now {
        fn reset(&self, _: Claim) -> bool {
            false
        }
    }

    /// A reset hits the first other session that has a client.
    resets_another falls("stale-reset" AsAsked) Now {
        fn reset(&self, claim: Claim) -> bool {
            let hit = self.server().update("reset another", |server| {
                let other = server.first_session(|session| {
                    session.state.has_client() && session.generation != claim.generation
                });
                other.filter(|&other| server.reset_as(Resetter::Administrator, other, other))
            });
            hit.is_some_and(|hit| self.delete_if(true, hit))
        }
    }

    /// A reset hits its session and all the others.
    resets_everybody falls("stale-reset" Identity) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset everybody", |server| {
                let reset = server.reset(claim);
                while let Some(other) = server.first_session(|session| session.state.has_client()) {
                    server.reset(other);
                    server.delete(other);
                }
                reset
            });
            self.delete_if(reset, claim)
        }
    }

    /// A reset is told and its session deleted; the logon that held it goes on without one.
    resets_and_keeps_the_logon falls("stale-reset" NoFalseRefusal) Before {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("reset the session alone", |server| {
                if !server.find(claim).is_some_and(|session| session.state.may_be_reset()) {
                    return false;
                }
                server.tell(Fact::Reset { by: Resetter::Administrator, aimed: claim, hit: claim });
                server.delete_now(claim);
                true
            })
        }
    }

    /// A reset of who is logged on only disconnects, and says that it hit.
    resets_by_disconnecting falls("stale-reset" NoFalseRefusal) Before {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("disconnect instead", |server| {
                holder_of(server, claim).is_some_and(|logon| server.disconnect(logon).is_ok())
            })
        }
    }

    /// A reset logs the user off, as if the client had asked for it.
    resets_by_logging_off falls("stale-reset" NoFalseRefusal) Before {
        fn reset(&self, claim: Claim) -> bool {
            self.server().update("log off instead", |server| {
                holder_of(server, claim).is_some_and(|logon| server.log_off(logon).is_ok())
            })
        }
    }

    /// A reset that missed resets whatever is there next time round.
    resets_who_is_there_if_it_missed falls("stale-reset" Identity) Now {
        fn reset(&self, claim: Claim) -> bool {
            let reset = self.server().update("reset", |server| server.reset(claim));
            if reset {
                return self.delete_if(true, claim);
            }
            let other = self.server().update("reset the first", |server| {
                let first = server.first_session(|session| session.state.has_client());
                first.filter(|&first| server.reset(first))
            });
            other.is_some_and(|other| self.delete_if(true, other))
        }
    }

    /// A time-out logs off whoever came back to the session.
    time_outs_log_off_who_came_back falls("reconnect-vs-reset" AsAsked) Before {
        fn expire(&self, claim: Claim) -> bool {
            self.server().update("expire", |server| {
                holder_of(server, claim).is_some_and(|logon| server.log_off(logon).is_ok())
            })
        }
    }

    /// A time-out hangs up whoever came back to the session.
    time_outs_hang_up_who_came_back falls("reconnect-vs-reset" NoFalseRefusal) Before {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| {
                if let Some(logon) = holder_of(server, claim) {
                    server.hang_up(logon);
                    return true;
                }
                server.expire(claim)
            });
            self.delete_if(reset, claim)
        }
    }

    /// A time-out resets the session though its user came back.
    time_outs_hit_the_connected falls("reconnect-vs-reset" Identity) Before {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| {
                server.reset_as(Resetter::Timer, claim, claim)
            });
            self.delete_if(reset, claim)
        }
    }

    /// A time-out says that it ended the session, and did nothing.
    time_outs_do_nothing_and_say_they_did falls("reconnect-vs-reset" AsAsked) Now {
        fn expire(&self, claim: Claim) -> bool {
            self.server().enter("pretend to expire", |server| {
                server.find(claim).is_some_and(|session| session.state == SessionState::Disconnected)
            })
        }
    }

    /// A time-out never ends a session, though it is still disconnected.
    time_outs_do_nothing falls("reconnect-vs-reset" AsAsked) Now {
        fn expire(&self, _: Claim) -> bool {
            false
        }
    }

    /// A time-out ends the session as if an administrator had.
    time_outs_as_an_administrator falls("reconnect-vs-reset" Identity) Before {
        fn expire(&self, claim: Claim) -> bool {
            let reset = self.server().update("expire", |server| {
                let found = server.find(claim).is_some_and(|session| session.state == SessionState::Disconnected);
                found && server.reset_as(Resetter::Administrator, claim, claim)
            });
            self.delete_if(reset, claim)
        }
    }
}
