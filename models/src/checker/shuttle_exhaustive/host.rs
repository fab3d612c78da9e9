//! Shuttle as a host: its scheduler here follows the survey, and its main thread looks at states.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use super::Program;
use super::survey::Survey;
use crate::backend::{Published, Recorder, RestFlag, Shuttle, Threading, Whereabouts};
use crate::checker::foreign::run_tool;
use crate::checker::progress::Progress;

/// Bytes of stack for each thread. The scheduler runs on the stacks of the threads it schedules, and makes the
/// keys of states there.
const STACK: usize = 512 << 10;

/// Runs `program` under shuttle until `survey` is over.
///
/// # Errors
///
/// The message of a panic of the program.
pub(super) fn run(
    program: impl Program,
    survey: Survey,
    progress: &Arc<Progress>,
) -> Result<Survey, String> {
    let published = Arc::clone(survey.published());
    let survey = Arc::new(Mutex::new(survey));
    let flag = RestFlag::default();
    let scheduler = Host {
        survey: Arc::clone(&survey),
        published: Arc::clone(&published),
        flag: flag.clone(),
    };
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    config.stack_size = STACK;
    let execution = {
        let (survey, progress) = (Arc::clone(&survey), Arc::clone(progress));
        move || {
            let recorder = Recorder::publishing(Arc::clone(&published));
            progress.count_execution(&recorder);
            one_execution(&program, &survey, &published, &recorder, &flag);
        }
    };
    run_tool(progress, move || {
        shuttle::Runner::new(scheduler, config).run(execution);
    })?;
    let survey = Arc::into_inner(survey).expect("shuttle has let go of its scheduler");
    Ok(survey.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The main thread of an execution: starts everybody, looks when the survey has come to its state, and ends
/// the execution. Everybody is unwound before the next operation, which leaves shuttle no stack to leak.
fn one_execution(
    program: &impl Program,
    survey: &Mutex<Survey>,
    published: &Published,
    recorder: &Arc<Recorder>,
    flag: &RestFlag,
) {
    // To the end of the execution, so that an object created too late is noticed.
    recorder.building(|| {
        let (onlooker, actors) = program.start();
        let names = actors
            .iter()
            .map(|actor| (actor.name.clone(), actor.class.clone()));
        lock(survey).begin(names);
        published.started(actors.len());
        for actor in &actors {
            recorder.expect_actor(&actor.name);
        }
        let threads: Vec<_> = actors
            .into_iter()
            .map(|actor| Shuttle::spawn(recorder, &actor.name, actor.body))
            .collect();
        flag.await_rest();
        lock(survey).look(&*onlooker, recorder);
        recorder.stop();
        for thread in threads {
            if let Err(payload) = Shuttle::join(thread) {
                std::panic::resume_unwind(payload);
            }
        }
    });
}

/// The scheduler: lets everybody run to the next point of ours, and there asks the survey who goes on.
struct Host {
    survey: Arc<Mutex<Survey>>,
    published: Arc<Published>,
    flag: RestFlag,
}

impl Host {
    /// Whom to run although there is nothing to decide: somebody who is not before an operation.
    fn in_between(&self, runnable: &[&Task], current: Option<TaskId>) -> Option<TaskId> {
        let can_run = |id: TaskId| runnable.iter().any(|task| task.id() == id);
        if let Some((id, place)) = current.and_then(|id| Some((id, place_of(id)?))) {
            match self.published.whereabouts(place) {
                Whereabouts::Before(_) | Whereabouts::Asleep(_) => {}
                // It has come from its sleep to the lock.
                Whereabouts::Waking(pending) => {
                    self.published.put(place, Whereabouts::Before(pending));
                }
                Whereabouts::Drowsy(pending) if !can_run(id) => {
                    self.published.put(place, Whereabouts::Asleep(pending));
                }
                _ if can_run(id) => return Some(id),
                _ => {}
            }
        }
        runnable.iter().map(|task| task.id()).find(|&id| {
            let Some(place) = place_of(id) else {
                return false;
            };
            match self.published.whereabouts(place) {
                Whereabouts::Before(_) => false,
                Whereabouts::Asleep(pending) => {
                    self.published.put(place, Whereabouts::Waking(pending));
                    true
                }
                _ => true,
            }
        })
    }
}

impl Scheduler for Host {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.flag.reset();
        self.published.reset();
        let goes_on = lock(&self.survey).next_execution();
        goes_on.is_continue().then(|| Schedule::new(0))
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let can_run = |id: TaskId| runnable.iter().any(|task| task.id() == id);
        let main = TaskId::from(0);
        if !self.flag.is_waiting() {
            // The execution is being set up or ended.
            return Some(if can_run(main) {
                main
            } else {
                let current = current.filter(|&id| can_run(id));
                current.unwrap_or_else(|| runnable[0].id())
            });
        }
        if let Some(id) = self.in_between(runnable, current) {
            return Some(id);
        }
        Some(match lock(&self.survey).quiet() {
            ControlFlow::Continue(place) => TaskId::from(place + 1),
            ControlFlow::Break(()) => {
                self.flag.grant();
                main
            }
        })
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Which actor a task plays: the main thread comes first and starts them in order.
fn place_of(task: TaskId) -> Option<usize> {
    usize::from(task).checked_sub(1)
}

fn lock(survey: &Mutex<Survey>) -> MutexGuard<'_, Survey> {
    survey.lock().unwrap_or_else(PoisonError::into_inner)
}
