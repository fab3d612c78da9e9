//! Random programs with identifiers: clerks draw numbered tickets, tie them to each other and hand them on.
//!
//! Tickets are numbered in the order in which they are drawn, so which clerk has which number depends on the
//! schedule. By brute force, a state is the least of what it looks like under all exchanges of clerks and of
//! tickets; the search must have one state for each of these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use logon_core::symmetric;
use logon_core::symmetry::{Family, Shape, Symmetric};
use logon_sim::{Owner, Rule, Symmetry};
use quickcheck::{Arbitrary, Gen};

use crate::random_programs::sketch::below;

pub(crate) const TICKETS: Family = Family("ticket");
pub(crate) const CLERKS: Family = Family("clerk");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) u32);

impl Symmetric for Ticket {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.identifier(TICKETS, self.0);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Clerk(pub(crate) u32);

impl Symmetric for Clerk {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.identifier(CLERKS, self.0);
    }
}

/// The highest ticket that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Newest(pub(crate) u32);

impl Symmetric for Newest {
    fn describe(&self, shape: &mut dyn Shape) {
        shape.newest(TICKETS, self.0);
    }
}

/// What the clerks share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hall {
    pub(crate) newest: Newest,
    pub(crate) holders: BTreeMap<Ticket, Clerk>,
    pub(crate) served: Option<Ticket>,
    pub(crate) after: BTreeSet<(Ticket, Ticket)>,
    pub(crate) heaps: BTreeMap<Clerk, BTreeSet<Ticket>>,
    pub(crate) counters: BTreeSet<BTreeSet<Ticket>>,
}
symmetric! { struct Hall { newest, holders, served, after, heaps, counters } }

/// What a clerk learns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Learned {
    Nothing,
    Ticket(Ticket),
    Clerk(Clerk),
    Heap(BTreeSet<Ticket>),
}
symmetric! { enum Learned { Nothing, Ticket(ticket), Clerk(clerk), Heap(tickets) } }

/// What clerks do. `mine` is the clerk's last ticket, `other` the one that it learned of last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Draws a new ticket, which is then `mine`.
    Draw,
    /// Which ticket is drawn next.
    Foresee,
    /// Has `mine` served, if no ticket is.
    Serve,
    /// Sends away what is served.
    Dismiss,
    /// Which ticket is served.
    LookAtServed,
    /// Who holds `other`.
    WhoHolds,
    /// Gives up `mine`.
    GiveUp,
    /// Takes `other` over from whoever holds it.
    TakeOver,
    /// `mine` comes after `other`.
    ComeAfter,
    /// Which tickets `mine` comes after.
    WhatIsBefore,
    /// Puts `other` on the own heap.
    Heap,
    /// What the own heap has.
    LookAtHeap,
    /// Opens a counter for `mine` and `other`.
    Open,
    /// Waits until something is served, or another heap is there.
    Wait,
}

const DEEDS: [Deed; 14] = [
    Deed::Draw,
    Deed::Foresee,
    Deed::Serve,
    Deed::Dismiss,
    Deed::LookAtServed,
    Deed::WhoHolds,
    Deed::GiveUp,
    Deed::TakeOver,
    Deed::ComeAfter,
    Deed::WhatIsBefore,
    Deed::Heap,
    Deed::LookAtHeap,
    Deed::Open,
    Deed::Wait,
];

impl Deed {
    /// Does it, and returns what is learned; nothing for a wait that goes on.
    pub(crate) fn done(
        self,
        hall: &mut Hall,
        me: Clerk,
        mine: Option<Ticket>,
        other: Option<Ticket>,
    ) -> Option<Learned> {
        let ticket = |ticket: Option<Ticket>| ticket.map_or(Learned::Nothing, Learned::Ticket);
        Some(match self {
            Self::Draw => {
                hall.newest.0 += 1;
                let drawn = Ticket(hall.newest.0);
                hall.holders.insert(drawn, me);
                Learned::Ticket(drawn)
            }
            Self::Foresee => Learned::Ticket(Ticket(hall.newest.0 + 1)),
            Self::Serve => {
                hall.served = hall.served.or(mine);
                ticket(hall.served)
            }
            Self::Dismiss => ticket(hall.served.take()),
            Self::LookAtServed => ticket(hall.served),
            Self::WhoHolds => {
                let holder = other.and_then(|other| hall.holders.get(&other));
                holder.map_or(Learned::Nothing, |clerk| Learned::Clerk(*clerk))
            }
            Self::GiveUp => {
                let given_up = mine.filter(|mine| hall.holders.remove(mine).is_some());
                ticket(given_up)
            }
            Self::TakeOver => {
                let known = other.filter(|other| hall.holders.contains_key(other));
                if let Some(other) = known {
                    hall.holders.insert(other, me);
                }
                Learned::Nothing
            }
            Self::ComeAfter => {
                hall.after.extend(mine.zip(other));
                Learned::Nothing
            }
            Self::WhatIsBefore => {
                let before = hall.after.iter().filter(|(after, _)| Some(*after) == mine);
                Learned::Heap(before.map(|(_, before)| *before).collect())
            }
            Self::Heap => {
                hall.heaps.entry(me).or_default().extend(other);
                Learned::Nothing
            }
            Self::LookAtHeap => Learned::Heap(hall.heaps.get(&me).cloned().unwrap_or_default()),
            Self::Open => {
                hall.counters
                    .insert(mine.into_iter().chain(other).collect());
                Learned::Nothing
            }
            Self::Wait => {
                let others = hall.heaps.keys().any(|clerk| *clerk != me);
                return (others || hall.served.is_some()).then(|| ticket(hall.served));
            }
        })
    }
}

/// A program of clerks; those of one script are of one class.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) scripts: Vec<Vec<Deed>>,
    pub(crate) cast: Vec<usize>,
    /// The tickets up to here are known outside.
    pub(crate) pinned: u32,
}

impl Arbitrary for Office {
    fn arbitrary(source: &mut Gen) -> Self {
        let casts: [&[usize]; 4] = [&[0, 0], &[0, 0, 0], &[0, 1, 0], &[0, 0, 0]];
        let cast = casts[below(source, casts.len())].to_vec();
        let most = if cast.len() == 2 { 5 } else { 3 };
        let mut script = || {
            // Few tickets, or there are too many exchanges of them to try.
            let mut draws = 3 - cast.len();
            let mut script = vec![Deed::Draw];
            for _ in 0..1 + below(source, most - 1) {
                let deed = DEEDS[below(source, DEEDS.len())];
                if deed != Deed::Draw || draws > 0 {
                    draws -= usize::from(deed == Deed::Draw);
                    script.push(deed);
                }
            }
            script
        };
        Self {
            scripts: vec![script(), script()],
            pinned: below(source, 4).saturating_sub(2) as u32,
            cast,
        }
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let mut smaller = Vec::new();
        for place in 0..self.cast.len() {
            let mut office = self.clone();
            office.cast.remove(place);
            smaller.push(office);
        }
        for script in 0..self.scripts.len() {
            for place in 0..self.scripts[script].len() {
                let mut office = self.clone();
                office.scripts[script].remove(place);
                smaller.push(office);
            }
        }
        Box::new(smaller.into_iter())
    }
}

impl Office {
    /// What of it is interchangeable.
    pub(crate) fn symmetry(&self) -> Symmetry {
        let clerks = self.cast.len();
        let owner: Owner = Arc::new(move |number| {
            let place = number.checked_sub(1)? as usize;
            (place < clerks).then_some((place, 0))
        });
        Symmetry::new()
            .knows::<Hall>()
            .knows::<Learned>()
            .family(
                TICKETS,
                Rule::Fresh {
                    pinned: self.pinned,
                },
            )
            .family(CLERKS, Rule::OfActor(owner))
    }
}
