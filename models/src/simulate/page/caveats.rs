//! What a run does not show.

use logon_sim::render::markup;
use logon_sim::{counted, grouped};

use crate::report::SimulationReport;
use crate::simulate::WEAKER_ORDERS;

/// How many columns a sentence may take.
const COLUMNS: usize = 400;

/// What must not be concluded from this run, a sentence each.
pub(super) fn caveats(report: &SimulationReport) -> Vec<String> {
    let mut said = vec![match &report.fell {
        None => "That no property can fall: this is one run, from one seed, and another may end otherwise.".to_owned(),
        Some(_) => "How often a property falls: this is one run, from one seed, and another may end otherwise.".to_owned(),
    }];
    if report.fell.is_some() {
        said.push(match report.goes_on {
            true => "What a server does after the mark: the allocator has broken a property there, and what it does afterwards is \
                     anybody's guess. Nothing is judged any more, so what falls later is not named."
                .to_owned(),
            false => "What comes afterwards: the run ends with the first property that falls.".to_owned(),
        });
    }
    let never = report.occurrences.iter();
    let never: Vec<&str> = never
        .filter(|occurrence| occurrence.asked_for && occurrence.times == 0)
        .map(|occurrence| &*occurrence.what)
        .collect();
    if !never.is_empty() {
        said.push(format!(
            "What the server does when one of {} happens that the scenario asks for and that never did: {}.",
            counted(never.len() as u64, "thing"),
            never.join("; ")
        ));
    }
    if report.uses_weaker_orders {
        said.push(format!("What a weak memory does: {WEAKER_ORDERS}."));
    }
    if report.unjudged > 0 {
        said.push(format!(
            "Whether some order explains {} of the admissions: too many overlapped.",
            grouped(report.unjudged)
        ));
    }
    said.push(
        "How long anything takes on a real server: the times are those of the scenario, and what the allocator itself does \
         takes none."
            .to_owned(),
    );
    said.push(
        "How long those would have waited who never saw a prompt: they are in no percentile. Percentiles are up to 3 % too \
         large, for waits are counted in classes."
            .to_owned(),
    );
    said
}

/// The same as a section.
pub(super) fn section(report: &SimulationReport) -> String {
    let items = caveats(report);
    let items = items
        .iter()
        .map(|item| format!("<li>{}</li>\n", markup(item, COLUMNS)));
    format!(
        "<section>\n<h2>What this run does not show</h2>\n<ul class=\"caveats\">\n{}</ul>\n</section>\n",
        items.collect::<String>()
    )
}
