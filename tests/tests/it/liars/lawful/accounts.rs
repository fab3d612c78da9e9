//! Other accounts: of permits, and of the line.

use crate::liars::lawful::lawful;
use crate::liars::liar::prelude::*;
use crate::liars::word_ledger::WordLedger;

/// Clears the places of those who left away from the front of the line.
fn clear_the_front<O: Observer>(server: &mut Server<O>) {
    while let Some(&front) = server.queue().front()
        && server.living(front).is_err()
    {
        server.queue_mut().pop_front();
    }
}

/// How many of those with a place in line live.
fn living_in_line<O: Observer>(server: &Server<O>) -> usize {
    let line = server.queue().iter();
    line.filter(|&&logon| server.living(logon).is_ok()).count()
}

/// How many logons live.
fn living<O: Observer>(server: &Server<O>) -> u32 {
    let logons = server.logons().keys();
    logons
        .filter(|&&logon| server.living(logon).is_ok())
        .count() as u32
}

lawful! {
    Accounts;

    /// Permits are counted by the records of the logons.
    counts_records symmetric true {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.server().update("admit", |server| {
                server.arrive(logon)?;
                let out = living(server);
                if server.ledger().maximum().is_some_and(|most| out >= most) {
                    return Err(server.refuse(logon, Refusal::MaxConnections));
                }
                server.register(logon);
                server.ledger_mut().set_in_use(out + 1);
                Ok(())
            })
        }
    }

    /// Who hangs up in line leaves its place there until it comes to the front.
    keeps_the_places_of_those_who_left symmetric true {
        fn hang_up(&self, logon: LogonId) {
            self.server().update("hang up", |server| {
                clear_the_front(server);
                let place = server.queue().iter().position(|&waiting| waiting == logon);
                server.hang_up(logon);
                if let Some(place) = place {
                    server.queue_mut().insert(place, logon);
                }
            });
        }

        fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
            self.server().update("refuse", |server| {
                clear_the_front(server);
                server.living(logon).map_or_else(|gone| gone, |_| server.refuse(logon, refusal))
            })
        }

        fn stock(&self, server: &Server<O>) -> Stock {
            let mut stock = Stock::of(server);
            stock.line.retain(|&logon| server.living(logon).is_ok());
            stock
        }

        fn await_demand(&self) -> Demand {
            self.server().wait_for("begin creation", |server| {
                let supply = server.idle().len() + server.creating() as usize;
                let wanted = server.settings().idle_pool as usize + living_in_line(server);
                let workers = server.settings().creation_workers as usize;
                if supply < wanted && (server.creating() as usize) < workers {
                    return Some(Demand::Create(server.begin_creation()));
                }
                server.is_closing().then_some(Demand::Stop)
            })
        }

        fn publish(&self, claim: Claim) {
            self.server().update("publish", |server| {
                clear_the_front(server);
                server.publish(claim);
            });
        }

        fn fail_creation(&self, claim: Claim) {
            self.server().update("fail creation", |server| {
                clear_the_front(server);
                server.fail_creation(claim);
                server.clear_down(claim);
            });
        }
    }

    /// Permits are counted in a word alone.
    counts_permits_in_a_word_alone symmetric false up_to 2 clients
    with { ledger: WordLedger<P> = WordLedger::new(); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.admit(self.server(), logon)
        }

        fn hang_up(&self, logon: LogonId) {
            self.ledger.depart(self.server(), "hang up", |server: &mut Server<O>| server.hang_up(logon));
        }

        fn reset(&self, claim: Claim) -> bool {
            let reset = self.ledger.depart(self.server(), "reset", |server: &mut Server<O>| server.reset(claim));
            self.delete_if(reset, claim)
        }

        fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
            self.ledger.depart(self.server(), "refuse", |server: &mut Server<O>| match server.living(logon) {
                Ok(_) => server.refuse(logon, refusal),
                Err(ended) => ended,
            })
        }

        fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.depart(self.server(), "disconnect", |server: &mut Server<O>| server.disconnect(logon))
        }

        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.depart(self.server(), "log off", |server: &mut Server<O>| server.log_off(logon))
        }

        fn fail_creation(&self, claim: Claim) {
            self.ledger.depart(self.server(), "fail creation", |server: &mut Server<O>| {
                server.fail_creation(claim);
                server.clear_down(claim);
            });
        }

        fn stock(&self, server: &Server<O>) -> Stock {
            self.ledger.stock(server)
        }
    }
}
