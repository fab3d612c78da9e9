//! What a tool has to say of a program of one's own.

use std::fmt;

use logon_sim::{Finding, counted};

/// What a tool has tried, and how it ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Tried {
    /// The tool and how it chose, in a few words.
    pub by: String,
    /// How many executions it began.
    pub executions: u64,
    /// How many of them a limit on their length ended. Nothing was judged in these.
    pub cut_short: u64,
    /// How it ended.
    pub end: Ended,
    /// Seconds of processor time.
    pub cpu_seconds: f64,
}

/// How a tool ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Ended {
    /// Something fell, in the last execution.
    Violated(Box<Finding>),
    /// On loom something fell, and the same steps break nothing on the own runtime. Where words are used with `SeqCst`
    /// alone this is no execution of the program: loom takes `SeqCst` for acquire and release. Where weaker orders are
    /// used it may be one that needs them.
    Unrepeated(Box<Finding>),
    /// The tool has come to the end of what it explores, and nothing fell.
    All,
    /// Nothing fell in as many executions as were asked for; there may be more.
    Some,
    /// It was stopped, by this limit, before that.
    Stopped(String),
}

impl Tried {
    /// What fell, if something did that the own runtime confirms or that was found without a weak memory.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match &self.end {
            Ended::Violated(finding) => Some(finding),
            _ => None,
        }
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tried { by, cut_short, .. } = self;
        let executions = counted(self.executions, "execution");
        match &self.end {
            Ended::Violated(found) => write!(f, "FAIL {by}: {} ({executions})", found.sentence),
            Ended::Unrepeated(found) => write!(
                f,
                "STOP {by}: {}, which does not happen under sequential consistency in these steps ({executions})",
                found.sentence
            ),
            Ended::All => write!(f, "PASS {by}: nothing falls in any of {executions}"),
            Ended::Some => write!(f, "PASS {by}: nothing fell in {executions}"),
            Ended::Stopped(limit) => {
                write!(
                    f,
                    "STOP {by}: nothing fell in {executions}; stopped by {limit}"
                )
            }
        }?;
        match cut_short {
            0 => Ok(()),
            cut => write!(f, "; {cut} of them cut short"),
        }
    }
}
