//! The execution of a program of one's own that is under way, to be judged at its end or from the panic that ends it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use logon_sim::{
    AtEnd, Fallen, Finding, Judge, OperationKind, Schedule, ScheduledStep, Waiting, WordOrders,
};

use super::quietly;
use crate::backend::{Recorder, is_refusal, judging, said_by};
use crate::checker::{Fault, own_limit, reports_deadlock};

/// Executions so far, the one under way, and what was found.
#[derive(Default)]
pub(super) struct UnderWay {
    begun: AtomicU64,
    judged: AtomicU64,
    current: Mutex<Option<Current>>,
    found: Mutex<Option<Finding>>,
    /// Why an execution says nothing of the program: it broke a rule, asked for what the tool cannot do, or its judge
    /// panicked.
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

    /// The execution under way is over: whether it is to be the last.
    pub(super) fn end(&self) -> bool {
        let Some(current) = lock(&self.current).take() else {
            return false;
        };
        self.judge(&current)
    }

    /// The execution under way, if there is one, is given up before its end: whether it is to be the last, since an actor
    /// panicked in it or a rule was broken, which is so wherever the others are.
    pub(super) fn give_up(&self) -> bool {
        let current = lock(&self.current).take();
        current.iter().for_each(|current| self.note_orders(current));
        let decided = current.as_ref().filter(|current| current.is_decided());
        let is_last = decided.is_some_and(|current| self.judge(current));
        // A tool's objects may only be dropped inside of their execution.
        std::mem::forget(current);
        is_last
    }

    /// Judges an execution: whether it is to be the last, since something fell in it, it broke a rule, or its judge
    /// panicked.
    fn judge(&self, current: &Current) -> bool {
        self.judged.fetch_add(1, Ordering::SeqCst);
        self.note_orders(current);
        let fallen = quietly(|| judging(|| current.fallen()));
        // The judge may have broken a rule as well.
        if let Some(refusal) = current.refused() {
            *lock(&self.refused) = Some(refusal);
            return true;
        }
        match fallen {
            Ok(None) => return false,
            Ok(Some(fallen)) => *lock(&self.found) = Some(current.finding(fallen)),
            Err(payload) => {
                let said = said_by(&*payload);
                *lock(&self.refused) = Some(format!("the judge of the program panics: {said}"));
            }
        }
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
        let stopped = match (panicked, &current) {
            _ if self.found().is_some() || lock(&self.refused).is_some() => Ok(None),
            (_, Some(current)) if current.refused().is_some() => {
                self.judge(current);
                Ok(None)
            }
            (None, Some(current)) if current.has_panicked() => {
                self.judge(current);
                Ok(None)
            }
            (None, _) => Ok(None),
            (Some(message), Some(current)) => match own_limit(&message) {
                Some(_) if current.has_panicked() && self.judge(current) => Ok(None),
                Some(limit) => Ok(Some(limit.to_owned())),
                None if current.tells(&message) && self.judge(current) => Ok(None),
                None => Err(Fault::new(unexpected(&message))),
            },
            (Some(message), None) => Err(Fault::new(message)),
        };
        std::mem::forget(current);
        let refused = lock(&self.refused).take();
        refused.map_or(stopped, |refused| Err(Fault::new(refused)))
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

    /// Whether it is known how it ends, although it has not come to its end.
    fn is_decided(&self) -> bool {
        self.has_panicked() || self.refused().is_some()
    }

    fn has_panicked(&self) -> bool {
        self.panicked().is_some()
    }

    /// An actor that panicked, with its message. A tool's own reports pass through an actor as well.
    fn panicked(&self) -> Option<(String, String)> {
        let mut panics = self.recorder.panics().into_iter();
        panics.find(|(_, message)| !reports_deadlock(message) && own_limit(message).is_none())
    }

    /// The rule of the primitives that the program broke, or what it asked for that the tool cannot do.
    fn refused(&self) -> Option<String> {
        self.recorder.broken_rule().or_else(|| {
            let panics = self.recorder.panics().into_iter();
            let mut said = panics.map(|(_, message)| message);
            said.find(|message| is_refusal(message))
        })
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
