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

use std::sync::Arc;

use super::Planted;
use super::local::Locals;
use super::state::{Local, Status};
use super::symmetry::{Rule, Symmetry};
use super::token::{self, Token};
use super::words::{chain, mix};
use crate::step::ActorInfo;
use crate::value::Value;

/// Makes the keys of states.
pub(crate) struct Canonizer {
    symmetry: Symmetry,
    /// The class of each actor, as the place of the first actor of that class.
    classes: Vec<u32>,
    tokens: Vec<Token>,
    newest: Vec<Option<u32>>,
    nodes: Nodes,
    entries: Vec<Entry>,
    mentions: Vec<Mention>,
    leaf: Vec<u8>,
    scratch: Scratch,
    /// Whether all that was tied in the last state was interchangeable.
    is_plain: bool,
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
            is_plain: false,
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
        objects: &[Arc<dyn Value>],
        actors: &[Local],
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        self.describe(objects, actors, locals)?;
        self.analyze();
        self.refine();
        key.clear();
        self.least(key);
        Ok(())
    }

    /// For each actor of the state whose key was made last, the first actor that it may be exchanged with
    /// without changing that state: itself, if there is no other.
    ///
    /// It is not believed because of a color. The two trade their numbers, and so does what goes with them, and
    /// the description that results must be the same to the byte.
    pub(crate) fn twins(&mut self, twins: &mut Vec<u16>) {
        twins.clear();
        twins.extend(
            (0..self.classes.len())
                .map(|place| u16::try_from(place).expect("fewer than 2^16 actors")),
        );
        if !self.is_plain || self.planted.is_some() {
            return;
        }
        let mut other = Vec::new();
        for place in 1..self.scratch.order.len() {
            let ((color, one, before), (next, two, node)) =
                (self.scratch.order[place - 1], self.scratch.order[place]);
            let (slot, actor) = self.nodes.list[node as usize];
            if color != next || slot != ACTORS {
                continue;
            }
            self.trade_numbers(one, two);
            other.clear();
            self.write(&mut other);
            self.trade_numbers(one, two);
            if other == self.leaf {
                let (_, first) = self.nodes.list[before as usize];
                twins[actor as usize] = twins[first as usize];
            }
        }
    }

    /// Gives the nodes of each of two components the numbers of their counterparts.
    fn trade_numbers(&mut self, one: u32, two: u32) {
        let order = &self.scratch.order;
        let of_one = order
            .iter()
            .filter(|node| node.1 == one && is_tied(&self.scratch, node.2));
        for &(color, _, node) in of_one {
            let counterpart = order.iter().find(|other| {
                other.0 == color && other.1 == two && is_tied(&self.scratch, other.2)
            });
            if let Some(&(_, _, counterpart)) = counterpart {
                self.nodes.numbers.swap(node as usize, counterpart as usize);
            }
        }
    }

    /// Puts the description of a state into `key` as it is, with the numbers the identifiers have.
    ///
    /// # Errors
    ///
    /// The name of a type that cannot describe itself.
    pub(crate) fn description(
        &mut self,
        objects: &[Arc<dyn Value>],
        actors: &[Local],
        locals: &Locals,
        key: &mut Vec<u8>,
    ) -> Result<(), &'static str> {
        self.describe(objects, actors, locals)?;
        key.clear();
        for token in &self.tokens {
            let (kind, one, other) = match *token {
                Token::Plain(value) => (0, value, 0),
                Token::Fresh { slot, number } => (1, u64::from(slot), u64::from(number)),
                Token::Newest { slot, number } => (2, u64::from(slot), u64::from(number)),
                Token::Actor { actor, which } => (3, u64::from(actor), u64::from(which)),
                Token::Open => (4, 0, 0),
                Token::Entry => (5, 0, 0),
                Token::Close => (6, 0, 0),
            };
            for value in [kind, one, other] {
                number(value, key);
            }
        }
        Ok(())
    }

    /// Writes down the description of a state.
    fn describe(
        &mut self,
        objects: &[Arc<dyn Value>],
        actors: &[Local],
        locals: &Locals,
    ) -> Result<(), &'static str> {
        self.tokens.clear();
        let described = match self.planted {
            Some(Planted::KeyWithoutObject) => &objects[..objects.len() - 1],
            _ => objects,
        };
        for object in described {
            token::describe(&self.symmetry, &**object, &mut self.tokens)?;
        }
        self.tokens.push(Token::Open);
        for (place, local) in actors.iter().enumerate() {
            let account = locals.account(local.id);
            let status = match local.status {
                Status::Awake => 0,
                Status::Asleep => 1,
                Status::Woken => 2,
            };
            let actor = Token::Actor {
                actor: u32::try_from(place).expect("fewer than 2^32 actors"),
                which: 0,
            };
            self.tokens.extend([
                Token::Entry,
                actor,
                Token::Plain(status),
                Token::Plain(account.shape),
            ]);
            self.tokens.extend_from_slice(&account.identifiers);
            self.tokens.extend_from_slice(&account.rest);
        }
        self.tokens.push(Token::Close);
        Ok(())
    }

    /// Finds nodes, entries and mentions; makes plain what has no node.
    fn analyze(&mut self) {
        self.newest.fill(None);
        for token in &self.tokens {
            if let Token::Newest { slot, number } = *token {
                self.newest[usize::from(slot)] = Some(number);
            }
        }
        self.begin_nodes();
        self.entries.clear();
        self.mentions.clear();
        self.entries.push(Entry {
            parent: 0,
            top: 0,
            base: 0,
        });
        let mut open: Vec<u32> = Vec::new();
        let mut entry = 0;
        for place in 0..self.tokens.len() {
            match self.tokens[place] {
                Token::Open => {
                    let base = &mut self.entries[entry as usize].base;
                    *base = chain(*base, 2);
                    open.push(entry);
                }
                Token::Entry => {
                    let parent = *open.last().expect("an entry is part of a collection");
                    entry = u32::try_from(self.entries.len()).expect("fewer than 2^32 entries");
                    let top = match parent {
                        0 => entry,
                        _ => self.entries[parent as usize].top,
                    };
                    // Collections of one parent are told apart by what the parent said before each.
                    let base = self.entries[parent as usize].base;
                    self.entries.push(Entry { parent, top, base });
                }
                Token::Close => entry = open.pop().expect("what ends has begun"),
                Token::Fresh { slot, number } => match self.node(slot, number) {
                    Ok(node) => self.mention(entry, node, 0),
                    Err(plain) => self.say(place, entry, plain),
                },
                Token::Actor { actor, which } => self.mention(entry, actor, which),
                Token::Newest { slot, number } => {
                    let told = pinned(&self.symmetry, usize::from(slot)).min(number);
                    self.say(place, entry, u64::from(told));
                }
                Token::Plain(value) => self.say(place, entry, value),
            }
        }
        self.rank_ordered();
    }

    fn begin_nodes(&mut self) {
        let nodes = &mut self.nodes;
        for &(slot, number) in &nodes.list {
            if slot != ACTORS {
                nodes.places[usize::from(slot)][number as usize] = 0;
            }
        }
        nodes.list.clear();
        nodes.colors.clear();
        for (place, &class) in self.classes.iter().enumerate() {
            let place = u32::try_from(place).expect("fewer than 2^32 actors");
            nodes.list.push((ACTORS, place));
            nodes.colors.push(mix(u64::from(ACTORS), u64::from(class)));
        }
    }

    /// The node of an identifier, or what is said instead: of a number that was not given out yet, how far it
    /// lies ahead.
    fn node(&mut self, slot: u8, number: u32) -> Result<u32, u64> {
        let newest = self.newest[usize::from(slot)].unwrap_or(0);
        if number > newest {
            return Err(u64::from(number - newest) << 32);
        }
        let nodes = &mut self.nodes;
        let places = &mut nodes.places[usize::from(slot)];
        if places.len() <= number as usize {
            places.resize(number as usize + 1, 0);
        }
        if places[number as usize] == 0 {
            nodes.list.push((slot, number));
            nodes.colors.push(u64::from(slot));
            places[number as usize] =
                u32::try_from(nodes.list.len()).expect("fewer than 2^32 nodes");
        }
        Ok(places[number as usize] - 1)
    }

    fn mention(&mut self, entry: u32, node: u32, which: u32) {
        let base = &mut self.entries[entry as usize].base;
        *base = chain(*base, 1);
        let salt = chain(*base, u64::from(which));
        self.mentions.push(Mention { entry, node, salt });
    }

    fn say(&mut self, place: usize, entry: u32, value: u64) {
        self.tokens[place] = Token::Plain(value);
        let base = &mut self.entries[entry as usize].base;
        *base = chain(*base, value);
    }

    /// Colors the nodes of ordered families by their rank.
    fn rank_ordered(&mut self) {
        for (slot, rule) in self.symmetry.rules().enumerate() {
            if !matches!(rule, Rule::Ordered { .. }) {
                continue;
            }
            let slot = u8::try_from(slot).expect("fewer than 256 families");
            let places = &self.nodes.places[usize::from(slot)];
            let present = places.iter().filter(|place| **place != 0);
            for (rank, &place) in present.enumerate() {
                self.nodes.colors[place as usize - 1] = mix(u64::from(slot), rank as u64);
            }
        }
    }

    /// Refines the colors until no round tells more nodes apart.
    fn refine(&mut self) {
        let mut told_apart = self.distinct_colors();
        while told_apart < self.nodes.list.len() {
            self.refine_once();
            let now = self.distinct_colors();
            if now == told_apart {
                break;
            }
            told_apart = now;
        }
    }

    fn distinct_colors(&mut self) -> usize {
        let sorted = &mut self.scratch.sorted;
        sorted.clear();
        sorted.extend_from_slice(&self.nodes.colors);
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len()
    }

    fn refine_once(&mut self) {
        let colors = &mut self.nodes.colors;
        let Scratch {
            hashes,
            sums,
            contexts,
            gathered,
            ..
        } = &mut self.scratch;
        hashes.clear();
        hashes.extend(self.entries.iter().map(|entry| entry.base));
        for mention in &self.mentions {
            let hash = &mut hashes[mention.entry as usize];
            *hash = chain(*hash, colors[mention.node as usize] ^ mention.salt);
        }
        sums.clear();
        sums.resize(self.entries.len(), 0);
        // Children stand after their parents.
        for (place, entry) in self.entries.iter().enumerate().skip(1).rev() {
            let hash = mix(hashes[place], sums[place]);
            hashes[place] = hash;
            let sum = &mut sums[entry.parent as usize];
            *sum = sum.wrapping_add(hash);
        }
        contexts.clear();
        contexts.push(0);
        for (place, entry) in self.entries.iter().enumerate().skip(1) {
            contexts.push(mix(hashes[place], contexts[entry.parent as usize]));
        }
        gathered.clear();
        gathered.resize(colors.len(), 0);
        for mention in &self.mentions {
            let seen = mix(contexts[mention.entry as usize], mention.salt);
            let sum = &mut gathered[mention.node as usize];
            *sum = sum.wrapping_add(seen);
        }
        for (color, &sum) in colors.iter_mut().zip(gathered.iter()) {
            *color = mix(*color, sum);
        }
    }

    /// The least key over all orders of what is tied and not interchangeable.
    fn least(&mut self, best: &mut Vec<u8>) {
        let Some(tied) = self.entangled_color() else {
            self.encode();
            self.is_plain = best.is_empty();
            if best.is_empty() || self.leaf < *best {
                best.clear();
                best.extend_from_slice(&self.leaf);
            }
            return;
        };
        let colors = self.nodes.colors.clone();
        self.is_plain = false;
        for node in 0..colors.len() {
            if colors[node] == tied {
                self.nodes.colors.clone_from(&colors);
                self.nodes.colors[node] = mix(tied, 1);
                self.refine();
                self.least(best);
            }
        }
    }

    /// Puts the nodes in order; the least color that two nodes of one component share, if there is any.
    fn entangled_color(&mut self) -> Option<u64> {
        let Scratch {
            order,
            components,
            firsts,
            ..
        } = &mut self.scratch;
        let colors = &self.nodes.colors;
        order.clear();
        for (node, &color) in (0_u32..).zip(colors) {
            order.push((color, 0, node));
        }
        order.sort_unstable();
        let is_tied = |place: usize| {
            let color = order[place].0;
            (place > 0 && order[place - 1].0 == color)
                || order.get(place + 1).is_some_and(|next| next.0 == color)
        };
        components.clear();
        components.resize(colors.len(), NONE);
        let mut ties = 0;
        for (place, &(_, _, node)) in order.iter().enumerate() {
            if is_tied(place) {
                components[node as usize] = node;
                ties += 1;
            }
        }
        if ties == 0 {
            return None;
        }
        let mut last: Option<(u32, u32)> = None;
        firsts.clear();
        for mention in &self.mentions {
            if components[mention.node as usize] == NONE || mention.entry == 0 {
                continue;
            }
            let top = self.entries[mention.entry as usize].top;
            let first = match last.filter(|(entry, _)| *entry == top) {
                Some((_, first)) => Some(first),
                None => firsts
                    .iter()
                    .find(|(entry, _)| *entry == top)
                    .map(|(_, first)| *first),
            };
            match first {
                Some(first) => join(components, first, mention.node),
                None => firsts.push((top, mention.node)),
            }
            last = Some((top, first.unwrap_or(mention.node)));
        }
        for place in order.iter_mut() {
            if components[place.2 as usize] != NONE {
                place.1 = find(components, place.2);
            }
        }
        order.sort_unstable();
        let entangled = order.windows(2).find(|pair| {
            pair[0].0 == pair[1].0
                && pair[0].1 == pair[1].1
                && components[pair[0].2 as usize] != NONE
        });
        entangled.map(|pair| pair[0].0)
    }

    /// Renumbers the nodes in their order and writes the description down.
    fn encode(&mut self) {
        let nodes = &mut self.nodes;
        nodes.numbers.clear();
        nodes.numbers.resize(nodes.list.len(), NONE);
        let Scratch {
            order,
            next,
            next_of_class,
            ..
        } = &mut self.scratch;
        let count = u32::try_from(self.classes.len()).expect("fewer than 2^32 actors");
        // What is pinned keeps its number, and nothing else gets it.
        next.clear();
        next.extend((0..self.newest.len()).map(|slot| pinned(&self.symmetry, slot) + 1));
        next_of_class.clear();
        next_of_class.resize(self.classes.len(), 0);
        for &(_, _, node) in order.iter() {
            let (slot, number) = nodes.list[node as usize];
            let counter = match slot {
                ACTORS => &mut next_of_class[self.classes[number as usize] as usize],
                _ => &mut next[usize::from(slot)],
            };
            // Actors of one class take each other's places, whichever those are: which of the class it is
            // says enough, since every actor's entry is there.
            nodes.numbers[node as usize] = match slot {
                ACTORS => self.classes[number as usize] + *counter * count,
                _ => *counter,
            };
            *counter += 1;
        }
        for (slot, rule) in (0_u8..).zip(self.symmetry.rules()) {
            if matches!(rule, Rule::Ordered { .. }) {
                let places = &nodes.places[usize::from(slot)];
                let present = places.iter().filter(|place| **place != 0);
                let first = pinned(&self.symmetry, usize::from(slot)) + 1;
                for (rank, &place) in (first..).zip(present) {
                    nodes.numbers[place as usize - 1] = rank;
                }
            }
        }
        if self.planted == Some(Planted::DeadForLiving) {
            self.take_the_dead_for_living();
        }
        let mut leaf = std::mem::take(&mut self.leaf);
        leaf.clear();
        self.write(&mut leaf);
        self.leaf = leaf;
    }

    /// Writes the description down with the numbers the nodes have.
    fn write(&mut self, out: &mut Vec<u8>) {
        let mut place = 0;
        let mut writer = Encoder {
            tokens: &self.tokens,
            nodes: &self.nodes,
            newest: &self.newest,
            encoded: &mut self.scratch.encoded,
            ranges: &mut self.scratch.ranges,
        };
        writer.write(&mut place, out);
    }
}

impl Canonizer {
    /// The planted fault of that name: what only actors mention gets the number of the first identifier.
    fn take_the_dead_for_living(&mut self) {
        let actors_from = self
            .tokens
            .iter()
            .rposition(|token| *token == Token::Open)
            .expect("the actors are a collection");
        for (node, &(slot, number)) in self.nodes.list.iter().enumerate() {
            let is_it = |token: &Token| *token == Token::Fresh { slot, number };
            if slot != ACTORS && !self.tokens[..actors_from].iter().any(is_it) {
                self.nodes.numbers[node] = 1;
            }
        }
    }
}

/// Writes tokens with renumbered nodes and sorted collections.
struct Encoder<'a> {
    tokens: &'a [Token],
    nodes: &'a Nodes,
    newest: &'a [Option<u32>],
    /// The entries of the collections being sorted, the innermost last.
    encoded: &'a mut Vec<u8>,
    /// Where in `encoded` each of those entries is.
    ranges: &'a mut Vec<(u32, u32)>,
}

impl Encoder<'_> {
    /// Writes from `place` to the end of the entry it is in.
    fn write(&mut self, place: &mut usize, out: &mut Vec<u8>) {
        while let Some(&token) = self.tokens.get(*place) {
            match token {
                Token::Entry | Token::Close => return,
                Token::Open => {
                    *place += 1;
                    self.write_collection(place, out);
                }
                Token::Plain(value) => {
                    number(value, out);
                    *place += 1;
                }
                Token::Fresh { slot, number: of } => {
                    debug_assert!(of <= self.newest[usize::from(slot)].unwrap_or(0));
                    let node = self.nodes.places[usize::from(slot)][of as usize] - 1;
                    number(u64::from(self.nodes.numbers[node as usize]), out);
                    *place += 1;
                }
                Token::Actor { actor, which } => {
                    number(u64::from(self.nodes.numbers[actor as usize]), out);
                    number(u64::from(which), out);
                    *place += 1;
                }
                Token::Newest { .. } => unreachable!("the tool is at fault: it was made plain"),
            }
        }
    }

    fn write_collection(&mut self, place: &mut usize, out: &mut Vec<u8>) {
        let first = self.ranges.len();
        let ground = self.encoded.len();
        while self.tokens[*place] == Token::Entry {
            *place += 1;
            let mut entry = std::mem::take(self.encoded);
            let start = entry.len();
            // A nested collection finds its room after what is here already.
            self.write_nested(place, &mut entry);
            let end = entry.len();
            *self.encoded = entry;
            self.ranges.push((
                u32::try_from(start).expect("keys are short"),
                u32::try_from(end).expect("keys are short"),
            ));
        }
        *place += 1;
        let encoded = &*self.encoded;
        let bytes = |range: &(u32, u32)| &encoded[range.0 as usize..range.1 as usize];
        self.ranges[first..].sort_unstable_by(|one, other| bytes(one).cmp(bytes(other)));
        number((self.ranges.len() - first) as u64, out);
        for range in &self.ranges[first..] {
            out.extend_from_slice(bytes(range));
        }
        self.ranges.truncate(first);
        self.encoded.truncate(ground);
    }

    fn write_nested(&mut self, place: &mut usize, entry: &mut Vec<u8>) {
        let mut nested = Encoder {
            tokens: self.tokens,
            nodes: self.nodes,
            newest: self.newest,
            encoded: &mut Vec::new(),
            ranges: &mut Vec::new(),
        };
        nested.write(place, entry);
    }
}

/// The highest number of a family that must stay what it is.
fn pinned(symmetry: &Symmetry, slot: usize) -> u32 {
    match symmetry.rules().nth(slot) {
        Some(Rule::Fresh { pinned } | Rule::Ordered { pinned }) => *pinned,
        _ => 0,
    }
}

/// A number in as few bytes as it needs, seven bits in each.
fn number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Whether a node is tied with another one.
fn is_tied(scratch: &Scratch, node: u32) -> bool {
    scratch
        .components
        .get(node as usize)
        .is_some_and(|&component| component != NONE)
}

fn find(components: &[u32], mut node: u32) -> u32 {
    while components[node as usize] != node {
        node = components[node as usize];
    }
    node
}

fn join(components: &mut [u32], one: u32, other: u32) {
    let (one, other) = (find(components, one), find(components, other));
    let (low, high) = (one.min(other), one.max(other));
    components[high as usize] = low;
}
