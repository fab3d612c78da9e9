//! Objects and results of their own types, described by nobody.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, DropReason, Ending, LogonId, Observer, Refusal, Server, symmetric};
use logon_models::checker::shuttle_exhaustive::{End, survey_scenario};
use logon_models::checker::{Checker, Effort, Progress, exhaustive, search};
use logon_models::explain::{Diligence, explain};
use logon_models::outcome::Verdict;
use logon_models::scenario::{Overrides, Scenario};
use logon_models::shrink::{Shrunk, shrink};
use logon_models::stage::{Subject, Types};
use logon_models::trace::Reach;
use logon_sim::SpaceEnd;

/// Who came when, as far as this allocator notes it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Notes {
    turns: Vec<Option<u32>>,
    first: Option<LogonId>,
}
symmetric! { struct Notes { turns, first } }

/// Notes everybody who comes, in a monitor of its own; one that is wrong drops who comes second.
struct Noting<P: Primitives, O: Observer> {
    server: P::Monitor<Server<O>>,
    turn: P::Monitor<Option<u32>>,
    notes: P::Monitor<Notes>,
    drops_the_second: bool,
}

impl<P: Primitives, O: Observer> Noting<P, O> {
    fn new(server: Server<O>, drops_the_second: bool) -> Self {
        Noting {
            server: P::Monitor::new("server", server),
            turn: P::Monitor::new("turn", None),
            notes: P::Monitor::new("notes", Notes::default()),
            drops_the_second,
        }
    }
}

impl<P: Primitives, O: Observer> Allocator<P, O> for Noting<P, O> {
    fn around(server: Server<O>) -> Self {
        Noting::new(server, false)
    }

    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.server
    }

    fn claim_or_queue(&self, logon: LogonId) -> Result<Option<logon_core::Claim>, Ending> {
        let before: Option<u32> = self.turn.update("take a turn", |turn| {
            turn.replace(turn.map_or(0, |turn| turn + 1))
        });
        let notes = self.notes.enter("note the turn", |notes| {
            notes.turns.push(before);
            notes.first.get_or_insert(logon);
            notes.clone()
        });
        if self.drops_the_second && before == Some(0) && notes.first != Some(logon) {
            return Err(self.refuse(logon, Refusal::Dropped(DropReason::NotReady)));
        }
        self.server
            .update("claim or queue", |server| server.claim_or_queue(logon))
    }
}

/// Builds it, and says of it what it is told to say.
#[derive(Clone, Default)]
struct Build {
    drops_the_second: bool,
    is_symmetric: bool,
    describes: bool,
}

impl Subject for Build {
    fn name(&self) -> &str {
        "noting"
    }

    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
        Arc::new(Noting::<P, O>::new(server, self.drops_the_second))
    }

    fn is_symmetric(&self) -> bool {
        self.is_symmetric
    }

    fn describe_types(&self, types: Types) -> Types {
        match self.describes {
            true => types
                .object::<Option<u32>>()
                .result::<Option<u32>>()
                .object::<Notes>()
                .result::<Notes>(),
            false => types,
        }
    }
}

fn two_clients() -> Arc<Scenario> {
    let overrides = Overrides {
        clients: Some(2),
        ..Overrides::default()
    };
    let preset = Scenario::preset("q238186-default").expect("a preset");
    Arc::new(preset.with(&overrides).expect("two clients"))
}

fn go_on(_: &logon_sim::Progress) -> ControlFlow<String> {
    ControlFlow::Continue(())
}

#[test]
fn every_state_is_visited_and_two_engines_agree_on_them() {
    let scenario = two_clients();
    let outcome = exhaustive(&Build::default(), &scenario, &Effort::default()).expect("no fault");
    assert_eq!(outcome.verdict, Verdict::Holds, "{outcome:#?}");
    let effort = Effort::default();
    let own = search(&Build::default(), &scenario, &effort, &mut go_on);
    assert!(matches!(own.end, SpaceEnd::Complete), "{:?}", own.end);
    let hosted = survey_scenario(&Build::default(), &scenario, &effort, &Progress::new());
    let hosted = hosted.expect("no panic");
    assert_eq!(hosted.end, End::Complete);
    assert_eq!(hosted.states, own.progress.states);
    assert_eq!(hosted.transitions, own.progress.transitions);
    assert_eq!(hosted.fingerprint, own.fingerprint);
    // What is described is described, and what is not is told apart as well: both are all states.
    let described = Build {
        describes: true,
        ..Build::default()
    };
    let described = search(&described, &scenario, &effort, &mut go_on);
    assert_eq!(described.progress.states, own.progress.states);
    assert_eq!(described.progress.transitions, own.progress.transitions);
}

#[test]
fn what_is_wrong_is_found_made_smaller_and_explained() {
    let wrong = Build {
        drops_the_second: true,
        ..Build::default()
    };
    let scenario = Arc::new(Scenario::preset("q238186-default").expect("a preset"));
    let shrunk = shrink(&wrong, &scenario, &Effort::default(), &mut |_| {}).expect("no fault");
    let Shrunk::To(smallest) = shrunk else {
        panic!("nothing falls");
    };
    assert_eq!(smallest.property, "no-false-refusal");
    assert_eq!(smallest.scenario.clients.len(), 2);
    assert!(smallest.is_exhaustive());
    let finding = smallest.outcome.finding.as_ref().expect("it falls");
    let trace = explain(
        &wrong,
        &smallest.scenario,
        finding,
        Checker::Exhaustive,
        Diligence::default(),
    );
    let explanation = trace.expect("no fault").explanation.expect("it fails");
    assert!(explanation.basis.exhausted, "{explanation:#?}");
    let rule = explanation.rule.expect("it was compared");
    assert_ne!(rule.reach, Reach::Nothing, "{rule:#?}");
}

#[test]
fn who_says_to_be_symmetric_is_told_which_type_to_describe_or_not_to_say_so() {
    let symmetric = Build {
        is_symmetric: true,
        ..Build::default()
    };
    for checker in [Checker::Exhaustive, Checker::ShuttleExhaustive] {
        let effort = Effort::default();
        let fault = checker.run(&symmetric, &two_clients(), &effort, &Progress::new());
        let fault = fault.expect_err("nobody describes it").to_string();
        for part in [
            "type core::option::Option<u32>",
            "symmetric!",
            "Subject::describe_types",
            "Subject::is_symmetric",
        ] {
            assert!(fault.contains(part), "{checker}, {part}: {fault}");
        }
    }
}

#[test]
fn who_describes_them_has_fewer_states() {
    let symmetric = Build {
        is_symmetric: true,
        describes: true,
        ..Build::default()
    };
    let states = |subject: &Build| {
        let outcome = exhaustive(subject, &two_clients(), &Effort::default()).expect("no fault");
        assert_eq!(outcome.verdict, Verdict::Holds, "{outcome:#?}");
        outcome.states.expect("it visits states")
    };
    assert!(states(&symmetric) < states(&Build::default()));
}
