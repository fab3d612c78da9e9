//! Running small programs under full enumeration.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use logon_sim::{
    BoundedPreemptions, Execution, Exploration, Limits, Program, Simulation, Verdict, Watch,
};

/// Runs every schedule of `program`.
pub(crate) fn all<P: Program>(
    program: &P,
    mut on_execution: impl FnMut(&Execution<Verdict<P>>),
) -> Exploration {
    let mut scheduler = BoundedPreemptions::unbounded();
    Simulation::default().explore(program, &mut scheduler, Limits::none(), |execution| {
        on_execution(execution);
        ControlFlow::Continue(())
    })
}

/// The verdicts of every schedule of `program`.
pub(crate) fn outcomes<P: Program<Watch: Watch<Verdict: Ord + Clone>>>(
    program: &P,
) -> BTreeSet<Verdict<P>> {
    let mut outcomes = BTreeSet::new();
    let exploration = all(program, |execution| {
        outcomes.insert(
            execution
                .verdict()
                .expect("the watch judges every execution")
                .clone(),
        );
    });
    assert!(exploration.is_complete());
    outcomes
}
