//! What a step changed, in as few words as tell it: facts that follow from others are left out.

use logon_core::{Claim, Ending, Fact, LogonId, SessionState};

use crate::describe;
use crate::stage::Cast;

/// The gist of the facts of one step: clauses with a subject, no full stop.
pub(crate) fn gist(facts: &[Fact], cast: &Cast) -> Vec<String> {
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
