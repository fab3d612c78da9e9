//! Faults that are no verdict.

use std::fmt;

use logon_sim::FaultKind;

use crate::stage::result_type;

/// Something other than a property went wrong: the subject panicked, broke a rule of the primitives, or a
/// tool failed. It is never a verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault(String);

impl Fault {
    /// A fault in these words.
    pub fn new(what: impl Into<String>) -> Self {
        Fault(what.into())
    }

    /// What ended a search.
    pub(crate) fn of_search(fault: &logon_sim::Fault) -> Self {
        Fault(told(fault) + &fault.told_steps())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// What ended a search, for whoever wrote the allocator.
pub(super) fn told(fault: &logon_sim::Fault) -> String {
    match fault.kind {
        FaultKind::NotDescribed(name) => format!(
            "{}; for an allocator: name the type in `Subject::describe_types`, or let `Subject::is_symmetric` \
             say false, and nothing is merged",
            fault.to_string().replace(name, result_type(name))
        ),
        _ => fault.to_string(),
    }
}
