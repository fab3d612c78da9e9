//! Programs of one's own by their names, with nothing said of them but what `Debug` says.

use crate::check::Check;
use crate::instance::{Input, Instance, Smaller};
use crate::program::{Actors, Program};
use crate::space::{StateWatch, Symmetry};

/// A program by its name: everything else is the default of [`Instance`].
///
/// ```
/// use logon_core::primitives::Monitor;
/// use logon_sim::{Actors, AtRest, Named, Rest, SimMonitor};
///
/// let program = |actors: &mut Actors<'_>| {
///     let count: SimMonitor<u32> = Monitor::new("count", 0);
///     for name in ["anna", "ben"] {
///         let count = count.clone();
///         actors.spawn(name, "counter", move || {
///             let seen = count.enter("look", |count| *count);
///             count.enter("write", move |count| *count = seen + 1);
///         });
///     }
///     AtRest(move |_: &Rest| count.peek(|count| (*count < 2).then_some("a count is lost")))
/// };
/// let report = Named::new("counters", program).check().run()?;
/// let trace = report.trace.as_ref().expect("a count is lost");
/// assert_eq!(trace.steps.len(), 4);
/// println!("{report}");
/// # Ok::<(), Box<logon_sim::Fault>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Named<P> {
    name: String,
    program: P,
    symmetry: Option<Symmetry>,
}

impl<P> Named<P>
where
    P: Program<Watch: StateWatch> + Clone,
{
    /// `program` under this name, in kebab case.
    #[must_use]
    pub fn new(name: impl Into<String>, program: P) -> Self {
        Named {
            name: name.into(),
            program,
            symmetry: None,
        }
    }

    /// Merges states that differ only in what `symmetry` declares to be interchangeable.
    #[must_use]
    pub fn merging(self, symmetry: Symmetry) -> Self {
        Named {
            symmetry: Some(symmetry),
            ..self
        }
    }

    /// A check of it.
    #[must_use]
    pub fn check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<P: Program> Program for Named<P> {
    type Watch = P::Watch;

    fn start(&self, actors: &mut Actors<'_>) -> P::Watch {
        self.program.start(actors)
    }
}

impl<P> Instance for Named<P>
where
    P: Program<Watch: StateWatch> + Clone,
{
    type Fact = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn input(&self) -> Input {
        Input {
            name: "alone".to_owned(),
            document: String::new(),
        }
    }

    fn symmetry(&self) -> Option<Symmetry> {
        self.symmetry.clone()
    }
}

/// A program that comes in sizes, by its name. Where something falls, it is looked for in smaller ones, down to 1 or to
/// [what makes sense](OfSize::at_least).
///
/// ```
/// use logon_core::primitives::Monitor;
/// use logon_sim::{Actors, AtRest, OfSize, Rest, SimMonitor};
///
/// let counters = |size: usize, actors: &mut Actors<'_>| {
///     let count: SimMonitor<usize> = Monitor::new("count", 0);
///     for number in 1..=size {
///         let count = count.clone();
///         actors.spawn(format!("counter-{number}"), "counter", move || {
///             let seen = count.enter("look", |count| *count);
///             count.enter("write", move |count| *count = seen + 1);
///         });
///     }
///     AtRest(move |_: &Rest| count.peek(|count| (*count < size).then_some("a count is lost")))
/// };
/// let report = OfSize::new("counters", "counters", 4, counters).check().run()?;
/// let trace = report.trace.expect("a count is lost");
/// assert_eq!(trace.scenario.name, "2-counters");
/// # Ok::<(), Box<logon_sim::Fault>>(())
/// ```
#[derive(Clone, Debug)]
pub struct OfSize<F> {
    name: String,
    of_what: String,
    size: usize,
    least: usize,
    program: F,
    symmetry: Option<Symmetry>,
}

impl<F, W> OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    /// `program` under this name, with so many of what it has more or less of: both names in kebab case.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        of_what: impl Into<String>,
        size: usize,
        program: F,
    ) -> Self {
        OfSize {
            name: name.into(),
            of_what: of_what.into(),
            size,
            least: 1,
            program,
            symmetry: None,
        }
    }

    /// Merges states that differ only in what `symmetry` declares to be interchangeable.
    #[must_use]
    pub fn merging(self, symmetry: Symmetry) -> Self {
        OfSize {
            symmetry: Some(symmetry),
            ..self
        }
    }

    /// A check of it.
    #[must_use]
    pub fn check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<F, W> OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    /// The smallest size that makes sense, if that is not 1.
    #[must_use]
    pub fn at_least(self, least: usize) -> Self {
        OfSize { least, ..self }
    }
}

impl<F, W> Program for OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W,
    W: StateWatch,
{
    type Watch = W;

    fn start(&self, actors: &mut Actors<'_>) -> W {
        (self.program)(self.size, actors)
    }
}

impl<F, W> Instance for OfSize<F>
where
    F: Fn(usize, &mut Actors<'_>) -> W + Clone,
    W: StateWatch,
{
    type Fact = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn input(&self) -> Input {
        Input {
            name: format!("{}-{}", self.size, self.of_what),
            document: format!("{} = {}\n", self.of_what, self.size),
        }
    }

    fn symmetry(&self) -> Option<Symmetry> {
        self.symmetry.clone()
    }

    fn smaller(&self) -> Vec<Smaller<Self>> {
        let less = self.size.checked_sub(1).filter(|&size| size >= self.least);
        let smaller = less.map(|size| Smaller {
            what: format!("one of {} {}", self.size, self.of_what),
            instance: Ok(OfSize {
                size,
                ..self.clone()
            }),
        });
        smaller.into_iter().collect()
    }
}
