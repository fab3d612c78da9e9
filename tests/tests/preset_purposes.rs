//! What the presets that combine two things are for: each shows a wrong allocator to be wrong, and four of them one
//! that every other preset takes for right.

use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::server::{Arbitration, Demand};
use logon_core::{Allocator, Claim, Ending, Line, LogonId, Server, SessionState, UserId};
use logon_models::checker::{Effort, exhaustive};
use logon_models::outcome::Verdict;
use logon_models::scenario::{Scenario, presets};
use logon_models::stage::Subject;

/// Declares allocators that override some steps of the fixed algorithm, and the subjects that build them.
macro_rules! liars {
    ($($liar:ident { $($method:item)* })*) => {
        $(
            mod $liar {
                use super::*;

                pub(super) struct Liar<P: Primitives, O: Observer>(P::Monitor<Server<O>>);

                impl<P: Primitives, O: Observer> Allocator<P, O> for Liar<P, O> {
                    fn around(server: Server<O>) -> Self {
                        Liar(P::Monitor::new("server", server))
                    }

                    fn server(&self) -> &P::Monitor<Server<O>> {
                        &self.0
                    }

                    $($method)*
                }

                pub(super) struct Build;

                impl Subject for Build {
                    fn name(&self) -> &str {
                        stringify!($liar)
                    }

                    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
                        Arc::new(Liar::around(server))
                    }
                }
            }
        )*
    };
}

liars! {
    // Whoever logs off gives a permit back, also when a cut line has given it back before.
    releases_twice {
        fn log_off(&self, logon: LogonId) -> Result<(), Ending> {
            self.0.update("log off", |server| {
                let left = server.log_off(logon);
                if left.is_err() {
                    server.ledger_mut().release();
                }
                left
            })
        }
    }
    // How many sessions are under creation already is not asked.
    creates_for_each_worker {
        fn await_demand(&self) -> Demand {
            self.0.wait_for("begin creation", |server| {
                let wanted = server.settings().idle_pool as usize + server.queue().len();
                if server.idle().len() < wanted {
                    Some(Demand::Create(server.begin_creation()))
                } else {
                    server.is_closing().then_some(Demand::Stop)
                }
            })
        }
    }
    // Whoever cannot be authenticated goes, and nobody says why.
    goes_without_a_word {
        fn log_on(&self, logon: LogonId, user: Option<UserId>, line: &dyn Line) -> Result<Claim, Ending> {
            self.ask(logon, line, logon_core::Moment::AtPrompt)?;
            let Some(user) = user else {
                self.hang_up(logon);
                return Err(Ending::Gone);
            };
            match self.arbitrate(logon, user)? {
                Arbitration::Own(claim) => Ok(claim),
                Arbitration::Reconnect => self.swap(logon, user),
            }
        }
    }
    // The temporary session goes, and a permit with it.
    releases_on_return {
        fn swap(&self, logon: LogonId, user: UserId) -> Result<Claim, Ending> {
            self.0.update("swap", |server| {
                let claim = server.swap(logon, user);
                server.ledger_mut().release();
                claim
            })
        }
    }
    // Whoever logs on is taken for the user of the first disconnected session.
    takes_anybody_back {
        fn arbitrate(&self, logon: LogonId, user: UserId) -> Result<Arbitration, Ending> {
            self.0.update("arbitrate", |server| {
                let old = server.first_session(|session| session.state == SessionState::Disconnected);
                let owner = old.and_then(|old| server.find(old)).and_then(|session| session.user);
                server.arbitrate(logon, owner.unwrap_or(user))
            })
        }
    }
    // A broken line disconnects, whatever the setting says.
    always_disconnects {
        fn hang_up(&self, logon: LogonId) {
            self.0.update("hang up", |server| {
                let _ = server.disconnect(logon);
            });
        }
    }
}

/// What falls first in this preset.
fn falls<S: Subject>(liar: &S, preset: &str) -> Option<String> {
    let scenario = Arc::new(Scenario::preset(preset).expect("a preset"));
    let outcome = exhaustive(liar, &scenario, &Effort::default()).expect("a lie is no fault");
    assert_ne!(outcome.verdict, Verdict::Incomplete);
    outcome.finding.map(|finding| finding.property)
}

/// Only this preset shows it, and by one of these properties.
fn only<S: Subject>(liar: &S, preset: &str, properties: &[&str]) {
    let fell = falls(liar, preset);
    let fell = fell.unwrap_or_else(|| panic!("{} passes in {preset}", liar.name()));
    assert!(
        properties.contains(&fell.as_str()),
        "{}: {fell}",
        liar.name()
    );
    let elsewhere: Vec<&str> = presets()
        .iter()
        .map(|other| other.name())
        .filter(|other| *other != preset && falls(liar, other).is_some())
        .collect();
    assert_eq!(elsewhere, Vec::<&str>::new(), "{}", liar.name());
}

#[test]
fn a_permit_given_back_twice_shows_where_a_client_that_logs_off_is_cut_off() {
    only(&releases_twice::Build, "log-off-cut", &["conservation"]);
}

#[test]
fn sessions_created_by_two_for_one_client_show_with_two_workers() {
    only(
        &creates_for_each_worker::Build,
        "two-workers",
        &["bounded-creation"],
    );
}

#[test]
fn a_refusal_that_is_none_shows_with_a_wrong_password() {
    only(
        &goes_without_a_word::Build,
        "wrong-password",
        &["no-false-refusal", "one-outcome", "identity"],
    );
}

#[test]
fn a_permit_lost_on_the_way_back_shows_where_another_is_out() {
    let fell = falls(&releases_on_return::Build, "reconnect-with-room");
    assert_eq!(fell.as_deref(), Some("conservation"));
}

#[test]
fn a_session_given_to_another_user_shows_with_two_users() {
    let fell = falls(&takes_anybody_back::Build, "two-users");
    let fell = fell.as_deref();
    assert!(matches!(fell, Some("identity" | "reconnect")), "{fell:?}");
}

#[test]
fn a_session_that_stays_although_a_broken_line_ends_it_shows_where_it_is_to() {
    only(
        &always_disconnects::Build,
        "broken-line-resets",
        &["identity"],
    );
}
