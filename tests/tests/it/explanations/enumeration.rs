//! Every execution, one after the other: the plainest of oracles, for those that are few.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::checker::Play;
use logon_models::judge::Violation;
use logon_models::scenario::Scenario;
use logon_models::trace::Trace;
use logon_sim::{BoundedPreemptions, Config, End, Execution, Limits, Simulation};

use crate::explanations::found::{Event, Failure, Found, Order, failure, longest_common, switches};

/// How many executions are walked at most.
pub(crate) const MOST: u128 = 40_000;

/// An execution that was run to its end.
struct Ran {
    events: Vec<Event>,
    actors: Vec<usize>,
    preemptions: usize,
    fell: Option<Failure>,
}

impl Ran {
    fn of(execution: &Execution<Vec<Violation>>) -> Ran {
        assert!(matches!(execution.end, End::Rest(_) | End::Stopped { .. }));
        let steps = execution.steps.iter();
        Ran {
            events: steps
                .clone()
                .map(|step| Event::new(&step.name, &step.operation))
                .collect(),
            actors: steps.map(|step| step.actor.index()).collect(),
            preemptions: execution.preemptions(),
            fell: execution.verdict().map(|violations| failure(violations)),
        }
    }

    fn holds(&self, order: &Order) -> bool {
        let mut events = self.events.iter();
        let first = events.position(|event| *event == order.first);
        let mut events = self.events.iter();
        let then = events.position(|event| order.is_then(event));
        match (first, then) {
            (Some(first), Some(then)) => first < then,
            (Some(_), None) => order.may_lack_then(),
            (None, _) => false,
        }
    }
}

/// What the executions of a trace's scenario come to.
pub(crate) fn found(variant: Variant, trace: &Trace) -> Found {
    let scenario = Scenario::parse(&trace.scenario.toml, "a trace").expect("its own document");
    let scenario = Arc::new(scenario);
    let play = Play::new(&variant, &scenario);
    let own = Event::all(trace);
    let orders = Order::all(trace);
    let property = &trace.violation.as_ref().expect("it fails").property;
    let mut found = Found::default();
    let explored = Simulation::new(Config::default()).explore(
        &play,
        &mut BoundedPreemptions::unbounded(),
        Limits::executions(MOST as u64 + 1),
        |execution| {
            let ran = Ran::of(execution);
            let holds = orders.iter().map(|order| ran.holds(order)).collect();
            *found.ends.entry((holds, ran.fell.clone())).or_default() += 1;
            if ran.events == own {
                found.own = ran.fell.clone();
            }
            match &ran.fell {
                Some((fell, _)) if fell == property => {
                    let switches = switches(&ran.actors);
                    let size = (ran.actors.len(), ran.preemptions, switches, ran.actors);
                    found.sizes.note(size);
                }
                Some(_) => {}
                None => {
                    let pairs = ran.events.iter().zip(&own);
                    let common = pairs.take_while(|(one, other)| one == other).count();
                    found.passes_after = found.passes_after.max(Some(common));
                    let moved = own.len() - longest_common(&own, &ran.events);
                    found.nearest = Some(found.nearest.map_or(moved, |least| least.min(moved)));
                }
            }
            ControlFlow::Continue(())
        },
    );
    assert!(
        explored.is_complete(),
        "{variant}: there are more executions than it says"
    );
    found
}
