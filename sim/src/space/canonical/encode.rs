//! From ordered nodes to bytes.

use super::super::Planted;
use super::super::symmetry::Rule;
use super::super::token::Token;
use super::{ACTORS, Canonizer, NONE, Nodes, Scratch};

impl Canonizer {
    /// Renumbers the nodes in their order and writes the description down.
    pub(super) fn encode(&mut self) {
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
        let rules = (0_u8..).zip(self.symmetry.rules());
        next.extend(rules.map(|(slot, _)| self.symmetry.pinned(slot) + 1));
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
                let first = self.symmetry.pinned(slot) + 1;
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
    pub(super) fn write(&mut self, out: &mut Vec<u8>) {
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

/// A number in as few bytes as it needs, seven bits in each.
pub(super) fn number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
