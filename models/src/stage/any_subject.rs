//! A subject whose type is forgotten, and lists of them: what a program knows by name.
//!
//! [`Subject::build`] has a type parameter for the primitives, so a subject cannot be a trait object. But this crate
//! only ever builds allocators on the primitives of its [backends](crate::backend), and for one observer. An
//! [`AnySubject`] keeps a function for each of them, so all that runs a subject is compiled once, in this crate, and
//! not again for every allocator.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use logon_core::primitives::Primitives;
use logon_core::{Allocator, Observer, Server, Variant};
use logon_sim::Sim;

use super::attributed::Attributed;
use super::{Subject, Types, Witness};
use crate::backend::{Loom, Shuttle, Threads};
use crate::simulate::Ear;

/// Any subject. Two are equal if they have one name.
#[derive(Clone)]
pub struct AnySubject(Arc<dyn Erased>);

/// What is left of a subject when its type is forgotten.
trait Erased: Send + Sync {
    fn name(&self) -> &str;
    fn sentence(&self) -> &str;
    fn is_defect(&self) -> bool;
    fn variant(&self) -> Option<Variant>;
    fn creates_without_limit(&self) -> bool;
    fn is_symmetric(&self) -> bool;
    fn describe_types(&self, types: Types) -> Types;

    /// An allocator on these primitives, as an `Arc<dyn Allocator<P, Witness>>`; `None` if they are none of this crate.
    fn build_on(&self, primitives: TypeId, server: Server<Witness>) -> Option<Box<dyn Any>>;

    /// An allocator for long simulations.
    fn build_long(&self, server: Server<Ear>) -> Arc<dyn Allocator<Attributed<Sim>, Ear>>;
}

impl<S: Subject> Erased for S {
    fn name(&self) -> &str {
        Subject::name(self)
    }

    fn sentence(&self) -> &str {
        Subject::sentence(self)
    }

    fn is_defect(&self) -> bool {
        Subject::is_defect(self)
    }

    fn variant(&self) -> Option<Variant> {
        Subject::variant(self)
    }

    fn creates_without_limit(&self) -> bool {
        Subject::creates_without_limit(self)
    }

    fn is_symmetric(&self) -> bool {
        Subject::is_symmetric(self)
    }

    fn describe_types(&self, types: Types) -> Types {
        Subject::describe_types(self, types)
    }

    fn build_on(&self, primitives: TypeId, server: Server<Witness>) -> Option<Box<dyn Any>> {
        fn boxed<P: Primitives>(
            subject: &impl Subject,
            server: Server<Witness>,
        ) -> Option<Box<dyn Any>> {
            Some(Box::new(subject.build::<P, Witness>(server)))
        }
        match primitives {
            sim if sim == TypeId::of::<Attributed<Sim>>() => boxed::<Attributed<Sim>>(self, server),
            loom if loom == TypeId::of::<Attributed<Loom>>() => {
                boxed::<Attributed<Loom>>(self, server)
            }
            shuttle if shuttle == TypeId::of::<Attributed<Shuttle>>() => {
                boxed::<Attributed<Shuttle>>(self, server)
            }
            threads if threads == TypeId::of::<Attributed<Threads>>() => {
                boxed::<Attributed<Threads>>(self, server)
            }
            _ => None,
        }
    }

    fn build_long(&self, server: Server<Ear>) -> Arc<dyn Allocator<Attributed<Sim>, Ear>> {
        self.build(server)
    }
}

impl AnySubject {
    /// An allocator for long simulations.
    pub(crate) fn build_long(
        &self,
        server: Server<Ear>,
    ) -> Arc<dyn Allocator<Attributed<Sim>, Ear>> {
        self.0.build_long(server)
    }

    /// `subject`, whose type is forgotten.
    pub fn new(subject: impl Subject + 'static) -> Self {
        AnySubject(Arc::new(subject))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// What it does, in one sentence.
    pub fn sentence(&self) -> &str {
        self.0.sentence()
    }

    /// Whether it is wrong on purpose.
    pub fn is_defect(&self) -> bool {
        self.0.is_defect()
    }

    /// Which of the variants it is, if it is one.
    pub fn variant(&self) -> Option<Variant> {
        self.0.variant()
    }
}

impl Subject for AnySubject {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn sentence(&self) -> &str {
        self.0.sentence()
    }

    fn is_defect(&self) -> bool {
        self.0.is_defect()
    }

    fn variant(&self) -> Option<Variant> {
        self.0.variant()
    }

    fn creates_without_limit(&self) -> bool {
        self.0.creates_without_limit()
    }

    fn is_symmetric(&self) -> bool {
        self.0.is_symmetric()
    }

    fn describe_types(&self, types: Types) -> Types {
        self.0.describe_types(types)
    }

    /// # Panics
    ///
    /// If the primitives are none that a [`Stage`](super::Stage) builds on, or the observer is another one.
    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        if let Some(variant) = self.variant() {
            return variant.build(server);
        }
        let server: Box<dyn Any> = Box::new(server);
        let server = server.downcast::<Server<Witness>>().ok();
        let built = server.and_then(|server| self.0.build_on(TypeId::of::<P>(), *server));
        let built = built.and_then(|built| built.downcast::<Arc<dyn Allocator<P, O>>>().ok());
        let built = built.unwrap_or_else(|| {
            let primitives = std::any::type_name::<P>();
            panic!(
                "AnySubject builds on the backends of logon-models alone, and not on {primitives}"
            )
        });
        *built
    }
}

impl From<Variant> for AnySubject {
    fn from(variant: Variant) -> Self {
        AnySubject::new(variant)
    }
}

impl PartialEq for AnySubject {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for AnySubject {}

impl fmt::Display for AnySubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for AnySubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnySubject({:?})", self.name())
    }
}

/// The subjects that a program knows by name, in the order in which they are listed.
///
/// ```
/// use logon_core::Variant;
/// use logon_models::stage::Subjects;
///
/// assert!(Subjects::variants().named("two-claimants").is_some());
/// let few = Subjects::none().and(Variant::Fixed);
/// assert!(few.named("two-claimants").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Subjects(Vec<AnySubject>);

impl Subjects {
    /// No subject.
    #[must_use]
    pub fn none() -> Self {
        Subjects(Vec::new())
    }

    /// The built-in variants: the fixed algorithm and every defect.
    #[must_use]
    pub fn variants() -> Self {
        Subjects(Variant::ALL.iter().copied().map(AnySubject::from).collect())
    }

    /// These, and `subject` after them.
    ///
    /// # Panics
    ///
    /// If there is one of that name already, or it has the name of a variant and is not that variant: a name in a trace
    /// or on the command line must mean one allocator.
    #[must_use]
    pub fn and(mut self, subject: impl Subject + 'static) -> Self {
        let subject = AnySubject::new(subject);
        let name = subject.name();
        assert!(
            self.named(name).is_none(),
            "two subjects are called {name:?}; give one of them another name"
        );
        assert!(
            Variant::named(name) == subject.variant(),
            "{name:?} is the name of a built-in variant; give the subject another name"
        );
        self.0.push(subject);
        self
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&AnySubject> {
        self.iter().find(|subject| subject.name() == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &AnySubject> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fixed algorithm under another name.
    struct Called(&'static str);

    impl Subject for Called {
        fn name(&self) -> &str {
            self.0
        }

        fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
            Variant::Fixed.build(server)
        }
    }

    fn refusal(subjects: Subjects, name: &'static str) -> String {
        let add = std::panic::AssertUnwindSafe(|| drop(subjects.and(Called(name))));
        let payload = std::panic::catch_unwind(add).expect_err("the name is taken");
        payload
            .downcast_ref::<String>()
            .expect("a sentence")
            .clone()
    }

    #[test]
    fn a_name_means_one_subject() {
        let subjects = Subjects::variants().and(Called("mine"));
        assert!(
            subjects
                .named("mine")
                .is_some_and(|mine| mine.variant().is_none())
        );
        assert!(refusal(subjects.clone(), "mine").contains("two subjects are called \"mine\""));
        assert!(refusal(subjects, "fixed").contains("two subjects are called \"fixed\""));
        let refused = refusal(Subjects::none(), "fixed");
        assert!(
            refused.contains("the name of a built-in variant"),
            "{refused}"
        );
    }

    #[test]
    fn on_primitives_of_which_it_knows_nothing_it_says_so() {
        let subject = AnySubject::new(Called("mine"));
        let build = || {
            let server = Server::new(logon_core::Settings::default(), ());
            drop(subject.build::<logon_core::Std, ()>(server));
        };
        let build = std::panic::AssertUnwindSafe(build);
        let payload = std::panic::catch_unwind(build).expect_err("it cannot");
        let text = payload.downcast_ref::<String>().expect("a sentence");
        assert!(text.contains("not on logon_core"), "{text}");
    }
}
