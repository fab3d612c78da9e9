//! An allocator that is no override of steps around the server of this workspace, but a data structure of its own: its
//! permits are in a word, its idle sessions in two shards, and everything else in the book.
//!
//! *Permits.* A word counts the permits that are out and the departures under way. A newcomer takes a permit by a
//! compare-and-swap, and tells of it one step later. A permit comes back one step after its departure was told, so the
//! word may say "full" of a server that has told that somebody left. Whoever departs therefore counts its departure in
//! the word before it tells anything, and takes that count and the permit back in one step:
//!
//! 1. The word is full and nobody departs: at that moment every permit was held, or about to be told. The refusal is
//!    right.
//! 2. The word is full and somebody departs: the newcomer waits until a departure is through, and looks again. It waits
//!    for nothing else, and whoever departs does not block.
//!
//! *Idle sessions.* One that is ready and that nobody waits for is put into a shard; whoever wants one takes it out there
//! and gets it in the book. Between the book and a shard a session is in somebody's hands, and others may look for it in
//! vain. So two parties look twice: who has queued looks into the shards once more, and who has put a session into a
//! shard looks at the line once more. Of the two, one comes second, and sees what the other did. Who takes a session while
//! others wait gives it to the oldest of them.

mod records;

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use logon_core::observer::{Departure, Resetter};
use logon_core::primitives::{Monitor, Plain, Primitives, Word};
use logon_core::server::{Session, Stock};
use logon_core::system::Tell;
use logon_core::{
    Book, Claim, Ending, Licenses, Line, LogonId, Moment, Observer, Refusal, SessionManager,
    SessionState, Settings, Standalone, System, UserId,
};
use records::{Records, Settled};

/// The system as an allocator.
pub(crate) type ShardedPool<P, O> = Standalone<P, O, Sharded<P, O, Careful>>;

/// The same, but nobody looks at the line again who has put a session into a shard.
pub(crate) type ForgetfulPool<P, O> = Standalone<P, O, Sharded<P, O, Forgetful>>;

/// The same, but a newcomer is refused while a permit is on its way back.
pub(crate) type HastyPool<P, O> = Standalone<P, O, Sharded<P, O, Hasty>>;

/// What can be left out.
pub(crate) trait Manner: Send + Sync + 'static {
    /// Whether whoever has put a session into a shard looks at the line once more.
    const LOOKS_TWICE: bool = true;
    /// Whether a newcomer lets departures finish before it is refused.
    const AWAITS_DEPARTURES: bool = true;
}

/// Nothing is left out.
pub(crate) struct Careful;

impl Manner for Careful {}

/// See [`ForgetfulPool`].
pub(crate) struct Forgetful;

impl Manner for Forgetful {
    const LOOKS_TWICE: bool = false;
}

/// See [`HastyPool`].
pub(crate) struct Hasty;

impl Manner for Hasty {
    const AWAITS_DEPARTURES: bool = false;
}

/// One departure, in the upper half of the word.
const DEPARTING: u64 = 1 << 32;

/// The system: a book, a word and two shards.
pub(crate) struct Sharded<P: Primitives, O: Observer, M> {
    book: Book<P, O, Records>,
    permits: P::Word,
    shards: [P::Monitor<BTreeSet<Claim>>; 2],
    maximum: Option<u64>,
    manner: PhantomData<M>,
}

/// What became of an attempt to take a permit.
enum Permit {
    Taken,
    Full,
    SomebodyDeparts,
}

impl<P: Primitives, O: Observer, M: Manner> Sharded<P, O, M> {
    /// Changes the word, and gives what it was; not if `change` gives nothing.
    fn change(&self, label: &'static str, change: impl Fn(u64) -> Option<u64>) -> Result<(), u64> {
        let mut found = self.permits.load("read the permits", SeqCst);
        loop {
            let new = change(found).ok_or(found)?;
            match self.permits.compare_exchange(label, found, new, SeqCst) {
                Ok(_) => return Ok(()),
                Err(other) => found = other,
            }
        }
    }

    fn try_acquire(&self, maximum: u64) -> Permit {
        let held = |word: u64| word % DEPARTING;
        let take = |word: u64| (held(word) < maximum).then_some(word + 1);
        match self.change("take a permit", take) {
            Ok(()) => Permit::Taken,
            Err(word) if word < DEPARTING || !M::AWAITS_DEPARTURES => Permit::Full,
            Err(_) => Permit::SomebodyDeparts,
        }
    }

    fn admit(&self, logon: LogonId) -> Result<(), Ending> {
        let arrive = |records: &mut Records, tell: Tell<'_>| records.arrive(logon, tell);
        let mut through = self.book.update("arrive", arrive)?;
        while let Some(maximum) = self.maximum {
            match self.try_acquire(maximum) {
                Permit::Taken => break,
                Permit::SomebodyDeparts => {
                    through = self.book.wait_for("let a departure finish", |records, _| {
                        (records.through > through).then_some(records.through)
                    });
                }
                Permit::Full => {
                    let refusal = Refusal::MaxConnections;
                    self.book.update("tell of the refusal", |records, tell| {
                        records.refuse(logon, refusal, tell);
                    });
                    return Err(Ending::Refused(refusal));
                }
            }
        }
        self.book.update("tell of the admission", |records, tell| {
            records.admit(logon, tell);
        });
        Ok(())
    }

    /// Runs a section that may end a logon, and gives the permit back that is free with it.
    fn departing<R: Plain>(
        &self,
        label: &'static str,
        section: impl Fn(&mut Records, Tell<'_>) -> (R, bool),
    ) -> R {
        if self.maximum.is_none() {
            return self.book.update(label, section).0;
        }
        let begun = self.change("begin a departure", |word| Some(word + DEPARTING));
        begun.expect("it always can");
        let (result, freed) = self.book.update(label, section);
        let through = |word: u64| Some(word - DEPARTING - u64::from(freed));
        let ended = self.change("end a departure", through);
        ended.expect("it always can");
        self.book
            .update("tell that a departure is through", |records, _| {
                records.through += 1;
            });
        result
    }

    fn refuse(&self, logon: LogonId, refusal: Refusal) -> Ending {
        self.departing("refuse", |records, tell| match records.living(logon) {
            Err(ending) => (ending, false),
            Ok(_) => {
                let freed = records.refuse(logon, refusal, tell);
                (Ending::Refused(refusal), freed)
            }
        })
    }

    fn end(&self, label: &'static str, logon: LogonId, departure: Departure) -> Result<(), Ending> {
        self.departing(label, |records, tell| {
            match records.end(logon, departure, tell) {
                Ok(freed) => (Ok(()), freed),
                Err(ending) => (Err(ending), false),
            }
        })
    }

    fn ask(&self, logon: LogonId, line: &dyn Line, moment: Moment) -> Result<(), Ending> {
        if line.is_up(moment) {
            return Ok(());
        }
        self.hang_up(logon);
        Err(Ending::Gone)
    }

    fn take_from(&self, shard: usize) -> Option<Claim> {
        self.shards[shard].enter("take from the shard", BTreeSet::pop_first)
    }

    fn claim(&self, logon: LogonId) -> Result<Claim, Ending> {
        let own = logon.0 as usize % 2;
        for shard in [own, 1 - own] {
            let Some(claim) = self.take_from(shard) else {
                continue;
            };
            let settle = |records: &mut Records, tell: Tell<'_>| records.settle(logon, claim, tell);
            match self.book.update("claim", settle) {
                Settled::Mine(claim) => return Ok(claim),
                Settled::Waits => return self.await_session(logon),
                Settled::Over(ending, left) => {
                    if let Some(claim) = left {
                        self.park(claim);
                    }
                    return Err(ending);
                }
            }
        }
        self.book
            .update("queue", |records, tell| records.queue(logon, tell))?;
        self.await_session(logon)
    }

    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.serve_the_line();
        self.book
            .wait_for("await a session", |records, _| records.heard(logon))
    }

    /// Puts an idle session into its shard, and looks whether somebody waits.
    fn park(&self, claim: Claim) {
        let shard = claim.session.0 as usize % 2;
        self.shards[shard].enter("put into the shard", |sessions| {
            sessions.insert(claim);
        });
        let waits = |records: &mut Records, _: Tell<'_>| !records.line.is_empty();
        if M::LOOKS_TWICE && self.book.enter("look at the line", waits) {
            self.serve_the_line();
        }
    }

    /// Hands idle sessions to those in line, as long as there are both.
    fn serve_the_line(&self) {
        for shard in [0, 1] {
            while let Some(claim) = self.take_from(shard) {
                let hand_over =
                    |records: &mut Records, tell: Tell<'_>| records.hand_over(claim, tell);
                if let Some(left) = self.book.update("hand over", hand_over) {
                    return self.park(left);
                }
            }
        }
    }

    fn delete_if(&self, reset: bool, claim: Claim) -> bool {
        if reset {
            self.book
                .update("delete", |records, tell| records.delete(claim, tell));
        }
        reset
    }
}

impl<P: Primitives, O: Observer, M: Manner> System<P, O> for Sharded<P, O, M> {
    type State = Records;

    fn initial(settings: &Settings) -> Records {
        Records::new(settings)
    }

    fn new(settings: &Settings, book: Book<P, O, Records>) -> Self {
        Sharded {
            book,
            permits: P::Word::new("permits", 0),
            shards: ["even shard", "odd shard"].map(|name| P::Monitor::new(name, BTreeSet::new())),
            maximum: settings.max_connections.map(u64::from),
            manner: PhantomData,
        }
    }

    fn connect(
        &self,
        logon: LogonId,
        line: &dyn Line,
        licenses: &dyn Licenses,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::BeforeArrival)?;
        self.admit(logon)?;
        self.ask(logon, line, Moment::Admitted)?;
        if !licenses.grant(logon) {
            return Err(self.refuse(logon, Refusal::NoLicense));
        }
        self.claim(logon)?;
        self.ask(logon, line, Moment::Claimed)?;
        self.book
            .update("attach", |records, tell| records.attach(logon, tell))
    }

    fn log_on(
        &self,
        logon: LogonId,
        user: Option<UserId>,
        line: &dyn Line,
    ) -> Result<Claim, Ending> {
        self.ask(logon, line, Moment::AtPrompt)?;
        let Some(user) = user else {
            return Err(self.refuse(logon, Refusal::AccessDenied));
        };
        let own = self.book.update("arbitrate", |records, tell| {
            records.arbitrate(logon, user, tell)
        })?;
        if let Some(own) = own {
            return Ok(own);
        }
        self.ask(logon, line, Moment::Arbitrating)?;
        self.book
            .update("swap", |records, tell| records.swap(logon, user, tell))
    }

    fn hang_up(&self, logon: LogonId) {
        self.departing("hang up", |records, tell| {
            let departure = records.broken_line();
            // That it was over already is no news to whoever hangs up.
            ((), records.end(logon, departure, tell) == Ok(true))
        });
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.end("disconnect", logon, Departure::Disconnected)
    }

    fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
        self.end("log off", logon, Departure::LoggedOff)
    }

    fn look_up(&self, wanted: &dyn Fn(&Session) -> bool) -> Option<Claim> {
        self.book
            .enter("look up the session", |records, _| records.first(wanted))
    }

    fn reset(&self, claim: Claim) -> bool {
        let reset = self.departing("reset", |records, tell| {
            records.reset(Resetter::Administrator, claim, tell)
        });
        self.delete_if(reset, claim)
    }

    fn await_disconnected(&self, user: UserId) -> Option<Claim> {
        self.book
            .wait_for("await a disconnected session", |records, _| {
                let found = records.disconnected_of(user);
                (found.is_some() || records.closing).then_some(found)
            })
    }

    fn expire(&self, claim: Claim) -> bool {
        // A disconnected session has no permit.
        let expire =
            |records: &mut Records, tell: Tell<'_>| records.reset(Resetter::Timer, claim, tell).0;
        let reset = self.book.update("expire", expire);
        self.delete_if(reset, claim)
    }

    fn enable_logons(&self, enabled: bool) {
        let label = match enabled {
            true => "enable logons",
            false => "disable logons",
        };
        self.book
            .update(label, |records, tell| records.enable(enabled, tell));
    }

    fn serve(&self, manager: &dyn SessionManager) {
        P::forever(|| {
            let demand = |records: &mut Records, tell: Tell<'_>| records.demand(tell);
            let Some(claim) = self.book.wait_for("begin creation", demand) else {
                return ControlFlow::Break(());
            };
            if manager.load(claim) {
                let publish = |records: &mut Records, tell: Tell<'_>| records.publish(claim, tell);
                if let Some(idle) = self.book.update("publish", publish) {
                    self.park(idle);
                }
            } else {
                self.departing("fail creation", |records, tell| {
                    ((), records.fail_creation(claim, tell))
                });
            }
            ControlFlow::Continue(())
        });
    }

    fn close(&self) {
        self.book
            .update("close", |records, _| records.closing = true);
    }

    fn stock(&self, records: &Records) -> Stock {
        let held = match self.maximum {
            Some(_) => self.permits.peek() % DEPARTING,
            // Without a maximum nobody counts permits but those who hold them.
            None => records.holders() as u64,
        };
        let idle = self
            .shards
            .iter()
            .flat_map(|shard| shard.peek(BTreeSet::clone));
        Stock {
            permits_in_use: u32::try_from(held).unwrap_or(u32::MAX),
            idle: idle.collect(),
            line: records.line.iter().copied().collect(),
            occupied: records.all(SessionState::has_client).collect(),
            disconnected: records
                .all(|state| state == SessionState::Disconnected)
                .collect(),
        }
    }
}
