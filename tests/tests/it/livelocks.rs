//! Allocators that go round for ever, from outside: what is said of them, in every rendering and in a replay.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use logon_core::observer::Observer;
use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Ending, LogonId, Server, SessionManager};
use logon_models::checker::{Checker, Effort, exhaustive};
use logon_models::explain::{Diligence, explain};
use logon_models::outcome::{Finding, Verdict};
use logon_models::render;
use logon_models::replay::{On, replay};
use logon_models::scenario::{Overrides, Scenario};
use logon_models::stage::Subject;
use logon_models::trace::{Explanation, Reach, Trace};

/// Declares allocators that override some methods of the fixed algorithm, and the subjects that build them.
macro_rules! livelocks {
    ($($name:ident { $($method:item)* })*) => {
        $(
            mod $name {
                use super::*;

                /// The server, and a desk that is taken or free.
                pub(super) struct Livelock<P: Primitives, O: Observer>(
                    P::Monitor<Server<O>>,
                    P::Monitor<bool>,
                );

                impl<P: Primitives, O: Observer> Allocator<P, O> for Livelock<P, O> {
                    fn around(server: Server<O>) -> Self {
                        Livelock(P::Monitor::new("server", server), P::Monitor::new("desk", false))
                    }

                    fn server(&self) -> &P::Monitor<Server<O>> {
                        &self.0
                    }

                    $($method)*
                }

                #[derive(Clone)]
                pub(super) struct Build;

                impl Subject for Build {
                    fn name(&self) -> &str {
                        stringify!($name)
                    }

                    fn build<P: Primitives, O: Observer>(&self, server: Server<O>) -> Arc<dyn Allocator<P, O>> {
                        Arc::new(Livelock::around(server))
                    }
                }
            }
        )*
    };
}

livelocks! {
    // Looks again and again whether there is work, and overlooks what there is.
    polls {
        fn serve(&self, _: &dyn SessionManager) {
            P::forever(|| match self.0.enter("look for work", |server| server.is_closing()) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            });
        }
    }
    // Two steps for each look.
    polls_in_two_steps {
        fn serve(&self, _: &dyn SessionManager) {
            P::forever(|| {
                self.0.enter("count the sessions", |_| ());
                match self.0.enter("count the logons", |server| server.is_closing()) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        }
    }
    // The client asks until it is told, and nobody tells it.
    asks_for_ever {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                match self.0.enter("ask for a session", |server| server.logons().get(&logon).is_none_or(|record| record.claim.is_some())) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
            self.0.update("take it", |server| server.heard(logon)).unwrap_or(Err(Ending::Gone))
        }

        fn serve(&self, _: &dyn SessionManager) {}
    }
    // Counts up to two and begins anew before it creates anything, unless nobody is in line when it begins.
    dithers {
        fn serve(&self, manager: &dyn SessionManager) {
            P::forever(|| {
                let in_line = self.0.enter("look at the line", |server| !server.queue().is_empty());
                if in_line {
                    self.0.enter("think it over", |_| ());
                    return match self.0.enter("think again", |server| server.is_closing()) {
                        true => ControlFlow::Break(()),
                        false => ControlFlow::Continue(()),
                    };
                }
                self.replenish(manager)
            });
        }
    }
    // The client takes the desk again and again to ask; the worker, who needs it too, always comes when it is taken.
    barges {
        fn await_session(&self, logon: LogonId) -> Result<Claim, Ending> {
            P::forever(|| {
                if self.0.enter("look for a session", |server| is_settled(server, logon)) {
                    return ControlFlow::Break(());
                }
                self.1.update("take the desk", |taken| *taken = true);
                self.1.update("leave the desk", |taken| *taken = false);
                ControlFlow::Continue(())
            });
            self.0.update("take it", |server| server.heard(logon)).unwrap_or(Err(Ending::Gone))
        }

        fn serve(&self, manager: &dyn SessionManager) {
            P::forever(|| {
                self.1.wait_for("await the desk", |taken| (!*taken).then_some(()));
                self.replenish(manager)
            });
        }
    }
}

/// Whether a logon has heard what comes of it.
fn is_settled<O: Observer>(server: &Server<O>, logon: LogonId) -> bool {
    server
        .logons()
        .get(&logon)
        .is_none_or(|record| record.claim.is_some())
}

/// Two clients: one can be taken away.
fn scenario() -> Arc<Scenario> {
    let preset = Scenario::preset("q238186-default").expect("a preset");
    let two = preset.with(&Overrides {
        clients: Some(2),
        ..Overrides::default()
    });
    Arc::new(two.expect("the number of its clients can be changed"))
}

/// What is said of the loop that a complete search of `q238186-default` finds.
fn explained<S: Subject>(subject: &S, diligence: Diligence) -> Trace {
    let outcome = exhaustive(subject, &scenario(), &Effort::default()).expect("no fault");
    assert_eq!(outcome.verdict, Verdict::Violated, "{}", subject.name());
    let finding: Finding = outcome.finding.expect("violated");
    assert!(finding.repeats_from.is_some(), "{}", subject.name());
    let trace = explain(
        subject,
        &scenario(),
        &finding,
        Checker::Exhaustive,
        diligence,
    );
    trace.expect("no fault")
}

fn said(trace: &Trace) -> &Explanation {
    trace.explanation.as_ref().expect("it is explained")
}

/// Who does what, by the labels.
fn labels(trace: &Trace) -> Vec<(&str, &str)> {
    let steps = trace.steps.iter();
    steps
        .map(|step| (step.actor.as_str(), step.label.as_str()))
        .collect()
}

#[test]
fn it_is_shown_in_the_smallest_scenario_with_the_fewest_steps_into_the_loop_and_around_it() {
    let waits = [
        ("alice", "admit"),
        ("alice", "claim or queue"),
        ("alice", "await hand-off"),
    ];
    let trace = &ALL["polls_in_two_steps"];
    let round = [
        ("worker", "count the sessions"),
        ("worker", "count the logons"),
    ];
    assert_eq!(labels(trace), [&waits[..], &round].concat());
    assert_eq!(trace.repeats_from(), Some(4));
    let trace = &ALL["asks_for_ever"];
    assert_eq!(
        labels(trace),
        [&waits[..2], &[("alice", "ask for a session")]].concat()
    );
    assert_eq!(trace.repeats_from(), Some(3));
    for trace in ALL.values() {
        let said = said(trace);
        assert!(
            said.smallest.ends_with("the fewest there are"),
            "{}",
            said.smallest
        );
        let reduction = said.reduction.as_ref().expect("it was made smaller");
        assert!(!reduction.taken.is_empty(), "{reduction}");
        assert_eq!(trace.actors, ["alice", "worker"]);
        assert_eq!(
            Trace::parse(&trace.to_json(), "a trace").as_ref(),
            Ok(trace)
        );
    }
}

/// What is said of each under the usual limits, by its name.
static ALL: LazyLock<BTreeMap<&str, Trace>> = LazyLock::new(|| {
    let all = [
        explained(&polls::Build, Diligence::default()),
        explained(&polls_in_two_steps::Build, Diligence::default()),
        explained(&asks_for_ever::Build, Diligence::default()),
        explained(&dithers::Build, Diligence::default()),
        explained(&barges::Build, Diligence::default()),
    ];
    let named = [
        "polls",
        "polls_in_two_steps",
        "asks_for_ever",
        "dithers",
        "barges",
    ];
    named.into_iter().zip(all).collect()
});

#[test]
fn the_reason_is_the_loop_and_a_rule_is_plainly_said_not_to_be() {
    for trace in ALL.values() {
        let said = said(trace);
        let (from, last) = (trace.repeats_from().expect("a loop"), trace.steps.len());
        assert!(said.why.contains(&format!("(step {from})")), "{}", said.why);
        assert!(said.why.contains(&format!("step {last})")), "{}", said.why);
        assert!(said.why.contains("for ever, "), "{}", said.why);
        assert!(!said.why.contains("alone"), "{}", said.why);
        let rule = said.rule.as_ref().expect("it says that there is none");
        assert_eq!((rule.reach, rule.orders.len()), (Reach::Nothing, 0));
        assert!(rule.sentence.starts_with("none: step"), "{}", rule.sentence);
        assert!(said.basis.exhausted);
    }
    let never =
        "the beginning: from here no continuation comes to an end at which every property holds";
    let polling = &ALL["polls"];
    assert_eq!(
        said(polling).point.as_ref().expect("a point").sentence,
        never
    );
    assert_eq!(said(polling).near, None);
    let dithering = &ALL["dithers"];
    assert_eq!(said(dithering).point.as_ref().expect("a point").step, 2);
    let near = said(dithering).near.as_ref().expect("one passes");
    assert_eq!(
        near.sentence,
        "passes if worker's \"look at the line\" (step 4) moves before step 2; steps 5 and 6 do not happen then"
    );
    let barging = &ALL["barges"];
    assert_eq!(said(barging).point, None);
    let rule = &said(barging).rule.as_ref().expect("a sentence").sentence;
    assert!(
        rule.contains("the loop can be left after every round"),
        "{rule}"
    );
    let near = said(barging).near.as_ref().expect("one passes");
    assert!(
        near.sentence.contains("worker's \"await the desk\""),
        "{}",
        near.sentence
    );
}

#[test]
fn every_rendering_marks_where_the_loop_begins_and_where_it_ends() {
    let trace = &ALL["polls_in_two_steps"];
    for ascii in [false, true] {
        let options = render::TextOptions {
            ascii,
            ..render::TextOptions::default()
        };
        let text = render::text(trace, &options);
        for part in [
            "\n  (4 ",
            "\n  )5 ",
            "\n  !",
            "on with step 4, and so for ever",
        ] {
            assert!(text.contains(part), "{part:?} in {text}");
        }
        assert!(
            text.contains("( here the loop begins; ) here it ends"),
            "{text}"
        );
        assert!(!text.contains("breaks the property"), "{text}");
    }
    let markdown = render::markdown_alone(trace);
    let drawn = "    loop for ever\n    A2->>O1: (4 count the sessions\n    A2->>O1: )5 count the logons\n    end\n";
    for part in [
        drawn,
        "| (4 | worker |",
        "| )5 | worker |",
        "| ! | | | | on with step 4, and so for ever |",
    ] {
        assert!(markdown.contains(part), "{part:?} in {markdown}");
    }
    let html = render::html(trace, "trace.json");
    for part in [
        "<span class=\"mark\">(</span>",
        "<span class=\"mark\">)</span>",
        "on with step 4, and so for ever",
        "here the loop begins",
    ] {
        assert!(html.contains(part), "{part:?}");
    }
    let perfetto = render::perfetto(trace);
    for part in [
        "the loop begins: steps 4 to 5 repeat for ever",
        "the loop ends: on with step 4",
    ] {
        assert!(perfetto.contains(part), "{part:?}");
    }
    assert!(trace.to_json().contains("\"repeats_from\": 4"));
    // One step is both.
    let text = render::text(&ALL["polls"], &render::TextOptions::default());
    assert!(text.contains("\n ()4 "), "{text}");
}

#[test]
fn a_replay_takes_the_loop_once_more_and_says_where_it_cannot() {
    let trace = &ALL["polls_in_two_steps"];
    let scenario = Arc::new(Scenario::parse(&trace.scenario.toml, "a trace").expect("its own"));
    for on in On::ALL {
        let again =
            replay(trace, &polls_in_two_steps::Build, &scenario, on, None).expect("no fault");
        assert_eq!((&again.parting, &again.difference), (&None, &None), "{on}");
        assert_eq!(again.trace.repeats_from(), Some(4), "{on}");
        assert_eq!(again.another_round, on == On::Sim, "{on}");
    }
    // Who sleeps does not fall asleep again.
    let mut forged = trace.clone();
    forged.violation.as_mut().expect("it fails").repeats_from = Some(3);
    let again = replay(
        &forged,
        &polls_in_two_steps::Build,
        &scenario,
        On::Sim,
        None,
    )
    .expect("no fault");
    let parting = again.parting.expect("the loop does not close");
    assert_eq!(parting.place.number(), 5);
    assert_eq!(parting.recorded, "goes on with step 3, and so for ever");
    // And what fell does not stand in all of them.
    forged.violation.as_mut().expect("it fails").repeats_from = Some(1);
    let again = replay(
        &forged,
        &polls_in_two_steps::Build,
        &scenario,
        On::Sim,
        None,
    );
    let again = again.expect("no fault");
    assert!(again.difference.is_some() && !again.another_round);
    // What does not wait for ever does not fail for it.
    let fixed =
        replay(trace, &logon_core::Variant::Fixed, &scenario, On::Sim, None).expect("no fault");
    assert!(fixed.parting.is_some() && fixed.trace.violation.is_none());
}

#[test]
fn a_loop_that_contradicts_the_steps_is_refused() {
    let trace = &ALL["polls"];
    let refused = |change: &dyn Fn(&mut Trace)| {
        let mut forged = trace.clone();
        change(&mut forged);
        let read = Trace::parse(&forged.to_json(), "a trace");
        read.expect_err("it contradicts itself").to_string()
    };
    for from in [0, 5, usize::MAX >> 1] {
        let error =
            refused(&|trace| trace.violation.as_mut().expect("it fails").repeats_from = Some(from));
        assert!(
            error.contains(&format!(
                "repeat from step {from} on, and there are 4 steps"
            )),
            "{error}"
        );
    }
    let error = refused(&|trace| trace.violation.as_mut().expect("it fails").at_rest = true);
    assert!(error.contains("and to come to rest as well"), "{error}");
}

#[test]
fn each_limit_that_is_reached_is_named_by_its_number() {
    let little = |change: fn(&mut Diligence)| {
        let mut diligence = Diligence::default();
        change(&mut diligence);
        explained(&dithers::Build, diligence)
    };
    let pairs = little(|diligence| diligence.loop_pairs = 1);
    let smallest = &said(&pairs).smallest;
    assert!(
        smallest.contains(
            "not known to be the fewest: the search for a shorter one was given up after 1 pair of"
        ),
        "{smallest}"
    );
    let near = little(|diligence| diligence.near_work = 1);
    assert_eq!(said(&near).near, None);
    assert_eq!(
        said(&near).limits,
        ["near: the search for a passing execution was given up after 1 piece of work"]
    );
    assert!(
        render::text(&near, &render::TextOptions::default()).contains("limit   near: the search")
    );
    let scenarios = little(|diligence| diligence.scenarios = 1);
    let reduction = said(&scenarios)
        .reduction
        .as_ref()
        .expect("a reduction")
        .to_string();
    assert!(
        reduction.ends_with("taking more away was given up after 1 scenario in all"),
        "{reduction}"
    );
    let states = little(|diligence| diligence.states = 4);
    let rule = &said(&states).rule.as_ref().expect("a sentence").sentence;
    assert!(
        rule.ends_with("there are more than 4 states where nothing is exchanged"),
        "{rule}"
    );
    for trace in [pairs, near, scenarios, states] {
        assert!(trace.repeats_from().is_some());
        assert_eq!(
            Trace::parse(&trace.to_json(), "a trace").as_ref(),
            Ok(&trace)
        );
    }
}
