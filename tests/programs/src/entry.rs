//! A program with what is published of it, and what is expected of the search.

use std::fmt;
use std::sync::Arc;

use logon_models::backend::{Loom, Shuttle};
use logon_sim::{Judge, Named, Portable, Ported, Sim, Spawner, Symmetry};

/// A program of the list.
#[derive(Clone)]
pub struct Entry {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// What is published of it.
    pub published: Published,
    /// What the search of all states is expected to find.
    pub expected: Expected,
    /// Whether it has too many states for a quick test.
    pub is_large: bool,
    /// Whether states that differ in who of one class is who are merged.
    pub merges: bool,
    /// The program.
    pub program: Erased,
}

/// A published verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Published {
    /// It holds.
    Right,
    /// It can fail.
    Wrong,
    /// None: that it can fail was found here, and confirmed with the published code itself.
    Confirmed,
    /// None: it was written for this list.
    Nothing,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Published::Right => "right",
            Published::Wrong => "wrong",
            Published::Confirmed => "– (confirmed)",
            Published::Nothing => "–",
        })
    }
}

/// What the search of all states is expected to find.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expected {
    /// Nothing falls in so many states.
    Holds {
        /// All of them.
        states: u64,
    },
    /// A property falls, in an execution of fewest steps.
    Falls {
        /// Its name.
        property: String,
        /// So many.
        steps: usize,
    },
}

impl Expected {
    /// Whether it is what is published or confirmed, if anything is.
    #[must_use]
    pub fn agrees_with(&self, published: Published) -> bool {
        match published {
            Published::Right => matches!(self, Expected::Holds { .. }),
            Published::Wrong | Published::Confirmed => matches!(self, Expected::Falls { .. }),
            Published::Nothing => true,
        }
    }
}

pub(crate) fn holds(states: u64) -> Expected {
    Expected::Holds { states }
}

pub(crate) fn falls(property: &str, steps: usize) -> Expected {
    Expected::Falls {
        property: property.to_owned(),
        steps,
    }
}

impl Entry {
    pub(crate) fn new(
        name: &'static str,
        source: &'static str,
        published: Published,
        expected: Expected,
        program: impl Starts,
    ) -> Self {
        Entry {
            name,
            source,
            published,
            expected,
            is_large: false,
            merges: false,
            program: Erased(Arc::new(program)),
        }
    }

    /// One that only the command looks at, and a test where it is asked for.
    pub(crate) fn large(self) -> Self {
        Entry {
            is_large: true,
            ..self
        }
    }

    /// One whose actors of one class are interchangeable.
    pub(crate) fn merging(self) -> Self {
        Entry {
            merges: true,
            ..self
        }
    }

    /// Whether something is expected to fall.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self.expected, Expected::Falls { .. })
    }

    /// The program by its name, for the search of all states.
    #[must_use]
    pub fn named(&self) -> Named<Ported<Erased>> {
        let named = Named::new(self.name, Ported(self.program.clone()));
        match self.merges {
            true => named.merging(Symmetry::new()),
            false => named,
        }
    }
}

/// A program whose type is forgotten, so that each tool is compiled once for all of them.
#[derive(Clone)]
pub struct Erased(Arc<dyn Starts>);

/// A program for the tools of the list.
pub(crate) trait Starts: Send + Sync + 'static {
    fn start_here(&self, actors: &mut Spawner) -> Judge;
    fn start_on_loom(&self, actors: &mut Spawner) -> Judge;
    fn start_on_shuttle(&self, actors: &mut Spawner) -> Judge;
}

impl<T> Starts for T
where
    T: Portable<Sim> + Portable<Loom> + Portable<Shuttle> + Send + Sync + 'static,
{
    fn start_here(&self, actors: &mut Spawner) -> Judge {
        Portable::<Sim>::start(self, actors)
    }

    fn start_on_loom(&self, actors: &mut Spawner) -> Judge {
        Portable::<Loom>::start(self, actors)
    }

    fn start_on_shuttle(&self, actors: &mut Spawner) -> Judge {
        Portable::<Shuttle>::start(self, actors)
    }
}

impl Portable<Sim> for Erased {
    fn start(&self, actors: &mut Spawner) -> Judge {
        self.0.start_here(actors)
    }
}

impl Portable<Loom> for Erased {
    fn start(&self, actors: &mut Spawner) -> Judge {
        self.0.start_on_loom(actors)
    }
}

impl Portable<Shuttle> for Erased {
    fn start(&self, actors: &mut Spawner) -> Judge {
        self.0.start_on_shuttle(actors)
    }
}
