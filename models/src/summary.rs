//! What a step changed, in as few words as tell it: facts that follow from others are left out.

use logon_core::{Claim, Ending, Fact, LogonId, SessionState};

use crate::describe;
use crate::stage::Cast;

/// The summary of the facts of one step: clauses with a subject, no full stop.
pub(crate) fn summary(facts: &[Fact], cast: &Cast) -> Vec<String> {
    let step = Step { facts, cast };
    let mut clauses: Vec<String> = facts.iter().filter_map(|fact| step.clause(fact)).collect();
    for claim in step.changed() {
        if !step.tells_of(claim) {
            clauses.push(step.change(claim));
        }
    }
    clauses
}

struct Step<'a> {
    facts: &'a [Fact],
    cast: &'a Cast,
}

impl Step<'_> {
    fn has(&self, wanted: impl Fn(&Fact) -> bool) -> bool {
        self.facts.iter().any(wanted)
    }

    /// A fact in words, unless it goes without saying. Changes of sessions are told apart.
    fn clause(&self, fact: &Fact) -> Option<String> {
        let words = || Some(describe::fact_in_short(fact, self.cast));
        match *fact {
            Fact::Arrived { logon: new } => {
                let goes_on = self.has(|other| {
                    matches!(*other,
                        Fact::Admitted { logon } | Fact::Refused { logon, .. } if logon == new)
                });
                (!goes_on).then(words)?
            }
            Fact::Attaching { logon: of, .. } => {
                let comes_of_it = self.has(|other| {
                    matches!(*other,
                        Fact::Attached { logon, .. } | Fact::Refused { logon, .. } if logon == of)
                });
                (!comes_of_it).then(words)?
            }
            Fact::Arbitrated {
                logon: of,
                old: None,
                ..
            } => {
                let goes_on =
                    self.has(|other| matches!(*other, Fact::LoggedOn { logon, .. } if logon == of));
                (!goes_on).then(words)?
            }
            Fact::Refused { logon, refusal } => {
                let why = Ending::Refused(refusal).to_string();
                let why = why.strip_prefix("refused: ").unwrap_or(&why);
                Some(match self.event(logon) {
                    Some(event) if why.starts_with("dropped") => {
                        format!("{}: {why} (event {event})", self.cast.short_name_of(logon))
                    }
                    Some(event) => {
                        format!(
                            "{}: refused (event {event})",
                            self.cast.short_name_of(logon)
                        )
                    }
                    None => format!("{}: refused, {why}", self.cast.short_name_of(logon)),
                })
            }
            Fact::Logged { logon: of, .. } => {
                let is_told =
                    self.has(|other| matches!(*other, Fact::Refused { logon, .. } if logon == of));
                (!is_told).then(words)?
            }
            Fact::Loaded { claim: ready } => {
                let moves = self
                    .has(|other| matches!(*other, Fact::Session { claim, .. } if claim == ready));
                (!moves).then(words)?
            }
            Fact::Session { .. } => None,
            _ => words(),
        }
    }

    fn event(&self, of: LogonId) -> Option<u32> {
        self.facts.iter().find_map(|fact| match *fact {
            Fact::Logged { logon, event } if logon == of => Some(u32::from(event.id())),
            _ => None,
        })
    }

    /// The sessions whose state changed.
    fn changed(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
        for fact in self.facts {
            if let Fact::Session { claim, .. } = *fact
                && !claims.contains(&claim)
            {
                claims.push(claim);
            }
        }
        claims
    }

    /// Whether another clause tells what became of a session.
    fn tells_of(&self, of: Claim) -> bool {
        self.has(|fact| match *fact {
            Fact::Claimed { claim, .. }
            | Fact::Attached { claim, .. }
            | Fact::LoggedOn { claim, .. } => claim == of,
            Fact::Reset { hit, .. } => hit == of,
            _ => false,
        })
    }

    /// The state of a session before the step, and after it.
    fn change(&self, of: Claim) -> String {
        let states = self.facts.iter().filter_map(|fact| match *fact {
            Fact::Session { claim, from, to } if claim == of => Some((from, to)),
            _ => None,
        });
        let states: Vec<(Option<SessionState>, Option<SessionState>)> = states.collect();
        let (from, to) = match (states.first(), states.last()) {
            (Some(&(from, _)), Some(&(_, to))) => (from, to),
            _ => (None, None),
        };
        describe::fact_in_short(
            &Fact::Session {
                claim: of,
                from,
                to,
            },
            self.cast,
        )
    }
}

#[cfg(test)]
mod tests {
    use logon_core::{DropReason, Event, Generation, Refusal, SessionId, StationName, UserId};

    use super::*;
    use crate::scenario::Scenario;

    const ALICE: LogonId = LogonId(0);
    const BOB: LogonId = LogonId(1);
    const IDLE: Option<SessionState> = Some(SessionState::Idle);
    const CONNECT_QUERY: Option<SessionState> = Some(SessionState::ConnectQuery);
    const CONNECTED: Option<SessionState> = Some(SessionState::Connected);

    fn session(number: u32) -> Claim {
        Claim {
            session: SessionId(number),
            generation: Generation(number),
        }
    }

    fn moves(claim: Claim, from: Option<SessionState>, to: Option<SessionState>) -> Fact {
        Fact::Session { claim, from, to }
    }

    #[track_caller]
    fn is_told(facts: &[Fact], expected: &[&str]) {
        let document = "name = \"two\"\nsummary = \"s\"\nsource = \"reconstruction\"\n\
                        [[client]]\nname = \"alice\"\n[[client]]\nname = \"bob\"\n";
        let scenario = Scenario::parse(document, "a test").expect("it is a scenario");
        assert_eq!(summary(facts, &Cast::of(&scenario)), expected);
    }

    #[test]
    fn whoever_is_admitted_or_refused_has_arrived() {
        let arrived = Fact::Arrived { logon: ALICE };
        is_told(&[arrived], &["alice arrives"]);
        is_told(
            &[arrived, Fact::Admitted { logon: ALICE }],
            &["alice is admitted"],
        );
        let refusal = Refusal::LogonsDisabled;
        let refused = Fact::Refused {
            logon: ALICE,
            refusal,
        };
        is_told(
            &[arrived, refused],
            &["alice: refused, logons are disabled"],
        );
        // What happens to somebody else does not say so.
        is_told(
            &[arrived, Fact::Admitted { logon: BOB }],
            &["alice arrives", "bob is admitted"],
        );
    }

    #[test]
    fn whoever_sees_a_session_has_attached_and_its_state_says_nothing_new() {
        let (logon, claim) = (ALICE, session(2));
        let attaching = Fact::Attaching { logon, claim };
        let name = StationName(1);
        let attached = Fact::Attached { logon, claim, name };
        is_told(&[attaching], &["alice attaches to session 2"]);
        is_told(
            &[attaching, moves(claim, CONNECT_QUERY, CONNECTED), attached],
            &["alice sees session 2 as rdp-tcp#1"],
        );
        is_told(
            &[attached, moves(session(3), None, Some(SessionState::Init))],
            &["alice sees session 2 as rdp-tcp#1", "session 3: - → Init"],
        );
    }

    #[test]
    fn whoever_is_logged_on_had_no_session_to_go_back_to_unless_it_is_told() {
        let arbitrated = |old| Fact::Arbitrated {
            logon: ALICE,
            user: UserId(0),
            old,
        };
        let logged_on = Fact::LoggedOn {
            logon: ALICE,
            claim: session(2),
        };
        is_told(
            &[arbitrated(None)],
            &["alice: alice has no session to go back to"],
        );
        is_told(
            &[arbitrated(None), logged_on],
            &["alice is logged on to session 2"],
        );
        is_told(
            &[arbitrated(Some(session(2))), logged_on],
            &[
                "alice: alice has session 2 to go back to",
                "alice is logged on to session 2",
            ],
        );
    }

    #[test]
    fn a_refusal_names_its_event_and_a_dropped_logon_its_reason_as_well() {
        let refused = |refusal| Fact::Refused {
            logon: ALICE,
            refusal,
        };
        let logged = |logon, event| Fact::Logged { logon, event };
        let exceeded = Event::MaximumConnectionsExceeded;
        is_told(
            &[refused(Refusal::MaxConnections), logged(ALICE, exceeded)],
            &["alice: refused (event 71)"],
        );
        is_told(
            &[
                refused(Refusal::Dropped(DropReason::Busy)),
                logged(ALICE, Event::LogonDropped),
            ],
            &["alice: dropped, session busy (event 22)"],
        );
        // An event that belongs to no refusal of this step is told.
        is_told(
            &[refused(Refusal::MaxConnections), logged(BOB, exceeded)],
            &[
                "alice: refused, the maximum connection count was exceeded",
                "event 71 for bob",
            ],
        );
    }

    #[test]
    fn a_session_that_is_claimed_or_reset_is_not_told_to_move() {
        let claim = session(2);
        let claimed = Fact::Claimed {
            logon: ALICE,
            claim,
        };
        is_told(
            &[moves(claim, IDLE, CONNECT_QUERY), claimed],
            &["alice gets session 2"],
        );
        let reset = Fact::Reset {
            by: logon_core::observer::Resetter::Timer,
            aimed: claim,
            hit: claim,
        };
        is_told(
            &[reset, moves(claim, CONNECTED, Some(SessionState::Reset))],
            &["the disconnect time-out resets session 2"],
        );
    }

    #[test]
    fn a_session_that_moves_twice_is_told_from_where_to_where_and_last() {
        let claim = session(2);
        is_told(
            &[
                Fact::Loaded { claim },
                moves(claim, Some(SessionState::Init), IDLE),
                moves(claim, IDLE, CONNECT_QUERY),
                Fact::Abandoned { logon: BOB },
            ],
            &["bob has left", "session 2: Init → ConnectQuery"],
        );
        is_told(&[Fact::Loaded { claim }], &["session 2 is ready"]);
    }
}
