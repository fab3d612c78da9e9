//! The numbers of a run as tables.

use logon_sim::grouped;
use logon_sim::render::markup;

use super::axis::exact;
use super::panels::{OUTCOMES, PERCENTILES};
use crate::report::{OccurrenceReport, SimulationReport};
use crate::scenario::Span;
use crate::simulate::tally::{Piece, Timeline};
use crate::simulate::words;

/// How many columns a cell may take.
const COLUMNS: usize = 300;

/// What became of the connections, in the whole run.
pub(super) fn outcomes(report: &SimulationReport, patience: u64) -> String {
    let outcomes = &report.outcomes;
    let (latency, most) = (&report.latency, &report.most);
    let within = |name: &str, time: Option<u64>| {
        time.map(|time| format!("{name} within {}", words::time(time)))
    };
    let waits = [
        within("half", latency.p50_ms),
        within("95 %", latency.p95_ms),
        within("99 %", latency.p99_ms),
        within("99.9 %", latency.p999_ms),
        within("the last", latency.p50_ms.map(|_| latency.longest_ms)),
    ];
    let waits: Vec<String> = waits.into_iter().flatten().collect();
    let rows = [
        (
            "arrived",
            outcomes.arrived,
            "connections, those of clients that came back included".to_owned(),
        ),
        (
            "served",
            outcomes.served,
            format!("saw their prompt: {}", waits.join(", ")),
        ),
        (
            "timed out",
            outcomes.timed_out,
            format!(
                "lost patience, after {} by their own clocks",
                Span(patience)
            ),
        ),
        (
            "refused 71",
            outcomes.refused_71,
            "the server was full".to_owned(),
        ),
        (
            "dropped 22",
            outcomes.dropped_22,
            "without a lawful reason".to_owned(),
        ),
        ("refused 201", outcomes.refused_201, "no license".to_owned()),
        (
            "refused otherwise",
            outcomes.refused_otherwise,
            "a wrong password, logons disabled, a failed creation or a reset".to_owned(),
        ),
        ("logged on", outcomes.logged_on, "users".to_owned()),
        (
            "at once",
            most.clients.into(),
            format!(
                "clients at the most; {} connected, {} in line, {} under creation",
                grouped(most.connected),
                grouped(most.in_line),
                grouped(most.creating)
            ),
        ),
    ];
    let rows = rows.into_iter().map(|(name, number, what)| {
        let what = markup(what.trim_end_matches(": "), COLUMNS);
        format!(
            "<tr><th scope=\"row\">{name}</th><td class=\"number\">{}</td><td>{what}</td></tr>\n",
            grouped(number)
        )
    });
    format!(
        "<section>\n<h2 id=\"numbers\">Numbers of the whole run</h2>\n<table class=\"counts\" aria-labelledby=\"numbers\">\n\
         <tbody>\n{}</tbody>\n</table>\n</section>\n",
        rows.collect::<String>()
    )
}

/// What happened how often, and what never did: what the scenario asks for first comes last, for that is what is missing.
pub(super) fn occurrences(report: &SimulationReport) -> String {
    let shown = report.occurrences.iter();
    let shown = shown.filter(|occurrence| occurrence.asked_for || occurrence.times > 0);
    let (happened, never): (Vec<&OccurrenceReport>, Vec<_>) =
        shown.partition(|occurrence| occurrence.times > 0);
    let happened = happened.into_iter().map(|occurrence| {
        format!(
            "<tr><td class=\"number\">{}</td><td>{}</td></tr>\n",
            grouped(occurrence.times),
            markup(&occurrence.what, COLUMNS)
        )
    });
    let never = never.into_iter().map(|occurrence| {
        format!(
            "<tr class=\"never\"><td class=\"number\">never</td><td>{}, although the scenario asks for it</td></tr>\n",
            markup(&occurrence.what, COLUMNS)
        )
    });
    let rows: String = happened.chain(never).collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!(
            "<section>\n<h2 id=\"happened\">What happened how often</h2>\n<table class=\"counts\" aria-labelledby=\"happened\">\n\
             <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
        ),
    }
}

/// What is drawn in the pictures, in numbers, a row for each piece.
pub(super) fn pieces(timeline: &Timeline) -> String {
    let names = ["from", "arrived"].into_iter();
    let names = names
        .chain(OUTCOMES.iter().map(|(name, ..)| *name))
        .chain(PERCENTILES.iter().rev().map(|(name, ..)| *name))
        .chain(["in line", "under creation", "clients", "connected"]);
    let heads: String = names
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .collect();
    let rows = timeline.pieces.iter().enumerate();
    let rows: String = rows
        .map(|(place, piece)| row(place as u64 * timeline.length, piece))
        .collect();
    format!(
        "<section>\n<h2 id=\"pieces\">The pictures in numbers</h2>\n<details><summary>{}</summary>\n\
         <p class=\"hint\">More of this is at the side: it scrolls.</p>\n\
         <div class=\"box\" tabindex=\"0\" role=\"region\" aria-labelledby=\"pieces\">\n<table class=\"pieces\">\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n</details>\n</section>\n",
        logon_sim::counted(timeline.pieces.len() as u64, "piece")
            + &format!(" of {}", exact(timeline.length)),
    )
}

fn row(from: u64, piece: &Piece) -> String {
    let outcomes = &piece.outcomes;
    let counts = OUTCOMES.iter().map(|(.., of)| grouped(of(outcomes)));
    let waits = PERCENTILES.iter().rev().map(|(.., of)| {
        let wait = piece.latency.quantile(*of);
        wait.map_or_else(|| "–".to_owned(), words::time)
    });
    let most = &piece.most;
    let levels = [most.in_line, most.creating, most.clients, most.connected].map(grouped);
    let cells = [exact(from), grouped(outcomes.arrived)].into_iter();
    let cells = cells.chain(counts).chain(waits).chain(levels);
    let cells: String = cells
        .map(|cell| format!("<td class=\"number\">{cell}</td>"))
        .collect();
    format!("<tr>{cells}</tr>\n")
}
