//! Local states: what an actor has learned so far.
//!
//! An actor learns only what its sections return, so where it stands and what it knows is a function of its
//! script and of the list of results it has observed. A local state is that list, kept as a tree: a child is
//! its parent and one result more. At the top of a round of `Primitives::forever` the actor has nothing from
//! earlier rounds (the body is `Fn`), so what follows the loop's first round is forgotten there: without it
//! the lists of an actor that serves for ever would grow for ever.

use std::sync::Arc;

use hashbrown::HashTable;

use super::Search;
use super::interner::Interner;
use super::prints::{self, Sample};
use super::symmetry::Symmetry;
use super::token::{self, Token};
use super::words::{HashWords, hash_value};
use crate::context::Round;
use crate::execution::FaultKind;
use crate::step::ActorId;
use crate::value::Value;

/// A local state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LocalId(pub(super) u32);

impl LocalId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a local state.
struct Local {
    actor: ActorId,
    parent: Option<LocalId>,
    /// What it learned last; `None` at the beginning.
    result: Option<Arc<dyn Value>>,
    /// The tops of the loops it is in, the outermost first.
    loops: Vec<LocalId>,
    account: Account,
}

/// The description of everything a local state has observed.
#[derive(Clone, Default)]
pub(super) struct Account {
    /// A number for everything but identifiers, unique within one search. It depends on nothing but the
    /// description, so two searches agree on it.
    pub(super) shape: u64,
    /// The identifiers, in the order of their first appearance.
    pub(super) identifiers: Vec<Token>,
    /// The results that contain collections without order, token by token.
    pub(super) rest: Vec<Token>,
}

/// A class, a shape, and which of the identifiers are the actor's own.
pub(super) type Kin = (u32, u64, Vec<u32>);

/// All local states that were reached.
pub(crate) struct Locals {
    symmetry: Option<Symmetry>,
    interner: Interner,
    list: Vec<Local>,
    /// One entry for each (local state, result) that was followed.
    steps: Vec<LocalStep>,
    /// Which of the results that were taken for one another are compared by what they print.
    sample: Sample,
    found: HashTable<u32>,
    /// Shapes by their number, to notice if two have the same.
    shapes: Vec<(u64, Vec<u64>)>,
    shape_table: HashTable<u32>,
}

/// A result that was followed from a local state.
struct LocalStep {
    from: LocalId,
    result: Arc<dyn Value>,
    /// What the result printed when it was new, or 0.
    print: u64,
    to: LocalId,
}

/// So many results are first compared by what they print before a share of the others is.
const FIRST_COMPARED: u64 = 2_000;

/// Stands for the local state that is about to be made.
const NEW: LocalId = LocalId(u32::MAX);

impl Locals {
    /// Without any local states; described if `search` has a symmetry.
    pub(crate) fn of(search: &Search) -> Self {
        Self {
            symmetry: search.symmetry.clone(),
            interner: Interner::default(),
            list: Vec::new(),
            steps: Vec::new(),
            sample: Sample::of(search, 3, FIRST_COMPARED),
            found: HashTable::new(),
            shapes: Vec::new(),
            shape_table: HashTable::new(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The actor whose local state it is.
    pub(crate) fn actor(&self, id: LocalId) -> ActorId {
        self.list[id.index()].actor
    }

    /// Whether `actor` is in a loop without end in one of its local states.
    pub(super) fn goes_round(&self, actor: ActorId) -> bool {
        let mut all = self.list.iter();
        all.any(|local| local.actor == actor && !local.loops.is_empty())
    }

    pub(super) fn account(&self, id: LocalId) -> &Account {
        &self.list[id.index()].account
    }

    /// The beginning of `actor`, which begins these rounds before its first operation.
    pub(crate) fn root(&mut self, actor: ActorId, rounds: &[Round]) -> LocalId {
        let (mut loops, _) = follow(Vec::new(), rounds);
        let id = self.next_id();
        loops
            .iter_mut()
            .filter(|top| **top == NEW)
            .for_each(|top| *top = id);
        self.list.push(Local {
            actor,
            parent: None,
            result: None,
            loops,
            account: Account::default(),
        });
        id
    }

    /// Where `result` led from `from`, if that was learned.
    ///
    /// # Errors
    ///
    /// What is wrong with the type of the result.
    pub(crate) fn find(
        &mut self,
        from: LocalId,
        result: &dyn Value,
    ) -> Result<Option<LocalId>, FaultKind> {
        let same = |&place: &u32| {
            let step = &self.steps[place as usize];
            step.from == from && step.result.equals(result)
        };
        let Some(&place) = self.found.find(step_hash(from, result), same) else {
            return Ok(None);
        };
        let step = &self.steps[place as usize];
        if self.sample.takes_next() {
            prints::compare(&*step.result, step.print, result)?;
        }
        Ok(Some(step.to))
    }

    /// The actor in `from` observed `result` and began these rounds before its next operation: where that
    /// leads.
    ///
    /// # Errors
    ///
    /// What is wrong with the type of the result, above all that it is not known how it describes itself.
    pub(crate) fn learn(
        &mut self,
        from: LocalId,
        result: &dyn Value,
        rounds: &[Round],
    ) -> Result<LocalId, FaultKind> {
        if let Some(to) = self.find(from, result)? {
            return Ok(to);
        }
        let kept: Arc<dyn Value> = result.boxed_clone().into();
        let (mut loops, forgotten) = follow(self.list[from.index()].loops.clone(), rounds);
        let to = match forgotten {
            Some(top) => top,
            None => {
                let id = self.next_id();
                loops
                    .iter_mut()
                    .filter(|top| **top == NEW)
                    .for_each(|top| *top = id);
                let account = self.extend(from, result);
                let account = account.map_err(FaultKind::NotDescribed)?;
                self.list.push(Local {
                    actor: self.list[from.index()].actor,
                    parent: Some(from),
                    result: Some(Arc::clone(&kept)),
                    loops,
                    account,
                });
                id
            }
        };
        let place = u32::try_from(self.steps.len()).expect("fewer than 2^32 local steps");
        let is_compared = u64::from(place) < FIRST_COMPARED && self.sample.is_on();
        self.steps.push(LocalStep {
            from,
            print: if is_compared {
                prints::print_of(&*kept)
            } else {
                0
            },
            result: kept,
            to,
        });
        let steps = &self.steps;
        self.found
            .insert_unique(step_hash(from, result), place, |&place| {
                let step = &steps[place as usize];
                step_hash(step.from, &*step.result)
            });
        Ok(to)
    }

    /// What the local states of actors of class `class` have in common if an exchange takes one into the other;
    /// `None` if there is no exchange, or if that cannot be told from shape and identifiers alone.
    pub(super) fn kin(&self, id: LocalId, class: u32) -> Option<Kin> {
        let symmetry = self.symmetry.as_ref().filter(|s| s.exchanges())?;
        let Account {
            shape,
            identifiers,
            rest,
        } = self.account(id);
        if !rest.is_empty() {
            // How the identifiers of a collection hang together is not in the shape.
            return None;
        }
        let own = self.actor(id).0;
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

    /// The results that lead to `id` from the beginning of its actor.
    pub(crate) fn results(&self, id: LocalId) -> Vec<(LocalId, &dyn Value)> {
        let mut results = Vec::new();
        let mut at = id;
        while let (Some(parent), Some(result)) = (
            self.list[at.index()].parent,
            self.list[at.index()].result.as_deref(),
        ) {
            results.push((at, result));
            at = parent;
        }
        results.reverse();
        results
    }

    /// The beginning of the actor whose local state `id` is.
    pub(crate) fn beginning(&self, mut id: LocalId) -> LocalId {
        while let Some(parent) = self.list[id.index()].parent {
            id = parent;
        }
        id
    }

    fn next_id(&self) -> LocalId {
        LocalId(u32::try_from(self.list.len()).expect("fewer than 2^32 local states"))
    }

    /// The account of `from` with one result more.
    fn extend(&mut self, from: LocalId, result: &dyn Value) -> Result<Account, &'static str> {
        let mut account = self.account(from).clone();
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

/// Follows `rounds` from inside of `loops`: the loops after them, and the top of the loop to which the actor has
/// come back, if it has.
fn follow(mut loops: Vec<LocalId>, rounds: &[Round]) -> (Vec<LocalId>, Option<LocalId>) {
    let mut back: Option<usize> = None;
    for round in rounds {
        match round {
            Round::First => loops.push(NEW),
            Round::Next => back = Some(loops.len() - 1),
            Round::Over => {
                loops.pop();
                back = back.filter(|&depth| depth < loops.len());
            }
        }
    }
    let top = back.map(|depth| loops[depth]).filter(|&top| top != NEW);
    (loops, top)
}

fn step_hash(from: LocalId, result: &dyn Value) -> u64 {
    hash_value(u64::from(from.0), result)
}
