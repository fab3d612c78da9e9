//! S1-lin with few accounts: who took a permit before that was told is decided as late as possible.
//!
//! The [accounts](super::super::accounts) of all ways in which the admissions may have gone are as many as there are sets of
//! those under admission. Most cannot be told from each other by anything that may still be told. What is kept of each
//! account here is:
//!
//! - the number of the last fact at which all permits were out. Who has arrived by then may be refused, and nobody else:
//!   a later such moment serves everybody whom an earlier one serves.
//! - how many permits are taken and not told, and by when each was. Who has taken one is left open: whoever had arrived by
//!   then. It is feasible if for each number there are as many who had arrived by then as permits were taken by then.
//!
//! An account takes permits only when it takes all that are left, in order to have a full moment, and only if somebody may
//! be refused then who may not yet: whatever else a permit taken early allows, one taken later allows as well. So:
//!
//! - *Admitted.* If it may be one of those who have taken a permit, it is, and of those permits it took the one that was
//!   taken first: the others are then open to more. If not, it takes one now, if one is left.
//! - *Refused.* It had arrived by the last full moment, and enough others had arrived to have taken the permits.
//! - *Given up.* If it may have taken a permit, it had, and that one is free now: somebody else may take it at once.
//!
//! An account that another one beats in everything is dropped: the other has had a full moment as late, and for no number
//! more permits taken by then. Numbers matter only by who had arrived by them. So there is one account while permits are
//! left for everybody, and otherwise there are a few. How many there may be is not known: 20,000 histories at random, with up
//! to twelve under admission, had 24 at most (sampled). If ever there are more than
//! [`MOST_ACCOUNTS`], nothing is decided until nobody is under admission: an admission is taken for right, and a refusal as
//! well if others could have had all permits at a moment since the logon came. Each that is judged so is counted.

use std::collections::{BTreeMap, BTreeSet};

use logon_core::LogonId;

/// How many accounts are kept.
const MOST_ACCOUNTS: usize = 256;

/// The admissions under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Admissions {
    /// Who is under admission: the number of facts that were heard before each came.
    arrived: BTreeMap<LogonId, u64>,
    arrivals: BTreeSet<u64>,
    accounts: Vec<Account>,
    /// Whether there were too many accounts.
    is_undecided: bool,
    /// The last fact at which all but one of those under admission could have had all permits together.
    could_be_full: u64,
    /// How many were judged while it was undecided.
    unjudged: u64,
}

/// A way in which they may have gone.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Account {
    /// The last full moment; 0: none.
    full: u64,
    /// How many permits were taken at which moment and not told, the oldest first.
    taken: Vec<(u64, u32)>,
}

impl Account {
    fn taken(&self) -> u32 {
        self.taken.iter().map(|&(_, count)| count).sum()
    }

    /// Gives back the oldest permit that may have been taken by somebody who came then; says whether there is one.
    fn give_back(&mut self, arrived: u64) -> bool {
        let Some(place) = self.taken.iter().position(|&(moment, _)| moment >= arrived) else {
            return false;
        };
        self.taken[place].1 -= 1;
        if self.taken[place].1 == 0 {
            self.taken.remove(place);
        }
        true
    }

    /// Whether the permits may have been taken by those who came then.
    fn is_feasible(&self, arrivals: &BTreeSet<u64>) -> bool {
        let mut arrivals = arrivals.iter().peekable();
        let (mut taken, mut arrived) = (0, 0);
        self.taken.iter().all(|&(moment, count)| {
            while arrivals.next_if(|&&arrival| arrival <= moment).is_some() {
                arrived += 1;
            }
            taken += count;
            taken <= arrived
        })
    }

    /// Whether whatever can go on from the other one can go on from this one.
    fn beats(&self, other: &Account) -> bool {
        let mut theirs = other.taken.iter().peekable();
        let (mut taken, mut taken_there) = (0, 0);
        self.full >= other.full
            && self.taken.iter().all(|&(moment, count)| {
                while let Some((_, count)) = theirs.next_if(|&&(theirs, _)| theirs <= moment) {
                    taken_there += count;
                }
                taken += count;
                taken <= taken_there
            })
    }

    /// Puts in the place of each moment the last arrival before it: only that matters.
    fn make_canonical(&mut self, arrivals: &BTreeSet<u64>) {
        let canonical = |moment: u64| {
            let before = arrivals.range(..=moment).next_back();
            before.copied().unwrap_or_default()
        };
        self.full = canonical(self.full);
        let mut taken: Vec<(u64, u32)> = Vec::with_capacity(self.taken.len());
        for &(moment, count) in &self.taken {
            let moment = canonical(moment);
            match taken.last_mut() {
                Some((last, total)) if *last == moment => *total += count,
                _ => taken.push((moment, count)),
            }
        }
        self.taken = taken;
    }
}

impl Default for Admissions {
    fn default() -> Self {
        Admissions {
            arrived: BTreeMap::new(),
            arrivals: BTreeSet::new(),
            accounts: vec![Account::default()],
            is_undecided: false,
            could_be_full: 0,
            unjudged: 0,
        }
    }
}

impl Admissions {
    /// A logon has arrived, after so many facts.
    pub(super) fn arrive(&mut self, logon: LogonId, heard: u64) {
        // From 1, since 0 is no moment.
        self.arrived.insert(logon, heard + 1);
        self.arrivals.insert(heard + 1);
    }

    /// Time passes: after fact number `now`, with so many permits not told to be out.
    pub(super) fn let_take_effect(&mut self, now: u64, free: u32) {
        let Some(&youngest) = self.arrivals.last() else {
            return;
        };
        if self.arrivals.len() > free as usize {
            self.could_be_full = now;
        }
        if self.is_undecided {
            return;
        }
        let mut more = Vec::new();
        let mut has_changed = false;
        for account in &mut self.accounts {
            let taken = account.taken();
            if account.full >= youngest {
                // Everybody may be refused already.
                continue;
            }
            if taken >= free {
                account.full = now;
                has_changed = true;
            } else if self.arrivals.len() >= free as usize {
                let mut next = account.clone();
                next.full = now;
                next.taken.push((now, free - taken));
                more.push(next);
                has_changed = true;
            }
        }
        if has_changed {
            self.accounts.append(&mut more);
            self.make_few();
        }
    }

    /// It is told that `logon` is admitted, and so many permits are left without what is not told; `None`: too many are out.
    pub(super) fn admit(&mut self, logon: LogonId, free: Option<u32>) -> bool {
        if self.is_undecided {
            return self.weakly(logon, |_| true);
        }
        self.keep(logon, |account, arrived, _| {
            account.give_back(arrived) || free.is_some_and(|free| account.taken() <= free)
        })
    }

    /// It is told that `logon` is refused.
    pub(super) fn refuse(&mut self, logon: LogonId) -> bool {
        if self.is_undecided {
            let full = self.could_be_full;
            return self.weakly(logon, |arrived| full >= arrived);
        }
        self.keep(logon, |account, arrived, others| {
            account.full >= arrived && account.is_feasible(others)
        })
    }

    /// `logon` is no longer under admission for another reason.
    pub(super) fn give_up(&mut self, logon: LogonId) {
        if self.arrived.contains_key(&logon) {
            self.keep(logon, |account, arrived, _| {
                account.give_back(arrived);
                true
            });
        }
    }

    /// How many admissions and refusals were taken for right without looking at how the others went.
    pub(super) fn unjudged(&self) -> u64 {
        self.unjudged
    }

    /// There are too many accounts.
    fn give_up_deciding(&mut self) {
        self.is_undecided = true;
        self.accounts = vec![Account::default()];
    }

    /// The same as `keep`, where it is undecided.
    fn weakly(&mut self, logon: LogonId, fits: impl Fn(u64) -> bool) -> bool {
        self.unjudged += 1;
        let arrived = self.arrived.get(&logon).copied();
        self.settle(logon);
        arrived.is_some_and(fits)
    }

    /// `logon` is no longer under admission.
    fn settle(&mut self, logon: LogonId) {
        if let Some(arrived) = self.arrived.remove(&logon) {
            self.arrivals.remove(&arrived);
        }
        self.is_undecided &= !self.arrivals.is_empty();
    }

    /// `logon` is no longer under admission: keeps the accounts that fit what is told of it. Says whether there were any.
    fn keep(
        &mut self,
        logon: LogonId,
        fits: impl Fn(&mut Account, u64, &BTreeSet<u64>) -> bool,
    ) -> bool {
        let arrived = self.arrived.get(&logon).copied();
        self.settle(logon);
        match arrived {
            Some(arrived) => {
                let others = &self.arrivals;
                self.accounts
                    .retain_mut(|account| fits(account, arrived, others));
            }
            None => self.accounts.clear(),
        }
        let any = !self.accounts.is_empty();
        if !any {
            self.accounts.push(Account::default());
        }
        self.make_few();
        any
    }

    /// Drops every account that another one beats.
    fn make_few(&mut self) {
        if self.accounts.len() == 1 {
            self.accounts[0].make_canonical(&self.arrivals);
            return;
        }
        let mut few: Vec<Account> = Vec::new();
        for mut account in std::mem::take(&mut self.accounts) {
            account.make_canonical(&self.arrivals);
            if !few.iter().any(|other| other.beats(&account)) {
                few.retain(|other| !account.beats(other));
                few.push(account);
            }
        }
        self.accounts = few;
        if self.accounts.len() > MOST_ACCOUNTS {
            self.give_up_deciding();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random.
    fn next(state: &mut u64) -> u64 {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *state >> 33
    }

    #[test]
    fn accounts_are_few_however_admissions_overlap() {
        let mut most_seen = 0;
        for seed in 0..300 {
            let mut random = seed;
            let mut admissions = Admissions::default();
            let (mut held, mut arrived) = (0, 0);
            for now in 1..400 {
                let open: Vec<LogonId> = admissions.arrived.keys().copied().collect();
                let which = next(&mut random) as usize;
                let before = admissions.clone();
                match (next(&mut random) % 8, open.get(which % open.len().max(1))) {
                    (0..3, _) if open.len() < 12 => {
                        admissions.arrive(LogonId(arrived), now - 1);
                        arrived += 1;
                    }
                    (3 | 4, Some(&logon)) if held < 8 => {
                        match admissions.admit(logon, Some(8 - held - 1)) {
                            true => held += 1,
                            false => admissions = before,
                        }
                    }
                    (5, Some(&logon)) => {
                        if !admissions.refuse(logon) {
                            admissions = before;
                        }
                    }
                    (6, Some(&logon)) => admissions.give_up(logon),
                    _ => held -= u32::from(held > 0),
                }
                admissions.let_take_effect(now, 8 - held);
                let accounts = admissions.accounts.len();
                most_seen = most_seen.max(accounts);
            }
        }
        // There are 4,096 sets of twelve.
        assert!((3..=MOST_ACCOUNTS / 7).contains(&most_seen), "{most_seen}");
    }

    #[test]
    fn what_is_undecided_is_judged_weakly_and_counted_until_nobody_is_under_admission() {
        let mut admissions = Admissions::default();
        let arrive = |admissions: &mut Admissions, number: u32, free: u32| {
            admissions.arrive(LogonId(number), number.into());
            admissions.let_take_effect(u64::from(number) + 1, free);
        };
        (0..3).for_each(|number| arrive(&mut admissions, number, 3));
        admissions.give_up_deciding();
        let mut others = admissions.clone();
        assert!(
            !others.refuse(LogonId(0)),
            "a permit is left for it, whatever the others do"
        );
        arrive(&mut admissions, 3, 3);
        assert!(
            admissions.refuse(LogonId(0)),
            "the other three may have them all"
        );
        assert!(admissions.admit(LogonId(1), Some(0)));
        assert_eq!(admissions.unjudged(), 2);
        admissions.give_up(LogonId(2));
        assert!(admissions.admit(LogonId(3), Some(0)));
        arrive(&mut admissions, 4, 1);
        assert!(!admissions.refuse(LogonId(4)), "it is decided again");
        assert_eq!(admissions.unjudged(), 3);
    }
}
