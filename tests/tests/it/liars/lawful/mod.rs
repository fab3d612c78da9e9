//! Allocators that do it another way, and rightly. Each holds wherever it is tried.

pub(crate) mod accounts;
pub(crate) mod choices;
pub(crate) mod sections;

use std::fmt;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::Primitives;
use logon_core::{Allocator, Server};
use logon_models::stage::Subject;

use crate::liars::example::OutsideAllocator;

/// What a lawful allocator does another way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Kind {
    /// How it keeps its accounts.
    Accounts,
    /// What it chooses where it may choose.
    Choices,
    /// How it is cut into sections.
    Sections,
    /// The example of the core, whose permits are in a word.
    Example,
}

/// An allocator that is right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lawful {
    /// Its name, in snake case, unique.
    pub(crate) name: &'static str,
    /// What it does another way, in one sentence.
    pub(crate) way: &'static str,
    pub(crate) kind: Kind,
    /// Whether states that differ by an exchange may be merged; see `Subject::is_symmetric`.
    pub(crate) symmetric: bool,
    /// Up to how many clients its states are few enough to visit them all within a second or two.
    pub(crate) most_clients: usize,
}

impl fmt::Display for Lawful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}:{}", self.kind, self.name, self.way)
    }
}

impl Subject for Lawful {
    fn name(&self) -> &str {
        self.name
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        match self.kind {
            Kind::Accounts => accounts::build(self.name, server),
            Kind::Choices => choices::build(self.name, server),
            Kind::Sections => sections::build(self.name, server),
            Kind::Example => Arc::new(OutsideAllocator::<P, O>::around(server)),
        }
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric
    }
}

/// The example of the core.
const EXAMPLE: Lawful = Lawful {
    name: "outside_allocator",
    way: " The example: its permits are in a word.",
    kind: Kind::Example,
    symmetric: false,
    most_clients: 2,
};

/// Every lawful one.
pub(crate) fn all() -> Vec<Lawful> {
    [
        accounts::LAWFUL,
        choices::LAWFUL,
        sections::LAWFUL,
        &[EXAMPLE],
    ]
    .concat()
}

/// Declares the lawful allocators of one kind: what each does another way, whether alike clients are alike to it,
/// the objects it has besides the server, and the methods it overrides.
macro_rules! lawful {
    ($kind:ident; $(
        $(#[doc = $way:literal])+
        $lawful:ident symmetric $symmetric:literal $(up_to $most_clients:literal clients)?
        $(with { $($object:ident : $type:ty = $new:expr;)* })?
        { $($method:item)* }
    )*) => {
        $(crate::liars::liar::allocator! { $lawful { $($($object: $type = $new;)*)? } { $($method)* } })*

        /// The lawful allocators of this kind.
        pub(crate) const LAWFUL: &[crate::liars::lawful::Lawful] = &[$(
            crate::liars::lawful::Lawful {
                name: stringify!($lawful),
                way: concat!($($way),+),
                kind: crate::liars::lawful::Kind::$kind,
                symmetric: $symmetric,
                most_clients: [$($most_clients,)? usize::MAX][0],
            },
        )*];

        /// The lawful allocator of this name.
        pub(crate) fn build<P: Primitives, O: Observer>(
            name: &str,
            server: Server<O>,
        ) -> std::sync::Arc<dyn Allocator<P, O>> {
            match name {
                $(stringify!($lawful) => std::sync::Arc::new($lawful::This::<P, O>::around(server)),)*
                other => panic!("no lawful allocator of this kind is called {other}"),
            }
        }
    };
}
pub(crate) use lawful;
