//! What the four pictures show.

use logon_sim::grouped;

use super::axis::{Scale, Unit, exact};
use super::panel::{Drawn, Panel};
use super::shape::{area, columns, steps};
use crate::report::SimulationReport;
use crate::scenario::Span;
use crate::simulate::tally::{Levels, Outcomes, Piece, Timeline};
use crate::simulate::words;

/// An outcome: its name, how its columns look, and how often it came about.
type Outcome = (&'static str, &'static str, fn(&Outcomes) -> u64);

/// The outcomes, the undermost first.
pub(super) const OUTCOMES: [Outcome; 6] = [
    ("served", "area served", |outcomes| outcomes.served),
    ("timed out", "area timed-out", |outcomes| outcomes.timed_out),
    ("refused 71", "area refused-71", |outcomes| outcomes.full),
    ("dropped 22", "area dropped-22", |outcomes| outcomes.dropped),
    ("refused 201", "area refused-201", |outcomes| {
        outcomes.unlicensed
    }),
    ("refused otherwise", "area refused-otherwise", |outcomes| {
        outcomes.refused
    }),
];

/// Percentiles: their names, how their lines look, and of how many in ten thousand they speak. The widest is undermost,
/// so that all are seen where they are the same.
pub(super) const PERCENTILES: [(&str, &str, u64); 3] = [
    ("99 %", "line p99", 9_900),
    ("95 %", "line p95", 9_500),
    ("50 %", "line p50", 5_000),
];

/// All four, from above.
pub(super) fn panels(timeline: &Timeline, report: &SimulationReport, patience: u64) -> [Panel; 4] {
    let Timeline { length, pieces, .. } = timeline;
    let when = |piece: usize| {
        let from = piece as u64 * length;
        format!("{} to {}", exact(from), exact(from + length))
    };
    let tips = |tell: &dyn Fn(&Piece) -> String| {
        let tips = pieces.iter().enumerate();
        tips.map(|(place, piece)| format!("{}: {}", when(place), tell(piece)))
            .collect()
    };
    [
        outcomes(pieces, report, &tips),
        waits(pieces, report, patience, &tips),
        levels(
            pieces,
            &Levelled {
                id: "line",
                title: "Waiting line and creation",
                phrase: "How many logons waited in line, and how many sessions were under creation: the most at a time in \
                         each piece.",
                area: ("in line", "area in-line", |levels| levels.in_line),
                line: ("under creation", "line creating", |levels| levels.creating),
                most: [report.most.in_line, report.most.creating],
            },
            &tips,
        ),
        levels(
            pieces,
            &Levelled {
                id: "connected",
                title: "Connected",
                phrase: "How many clients there were, and how many of them the server had let in: the most at a time in each \
                         piece.",
                area: ("clients", "area clients", |levels| levels.clients),
                line: ("connected", "line connected", |levels| levels.connected),
                most: [report.most.clients, report.most.connected],
            },
            &tips,
        ),
    ]
}

/// Makes what is said of each piece.
type Tips<'a> = dyn Fn(&dyn Fn(&Piece) -> String) -> Vec<String> + 'a;

fn outcomes(pieces: &[Piece], report: &SimulationReport, tips: &Tips<'_>) -> Panel {
    let all = |piece: &Piece| {
        OUTCOMES
            .iter()
            .map(|(.., of)| of(&piece.outcomes))
            .sum::<u64>()
    };
    let scale = Scale::up_to(pieces.iter().map(all).max().unwrap_or(0), Unit::Things);
    let mut floors = vec![0; pieces.len()];
    let drawn = OUTCOMES.map(|(name, class, of)| {
        let heights: Vec<u64> = pieces.iter().map(|piece| of(&piece.outcomes)).collect();
        let path = columns(&floors, &heights, scale);
        floors
            .iter_mut()
            .zip(&heights)
            .for_each(|(floor, height)| *floor += height);
        Drawn { name, class, path }
    });
    let tip = |piece: &Piece| {
        let counts = OUTCOMES
            .iter()
            .map(|(name, _, of)| (name, of(&piece.outcomes)));
        let counts = counts.filter(|(_, count)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(name, count)| format!("{} {name}", grouped(count)))
            .collect();
        match counts.is_empty() {
            true => "nothing".to_owned(),
            false => counts.join(", "),
        }
    };
    Panel {
        id: "outcomes",
        title: "Outcomes",
        phrase: "What became of connections in each piece, as stacked columns. Who saw a \
                 prompt and was refused afterwards, for a wrong password for example, is in both."
            .to_owned(),
        scale,
        drawn: drawn.into(),
        across: None,
        tips: tips(&tip),
        said: format!(
            "{} were served and {} lost patience, of {} connections.",
            grouped(report.outcomes.served),
            grouped(report.outcomes.timed_out),
            grouped(report.outcomes.arrived)
        ),
    }
}

fn waits(pieces: &[Piece], report: &SimulationReport, patience: u64, tips: &Tips<'_>) -> Panel {
    let quantile = |piece: &Piece, of| piece.latency.quantile(of);
    let longest = pieces
        .iter()
        .filter_map(|piece| quantile(piece, 9_900))
        .max();
    let scale = Scale::up_to(longest.unwrap_or(0).max(patience), Unit::Times);
    let drawn = PERCENTILES.map(|(name, class, of)| Drawn {
        name,
        class,
        path: steps(pieces.iter().map(|piece| quantile(piece, of)), scale),
    });
    let tip = |piece: &Piece| {
        let waits = PERCENTILES.iter().rev();
        let waits: Option<Vec<String>> = waits
            .map(|(name, _, of)| {
                Some(format!(
                    "{name} within {}",
                    words::time(quantile(piece, *of)?)
                ))
            })
            .collect();
        waits.map_or_else(
            || "nobody saw a prompt".to_owned(),
            |waits| waits.join(", "),
        )
    };
    let said = match (report.latency.p50_ms, report.latency.p99_ms) {
        (Some(half), Some(nearly_all)) => format!(
            "In the whole run half saw their prompt within {}, and 99 of 100 within {}; patience is {}.",
            words::time(half),
            words::time(nearly_all),
            Span(patience)
        ),
        _ => "Nobody saw a prompt.".to_owned(),
    };
    Panel {
        id: "wait",
        title: "Wait for a prompt",
        phrase: "How long those had waited who saw their prompt in a piece: half of them, 95 and 99 of 100 at most so long. Who \
                 never saw one is not in it."
            .to_owned(),
        scale,
        drawn: drawn.into(),
        across: Some(("patience", patience)),
        tips: tips(&tip),
        said,
    }
}

/// What there is more or less of: its name, how it looks, and how much there is.
type Level = (&'static str, &'static str, fn(&Levels) -> u32);

/// A picture of two of those.
struct Levelled {
    id: &'static str,
    title: &'static str,
    phrase: &'static str,
    area: Level,
    line: Level,
    /// The most of both in the whole run.
    most: [u32; 2],
}

fn levels(pieces: &[Piece], shown: &Levelled, tips: &Tips<'_>) -> Panel {
    let (first, first_class, first_of) = shown.area;
    let (second, second_class, second_of) = shown.line;
    let most = pieces
        .iter()
        .map(|piece| first_of(&piece.most).max(second_of(&piece.most)));
    let scale = Scale::up_to(most.max().unwrap_or(0).into(), Unit::Things);
    let of = |of: fn(&Levels) -> u32| pieces.iter().map(move |piece| u64::from(of(&piece.most)));
    let tip = |piece: &Piece| {
        let (first_most, second_most) = (first_of(&piece.most), second_of(&piece.most));
        format!(
            "{} {first}, {} {second}",
            grouped(first_most),
            grouped(second_most)
        )
    };
    let [most_first, most_second] = shown.most.map(grouped);
    Panel {
        id: shown.id,
        title: shown.title,
        phrase: shown.phrase.to_owned(),
        scale,
        drawn: vec![
            Drawn {
                name: first,
                class: first_class,
                path: area(of(first_of), scale),
            },
            Drawn {
                name: second,
                class: second_class,
                path: steps(of(second_of).map(Some), scale),
            },
        ],
        across: None,
        tips: tips(&tip),
        said: format!("At the most {most_first} {first} and {most_second} {second} at a time."),
    }
}
