//! What a liar is, how it is declared, and the subject that builds it.

use std::fmt;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::Primitives;
use logon_core::{Allocator, Server};
use logon_models::judge::Property;
use logon_models::stage::Subject;

/// What an allocator lies about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Group {
    /// Somebody asked for something, and it is not done, or something else is.
    Demands,
    /// Somebody comes to an end, and nobody asked for it.
    Causes,
    /// Who somebody is, and at whom something is aimed.
    Identity,
    /// Why somebody is not served.
    Excuses,
    /// Permits, sessions, ids and names that are lost, counted twice or made up.
    Accounting,
    /// Whose turn it is.
    Order,
    /// That somebody will be served at last.
    Liveness,
    /// What a call answers.
    Answers,
    /// How a session comes to be, and to whom it goes.
    Handoff,
    /// How a user comes back.
    Reconnect,
}

/// Since when it is found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Since {
    /// It was found when this suite was begun.
    Before,
    /// It held in every preset there was then, by a search of all states, and is found since.
    Now,
}

/// Where it falls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Falls {
    /// In this preset; the first property that falls is one of these.
    In(&'static str, &'static [Property]),
    /// Nowhere, and this is why.
    Nowhere(&'static str),
}

/// An allocator that is wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Liar {
    /// Its name, in snake case, unique.
    pub(crate) name: &'static str,
    /// What it does wrong, in one sentence.
    pub(crate) lie: &'static str,
    pub(crate) group: Group,
    pub(crate) falls: Falls,
    pub(crate) since: Since,
}

impl fmt::Display for Liar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = match self.since {
            Since::Before => "found from the beginning",
            Since::Now => "held everywhere at first",
        };
        write!(f, "{:?}: {} ({since}):{}", self.group, self.name, self.lie)
    }
}

impl Subject for Liar {
    fn name(&self) -> &str {
        self.name
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        crate::liars::lies::build(self.name, server)
    }
}

/// One allocator that has the server's monitor and the objects named, and overrides these methods.
macro_rules! allocator {
    ($name:ident { $($object:ident : $type:ty = $new:expr;)* } { $($method:item)* }) => {
        pub(super) mod $name {
            use super::*;

            pub(super) struct This<P: Primitives, O: Observer> {
                server: P::Monitor<Server<O>>,
                $($object: $type,)*
            }

            impl<P: Primitives, O: Observer> Allocator<P, O> for This<P, O> {
                fn around(server: Server<O>) -> Self {
                    This {
                        server: P::Monitor::new("server", server),
                        $($object: $new,)*
                    }
                }

                fn server(&self) -> &P::Monitor<Server<O>> {
                    &self.server
                }

                $($method)*
            }
        }
    };
}
pub(crate) use allocator;

/// Declares the liars of one group: what each does wrong, where it falls and by which properties, since when that
/// is found, the objects it has besides the server, and the methods it overrides.
macro_rules! liars {
    ($group:ident; $(
        $(#[doc = $lie:literal])+
        $liar:ident $where:ident ($($place:tt)+) $since:ident
        $(with { $($object:ident : $type:ty = $new:expr;)* })?
        { $($method:item)* }
    )*) => {
        $(crate::liars::liar::allocator! { $liar { $($($object: $type = $new;)*)? } { $($method)* } })*

        /// The liars of this group.
        pub(crate) const LIARS: &[crate::liars::liar::Liar] = &[$(
            crate::liars::liar::Liar {
                name: stringify!($liar),
                lie: concat!($($lie),+),
                group: crate::liars::liar::Group::$group,
                falls: crate::liars::liar::falls!($where $($place)+),
                since: crate::liars::liar::Since::$since,
            },
        )*];

        /// The allocator of the liar of this name.
        pub(crate) fn build<P: Primitives, O: Observer>(
            name: &str,
            server: Server<O>,
        ) -> std::sync::Arc<dyn Allocator<P, O>> {
            match name {
                $(stringify!($liar) => std::sync::Arc::new($liar::This::<P, O>::around(server)),)*
                other => panic!("no liar of this group is called {other}"),
            }
        }
    };
}
pub(crate) use liars;

/// Where a liar falls.
macro_rules! falls {
    (falls $place:literal $($property:ident)+) => {
        crate::liars::liar::Falls::In($place, &[$(logon_models::judge::Property::$property),+])
    };
    (nowhere $why:literal) => { crate::liars::liar::Falls::Nowhere($why) };
}
pub(crate) use falls;

/// What each allocator may need.
pub(crate) mod prelude {
    pub(crate) use std::ops::ControlFlow;

    pub(crate) use logon_core::ids::FIRST_SESSION;
    pub(crate) use logon_core::observer::{Departure, Resetter};
    pub(crate) use logon_core::primitives::{Monitor, Primitives};
    pub(crate) use logon_core::server::{Arbitration, Demand, LogonPhase, Session, Stock};
    pub(crate) use logon_core::{
        Allocator, Claim, DropReason, Ending, Event, Fact, Generation, Licenses, Line, LogonId,
        Moment, Observer, Refusal, Server, SessionId, SessionManager, SessionState, StationName,
        UserId,
    };

    pub(crate) use crate::liars::parts::*;
}
