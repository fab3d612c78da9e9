//! Whole pages, of runs that are small and of runs that nobody would make.

use logon_core::Variant;

use super::help::WORDS;
use super::panels::{OUTCOMES, PERCENTILES};
use crate::scenario::Scenario;
use crate::simulate::tally::{Levels, Outcomes};
use crate::simulate::{Options, Simulation, simulate};

const BURST: &str = r#"
name = "burst-of-eleven"
summary = "Clients at once."
source = "reconstruction"
[server]
idle-pool = 2
[time]
set-up = { from = "2100ms", to = "3900ms" }
[[arrivals]]
kind = "burst"
logons = 11
"#;

const FAULTS: &str = "
[faults]
vanish = 1
slow-disk = { every = \"10s\", for = \"2s\", factor = 5 }
disable-logons = { every = \"20s\", for = \"10ms\" }
";

fn run(variant: Variant, toml: &str, stops: bool) -> Simulation {
    let scenario = Scenario::parse(toml, "test").expect("it is valid");
    let options = Options {
        stops,
        ..Options::default()
    };
    let simulated = simulate(&variant.into(), &scenario, &options).expect("it has arrivals");
    simulated.expect("no rule is broken")
}

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    let parts = page.split(before).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn a_page_has_the_verdict_the_pictures_the_numbers_and_what_it_does_not_show() {
    let page = run(Variant::Fixed, BURST, true).page(Some("../index.html"));
    for part in [
        "<title>PASS fixed in burst-of-eleven, simulated</title>",
        "<a href=\"../index.html\">All that is in this folder</a>",
        "11 clients, seed 1, 35.3 s of virtual time",
        "<bdi>Clients at once.</bdi>",
        "No property fell in this run.",
        "142 pieces of 250 ms",
        "<th scope=\"row\">served</th><td class=\"number\">10</td>",
        "<th scope=\"row\">timed out</th><td class=\"number\">1</td>",
        "<td class=\"number\">11</td><td>a client waits in line</td>",
        "What this run does not show",
        "That no property can fall",
        "logon-check simulate --scenario scenario.toml --variant fixed --seed 1 --logons 11</code>",
        "3 s 750 ms to 4 s: 1 served",
        "digest <code>39225e987457f774</code>",
    ] {
        assert!(page.contains(part), "without {part}");
    }
    let panels = values(&page, "<svg class=\"plot\" role=\"img\" aria-labelledby=\"");
    let ids: Vec<&str> = panels
        .iter()
        .filter_map(|ids| ids.split(' ').next())
        .collect();
    assert_eq!(ids, ["outcomes", "wait", "line", "connected"]);
    assert_eq!(values(&page, "data-end=\""), ["35500"; 4]);
    assert!(!page.contains("class=\"fell\""), "nothing fell");
}

#[test]
fn where_a_property_fell_is_marked_in_all_pictures_and_the_run_ends_there_or_goes_on() {
    let ended = run(Variant::EmptyPoolRefuses, BURST, true);
    let went_on = run(Variant::EmptyPoolRefuses, BURST, false);
    let at = ended.report().fell.expect("it fell").at_ms.to_string();
    for simulation in [&ended, &went_on] {
        let page = simulation.page(None);
        assert_eq!(values(&page, "class=\"fell\" data-at=\""), [&*at; 4]);
        assert!(page.contains("<span class=\"verdict fail\">FAIL</span>"));
        assert!(page.contains(">no-false-refusal fell at 0 ms</text>"));
        assert!(page.contains("A logon is refused only if the reason was true"));
        assert_eq!(
            page.contains("the run ends with the first"),
            simulation.stops
        );
        assert_eq!(page.contains("anybody&#39;s guess"), !simulation.stops);
        assert_eq!(page.contains(" --go-on</code>"), !simulation.stops);
    }
    assert_ne!(ended.folder_name(), went_on.folder_name());
}

#[test]
fn what_was_asked_for_and_never_happened_is_said_and_what_can_be_seen_is_shaded() {
    let page = run(Variant::Fixed, &format!("{BURST}{FAULTS}"), true).page(None);
    assert!(page.contains("<td class=\"number\">never</td><td>a client vanishes, although"));
    assert!(page.contains("that never did: a client vanishes"));
    assert!(page.contains("<rect class=\"shade slow\" x=\""));
    assert!(page.contains("</svg> slow disk</li>"));
    // Ten milliseconds are not seen in half a minute.
    assert!(!page.contains("class=\"shade disabled\""));
}

#[test]
fn the_same_run_has_the_same_files_and_its_scenario_runs_it_again() {
    let first = run(Variant::Fixed, BURST, true);
    let files = first.rendered();
    assert_eq!(files, run(Variant::Fixed, BURST, true).rendered());
    let toml = files.iter().find(|(name, _)| *name == super::SCENARIO);
    let (_, toml) = toml.expect("it is beside the page");
    let again = run(Variant::Fixed, toml, true);
    assert_eq!(again.digest, first.digest);
    assert_eq!(again.folder_name(), first.folder_name());
}

#[test]
fn names_and_sentences_stay_text() {
    let mut simulation = run(Variant::EmptyPoolRefuses, BURST, true);
    let hostile =
        "</text></svg><script>window.hostile=1</script>\" onload='x' & \u{202e}\u{1b}[31m";
    simulation.variant = hostile.to_owned();
    simulation.scenario.name = hostile.to_owned();
    simulation.scenario.summary = hostile.repeat(99);
    let page = simulation.page(Some(hostile));
    assert!(!page.contains("<script"), "an element of its own");
    assert!(!page.contains("\" onload"), "an attribute of its own");
    assert!(page.contains("&lt;script&gt;"));
    let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!page.contains(steers));
}

#[test]
fn a_page_loads_and_runs_nothing() {
    let page = run(Variant::Fixed, BURST, true).page(Some("../index.html"));
    let policy = "default-src 'none'; script-src 'none'; style-src 'sha256-";
    assert_eq!(page.matches(policy).count(), 1);
    for loads in [" src=", "@import", "url(", "<link", "style=\"", "<script"] {
        assert!(!page.contains(loads), "{loads}");
    }
}

/// The most that the documentation says.
const LARGEST: usize = 512 << 10;

#[test]
fn the_largest_page_is_as_large_as_is_said_at_the_most() {
    let mut simulation = run(Variant::Fixed, BURST, true);
    let tally = &mut simulation.tally;
    // A thousand million clients, in as many pieces as there can be, and every column another one than its neighbors.
    let many = 10_000_000_000;
    for piece in 0..256 {
        let now = piece * 250;
        tally.served(now, 3_600_000_000 - piece);
        tally.count(now, |outcomes| {
            *outcomes = Outcomes {
                arrived: many - piece * 9_999_999,
                served: many - piece * 9_999_999,
                logged_on: many,
                timed_out: many - piece * 7,
                full: many - piece * 77,
                dropped: many - piece * 777,
                unlicensed: many - piece * 7_777,
                refused: many - piece * 77_777,
            };
        });
        let most = u32::MAX - piece as u32 * 4_000_001;
        tally.now = Levels {
            in_line: most,
            creating: most - 1,
            connected: most - 2,
            clients: most - 3,
        };
        tally.moment(now);
    }
    assert_eq!(tally.timeline.pieces.len(), 256);
    tally.timeline.length = 8_192_000_000;
    simulation.scenario.summary = "&".repeat(9_999);
    let page = simulation.page(Some("../index.html"));
    assert!(page.len() < LARGEST, "{} bytes", page.len());
    assert!(
        page.len() > LARGEST / 2,
        "{} bytes: it is not the largest",
        page.len()
    );
}

#[test]
fn the_words_of_legends_and_tables_are_explained_once() {
    let mut names: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
    let wanted = OUTCOMES.iter().map(|(name, ..)| *name);
    let wanted = wanted.chain(PERCENTILES.iter().map(|(name, ..)| *name));
    for word in wanted {
        assert!(names.contains(&word), "{word} is not explained");
    }
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn an_index_lists_the_runs_and_passes_over_what_is_none() {
    let out = tempfile::tempdir().expect("a folder can be made");
    let simulation = run(Variant::EmptyPoolRefuses, BURST, true);
    let patience = crate::files::Patience::default();
    let written = simulation.write(out.path(), &patience);
    assert!(written.failures.is_empty() && written.page.is_some());
    for (name, text) in [
        ("other", "{}"),
        ("version", &*report_of_another_version(&simulation)),
    ] {
        let folder = out.path().join(name);
        crate::files::write(&folder, "simulation.json", text).expect("writable");
    }
    crate::artefact::write_index(out.path()).expect("writable");
    let read = |name| std::fs::read_to_string(out.path().join(name)).expect("it was written");
    let (page, text) = (read("index.html"), read("index.md"));
    let address = format!("{}/simulation.html", simulation.folder_name());
    assert_eq!(page.matches("<a href=").count(), 1);
    assert!(page.contains(&format!(
        "<a href=\"{address}\"><bdi>empty-pool-refuses</bdi></a>"
    )));
    assert!(page.contains("<h1>Simulations</h1>"));
    assert!(page.contains("FAIL no-false-refusal"));
    assert!(text.contains(&format!(
        "| [empty-pool-refuses]({address}) | burst-of-eleven | 11 | 1 |"
    )));
}

fn report_of_another_version(simulation: &Simulation) -> String {
    let mut report = simulation.report();
    report.version += 1;
    crate::report::to_json(&report)
}
