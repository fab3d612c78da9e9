//! Local states: what an actor has learned so far.
//!
//! An actor learns only what its sections return, so where it stands and what it knows is a function of its
//! script and of the list of results it has observed. A local state is that list, kept as a tree: a child is
//! its parent and one result more.
//!
//! Some of it is forgotten (see [`Mark`]): at the top of a round the actor has nothing from earlier rounds, so it is in
//! the local state in which it began the first one; and after a `retry` or a scope it has what it knew when it began, and
//! the value that was returned. Several *pasts* lead to such a local state. One of them, by which it was first reached, is
//! the *way* to it; the others are kept as well, for `pasts` to compare what comes after them.

use std::sync::Arc;

use hashbrown::HashTable;

use super::Search;
use super::interner::Interner;
use super::prints::{self, Sample};
use super::symmetry::Symmetry;
use super::token::{self, Token};
use super::words::{HashWords, hash_value};
use crate::execution::FaultKind;
use crate::mark::{Body, Mark};
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
    /// By which result from which local state it was first reached; `None` at the beginning.
    way: Option<Learned>,
    /// What it knows: what is known in another local state, and this. It is the way, unless something was forgotten.
    knows: Option<Learned>,
    /// The loops and scopes it is in, the outermost first.
    inside: Vec<Frame>,
    account: Account,
}

/// What is learned in a local state.
type Learned = (LocalId, Arc<dyn Value>);

/// A loop or a scope that an actor is in.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Frame {
    body: Body,
    /// The local state at its beginning.
    base: LocalId,
}

/// Where an actor goes on after a step; and if it came there before, but by another way, of which loop or scope it has
/// forgotten what was different.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) id: LocalId,
    pub(crate) forgot: Option<Body>,
}

impl Arrival {
    /// By the way that is known.
    pub(super) fn by_the_way(id: LocalId) -> Self {
        Self { id, forgot: None }
    }
}

/// Something was forgotten, and the local state was known.
#[derive(Clone)]
pub(crate) struct Past {
    pub(crate) from: LocalId,
    pub(crate) result: Arc<dyn Value>,
    pub(crate) to: LocalId,
    /// What was forgotten.
    pub(crate) body: Body,
}

/// What an actor forgot between two operations.
struct Forgotten<'a> {
    body: Body,
    base: LocalId,
    /// What it has instead, unless it goes round; and how many loops and scopes it was in then.
    returned: Option<(&'a Arc<dyn Value>, usize)>,
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
    /// One entry for each (local state, result) that was followed, and for each value that was returned.
    steps: Vec<LocalStep>,
    /// The pasts that lead to a local state besides the way to it.
    pasts: Vec<Past>,
    /// By actor, whether it has begun a loop or a scope.
    forgetful: Vec<bool>,
    /// Which of the results that were taken for one another are compared by what they print.
    sample: Sample,
    found: HashTable<u32>,
    /// Shapes by their number, to notice if two have the same.
    shapes: Vec<(u64, Vec<u64>)>,
    shape_table: HashTable<u32>,
}

/// A result that was followed from a local state, or a value that a loop or a scope returned which began there.
struct LocalStep {
    from: LocalId,
    /// 0 for a result; for a value one more than the number of loops and scopes that the actor is still in, for two that
    /// are in each other may have begun in the same local state.
    level: u32,
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
            pasts: Vec::new(),
            forgetful: Vec::new(),
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

    /// Whether `actor` is in a loop that forgets in one of its local states.
    pub(super) fn goes_round(&self, actor: ActorId) -> bool {
        let mut all = self.list.iter();
        all.any(|local| {
            let mut inside = local.inside.iter();
            local.actor == actor && inside.any(|frame| frame.body.kind.is_loop())
        })
    }

    pub(super) fn account(&self, id: LocalId) -> &Account {
        &self.list[id.index()].account
    }

    /// The beginning of `actor`, which comes to these marks before its first operation.
    pub(crate) fn root(&mut self, actor: ActorId, marks: &[Mark]) -> LocalId {
        let (inside, _) = follow(Vec::new(), marks);
        self.add(actor, None, None, inside, Account::default())
    }

    fn add(
        &mut self,
        actor: ActorId,
        way: Option<Learned>,
        knows: Option<Learned>,
        inside: Vec<Frame>,
        account: Account,
    ) -> LocalId {
        let id = LocalId(u32::try_from(self.list.len()).expect("fewer than 2^32 local states"));
        if self.forgetful.len() <= actor.index() {
            self.forgetful.resize(actor.index() + 1, false);
        }
        self.forgetful[actor.index()] |= !inside.is_empty();
        self.list.push(Local {
            actor,
            way,
            knows,
            inside: settled(inside, id),
            account,
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
        self.find_at(from, 0, result)
    }

    fn find_at(
        &mut self,
        from: LocalId,
        level: u32,
        result: &dyn Value,
    ) -> Result<Option<LocalId>, FaultKind> {
        let same = |&place: &u32| {
            let step = &self.steps[place as usize];
            step.from == from && step.level == level && step.result.equals(result)
        };
        let hash = step_hash(from, level, result);
        let Some(&place) = self.found.find(hash, same) else {
            return Ok(None);
        };
        let step = &self.steps[place as usize];
        if self.sample.takes_next() {
            prints::compare(&*step.result, step.print, result)?;
        }
        Ok(Some(step.to))
    }

    /// The actor in `from` observed `result` and came to these marks before its next operation: where that
    /// leads.
    ///
    /// # Errors
    ///
    /// What is wrong with the type of a value, above all that it is not known how it describes itself; or that the actor
    /// goes on elsewhere than after another past.
    pub(crate) fn learn(
        &mut self,
        from: LocalId,
        result: &dyn Value,
        marks: &[Mark],
    ) -> Result<Arrival, FaultKind> {
        if let Some(id) = self.find(from, result)? {
            return Ok(Arrival { id, forgot: None });
        }
        let result: Arc<dyn Value> = result.boxed_clone().into();
        let way = (from, Arc::clone(&result));
        let actor = self.actor(from);
        let (inside, forgotten) = follow(self.list[from.index()].inside.clone(), marks);
        let arrival = match forgotten {
            None => {
                let account = self.extend(from, 0, &*result);
                let account = account.map_err(FaultKind::NotDescribed)?;
                let id = self.add(actor, Some(way.clone()), Some(way), inside, account);
                Arrival::by_the_way(id)
            }
            Some(Forgotten {
                body,
                base,
                returned,
            }) => {
                let known = match returned {
                    None => Some(base),
                    Some((value, depth)) => self.find_at(base, level(depth), &**value)?,
                };
                match (known, returned) {
                    (Some(id), _) => {
                        self.compare_inside(id, inside, body)?;
                        let (to, result) = (id, Arc::clone(&result));
                        self.pasts.push(Past {
                            from,
                            result,
                            to,
                            body,
                        });
                        let forgot = Some(body);
                        Arrival { id, forgot }
                    }
                    (None, Some((value, depth))) => {
                        let level = level(depth);
                        let account = self.extend(base, level, &**value);
                        let account = account.map_err(FaultKind::NotDescribed)?;
                        let knows = (base, Arc::clone(value));
                        let id = self.add(actor, Some(way), Some(knows), inside, account);
                        self.add_step(base, level, Arc::clone(value), id);
                        Arrival::by_the_way(id)
                    }
                    (None, None) => unreachable!("the beginning of a loop is known"),
                }
            }
        };
        self.add_step(from, 0, result, arrival.id);
        Ok(arrival)
    }

    fn add_step(&mut self, from: LocalId, level: u32, result: Arc<dyn Value>, to: LocalId) {
        let place = u32::try_from(self.steps.len()).expect("fewer than 2^32 local steps");
        let is_compared = u64::from(place) < FIRST_COMPARED && self.sample.is_on();
        let hash = step_hash(from, level, &*result);
        let print = match is_compared {
            true => prints::print_of(&*result),
            false => 0,
        };
        self.steps.push(LocalStep {
            from,
            level,
            result,
            print,
            to,
        });
        let steps = &self.steps;
        self.found.insert_unique(hash, place, |&place| {
            let step = &steps[place as usize];
            step_hash(step.from, step.level, &*step.result)
        });
    }

    /// An actor that is in `id` after all that it forgot must be inside of what it was inside of after another past.
    fn compare_inside(&self, id: LocalId, inside: Vec<Frame>, body: Body) -> Result<(), FaultKind> {
        let known = &self.list[id.index()].inside;
        let inside = settled(inside, id);
        if *known == inside {
            return Ok(());
        }
        let tell = |inside: &[Frame]| match inside.last() {
            Some(frame) => format!("being inside of {}", frame.body),
            None => "being outside of any loop and scope".to_owned(),
        };
        Err(FaultKind::Remembered {
            body,
            expected: tell(known),
            found: tell(&inside),
        })
    }

    /// All of them, in the order in which they were reached.
    pub(super) fn all(&self) -> impl Iterator<Item = LocalId> + use<> {
        (0..u32::try_from(self.list.len()).expect("fewer than 2^32 local states")).map(LocalId)
    }

    /// The local state in which what is known last in `id` was learned.
    pub(super) fn base(&self, id: LocalId) -> Option<LocalId> {
        self.list[id.index()].knows.as_ref().map(|(base, _)| *base)
    }

    /// The innermost loop that an actor in `id` is in.
    pub(super) fn innermost_loop(&self, id: LocalId) -> Option<Body> {
        let mut inside = self.list[id.index()].inside.iter().rev();
        inside
            .find(|frame| frame.body.kind.is_loop())
            .map(|frame| frame.body)
    }

    /// The pasts that lead to a local state besides the way to it.
    pub(super) fn pasts(&self) -> &[Past] {
        &self.pasts
    }

    /// Every result that was followed: from where, and where to.
    pub(super) fn followed(&self) -> impl Iterator<Item = (LocalId, &Arc<dyn Value>, LocalId)> {
        let results = self.steps.iter().filter(|step| step.level == 0);
        results.map(|step| (step.from, &step.result, step.to))
    }

    /// The way to `id`: by which result from which local state it was first reached.
    pub(super) fn way(&self, id: LocalId) -> Option<(LocalId, &Arc<dyn Value>)> {
        let way = self.list[id.index()].way.as_ref();
        way.map(|(from, result)| (*from, result))
    }

    /// Whether `actor` has been in a loop or a scope in any of its local states so far.
    pub(super) fn is_forgetful(&self, actor: ActorId) -> bool {
        self.forgetful[actor.index()]
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
        self.chain(id, |local| local.way.as_ref())
    }

    /// What an actor in `id` knows: results, and values of loops and scopes, with the local state after each.
    pub(super) fn known(&self, id: LocalId) -> Vec<(LocalId, &dyn Value)> {
        self.chain(id, |local| local.knows.as_ref())
    }

    fn chain(
        &self,
        id: LocalId,
        before: impl Fn(&Local) -> Option<&Learned>,
    ) -> Vec<(LocalId, &dyn Value)> {
        let mut results = Vec::new();
        let mut at = id;
        while let Some((from, result)) = before(&self.list[at.index()]) {
            results.push((at, &**result));
            at = *from;
        }
        results.reverse();
        results
    }

    /// The beginning of the actor whose local state `id` is.
    pub(crate) fn beginning(&self, mut id: LocalId) -> LocalId {
        while let Some((from, _)) = self.list[id.index()].way {
            id = from;
        }
        id
    }

    /// The account of `from` with one result more, or one value that was returned at this level.
    fn extend(
        &mut self,
        from: LocalId,
        level: u32,
        result: &dyn Value,
    ) -> Result<Account, &'static str> {
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

/// Follows `marks` from inside of these loops and scopes: which they are afterwards, and what was forgotten last. What is
/// begun is begun in a local state that has no number yet; see [`settled`].
fn follow(mut inside: Vec<Frame>, marks: &[Mark]) -> (Vec<Frame>, Option<Forgotten<'_>>) {
    let mut forgotten = None;
    for mark in marks {
        let innermost = inside.last().copied();
        match mark {
            Mark::Begin(body) => inside.push(Frame {
                body: *body,
                base: NEW,
            }),
            Mark::Leave => drop(inside.pop()),
            Mark::Again | Mark::Return(_) => {
                let Some(Frame { body, base }) = innermost else {
                    continue;
                };
                let mut returned = None;
                if let Mark::Return(value) = mark {
                    inside.pop();
                    returned = Some((value, inside.len()));
                }
                // What was begun since the last operation has seen nothing that could be forgotten.
                if base != NEW {
                    forgotten = Some(Forgotten {
                        body,
                        base,
                        returned,
                    });
                }
            }
        }
    }
    (inside, forgotten)
}

/// The frames of an actor that has come to its next operation in local state `id`: what was begun on the way to it was
/// begun knowing what is known in it.
fn settled(mut inside: Vec<Frame>, id: LocalId) -> Vec<Frame> {
    let new = inside.iter_mut().filter(|frame| frame.base == NEW);
    new.for_each(|frame| frame.base = id);
    inside
}

/// What tells a value that was returned inside of so many loops and scopes from a result.
fn level(depth: usize) -> u32 {
    u32::try_from(depth + 1).expect("fewer than 2^32 loops and scopes around an actor")
}

fn step_hash(from: LocalId, level: u32, result: &dyn Value) -> u64 {
    hash_value(u64::from(from.0) | u64::from(level) << 32, result)
}
