//! What of a program is interchangeable, as its harness declares it.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use logon_core::primitives::Holders;
use logon_core::symmetry::{Family, Shape, Symmetric};

use crate::value::Value;

/// What a family of identifiers is to an explorer.
#[derive(Clone)]
pub enum Rule {
    /// Numbers given out one after the other and compared for equality alone; the program tells which was
    /// the [newest](Shape::newest). Those up to `pinned` stay what they are: something outside the program's
    /// state knows them.
    Fresh {
        /// The highest number that must not be exchanged; 0 if all may be.
        pinned: u32,
    },
    /// As `Fresh`, but the program also compares which is the lower one: gaps are closed and the order stays.
    Ordered {
        /// As for `Fresh`.
        pinned: u32,
    },
    /// Another name for the identifiers of `family`, which is `Fresh` or `Ordered`: number `n` of this one is number
    /// `n + ahead` of that.
    Alias {
        /// The family it stands for.
        family: Family,
        /// How far the numbers of that family are ahead.
        ahead: u32,
    },
    /// Each number belongs to an actor and goes with it: which actor, by its place in the order of spawning,
    /// and which of that actor's numbers it is. `None` is a number that belongs to nobody and stays.
    OfActor(Owner),
}

/// Says whose number it is, and which of that actor's.
pub type Owner = Arc<dyn Fn(u32) -> Option<(usize, u32)> + Send + Sync>;

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh { pinned } => write!(f, "fresh above {pinned}"),
            Self::Ordered { pinned } => write!(f, "ordered above {pinned}"),
            Self::Alias { family, ahead } => {
                write!(f, "those of {} {ahead} further on", family.0)
            }
            Self::OfActor(_) => f.write_str("of an actor"),
        }
    }
}

type Describe = fn(&dyn Value, &mut dyn Shape);

/// What of a program is interchangeable: actors of one class, and identifiers of the families named here.
///
/// Actors of one [class](crate::ActorInfo::class) must differ in nothing but identifiers that belong to them.
/// A family that is not named stays as it is. Every type of which an object's state or a section's result is
/// must be [known](Symmetry::knows), or the search ends with a fault that names it: a type that hides an
/// identifier would make the search unsound. [Without exchange](Symmetry::without_exchange) no type need be.
///
/// Whether the program really treats what is declared here alike is tested while a search runs: a share of the
/// states that were merged is expanded besides the one it was merged with. See [`Search`](super::Search).
#[derive(Clone)]
pub struct Symmetry {
    types: Vec<(TypeId, Describe)>,
    families: Vec<(Family, Rule)>,
    exchanges: bool,
}

impl fmt::Debug for Symmetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symmetry")
            .field("types", &self.types.len())
            .field("families", &self.families)
            .field("exchanges", &self.exchanges)
            .finish()
    }
}

impl Default for Symmetry {
    fn default() -> Self {
        Self::new()
    }
}

impl Symmetry {
    /// Actors of one class are interchangeable, and no identifiers. The types of words and their results, and
    /// the plainest ones, are known.
    #[must_use]
    pub fn new() -> Self {
        Self {
            types: Vec::new(),
            families: Vec::new(),
            exchanges: true,
        }
        .knows::<()>()
        .knows::<bool>()
        .knows::<u8>()
        .knows::<u32>()
        .knows::<u64>()
        .knows::<usize>()
        .knows::<Result<u64, u64>>()
        .knows::<Holders>()
    }

    /// The same descriptions, and nothing is interchangeable: the keys of a search without symmetry. Values of a type
    /// that is not known are told apart by their `Eq`.
    #[must_use]
    pub fn without_exchange(mut self) -> Self {
        self.exchanges = false;
        self
    }

    /// States and results of type `T` describe themselves.
    #[must_use]
    pub fn knows<T: Symmetric + Value>(mut self) -> Self {
        self.types.push((TypeId::of::<T>(), |value, shape| {
            let value: &dyn Any = value;
            let value: &T = value
                .downcast_ref()
                .expect("the tool is at fault: a type was described as another");
            value.describe(shape);
        }));
        self
    }

    /// Declares what the identifiers of `family` are.
    #[must_use]
    pub fn family(mut self, family: Family, rule: Rule) -> Self {
        self.families.push((family, rule));
        self
    }

    /// Whether anything is interchangeable at all.
    #[must_use]
    pub fn exchanges(&self) -> bool {
        self.exchanges
    }

    /// Whether the order of a family's numbers matters.
    pub(super) fn is_ordered(&self, slot: u8) -> bool {
        matches!(
            self.families.get(usize::from(slot)),
            Some((_, Rule::Ordered { .. }))
        )
    }

    /// The highest number of a family that must stay what it is.
    pub(super) fn pinned(&self, slot: u8) -> u32 {
        match self.families.get(usize::from(slot)) {
            Some((_, Rule::Fresh { pinned } | Rule::Ordered { pinned })) => *pinned,
            _ => 0,
        }
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.families.iter().map(|(_, rule)| rule)
    }

    /// The place and the rule of a family that may be exchanged, and how far its numbers are ahead of the ones
    /// asked about.
    pub(super) fn rule(&self, family: Family) -> Option<(u8, &Rule, u32)> {
        if !self.exchanges {
            return None;
        }
        match self.declared(family)? {
            (_, Rule::Alias { family, ahead }) => {
                let (slot, rule) = self.declared(*family)?;
                Some((slot, rule, *ahead))
            }
            (slot, rule) => Some((slot, rule, 0)),
        }
    }

    fn declared(&self, family: Family) -> Option<(u8, &Rule)> {
        // Names are literals, so comparing where they are decides nearly always.
        let same = |other: &Family| std::ptr::eq(other.0, family.0) || *other == family;
        let place = self.families.iter().position(|(other, _)| same(other))?;
        let slot = u8::try_from(place).expect("fewer than 256 families");
        Some((slot, &self.families[place].1))
    }

    /// Lets `value` describe itself; fails with the name of its type if that is not known.
    pub(super) fn describe(
        &self,
        value: &dyn Value,
        shape: &mut dyn Shape,
    ) -> Result<(), &'static str> {
        let of = Any::type_id(value);
        match self.types.iter().find(|(known, _)| *known == of) {
            Some((_, describe)) => {
                describe(value, shape);
                Ok(())
            }
            None => Err(value.type_name()),
        }
    }
}
