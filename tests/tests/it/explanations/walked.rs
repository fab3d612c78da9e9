//! What all executions come to, by classes of their prefixes: no execution is walked, so there may be any number.

use std::collections::BTreeMap;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::Play;
use logon_models::scenario::Scenario;
use logon_models::trace::Trace;

use crate::explanations::classes::{Class, Step, To, classes};
use crate::explanations::found::{Event, Failure, Found, Order, Sizes};

/// What the executions of a trace's scenario come to; `None` if their prefixes have more than `most` classes.
pub(crate) fn found(variant: Variant, trace: &Trace, most: usize) -> Option<Found> {
    let scenario = Scenario::parse(&trace.scenario.toml, "a trace").expect("its own document");
    let scenario = Arc::new(scenario);
    let play = Play::new(&variant, &scenario);
    let classes = classes(&play, most)?;
    // Each step leads to a class of longer prefixes.
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|&class| classes[class].path.len());
    let walked = Walked { classes, order };
    let own = Event::all(trace);
    let property = &trace.violation.as_ref().expect("it fails").property;
    let common = walked.common(&own);
    let (own_end, passes_after) = walked.along(&own, &common);
    Some(Found {
        ends: walked.ends(&Order::all(trace)),
        own: own_end,
        sizes: walked.sizes(property),
        passes_after,
        nearest: common[0].as_ref().map(|common| own.len() - common[0]),
    })
}

struct Walked {
    classes: Vec<Class>,
    /// Their numbers, those of the shortest prefixes first.
    order: Vec<usize>,
}

/// Which steps of an order have come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stand {
    Neither,
    First,
    Both,
    ThenBeforeFirst,
}

impl Stand {
    fn after(self, order: &Order, event: &Event) -> Stand {
        match self {
            Stand::Neither if *event == order.first => Stand::First,
            Stand::Neither if order.is_then(event) => Stand::ThenBeforeFirst,
            Stand::First if order.is_then(event) => Stand::Both,
            stand => stand,
        }
    }

    fn holds(self, order: &Order) -> bool {
        self == Stand::Both || (self == Stand::First && order.may_lack_then())
    }
}

impl Walked {
    fn steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        let classes = self.order.iter();
        classes.flat_map(|&class| {
            self.classes[class]
                .steps
                .iter()
                .map(move |step| (class, step))
        })
    }

    /// How many executions come to which end, by the orders that hold in them.
    fn ends(&self, orders: &[Order]) -> BTreeMap<(Vec<bool>, Option<Failure>), u128> {
        let mut prefixes: Vec<BTreeMap<Vec<Stand>, u128>> = Vec::new();
        prefixes.resize_with(self.classes.len(), BTreeMap::new);
        prefixes[0].insert(vec![Stand::Neither; orders.len()], 1);
        let mut ends = BTreeMap::new();
        for (class, step) in self.steps() {
            for (stands, number) in prefixes[class].clone() {
                let stands = stands.iter().zip(orders);
                let after = stands.map(|(stand, order)| stand.after(order, &step.event));
                let after: Vec<Stand> = after.collect();
                match &step.to {
                    To::Open => panic!("every step is taken"),
                    To::Class(to) => *prefixes[*to].entry(after).or_default() += number,
                    To::End(end) => {
                        let pairs = after.iter().zip(orders);
                        let holds = pairs.map(|(stand, order)| stand.holds(order)).collect();
                        *ends.entry((holds, end.clone())).or_default() += number;
                    }
                }
            }
        }
        ends
    }

    /// The sizes of the executions in which this property falls.
    fn sizes(&self, property: &str) -> Sizes {
        // By who came last: preemptions, switches, and the steps. Of two prefixes of a class the one that is less in
        // these is less with every continuation.
        type Least = BTreeMap<Option<usize>, (usize, usize, Vec<usize>)>;
        let mut least: Vec<Least> = vec![Least::new(); self.classes.len()];
        least[0].insert(None, (0, 0, Vec::new()));
        let mut sizes = Sizes::default();
        for (class, step) in self.steps() {
            let enabled = |of: usize| self.classes[class].steps.iter().any(|s| s.actor == of);
            for (last, (preemptions, switches, actors)) in least[class].clone() {
                let switch = last.filter(|&last| last != step.actor);
                let preemptions = preemptions + usize::from(switch.is_some_and(enabled));
                let switches = switches + usize::from(switch.is_some());
                let mut actors = actors;
                actors.push(step.actor);
                match &step.to {
                    To::Class(to) => {
                        let size = (preemptions, switches, actors);
                        let known = least[*to].entry(Some(step.actor));
                        let known = known.or_insert_with(|| size.clone());
                        *known = size.min(known.clone());
                    }
                    To::End(Some((fell, _))) if fell == property => {
                        sizes.note((actors.len(), preemptions, switches, actors));
                    }
                    To::End(_) | To::Open => {}
                }
            }
        }
        sizes
    }

    /// For each class and each place in `own`, how many of the steps from there on a passing continuation has in their
    /// order at most; `None` if none passes.
    fn common(&self, own: &[Event]) -> Vec<Option<Vec<usize>>> {
        let mut common: Vec<Option<Vec<usize>>> = vec![None; self.classes.len()];
        for &class in self.order.iter().rev() {
            for step in &self.classes[class].steps {
                let after = match &step.to {
                    To::Class(to) => common[*to].clone(),
                    To::End(end) => end.is_none().then(|| vec![0; own.len() + 1]),
                    To::Open => None,
                };
                let Some(mut lengths) = after else { continue };
                if let Some(place) = own.iter().position(|event| *event == step.event) {
                    let with_it = lengths[place + 1] + 1;
                    for length in &mut lengths[..=place] {
                        *length = with_it.max(*length);
                    }
                }
                let known = common[class].take();
                let known = known.unwrap_or_else(|| vec![0; own.len() + 1]);
                let both = known.iter().zip(&lengths);
                common[class] = Some(both.map(|(known, length)| *known.max(length)).collect());
            }
        }
        common
    }

    /// Follows an execution: how it ends, and its longest prefix from which another one passes.
    fn along(
        &self,
        own: &[Event],
        common: &[Option<Vec<usize>>],
    ) -> (Option<Failure>, Option<usize>) {
        let (mut class, mut passes_after) = (0, None);
        for (taken, event) in own.iter().enumerate() {
            if common[class].is_some() {
                passes_after = Some(taken);
            }
            let mut steps = self.classes[class].steps.iter();
            let step = steps.find(|step| step.event == *event);
            match &step.expect("it is one of the executions").to {
                To::Class(to) => class = *to,
                To::End(end) => {
                    assert_eq!(taken + 1, own.len());
                    return (end.clone(), passes_after);
                }
                To::Open => panic!("every step is taken"),
            }
        }
        panic!("the execution ends")
    }
}
