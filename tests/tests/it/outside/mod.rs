//! Allocators from outside, of which the suite knows nothing, through the public interface alone: with objects and
//! results of their own, with words of every memory ordering, and checked in one call.

mod call;
mod example;
mod program;
mod readme;
mod sharded;
mod simulated;
mod types;
mod words;

pub(crate) use example::OutsideAllocator;

use std::sync::Arc;

use logon_core::primitives::Primitives;
use logon_core::{Allocator, Observer, Server, Variant};
use logon_models::stage::Subject;

/// Whoever is checked here. One type for all of them: each type of subject is compiled with every checker.
#[derive(Clone, Copy, Debug)]
enum Outside {
    Example,
    Hasty,
    Generous,
    StrongFlags,
    WeakFlags,
    MixedFlags,
    Plainly,
    PlainlyRelaxed,
    Tickets,
    Provided,
    Panicking,
    Hanging,
    Sharded,
    Forgetful,
    HastyPool,
    Turns,
    Puller,
    Variant(Variant),
}

impl Subject for Outside {
    fn name(&self) -> &str {
        match self {
            Outside::Example => "outside-allocator",
            Outside::Hasty => "hasty",
            Outside::Generous => "generous",
            Outside::StrongFlags => "strong-flags",
            Outside::WeakFlags => "weak-flags",
            Outside::MixedFlags => "mixed-flags",
            Outside::Plainly => "plainly",
            Outside::PlainlyRelaxed => "plainly-relaxed",
            Outside::Tickets => "tickets",
            Outside::Provided => "provided",
            Outside::Panicking => "panicking",
            Outside::Hanging => "hanging",
            Outside::Sharded => "sharded",
            Outside::Forgetful => "forgetful",
            Outside::HastyPool => "hasty-pool",
            Outside::Turns => "turns",
            Outside::Puller => "puller",
            Outside::Variant(variant) => variant.name(),
        }
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        use words::{Flags, Kind};
        match self {
            Outside::Example => Arc::new(OutsideAllocator::<P, O>::around(server)),
            Outside::Hasty => Arc::new(example::Hasty::<P, O>::around(server)),
            Outside::Generous => Arc::new(example::Generous::<P, O>::around(server)),
            Outside::StrongFlags => Arc::new(Flags::<P, O>::new(server, Kind::Strong)),
            Outside::WeakFlags => Arc::new(Flags::<P, O>::new(server, Kind::Weak)),
            Outside::MixedFlags => Arc::new(Flags::<P, O>::new(server, Kind::Mixed)),
            Outside::Plainly => Arc::new(words::Plainly::<P, O>::around(server)),
            Outside::PlainlyRelaxed => Arc::new(words::Plainly::<P, O>::relaxed(server)),
            Outside::Tickets => Arc::new(words::Tickets::<P, O>::around(server)),
            Outside::Provided => Arc::new(call::Provided::<P, O>::around(server)),
            Outside::Panicking => Arc::new(call::Panicking::<P, O>::around(server)),
            Outside::Hanging => Arc::new(call::Hanging::<P, O>::around(server)),
            Outside::Sharded => Arc::new(sharded::system::ShardedPool::<P, O>::around(server)),
            Outside::Forgetful => Arc::new(sharded::system::ForgetfulPool::<P, O>::around(server)),
            Outside::HastyPool => Arc::new(sharded::system::HastyPool::<P, O>::around(server)),
            Outside::Turns => Arc::new(simulated::Turns::<P, O>::around(server)),
            Outside::Puller => Arc::new(simulated::Puller::<P, O>::around(server)),
            Outside::Variant(variant) => variant.build(server),
        }
    }
}
