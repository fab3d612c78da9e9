//! Liars about accounts: a ledger that is a word, and is not kept right.

use crate::liars::liar::{liars, prelude::*};
use crate::liars::word_ledger::WordLedger;

liars! {
    Accounting;

    /// A reset gives no permit back in the word.
    a_word_leaks_on_a_reset falls("stale-reset" Conservation) Now
    with { ledger: WordLedger<P> = WordLedger::new(); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.admit(self.server(), logon)
        }

        fn hang_up(&self, logon: LogonId) {
            self.ledger.depart(self.server(), "hang up", |server: &mut Server<O>| server.hang_up(logon));
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

    /// A hang-up gives no permit back in the word.
    a_word_leaks_on_a_hang_up falls("only-client-cut" Conservation) Now
    with { ledger: WordLedger<P> = WordLedger::new(); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.admit(self.server(), logon)
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

    /// A newcomer is refused while somebody is about to give a permit back.
    a_word_refuses_in_a_hurry falls("q219540-broken-handoff" NoFalseRefusal) Now
    with { ledger: WordLedger<P> = WordLedger::new(); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.admit_in_a_hurry(self.server(), logon)
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

    /// A permit is read in one step and written in the next.
    a_word_is_read_and_written falls("creation-fails" Conservation) Now
    with { ledger: WordLedger<P> = WordLedger::new(); }
    {
        fn admit(&self, logon: LogonId) -> Result<(), Ending> {
            self.ledger.admit_in_two_steps(self.server(), logon)
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
