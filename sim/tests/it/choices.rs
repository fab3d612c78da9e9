//! Counterexamples in which what was chosen makes the difference: they replay, say what was chosen, and explain
//! themselves by it, from all executions and from a sample.

use logon_core::primitives::{Chance, Condition, Monitor, Wake};
use logon_sim::explain::Diligence;
use logon_sim::render::{self, PageOptions, TextOptions};
use logon_sim::trace::{Near, Trace, TracedStep};
use logon_sim::{
    Actors, AtRest, Blocked, Named, Program, Replay, Rest, SimChance, SimMonitor, Simulation,
    StateWatch, Watch,
};

/// The counterexample of `program`, from all executions and from a sample.
fn counterexamples<P>(program: &P) -> [Trace; 2]
where
    P: Program<Watch: StateWatch + Watch<Verdict = &'static str>> + Clone,
{
    let all = Diligence::default();
    let sampled = Diligence { states: 1, ..all };
    [all, sampled].map(|diligence| {
        let check = Named::new("choices", program.clone()).check();
        let report = check.diligence(diligence).run();
        let report = report.expect("the program keeps the rules");
        let trace = report.trace.expect("it falls");
        repeats_itself(program, &trace);
        trace
    })
}

/// A trace that was written and read leads to the same verdict.
fn repeats_itself<P>(program: &P, trace: &Trace)
where
    P: Program<Watch: Watch<Verdict = &'static str>>,
{
    let read = Trace::parse(&trace.to_json(), "a trace").expect("what was written can be read");
    let mut replay = Replay::new(&read.schedule());
    let again = Simulation::default().run_once(program, &mut replay);
    let fell = trace.violation.as_ref().expect("it falls");
    let verdict = again.verdict().expect("it falls again");
    assert!(fell.sentence.contains(verdict), "{}", fell.sentence);
    assert_eq!(again.steps.len(), trace.steps.len());
}

fn near(trace: &Trace) -> &Near {
    let explanation = trace.explanation.as_ref().expect("it is explained");
    explanation.near.as_ref().expect("some execution passes")
}

/// Every rendering shows these words.
fn all_show(trace: &Trace, words: &str) {
    let page = PageOptions {
        file: "trace.json",
        ..PageOptions::default()
    };
    let renderings = [
        render::text(trace, &(), &TextOptions::default()),
        render::html(trace, &(), &page),
        render::markdown(trace, &(), "trace.json"),
        render::perfetto(trace, &()),
    ];
    for rendering in renderings {
        assert!(rendering.contains(words), "{words}:\n{rendering}");
    }
}

/// Of three values one is bad.
fn walk(actors: &mut Actors<'_>) -> AtRest<impl Fn(&Rest) -> Option<&'static str> + use<>> {
    let sky: SimChance = Chance::new("sky");
    let seen: SimMonitor<u32> = Monitor::new("seen", 0);
    let noted = seen.clone();
    actors.spawn("anna", "walker", move || {
        let weather = sky.choose("look up", 3);
        noted.enter("note", move |seen| *seen = weather);
    });
    AtRest(move |_: &Rest| seen.peek(|&seen| (seen == 2).then_some("it rains")))
}

#[test]
fn a_counterexample_says_which_value_was_chosen() {
    for trace in counterexamples(&walk) {
        let chosen = |trace: &Trace| trace.steps[0].choice();
        assert_eq!(chosen(&trace).as_deref(), Some("chooses 2 of 3"));
        all_show(&trace, "look up: chooses 2 of 3");
        let near = near(&trace);
        // A sample finds either of the others first.
        let said = ["0", "1"].map(|value| {
            format!("passes if anna's \"look up\" (step 1) chooses {value} of 3 instead")
        });
        let is_said = said.iter().any(|said| near.sentence.starts_with(said));
        assert!(is_said, "{}", near.sentence);
        assert_eq!((near.moves[0].step, near.moves[0].instead), (1, Some(1)));
        let explanation = trace.explanation.as_ref().expect("it is explained");
        let because =
            "it rains, because anna's \"look up\" (step 1) chooses 2 of 3: if it chooses ";
        assert!(explanation.why.starts_with(because), "{}", explanation.why);
        assert_eq!(explanation.conflict, [1]);
        let steps = near.steps.iter().map(|step| (&*step.label, step.kept));
        assert_eq!(
            steps.collect::<Vec<_>>(),
            [("look up", None), ("note", Some(2))]
        );
    }
}

const OPEN: Condition = Condition("the door is open");

/// Two wait for a door to open, and only one of those asleep is told.
fn queue(actors: &mut Actors<'_>) -> AtRest<impl Fn(&Rest) -> Option<&'static str> + use<>> {
    let door: SimMonitor<bool> = Monitor::new("door", false);
    for name in ["anna", "ben"] {
        let door = door.clone();
        actors.spawn(name, "guest", move || {
            door.wait_on("wait", OPEN, |open| open.then_some(((), Wake::Nobody)));
        });
    }
    actors.spawn("carl", "porter", move || {
        door.change("open", |open| {
            *open = true;
            ((), Wake::One(OPEN))
        });
    });
    AtRest(|rest: &Rest| {
        let is_anna = |blocked: &Blocked| *blocked.actor.name == *"anna";
        rest.blocked
            .iter()
            .any(is_anna)
            .then_some("anna stays outside")
    })
}

#[test]
fn a_counterexample_says_who_was_woken() {
    for trace in counterexamples(&queue) {
        let chosen: Vec<_> = trace.steps.iter().filter_map(TracedStep::choice).collect();
        assert_eq!(chosen, ["wakes ben"]);
        all_show(&trace, "open: wakes ben");
        // Alone asleep, ben is woken as well: one step moves, where another choice would take two away.
        let near = near(&trace);
        // The search finds the nearest of all; random executions find it a step further.
        let said = ["3", "4 (the nearest of the sample)"]
            .map(|step| format!("passes if anna's \"wait\" (step 1) moves after step {step}"));
        let is_said = said.iter().any(|said| near.sentence.starts_with(said));
        assert!(is_said, "{}", near.sentence);
    }
}

/// One waits for 2 and one for 1, on one condition; who gets 1 wakes everybody with 2, if the sender wakes it.
fn handed_on(actors: &mut Actors<'_>) -> AtRest<impl Fn(&Rest) -> Option<&'static str> + use<>> {
    let number: SimMonitor<u32> = Monitor::new("number", 0);
    for (name, wanted) in [("anna", 2), ("ben", 1)] {
        let number = number.clone();
        actors.spawn(name, name, move || {
            number.wait_on("await it", OPEN, |number| {
                (*number == wanted).then(|| {
                    *number = 2;
                    ((), Wake::All(OPEN))
                })
            });
        });
    }
    actors.spawn("sender", "sender", move || {
        number.change("send", |number| {
            *number = 1;
            ((), Wake::One(OPEN))
        });
    });
    AtRest(|rest: &Rest| (!rest.blocked.is_empty()).then_some("somebody waits for ever"))
}

#[test]
fn who_is_woken_is_to_blame_where_whoever_it_is_falls_asleep_again() {
    for trace in counterexamples(&handed_on) {
        let explanation = trace.explanation.as_ref().expect("it is explained");
        let is_choice = explanation.why.contains("wakes anna: if it wakes ben");
        // In a sample the nearest passing execution may be another one.
        assert!(
            is_choice || !explanation.basis.exhausted,
            "{}\n{:?}",
            explanation.why,
            near(&trace).sentence
        );
    }
}
