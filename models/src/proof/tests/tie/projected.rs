//! The rules of a configuration, projected to what the server has on record.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use logon_core::Variant;
use logon_sim::{Operation, OperationKind};

use super::view::{Piece, View, difference, pieces_of};
use crate::proof::arithmetic::certificate::check;
use crate::proof::arithmetic::formula::Formula;
use crate::proof::arithmetic::linear::{Form, Variable};
use crate::proof::arithmetic::refute::refute;
use crate::proof::bundle::Bundle;
use crate::proof::extract::{Extraction, extract};
use crate::proof::fed::Kind;
use crate::proof::invariant::{Conjunct, invariant};
use crate::proof::obligations::{Effect, known};
use crate::proof::quantity::{CLOSING, ENABLED, PERMITS, SUMS, name};
use crate::proof::rule::{Duty, Rule};
use crate::proof::{Configuration, build};

/// The kind of a section, which says whom it wakes, and its label. What is not done to a monitor in one step has no kind,
/// and is no rule's.
pub(super) type Section = (Option<Kind>, &'static str);

/// The section that an operation is.
pub(super) fn section(operation: &Operation) -> Section {
    let kind = match operation.kind {
        OperationKind::Enter => Some(Kind::Enter),
        OperationKind::Update => Some(Kind::Update),
        OperationKind::Wait => Some(Kind::Wait),
        _ => None,
    };
    (kind, operation.label)
}

/// What a section does to the server's record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Projected {
    section: Section,
    /// The pieces that are gone afterwards.
    lost: Vec<Piece>,
    /// The pieces that are new.
    won: Vec<Piece>,
    /// By how much each quantity changes that changes.
    changes: Vec<(Variable, i64)>,
    /// The flags that it sets.
    flags: Vec<(Variable, i64)>,
    /// Each is at least 0 where it happens.
    conditions: Vec<Form>,
}

impl Projected {
    fn of(rule: &Rule, types: &[Bundle]) -> Projected {
        let pieces = |kinds: &[usize]| {
            let mut pieces: Vec<Piece> = kinds
                .iter()
                .flat_map(|kind| pieces_of(&types[*kind]))
                .collect();
            pieces.sort_unstable();
            pieces
        };
        let (lost, won) = difference(&pieces(&rule.before), &pieces(&rule.after));
        let effect = Effect::of(rule, types);
        let changes = counted().map(|variable| (variable, effect.change(variable)));
        Projected {
            section: (Some(rule.kind), rule.label),
            lost,
            won,
            changes: changes.filter(|change| change.1 != 0).collect(),
            flags: rule.flags.clone(),
            conditions: rule.conditions.clone(),
        }
    }

    /// Whether it changes nothing that the server knows: it is one party's progress alone.
    fn is_still(&self) -> bool {
        self.lost.is_empty()
            && self.won.is_empty()
            && self.changes.is_empty()
            && self.flags.is_empty()
    }

    fn fits(&self, before: &View, after: &View) -> bool {
        let change = |variable: Variable| {
            let change = self.changes.iter().find(|change| change.0 == variable);
            change.map_or(0, |change| change.1)
        };
        let is_changed_alike =
            |variable| after.number(variable) - before.number(variable) == change(variable);
        let is_set_alike = |flag: Variable| {
            let set = self.flags.iter().find(|set| set.0 == flag);
            after.number(flag) == set.map_or(before.number(flag), |set| set.1)
        };
        let holds = |condition: &Form| {
            let value = condition.evaluate_in_range(&|variable| before.number(variable));
            value.expect("small numbers") >= 0
        };
        counted().all(is_changed_alike)
            && [CLOSING, ENABLED].into_iter().all(is_set_alike)
            && self.conditions.iter().all(holds)
    }

    fn text(&self) -> String {
        let Projected {
            section: (kind, label),
            lost,
            won,
            changes,
            flags,
            conditions,
        } = self;
        let conditions: Vec<String> = conditions
            .iter()
            .map(|form| {
                let formula = Formula::AtLeastZero(form.clone());
                formula.display(&name).to_string()
            })
            .collect();
        format!("{kind:?} {label}: {lost:?} => {won:?}, {changes:?} {flags:?} if {conditions:?}")
    }
}

/// The quantities that rules add to and take from.
fn counted() -> impl Iterator<Item = Variable> {
    SUMS.into_iter().chain([PERMITS])
}

/// Whether there are numbers with which it happens, as far as the invariant says. Where the ledger has no permit to give
/// back, for one, it does not.
fn may_happen(rule: &Rule, types: &[Bundle], invariant: &[Conjunct]) -> bool {
    let mut formulas = known(rule, types);
    formulas.extend(invariant.iter().map(|conjunct| conjunct.formula.clone()));
    match refute(&formulas) {
        Ok(certificate) => check(&formulas, &certificate).is_err(),
        Err(_) => true,
    }
}

fn shares(duty: &Duty) -> bool {
    matches!(duty, Duty::Never(broken) if broken.what == "one session belongs to two parties")
}

/// What a step is found by: its section, the pieces that are gone, and those that are new.
type Key = (Section, Vec<Piece>, Vec<Piece>);

/// All rules of a configuration.
pub(in super::super) struct Rules {
    pub(in super::super) configuration: Configuration,
    rules: Vec<Projected>,
    /// Which of them the invariant allows to happen.
    possible: BTreeSet<usize>,
    by_key: BTreeMap<Key, Vec<usize>>,
    pieces: BTreeSet<Piece>,
    /// The sections after which one session may belong to two parties.
    sharing: BTreeSet<Section>,
    invariant: Vec<Conjunct>,
    used: RefCell<BTreeSet<usize>>,
}

impl Rules {
    /// Those of the fixed algorithm.
    pub(in super::super) fn of(configuration: Configuration) -> Rules {
        let allocator = build(Variant::Fixed, configuration);
        let extraction = extract(&allocator, configuration).expect("it can be followed");
        assert!(extraction.faults.is_empty(), "{:?}", extraction.faults);
        Rules::from(&extraction)
    }

    /// Those of an extraction, but for what is not to happen.
    pub(in super::super) fn from(extraction: &Extraction) -> Rules {
        let is_never = |duty: &Duty| matches!(duty, Duty::Never(_));
        Rules::of_which(extraction, &|rule| !rule.duties.iter().any(is_never))
    }

    /// Those of an extraction, with what is not to happen.
    pub(super) fn with_wrong_ones(extraction: &Extraction) -> Rules {
        Rules::of_which(extraction, &|_| true)
    }

    fn of_which(extraction: &Extraction, is_one: &dyn Fn(&Rule) -> bool) -> Rules {
        let types = &extraction.types;
        // What waits changes nothing.
        let happens = |rule: &&Rule| !rule.is_blocked && is_one(rule);
        let invariant = invariant(extraction.configuration.has_maximum);
        let mut different: BTreeMap<Projected, bool> = BTreeMap::new();
        for rule in extraction.rules.iter().filter(happens) {
            let is_possible = different.entry(Projected::of(rule, types)).or_default();
            *is_possible = *is_possible || may_happen(rule, types, &invariant);
        }
        let possible = different.values().enumerate();
        let possible = possible.filter(|(_, is_possible)| **is_possible);
        let possible = possible.map(|(number, _)| number).collect();
        let rules: Vec<Projected> = different.into_keys().collect();
        let mut by_key: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            let key = (rule.section, rule.lost.clone(), rule.won.clone());
            by_key.entry(key).or_default().push(number);
        }
        let followed = types.iter().zip(&extraction.is_followed);
        let followed = followed.filter(|(_, is_followed)| **is_followed);
        Rules {
            configuration: extraction.configuration,
            by_key,
            pieces: followed.flat_map(|(bundle, _)| pieces_of(bundle)).collect(),
            sharing: extraction
                .rules
                .iter()
                .filter(|rule| is_one(rule) && rule.duties.iter().any(shares))
                .map(|rule| (Some(rule.kind), rule.label))
                .collect(),
            invariant,
            possible,
            used: RefCell::default(),
            rules,
        }
    }

    /// Whether a rule says of this section that one session may belong to two parties after it.
    pub(super) fn may_share(&self, section: Section) -> bool {
        self.sharing.contains(&section)
    }

    /// What is wrong with a state, if anything is.
    pub(super) fn wrong_state(&self, view: &View) -> Option<String> {
        if view.strays > 0 {
            return Some("something on record belongs to nobody".to_owned());
        }
        let stranger = view
            .pieces
            .iter()
            .find(|piece| !self.pieces.contains(piece));
        if let Some(stranger) = stranger {
            return Some(format!("no type of party has a {stranger:?}"));
        }
        let holds =
            |conjunct: &&Conjunct| conjunct.formula.evaluate(&|variable| view.number(variable));
        let broken = self.invariant.iter().find(|conjunct| !holds(conjunct))?;
        Some(format!(
            "no longer true: {}, with {}",
            broken.sentence,
            view.numbers()
        ))
    }

    /// What is wrong with a step, if anything is: it changes something, and no rule says so.
    pub(super) fn wrong_step(
        &self,
        section: Section,
        before: &View,
        after: &View,
    ) -> Option<String> {
        let (lost, won) = difference(&before.pieces, &after.pieces);
        let key = (section, lost, won);
        let candidates = self.by_key.get(&key).map_or(&[][..], |found| &**found);
        let mut fitting = candidates
            .iter()
            .filter(|number| self.rules[**number].fits(before, after))
            .peekable();
        if fitting.peek().is_some() {
            self.used.borrow_mut().extend(fitting);
            return None;
        }
        // A refusal with event 71 is a rule although it changes nothing: it has to be lawful.
        let may_be_still = section.1 != "admit" || before.number(ENABLED) == 0;
        if before == after && may_be_still {
            return None;
        }
        let ((kind, label), lost, won) = key;
        Some(format!(
            "no rule says {kind:?} \"{label}\": {lost:?} => {won:?} at {}; {} have other conditions",
            before.numbers(),
            candidates.len()
        ))
    }

    /// How many rules there are, projected, and how many of them may happen.
    pub(super) fn numbers(&self) -> (usize, usize) {
        (self.rules.len(), self.possible.len())
    }

    /// The numbers of those that change something and that some step was found to be.
    pub(in super::super) fn used(&self) -> BTreeSet<usize> {
        let used = self.used.borrow();
        let changing = used
            .iter()
            .filter(|number| !self.rules[**number].is_still());
        changing.copied().collect()
    }

    /// The same rules without that of this number.
    pub(in super::super) fn without(mut self, number: usize) -> Rules {
        for numbers in self.by_key.values_mut() {
            numbers.retain(|other| *other != number);
        }
        self
    }

    /// Those that may happen and that no step was found to be.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let unused = self.possible.difference(&used);
        unused.map(|number| self.rules[*number].text()).collect()
    }
}
