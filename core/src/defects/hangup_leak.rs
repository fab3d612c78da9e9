//! V9a `hangup-leak`: a client that leaves takes its permit and its session with it.
//!
//! **Mechanism.** Hanging up before the logon is complete only marks the logon as over. Its permit stays taken,
//! its place in line stays filled, its session stays connected to nobody.
//!
//! **Evidence.** Documented as a symptom: a connection that breaks before it was transferred internally leaves
//! a session nobody can connect to until an administrator resets it (KB Q219540). Present-day forms: bb8,
//! issues 59 and 67; sqlx, issue 83.
//!
//! **Smallest scenario.** One client whose line is cut.

use super::prelude::*;

/// The allocator with this defect.
pub struct HangupLeak<P: Primitives, O: Observer, S: Store = Standard> {
    server: P::Monitor<Server<O, S>>,
}

impl<P: Primitives, O: Observer, S: Store> Allocator<P, O, S> for HangupLeak<P, O, S> {
    only_the_server!();

    fn hang_up(&self, logon: LogonId) {
        self.server()
            .update("mark as gone", |server| match server.living(logon) {
                Ok(LogonPhase::LoggedOn) => server.hang_up(logon),
                Ok(_) => forget(server, logon),
                Err(_) => {}
            });
    }
}

/// Ends an unfinished logon and takes nothing back.
fn forget<O: Observer, S: Store>(server: &mut Server<O, S>, logon: LogonId) {
    server.logons.remove(&logon);
    server.tell(Fact::Abandoned { logon });
}
