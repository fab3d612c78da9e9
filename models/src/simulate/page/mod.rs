//! The page of a run: four pictures over virtual time, the numbers, and what the run does not show.
//!
//! It is one file that runs no script and loads nothing, in the style of the pages of traces, and it has neither the time nor
//! a path of the machine that wrote it: the same run gives the same page. Heights and lines are drawn in a picture that is
//! stretched, texts beside it are not, so that a page is read on a telephone as well as on paper.

mod axis;
mod caveats;
mod frame;
mod help;
mod panel;
mod panels;
mod shape;
mod table;
#[cfg(test)]
mod tests;

use logon_sim::render::{self, markup};
use logon_sim::{counted, grouped};

use frame::Frame;

use super::result::{Options, Simulation, plan};
use super::words;
use crate::judge::Property;
use crate::program;
use crate::report::{FellReport, SimulationReport};

/// The style of the pictures and of the tables.
const STYLE: &str = include_str!("page.css");

/// How many columns a name may take.
const NAME_COLUMNS: usize = 60;

/// How many columns a sentence may take.
const SENTENCE_COLUMNS: usize = 600;

/// The name of the scenario beside a page.
pub(super) const SCENARIO: &str = "scenario.toml";

impl Simulation {
    /// The run as a page, which leads to the page at `index` if there is one. It takes at most 512 KiB: a run has at most 256
    /// pieces, and names and sentences are cut.
    #[must_use]
    pub fn page(&self, index: Option<&str>) -> String {
        let report = self.report();
        let patience = self.scenario.time.map_or(0, |time| time.patience);
        let timeline = &self.tally.timeline;
        let mut frame = Frame::new(timeline.length, timeline.pieces.len());
        if let Some(fell) = &report.fell {
            frame.mark(&fell.property, fell.at_ms);
        }
        let options = Options {
            seed: Some(self.seed),
            logons: u32::try_from(self.logons).ok(),
            stops: self.stops,
            ..Options::default()
        };
        if let Ok(plan) = plan(&self.scenario, &options) {
            frame.shade(&plan);
        }
        let panels = panels::panels(timeline, &report, patience);
        let panels = panels.iter().enumerate();
        let panels: String = panels
            .map(|(nth, panel)| panel.html(&frame, nth == 0))
            .collect();
        let body = format!(
            "<main class=\"simulation\">\n{}{}<div class=\"panels\" id=\"picture\">\n<p class=\"cut\">The run from left to right, in \
             {} of {}. Point at a column for its numbers.</p>\n{panels}</div>\n{}{}{}{}{}{}</main>\n",
            self.head(&report, index),
            verdict(&report),
            counted(frame.count, "piece"),
            axis::exact(frame.length),
            table::outcomes(&report, patience),
            table::occurrences(&report),
            caveats::section(&report),
            self.run_again(&report),
            table::pieces(timeline),
            help::section()
        );
        render::page(&title(&report), &body, STYLE)
    }

    fn head(&self, report: &SimulationReport, index: Option<&str>) -> String {
        let index = index.map_or_else(String::new, |index| {
            let index = markup(index, SENTENCE_COLUMNS);
            format!("<nav><a href=\"{index}\">All that is in this folder</a></nav>\n")
        });
        let (word, property) = verdict_and_property(report);
        let separator = if report.fell.is_some() { ": " } else { "" };
        format!(
            "<header>\n{index}<h1><span class=\"verdict {}\">{word}</span> <bdi class=\"property\">{property}</bdi><span \
             class=\"unseen\">{separator}</span><span class=\"place\"><bdi>{}</bdi> in <bdi>{}</bdi>, simulated</span></h1>\n\
             <p class=\"numbers\">{}, seed {}, {} of virtual time</p>\n<p class=\"numbers\"><bdi>{}</bdi></p>\n</header>\n",
            word.to_lowercase(),
            name(&report.variant),
            name(&report.scenario),
            counted(self.logons, "client"),
            self.seed,
            words::time(self.length),
            markup(&self.scenario.summary, SENTENCE_COLUMNS)
        )
    }

    fn run_again(&self, report: &SimulationReport) -> String {
        // Line by line: the document is shown as it is, and a line is cleaned like any other text.
        let lines = report.toml.lines();
        let toml: Vec<String> = lines.map(|line| markup(line, SENTENCE_COLUMNS)).collect();
        format!(
            "<section>\n<h2>Run it again</h2>\n<p>In the folder of this page, which has the scenario:</p>\n\
             <pre tabindex=\"0\" aria-label=\"command\"><code>{}</code></pre>\n\
             <p class=\"digest\">digest <code>{}</code> of {} facts in {} steps</p>\n\
             <details><summary>The scenario</summary>\n\
             <pre tabindex=\"0\" aria-label=\"scenario\"><code>{}</code></pre></details>\n</section>\n",
            markup(&self.again(program::name(), SCENARIO), SENTENCE_COLUMNS),
            report.digest,
            grouped(report.facts),
            grouped(report.steps),
            toml.join("\n")
        )
    }
}

fn verdict_and_property(report: &SimulationReport) -> (&'static str, String) {
    match &report.fell {
        None => ("PASS", String::new()),
        Some(fell) => ("FAIL", name(&fell.property)),
    }
}

fn title(report: &SimulationReport) -> String {
    let (word, property) = verdict_and_property(report);
    let separator = if report.fell.is_some() { ": " } else { "" };
    format!(
        "{word} {property}{separator}{} in {}, simulated",
        name(&report.variant),
        name(&report.scenario)
    )
}

/// What the run came to, in a sentence, and what the property asks for that fell.
fn verdict(report: &SimulationReport) -> String {
    let Some(fell) = &report.fell else {
        return "<p class=\"why holds\">No property fell in this run. It is one run, and says nothing about others.</p>\n".to_owned();
    };
    let asks = Property::named(&fell.property).map_or_else(String::new, |property| {
        let asks = markup(property.sentence(), SENTENCE_COLUMNS);
        format!("<p class=\"asks\"><span class=\"term\">broken</span> {asks}</p>\n")
    });
    let words = markup(&sentence(fell), SENTENCE_COLUMNS);
    format!("<p class=\"why\">{words}</p>\n{asks}")
}

fn sentence(fell: &FellReport) -> String {
    format!(
        "{} fell at {}, when {} had been tried: {}",
        fell.property,
        words::time(fell.at_ms),
        counted(fell.arrived, "connection"),
        fell.sentence
    )
}

fn name(name: &str) -> String {
    markup(name, NAME_COLUMNS)
}
