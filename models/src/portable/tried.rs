//! What a tool has to say of a program of one's own.

use std::fmt;

use logon_sim::{Finding, WordOrders, counted, grouped};

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
    /// With which memory orderings words were used.
    pub orders: WordOrders,
    /// Whether a load may read there what orders weaker than `SeqCst` allow: on loom alone.
    pub has_weak_memory: bool,
    /// What is to be known of the end besides, a sentence each.
    pub caveats: Vec<String>,
    /// Seconds of processor time.
    pub cpu_seconds: f64,
}

/// How a tool ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Ended {
    /// Something fell, in the last execution.
    Violated(Box<Finding>),
    /// On loom something fell, and the same steps do not break the same property on the own runtime, although words are
    /// used with `SeqCst` alone: this is no execution of the program, for loom takes `SeqCst` for acquire and release. Of
    /// other executions it says nothing.
    Unrepeated(Box<Finding>),
    /// The tool has come to the end of what it explores, and nothing fell.
    Exhausted,
    /// Nothing fell in as many executions as were asked for; there may be more.
    Enough,
    /// It was stopped, by this limit, before that.
    Stopped(String),
}

impl Tried {
    /// What fell, unless it is [`Ended::Unrepeated`].
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match &self.end {
            Ended::Violated(finding) => Some(finding),
            _ => None,
        }
    }

    /// Whether nothing fell in all that was asked for: at least one execution was run, none was cut short, and no word was
    /// used in a way that the tool does not look at.
    #[must_use]
    pub fn passes(&self) -> bool {
        let is_done = matches!(self.end, Ended::Exhausted | Ended::Enough);
        is_done && self.executions > 0 && self.cut_short == 0 && !self.leaves_weak_memory_out()
    }

    /// How many executions were judged.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.executions - self.cut_short
    }

    fn leaves_weak_memory_out(&self) -> bool {
        self.orders.are_weak() && !self.has_weak_memory
    }

    /// How far it was looked where nothing fell and that is no pass.
    fn stopped(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let judged = counted(self.judged(), "judged execution");
        write!(f, "STOP {}: nothing fell in {judged}", self.by)?;
        match self.cut_short {
            0 => {}
            1 => write!(f, "; 1 was cut short and not judged")?,
            cut => write!(f, "; {} were cut short and not judged", grouped(cut))?,
        }
        if self.leaves_weak_memory_out() {
            let orders = self.orders;
            write!(
                f,
                "; they are sequentially consistent, and words are used with weaker orders ({orders})"
            )?;
        }
        match &self.end {
            Ended::Stopped(limit) => write!(f, "; stopped by {limit}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tried { by, .. } = self;
        let executions = counted(self.executions, "execution");
        match &self.end {
            Ended::Violated(found) => {
                write!(f, "FAIL {by}: {} ({executions}", found.sentence)?;
                match self.cut_short {
                    0 => write!(f, ")"),
                    cut => write!(f, ", {} of them cut short)", grouped(cut)),
                }
            }
            Ended::Unrepeated(found) => write!(
                f,
                "STOP {by}: {}, but under sequential consistency the same steps do not break the same property \
                 ({executions})",
                found.sentence
            ),
            Ended::Exhausted if self.passes() => {
                write!(f, "PASS {by}: nothing falls in any of {executions}")
            }
            _ if self.passes() => write!(f, "PASS {by}: nothing fell in {executions}"),
            _ => self.stopped(f),
        }?;
        self.caveats
            .iter()
            .try_for_each(|caveat| write!(f, "; {caveat}"))
    }
}
