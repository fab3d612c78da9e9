//! How states are told apart.

use super::canonical::Canonizer;
use super::local::Locals;
use super::seen::{Seen, Values};
use super::state::State;
use super::{Orbits, Search};
use crate::fault::FaultKind;
use crate::step::ActorInfo;

/// How states are told apart.
pub(crate) enum Keys {
    /// By the values of their objects.
    Values(Values),
    /// By their descriptions.
    Described(Box<Canonizer>),
}

impl Keys {
    /// The keys that `config` asks for, and the gate if it asks for one.
    pub(super) fn of(config: &Search, actors: &[ActorInfo]) -> (Self, Option<Box<Gate>>) {
        let Some(symmetry) = &config.symmetry else {
            return (Self::Values(Values::of(config)), None);
        };
        let mut canonizer = Canonizer::new(symmetry.clone(), actors);
        canonizer.plant(config.planted);
        if !config.gate {
            return (Self::Described(Box::new(canonizer)), None);
        }
        let gate = Gate {
            canonizer,
            orbits: Seen::default(),
            descriptions: Seen::default(),
        };
        (Self::Values(Values::of(config)), Some(Box::new(gate)))
    }

    pub(crate) fn key(
        &mut self,
        state: &State,
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), FaultKind> {
        match self {
            Self::Values(values) => values.key(&state.objects, &state.actors, key),
            Self::Described(canonizer) => {
                let made = canonizer.key(state, locals, key);
                made.map_err(FaultKind::NotDescribed)
            }
        }
    }
}

/// The symmetric gate: states are kept apart by their values, and the canonical form of each is noted.
pub(crate) struct Gate {
    canonizer: Canonizer,
    orbits: Seen,
    /// The descriptions as they are: as many as there are states, or a description leaves something out.
    descriptions: Seen,
}

impl Gate {
    pub(super) fn note(
        &mut self,
        state: &State,
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        let Self {
            canonizer,
            orbits,
            descriptions,
        } = self;
        canonizer.describe(state, locals)?;
        canonizer.description(key);
        descriptions.insert(key);
        canonizer.canonical(key);
        orbits.insert(key);
        Ok(())
    }

    /// What was noted.
    pub(super) fn orbits(&self) -> Orbits {
        Orbits {
            orbits: self.orbits.len() as u64,
            fingerprint: self.orbits.fingerprint(),
            descriptions: self.descriptions.len() as u64,
        }
    }
}
