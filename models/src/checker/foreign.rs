//! One execution on a foreign tool, whichever it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::progress::Progress;
use crate::backend::{Recorder, Threading, said_by};
use crate::scenario::Scenario;
use crate::stage::{Stage, Subject};

/// A scenario on stage, its actors running.
pub(super) struct Running<B: Threading> {
    pub(super) stage: Arc<Stage<B>>,
    handles: Vec<(Part, B::Handle)>,
}

/// Who can be waited for before the server is closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Ends by itself, unless something is wrong.
    Ends,
    /// Serves without end, or waits for something that never comes.
    Endures,
}

/// Sets the scenario up and starts everybody.
pub(super) fn start<B: Threading, S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    recorder: &Arc<Recorder>,
    progress: &Progress,
) -> Running<B>
where
    Stage<B>: Send + Sync,
{
    let (stage, actors) = recorder.building(|| Stage::<B>::set(subject, scenario, false));
    let stage = Arc::new(stage);
    progress.begin(&stage, recorder);
    for actor in &actors {
        recorder.expect_actor(&actor.name);
    }
    let part = |index: usize| {
        let ends = match scenario.clients.get(index) {
            Some(client) => client.license != Some(crate::scenario::LicenseReply::NeverAnswered),
            None => {
                index
                    < scenario.clients.len()
                        + scenario.administrators.len()
                        + scenario.cutters.len()
            }
        };
        if ends { Part::Ends } else { Part::Endures }
    };
    let actors = actors.into_iter().enumerate();
    let handles =
        actors.map(|(index, actor)| (part(index), B::spawn(recorder, &actor.name, actor.body)));
    Running {
        stage,
        handles: handles.collect(),
    }
}

impl<B: Threading> Running<B> {
    /// Waits for everybody who ends by himself.
    pub(super) fn join_those_who_end(&mut self) {
        let (ending, enduring) = std::mem::take(&mut self.handles)
            .into_iter()
            .partition(|(part, _)| *part == Part::Ends);
        self.handles = enduring;
        join_all::<B>(ending);
    }

    /// Waits for everybody.
    pub(super) fn join(self) {
        join_all::<B>(self.handles);
    }
}

fn join_all<B: Threading>(handles: Vec<(Part, B::Handle)>) {
    for (_, handle) in handles {
        if let Err(payload) = B::join(handle) {
            std::panic::resume_unwind(payload);
        }
    }
}

/// Runs a tool to its end or to the panic that ends it.
///
/// # Errors
///
/// The panic's message, unless it tells of a finding or of a deadlock that the judge confirms.
pub(super) fn run_tool(progress: &Progress, run: impl FnOnce()) -> Result<(), String> {
    let ended = catch_unwind(AssertUnwindSafe(run));
    let verdict = match ended {
        Ok(()) => Ok(()),
        Err(payload) => {
            if progress.finding().is_some() {
                Ok(())
            } else {
                progress.stopped(&said_by(&*payload))
            }
        }
    };
    progress.abandon();
    verdict
}
