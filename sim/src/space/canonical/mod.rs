//! Canonical forms: one key for all states that differ only in what is interchangeable.
//!
//! A state is described as a tree of *entries* (the root, and the entries of its collections without order)
//! that mention *nodes* (actors, and identifiers of families with a counter). Exchanging nodes must not change
//! the key, so the nodes are put into an order that does not depend on their numbers, renumbered in that
//! order, and the renumbered description, its collections sorted, is the key. It is the full state, and two
//! states have one key only if an exchange takes one into the other.
//!
//! The order comes from *color refinement* (the 1-dimensional Weisfeiler–Leman method): a node's color is what
//! it is, and in each round it becomes a hash of itself and of every place at which the node is mentioned,
//! until no round tells more nodes apart. What remains tied is one of two things.
//!
//! 1. *Interchangeable components.* Join tied nodes that share an entry. If no component has two nodes of one
//!    color, then components that share a color are isomorphic: each node of one has exactly one counterpart
//!    in the other, mentioned at the same places. Any order of them gives the same key.
//! 2. *Anything else.* Each node of one tied color is tried as the first of it, and the least key is taken, as in
//!    McKay and Piperno, "Practical graph isomorphism, II" (Journal of Symbolic Computation, 2014).
//!
//! So the canonical form is exact: the same for all states of one orbit, whoever computes it. A collision of
//! colors could only give one orbit two keys, never two orbits one.

mod describe;
mod encode;
mod refine;
mod twins;

use super::Planted;
use super::interner::Interner;
use super::local::Locals;
use super::state::State;
use super::symmetry::Symmetry;
use super::token::Token;
use super::words::mix;
use crate::step::ActorInfo;

/// Makes the keys of states.
pub(crate) struct Canonizer {
    symmetry: Symmetry,
    interner: Interner,
    /// The class of each actor, as the place of the first actor of that class.
    classes: Vec<u32>,
    tokens: Vec<Token>,
    newest: Vec<Option<u32>>,
    nodes: Nodes,
    entries: Vec<Entry>,
    mentions: Vec<Mention>,
    leaf: Vec<u8>,
    scratch: Scratch,
    /// Whether something was tied in the last state that is not interchangeable.
    is_entangled: bool,
    planted: Option<Planted>,
}

/// The nodes of one state: its actors, then the identifiers in the order of their first mention.
#[derive(Default)]
struct Nodes {
    /// What each node is: the family's place and the number; actors come first and have no family.
    list: Vec<(u8, u32)>,
    colors: Vec<u64>,
    /// For each family, the node of each number, plus one.
    places: Vec<Vec<u32>>,
    /// The numbers after renumbering.
    numbers: Vec<u32>,
}

struct Entry {
    parent: u32,
    /// The entry below the root that it is part of, or it is.
    top: u32,
    /// The hash of what it says besides nodes.
    base: u64,
}

/// A place at which a node is mentioned.
struct Mention {
    entry: u32,
    node: u32,
    /// The position in the entry, and which of an actor's numbers it is.
    salt: u64,
}

#[derive(Default)]
struct Scratch {
    hashes: Vec<u64>,
    sums: Vec<u64>,
    contexts: Vec<u64>,
    gathered: Vec<u64>,
    sorted: Vec<u64>,
    order: Vec<(u64, u32, u32)>,
    components: Vec<u32>,
    firsts: Vec<(u32, u32)>,
    next: Vec<u32>,
    next_of_class: Vec<u32>,
    encoded: Vec<u8>,
    ranges: Vec<(u32, u32)>,
}

/// The family of actors among the nodes.
const ACTORS: u8 = u8::MAX;

/// Not a number yet.
const NONE: u32 = u32::MAX;

impl Canonizer {
    /// For a program with these actors.
    pub(crate) fn new(symmetry: Symmetry, actors: &[ActorInfo]) -> Self {
        let families = symmetry.rules().count();
        let class_of = |(place, actor): (usize, &ActorInfo)| {
            let first = actors.iter().position(|other| other.class == actor.class);
            let class = match symmetry.exchanges() {
                true => first.expect("an actor is of its own class"),
                false => place,
            };
            u32::try_from(class).expect("fewer than 2^32 actors")
        };
        Self {
            classes: actors.iter().enumerate().map(class_of).collect(),
            symmetry,
            interner: Interner::default(),
            tokens: Vec::new(),
            newest: vec![None; families],
            nodes: Nodes {
                places: vec![Vec::new(); families],
                ..Nodes::default()
            },
            entries: Vec::new(),
            mentions: Vec::new(),
            leaf: Vec::new(),
            scratch: Scratch::default(),
            is_entangled: false,
            planted: None,
        }
    }

    /// Makes keys with this fault.
    pub(crate) fn plant(&mut self, planted: Option<Planted>) {
        self.planted = planted;
    }

    /// The same, with every actor in a class of its own: only identifiers are exchanged.
    pub(crate) fn with_fixed_actors(symmetry: Symmetry, actors: &[ActorInfo]) -> Self {
        let mut canonizer = Self::new(symmetry, actors);
        let count = u32::try_from(actors.len()).expect("fewer than 2^32 actors");
        canonizer.classes = (0..count).collect();
        canonizer
    }

    /// Puts the key of a state into `key`.
    ///
    /// # Errors
    ///
    /// The name of a type that cannot describe itself.
    pub(crate) fn key(
        &mut self,
        state: &State,
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        self.describe(state, locals)?;
        self.canonical(key);
        Ok(())
    }

    /// Puts the key of the state that was described last into `key`.
    pub(crate) fn canonical(&mut self, key: &mut Vec<u8>) {
        self.analyze();
        self.refine();
        self.is_entangled = false;
        key.clear();
        self.least(key);
    }

    /// The least key over all orders of what is tied and not interchangeable.
    fn least(&mut self, best: &mut Vec<u8>) {
        let Some(tied) = self.entangled_color() else {
            self.encode();
            if best.is_empty() || self.leaf < *best {
                best.clear();
                best.extend_from_slice(&self.leaf);
            }
            return;
        };
        let colors = self.nodes.colors.clone();
        self.is_entangled = true;
        for node in 0..colors.len() {
            if colors[node] == tied {
                self.nodes.colors.clone_from(&colors);
                self.nodes.colors[node] = mix(tied, 1);
                self.refine();
                self.least(best);
            }
        }
    }
}
