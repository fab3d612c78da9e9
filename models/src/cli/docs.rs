//! `docs`: the generated pages of the documentation, written or checked.

use std::path::Path;

use logon_core::Variant;

use clap::CommandFactory;

use super::arguments::{Arguments, DocsArguments};
use super::{Failure, Program, Status, matrix, print, prove};
use crate::files;
use crate::matrix::{Done, Plan};
use crate::render::{self, matrix as pages};
use crate::trace::Trace;
use crate::{catalogue, proof, report, scenario, trace};

/// A generated page: its path below the folder of the documentation, and its text.
type Page = (String, String);

const NOTICE: &str =
    "<!-- Written by `logon-check docs`; `--check` says whether it is fresh. -->\n\n";

pub(super) fn run(arguments: &DocsArguments, program: &Program<'_>) -> Result<Status, Failure> {
    // They run as children of this program, so it has to know them.
    let missing = Variant::ALL
        .iter()
        .find(|variant| program.subjects.named(variant.name()).is_none());
    if let Some(missing) = missing {
        return Err(Failure::usage(format!(
            "docs writes the pages of the built-in variants, and this program does not know {missing}"
        )));
    }
    if arguments.check {
        if !arguments.out.is_dir() {
            return Err(Failure::usage(format!(
                "there is no folder {:?} whose pages could be checked; give the one that `docs` wrote with --out",
                arguments.out
            )));
        }
    } else {
        files::prepare(&arguments.out).map_err(Failure::usage)?;
    }
    let done = matrix::with_progress(&Plan::new(false, 1), &program.launcher);
    if let Some(surprise) = done.iter().find(|done| !done.is_as_expected()) {
        return Err(Failure::fault(format!(
            "the pages would say what is not so: {}",
            pages::surprise(surprise)
        )));
    }
    let traces = matrix::counterexamples(&done)?;
    let pages = all_pages(&done, &traces)?;
    if arguments.check {
        return check(&arguments.out, &pages);
    }
    for (path, text) in &pages {
        let path = Path::new(path);
        let folder = arguments.out.join(path.parent().unwrap_or(Path::new("")));
        let name = path
            .file_name()
            .expect("a page has a name")
            .to_string_lossy();
        files::write(&folder, &name, text).map_err(Failure::usage)?;
    }
    print(&format!(
        "{} pages written to {}\n",
        pages.len(),
        render::clean_line(&arguments.out.display().to_string())
    ))
}

fn check(folder: &Path, pages: &[Page]) -> Result<Status, Failure> {
    for (path, text) in pages {
        let file = folder.join(path);
        let found = files::read(&file).map_err(Failure::fault)?;
        if found != *text {
            let same = found
                .lines()
                .zip(text.lines())
                .take_while(|(a, b)| a == b)
                .count();
            return Err(Failure::fault(format!(
                "{}:{}: not as it would be written now; run `logon-check docs --out {}`",
                file.display(),
                same + 1,
                folder.display()
            )));
        }
    }
    print(&format!("{} pages are fresh\n", pages.len()))
}

fn all_pages(done: &[Done], traces: &[Trace]) -> Result<Vec<Page>, Failure> {
    let mut pages = vec![
        (
            "schema/scenario.schema.json".to_owned(),
            scenario::schema_json(),
        ),
        ("schema/trace.schema.json".to_owned(), trace::schema_json()),
        (
            "schema/verdict.schema.json".to_owned(),
            report::verdict_schema(),
        ),
        (
            "schema/matrix.schema.json".to_owned(),
            report::matrix_schema(),
        ),
        (
            "schema/together.schema.json".to_owned(),
            report::together_schema(),
        ),
        (
            "schema/smallest.schema.json".to_owned(),
            report::smallest_schema(),
        ),
        (
            "schema/proof.schema.json".to_owned(),
            report::proof_schema(),
        ),
        (
            "schema/simulation.schema.json".to_owned(),
            report::simulation_schema(),
        ),
        (
            "schema/swarm.schema.json".to_owned(),
            report::swarm_schema(),
        ),
        ("generated/commands.md".to_owned(), commands()),
        ("generated/proof.md".to_owned(), proof_page()?),
        ("generated/verdicts.md".to_owned(), verdicts(done)),
        ("generated/counterexamples.md".to_owned(), index(traces)),
    ];
    for trace in traces {
        pages.push((
            format!("generated/counterexamples/{}.md", trace.variant),
            page(trace),
        ));
    }
    Ok(pages)
}

fn verdicts(done: &[Done]) -> String {
    format!(
        "{NOTICE}# Verdicts\n\n\
         What each checker is expected to say of each variant, with the default work of `logon-check matrix`. \
         Before this page is written every cell is run, and none may contradict it. What a run really said, \
         and after how many executions, that command prints.\n\n\
         *holds*: every property held as far as the checker looked. `exhaustive` visits every reachable state \
         (sequential consistency, symmetry, weak fairness), and how many those are stands beside it; loom looks \
         at all interleavings within a bound on preemptions that it does not miss (bounded), every other checker \
         samples. *violated*: the checker finds the defect, `exhaustive` in as many steps as stand beside it. *may be violated*: it finds the defect with some seeds, on some machines, or with \
         more work. *beyond this checker*: it cannot see the defect, however long it looks. Blank: not run by \
         default, or more actors than the checker holds. *any number of clients*: what `logon-check prove` says of the \
         variant ([The proof](../proof.md)); *outside the method* says nothing about it.\n\n{}\n\
         {}",
        pages::markdown(done, &prove::verdict_of),
        words_of(done)
    )
}

/// Whose words are used with weaker orders than most checkers know, as the runs have shown.
fn words_of(done: &[Done]) -> String {
    let words = pages::words_of(done);
    let lines = words.iter().map(|(variant, orders)| {
        format!(
            "`{variant}` uses words with orders weaker than `SeqCst` ({orders}), and only loom has a memory model: of \
             what they allow no other checker says anything. The others are sequentially consistent, and x86 keeps \
             stores in order.\n"
        )
    });
    lines.collect()
}

/// What the proof of the fixed algorithm is made of.
fn proof_page() -> Result<String, Failure> {
    let files = proof::trusted();
    let total: usize = files.iter().map(|(_, lines)| lines).sum();
    let rows: String = files
        .iter()
        .map(|(file, lines)| format!("| `models/src/proof/{file}` | {lines} |\n"))
        .collect();
    let listing = proof::listing(Variant::Fixed);
    let listing =
        listing.unwrap_or_else(|outside| format!("It cannot be followed: {}.\n", outside.what));
    Ok(format!(
        "{NOTICE}# Types and rules\n\nWhat `logon-check prove` takes from the sections of the fixed algorithm, with a \
         maximum of connections and broken lines that are disconnected, and how the other configurations differ. \
         [The proof](../proof.md) explains it. A rule says what becomes of what is on record; `[…]` is a logon with \
         what it holds, or a session. What a party has seen is left out, so one line stands for several rules.\n\n\
         ## What has to be right\n\n| file | lines |\n|---|---|\n{rows}| all | {total} |\n\nEmpty lines and \
         comments are counted, tests are not. The searches for certificates and weights are not among them.\n\n{listing}"
    ))
}

/// The help of every command.
fn commands() -> String {
    let mut out = format!("{NOTICE}# Commands\n");
    let mut program = Arguments::command();
    program.build();
    let whole = program.render_long_help();
    out.push_str(&format!("\n```text\n{}\n```\n", tidy(&whole.to_string())));
    for command in program
        .get_subcommands_mut()
        .filter(|command| command.get_name() != "help")
    {
        let help = command.render_long_help().to_string();
        out.push_str(&format!(
            "\n## {}\n\n```text\n{}\n```\n",
            command.get_name(),
            tidy(&help)
        ));
    }
    out
}

/// Without white space at the ends of lines.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn index(traces: &[Trace]) -> String {
    let mut out = format!(
        "{NOTICE}# Counterexamples\n\nOne execution for each defect, in the smallest scenario that shows it: \
         the smallest of all that fail. For `relaxed-publication`, which needs a weak \
         memory, the one that loom found.\n\n\
         | defect | what goes wrong | execution |\n|---|---|---|\n"
    );
    for trace in traces {
        let variant = Variant::named(&trace.variant);
        let sentence = variant.map_or("", Variant::sentence);
        let violation = trace.violation.as_ref();
        out.push_str(&format!(
            "| `{0}` | {sentence} | [{1}](counterexamples/{0}.md), {2} steps |\n",
            trace.variant,
            violation.map_or("", |violation| violation.property.as_str()),
            trace.steps.len()
        ));
    }
    out
}

fn page(trace: &Trace) -> String {
    let variant = Variant::named(&trace.variant);
    let place = variant.and_then(catalogue::smallest);
    let again = place.map_or_else(String::new, |place| {
        format!(
            "\nFind it again: `logon-check check --variant {} {} --checker {}`.\n",
            trace.variant,
            place.options(),
            trace.checker
        )
    });
    let file = format!("tests/counterexamples/{}.json", trace.variant);
    format!("{NOTICE}{}{again}", render::markdown(trace, &file))
}
