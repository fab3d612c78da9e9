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

mod account;
mod inside;
mod steps;

use std::sync::Arc;

use self::account::Accounts;
pub(super) use self::account::{Account, Kin};
use self::inside::{Forgotten, Frame, follow, level, settled};
use self::steps::Steps;
use super::Search;
use crate::fault::FaultKind;
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

/// All local states that were reached.
pub(crate) struct Locals {
    list: Vec<Local>,
    accounts: Accounts,
    steps: Steps,
    /// The pasts that lead to a local state besides the way to it.
    pasts: Vec<Past>,
    /// By actor, whether it has begun a loop or a scope.
    forgetful: Vec<bool>,
}

impl Locals {
    /// Without any local states; described if `search` has a symmetry.
    pub(crate) fn of(search: &Search) -> Self {
        Self {
            list: Vec::new(),
            accounts: Accounts::of(search.symmetry.clone()),
            steps: Steps::of(search),
            pasts: Vec::new(),
            forgetful: Vec::new(),
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
        self.steps.find(from, 0, result)
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
                let account = self.extend(from, 0, &*result)?;
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
                    Some((value, depth)) => self.steps.find(base, level(depth), &**value)?,
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
                        let account = self.extend(base, level, &**value)?;
                        let knows = (base, Arc::clone(value));
                        let id = self.add(actor, Some(way), Some(knows), inside, account);
                        self.steps.add(base, level, Arc::clone(value), id);
                        Arrival::by_the_way(id)
                    }
                    (None, None) => unreachable!("the beginning of a loop is known"),
                }
            }
        };
        self.steps.add(from, 0, result, arrival.id);
        Ok(arrival)
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
        self.steps.followed()
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
        self.accounts.kin(self.account(id), self.actor(id), class)
    }

    /// The account of `from` with one result more, or one value that was returned at this level.
    ///
    /// # Errors
    ///
    /// The name of a type of which it is not known how it describes itself.
    fn extend(
        &mut self,
        from: LocalId,
        level: u32,
        result: &dyn Value,
    ) -> Result<Account, FaultKind> {
        let account = self.account(from).clone();
        let extended = self.accounts.extend(account, level, result);
        extended.map_err(FaultKind::NotDescribed)
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
}
