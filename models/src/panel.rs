//! The parts of a server's state in words, and what its sections returned: for the panel beside the steps of a trace.

use std::any::Any;

use logon_core::ids::FIRST_SESSION;
use logon_core::server::{LogonPhase, Session};
use logon_core::{Claim, LogonId, Server, StationName, UserId};
use logon_sim::trace::{Part, parts_of};
use logon_sim::{Objects, Value};

use crate::scenario::Span;
use crate::stage::{Cast, Clock, Pausing, Witness, result_as, result_text};

/// The part that says what time it is, where things take time.
pub(crate) const TIME: &str = "time";

/// What there is none of.
const NONE: &str = "-";

/// The parts of everything that is shared: of the server its permits, pool, line, sessions and logons; of any other
/// object what it prints.
pub(crate) fn parts(objects: &Objects, cast: &Cast) -> Vec<Part> {
    let parts = objects.iter().map(|(name, value)| {
        let server: &dyn Any = value;
        match (
            server.downcast_ref::<Server<Witness>>(),
            server.downcast_ref::<Clock>(),
        ) {
            (Some(server), _) => of_server(server, cast),
            (_, Some(clock)) => of_clock(clock, cast),
            _ => parts_of(name, &in_short(&format!("{value:#?}"))),
        }
    });
    parts.flatten().collect()
}

/// What a section returned, as a predicate, unless that says nothing.
pub(crate) fn returned(result: &dyn Value, cast: &Cast) -> Option<String> {
    if let Some(&logon) = result_as::<LogonId>(result) {
        return Some(format!("{} gives up", cast.name_of(logon)));
    }
    if let Some((claim, _)) = result_as::<(Claim, UserId)>(result) {
        return Some(format!("{claim} has been disconnected for long enough"));
    }
    if result_as::<Vec<(Claim, UserId, bool)>>(result).is_some() {
        // The sessions say themselves whether they are disconnected.
        return None;
    }
    if result_as::<u64>(result).is_some() {
        // What time it is by now is told.
        return None;
    }
    if let Some(claim) = result_as::<Option<Claim>>(result) {
        return Some(match claim {
            Some(claim) => format!("sees {claim}"),
            None => "sees no session".to_owned(),
        });
    }
    if let Some(number) = result_as::<u32>(result) {
        return Some(format!("sees {number}"));
    }
    if let Some(name) = result_as::<StationName>(result) {
        return Some(format!("sees {name}"));
    }
    let text = in_short(&result_text(result));
    match text.as_str() {
        "()" | "Ok(())" => None,
        "None" => Some("sees nothing".to_owned()),
        _ => Some(format!("returns {text}")),
    }
}

fn of_clock(clock: &Clock, cast: &Cast) -> Vec<Part> {
    let list = |entries: Vec<String>| match entries.is_empty() {
        true => NONE.to_owned(),
        false => entries.join(", "),
    };
    let set_ups = clock.set_ups();
    let set_ups = set_ups.map(|(claim, left)| format!("{claim}: {} to run", Span(left)));
    let patience = clock.patience();
    let patience =
        patience.map(|(logon, until)| format!("{} until {}", cast.name_of(logon), Span(until)));
    let pauses = clock.pauses().map(|(who, until)| {
        let who = match who {
            Pausing::Client(logon) => cast.name_of(logon),
            Pausing::Worker(claim) => format!("the worker of {claim}"),
        };
        format!("{who} until {}", Span(until))
    });
    let time_outs = clock.time_outs();
    let time_outs = time_outs.map(|(claim, at)| format!("{claim} at {}", Span(at)));
    let mut parts = vec![
        Part::new(TIME, Span(clock.now).to_string()),
        Part::new("set-ups", list(set_ups.collect())),
        Part::new("patience", list(patience.collect())),
    ];
    // Most scenarios have none of these.
    let others = [
        ("pauses", pauses.collect()),
        ("time-outs", time_outs.collect()),
    ];
    for (name, entries) in others {
        let entries: Vec<String> = entries;
        if !entries.is_empty() {
            parts.push(Part::new(name, list(entries)));
        }
    }
    parts
}

fn of_server(server: &Server<Witness>, cast: &Cast) -> Vec<Part> {
    let ledger = server.ledger();
    let permits = match ledger.maximum() {
        Some(maximum) => format!("{} of {maximum}", ledger.in_use()),
        None => format!("{}, no maximum", ledger.in_use()),
    };
    let idle = server.idle().iter().map(|id| id.to_string());
    let line = server.queue().iter().map(|&logon| cast.name_of(logon));
    let mut parts = vec![
        Part::new("permits in use", permits),
        Part::new("idle list", listed(idle)),
        Part::new("waiting line", listed(line)),
    ];
    if !server.logons_enabled() {
        parts.push(Part::new("logons", "disabled"));
    }
    for (id, session) in server.sessions() {
        if *id >= FIRST_SESSION {
            parts.push(Part::new(id.to_string(), of_session(session, cast)));
        }
    }
    for (&logon, record) in server.logons() {
        let held = record.claim.map(|claim| format!(", {claim}"));
        let old = record.old.map(|old| format!(", back to {old}"));
        let phase = of_phase(&record.phase);
        parts.push(Part::new(
            format!("logon of {}", cast.name_of(logon)),
            format!(
                "{phase}{}{}",
                held.unwrap_or_default(),
                old.unwrap_or_default()
            ),
        ));
    }
    parts
}

fn of_session(session: &Session, cast: &Cast) -> String {
    let mut words = session.state.to_string();
    if !session.loaded {
        words += ", not ready";
    }
    if let Some(name) = session.name {
        words += &format!(", {name}");
    }
    if let Some(user) = session.user {
        words += &format!(", user {}", cast.user_name(user));
    }
    if let Some(holder) = session.holder {
        words += &format!(", held by {}", cast.name_of(holder));
    }
    words
}

fn of_phase(phase: &LogonPhase) -> &'static str {
    match phase {
        LogonPhase::Admitted => "admitted",
        LogonPhase::Queued => "in line",
        LogonPhase::RefusedInLine(_) => "refused in line",
        LogonPhase::Claimed => "has a session",
        LogonPhase::AtPrompt => "at the prompt",
        LogonPhase::Swapping => "swapping",
        LogonPhase::LoggedOn => "logged on",
    }
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.is_empty() {
        true => NONE.to_owned(),
        false => names.join(", "),
    }
}

/// What `Debug` prints, with identifiers as everybody else calls them.
fn in_short(text: &str) -> String {
    let mut short = text.to_owned();
    for name in [
        "SessionId",
        "Generation",
        "LogonId",
        "UserId",
        "StationName",
    ] {
        short = short.replace(name, "");
    }
    short
}
