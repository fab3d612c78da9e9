//! What both oracles find out about all executions of a scenario, one by walking each, one by walking classes of
//! them.

use std::collections::BTreeMap;

use logon_core::Variant;
use logon_models::judge::Violation;
use logon_models::trace::{Explanation, OtherStep, Reach, Trace};
use logon_sim::Operation;

/// A step by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Event {
    pub(crate) actor: String,
    label: String,
    object: String,
    nth: u32,
    kind: String,
}

impl Event {
    pub(crate) fn new(actor: &str, operation: &Operation) -> Event {
        Event {
            actor: actor.to_owned(),
            label: operation.label.to_owned(),
            object: operation.object_name.to_owned(),
            nth: operation.nth,
            kind: operation.kind.name().to_owned(),
        }
    }

    /// The step of this number, from 1.
    fn numbered(trace: &Trace, number: usize) -> Event {
        let step = &trace.steps[number - 1];
        Event {
            actor: step.actor.clone(),
            label: step.label.clone(),
            object: step.object.clone(),
            nth: step.nth,
            kind: step.kind.clone(),
        }
    }

    /// The steps of a trace.
    pub(crate) fn all(trace: &Trace) -> Vec<Event> {
        let numbers = 1..=trace.steps.len();
        numbers
            .map(|number| Event::numbered(trace, number))
            .collect()
    }
}

/// An order of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) first: Event,
    then: Then,
}

/// The later step of an order.
#[derive(Clone, Debug)]
enum Then {
    /// It must come.
    Own(Event),
    /// It may come.
    Other(OtherStep),
}

impl Order {
    /// The orders of the rule that a trace is explained by.
    pub(crate) fn all(trace: &Trace) -> Vec<Order> {
        let rule = explanation(trace).rule.as_ref().expect("there is a rule");
        let orders = rule.orders.iter().map(|order| Order {
            first: Event::numbered(trace, order.first),
            then: match (&order.then, &order.other) {
                (Some(then), None) => Then::Own(Event::numbered(trace, *then)),
                (None, Some(other)) => Then::Other(other.clone()),
                _ => panic!("an order has one second step"),
            },
        });
        orders.collect()
    }

    /// Whether this is its later step.
    pub(crate) fn is_then(&self, event: &Event) -> bool {
        match &self.then {
            Then::Own(then) => event == then,
            Then::Other(other) => {
                event.actor == other.actor
                    && event.label == other.label
                    && event.object == other.object
                    && event.nth == other.nth
            }
        }
    }

    /// Whether it also holds if its later step never comes.
    pub(crate) fn may_lack_then(&self) -> bool {
        matches!(self.then, Then::Other(_))
    }
}

/// The property that fell first, and what happened to whom.
pub(crate) type Failure = (String, String);

/// The first of these, by which failures are told apart.
pub(crate) fn failure(violations: &[Violation]) -> Failure {
    let first = violations.first().expect("a verdict names what fell");
    (first.property.name().to_owned(), format!("{first:?}"))
}

/// Steps, preemptions, switches, and who takes the steps, by place in the order of spawning.
pub(crate) type Size = (usize, usize, usize, Vec<usize>);

/// For each number of steps the least size of an execution that has so many.
#[derive(PartialEq, Eq, Default, Debug)]
pub(crate) struct Sizes(BTreeMap<usize, Size>);

impl Sizes {
    /// Adds the size of an execution.
    pub(crate) fn note(&mut self, size: Size) {
        let known = self.0.entry(size.0).or_insert_with(|| size.clone());
        *known = size.min(known.clone());
    }

    /// The one with the fewest preemptions, then the fewest steps, of those that have at most a third more steps than the
    /// shortest.
    fn smallest(&self) -> Option<&Size> {
        let (shortest, _) = self.0.first_key_value()?;
        let short = self.0.range(..=shortest + shortest / 3);
        let sizes = short.map(|(_, size)| size);
        sizes.min_by_key(|(steps, preemptions, ..)| (*preemptions, *steps))
    }
}

/// What all executions come to.
#[derive(PartialEq, Eq, Default, Debug)]
pub(crate) struct Found {
    /// How many executions there are in which these orders of the rule hold and which end like this; `None` passes.
    pub(crate) ends: BTreeMap<(Vec<bool>, Option<Failure>), u128>,
    /// How the execution of the trace ends.
    pub(crate) own: Option<Failure>,
    /// The sizes of the executions in which the trace's property falls.
    pub(crate) sizes: Sizes,
    /// The longest prefix of the trace from which an execution passes.
    pub(crate) passes_after: Option<usize>,
    /// The fewest steps of the trace that a passing execution does not leave as they are.
    pub(crate) nearest: Option<usize>,
}

pub(crate) fn explanation(trace: &Trace) -> &Explanation {
    let explained = trace.explanation.as_ref();
    explained.expect("it was explained")
}

impl Found {
    /// How many executions there are.
    pub(crate) fn executions(&self) -> u128 {
        self.ends.values().sum()
    }

    fn count(&self, of: impl Fn(&[bool], &Option<Failure>) -> bool) -> u128 {
        let ends = self.ends.iter();
        let ends = ends.filter(|((holds, failure), _)| of(holds, failure));
        ends.map(|(_, count)| count).sum()
    }

    /// Compares it with what is said of a trace.
    pub(crate) fn is_said_of(&self, trace: &Trace, defect: Variant) {
        let said = explanation(trace);
        assert!(said.basis.exhausted, "{defect}");
        let failing = self.count(|_, failure| failure.is_some());
        let passing = self.count(|_, failure| failure.is_none());
        assert_eq!(said.basis.failing, Some(failing.to_string()), "{defect}");
        assert_eq!(said.basis.passing, Some(passing.to_string()), "{defect}");
        assert_eq!(Some(&size(trace)), self.sizes.smallest(), "{defect}");
        let point = said.point.as_ref().expect("there is a point");
        let expected = self.passes_after.map_or(0, |prefix| prefix + 1);
        assert_eq!(point.step, expected, "{defect}");
        let moved = said.near.as_ref().map(|near| near.moves.len());
        assert_eq!(moved, self.nearest, "{defect}");
        self.has_rule(trace, defect);
    }

    /// Whether the rule is what it is called, and none of its orders can be left out.
    fn has_rule(&self, trace: &Trace, defect: Variant) {
        let rule = explanation(trace).rule.as_ref().expect("there is a rule");
        let orders = rule.orders.len();
        for (holds, failure) in self.ends.keys() {
            assert_eq!(holds.len(), orders, "{defect}");
            let holds = holds.iter().all(|holds| *holds);
            let what = format!("{defect}: {holds} {failure:?} {}", rule.sentence);
            match rule.reach {
                Reach::Always => assert!(failure.is_some(), "{what}"),
                Reach::Exactly => assert_eq!(holds, failure.is_some(), "{what}"),
                Reach::LikeThis => assert_eq!(holds, *failure == self.own, "{what}"),
                Reach::Whenever => assert!(!holds || failure.is_some(), "{what}"),
                Reach::Nothing => panic!("{defect}: some rule is known for each"),
            }
        }
        let all = self.count(|holds, _| holds.iter().all(|holds| *holds));
        if matches!(rule.reach, Reach::LikeThis | Reach::Whenever) {
            let covering = format!("({} of those that fail", logon_sim::grouped(all));
            assert!(rule.sentence.contains(&covering), "{defect}: {all}");
        }
        for left_out in 0..orders {
            let rest = |holds: &[bool]| {
                let mut rest = holds.iter().enumerate();
                rest.all(|(order, holds)| *holds || order == left_out)
            };
            let passing = self.count(|holds, failure| rest(holds) && failure.is_none());
            assert!(passing > 0, "{defect}: without {:?}", rule.orders[left_out]);
        }
    }
}

fn size(trace: &Trace) -> Size {
    let place = |name: &String| trace.actors.iter().position(|actor| actor == name);
    let actors = trace.steps.iter().map(|step| place(&step.actor));
    let actors: Option<Vec<usize>> = actors.collect();
    let actors = actors.expect("each step is an actor's");
    let preemptions = trace.preemptions.expect("they were counted");
    (actors.len(), preemptions, switches(&actors), actors)
}

/// How often somebody else goes on than before.
pub(crate) fn switches(actors: &[usize]) -> usize {
    actors.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// The length of a longest common subsequence.
pub(crate) fn longest_common(one: &[Event], other: &[Event]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for a in one {
        let mut diagonal = 0;
        for (place, b) in other.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = if a == b {
                diagonal + 1
            } else {
                above.max(row[place])
            };
            diagonal = above;
        }
    }
    row[other.len()]
}
