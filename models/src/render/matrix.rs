//! The matrix, as text and as Markdown.

use std::collections::BTreeMap;

use logon_core::Variant;

use crate::catalogue::{Expectation, Place};
use crate::checker::Checker;
use crate::matrix::Done;
use crate::outcome::Verdict;

/// One row: a variant in one place.
struct Row<'a> {
    variant: Variant,
    place: &'a Place,
    cells: BTreeMap<Checker, &'a Done>,
}

fn rows(done: &[Done]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for done in done {
        let cell = &done.cell;
        let same = |row: &&mut Row<'_>| row.variant == cell.variant && *row.place == cell.place;
        if let Some(row) = rows.iter_mut().find(same) {
            row.cells.insert(cell.checker, done);
        } else {
            let cells = BTreeMap::from([(cell.checker, done)]);
            rows.push(Row {
                variant: cell.variant,
                place: &cell.place,
                cells,
            });
        }
    }
    rows
}

/// What one cell shows: a symbol and, where something was found, after how many executions.
fn symbol(done: Option<&&Done>) -> String {
    let Some(done) = done else {
        return String::new();
    };
    let Ok(outcome) = &done.outcome else {
        return "fault".to_owned();
    };
    let mark = if done.is_as_expected() { "" } else { " ?" };
    let text = match outcome.verdict {
        Verdict::Violated => format!("✗ {}", outcome.executions.unwrap_or(0)),
        Verdict::Incomplete => "…".to_owned(),
        Verdict::Holds => match (&done.cell.expectation, outcome.preemption_bound) {
            (Expectation::Holds, Some(bound)) => format!("✓ ≤{bound}"),
            (Expectation::Holds, None) => "✓".to_owned(),
            (Expectation::Beyond, _) => "–".to_owned(),
            _ => "·".to_owned(),
        },
    };
    text + mark
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

/// The matrix as text, with what was found in its first lines.
pub fn text(done: &[Done], seed: u64) -> String {
    let mut out = summary(done, seed);
    let heads = [
        "random", "loom", "s-random", "s-pct", "s-urw", "s-dfs", "std",
    ];
    let rows = rows(done);
    out.push_str(&format!("\n{:<21}{:<33}", "variant", "scenario"));
    for head in heads {
        out.push_str(&format!("{head:>9}"));
    }
    out.push_str("  fell first\n");
    let mut last = None;
    for row in &rows {
        let name = if last == Some(row.variant) {
            ""
        } else {
            row.variant.name()
        };
        last = Some(row.variant);
        out.push_str(&format!("{name:<21}{:<33}", row.place.to_string()));
        for checker in Checker::ALL {
            out.push_str(&format!("{:>9}", symbol(row.cells.get(checker))));
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

fn summary(done: &[Done], seed: u64) -> String {
    let count = |wanted: &dyn Fn(&&Done) -> bool| done.iter().filter(wanted).count();
    let fixed: Vec<&Done> = done
        .iter()
        .filter(|done| !done.cell.variant.is_defect())
        .collect();
    let fixed_held = fixed.iter().filter(|done| {
        done.outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.verdict == Verdict::Holds)
    });
    let fixed_held = fixed_held.count();
    let dropped = fixed.iter().filter(|done| done.is_violated()).count();
    let mut defects: Vec<Variant> = done.iter().map(|done| done.cell.variant).collect();
    defects.retain(|variant| variant.is_defect());
    defects.dedup();
    let is_found = |defect: &&Variant| {
        done.iter()
            .any(|d| d.cell.variant == **defect && d.is_violated())
    };
    let found = defects.iter().filter(is_found).count();
    let expected = count(&|done| done.is_as_expected());
    let stopped = done.iter().filter(|done| {
        done.outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.verdict == Verdict::Incomplete)
    });
    let unfinished = match stopped.count() {
        0 => String::new(),
        count => format!("; {count} of them were stopped by their limit and say nothing"),
    };
    let executions: u64 = done
        .iter()
        .filter_map(|d| d.outcome.as_ref().ok()?.executions)
        .sum();
    let cpu: f64 = done
        .iter()
        .filter_map(|d| Some(d.outcome.as_ref().ok()?.cpu_seconds))
        .sum();
    let fixed_line = if dropped == 0 {
        format!(
            "The fixed algorithm dropped no logon: it held in {fixed_held} of {} cells, as far as each looked\n\
             (loom within a bound on preemptions, all others sampled).\n",
            fixed.len()
        )
    } else {
        format!(
            "The fixed algorithm broke a property in {dropped} of {} cells.\n",
            fixed.len()
        )
    };
    format!(
        "logon-check: which ways of handing out sessions to clients that log on at the same time drop one?\n\
         seed {seed}, {} cells, {executions} executions, {cpu:.1} s of processor time\n\n\
         {fixed_line}\
         {found} of {} defects, each one step of it done wrong, were found.\n\
         {expected} of {} cells are as the catalogue predicts{unfinished}.\n",
        done.len(),
        defects.len(),
        done.len(),
    )
}

fn legend(done: &[Done]) -> String {
    let mut out = String::from(
        "\n✓ held in 1,000 executions (std: 100; loom: all it explores with at most k preemptions, ≤k)\n\
         ✗ n violated, in the n-th execution\n\
         · looked and missed   – cannot see it   … stopped by its limit   blank: not run   ? not as predicted\n\
         s-: shuttle under that scheduler; s-dfs: its first 1,000 in depth-first order. loom 0.7.3 does not reverse every race, so its ✓ is one vote.\n",
    );
    let weak = done
        .iter()
        .any(|done| done.cell.variant == Variant::RelaxedPublication && done.is_violated());
    if weak {
        out.push_str(
            "relaxed-publication is seen by loom alone: two relaxed stores reach a reader out of order, and\n\
             only loom has a memory model; the others are sequentially consistent, and so, for stores, is x86.\n",
        );
    }
    out
}

/// What the catalogue expects of these cells, as Markdown: the same page whenever none contradicts it.
pub fn markdown(done: &[Done]) -> String {
    let mut out = String::from("| variant | scenario |");
    for checker in Checker::ALL {
        out.push_str(&format!(" {checker} |"));
    }
    out.push_str(" may fall first |\n|---|---|");
    out.push_str(&"---|".repeat(Checker::ALL.len() + 1));
    out.push('\n');
    for row in rows(done) {
        out.push_str(&format!("| `{}` | {} |", row.variant, row.place));
        for checker in Checker::ALL {
            let word = match row.cells.get(checker) {
                None => "",
                Some(done) => done.cell.expectation.word(),
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

/// A cell that is not as predicted, in one line.
pub fn surprise(done: &Done) -> String {
    let cell = &done.cell;
    let came = match &done.outcome {
        Ok(outcome) => match &outcome.finding {
            Some(finding) => format!("violated {}", finding.property),
            None => outcome.verdict.to_string(),
        },
        Err(fault) => format!("fault: {fault}"),
    };
    format!(
        "{} in {} under {}: expected {}, got {came}",
        cell.variant,
        cell.place,
        cell.checker,
        cell.expectation.word()
    )
}
