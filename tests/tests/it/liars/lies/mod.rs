//! The liars, one file a subject.

use logon_core::primitives::Primitives;
use logon_core::{Allocator, Observer, Server};

use crate::liars::liar::Liar;

macro_rules! files {
    ($($file:ident)*) => {
        $(mod $file;)*

        /// Every liar.
        pub(crate) fn all() -> Vec<Liar> {
            [$($file::LIARS),*].concat()
        }

        /// The allocator of the liar of this name.
        pub(crate) fn build<P: Primitives, O: Observer>(
            name: &str,
            server: Server<O>,
        ) -> std::sync::Arc<dyn Allocator<P, O>> {
            $(
                if $file::LIARS.iter().any(|liar| liar.name == name) {
                    return $file::build(name, server);
                }
            )*
            panic!("no liar is called {name}")
        }
    };
}

files! {
    hang_ups resets switches departures
    causes causes_told
    identity
    excuses
    permits sessions words
    order
    liveness
    answers
    handoff
    reconnect
}
