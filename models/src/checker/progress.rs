//! What a foreign tool has done so far, readable at any moment: after its last execution, from a watchdog,
//! or from the panic that ends it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use logon_sim::{OperationKind, Schedule, ScheduledStep, WordOrders};

use super::TimeLimits;
use super::play::fallen;
use crate::backend::{Backend, NotedOrders, Recorder};
use crate::judge::Violation;
use crate::outcome::Finding;
use crate::stage::Stage;

/// Judges the execution that is under way, as one in which nobody can move.
type JudgeRest = Box<dyn Fn() -> Option<Finding> + Send>;

/// Executions so far and what was found.
#[derive(Default)]
pub struct Progress {
    executions: AtomicU64,
    finding: Mutex<Option<Finding>>,
    under_way: Mutex<Option<JudgeRest>>,
    /// With which memory orderings words were used, in the executions before the one under way and in that.
    orders: Mutex<(WordOrders, Arc<NotedOrders>)>,
    /// The one property that counts, if not all do.
    property: Mutex<Option<String>>,
    /// Whether a property that does not count fell in the execution under way.
    passed_over: AtomicBool,
    /// The limit at which the tool gave up, although nothing that counts was found.
    cut_short: Mutex<Option<String>>,
}

/// What unwinds loom when no processor time is left.
const USED_UP: &str = "logon-check: no processor time is left";

/// What unwinds loom after a finding.
const FOUND: &str = "logon-check: a property was violated";

/// The limit that is reached when a tool gives up although nothing that counts was found.
const CUT_SHORT: &str = "a deadlock that breaks a property which does not count";

impl Progress {
    /// Nothing done yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// How many executions have begun.
    pub fn executions(&self) -> u64 {
        self.executions.load(Ordering::SeqCst)
    }

    /// Counts only this property from now on; `None` counts all.
    pub(super) fn count_only(&self, property: Option<String>) {
        *lock(&self.property) = property;
    }

    /// The limit at which the tool gave up by itself, if it did.
    pub(super) fn cut_short(&self) -> Option<String> {
        lock(&self.cut_short).clone()
    }

    fn counts(&self, finding: &Finding) -> bool {
        lock(&self.property)
            .as_ref()
            .is_none_or(|wanted| *wanted == finding.property)
    }

    /// What was found.
    pub fn finding(&self) -> Option<Finding> {
        lock(&self.finding).clone()
    }

    /// With which memory orderings words were used so far.
    pub fn orders(&self) -> WordOrders {
        let orders = lock(&self.orders);
        orders.0.and(orders.1.noted())
    }

    /// Another execution begins, of which nothing more is to be known here than this recorder notes of words.
    pub(super) fn count_execution(&self, recorder: &Recorder) {
        self.executions.fetch_add(1, Ordering::SeqCst);
        let mut orders = lock(&self.orders);
        orders.0 = orders.0.and(orders.1.noted());
        orders.1 = recorder.orders();
    }

    /// An execution begins on this stage.
    pub(super) fn begin<B: Backend>(&self, stage: &Arc<Stage<B>>, recorder: &Arc<Recorder>)
    where
        Stage<B>: Send + Sync,
    {
        self.count_execution(recorder);
        self.passed_over.store(false, Ordering::SeqCst);
        let (stage, recorder) = (Arc::clone(stage), Arc::clone(recorder));
        let judge = move || finding(&stage.judge_rest(), &recorder, &stage);
        *lock(&self.under_way) = Some(Box::new(judge));
    }

    /// [`Progress::judged`], for a tool that goes on for as long as nothing unwinds it: if anything fell, this does not
    /// return. It is no panic, of which the process would be told.
    pub(super) fn end<B: Backend>(
        &self,
        violations: &[Violation],
        stage: &Stage<B>,
        recorder: &Recorder,
    ) {
        self.judged(violations, stage, recorder);
        if self.finding().is_some() {
            std::panic::resume_unwind(Box::new(FOUND.to_owned()));
        }
    }

    /// Another execution of loom may begin, unless no processor time is left: loom looks at the wall clock alone. Then
    /// this does not return.
    pub(super) fn go_on(&self, limits: &TimeLimits) {
        if limits.is_out_of_processor() {
            *lock(&self.cut_short) = Some(limits.to_string());
            std::panic::resume_unwind(Box::new(USED_UP.to_owned()));
        }
    }

    /// The execution is over, and this is what fell in it. If it broke a rule of the primitives it says nothing, and this
    /// does not return: [`run_tool`](super::foreign::run_tool) tells of it.
    pub(super) fn judged<B: Backend>(
        &self,
        violations: &[Violation],
        stage: &Stage<B>,
        recorder: &Recorder,
    ) {
        drop(lock(&self.under_way).take());
        if let Some(broken) = recorder.broken_rule() {
            std::panic::resume_unwind(Box::new(broken));
        }
        let Some(found) = finding(violations, recorder, stage) else {
            return;
        };
        if self.counts(&found) {
            *lock(&self.finding) = Some(found);
        } else {
            self.passed_over.store(true, Ordering::SeqCst);
        }
    }

    /// The tool has stopped with this panic: if it reports that nobody can move, judges that.
    ///
    /// # Errors
    ///
    /// The message, if the panic says something else.
    pub fn stopped(&self, message: &str) -> Result<(), String> {
        if message.contains(FOUND) || message.contains(USED_UP) {
            return Ok(());
        }
        if let Some(limit) = own_limit(message) {
            *lock(&self.cut_short) = Some(limit.to_owned());
            return Ok(());
        }
        if !reports_deadlock(message) {
            return Err(message.to_owned());
        }
        let found = lock(&self.under_way).as_ref().and_then(|judge| judge());
        match found {
            Some(found) if self.counts(&found) => {
                *lock(&self.finding) = Some(found);
                Ok(())
            }
            _ if found.is_some() || self.passed_over.load(Ordering::SeqCst) => {
                *lock(&self.cut_short) = Some(CUT_SHORT.to_owned());
                Ok(())
            }
            _ => Err(format!(
                "the tool reports a deadlock in which the judge sees nothing wrong: {message}"
            )),
        }
    }

    /// Forgets the execution under way without dropping what it holds: a tool's objects may only be dropped
    /// inside its execution.
    pub fn abandon(&self) {
        std::mem::forget(lock(&self.under_way).take());
    }
}

/// The limit of its own that loom or shuttle reports with this panic, if it is one.
pub(crate) fn own_limit(message: &str) -> Option<&'static str> {
    if message.starts_with("Model exceeded maximum number of branches") {
        Some("loom's limit on branches in one execution")
    } else if message.starts_with("exceeded max_steps bound") {
        Some("shuttle's limit on steps in one execution")
    } else {
        None
    }
}

/// Whether a panic is loom's or shuttle's report that nobody can move. Any other panic is the subject's own.
pub fn reports_deadlock(message: &str) -> bool {
    message.starts_with("deadlock; threads = ") || message.starts_with("deadlock! blocked tasks: ")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn finding<B: Backend>(
    violations: &[Violation],
    recorder: &Recorder,
    stage: &Stage<B>,
) -> Option<Finding> {
    if violations.is_empty() {
        return None;
    }
    let steps = recorder.steps();
    let reads = steps.iter().enumerate();
    let reads = reads.filter(|(_, step)| step.kind == OperationKind::Load);
    let reads = reads
        .filter_map(|(index, step)| step.value.map(|value| (index + 1, value)))
        .collect();
    let schedule = Schedule {
        steps: steps.iter().map(ScheduledStep::from).collect(),
    };
    let found = Finding::new(fallen(violations, stage.cast())?, schedule);
    Some(Finding { reads, ..found })
}
