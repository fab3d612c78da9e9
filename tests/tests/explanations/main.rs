//! What is worked out about a counterexample, compared with a plain enumeration of all executions: which is the
//! smallest, how many fail and pass, the rule both ways, the point, and the nearest passing execution.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use logon_core::Variant;
use logon_models::catalogue::{self, Expectation};
use logon_models::checker::{Checker, Effort, Play, exhaustive};
use logon_models::explain::{Diligence, explain};
use logon_models::scenario::Scenario;
use logon_models::trace::{Explanation, Order, Reach, Trace};
use logon_sim::{BoundedPreemptions, Config, End, Execution, Limits, Simulation};

/// The counterexample of every defect that needs no weak memory, in its smallest place.
static TRACES: LazyLock<Vec<(Variant, Trace)>> = LazyLock::new(|| {
    let defects = Variant::ALL.iter().copied();
    let places = defects.filter_map(|defect| {
        let place = catalogue::smallest(defect)?;
        let expected = catalogue::expected(defect, &place, Checker::Exhaustive);
        (expected != Expectation::Beyond).then_some((defect, place))
    });
    let explained = places.map(|(defect, place)| {
        let scenario = Arc::new(place.build());
        let outcome = exhaustive(&defect, &scenario, &Effort::default());
        let finding = outcome.expect("a defect is no fault").finding;
        let finding = finding.expect("its smallest place shows it");
        let checker = Checker::Exhaustive;
        let trace = explain(&defect, &scenario, &finding, checker, Diligence::default());
        (defect, trace.expect("a defect is no fault"))
    });
    explained.collect()
});

fn explanation(trace: &Trace) -> &Explanation {
    let explained = trace.explanation.as_ref();
    explained.expect("it was explained")
}

/// A step by name.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Event {
    actor: String,
    label: String,
    object: String,
    nth: u32,
    kind: String,
}

/// An execution that was run to its end.
struct Ran {
    events: Vec<Event>,
    preemptions: usize,
    /// The property that fell first, and what happened to whom.
    fell: Option<(String, String)>,
}

impl Ran {
    fn of(execution: &Execution<Vec<logon_models::judge::Violation>>) -> Ran {
        let event = |step: &logon_sim::Step| Event {
            actor: step.name.to_string(),
            label: step.operation.label.to_owned(),
            object: step.operation.object_name.to_owned(),
            nth: step.operation.nth,
            kind: step.operation.kind.name().to_owned(),
        };
        assert!(matches!(execution.end, End::Rest(_) | End::Stopped { .. }));
        let first = execution
            .verdict()
            .and_then(|violations| violations.first());
        Ran {
            events: execution.steps.iter().map(event).collect(),
            preemptions: execution.preemptions(),
            fell: first.map(|first| (first.property.name().to_owned(), format!("{first:?}"))),
        }
    }

    fn switches(&self) -> usize {
        let pairs = self.events.windows(2);
        pairs.filter(|pair| pair[0].actor != pair[1].actor).count()
    }

    fn holds(&self, order: &Order, trace: &Trace) -> bool {
        let mut places = self.events.iter().enumerate();
        let own = |number: usize| event_of(trace, number);
        let place = |event: &Event| self.events.iter().position(|other| other == event);
        let first = place(&own(order.first));
        match (&order.then, &order.other) {
            (Some(then), None) => first.is_some() && place(&own(*then)) > first,
            (None, Some(other)) => {
                let then = places.find(|(_, event)| {
                    event.actor == other.actor
                        && event.label == other.label
                        && event.object == other.object
                        && event.nth == other.nth
                });
                first.is_some() && then.is_none_or(|(then, _)| Some(then) > first)
            }
            _ => panic!("an order has one second step"),
        }
    }
}

/// The step of this number, from 1.
fn event_of(trace: &Trace, number: usize) -> Event {
    let step = &trace.steps[number - 1];
    Event {
        actor: step.actor.clone(),
        label: step.label.clone(),
        object: step.object.clone(),
        nth: step.nth,
        kind: step.kind.clone(),
    }
}

/// Whether there are few enough executions to enumerate them, by what the explanation says.
fn are_few(trace: &Trace) -> bool {
    let basis = &explanation(trace).basis;
    let counts = [&basis.failing, &basis.passing].map(|count| {
        let count = count.as_ref().expect("nothing goes round in these");
        count.parse::<u64>().unwrap_or(u64::MAX)
    });
    counts[0].saturating_add(counts[1]) <= MOST
}

/// Shows every execution of a defect.
fn enumerate(variant: Variant, trace: &Trace, mut show: impl FnMut(Ran)) {
    let scenario = Scenario::parse(&trace.scenario.toml, "a trace").expect("its own document");
    let scenario = Arc::new(scenario);
    let play = Play {
        subject: &variant,
        scenario: &scenario,
    };
    let explored = Simulation::new(Config::default()).explore(
        &play,
        &mut BoundedPreemptions::unbounded(),
        Limits::executions(MOST + 1),
        |execution| {
            show(Ran::of(execution));
            ControlFlow::Continue(())
        },
    );
    assert!(
        explored.is_complete(),
        "{variant}: there are more executions than it says"
    );
}

/// What a plain enumeration knows of a counterexample.
#[derive(Default)]
struct Enumerated {
    failing: u128,
    passing: u128,
    /// Steps, preemptions, switches.
    smallest: Option<(usize, usize, usize)>,
    /// The longest prefix of the trace from which an execution passes.
    passes_after: usize,
    /// The fewest steps of the trace that a passing execution does not leave as they are.
    nearest: Option<usize>,
}

fn enumerated(variant: Variant, trace: &Trace) -> Enumerated {
    let own: Vec<Event> = (1..=trace.steps.len())
        .map(|number| event_of(trace, number))
        .collect();
    let property = &trace.violation.as_ref().expect("it fails").property;
    let rule = explanation(trace).rule.as_ref().expect("there is a rule");
    let own_violation = std::cell::OnceCell::new();
    let mut found = Enumerated::default();
    let mut with_rule: BTreeMap<(bool, Option<String>), u64> = BTreeMap::new();
    enumerate(variant, trace, |ran| {
        let holds = rule.orders.iter().all(|order| ran.holds(order, trace));
        let fell = ran.fell.as_ref().map(|(_, violation)| violation.clone());
        if ran.events == own {
            own_violation
                .set(fell.clone())
                .expect("an execution comes once");
        }
        *with_rule.entry((holds, fell)).or_default() += 1;
        let common = ran
            .events
            .iter()
            .zip(&own)
            .take_while(|(one, other)| one == other);
        let common = common.count();
        match &ran.fell {
            Some((fell, _)) => {
                found.failing += 1;
                if fell == property {
                    let size = (ran.events.len(), ran.preemptions, ran.switches());
                    let least = found.smallest.map_or(size, |least| least.min(size));
                    found.smallest = Some(least);
                }
            }
            None => {
                found.passing += 1;
                found.passes_after = found.passes_after.max(common);
                let moved = own.len() - longest_common(&own, &ran.events);
                found.nearest = Some(found.nearest.map_or(moved, |least| least.min(moved)));
            }
        }
    });
    let own_violation = own_violation
        .into_inner()
        .expect("it is one of the executions");
    for (holds, fell) in with_rule.keys() {
        let what = format!("{variant}: {holds} {fell:?} {}", rule.sentence);
        match rule.reach {
            Reach::Always => assert!(fell.is_some(), "{what}"),
            Reach::Exactly => assert_eq!(*holds, fell.is_some(), "{what}"),
            Reach::LikeThis => assert_eq!(*holds, *fell == own_violation, "{what}"),
            Reach::Whenever => assert!(!holds || fell.is_some(), "{what}"),
            Reach::Nothing => {}
        }
    }
    found
}

/// The length of a longest common subsequence.
fn longest_common(one: &[Event], other: &[Event]) -> usize {
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

/// How many executions are enumerated at most.
const MOST: u64 = 40_000;

#[test]
fn everything_that_is_said_of_all_executions_is_so() {
    let mut compared = Vec::new();
    for (defect, trace) in TRACES.iter().filter(|(_, trace)| are_few(trace)) {
        let found = enumerated(*defect, trace);
        compared.push(*defect);
        let said = explanation(trace);
        assert!(said.basis.exhausted, "{defect}");
        assert_eq!(
            said.basis.failing,
            Some(found.failing.to_string()),
            "{defect}"
        );
        assert_eq!(
            said.basis.passing,
            Some(found.passing.to_string()),
            "{defect}"
        );
        let own: Vec<Event> = (1..=trace.steps.len())
            .map(|n| event_of(trace, n))
            .collect();
        let switches = own
            .windows(2)
            .filter(|pair| pair[0].actor != pair[1].actor)
            .count();
        let size = (own.len(), trace.preemptions.expect("counted"), switches);
        assert_eq!(Some(size), found.smallest, "{defect}");
        let point = said.point.as_ref().expect("there is a point");
        let expected = match found.passing {
            0 => 0,
            _ => found.passes_after + 1,
        };
        assert_eq!(point.step, expected, "{defect}");
        let moved = said.near.as_ref().map(|near| near.moves.len());
        assert_eq!(moved, found.nearest, "{defect}");
    }
    assert!(compared.len() >= 10, "compared: {compared:?}");
}

#[test]
fn without_any_one_of_its_orders_a_rule_lets_an_execution_pass() {
    for (defect, trace) in TRACES.iter() {
        let rule = explanation(trace).rule.as_ref().expect("there is a rule");
        assert!(rule.orders.len() <= 3, "{defect}");
        assert_ne!(
            rule.reach,
            Reach::Nothing,
            "{defect}: some rule is known for each"
        );
        if !are_few(trace) {
            continue;
        }
        for left_out in 0..rule.orders.len() {
            let mut rest = rule.orders.clone();
            rest.remove(left_out);
            let mut escapes = false;
            enumerate(*defect, trace, |ran| {
                let holds = rest.iter().all(|order| ran.holds(order, trace));
                escapes |= holds && ran.fell.is_none();
            });
            assert!(escapes, "{defect}: {rest:?}");
        }
    }
}

#[test]
fn the_sentence_that_says_why_names_who_and_which_steps() {
    for (defect, trace) in TRACES.iter() {
        let said = explanation(trace);
        let why = &said.why;
        let own = trace.violation.as_ref().expect("it fails");
        assert!(why.starts_with(&own.sentence), "{defect}: {why}");
        assert!(!said.conflict.is_empty(), "{defect}: {why}");
        for number in &said.conflict {
            let step = &trace.steps[number - 1];
            assert!(why.contains(&step.actor), "{defect}: {number} in {why}");
            assert!(
                why.contains(&format!("step {number}")),
                "{defect}: {number} in {why}"
            );
        }
        // One step is enough only where nobody else has to do anything.
        let alone = matches!(
            said.rule.as_ref().map(|rule| rule.reach),
            Some(Reach::Always)
        );
        assert!(said.conflict.len() >= 2 || alone, "{defect}: {why}");
    }
}

#[test]
fn a_counterexample_is_twelve_steps_long_or_as_long_as_it_must_be() {
    let longer: Vec<(Variant, usize)> = TRACES
        .iter()
        .filter(|(_, trace)| trace.steps.len() > 12)
        .map(|(defect, trace)| (*defect, trace.steps.len()))
        .collect();
    // Each is the shortest of all failing executions: two sessions have to be created and handed over, or a
    // client has to come twice.
    assert_eq!(
        longer,
        [
            (Variant::NameCollision, 14),
            (Variant::DuplicateName, 14),
            (Variant::CoalescedReplenish, 14),
            (Variant::ReconnectVsReset, 19),
            (Variant::StaleReset, 13),
        ]
    );
    for (defect, trace) in TRACES.iter() {
        assert!(explanation(trace).basis.exhausted, "{defect}");
        assert!(trace.steps.len() <= 20, "{defect}");
    }
}

#[test]
fn what_was_worked_out_on_a_sample_says_so() {
    let few = Diligence {
        states: 30,
        executions: 300,
        ..Diligence::default()
    };
    for (defect, smallest) in TRACES.iter() {
        let scenario = Scenario::parse(&smallest.scenario.toml, "a trace").expect("its own");
        let scenario = Arc::new(scenario);
        let outcome = exhaustive(defect, &scenario, &Effort::default());
        let finding = outcome.expect("no fault").finding.expect("it falls");
        let trace = explain(defect, &scenario, &finding, Checker::Exhaustive, few);
        let trace = trace.expect("no fault");
        let said = explanation(&trace);
        if said.basis.exhausted {
            assert!(said.basis.states <= Some(30), "{defect}");
            continue;
        }
        assert_eq!(said.basis.states, None, "{defect}");
        let rule = said.rule.as_ref().expect("compared with a sample");
        assert!(
            rule.sentence.contains("a sample of"),
            "{defect}: {}",
            rule.sentence
        );
        assert!(
            said.smallest.contains("of those looked at"),
            "{defect}: {}",
            said.smallest
        );
        let point = said.point.as_ref().expect("compared with a sample");
        let sampled = point.sentence.contains("in the sample") || point.step == trace.steps.len();
        assert!(sampled, "{defect}: {}", point.sentence);
    }
}
