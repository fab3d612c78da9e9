//! `replay --step`: an execution, walked through in the terminal.
//!
//! It reads plain lines, so that a file or a pipe walks as well as a person does.

use std::io::{BufRead, Read};

use super::{Failure, put};
use crate::render;
use crate::trace::{Explanation, OtherStep, Trace};

/// What a line asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wish {
    Next,
    Previous,
    Step(usize),
    Failing,
    Quit,
}

impl Wish {
    fn read(line: &str) -> Option<Wish> {
        match line.trim() {
            "" | "n" => Some(Wish::Next),
            "p" => Some(Wish::Previous),
            "f" => Some(Wish::Failing),
            "q" => Some(Wish::Quit),
            number => number.parse().ok().map(Wish::Step),
        }
    }
}

/// The most bytes of a line that are read.
const LONGEST_LINE: u64 = 1_000;

/// How many of the steps that collide with one are named.
const MOST_NAMED: usize = 20;

const PROMPT: &str = "Enter next, p previous, a number goes there, f failing step, q quit > ";

/// Walks through `trace` as the lines of `input` say, until one of them quits or there are no more.
pub(super) fn walk(trace: &Trace, input: &mut dyn BufRead) -> Result<(), Failure> {
    let last = trace.steps.len();
    if last == 0 {
        put("There is no step to walk through.\n");
        return Ok(());
    }
    let mut at = 1;
    put(&page(trace, at));
    loop {
        put(PROMPT);
        let Some(line) = line(input)? else {
            // Whatever comes next begins a line.
            put("\n");
            return Ok(());
        };
        let wish = Wish::read(&line);
        let to = match wish {
            Some(Wish::Quit) => return Ok(()),
            Some(Wish::Next) => at + 1,
            Some(Wish::Previous) => at - 1,
            Some(Wish::Step(number)) => number,
            Some(Wish::Failing) if trace.violation.is_none() => {
                put("No step fails.\n");
                continue;
            }
            Some(Wish::Failing) => last,
            None => {
                put("That is no answer.\n");
                continue;
            }
        };
        if !(1..=last).contains(&to) {
            put(&match wish {
                Some(Wish::Next) => format!("Step {last} was the last.\n"),
                Some(Wish::Previous) => "Step 1 was the first.\n".to_owned(),
                _ => format!("There is no step {to}; expected 1 to {last}.\n"),
            });
            continue;
        }
        at = to;
        put(&page(trace, at));
    }
}

/// The next line; none after the last. A longer one than any answer is refused before it is all in memory.
fn line(input: &mut dyn BufRead) -> Result<Option<String>, Failure> {
    let mut line = Vec::new();
    let mut some = Read::take(input, LONGEST_LINE);
    some.read_until(b'\n', &mut line)
        .map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
    if line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
        return Err(Failure::usage(format!(
            "standard input has a line of {LONGEST_LINE} bytes or more; expected a letter or a number on each line"
        )));
    }
    let line = (!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned());
    Ok(line)
}

/// One step: what it is, what it changes, who could go on, and why it matters.
fn page(trace: &Trace, number: usize) -> String {
    let step = &trace.steps[number - 1];
    let last = trace.steps.len();
    let mut lines = vec![
        String::new(),
        format!(
            "step {number} of {last}: {} does \"{}\"",
            step.actor, step.label
        ),
    ];
    let mut line = |label: &str, words: String| lines.push(format!("  {label:<9}{words}"));
    line(
        "where",
        format!("{} on {}, {}", step.kind, step.object, step.location),
    );
    if step.preemption {
        line(
            "turn",
            "taken from an actor that could have gone on".to_owned(),
        );
    }
    line(
        "could",
        match step.enabled.is_empty() {
            true => "not known on this tool".to_owned(),
            false => format!("go on before it: {}", step.enabled.join(", ")),
        },
    );
    if let Some(from) = trace.repeats_from() {
        if number == from {
            line(
                "loop",
                format!("begins here: steps {from} to {last} repeat for ever"),
            );
        }
        if number == last {
            line(
                "loop",
                format!("ends here: on with step {from}, and so for ever"),
            );
        }
    }
    if let Some(returned) = &step.returned {
        line("saw", returned.clone());
    }
    let stale = trace.explanation.iter().flat_map(|told| &told.stale);
    for stale in stale.filter(|stale| stale.step == number) {
        let by = format!("what it saw is stale by step {}", stale.by);
        line("stale", by);
    }
    let mut changes = Vec::new();
    changes.extend(step.read.map(|value| format!("reads {value}")));
    changes.extend(step.written.map(|value| format!("writes {value}")));
    changes.extend(step.summary.iter().cloned());
    if step.asleep {
        changes.push(format!("{} falls asleep", step.actor));
    }
    if !step.woken.is_empty() {
        changes.push(format!("wakes {}", step.woken.join(", ")));
    }
    if changes.is_empty() {
        changes.push("nothing".to_owned());
    }
    for change in changes {
        line("changed", change);
    }
    for (part, is_changed) in trace.state_after(number) {
        let mark = if is_changed { "* " } else { "  " };
        let value = part.value.as_deref().unwrap_or("-");
        line("state", format!("{mark}{}: {value}", part.name));
    }
    for reason in trace
        .explanation
        .iter()
        .flat_map(|told| reasons(told, number))
    {
        line("matters", reason);
    }
    if number == last {
        for words in ending(trace) {
            line("end", words);
        }
    }
    let clean: Vec<String> = lines.iter().map(|line| render::clean(line)).collect();
    format!("{}\n", clean.join("\n"))
}

/// Why a step matters: its part in the conflict, in the rule, and at the point of no return.
fn reasons(told: &Explanation, number: usize) -> Vec<String> {
    let mut reasons = Vec::new();
    if told.conflict.contains(&number) {
        let others = told.pairs.iter().filter_map(|&(first, then)| match number {
            _ if number == first => Some(then),
            _ if number == then => Some(first),
            _ => None,
        });
        let mut others: Vec<String> = others.map(|other| other.to_string()).collect();
        if others.len() > MOST_NAMED {
            let more = others.len() - MOST_NAMED;
            others.truncate(MOST_NAMED);
            others.push(format!("and {more} more"));
        }
        reasons.push(match others.is_empty() {
            true => format!("why names it: {}", told.why),
            false => format!("in conflict with {}: {}", others.join(", "), told.why),
        });
    }
    let rule = told.rule.iter();
    for (rule, order) in rule.flat_map(|rule| rule.orders.iter().map(move |order| (rule, order))) {
        if order.first == number || order.then == Some(number) {
            let then = order.then.map(|then| then.to_string());
            let then = then
                .or_else(|| order.other.as_ref().map(OtherStep::to_string))
                .unwrap_or_default();
            reasons.push(format!("{} before {then}: {}", order.first, rule.sentence));
        }
    }
    let point = told.point.as_ref().filter(|point| point.step == number);
    reasons.extend(point.map(|point| point.sentence.clone()));
    reasons
}

/// What the execution comes to after its last step.
fn ending(trace: &Trace) -> Vec<String> {
    let mut words = Vec::new();
    let waits = trace.waiting.iter().map(|wait| {
        format!(
            "{} waits for {}, at \"{}\"",
            wait.actor, wait.object, wait.label
        )
    });
    if trace.ends_at_rest() {
        words.push("nobody can go on".to_owned());
        words.extend(waits);
    }
    words.push(match &trace.violation {
        Some(fell) => format!("FAIL {}: {}", fell.property, fell.sentence),
        None => "no property falls".to_owned(),
    });
    words
}
