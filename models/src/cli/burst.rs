//! What a burst of clients comes to, for the main job: how many are served, by the fixed algorithm and in a stampede.

use std::fmt::Display;
use std::sync::Arc;

use logon_core::Variant;
use logon_sim::counted;

use super::Failure;
use crate::checker::served;
use crate::matrix::Done;
use crate::scenario::{Overrides, Scenario, Span, Time};

/// The scenario of the burst.
const PLACE: &str = "q238186-burst";

/// The larger bursts that are tried besides the scenario's own, and the smaller ones.
const CLIENTS: [u32; 6] = [1, 2, 3, 4, 6, 8];

/// How many executions of each.
const EXECUTIONS: u64 = 100;

/// The numbers of clients that are served, a line for each of the two, if both are among the cells; `page` shows one
/// execution.
pub(super) fn text(done: &[Done], seed: u64, page: Option<&str>) -> Result<String, Failure> {
    let both = [Variant::Fixed, Variant::SetupStampede];
    let is_among = |variant: &Variant| {
        let is_it = |done: &Done| {
            done.cell.variant() == Some(*variant) && done.cell.place.scenario == PLACE
        };
        done.iter().any(is_it)
    };
    if !both.iter().all(is_among) {
        return Ok(String::new());
    }
    let preset = Scenario::preset(PLACE).map_err(Failure::fault)?;
    let mut text = format!(
        "\nHow many of a burst are served, {}:\n",
        preset.time.map_or_else(String::new, conditions)
    );
    text.push_str(&line("clients at once", CLIENTS));
    for variant in both {
        let count = |clients| {
            let overrides = Overrides {
                clients: Some(clients),
                ..Overrides::default()
            };
            let scenario = preset.with(&overrides).map_err(Failure::fault)?;
            served(&variant, &Arc::new(scenario), EXECUTIONS, seed).map_err(Failure::fault)
        };
        let counts: Result<Vec<_>, Failure> = CLIENTS.into_iter().map(count).collect();
        text.push_str(&line(variant.name(), counts?));
    }
    text.push_str(&format!(
        "({PLACE}, sampled: {EXECUTIONS} executions of each)\n"
    ));
    if let Some(page) = page {
        text.push_str(&format!("The stampede step by step: {page}\n"));
    }
    Ok(text)
}

/// How long things take, in words.
fn conditions(time: Time) -> String {
    format!(
        "if setting up a session takes {} of {} and a client waits {} for its prompt",
        time.set_up,
        counted(time.processors.into(), "processor"),
        Span(time.patience)
    )
}

/// A line of the table.
fn line<T: Display>(head: &str, numbers: impl IntoIterator<Item = T>) -> String {
    let numbers = numbers.into_iter();
    let numbers: String = numbers
        .map(|number| format!("{:>5}", number.to_string()))
        .collect();
    format!("{head:<16}{numbers}\n")
}
