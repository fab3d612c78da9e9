//! Wake-ups for no reason: the fixed algorithm looks again and is none the wiser, and whoever takes for granted that
//! it was woken for a reason is found.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::server::Demand;
use logon_core::{
    Allocator, Claim, Ending, LogonId, Server, SessionManager, SessionState, Variant,
};
use logon_models::checker::{Effort, exhaustive};
use logon_models::gated::{self, Tool};
use logon_models::outcome::{Outcome, Verdict};
use logon_models::scenario::{Overrides, Scenario, presets};
use logon_models::stage::Subject;

/// An allocator that says "if" where "while" belongs.
///
/// A logon in line sleeps until it is woken, and then takes the session it must have been given; if there is none,
/// its connection breaks. Nothing but that is wrong: its worker wakes it for as long as it has not come for the
/// session, so no wake-up is lost, and wakes nobody who has none. One client is all it is made for.
struct LooksOnce<P: Primitives, O: Observer>(P::Monitor<Server<O>>);

impl<P: Primitives, O: Observer> Allocator<P, O> for LooksOnce<P, O> {
    fn around(server: Server<O>) -> Self {
        LooksOnce(P::Monitor::new("server", server))
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.0
    }

    fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
        self.0.sleep("sleep until woken");
        let given = self
            .0
            .enter("take what must be there", |server| server.heard(logon));
        given.unwrap_or_else(|| {
            self.hang_up(logon);
            Err(Ending::Gone)
        })
    }

    fn replenish(&self, manager: &dyn SessionManager) -> ControlFlow<()> {
        let given = self.0.enter("look who has not come", |server| {
            server.first_session(|session| session.state == SessionState::ConnectQuery)
        });
        if given.is_some() {
            self.0.update("wake the one who has not come", |_| ());
            return ControlFlow::Continue(());
        }
        let Demand::Create(claim) = self.await_demand() else {
            return ControlFlow::Break(());
        };
        if manager.load(claim) {
            self.publish(claim);
        }
        ControlFlow::Continue(())
    }
}

#[derive(Clone)]
struct If;

impl Subject for If {
    fn name(&self) -> &str {
        "looks-once"
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Arc::new(LooksOnce::around(server))
    }
}

fn with_wakes(preset: &str, wakes: u32) -> Arc<Scenario> {
    let overrides = Overrides {
        spurious_wakes: Some(wakes),
        ..Overrides::default()
    };
    let scenario = Scenario::preset(preset).and_then(|preset| preset.with(&overrides));
    Arc::new(scenario.expect("a preset with a number that suits it"))
}

fn search(subject: &impl Subject, scenario: &Arc<Scenario>) -> Outcome {
    // The scenarios without spurious wake-ups are looked at more closely elsewhere.
    let effort = Effort {
        second_looks: false,
        ..Effort::default()
    };
    exhaustive(subject, scenario, &effort)
        .unwrap_or_else(|fault| panic!("{} in {}: {fault}", subject.name(), scenario.name))
}

#[test]
fn who_looks_once_is_right_until_it_is_woken_for_no_reason() {
    let never = search(&If, &with_wakes("q245221", 0));
    assert_eq!(never.verdict, Verdict::Holds);
    for wakes in 1..=4 {
        let once = search(&If, &with_wakes("q245221", wakes));
        assert_eq!(once.verdict, Verdict::Violated);
        let finding = once.finding.expect("violated");
        assert_eq!(finding.property, "no-false-refusal");
        let last = finding.schedule.steps.last().expect("a step");
        assert_eq!(last.label, "hang up");
    }
}

#[test]
fn an_execution_with_a_wake_up_for_no_reason_replays_on_every_tool() {
    let scenario = with_wakes("q245221", 1);
    let finding = search(&If, &scenario).finding.expect("violated");
    let wakes = finding.schedule.steps.iter();
    let wakes = wakes.filter(|step| step.label == "wake for no reason");
    assert_eq!(wakes.count(), 1);
    for tool in [Tool::Shuttle, Tool::Loom, Tool::Threads] {
        let again = gated::replay(tool, &If, &scenario, &finding.schedule, false)
            .unwrap_or_else(|fault| panic!("on {tool:?}: {fault}"));
        assert_eq!(again.divergence, None, "on {tool:?}");
        assert_eq!(
            again.steps.len(),
            finding.schedule.steps.len(),
            "on {tool:?}"
        );
    }
}

#[test]
fn the_fixed_algorithm_looks_again_and_nothing_else_changes() {
    // With time there are no spurious wake-ups.
    let untimed = presets().iter();
    let untimed = untimed.filter(|preset| preset.scenario().time.is_none());
    for preset in untimed {
        let states = [0, 1, 2].map(|wakes| {
            let outcome = search(&Variant::Fixed, &with_wakes(preset.name(), wakes));
            assert_eq!(outcome.verdict, Verdict::Holds, "{}", preset.name());
            outcome.states.expect("states were visited")
        });
        // Each state once for every number of wake-ups that are still to come.
        let [none, one, two] = states;
        assert_eq!((one, two), (2 * none, 3 * none), "{}", preset.name());
    }
}
