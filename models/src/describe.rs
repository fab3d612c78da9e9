//! Facts and violations in words.

use logon_core::observer::{Departure, Resetter};
use logon_core::{Claim, Ending, Fact, LogonId, SessionState};

use crate::judge::Violation;
use crate::stage::Cast;

/// A fact in words: a clause with a subject, no full stop.
pub fn fact(fact: &Fact, cast: &Cast) -> String {
    told(fact, cast, &|logon| cast.name_of(logon))
}

/// The same with short names, for tables.
pub fn fact_in_short(fact: &Fact, cast: &Cast) -> String {
    told(fact, cast, &|logon| cast.short_name_of(logon))
}

fn told(fact: &Fact, cast: &Cast, who: &dyn Fn(LogonId) -> String) -> String {
    match *fact {
        Fact::Arrived { logon } => format!("{} arrives", who(logon)),
        Fact::Admitted { logon } => format!("{} is admitted", who(logon)),
        Fact::Queued { logon } => format!("{} waits in line", who(logon)),
        Fact::Claimed { logon, claim } => format!("{} gets {claim}", who(logon)),
        Fact::Attaching { logon, claim } => format!("{} attaches to {claim}", who(logon)),
        Fact::Attached { logon, claim, name } => format!("{} sees {claim} as {name}", who(logon)),
        Fact::Arbitrated {
            logon,
            user,
            old: Some(old),
        } => {
            format!(
                "{}: {} has {old} to go back to",
                who(logon),
                cast.user_name(user)
            )
        }
        Fact::Arbitrated {
            logon,
            user,
            old: None,
        } => {
            format!(
                "{}: {} has no session to go back to",
                who(logon),
                cast.user_name(user)
            )
        }
        Fact::LoggedOn { logon, claim } => format!("{} is logged on to {claim}", who(logon)),
        Fact::Refused { logon, refusal } => format!("{}: {}", who(logon), Ending::Refused(refusal)),
        Fact::Abandoned { logon } => format!("{} has left", who(logon)),
        Fact::Left { logon, departure } => {
            let how = match departure {
                Departure::Disconnected => "disconnects",
                Departure::LoggedOff => "logs off",
                Departure::Reset => "is thrown out by a reset",
            };
            format!("{} {how}", who(logon))
        }
        Fact::Session { claim, from, to } => {
            let state = |state: Option<SessionState>| {
                state.map_or("-".to_owned(), |state| state.to_string())
            };
            format!("{claim}: {} → {}", state(from), state(to))
        }
        Fact::Loaded { claim } => format!("{claim} is ready"),
        Fact::Reset { by, aimed, hit } => {
            let by = match by {
                Resetter::Administrator => "an administrator",
                Resetter::Timer => "the disconnect time-out",
            };
            let aim = if aimed == hit {
                ""
            } else {
                ", aimed at an earlier one"
            };
            format!("{by} resets {hit}{aim}")
        }
        Fact::LogonsEnabled(true) => "logons are enabled".to_owned(),
        Fact::LogonsEnabled(false) => "logons are disabled".to_owned(),
        Fact::Logged { logon, event } => format!("event {} for {}", event.id(), who(logon)),
    }
}

/// What a fact may be about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    /// A logon.
    Logon(LogonId),
    /// A session.
    Session(Claim),
}

impl Topic {
    /// Its name in words.
    pub fn name(self, cast: &Cast) -> String {
        match self {
            Topic::Logon(logon) => cast.name_of(logon),
            Topic::Session(claim) => claim.to_string(),
        }
    }
}

/// What a fact is about.
pub fn topics(fact: &Fact) -> Vec<Topic> {
    match *fact {
        Fact::Arrived { logon }
        | Fact::Admitted { logon }
        | Fact::Queued { logon }
        | Fact::Refused { logon, .. }
        | Fact::Abandoned { logon }
        | Fact::Left { logon, .. }
        | Fact::Logged { logon, .. }
        | Fact::Arbitrated {
            logon, old: None, ..
        } => vec![Topic::Logon(logon)],
        Fact::Claimed { logon, claim }
        | Fact::Attaching { logon, claim }
        | Fact::Attached { logon, claim, .. }
        | Fact::LoggedOn { logon, claim }
        | Fact::Arbitrated {
            logon,
            old: Some(claim),
            ..
        } => vec![Topic::Logon(logon), Topic::Session(claim)],
        Fact::Session { claim, .. } | Fact::Loaded { claim } => vec![Topic::Session(claim)],
        Fact::Reset { hit, .. } => vec![Topic::Session(hit)],
        Fact::LogonsEnabled(_) => Vec::new(),
    }
}

/// A violation in one sentence, in the server's words: what happened to whom.
pub fn violation(violation: &Violation, cast: &Cast) -> String {
    let session = |claim: Claim| claim.to_string();
    let subject = match (violation.logon, violation.session) {
        (Some(logon), _) => cast.name_of(logon),
        (None, Some(claim)) => session(claim),
        (None, None) => "the server".to_owned(),
    };
    let about = match (violation.logon, violation.session) {
        (Some(_), Some(claim)) => format!(" ({})", session(claim)),
        _ => String::new(),
    };
    format!("{subject} {}{about}", violation.what)
}
