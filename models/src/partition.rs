//! One of several parts of a job, each for a machine of its own.
//!
//! What is to be done is numbered from 0, and part `i` of `n` is what leaves the remainder `i - 1` when its number is divided
//! by `n`. So parts know nothing of each other, and any scheduler that numbers its jobs can hand them out.

use std::fmt;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A part of a job.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// Which part it is, from 1.
    pub part: u32,
    /// Of how many.
    pub of: u32,
}

/// A part as a file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    part: u32,
    of: u32,
}

impl<'de> Deserialize<'de> for Partition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Unchecked { part, of } = Unchecked::deserialize(deserializer)?;
        Partition::checked(part, of).map_err(D::Error::custom)
    }
}

/// How many parts there may be.
const MOST: u32 = 1_000_000;

/// With this word the part is taken from the variables of whoever schedules the jobs.
pub const FROM_ENVIRONMENT: &str = "env";

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl Partition {
    /// The part that a text such as `3/8` means, or that of the environment if it is `env`.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, or what the environment lacks, and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            FROM_ENVIRONMENT => Self::of_environment(&|name| std::env::var(name).ok()),
            _ => Self::written(text),
        }
    }

    fn written(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        let (part, of) = numbers.ok_or_else(|| {
            format!("{text:?} is no part; expected one such as 3/8, the third of eight, or {FROM_ENVIRONMENT}")
        })?;
        Self::checked(part, of)
    }

    fn checked(part: u32, of: u32) -> Result<Self, String> {
        if !(1..=MOST).contains(&of) || !(1..=of).contains(&part) {
            return Err(format!(
                "there is no part {part} of {of}; expected a part from 1 on, of at most {MOST}"
            ));
        }
        Ok(Partition { part, of })
    }

    /// The part by the variables that `read` knows.
    fn of_environment(read: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = |name: &str| -> Result<Option<u32>, String> {
            let Some(text) = read(name) else {
                return Ok(None);
            };
            let number = text.trim().parse();
            number
                .map(Some)
                .map_err(|_| format!("the variable {name} is {text:?}; expected a whole number"))
        };
        if let Some(text) = read("LOGON_CHECK_PARTITION") {
            return Self::written(&text);
        }
        if let Some(id) = number("SLURM_ARRAY_TASK_ID")? {
            let first = number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
            let step = number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
            let of = number("SLURM_ARRAY_TASK_COUNT")?.ok_or(
                "SLURM_ARRAY_TASK_ID is set, and SLURM_ARRAY_TASK_COUNT is not; expected both",
            )?;
            let nth = id
                .checked_sub(first)
                .filter(|nth| nth.is_multiple_of(step))
                .ok_or("SLURM_ARRAY_TASK_ID is none of the array's")?;
            return Self::written(&format!("{}/{of}", u64::from(nth / step) + 1));
        }
        if let Some(index) = number("JOB_COMPLETION_INDEX")? {
            let of = number("JOB_COMPLETIONS")?.ok_or(
                "JOB_COMPLETION_INDEX is set, and JOB_COMPLETIONS is not: Kubernetes does not say how many there are; \
                 expected the manifest to set it to its completions",
            )?;
            return Self::written(&format!("{}/{of}", u64::from(index) + 1));
        }
        Err(
            "no variable says which part this is; expected SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, \
             JOB_COMPLETION_INDEX and JOB_COMPLETIONS, or LOGON_CHECK_PARTITION such as 3/8"
                .to_owned(),
        )
    }

    /// Whether what has this number, from 0, is of this part.
    #[must_use]
    pub fn has(self, number: u64) -> bool {
        number % u64::from(self.of) == u64::from(self.part - 1)
    }

    /// How many of so many are of this part.
    #[must_use]
    pub fn share(self, all: u64) -> u64 {
        (all + u64::from(self.of) - u64::from(self.part)) / u64::from(self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::Partition;

    #[test]
    fn every_number_is_of_one_part() {
        for of in 1..=9 {
            let parts: Vec<Partition> = (1..=of).map(|part| Partition { part, of }).collect();
            for number in 0..100 {
                let has = parts.iter().filter(|part| part.has(number));
                assert_eq!(has.count(), 1, "{number} of {of}");
            }
            for all in 0..40 {
                for part in &parts {
                    let share = (0..all).filter(|number| part.has(*number)).count() as u64;
                    assert_eq!(part.share(all), share, "{part} of {all}");
                }
            }
        }
    }

    #[test]
    fn a_part_is_read_as_it_is_written_and_what_is_none_is_refused() {
        let part = Partition { part: 3, of: 8 };
        assert_eq!(Partition::parse(&part.to_string()), Ok(part));
        for text in [
            "",
            "3",
            "3/",
            "/8",
            "0/8",
            "9/8",
            "1/0",
            "-1/8",
            "3/8/1",
            "a/b",
            "1/4294967296",
        ] {
            let error = Partition::parse(text).expect_err(text);
            assert!(error.contains("expected"), "{error}");
        }
    }

    #[test]
    fn schedulers_say_it_in_their_variables() {
        let of = |set: &[(&str, &str)]| {
            let read = |name: &str| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            Partition::of_environment(&read)
        };
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "7"),
            ("SLURM_ARRAY_TASK_MIN", "3"),
            ("SLURM_ARRAY_TASK_STEP", "2"),
            ("SLURM_ARRAY_TASK_COUNT", "5"),
        ];
        assert_eq!(of(&slurm), Ok(Partition { part: 3, of: 5 }));
        let kubernetes = [("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "4")];
        assert_eq!(of(&kubernetes), Ok(Partition { part: 1, of: 4 }));
        let own = [("LOGON_CHECK_PARTITION", "2/3"), kubernetes[0]];
        assert_eq!(of(&own), Ok(Partition { part: 2, of: 3 }));
        for broken in [
            &[][..],
            &slurm[..3],
            &kubernetes[..1],
            &[("SLURM_ARRAY_TASK_ID", "x")],
            &[("SLURM_ARRAY_TASK_ID", "4"), slurm[1], slurm[2], slurm[3]],
            &[("JOB_COMPLETION_INDEX", "4"), kubernetes[1]],
        ] {
            assert!(of(broken).is_err(), "{broken:?}");
        }
    }
}
