//! The execution of a program of one's own that is under way, to be judged at its end or from the panic that ends it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use logon_sim::{
    AtEnd, Fallen, Finding, Judge, OperationKind, Schedule, ScheduledStep, Waiting, WordOrders,
};

use super::{quietly, text_of};
use crate::backend::{Recorder, is_refusal};
use crate::checker::{Fault, own_limit, reports_deadlock};

/// Executions so far, the one under way, and what was found.
#[derive(Default)]
pub(super) struct UnderWay {
    begun: AtomicU64,
    judged: AtomicU64,
    current: Mutex<Option<Current>>,
    found: Mutex<Option<Finding>>,
    /// Why an execution is no execution of the program.
    refused: Mutex<Option<String>>,
    orders: Mutex<WordOrders>,
}

/// An execution.
struct Current {
    judge: Judge,
    /// For each actor whether it must come to its end.
    must_end: Vec<(String, bool)>,
    recorder: Arc<Recorder>,
}

impl UnderWay {
    /// An execution begins.
    pub(super) fn begin(
        &self,
        judge: Judge,
        must_end: Vec<(String, bool)>,
        recorder: &Arc<Recorder>,
    ) {
        self.give_up();
        self.begun.fetch_add(1, Ordering::SeqCst);
        *lock(&self.current) = Some(Current {
            judge,
            must_end,
            recorder: Arc::clone(recorder),
        });
    }

    /// The execution under way is over: whether anything fell in it.
    pub(super) fn end(&self) -> bool {
        let Some(current) = lock(&self.current).take() else {
            return false;
        };
        self.keep(&current)
    }

    /// The execution under way, if there is one, is given up before its end: whether an actor panicked in it, which is a
    /// violation wherever the others are.
    pub(super) fn give_up(&self) -> bool {
        let current = lock(&self.current).take();
        current.iter().for_each(|current| self.note_orders(current));
        let panicked = current.as_ref().filter(|current| current.has_panicked());
        let fell = panicked.is_some_and(|current| self.keep(current));
        // A tool's objects may only be dropped inside of their execution.
        std::mem::forget(current);
        fell
    }

    /// Judges an execution: whether anything fell in it, or it broke a rule.
    fn keep(&self, current: &Current) -> bool {
        self.judged.fetch_add(1, Ordering::SeqCst);
        self.note_orders(current);
        if let Some(refusal) = current.refused() {
            *lock(&self.refused) = Some(refusal);
            return true;
        }
        let Some(fallen) = current.fallen() else {
            return false;
        };
        *lock(&self.found) = Some(current.finding(fallen));
        true
    }

    fn note_orders(&self, current: &Current) {
        let mut orders = lock(&self.orders);
        *orders = orders.and(current.recorder.orders().noted());
    }

    /// The tool has ended with this panic, or with none. The limit of its own that stopped it, if that did.
    ///
    /// # Errors
    ///
    /// [`Fault`] if it tells of something else than a violation or a limit.
    pub(super) fn ended_with(&self, panicked: Option<String>) -> Result<Option<String>, Fault> {
        let current = lock(&self.current).take();
        current.iter().for_each(|current| self.note_orders(current));
        let concluded = quietly(|| self.concluded(panicked, current.as_ref()));
        std::mem::forget(current);
        if let Some(refusal) = lock(&self.refused).take() {
            return Err(Fault::new(refusal));
        }
        concluded.unwrap_or_else(|payload| {
            Err(Fault::new(format!(
                "the judge panics: {}",
                text_of(&*payload)
            )))
        })
    }

    fn concluded(
        &self,
        panicked: Option<String>,
        current: Option<&Current>,
    ) -> Result<Option<String>, Fault> {
        match (panicked, current) {
            _ if self.found().is_some() => Ok(None),
            (None, Some(current)) if current.has_panicked() => {
                self.keep(current);
                Ok(None)
            }
            (None, _) => Ok(None),
            (Some(message), _) if is_refusal(&message) => Err(Fault::new(message)),
            (Some(message), Some(current)) => match own_limit(&message) {
                Some(_) if current.has_panicked() && self.keep(current) => Ok(None),
                Some(limit) => Ok(Some(limit.to_owned())),
                None if current.tells(&message) && self.keep(current) => Ok(None),
                None => Err(Fault::new(unexpected(&message))),
            },
            (Some(message), None) => Err(Fault::new(message)),
        }
    }

    /// What was found.
    pub(super) fn found(&self) -> Option<Finding> {
        lock(&self.found).clone()
    }

    /// How many executions have begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// How many executions a limit on their length has ended, once the tool has ended.
    pub(super) fn cut_short(&self) -> u64 {
        self.begun() - self.judged.load(Ordering::SeqCst)
    }

    /// With which orders words were used.
    pub(super) fn orders(&self) -> WordOrders {
        *lock(&self.orders)
    }
}

impl Current {
    /// Whether a panic with this message, which ended the tool, tells of the program: of an actor's panic, or of a
    /// deadlock. Any other is the tool's own.
    fn tells(&self, message: &str) -> bool {
        reports_deadlock(message) || self.has_panicked()
    }

    fn has_panicked(&self) -> bool {
        self.panicked().is_some()
    }

    /// An actor that panicked, with its message. A tool's own reports pass through an actor as well.
    fn panicked(&self) -> Option<(String, String)> {
        let mut panics = self.recorder.panics().into_iter();
        panics.find(|(_, message)| !reports_deadlock(message) && own_limit(message).is_none())
    }

    /// The rule of the primitives that an actor has broken, or what it asked for that the tool cannot do.
    fn refused(&self) -> Option<String> {
        let panics = self.recorder.panics().into_iter();
        panics
            .map(|(_, message)| message)
            .find(|message| is_refusal(message))
    }

    fn fallen(&self) -> Option<Fallen> {
        if let Some((actor, message)) = self.panicked() {
            return Some(Fallen::new("panic", format!("{actor} panics: {message}")));
        }
        let asleep = self.asleep();
        let waiting = self.must_end.iter().filter_map(|(actor, must_end)| {
            let (_, object) = asleep.iter().find(|(name, _)| name == actor)?;
            Some(Waiting {
                actor: actor.clone(),
                object: (*object).to_owned(),
                must_end: *must_end,
            })
        });
        let end = AtEnd {
            waiting: waiting.collect(),
        };
        self.judge.judge(&end).map(|said| Fallen::printed(&said))
    }

    /// Who is asleep, and at which object. Where a tool reports that nobody can move, whoever fell asleep last is unwound
    /// by that report, and sleeps nevertheless.
    fn asleep(&self) -> Vec<(String, &'static str)> {
        let mut asleep = self.recorder.asleep();
        let steps = self.recorder.steps();
        for (actor, message) in self.recorder.panics() {
            let last = steps.iter().rfind(|step| step.actor == actor);
            if let Some(last) = last.filter(|last| last.asleep && reports_deadlock(&message)) {
                asleep.push((actor, last.object));
            }
        }
        asleep
    }

    fn finding(&self, fallen: Fallen) -> Finding {
        let steps = self.recorder.steps();
        let loads = steps.iter().zip(1..);
        let loads = loads.filter(|(step, _)| step.kind == OperationKind::Load);
        let reads = loads.filter_map(|(step, number)| step.value.map(|value| (number, value)));
        let schedule = Schedule {
            steps: steps.iter().map(ScheduledStep::from).collect(),
        };
        Finding {
            reads: reads.collect(),
            ..Finding::new(fallen, schedule)
        }
    }
}

fn unexpected(message: &str) -> String {
    match reports_deadlock(message) {
        true => {
            format!("the tool reports a deadlock in which the judge sees nothing wrong: {message}")
        }
        false => message.to_owned(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
