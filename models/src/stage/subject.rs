//! What is checked.

use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::Primitives;
use logon_core::{Allocator, Server, Variant};

use super::described::Described;
use super::exchange::Types;

/// What is checked: something that builds an allocator on any primitives.
///
/// The variants are subjects, and so is an allocator from outside this workspace.
pub trait Subject: Send + Sync {
    /// Its name in reports, in kebab case.
    fn name(&self) -> &str;

    /// What it does, in one sentence, for lists.
    fn sentence(&self) -> &str {
        "An allocator from outside."
    }

    /// Whether it is wrong on purpose: the matrix expects that one which is not holds, and lets one which is fall.
    fn is_defect(&self) -> bool {
        false
    }

    /// Which of the built-in variants it is. One from outside is none.
    fn variant(&self) -> Option<Variant> {
        None
    }

    /// An allocator around `server`.
    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>>;

    /// Whether it sets up as many sessions at a time as are wanted, whatever the setting says. Where things take time the
    /// harness then has a worker for each of them. Elsewhere it has as many as the scenario says: how many are under way
    /// delays nobody, and each worker more is a thread more to every tool.
    fn creates_without_limit(&self) -> bool {
        false
    }

    /// Whether it treats alike clients alike and compares ids, generations and names for equality alone, as
    /// [`symmetry`](super::symmetry) declares. Then a search of states merges those that differ in these alone. An allocator that
    /// hands out the session of the lowest id does not, and a search that merged all the same could miss what is
    /// wrong with it: so nothing is merged for whoever does not say so.
    fn is_symmetric(&self) -> bool {
        false
    }

    /// Adds the types of the allocator's own objects and of what its sections return, for one that
    /// [is symmetric](Subject::is_symmetric): those of which the variants' are known. For any other one they need
    /// nothing but what [`Plain`](logon_core::primitives::Plain) asks for.
    fn describe_types(&self, types: Types) -> Types {
        types
    }

    /// This subject, with a sentence for lists.
    fn described(self, sentence: &'static str) -> Described<Self>
    where
        Self: Sized,
    {
        Described {
            is_defect: self.is_defect(),
            subject: self,
            sentence,
        }
    }

    /// This subject, which is wrong on purpose, and how: the matrix lets it fall, and a page says what is wrong.
    fn wrong_on_purpose(self, sentence: &'static str) -> Described<Self>
    where
        Self: Sized,
    {
        Described {
            is_defect: true,
            ..self.described(sentence)
        }
    }
}

impl Subject for Variant {
    fn name(&self) -> &str {
        Variant::name(*self)
    }

    fn sentence(&self) -> &str {
        Variant::sentence(*self)
    }

    fn is_defect(&self) -> bool {
        Variant::is_defect(*self)
    }

    fn variant(&self) -> Option<Variant> {
        Some(*self)
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Variant::build(*self, server)
    }

    fn creates_without_limit(&self) -> bool {
        *self == Variant::SetupStampede
    }

    /// Shown for every variant in every preset, up to three clients, by comparison with a search that merges
    /// nothing.
    fn is_symmetric(&self) -> bool {
        true
    }
}
