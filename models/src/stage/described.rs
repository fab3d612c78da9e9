//! A subject with a sentence of its own.

use std::sync::Arc;

use logon_core::primitives::Primitives;
use logon_core::{Allocator, Observer, Server, Variant};

use super::{Subject, Types};

/// A subject, what it does in one sentence, and whether that is wrong on purpose: see [`Subject::described`] and
/// [`Subject::wrong_on_purpose`].
#[derive(Clone, Debug)]
pub struct Described<S> {
    pub(super) subject: S,
    pub(super) sentence: &'static str,
    pub(super) is_defect: bool,
}

impl<S: Subject> Subject for Described<S> {
    fn name(&self) -> &str {
        self.subject.name()
    }

    fn sentence(&self) -> &str {
        self.sentence
    }

    fn is_defect(&self) -> bool {
        self.is_defect
    }

    fn variant(&self) -> Option<Variant> {
        self.subject.variant()
    }

    fn creates_without_limit(&self) -> bool {
        self.subject.creates_without_limit()
    }

    fn is_symmetric(&self) -> bool {
        self.subject.is_symmetric()
    }

    fn describe_types(&self, types: Types) -> Types {
        self.subject.describe_types(types)
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        self.subject.build(server)
    }
}
