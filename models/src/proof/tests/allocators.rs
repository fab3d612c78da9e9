//! Wrong allocators that no mutant of a single place is: what they do takes a step of its own.

use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::store::{Queue, Store};
use logon_core::{Allocator, Claim, Ending, LogonId, Server, Settings};

use crate::proof::Configuration;
use crate::proof::parties::{Shared, SymbolicServer, Told};
use crate::proof::prove::prove;
use crate::proof::symbolic::Symbolic;

/// Declares an allocator that overrides a step of the fixed algorithm.
macro_rules! allocator {
    ($name:ident { $($method:item)* }) => {
        struct $name<P: Primitives, O: Observer, S: Store>(P::Monitor<Server<O, S>>);

        impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for $name<P, O, S> {
            fn around(server: Server<O, S>) -> Self {
                $name(P::Monitor::new("server", server))
            }

            fn server(&self) -> &P::Monitor<Server<O, S>> {
                &self.0
            }

            $($method)*
        }
    };
}

// Sees whose turn it is, takes a session, and deletes it if it is the one that it saw.
allocator!(DeletesWhatItSaw {
    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        let seen = self.0.enter("look at the idle head", |server| server.idle().front().copied());
        let claim = self.0.update("claim or queue", |server| server.claim_or_queue(logon))?;
        self.0.update("tidy up", |server| {
            let is_its_own = |claim: &Claim| server.find(*claim).is_some_and(|session| session.holder == Some(logon));
            if let Some(seen) = seen.filter(is_its_own) {
                server.reset(seen);
            }
        });
        Ok(claim)
    }
});

// Says to the observer that the section is over, after a lie.
allocator!(HushesTheObserver {
    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<Claim>, Ending> {
        self.0.update("claim or queue", |server| {
            let claim = server.claim_or_queue(logon);
            server.after_section();
            claim
        })
    }
});

fn of<A: Allocator<crate::proof::fed::Fed, Told, Symbolic> + 'static>() -> Shared {
    let settings = Settings {
        idle_pool: 0.into(),
        max_connections: None,
        creation_workers: 1.into(),
        reuse_ids: false,
        on_broken_line: Configuration::ALL[0].on_broken_line,
        logons_enabled: true,
    };
    Arc::new(A::around(SymbolicServer::kept_in(
        settings,
        Told::default(),
    )))
}

fn said(allocator: &Shared) -> Vec<(&'static str, String)> {
    let proof = prove(allocator, Configuration::ALL[0]).expect("it can be followed");
    let unproved = proof.unproved.into_iter();
    unproved
        .map(|unproved| (unproved.property, unproved.what))
        .collect()
}

#[test]
fn a_session_that_was_seen_may_have_become_ones_own() {
    let said = said(&of::<DeletesWhatItSaw<_, _, _>>());
    assert!(
        said.iter().any(|(property, _)| *property == "S6"),
        "{said:?}"
    );
}

#[test]
fn no_section_says_of_itself_that_it_is_over() {
    let said = said(&of::<HushesTheObserver<_, _, _>>());
    let expected = "a section changes what the server keeps besides its records";
    assert!(said.iter().any(|(_, what)| what == expected), "{said:?}");
}
