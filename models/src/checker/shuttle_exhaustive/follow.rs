//! One execution: along a path, perhaps one step further, and what its actors learn on the way.

use std::sync::Arc;

use logon_sim::{
    Fault, FaultKind, HostedStates, Operation, OperationKind, Standing, StateId, Value,
};

use crate::backend::{Published, Whereabouts};

/// An execution under way.
pub(super) struct Follow {
    path: Vec<usize>,
    /// Who takes one step more.
    further: Option<usize>,
    taken: usize,
    mover: Option<usize>,
    watched: Option<Watched>,
    standings: Vec<Standing>,
}

/// The step further, which is looked at closely: what is done, and what its object held before.
struct Watched {
    pending: Operation,
    before: Arc<dyn Value>,
}

impl Follow {
    /// Along `path`, given by the places of actors, and then the step of `further`.
    pub(super) fn new(path: Vec<usize>, further: Option<usize>) -> Self {
        Self {
            path,
            further,
            taken: 0,
            mover: None,
            watched: None,
            standings: Vec::new(),
        }
    }

    /// Where the actors stand, since it last [settled](Follow::settle).
    pub(super) fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// The path with the step further.
    pub(super) fn whole_path(&self) -> Vec<usize> {
        self.path.iter().copied().chain(self.further).collect()
    }

    /// Whether it has come to the end of the path.
    pub(super) fn is_at_path_end(&self) -> bool {
        self.taken == self.path.len()
    }

    /// Who takes the next step; `None` at the end.
    pub(super) fn advance(
        &mut self,
        published: &Published,
        states: &HostedStates,
    ) -> Result<Option<usize>, Box<Fault>> {
        let place = match self.path.get(self.taken) {
            Some(&place) => Some(place),
            None => self.further.filter(|_| self.is_at_path_end()),
        };
        let Some(place) = place else {
            return Ok(None);
        };
        let Some(pending) = pending(published.whereabouts(place)) else {
            let who = states.name(place);
            return Err(unrepeatable(
                format!("{who} able to go on"),
                "it asleep or at its end",
            ));
        };
        self.watched = self.is_at_path_end().then(|| Watched {
            pending,
            before: published.object(pending.object),
        });
        published.put(place, Whereabouts::Acting);
        self.mover = Some(place);
        self.taken += 1;
        Ok(Some(place))
    }

    /// Learns what came of the step before, or of the beginning.
    pub(super) fn settle(
        &mut self,
        published: &Published,
        states: &mut HostedStates,
    ) -> Result<(), Box<Fault>> {
        if self.standings.is_empty() {
            for place in 0..states.actors() {
                let marks = published.take(place).marks;
                let next = pending(published.whereabouts(place));
                self.standings.push(states.begin(place, &marks, next)?);
            }
        }
        if let Some(mover) = self.mover.take() {
            let told = published.take(mover);
            let from = self.standings[mover];
            if let Some(Watched { pending, before }) = self.watched.take() {
                let after = published.object(pending.object);
                states.performed(from, &*before, told.result.as_deref(), &*after)?;
            }
            self.standings[mover] = match &told.result {
                Some(result) => {
                    let next = pending(published.whereabouts(mover));
                    states.learn(from, &**result, &told.marks, next)?
                }
                None => from.asleep(),
            };
        }
        for (place, standing) in self.standings.iter_mut().enumerate() {
            if !standing.is_asleep() {
                continue;
            }
            if let Some(pending) = pending(published.whereabouts(place)) {
                *standing = match pending.kind {
                    OperationKind::Wake => standing.woken(),
                    _ => standing.awake(),
                };
            }
        }
        Ok(())
    }

    /// The number of the state it has come to, if that was reached before.
    pub(super) fn number(
        &self,
        published: &Published,
        states: &mut HostedStates,
    ) -> Result<Option<StateId>, Box<Fault>> {
        states.number_of(published.objects(), &self.standings)
    }

    /// The actors that can go on, by place.
    pub(super) fn enabled(&self, published: &Published) -> Vec<usize> {
        let places = 0..self.standings.len();
        let can_go_on = |place: &usize| pending(published.whereabouts(*place)).is_some();
        places.filter(can_go_on).collect()
    }
}

/// What an actor is about to do that waits to be let on.
fn pending(whereabouts: Whereabouts) -> Option<Operation> {
    match whereabouts {
        Whereabouts::Before(pending) => Some(pending),
        _ => None,
    }
}

/// A path that was repeated led elsewhere.
pub(super) fn unrepeatable(expected: String, found: &str) -> Box<Fault> {
    general(FaultKind::Unrepeatable {
        expected,
        found: found.to_owned(),
    })
}

/// A fault of nobody in particular.
pub(super) fn general(kind: FaultKind) -> Box<Fault> {
    Box::new(Fault::new("the program", None, kind))
}
