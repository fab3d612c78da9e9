//! Accounts: the descriptions of what local states have observed, by which actors are told apart or exchanged.

use hashbrown::HashTable;

use super::super::interner::Interner;
use super::super::symmetry::Symmetry;
use super::super::token::{self, Token};
use super::super::words::HashWords;
use crate::step::ActorId;
use crate::value::Value;

/// The description of everything a local state has observed.
#[derive(Clone, Default)]
pub(in super::super) struct Account {
    /// A number for everything but identifiers, unique within one search. It depends on nothing but the
    /// description, so two searches agree on it.
    pub(in super::super) shape: u64,
    /// The identifiers, in the order of their first appearance.
    pub(in super::super) identifiers: Vec<Token>,
    /// The results that contain collections without order, token by token.
    pub(in super::super) rest: Vec<Token>,
}

/// A class, a shape, and which of the identifiers are the actor's own.
pub(in super::super) type Kin = (u32, u64, Vec<u32>);

/// What accounts are made of.
pub(super) struct Accounts {
    /// How values describe themselves; without, accounts stay empty.
    symmetry: Option<Symmetry>,
    interner: Interner,
    /// Shapes by their number, to notice if two have the same.
    shapes: Vec<(u64, Vec<u64>)>,
    shape_table: HashTable<u32>,
}

impl Accounts {
    pub(super) fn of(symmetry: Option<Symmetry>) -> Self {
        Self {
            symmetry,
            interner: Interner::default(),
            shapes: Vec::new(),
            shape_table: HashTable::new(),
        }
    }

    /// What accounts of actors of class `class`, of which `actor` is one, have in common if an exchange takes one into the
    /// other; `None` if there is no exchange, or if that cannot be told from shape and identifiers alone.
    pub(super) fn kin(&self, account: &Account, actor: ActorId, class: u32) -> Option<Kin> {
        let symmetry = self.symmetry.as_ref().filter(|s| s.exchanges())?;
        let Account {
            shape,
            identifiers,
            rest,
        } = account;
        if !rest.is_empty() {
            // How the identifiers of a collection hang together is not in the shape.
            return None;
        }
        let own = actor.0;
        let mut owned = Vec::new();
        for token in identifiers {
            owned.push(match *token {
                Token::Actor { actor, which } if actor == own => 2 * which + 1,
                Token::Actor { which, .. } => 2 * which + 2,
                Token::Fresh { slot, .. } if symmetry.is_ordered(slot) => return None,
                _ => 0,
            });
        }
        Some((class, *shape, owned))
    }

    /// `account` with one result more, or one value that was returned at this level.
    ///
    /// # Errors
    ///
    /// The name of a type of which it is not known how it describes itself.
    pub(super) fn extend(
        &mut self,
        mut account: Account,
        level: u32,
        result: &dyn Value,
    ) -> Result<Account, &'static str> {
        let Some(symmetry) = &self.symmetry else {
            return Ok(account);
        };
        let mut tokens = Vec::new();
        token::describe(symmetry, &mut self.interner, result, &mut tokens)?;
        for token in &mut tokens {
            // What was the newest when an actor looked is one identifier among others later.
            if let Token::Newest { slot, number } = *token {
                *token = if number > symmetry.pinned(slot) {
                    Token::Fresh { slot, number }
                } else {
                    Token::Plain(u64::from(number))
                };
            }
        }
        let mut words = vec![account.shape];
        if level > 0 {
            // Nothing else begins with such a word.
            words.push(u64::MAX - u64::from(level));
        }
        if tokens.iter().any(|token| token.is_structure()) {
            words.push(u64::MAX);
            account.rest.extend(tokens);
        } else {
            for token in tokens {
                match token {
                    Token::Plain(value) => words.extend([0, value]),
                    identifier => {
                        let known = account.identifiers.iter().position(|id| *id == identifier);
                        let place = known.unwrap_or_else(|| {
                            account.identifiers.push(identifier);
                            account.identifiers.len() - 1
                        });
                        words.extend([1, place as u64]);
                    }
                }
            }
        }
        account.shape = self.shape(words);
        Ok(account)
    }

    /// The number of a shape.
    ///
    /// # Panics
    ///
    /// If two shapes have the same number. That is a chance of less than one in 2^30 for a search of a
    /// hundred thousand local states, and it is noticed rather than believed in.
    fn shape(&mut self, words: Vec<u64>) -> u64 {
        let number = words.as_slice().hash_words();
        let place = self
            .shape_table
            .find(number, |&place| self.shapes[place as usize].0 == number);
        match place {
            Some(&place) => assert!(
                self.shapes[place as usize].1 == words,
                "the tool is at fault: two local states have one number"
            ),
            None => {
                let place = u32::try_from(self.shapes.len()).expect("fewer than 2^32 shapes");
                self.shapes.push((number, words));
                let shapes = &self.shapes;
                self.shape_table
                    .insert_unique(number, place, |&place| shapes[place as usize].0);
            }
        }
        number
    }
}
