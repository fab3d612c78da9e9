//! `replay`: a recorded execution, run again.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use logon_sim::counted;

use super::arguments::{ReplayArguments, ReplayOn};
use super::{Failure, Status, choose, put, walk};
use crate::gated::Tool;
use crate::program;
use crate::render;
use crate::replay::{self, Fix, FixLimits, Fixed, On, Parting, Replayed};
use crate::scenario::Scenario;
use crate::simulate::BY_SIMULATION;
use crate::stage::{AnySubject, Subjects};
use crate::trace::Trace;

pub(super) fn run(arguments: &ReplayArguments, subjects: &Subjects) -> Result<Status, Failure> {
    let trace = read(&arguments.trace)?;
    let origin = arguments.trace.display().to_string();
    expect_an_execution(&trace, &origin)?;
    let scenario = Scenario::parse(&trace.scenario.toml, &format!("{origin}: its scenario"));
    let scenario = Arc::new(scenario.map_err(Failure::usage)?);
    let variant = match &arguments.variant {
        Some(name) => choose::subject(subjects, name)?,
        None => recorded(subjects, &trace, &origin)?,
    };
    let on = match arguments.on {
        ReplayOn::Sim => On::Sim,
        ReplayOn::Shuttle => On::Tool(Tool::Shuttle),
        ReplayOn::Loom => On::Tool(Tool::Loom),
        ReplayOn::Std => On::Tool(Tool::Threads),
    };
    if on == On::Tool(Tool::Loom) {
        scenario.check_fits(4, "loom").map_err(Failure::usage)?;
    }
    let break_at = break_at(arguments, on, &trace)?;
    let replayed = replay::replay(&trace, variant, &scenario, on, break_at);
    let told = Told {
        trace: &trace,
        origin: &origin,
        on,
        variant,
        walks: arguments.step,
    };
    let replayed = replayed.map_err(|fault| Failure::fault(format!("{on}: {fault}")));
    let status = told.tell(&replayed?);
    match told.is_of_another() {
        true => status.and_then(|_| told.tell_whether_it_holds(&scenario)),
        false => status,
    }
}

/// Refuses the end of a simulation: the steps before it are not in the trace.
fn expect_an_execution(trace: &Trace, origin: &str) -> Result<(), Failure> {
    if trace.checker != BY_SIMULATION {
        return Ok(());
    }
    let whole = trace.notes.first().map_or("", String::as_str);
    Err(Failure::usage(format!(
        "{origin} is the end of a simulation and cannot be replayed. {whole}"
    )))
}

/// The variant that was recorded.
fn recorded<'a>(
    subjects: &'a Subjects,
    trace: &Trace,
    origin: &str,
) -> Result<&'a AnySubject, Failure> {
    subjects.named(&trace.variant).ok_or_else(|| {
        Failure::usage(format!(
            "{origin}: recorded of {:?}, which is no variant of this program; expected --variant with one that is, to \
             see where the two part, or the program that has the allocator: one whose main calls \
             logon_models::cli::main_with",
            trace.variant
        ))
    })
}

/// Reads a trace from a file.
pub(super) fn read(path: &Path) -> Result<Trace, Failure> {
    Trace::load(path).map_err(Failure::usage)
}

/// The step to stop before.
fn break_at(arguments: &ReplayArguments, on: On, trace: &Trace) -> Result<Option<usize>, Failure> {
    let Some(number) = arguments.break_at else {
        return Ok(None);
    };
    if on != On::Tool(Tool::Threads) {
        return Err(Failure::usage(
            "--break stops a thread of the operating system; expected --on std with it",
        ));
    }
    let (number, steps) = (number as usize, trace.steps.len());
    if number > steps {
        return Err(Failure::usage(format!(
            "--break {number}: there is no such step; expected 1 to {steps}"
        )));
    }
    Ok(Some(number))
}

/// What is to be told of a replay.
struct Told<'a> {
    trace: &'a Trace,
    origin: &'a str,
    on: On,
    variant: &'a AnySubject,
    walks: bool,
}

impl Told<'_> {
    fn tell(&self, replayed: &Replayed) -> Result<Status, Failure> {
        if self.is_of_another() {
            return self.tell_of_another(replayed);
        }
        let passed = passed(replayed);
        if let Some(parting) = &replayed.parting {
            // The same step may have come to something else before, and be the reason.
            let first = replayed.difference.as_ref();
            let first = first.filter(|first| first.place.number() < parting.place.number());
            // With the failure, for there is nothing else to be shown.
            drop(write!(anstream::stderr(), "{passed}"));
            return Err(self.diverged(first.unwrap_or(parting)));
        }
        self.show(&replayed.trace)?;
        put(&self.unheard(replayed));
        put(&passed);
        if let Some(difference) = &replayed.difference {
            return Err(self.diverged(difference));
        }
        let steps = self.trace.steps.len();
        // Whoever made the file may have written anything there that its own steps do not contradict.
        let explained = match replayed.trace.explanation {
            Some(_) => "; what explains them is the file's, and was not worked out again",
            None => "",
        };
        let round = match (self.trace.repeats_from(), replayed.another_round) {
            (None, _) => String::new(),
            (Some(from), true) => format!(", and steps {from} to {steps} once more"),
            (Some(from), false) => format!(
                "; that steps {from} to {steps} repeat for ever is the file's, and was not looked at"
            ),
        };
        put(&format!(
            "replayed on {}: {steps} steps as recorded{round}{explained}\n",
            self.on
        ));
        Ok(status(&replayed.trace))
    }

    fn is_of_another(&self) -> bool {
        self.variant.name() != self.trace.variant
    }

    /// Whether the other variant holds where the recorded one fell: in the recorded turns and in every way on.
    fn tell_whether_it_holds(&self, scenario: &Arc<Scenario>) -> Result<Status, Failure> {
        let now = self.variant.name();
        let fix = replay::fix(self.trace, self.variant, scenario, FixLimits::default());
        let Fix {
            followed,
            other_turns,
            fixed,
        } = fix.map_err(Failure::fault)?;
        let turns = self.trace.steps.len();
        let left_out = other_turns.iter().filter(|turn| turn.now.is_none()).count();
        let others = other_turns.len() - left_out;
        let how = format!(
            "{} of {turns} turns followed, {others} of them with another step",
            turns - left_out
        );
        match fixed {
            Fixed::Survives { states, everywhere } => {
                let everywhere = match everywhere {
                    true => "; nothing falls in any other execution of this scenario either",
                    false => "; another execution of this scenario falls",
                };
                put_line(&format!(
                    "{now} survives this schedule and all that follow it ({how}; {} ahead){everywhere}.",
                    counted(states, "state")
                ));
                Ok(Status::Holds)
            }
            Fixed::Falls(trace) => {
                put_line(&format!(
                    "{now} falls as well ({how}, {} taken). In this execution:",
                    counted(followed as u64, "step")
                ));
                put("\n");
                self.show(&trace)?;
                Ok(Status::Violated)
            }
            Fixed::Unknown(because) => {
                put_line(&format!(
                    "Whether {now} holds here is not known ({how}): {because}."
                ));
                Ok(Status::Incomplete)
            }
        }
    }

    /// Where two variants part is the answer and no failure, whatever the status.
    fn tell_of_another(&self, replayed: &Replayed) -> Result<Status, Failure> {
        let (recorded, now) = (&self.trace.variant, self.variant);
        let on = self.on;
        let Some(parting) = &replayed.parting else {
            self.show(&replayed.trace)?;
            put(&self.unheard(replayed));
            let steps = self.trace.steps.len();
            let text = format!("They do not part: {now} takes the same {steps} steps on {on}");
            let differs = match &replayed.difference {
                Some(difference) => format!(", but {}", two(recorded, now, difference)),
                None => String::new(),
            };
            put_line(&format!("{text}{differs}."));
            return Ok(status(&replayed.trace));
        };
        let violated = replayed.trace.violation.is_some();
        if violated || self.walks {
            self.show(&replayed.trace)?;
        } else if let Some(table) = render::table(&replayed.trace, &render::TextOptions::default())
        {
            put(&format!("{table}\n"));
        }
        if let Some(difference) = &replayed.difference
            && !replayed.trace.steps.is_empty()
            && replayed.trace.violation.is_none()
            && difference.place.number() <= replayed.trace.steps.len()
        {
            let text = two(recorded, now, difference);
            put_line(&format!("The same step comes to something else: {text}."));
        }
        put_line(&format!("They part {}.", two(recorded, now, parting)));
        match violated {
            true => Ok(Status::Violated),
            false => Ok(Status::Diverged),
        }
    }

    /// Shows the execution: all of it, or step by step.
    fn show(&self, again: &Trace) -> Result<(), Failure> {
        if self.walks {
            return walk::walk(again, &mut std::io::stdin().lock());
        }
        let options = render::TextOptions {
            color: true,
            file: Some(self.origin),
            ..render::TextOptions::default()
        };
        put(&render::text(again, &options));
        Ok(())
    }

    /// That what changed is not known of all steps, in words that end a line; nothing if it is.
    fn unheard(&self, replayed: &Replayed) -> String {
        match replayed.trace.steps.len() - replayed.unheard {
            _ if replayed.unheard == 0 => String::new(),
            known => format!(
                "after step {known} nothing is known of what changed, for {} does not tell that\n",
                self.on
            ),
        }
    }

    fn diverged(&self, parting: &Parting) -> Failure {
        let Parting {
            place,
            recorded,
            now,
        } = parting;
        let hint = if self.trace.needs_weak_memory && self.on != On::Sim {
            "; the execution needs a weak memory model: the own runtime repeats it, by letting its loads read \
             what was recorded, and so may loom"
                .to_owned()
        } else if self.trace.fingerprint != self.trace.expected_fingerprint() {
            "; its scenario or variant is not the one it was recorded with".to_owned()
        } else {
            let program = program::command();
            format!(
                "; the code has changed since it was recorded, so record it again with `{program} check`"
            )
        };
        let origin = self.origin;
        Failure::diverged(format!(
            "{origin}: diverged {place}: as recorded it {recorded}, now it {now}{hint}"
        ))
    }
}

/// `at step 5: two-claimants does …, fixed does …`.
fn two(recorded: &str, now: &AnySubject, parting: &Parting) -> String {
    let Parting {
        place,
        recorded: then,
        now: instead,
    } = parting;
    format!("{place}: {recorded} {then}, {now} {instead}")
}

/// The steps that were let pass, in words that end a line; nothing if there were none.
fn passed(replayed: &Replayed) -> String {
    let steps = &replayed.passed;
    if steps.is_empty() {
        return String::new();
    }
    let s = if steps.len() == 1 { "" } else { "s" };
    let mut text = format!(
        "let pass {} step{s} that the trace does not know:\n",
        steps.len()
    );
    for passed in steps {
        text.push_str(&format!("{:>4}  {}\n", passed.number, passed.step));
    }
    format!("{}\n", render::clean(&text))
}

/// Prints a sentence made of names from files.
fn put_line(sentence: &str) {
    put(&format!(
        "{}\n",
        render::clean_line(&render::brief(sentence))
    ));
}

fn status(trace: &Trace) -> Status {
    match trace.violation {
        Some(_) => Status::Violated,
        None => Status::Holds,
    }
}
