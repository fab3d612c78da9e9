//! From a state to nodes, entries and mentions.

use super::super::Planted;
use super::super::local::Locals;
use super::super::state::{State, Status};
use super::super::symmetry::Rule;
use super::super::token::{self, Token};
use super::super::words::{chain, mix};
use super::encode::number;
use super::{ACTORS, Canonizer, Entry, Mention};

/// The first byte of what does not fit into one.
const LARGE: u8 = 249;

impl Canonizer {
    /// Writes down the description of a state.
    ///
    /// # Errors
    ///
    /// The name of a type that cannot describe itself.
    pub(crate) fn describe(
        &mut self,
        State { objects, actors }: &State,
        locals: &Locals,
    ) -> Result<(), &'static str> {
        self.tokens.clear();
        let described = match self.planted {
            Some(Planted::KeyWithoutObject) => &objects[..objects.len() - 1],
            _ => objects.as_slice(),
        };
        for object in described {
            token::describe(
                &self.symmetry,
                &mut self.interner,
                &**object,
                &mut self.tokens,
            )?;
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

    /// Puts the description into `bytes` as it is, with the numbers the identifiers have. Two descriptions of one
    /// program are equal if and only if these are.
    pub(crate) fn description(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        for token in &self.tokens {
            match *token {
                // Most numbers are small, and one byte is all they take.
                Token::Plain(value) if value < u64::from(LARGE) => bytes.push(value as u8),
                Token::Plain(value) => {
                    bytes.push(LARGE);
                    number(value, bytes);
                }
                Token::Fresh { slot, number: of } => {
                    bytes.extend([LARGE + 1, slot]);
                    number(u64::from(of), bytes);
                }
                Token::Newest { slot, number: of } => {
                    bytes.extend([LARGE + 2, slot]);
                    number(u64::from(of), bytes);
                }
                Token::Actor { actor, which } => {
                    bytes.push(LARGE + 3);
                    number(u64::from(actor), bytes);
                    number(u64::from(which), bytes);
                }
                Token::Open => bytes.push(LARGE + 4),
                Token::Entry => bytes.push(LARGE + 5),
                Token::Close => bytes.push(LARGE + 6),
            }
        }
    }

    /// Finds nodes, entries and mentions; makes plain what has no node.
    pub(super) fn analyze(&mut self) {
        self.newest.fill(None);
        for token in &self.tokens {
            // Objects come first: what an actor remembers of a newest one is no longer news.
            if let Token::Newest { slot, number } = *token {
                self.newest[usize::from(slot)].get_or_insert(number);
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
                    let told = self.symmetry.pinned(slot).min(number);
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
}
