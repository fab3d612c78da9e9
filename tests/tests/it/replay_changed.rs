//! A trace of an allocator that has changed since: it replays on every tool if the change has nothing to do with it,
//! and parts where it has.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Ending, LogonId, Observer, Server};
use logon_models::checker::{Effort, random};
use logon_models::gated::Tool;
use logon_models::replay::{On, Place, Replayed, replay};
use logon_models::scenario::Scenario;
use logon_models::stage::Subject;
use logon_models::trace::{Record, Trace, record};
use logon_sim::Replay;

/// What has been added to the allocator since it was recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Added {
    Nothing,
    /// Steps that no other step depends on.
    Unrelated,
    /// A step that has the name of another one.
    Known,
    /// A step without end.
    Endless,
}

/// Gives the permit of a client that disconnects back twice.
struct Generous<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    added: Added,
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Generous<P, O> {
    fn around(server: Server<O>) -> Self {
        Generous {
            server: P::Monitor::new("server", server),
            added: Added::Nothing,
        }
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn disconnect(&self, logon: LogonId) -> Result<(), Ending> {
        self.server
            .update("disconnect", |server| server.disconnect(logon))?;
        match self.added {
            Added::Nothing => {}
            Added::Unrelated => self.server.enter("take a breath", |_| ()),
            Added::Known => self.server.enter("give the permit back", |_| ()),
            Added::Endless => {
                while self
                    .server
                    .enter("spin", |server| server.ledger().in_use() < 9)
                {}
            }
        }
        self.server.update("give the permit back", |server| {
            server.ledger_mut().release();
        });
        if self.added == Added::Unrelated {
            self.server.enter("take another breath", |_| ());
        }
        Ok(())
    }
}

#[derive(Clone)]
struct Changed(Added);

impl Subject for Changed {
    fn name(&self) -> &str {
        "generous"
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Arc::new(Generous::<P, O> {
            server: P::Monitor::new("server", server),
            added: self.0,
        })
    }
}

/// An execution of the allocator before the change, in which the permit given back twice is taken twice.
fn recorded() -> (Trace, Arc<Scenario>) {
    let scenario = Arc::new(Scenario::preset("q187443-reconnect-at-max").expect("a preset"));
    let effort = Effort {
        executions: 20_000,
        ..Effort::default()
    };
    let subject = Changed(Added::Nothing);
    let outcome = random(&subject, &scenario, &effort).expect("no fault");
    let finding = outcome.finding.expect("it is wrong");
    let mut again = Replay::new(&finding.schedule);
    let Record { trace, .. } = record(&subject, &scenario, &mut again, "random");
    assert!(trace.violation.is_some());
    (trace, scenario)
}

fn each(added: Added, check: impl Fn(On, &Trace, Replayed)) {
    let (trace, scenario) = recorded();
    for on in On::ALL {
        if on == On::Tool(Tool::Loom) && scenario.actor_count() > 4 {
            continue;
        }
        let replayed = replay(&trace, &Changed(added), &scenario, on, None).expect("no fault");
        check(on, &trace, replayed);
    }
}

#[test]
fn unrelated_steps_are_let_pass_and_told() {
    each(Added::Unrelated, |on, trace, replayed| {
        assert_eq!(replayed.parting, None, "{on}");
        assert_eq!(replayed.difference, None, "{on}");
        assert_eq!(replayed.trace.violation, trace.violation, "{on}");
        let passed = &replayed.passed;
        assert!(
            passed
                .iter()
                .any(|passed| passed.step.contains("`take a breath`")),
            "{on}: {passed:?}"
        );
        for passed in passed {
            let step = &replayed.trace.steps[passed.number - 1];
            assert!(step.label.ends_with("breath"), "{on}: {passed:?}");
        }
        let mut kept = replayed.trace.steps;
        kept.retain(|step| !step.label.ends_with("breath"));
        let words = |steps: &[logon_models::trace::TracedStep]| -> Vec<(String, Vec<String>)> {
            let words = steps.iter();
            words
                .map(|step| (format!("{} {}", step.actor, step.label), step.facts.clone()))
                .collect()
        };
        assert_eq!(words(&kept), words(&trace.steps), "{on}");
    });
}

#[test]
fn a_step_with_the_name_of_another_one_parts() {
    each(Added::Known, |on, trace, replayed| {
        let parting = replayed.parting.expect("it matters");
        let Place::At(number) = parting.place else {
            panic!("{on}: {parting:?}");
        };
        assert_eq!(
            trace.steps[number - 1].label,
            "give the permit back",
            "{on}"
        );
        assert!(
            parting.recorded.contains("update `give the permit back`"),
            "{on}: {parting:?}"
        );
        assert!(
            parting.now.contains("enter `give the permit back`"),
            "{on}: {parting:?}"
        );
        assert_eq!(replayed.passed, [], "{on}");
    });
}

#[test]
fn steps_without_end_part_at_a_limit() {
    each(Added::Endless, |on, _, replayed| {
        assert!(replayed.parting.is_some(), "{on}");
        assert_eq!(replayed.passed.len(), logon_sim::MOST_PASSED, "{on}");
    });
}
