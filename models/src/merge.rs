//! The parts of a job put together again, whatever their order.

use std::collections::BTreeMap;
use std::fmt;

use crate::partition::Partition;
use crate::report::{MATRIX_VERSION, MatrixReport, SWARM_VERSION, SwarmReport};
use crate::simulate::swarm::Swarm;

/// A part, and what it is called: its file.
pub type Named<T> = (String, T);

/// Why parts cannot be put together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergeError(String);

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MergeError {}

fn refuse<T>(message: String) -> Result<T, MergeError> {
    Err(MergeError(message))
}

/// The parts in their order, if there is each of them once.
fn in_order<T>(
    parts: Vec<Named<T>>,
    partition: impl Fn(&T) -> Option<Partition>,
) -> Result<Vec<Named<T>>, MergeError> {
    let mut by_part: BTreeMap<u32, Named<T>> = BTreeMap::new();
    let mut of = None;
    for (name, part) in parts {
        let Some(partition) = partition(&part) else {
            return refuse(format!(
                "{name} is the whole and no part of it; expected what --partition has written"
            ));
        };
        let (first, all) = of.get_or_insert_with(|| (name.clone(), partition.of));
        if *all != partition.of {
            return refuse(format!(
                "{name} is one of {} parts, and {first} one of {all}; expected parts of one job",
                partition.of
            ));
        }
        if let Some((other, _)) = by_part.get(&partition.part) {
            return refuse(format!(
                "{other} and {name} are both part {partition}; expected each part once"
            ));
        }
        by_part.insert(partition.part, (name, part));
    }
    let Some((_, all)) = of else {
        return refuse(
            "there is no part; expected the files that --partition has written".to_owned(),
        );
    };
    let missing = all as usize - by_part.len();
    if missing > 0 {
        let first = (1..=all).filter(|part| !by_part.contains_key(part)).take(8);
        let few: Vec<String> = first.map(|part| format!("{part}/{all}")).collect();
        let more = match missing - few.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return refuse(format!(
            "{}{more} {} missing; expected every part",
            few.join(", "),
            if missing == 1 { "is" } else { "are" }
        ));
    }
    Ok(by_part.into_values().collect())
}

/// Refuses parts of different jobs. `job` is what they must have in common, in words.
fn of_one_job<T>(parts: &[Named<T>], job: impl Fn(&T) -> String) -> Result<(), MergeError> {
    let (first, part) = &parts[0];
    let expected = job(part);
    for (name, part) in parts {
        let is = job(part);
        if is != expected {
            return refuse(format!(
                "{name} is of {is}, and {first} of {expected}; expected parts of one job"
            ));
        }
    }
    Ok(())
}

/// The swarm of which these are the parts.
///
/// # Errors
///
/// A part is missing or there twice; they are of different swarms; a seed is missing or there twice, or has two digests.
pub fn swarms(parts: Vec<Named<SwarmReport>>) -> Result<SwarmReport, MergeError> {
    let parts = in_order(parts, |part| part.partition)?;
    of_one_job(&parts, |part| {
        format!(
            "{} in {} configurations from seed {} with {} clients (version {})",
            part.variant, part.count, part.first, part.logons, part.version
        )
    })?;
    let (name, whole) = &parts[0];
    of_this_version(name, whole.version, SWARM_VERSION)?;
    if whole.count == 0 {
        return refuse(format!("{name} is of a swarm of 0 configurations"));
    }
    let swarm = Swarm {
        first: whole.first,
        count: whole.count,
        logons: whole.logons,
    };
    let variant = whole.variant.clone();
    let mut lines = BTreeMap::new();
    for (name, part) in &parts {
        for line in &part.lines {
            let number = line.seed.wrapping_sub(swarm.first);
            let partition = part.partition.expect("it is a part");
            if number >= swarm.count || !partition.has(number.into()) {
                return refuse(format!(
                    "{name} has seed {}, which is not of part {partition}",
                    line.seed
                ));
            }
            match lines.insert(number, line.clone()) {
                None => {}
                Some(other) if other.digest == line.digest => {
                    return refuse(format!("{name} has seed {} twice", line.seed));
                }
                Some(other) => {
                    return refuse(format!(
                        "{name} has seed {} with digest {} and with {}: the two runs were not of one program, or it is not \
                         deterministic",
                        line.seed, other.digest, line.digest
                    ));
                }
            }
        }
        let digest = crate::simulate::swarm::digest(&part.lines);
        if digest != part.digest {
            return refuse(format!(
                "{name} says that its digest is {}, and its lines come to {digest}",
                part.digest
            ));
        }
    }
    if let Some(missing) = (0..swarm.count).find(|number| !lines.contains_key(number)) {
        let seed = swarm.first.wrapping_add(missing);
        let count = u64::from(swarm.count) - lines.len() as u64;
        return refuse(format!(
            "{count} seeds are missing, the first of them {seed}: a part was stopped before its end"
        ));
    }
    let lines = lines.into_values().collect();
    Ok(SwarmReport::new(&variant, &swarm, None, lines))
}

fn of_this_version(name: &str, version: u32, expected: u32) -> Result<(), MergeError> {
    if version == expected {
        return Ok(());
    }
    refuse(format!(
        "{name} is of version {version}; expected version {expected}, which this program writes"
    ))
}

/// The matrix of which these are the parts.
///
/// # Errors
///
/// A part is missing or there twice; they are of different matrices; a cell is missing; they contradict each other.
pub fn matrices(parts: Vec<Named<MatrixReport>>) -> Result<MatrixReport, MergeError> {
    let parts = in_order(parts, |part| {
        part.partition.as_ref().map(|part| part.partition)
    })?;
    let job = |part: &MatrixReport| part.partition.clone().expect("it is a part");
    of_one_job(&parts, |part| {
        let job = job(part);
        format!("a matrix of {} cells with the plan {}", job.cells, job.plan)
    })?;
    let cells = job(&parts[0].1).cells;
    let mut proved = None;
    let mut columns = Vec::new();
    for (name, part) in parts {
        of_this_version(&name, part.version, MATRIX_VERSION)?;
        let partition = job(&part).partition;
        let (is, expected) = (part.cells.len() as u64, partition.share(cells));
        if is != expected {
            return refuse(format!(
                "{name} has {is} cells; expected the {expected} of part {partition}: others failed, or were left out"
            ));
        }
        match (proved, part.proved) {
            (Some(one), Some(other)) if one != other => {
                return refuse(format!(
                    "{name} says of the proof of fixed what another part denies"
                ));
            }
            (_, Some(is)) => proved = Some(is),
            (_, None) => {}
        }
        columns.push((part.as_expected, part.cells.into_iter()));
    }
    let as_expected = columns.iter().all(|(as_expected, _)| *as_expected);
    let of = columns.len() as u64;
    let all = (0..cells).filter_map(|number| columns[(number % of) as usize].1.next());
    let all = all.collect();
    Ok(MatrixReport::new(as_expected, proved, all))
}
