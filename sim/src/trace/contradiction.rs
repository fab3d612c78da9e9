//! What a file says of its own steps, and whether they contradict it.
//!
//! The renderings believe a trace, and a trace may have been put together by hand. What is checked here is whether its
//! numbers fit each other and the steps. Its sentences are not read, and whether a rule, a point or a count is true cannot
//! be told from the file: that takes all the other executions.

use std::collections::BTreeSet;

use super::{Explanation, Move, Near, Order, Reach, Rule, Trace};

/// The most orders that a rule may have.
const MOST_ORDERS: usize = 3;

/// Why the trace contradicts itself, if it does. The steps that its explanation names must exist.
pub(super) fn contradiction(trace: &Trace) -> Option<String> {
    let found = trace.explanation.as_ref();
    let found = found.map_or(Ok(()), |found| explanation(found, trace));
    preemptions(trace).and(round(trace)).and(found).err()
}

/// What is wrong, in words.
type Checked = Result<(), String>;

fn preemptions(trace: &Trace) -> Checked {
    let mut before: Option<&str> = None;
    for (step, number) in trace.steps.iter().zip(1..) {
        // A checker that cannot tell who could go on leaves the list empty.
        let could = |actor: &str| step.enabled.iter().any(|name| name == actor);
        let is_known = !step.enabled.is_empty();
        if is_known && !could(&step.actor) {
            return Err(format!(
                "step {number}: {} takes it, and is not among those who could go on",
                step.actor
            ));
        }
        let other = before.filter(|before| *before != step.actor);
        match (step.preemption, other) {
            (true, None) => {
                return Err(format!(
                    "step {number} is called a preemption, and no step of another actor than {} comes before it",
                    step.actor
                ));
            }
            (true, Some(other)) if is_known && !could(other) => {
                return Err(format!(
                    "step {number} is called a preemption, and {other} could not have gone on"
                ));
            }
            (false, Some(other)) if could(other) => {
                return Err(format!(
                    "step {number} is called no preemption, and {other} could have gone on"
                ));
            }
            _ => {}
        }
        before = Some(&step.actor);
    }
    Ok(())
}

/// Steps that repeat for ever are steps, and nobody comes to rest behind them.
fn round(trace: &Trace) -> Checked {
    let (Some(from), steps) = (trace.repeats_from(), trace.steps.len()) else {
        return Ok(());
    };
    if !(1..=steps).contains(&from) {
        return Err(format!(
            "its steps are said to repeat from step {from} on, and there are {steps} steps"
        ));
    }
    match trace.ends_at_rest() {
        true => Err(format!(
            "its steps are said to repeat from step {from} on, and to come to rest as well"
        )),
        false => Ok(()),
    }
}

/// Their number, by which an explanation says that the execution is the smallest.
fn count_of_preemptions(trace: &Trace) -> Checked {
    let marked = trace.steps.iter().filter(|step| step.preemption).count();
    match trace.preemptions {
        Some(counted) if counted != marked => Err(format!(
            "it counts {counted} preemptions, and {marked} of its steps are called one"
        )),
        _ => Ok(()),
    }
}

fn explanation(found: &Explanation, trace: &Trace) -> Checked {
    if trace.violation.is_none() {
        return Err("it has an explanation of a failure, and no property falls in it".to_owned());
    }
    count_of_preemptions(trace)?;
    ascending(
        "the conflict of its explanation names",
        found.conflict.iter(),
    )?;
    pairs(found)?;
    basis(found)?;
    // What needs a weak memory is compared with executions that do not: none of them need fail, and none is on its way.
    // What repeats for ever is compared with those that come to an end.
    if trace.needs_weak_memory || trace.repeats_from().is_some() {
        found.rule.as_ref().map_or(Ok(()), orders)?;
    } else {
        compared(found)?;
    }
    found.near.as_ref().map_or(Ok(()), |near| {
        kept(near, trace)?;
        moved(near, trace)
    })
}

/// The parts of a comparison with executions of which this is one.
fn compared(found: &Explanation) -> Checked {
    if found.basis.failing.as_deref() == Some("0") {
        return Err("it fails, and its explanation counts 0 failing executions".to_owned());
    }
    match (&found.rule, &found.point) {
        (None, Some(_)) => Err("its explanation has no rule, and yet a point".to_owned()),
        (Some(_), None) => Err("its explanation has a rule and no point".to_owned()),
        (None, None) if found.near.is_some() => {
            Err("its explanation has no rule, and yet a passing neighbour".to_owned())
        }
        (None, None) => Ok(()),
        (Some(rule), Some(point)) => {
            orders(rule)?;
            // One that was not found may still be there.
            match found.near.is_none() && !found.limits.is_empty() {
                true => Ok(()),
                false => passing(found, rule, point.step),
            }
        }
    }
}

/// Steps that collide are two of the conflict, the earlier first.
fn pairs(found: &Explanation) -> Checked {
    for &(first, then) in &found.pairs {
        // It was seen to be in order.
        let other = [first, then]
            .into_iter()
            .find(|step| found.conflict.binary_search(step).is_err());
        if let Some(other) = other {
            return Err(format!(
                "by its explanation steps {first} and {then} collide, and step {other} is not part of the conflict"
            ));
        }
        if then <= first {
            return Err(format!(
                "by its explanation steps {first} and {then} collide; expected the earlier first"
            ));
        }
    }
    Ok(())
}

fn ascending<'a>(what: &str, steps: impl Iterator<Item = &'a usize>) -> Checked {
    let mut earlier = 0;
    for &step in steps {
        if step <= earlier {
            return Err(format!("{what} step {step} after step {earlier}"));
        }
        earlier = step;
    }
    Ok(())
}

fn basis(found: &Explanation) -> Checked {
    let basis = &found.basis;
    for (what, number) in [("failing", &basis.failing), ("passing", &basis.passing)] {
        match number {
            Some(number) if !is_number(number) => {
                return Err(format!(
                    "its explanation counts {number:?} {what} executions; expected decimal digits"
                ));
            }
            _ => {}
        }
    }
    if basis.failing.is_some() != basis.passing.is_some() {
        return Err(
            "its explanation counts only the failing or only the passing executions".to_owned(),
        );
    }
    match (basis.exhausted, basis.states) {
        (true, None) => Err(
            "its explanation rests on every execution, and does not say how many states".to_owned(),
        ),
        (false, Some(states)) => Err(format!(
            "its explanation rests on a sample, and yet on {states} states"
        )),
        _ => Ok(()),
    }
}

fn is_number(text: &str) -> bool {
    let is_short = text == "0" || !text.starts_with('0');
    is_short && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether some execution passes is said in four places.
fn passing(found: &Explanation, rule: &Rule, point: usize) -> Checked {
    let point_is = match point {
        0 => "its point, the beginning,",
        _ => "its point, a step,",
    };
    let by_count = found.basis.passing.as_deref().map(|count| count == "0");
    let by_others = [
        ("its rule", Some(rule.reach == Reach::Always)),
        (point_is, Some(point == 0)),
        ("its count of those that pass", by_count),
    ];
    let says = match found.near {
        Some(_) => "an execution passes by its explanation",
        None => "no execution passes by its explanation",
    };
    let otherwise = by_others.iter().find(|(_, nothing_passes)| {
        nothing_passes.is_some_and(|nothing_passes| nothing_passes == found.near.is_some())
    });
    otherwise.map_or(Ok(()), |(who, _)| {
        Err(format!("{says}, and {who} says otherwise"))
    })
}

fn orders(rule: &Rule) -> Checked {
    let count = rule.orders.len();
    let (says, expected) = match rule.reach {
        Reach::Always | Reach::Nothing => ("names none", 0..=0),
        Reach::Exactly | Reach::LikeThis | Reach::Whenever => ("names 1 to 3", 1..=MOST_ORDERS),
    };
    if !expected.contains(&count) {
        let count = match count {
            0 => "no order".to_owned(),
            _ => format!("{count} orders"),
        };
        return Err(format!("its rule has {count}; one of its reach {says}"));
    }
    rule.orders.iter().zip(1..).try_for_each(|(order, number)| {
        checked_order(order).map_err(|what| format!("order {number} of its rule {what}"))
    })
}

fn checked_order(order: &Order) -> Checked {
    match (order.then, &order.other) {
        (None, None) => Err("names neither a step nor one that is missing".to_owned()),
        (Some(_), Some(_)) => Err("names both a step and one that is missing".to_owned()),
        (Some(then), None) if then <= order.first => Err(format!(
            "does not hold: step {} is said to come before step {then}",
            order.first
        )),
        _ => Ok(()),
    }
}

/// The steps that a neighbour keeps are the same ones, in the same order.
fn kept(near: &Near, trace: &Trace) -> Checked {
    let kept = near.steps.iter().filter_map(|step| step.kept.as_ref());
    ascending("its passing neighbour keeps", kept)?;
    for (step, number) in near.steps.iter().zip(1..) {
        let Some(kept) = step.kept else { continue };
        let own = &trace.steps[kept - 1];
        let named = (&step.actor, &step.label, &step.object);
        if named != (&own.actor, &own.label, &own.object) {
            return Err(format!(
                "step {number} of its passing neighbour is {}'s {:?} on {:?}, and step {kept}, as which it is kept, \
                 is {}'s {:?} on {:?}",
                step.actor, step.label, step.object, own.actor, own.label, own.object
            ));
        }
    }
    Ok(())
}

/// The other steps are moved, each once, to before or after one that is kept, or choose otherwise.
fn moved(near: &Near, trace: &Trace) -> Checked {
    let steps = trace.steps.len();
    ascending(
        "its passing neighbour moves",
        near.moves.iter().map(|moved| &moved.step),
    )?;
    let kept: BTreeSet<usize> = near.steps.iter().filter_map(|step| step.kept).collect();
    let is_kept = |step: usize| kept.contains(&step);
    let moved: BTreeSet<usize> = near.moves.iter().map(|moved| moved.step).collect();
    for step in 1..=steps {
        match (is_kept(step), moved.contains(&step)) {
            (true, true) => {
                return Err(format!(
                    "its passing neighbour both keeps and moves step {step}"
                ));
            }
            (false, false) => {
                return Err(format!(
                    "its passing neighbour neither keeps nor moves step {step}"
                ));
            }
            _ => {}
        }
    }
    for &Move {
        step,
        after,
        before,
        instead,
    } in &near.moves
    {
        if let Some(instead) = instead {
            let other = instead.checked_sub(1).and_then(|at| near.steps.get(at));
            let own = &trace.steps[step - 1];
            let is_same = other.is_some_and(|other| {
                let named = (&other.actor, &other.label, &other.object);
                other.kept.is_none() && named == (&own.actor, &own.label, &own.object)
            });
            if !is_same || after.is_some() || before.is_some() {
                return Err(format!(
                    "its passing neighbour has step {instead} instead of step {step}, which is not the same with \
                     another choice"
                ));
            }
        }
        match (after, before) {
            (Some(after), Some(before)) => {
                return Err(format!(
                    "its passing neighbour moves step {step} both after step {after} and before step {before}"
                ));
            }
            (Some(after), None) if !is_kept(after) => {
                return Err(format!(
                    "its passing neighbour moves step {step} after step {after}, which it does not keep"
                ));
            }
            (None, Some(before)) if !is_kept(before) => {
                return Err(format!(
                    "its passing neighbour moves step {step} before step {before}, which it does not keep"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}
