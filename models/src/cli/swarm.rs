//! `simulate --swarm`: many configurations, and what the first finding comes down to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use logon_sim::{Deadline, counted, grouped};

use super::arguments::{
    CheckArguments, CheckFormat, Numbers, SimulateArguments, Situation, Visit, Work,
};
use super::busy::busy;
use super::{Failure, Program, Status, choose, put, put_json, say, shrink};
use crate::checker::{Checker, Effort, Progress};
use crate::files;
use crate::outcome::Verdict;
use crate::program;
use crate::render::{clean_line, shell_word};
use crate::report::{SwarmReport, to_json};
use crate::scenario::Scenario;
use crate::simulate::WEAKER_ORDERS;
use crate::simulate::swarm::{Line, Smaller, Swarm, configuration, smaller, swarm, untimed};
use crate::stage::AnySubject;

/// How many clients come in a configuration, if nothing else is said.
const LOGONS: u32 = 2_000;

/// So many states of a situation that is handed over are visited.
const STATES: u64 = 300_000;

pub(super) fn run(arguments: &SimulateArguments, host: &Program<'_>) -> Result<Status, Failure> {
    let subject = choose::subject(host.subjects, &arguments.variant)?;
    files::expect_writable(&arguments.out).map_err(Failure::usage)?;
    let what = Swarm {
        first: arguments.seed.unwrap_or(1),
        count: arguments.swarm.unwrap_or(1),
        logons: arguments.logons.unwrap_or(LOGONS),
    };
    let lines = lines(arguments, subject, &what);
    let report = SwarmReport::new(subject.name(), &what, arguments.partition, lines);
    match arguments.format {
        CheckFormat::Text => put(&text(&report)),
        CheckFormat::Json => put_json(to_json(&report)),
    }
    if let Some(first) = smallest(&report)
        && arguments.format == CheckFormat::Text
        && arguments.partition.is_none()
    {
        down(arguments, host, subject, first, what.logons)?;
    }
    status(&report)
}

/// What a swarm comes to, or a part of one.
///
/// # Errors
///
/// Nothing fell, and a configuration ended in a fault, which is no verdict.
pub(super) fn status(report: &SwarmReport) -> Result<Status, Failure> {
    if smallest(report).is_some() {
        return Ok(Status::Violated);
    }
    match faulty(report).next() {
        Some((line, fault)) => Err(Failure::fault(format!("seed {}: {fault}", line.seed))),
        None if report.is_whole() => Ok(Status::Holds),
        None => Ok(Status::Incomplete),
    }
}

/// The configuration in which something fell after the fewest connections.
fn smallest(report: &SwarmReport) -> Option<&Line> {
    let fell = report.lines.iter().filter(|line| line.fell.is_some());
    fell.min_by_key(|line| line.arrived)
}

/// The configurations that ended in a fault, and in which.
fn faulty(report: &SwarmReport) -> impl Iterator<Item = (&Line, &str)> {
    let lines = report.lines.iter();
    lines.filter_map(|line| Some((line, line.fault.as_deref()?)))
}

/// Runs the configurations, as many as there is time for.
fn lines(arguments: &SimulateArguments, subject: &AnySubject, what: &Swarm) -> Vec<Line> {
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments
        .jobs
        .unwrap_or(u32::try_from(available).unwrap_or(1));
    let deadline = Deadline::after(arguments.time_limit);
    let done = AtomicU32::new(0);
    let seeds = what.seeds(arguments.partition);
    let tell = |_: &Line| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(1_000) {
            let all = grouped(seeds.len() as u64);
            say(&format!("{} of {all} configurations", grouped(done)));
        }
        !deadline.has_passed()
    };
    let doing = format!(
        "simulating {}",
        counted(seeds.len() as u64, "configuration")
    );
    busy(&doing, || swarm(subject, &seeds, what.logons, jobs, &tell))
}

pub(super) fn text(report: &SwarmReport) -> String {
    let mut out = format!(
        "{} in {} drawn by seeds from {} to {}{}, {} in each\n\n",
        report.variant,
        counted(report.lines.len() as u64, "configuration"),
        report.first,
        report.first.wrapping_add(report.count.saturating_sub(1)),
        report.partition.map_or(String::new(), |part| format!(
            ", part {} of {}",
            part.part, part.of
        )),
        counted(report.logons.into(), "client")
    );
    if report.lines.is_empty() && report.is_whole() {
        out.push_str("NONE there is no configuration in this part\n");
        return out;
    }
    let mut fell: BTreeMap<&str, u32> = BTreeMap::new();
    for what in report.lines.iter().filter_map(|line| line.fell.as_deref()) {
        *fell.entry(what).or_default() += 1;
    }
    let found: u32 = fell.values().sum();
    let faults = faulty(report).count() as u64;
    if found > 0 {
        out.push_str(&format!("FAIL something fell in {found} of them\n"));
    } else if faults == 0 {
        out.push_str(
            "PASS nothing fell in any of them (sampled); that says nothing about other configurations\n",
        );
    }
    if let Some((line, fault)) = faulty(report).next() {
        out.push_str(&format!(
            "FAULT {} of them ended in a fault, which is no verdict; seed {}: {}\n",
            grouped(faults),
            line.seed,
            clean_line(fault)
        ));
    }
    if !report.is_whole() {
        out.push_str(&format!(
            "STOP {} were left out for want of time\n",
            grouped(report.asked_for() - report.lines.len() as u64)
        ));
    }
    for (what, times) in fell {
        out.push_str(&format!("  {:>8}  {what}\n", grouped(times)));
    }
    if let Some(line) = smallest(report) {
        out.push_str(&format!(
            "\n  after the fewest connections, {}: seed {}\n  look at it: {} simulate --swarm 1 --seed {} --variant {} --logons {}\n",
            grouped(line.arrived),
            line.seed,
            program::command(),
            line.seed,
            report.variant,
            report.logons
        ));
    }
    let arrived: u64 = report.lines.iter().map(|line| line.arrived).sum();
    let served: u64 = report.lines.iter().map(|line| line.served).sum();
    out.push_str(&format!(
        "\n  {} connections, {} of them served; digest {}\n",
        grouped(arrived),
        grouped(served),
        report.digest
    ));
    let unjudged: u64 = report.lines.iter().map(|line| line.unjudged).sum();
    if unjudged > 0 {
        out.push_str(&format!(
            "  NOTE   too many admissions overlapped to say of {} of them whether some order explains them\n",
            grouped(unjudged)
        ));
    }
    if report.lines.iter().any(|line| line.uses_weaker_orders) {
        out.push_str(&format!("  NOTE   {WEAKER_ORDERS}\n"));
    }
    for never in &report.never {
        out.push_str(&format!(
            "  NEVER  {never}: this swarm says nothing about that\n"
        ));
    }
    out
}

/// From a finding to a page: made smaller under its seed, handed over to a search of all states, made smaller there, and
/// explained.
fn down(
    arguments: &SimulateArguments,
    host: &Program<'_>,
    subject: &AnySubject,
    line: &Line,
    logons: u32,
) -> Result<(), Failure> {
    let fell = line.fell.as_deref().unwrap_or_default();
    put(&format!(
        "\nseed {}: {fell} fell after {}\n",
        line.seed,
        counted(line.arrived, "connection")
    ));
    let scenario = configuration(line.seed);
    let made = busy("taking away what it does not need", || {
        smaller(subject, &scenario, line.seed, logons)
    });
    let Some(made) = made.map_err(Failure::fault)? else {
        return Err(Failure::fault(format!(
            "seed {} does not fall again",
            line.seed
        )));
    };
    put(&of_smaller(&made, logons));
    let name = |nth: &str| format!("swarm-{}-{}{nth}.toml", subject.name(), line.seed);
    let timed = files::write(&arguments.out, &name("-timed"), &made.scenario.to_toml());
    let file = timed
        .map_err(|error| Failure::fault(&error))?
        .display()
        .to_string();
    put(&format!(
        "  written to {file}\n  again  {} simulate --scenario {} --variant {} --seed {} --logons {}\n",
        program::command(),
        shell_word(&clean_line(&file)),
        subject.name(),
        line.seed,
        made.logons,
    ));
    let handed = busy("searching all states of its situation", || {
        handed_over(subject, &made)
    });
    let found = match handed {
        Ok(found) => found,
        Err(in_vain) => {
            put(&in_vain.text());
            return Ok(());
        }
    };
    let file = files::write(&arguments.out, &name(""), &found.to_toml());
    let file = file.map_err(|error| Failure::fault(&error))?;
    put(&format!(
        "\nIts situation without times, with {}, is in {}; all of its states are searched:\n\n",
        counted(found.clients.len() as u64, "client"),
        file.display()
    ));
    let check = CheckArguments {
        variant: subject.name().to_owned(),
        situation: Situation {
            scenario: Some(file.display().to_string()),
            numbers: Numbers::default(),
        },
        checker: None,
        property: None,
        work: Work {
            seed: 1,
            executions: None,
            time_limit: None,
            cpu_limit: None,
        },
        visit: Visit {
            no_symmetry: false,
            max_states: Some(STATES),
            memory_limit: None,
        },
        shrink: true,
        jobs: None,
        format: CheckFormat::Text,
        out: arguments.out.clone(),
        source: None,
        reports: super::arguments::Reports::default(),
    };
    shrink::run(&check, host).map(|_| ())
}

fn of_smaller(made: &Smaller, logons: u32) -> String {
    let server = &made.scenario.server;
    format!(
        "in {} made smaller: {} instead of {} in all, idle pool {}, {}{}; taken away: {}\n",
        counted(made.runs.into(), "run"),
        counted(made.logons.into(), "client"),
        grouped(logons),
        server.idle_pool,
        counted(server.creation_workers.into(), "creation worker"),
        server.max_connections.map_or(String::new(), |most| format!(
            ", at most {most} connections"
        )),
        match made.taken.is_empty() {
            true => "nothing".to_owned(),
            false => made.taken.join(", "),
        }
    )
}

/// No situation shows what the run has shown.
struct InVain {
    /// How many situations hold in all of their states.
    exhausted: u64,
    /// Of how many not all states were visited, or none could be.
    unfinished: u64,
}

impl InVain {
    fn text(&self) -> String {
        if self.exhausted + self.unfinished == 0 {
            return "\nThere is no situation to be searched: no client had come. It may need its times.\n".to_owned();
        }
        let mut out = format!(
            "\nNone of its situations of up to five clients, without times, shows what this run has shown: {} in all of their \
             states (exhaustive)",
            match self.exhausted {
                1 => "1 holds".to_owned(),
                many => format!("{} hold", grouped(many)),
            }
        );
        if self.unfinished > 0 {
            out.push_str(&format!(
                ", and of {} not all states were visited, at most {}",
                grouped(self.unfinished),
                grouped(STATES)
            ));
        }
        out.push_str(". It may need its times, more clients, or a weaker memory.\n");
        out
    }
}

/// The first situation of the run in which a search of all states finds something.
fn handed_over(subject: &AnySubject, made: &Smaller) -> Result<Scenario, InVain> {
    let effort = Effort {
        max_states: Some(STATES),
        ..Effort::usual(Checker::Exhaustive)
    };
    let mut in_vain = InVain {
        exhausted: 0,
        unfinished: 0,
    };
    for scenario in untimed(&made.simulation) {
        let progress = Arc::new(Progress::default());
        let shared = Arc::new(scenario.clone());
        let outcome = Checker::Exhaustive.run(subject, &shared, &effort, &progress);
        match outcome.map(|outcome| outcome.verdict) {
            Ok(Verdict::Violated) => return Ok(scenario),
            Ok(Verdict::Holds) => in_vain.exhausted += 1,
            _ => in_vain.unfinished += 1,
        }
    }
    Err(in_vain)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Status, status, text};
    use crate::report::SwarmReport;
    use crate::simulate::swarm::{Line, Swarm};

    fn line(seed: u32, fell: Option<&str>, fault: Option<&str>) -> Line {
        Line {
            seed,
            digest: String::new(),
            arrived: u64::from(100 - seed),
            served: 0,
            fell: fell.map(str::to_owned),
            at_ms: None,
            fault: fault.map(str::to_owned),
            unjudged: 0,
            uses_weaker_orders: false,
            happened: BTreeMap::new(),
        }
    }

    fn report(lines: Vec<Line>) -> SwarmReport {
        let swarm = Swarm {
            first: 0,
            count: 3,
            logons: 100,
        };
        SwarmReport::new("fixed", &swarm, None, lines)
    }

    #[test]
    fn a_fault_is_no_verdict_and_hides_none() {
        let well = |seed| line(seed, None, None);
        let fault = line(1, None, Some("it panicked"));
        let holds = report(vec![well(0), well(1), well(2)]);
        assert!(matches!(status(&holds), Ok(Status::Holds)));
        assert!(text(&holds).contains("PASS"));
        let short = report(vec![well(0), well(1)]);
        assert!(matches!(status(&short), Ok(Status::Incomplete)));
        let faulty = report(vec![well(0), fault.clone(), well(2)]);
        assert!(status(&faulty).is_err());
        let told = text(&faulty);
        assert!(
            told.contains("FAULT 1 of them") && !told.contains("PASS"),
            "{told}"
        );
        let both = report(vec![
            line(0, Some("burst"), None),
            fault,
            line(2, Some("burst"), None),
        ]);
        assert!(matches!(status(&both), Ok(Status::Violated)));
        let told = text(&both);
        assert!(told.contains("FAIL something fell in 2 of them"), "{told}");
        assert!(told.contains("FAULT 1 of them"), "{told}");
        assert!(
            told.contains("after the fewest connections, 98: seed 2"),
            "{told}"
        );
    }
}
