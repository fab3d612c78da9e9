//! The matrix, as text and as Markdown.

use std::collections::BTreeMap;

use logon_core::Variant;
use logon_sim::{WordOrders, grouped};

use crate::catalogue::{Expectation, Place};
use crate::checker::Checker;
use crate::matrix::Done;
use crate::outcome::{Coverage, Outcome, Verdict};
use crate::stage::AnySubject;

/// One row: a subject in one place.
struct Row<'a> {
    subject: &'a AnySubject,
    place: &'a Place,
    cells: BTreeMap<Checker, &'a Done>,
}

fn rows(done: &[Done]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for done in done {
        let cell = &done.cell;
        let same = |row: &&mut Row<'_>| *row.subject == cell.subject && *row.place == cell.place;
        if let Some(row) = rows.iter_mut().find(same) {
            row.cells.insert(cell.checker, done);
        } else {
            let cells = BTreeMap::from([(cell.checker, done)]);
            rows.push(Row {
                subject: &cell.subject,
                place: &cell.place,
                cells,
            });
        }
    }
    rows
}

/// What one cell shows: a symbol, and the number that goes with it.
fn symbol(done: Option<&&Done>) -> String {
    let Some(done) = done else {
        return String::new();
    };
    let Ok(outcome) = &done.outcome else {
        return "fault".to_owned();
    };
    let mark = if done.is_as_expected() { "" } else { " ?" };
    let text = match outcome.verdict {
        Verdict::Violated => format!("✗ {}", grouped(found_after(done.cell.checker, outcome))),
        Verdict::Incomplete => "…".to_owned(),
        Verdict::Holds if done.is_blind() => "–".to_owned(),
        Verdict::Holds => match &done.cell.expectation {
            Expectation::Holds => held(done.cell.checker, outcome),
            _ => "·".to_owned(),
        },
    };
    text + mark
}

/// The length of a shortest violation where all states were visited in the order of their distance, elsewhere
/// the number of the execution.
fn found_after(checker: Checker, outcome: &Outcome) -> u64 {
    match &outcome.finding {
        Some(finding) if checker.visits_states() => finding.schedule.steps.len() as u64,
        _ => outcome.executions.unwrap_or(0),
    }
}

/// How far it looked without finding anything.
fn held(checker: Checker, outcome: &Outcome) -> String {
    match (checker, outcome.states, outcome.preemption_bound) {
        (_, Some(states), _) => format!("✓ {}", grouped(states)),
        (_, _, Some(bound)) => format!("✓ ≤{bound}"),
        (Checker::Loom, None, None) => "✓ ∞".to_owned(),
        _ if matches!(outcome.coverage, Coverage::Exhaustive(_)) => "✓ all".to_owned(),
        _ => "✓".to_owned(),
    }
}

/// The properties that fell first in a row, and how often each.
fn properties(row: &Row<'_>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for done in row.cells.values() {
        let finding = done
            .outcome
            .as_ref()
            .ok()
            .and_then(|outcome| outcome.finding.as_ref());
        if let Some(finding) = finding
            && !names.contains(&finding.property.as_str())
        {
            names.push(&finding.property);
        }
    }
    names.join(", ")
}

/// What stands above the column of a checker.
fn head(checker: Checker) -> String {
    checker.name().replace("shuttle-", "s-")
}

/// The matrix as text, with what was found in its first lines. `is_proved` says whether the fixed algorithm is proved,
/// where it is among them.
pub fn text(done: &[Done], is_proved: impl Into<Option<bool>>, seed: u64) -> String {
    let mut out = summary(done, is_proved, seed);
    let rows = rows(done);
    let width = |checker: &Checker| {
        let cells = rows.iter().map(|row| symbol(row.cells.get(checker)));
        let widths = cells.map(|cell| cell.chars().count());
        widths.max().unwrap_or(0).max(head(*checker).len()).max(5) + 2
    };
    let columns: Vec<(Checker, usize)> = Checker::of_matrix()
        .map(|checker| (checker, width(&checker)))
        .collect();
    let places = rows.iter().map(|row| row.place.to_string().chars().count());
    let first = places.max().unwrap_or(0).max("scenario".len()) + 1;
    let names = rows.iter().map(|row| row.subject.name().chars().count());
    let named = names.max().unwrap_or(0).max(20) + 1;
    out.push_str(&format!("\n{:<named$}{:<first$}", "variant", "scenario"));
    for (checker, width) in &columns {
        out.push_str(&format!("{:>width$}", head(*checker)));
    }
    out.push_str("  fell first\n");
    let mut last = None;
    for row in &rows {
        let name = if last == Some(row.subject) {
            ""
        } else {
            row.subject.name()
        };
        last = Some(row.subject);
        out.push_str(&format!("{name:<named$}{:<first$}", row.place.to_string()));
        for (checker, width) in &columns {
            out.push_str(&format!("{:>width$}", symbol(row.cells.get(checker))));
        }
        out.push_str(&format!("  {}", properties(row)));
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
    }
    out.push_str(&legend(done));
    out
}

/// What was found, in the first lines of [`text`].
pub fn summary(done: &[Done], is_proved: impl Into<Option<bool>>, seed: u64) -> String {
    let outcomes = || done.iter().filter_map(|done| done.outcome.as_ref().ok());
    let mut defects: Vec<&AnySubject> = done.iter().map(|done| &done.cell.subject).collect();
    defects.retain(|subject| subject.is_defect());
    defects.dedup();
    let is_found = |defect: &AnySubject| {
        done.iter()
            .any(|d| d.cell.subject == *defect && d.is_violated())
    };
    let found = defects.iter().filter(|defect| is_found(defect)).count();
    let expected = done.iter().filter(|done| done.is_as_expected()).count();
    let unfinished = match done.iter().filter(|done| done.is_incomplete()).count() {
        0 => String::new(),
        count => format!("; {count} of them were stopped by their limit and say nothing"),
    };
    let executions: u64 = outcomes().filter_map(|outcome| outcome.executions).sum();
    let states: u64 = outcomes().filter_map(|outcome| outcome.states).sum();
    let cpu: f64 = outcomes().map(|outcome| outcome.cpu_seconds).sum();
    format!(
        "logon-check: which ways of handing out sessions to clients that log on at the same time drop one?\n\
         seed {seed}, {} cells, {} states, {} executions, {cpu:.1} s of processor time\n\n\
         {}{}{}{}\
         {expected} of {} cells are as predicted{unfinished}.\n",
        done.len(),
        grouped(states),
        grouped(executions),
        of_the_fixed(done),
        is_proved.into().map_or("", for_any_number),
        of_those_from_outside(done),
        match defects.len() {
            0 => String::new(),
            all => {
                let ours = what_they_are(&defects);
                let missed = defects.iter().filter(|defect| !is_found(defect));
                let missed: Vec<&str> = missed.map(|defect| defect.name()).collect();
                let missed = match missed.is_empty() {
                    true => String::new(),
                    false => format!("; not found: {}", missed.join(", ")),
                };
                format!("{found} of {all} defects{ours} were found{missed}.\n")
            }
        },
        done.len(),
    )
}

/// What is claimed of the fixed algorithm without a number of clients.
fn for_any_number(is_proved: bool) -> &'static str {
    if is_proved {
        "Its sections are proved for any number of clients (logon-check prove: of what, and what is assumed).\n"
    } else {
        "Its sections are NOT proved for any number of clients (logon-check prove: where not).\n"
    }
}

/// What may be claimed of the fixed algorithm: first what was exhausted, then what the others add.
fn of_the_fixed(done: &[Done]) -> String {
    let fixed: Vec<&Done> = done
        .iter()
        .filter(|done| done.cell.variant() == Some(Variant::Fixed))
        .collect();
    if fixed.is_empty() {
        return String::new();
    }
    let broken = fixed.iter().filter(|done| done.is_violated()).count();
    if broken > 0 {
        return format!(
            "The fixed algorithm broke a property in {broken} of {} cells.\n",
            fixed.len()
        );
    }
    let (all_states, others): (Vec<&Done>, Vec<&Done>) = fixed
        .into_iter()
        .partition(|done| done.cell.checker == Checker::Exhaustive);
    let own_size = |done: &&&Done| done.cell.place.clients.is_none();
    let exhausted: Vec<&&Done> = all_states.iter().filter(|done| done.holds()).collect();
    let of_own_size = exhausted.iter().filter(|done| own_size(done)).count();
    let states: u64 = exhausted.iter().filter_map(|done| done.states()).sum();
    let mut out = format!(
        "The fixed algorithm dropped no logon: in {of_own_size} of {} scenarios every reachable state was visited, and in {} of them\n\
         with more clients, too (exhaustive: {} states; sequential consistency, symmetry, weak fairness).\n",
        all_states.iter().filter(own_size).count(),
        exhausted.len() - of_own_size,
        grouped(states),
    );
    out.push_str(&beside(&others));
    out
}

/// Ours are what the first line of the summary speaks of; what is wrong with others, nobody knows here.
fn what_they_are(defects: &[&AnySubject]) -> &'static str {
    match defects.iter().all(|defect| defect.variant().is_some()) {
        true => ", each one step of it done wrong,",
        false => "",
    }
}

/// Of each subject from outside that is not wrong on purpose: in how many cells it held, and fell.
fn of_those_from_outside(done: &[Done]) -> String {
    let mut subjects: Vec<&AnySubject> = done.iter().map(|done| &done.cell.subject).collect();
    subjects.retain(|subject| subject.variant().is_none() && !subject.is_defect());
    subjects.dedup();
    let line = |subject: &AnySubject| {
        let cells = done.iter().filter(|done| done.cell.subject == *subject);
        let cells: Vec<&Done> = cells.collect();
        let count = |is: &dyn Fn(&Done) -> bool| cells.iter().filter(|done| is(done)).count();
        let broken = match count(&Done::is_violated) {
            0 => "held".to_owned(),
            broken => format!("broke a property in {broken} and held"),
        };
        let held = count(&Done::holds);
        let blind = match count(&|done| done.holds() && done.is_blind()) {
            0 => String::new(),
            blind => format!(", {blind} of them blind to what its words allow"),
        };
        format!(
            "{subject} {broken} in {held} of {} cells{blind}.\n",
            cells.len()
        )
    };
    subjects.into_iter().map(line).collect()
}

/// What the other checkers add to a search of all states.
fn beside(others: &[&Done]) -> String {
    let held: Vec<&&Done> = others.iter().filter(|done| done.holds()).collect();
    let (again, others): (Vec<&Done>, Vec<&Done>) = held
        .into_iter()
        .partition(|done| done.cell.checker.visits_states());
    let outcomes = || others.iter().filter_map(|done| done.outcome.as_ref().ok());
    let bounded = outcomes().filter(|outcome| matches!(outcome.coverage, Coverage::Bounded(_)));
    let without = bounded
        .clone()
        .filter(|outcome| outcome.preemption_bound.is_none());
    let sampled = outcomes().filter(|outcome| matches!(outcome.coverage, Coverage::Sampled(_)));
    let sampled_executions: u64 = sampled
        .clone()
        .filter_map(|outcome| outcome.executions)
        .sum();
    format!(
        "A second search of all states, on another runtime, says the same in {} of them (shuttle-exhaustive).\n\
         Nor did loom, which knows weak memory, find anything in {} (bounded on preemptions; in {} without a bound),\n\
         nor other tools and chance in {} cells (sampled: {} executions).\n",
        again.len(),
        bounded.count(),
        without.count(),
        sampled.count(),
        grouped(sampled_executions),
    )
}

fn legend(done: &[Done]) -> String {
    let mut out = String::from(
        "\n(s-)exhaustive: ✓ n held in all n reachable states; ✗ n violated after n steps, breadth first\n\
         the others: ✓ held in 1,000 executions (std: 100; loom: all it explores with at most k preemptions, ≤k,\n\
         or with any number, ∞; s-dfs: all there are, where it says all); ✗ n violated, in the n-th execution\n\
         · looked and missed   – nothing fell, but its words allow more than it can see   … stopped by its limit   blank: not run   ? not as predicted\n\
         s-: shuttle under that scheduler; s-dfs: its first 1,000 in depth-first order. loom 0.7.3 does not reverse every race, so its ✓ is one vote.\n",
    );
    out.extend(words_of(done).iter().map(|(variant, orders)| {
        format!(
            "{variant} uses words with orders weaker than SeqCst ({orders}): only loom has a memory model, the others\n\
             are sequentially consistent, and so, for stores, is x86.\n"
        )
    }));
    out
}

/// The subjects whose runs used words with orders weaker than `SeqCst`, and those orders.
pub fn words_of(done: &[Done]) -> Vec<(&AnySubject, WordOrders)> {
    let mut words: Vec<(&AnySubject, WordOrders)> = Vec::new();
    for done in done {
        let Ok(outcome) = &done.outcome else { continue };
        let subject = &done.cell.subject;
        let index = words.iter().position(|(known, _)| *known == subject);
        let index = index.unwrap_or_else(|| {
            words.push((subject, WordOrders::default()));
            words.len() - 1
        });
        let orders = &mut words[index].1;
        *orders = orders.and(WordOrders {
            seq_cst: false,
            ..outcome.orders
        });
    }
    words.retain(|(_, orders)| orders.are_weak());
    words
}

/// What the catalogue expects of these cells, and how many states were visited and how many steps a shortest
/// violation has, as Markdown: the same page whenever none contradicts the catalogue. `proof` says in a word what the
/// attempt to prove a variant comes to.
pub fn markdown(done: &[Done], proof: &dyn Fn(&AnySubject) -> &'static str) -> String {
    let mut out = String::from("| variant | scenario | any number of clients |");
    for checker in Checker::of_matrix() {
        out.push_str(&format!(" {checker} |"));
    }
    out.push_str(" may fall first |\n|---|---|---|");
    out.push_str(&"---|".repeat(Checker::of_matrix().count() + 1));
    out.push('\n');
    let mut last = None;
    for row in rows(done) {
        // It is about no scenario, so it stands once, in the first row of the variant.
        let proof = match last == Some(row.subject) {
            true => "",
            false => proof(row.subject),
        };
        last = Some(row.subject);
        out.push_str(&format!("| `{}` | {} | {proof} |", row.subject, row.place));
        for checker in Checker::of_matrix() {
            let word = match row.cells.get(&checker) {
                None => String::new(),
                Some(done) => done.cell.expectation.word().to_owned() + &extent(done),
            };
            out.push_str(&format!(" {word} |"));
        }
        let mut properties: Vec<&str> = Vec::new();
        for done in row.cells.values() {
            if let Expectation::Violated(names) | Expectation::MayBeViolated(names) =
                &done.cell.expectation
            {
                properties.extend(names.iter().map(String::as_str));
            }
        }
        properties.sort_unstable();
        properties.dedup();
        out.push_str(&format!(" {} |\n", properties.join(", ")));
    }
    out
}

/// What is the same in every run: how many states there are, and how long a shortest violation is.
fn extent(done: &Done) -> String {
    let Ok(outcome) = &done.outcome else {
        return String::new();
    };
    match (done.cell.checker, outcome.verdict, outcome.states) {
        (Checker::Exhaustive, Verdict::Holds, Some(states)) => {
            format!(", {} states", grouped(states))
        }
        (Checker::Exhaustive, Verdict::Violated, _) => {
            format!(
                ", {} steps",
                grouped(found_after(done.cell.checker, outcome))
            )
        }
        _ => String::new(),
    }
}

/// A cell that is not as predicted, in one line.
pub fn surprise(done: &Done) -> String {
    let cell = &done.cell;
    let came = match &done.outcome {
        Ok(outcome) => match &outcome.finding {
            Some(finding) => format!("violated {}", finding.property),
            None => outcome.verdict.to_string(),
        },
        // It says whose it is.
        Err(fault) => return format!("expected {}, got a fault: {fault}", cell.expectation.word()),
    };
    format!(
        "{} in {} under {}: expected {}, got {came}",
        cell.subject,
        cell.place,
        cell.checker,
        cell.expectation.word()
    )
}
