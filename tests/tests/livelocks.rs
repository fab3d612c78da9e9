//! Allocators that go round for ever, from outside: what is said of them, in every rendering and in a replay.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Ending, LogonId, Server, SessionManager};
use logon_models::checker::{Checker, Effort, exhaustive};
use logon_models::explain::{Diligence, explain};
use logon_models::outcome::{Finding, Verdict};
use logon_models::render;
use logon_models::replay::{On, replay};
use logon_models::scenario::Scenario;
use logon_models::stage::Subject;
use logon_models::trace::{Reach, Trace};

/// Declares allocators that override some methods of the fixed algorithm, and the subjects that build them.
macro_rules! livelocks {
    ($($name:ident { $($method:item)* })*) => {
        $(
            mod $name {
                use super::*;

                pub(super) struct Livelock<P: Primitives, O: Observer>(P::Monitor<Server<O>>);

                impl<P: Primitives, O: Observer> Allocator<P, O> for Livelock<P, O> {
                    fn around(server: Server<O>) -> Self {
                        Livelock(P::Monitor::new("server", server))
                    }

                    fn server(&self) -> &P::Monitor<Server<O>> {
                        &self.0
                    }

                    $($method)*
                }

                #[derive(Clone)]
                pub(super) struct Build;

                impl Subject for Build {
                    fn name(&self) -> &str {
                        stringify!($name)
                    }

                    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
                        Arc::new(Livelock::around(server))
                    }
                }
            }
        )*
    };
}

livelocks! {
    // Looks again and again whether there is work, and overlooks what there is.
    polls {
        fn serve(&self, _: &dyn SessionManager) {
            P::forever(|| match self.0.enter("look for work", |server| server.is_closing()) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            });
        }
    }
    // Two steps for each look.
    polls_in_two_steps {
        fn serve(&self, _: &dyn SessionManager) {
            P::forever(|| {
                self.0.enter("count the sessions", |_| ());
                match self.0.enter("count the logons", |server| server.is_closing()) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        }
    }
    // The client asks until it is told, and nobody tells it.
    asks_for_ever {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                match self.0.enter("ask for a session", |server| server.logons().get(&logon).is_none_or(|record| record.claim.is_some())) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
            self.0.update("take it", |server| server.heard(logon)).unwrap_or(Err(Ending::Gone))
        }

        fn serve(&self, _: &dyn SessionManager) {}
    }
    // Counts up to two and begins anew before it creates anything, unless nobody is in line when it begins.
    dithers {
        fn serve(&self, manager: &dyn SessionManager) {
            P::forever(|| {
                let in_line = self.0.enter("look at the line", |server| !server.queue().is_empty());
                if in_line {
                    self.0.enter("think it over", |_| ());
                    return match self.0.enter("think again", |server| server.is_closing()) {
                        true => ControlFlow::Break(()),
                        false => ControlFlow::Continue(()),
                    };
                }
                self.replenish(manager)
            });
        }
    }
}

const ALL: &[&str] = &["q245221", "q238186-default"];

fn explained<S: Subject>(subject: &S, scenario: &str) -> Trace {
    let scenario = Arc::new(Scenario::preset(scenario).expect("a preset"));
    let outcome = exhaustive(subject, &scenario, &Effort::default()).expect("no fault");
    let finding = outcome
        .finding
        .clone()
        .unwrap_or_else(|| panic!("{outcome:?}"));
    explain(
        subject,
        &scenario,
        &finding,
        Checker::Exhaustive,
        Diligence::default(),
    )
    .expect("no fault")
}

#[test]
fn look() {
    for scenario in ALL {
        for trace in [
            explained(&polls::Build, scenario),
            explained(&polls_in_two_steps::Build, scenario),
            explained(&asks_for_ever::Build, scenario),
            explained(&dithers::Build, scenario),
        ] {
            println!("{}", render::text(&trace, &render::TextOptions::default()));
        }
    }
    let trace = explained(&polls_in_two_steps::Build, "q245221");
    println!("{}", render::markdown_alone(&trace));
    println!("{}", render::perfetto(&trace));
}
