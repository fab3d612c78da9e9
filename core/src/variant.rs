//! The variants by name: the fixed algorithm and every defect.

use std::fmt;
use std::sync::Arc;

use crate::allocator::{Allocator, Fixed};
use crate::defects;
use crate::observer::Observer;
use crate::primitives::Primitives;
use crate::server::Server;
use crate::store::Store;

/// Declares the variants: name, number in the catalogue, type, and one sentence.
macro_rules! variants {
    ($($variant:ident $number:literal $name:literal $type:path, $sentence:literal;)*) => {
        /// A variant of the allocator.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Variant {
            $(#[doc = $sentence] $variant,)*
        }

        impl Variant {
            /// Every variant, the fixed one first.
            pub const ALL: &'static [Variant] = &[$(Variant::$variant,)*];

            /// Its name, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $(Variant::$variant => $name,)* }
            }

            /// Its number in the catalogue of defects.
            pub fn number(self) -> &'static str {
                match self { $(Variant::$variant => $number,)* }
            }

            /// What it does, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Variant::$variant => $sentence,)* }
            }

            /// An allocator of this variant around `server`.
            pub fn build<P: Primitives, O: Observer>(self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
                self.build_in(server)
            }

            /// An allocator of this variant around `server`, whose records are kept in the containers of `S`.
            pub fn build_in<P, O, S>(self, server: Server<O, S>) -> Arc<dyn Allocator<P, O, S>>
            where
                P: Primitives,
                O: Observer,
                S: Store,
            {
                match self {
                    $(Variant::$variant => Arc::new(<$type>::around(server)),)*
                }
            }
        }
    };
}

variants! {
    Fixed "-" "fixed" Fixed<P, O, S>, "The fixed algorithm.";
    EmptyPoolRefuses "V1" "empty-pool-refuses" defects::EmptyPoolRefuses<P, O, S>,
        "An empty idle list means refusal.";
    SetupStampede "V2" "setup-stampede" defects::SetupStampede<P, O, S>,
        "As many sessions are set up at a time as are wanted, and they share the processors.";
    NameCollision "V3" "name-collision" defects::NameCollision<P, O, S>,
        "A name is chosen in one section and used in the next.";
    DuplicateName "V3b" "duplicate-name" defects::DuplicateName<P, O, S>,
        "A name is chosen in one section and used unseen in the next.";
    TwoClaimants "V4" "two-claimants" defects::TwoClaimants<P, O, S>,
        "An idle session is seen in one section and taken in the next; the loser is dropped.";
    TwoOwners "V4b" "two-owners" defects::TwoOwners<P, O, S>,
        "An idle session is seen in one section and taken unseen in the next.";
    CountThenReread "V5a" "count-then-reread" defects::CountThenReread<P, O, S>,
        "A logon counts itself in, reads the count again, and backs out.";
    LostUpdate "V5b" "lost-update" defects::LostUpdate<P, O, S>,
        "The count of connections is read in one section and written back in the next.";
    CoalescedReplenish "V6" "coalesced-replenish" defects::CoalescedReplenish<P, O, S>,
        "Demand is signaled by an event that remembers only one.";
    LostWakeup "V7" "lost-wakeup" defects::LostWakeup<P, O, S>,
        "A logon looks for its session in one section and falls asleep in the next.";
    StolenHandoff "V8" "stolen-handoff" defects::StolenHandoff<P, O, S>,
        "A new session goes to whoever takes it first.";
    HangupLeak "V9a" "hangup-leak" defects::HangupLeak<P, O, S>,
        "A client that leaves takes its permit and its session with it.";
    SwallowedWake "V9b" "swallowed-wake" defects::SwallowedWake<P, O, S>,
        "Hanging up wakes nobody: neither who left, nor whoever its session goes to.";
    PublishBeforeInit "V10" "publish-before-init" defects::PublishBeforeInit<P, O, S>,
        "A session is handed out before it has finished initializing.";
    RelaxedPublication "V10r" "relaxed-publication" defects::RelaxedPublication<P, O, S>,
        "A session is announced by a relaxed store.";
    ReconnectVsReset "V11a" "reconnect-vs-reset" defects::ReconnectVsReset<P, O, S>,
        "A logon gives up its own session before it has the old one.";
    StaleReset "V11b" "stale-reset" defects::StaleReset<P, O, S>,
        "A reset is aimed at an id, and ids are reused.";
    LockOrder "V12a" "lock-order" defects::LockOrder<P, O, S>,
        "Two locks are taken in opposite orders.";
    WorkerSelfDeadlock "V12b" "worker-self-deadlock" defects::WorkerSelfDeadlock<P, O, S>,
        "Who waits for the workers occupies one.";
    StuckDown "V13" "stuck-down" defects::StuckDown<P, O, S>,
        "A session that failed to initialize stays down for ever.";
}

impl Variant {
    /// The variant of this name.
    pub fn named(name: &str) -> Option<Variant> {
        Variant::ALL
            .iter()
            .copied()
            .find(|variant| variant.name() == name)
    }

    /// Whether this is a defect.
    pub fn is_defect(self) -> bool {
        self != Variant::Fixed
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
