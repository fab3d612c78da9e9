//! Programs of one's own: checked, explained, written down and replayed by one call, with nothing said of them but what
//! they print.

use logon_core::primitives::Monitor;
use logon_sim::explain::fix::{FixLimits, Fixed, assert_fixed, fix};
use logon_sim::explain::why::Reason;
use logon_sim::replay::replay;
use logon_sim::trace::{Part, Trace};
use logon_sim::{Actors, AtRest, Check, Instance, Named, OfSize, Rest, SimMonitor};

type Judged = AtRest<Box<dyn FnMut(&Rest) -> Option<String>>>;

/// Counters that look and write in two steps, or in one.
fn counters(in_one_step: bool) -> impl Fn(usize, &mut Actors<'_>) -> Judged + Clone {
    move |size, actors| {
        let count: SimMonitor<usize> = Monitor::new("count", 0);
        for number in 1..=size {
            let count = count.clone();
            actors.spawn(format!("counter-{number}"), "counter", move || {
                if in_one_step {
                    return count.update("count", |count| *count += 1);
                }
                let seen = count.enter("look", |count| *count);
                count.update("write", move |count| *count = seen + 1);
            });
        }
        AtRest(Box::new(move |_: &Rest| {
            let counted = count.peek(|count| *count);
            (counted < size).then(|| format!("a count is lost: {counted} of {size}"))
        }))
    }
}

fn found<I: Instance>(check: &Check<I>) -> Trace {
    let report = check.run().expect("no fault");
    assert!(!report.holds());
    report.trace.expect("something falls")
}

#[test]
fn a_lost_count_is_made_small_and_says_what_was_seen_and_when_it_was_no_longer_so() {
    let trace = found(
        &OfSize::new("counters", "counters", 4, counters(false))
            .at_least(2)
            .check(),
    );
    assert_eq!(trace.scenario.name, "2-counters");
    assert_eq!(trace.steps.len(), 4);
    let fell = trace.violation.as_ref().expect("something falls");
    assert_eq!(fell.property, "a-count-is-lost");
    assert!(fell.at_rest);
    let found = trace.explanation.as_ref().expect("it is explained");
    assert_eq!(
        found.why,
        "a count is lost: 1 of 2, because counter-1's \"look\" (step 1) returns 0, which counter-2's \"write\" (step 3) \
         changes before counter-1 goes on to \"write\" (step 4)"
    );
    let stale: Vec<(usize, usize)> = found
        .stale
        .iter()
        .map(|stale| (stale.step, stale.by))
        .collect();
    assert_eq!(stale, [(1, 3)]);
    let taken = found.reduction.as_ref().map(|less| less.taken.clone());
    let expected = ["one of 4 counters", "one of 3 counters"].map(str::to_owned);
    assert_eq!(taken.as_deref(), Some(&expected[..]));
    // The state, part by part, and what each step changes of it.
    assert_eq!(trace.start, [Part::new("count", "0")]);
    let changed = trace.steps.iter().map(|step| step.changed.clone());
    let counted = [Part::new("count", "1")];
    assert_eq!(
        changed.collect::<Vec<_>>(),
        [vec![], vec![], counted.to_vec(), vec![]]
    );
    let states: Vec<_> = (0..=4).map(|step| trace.state_after(step)).collect();
    let (zero, one) = (Part::new("count", "0"), Part::new("count", "1"));
    assert_eq!(states[0], [(zero.clone(), false)]);
    assert_eq!(states[2], [(zero, false)]);
    assert_eq!(states[3], [(one.clone(), true)]);
    assert_eq!(states[4], [(one, false)]);
    assert_eq!(trace.steps[2].summary, ["count: 0 → 1"]);
    assert_eq!(trace.steps[0].returned.as_deref(), Some("returns 0"));
}

#[test]
fn counting_in_one_step_holds_and_says_how_far_it_was_looked() {
    let report = OfSize::new("counters", "counters", 3, counters(true))
        .check()
        .run();
    let report = report.expect("no fault");
    report.assert_holds();
    assert_eq!(
        report.to_string(),
        "PASS counters in 3-counters: nothing falls in all 8 states\n"
    );
}

#[test]
fn a_limit_is_no_pass_and_a_sample_follows_it() {
    let check = OfSize::new("counters", "counters", 4, counters(true))
        .check()
        .max_states(5);
    let report = check.executions(7).run().expect("no fault");
    assert!(!report.holds() && report.trace.is_none());
    assert_eq!(report.executions, 7);
    let text = report.to_string();
    assert!(
        text.starts_with("STOP counters in 4-counters: nothing fell in the first 5 states"),
        "{text}"
    );
    assert!(text.contains("then 7 executions at random"), "{text}");
    // What a search that was stopped did not come to, the sample finds.
    let wrong = OfSize::new("counters", "counters", 4, counters(false))
        .check()
        .max_states(5);
    assert_eq!(found(&wrong).checker, "random");
}

#[test]
fn an_assertion_that_fails_is_a_counterexample() {
    let program = |actors: &mut Actors<'_>| {
        let free: SimMonitor<u32> = Monitor::new("free", 1);
        for name in ["anna", "ben"] {
            let free = free.clone();
            actors.spawn(name, "taker", move || {
                if free.enter("look", |free| *free) > 0 {
                    let left = free.enter("take", |free| {
                        *free = free.wrapping_sub(1);
                        *free
                    });
                    assert!(left < 2, "more was taken than there was");
                }
            });
        }
        AtRest(|_: &Rest| None::<&str>)
    };
    let trace = found(&Named::new("takers", program).check());
    let fell = trace.violation.as_ref().expect("something falls");
    assert_eq!(fell.property, "panic");
    assert!(
        fell.sentence.contains("own_programs.rs:")
            && fell.sentence.ends_with("more was taken than there was"),
        "{}",
        fell.sentence
    );
    assert_eq!(trace.steps.len(), 4);
    let read = Trace::parse(&trace.to_json(), "the trace").expect("it is read back");
    assert_eq!(read, trace);
    let again = replay(&read, &Named::new("takers", program)).expect("no fault");
    assert_eq!((again.parting, again.difference), (None, None));
}

#[test]
fn a_trace_replays_and_a_mended_program_parts_from_it() {
    let size = |in_one_step| OfSize::new("counters", "counters", 2, counters(in_one_step));
    let trace = found(&size(false).check());
    let again = replay(&trace, &size(false)).expect("no fault");
    assert_eq!((again.parting, again.difference), (None, None));
    assert_eq!(again.trace.explanation, trace.explanation);
    let mended = replay(&trace, &size(true)).expect("no fault");
    let parting = mended.parting.expect("it does something else");
    assert_eq!(parting.place.number(), 1);
    assert!(parting.now.contains("count"), "{}", parting.now);
}

/// Whoever knows more of a program says so.
#[derive(Clone)]
struct Knowing;

impl logon_sim::Program for Knowing {
    type Watch = Judged;

    fn start(&self, actors: &mut Actors<'_>) -> Judged {
        counters(false)(2, actors)
    }
}

impl Instance for Knowing {
    type Fact = ();

    fn name(&self) -> &str {
        "knowing"
    }

    fn input(&self) -> logon_sim::Input {
        logon_sim::Input::default()
    }

    fn reason(
        &self,
        _: &logon_sim::trace::Record<String, ()>,
        scene: &logon_sim::explain::why::Scene<'_>,
    ) -> Option<Reason> {
        Some(Reason {
            words: format!(
                "its author knows better, after {}",
                scene.deed(scene.last())
            ),
            steps: vec![scene.last()],
            pairs: Vec::new(),
        })
    }
}

/// One actor that takes too much, between two steps that have nothing to do with it.
fn clerk(actors: &mut Actors<'_>) -> Judged {
    let account: SimMonitor<Option<u32>> = Monitor::new("account", None);
    let log: SimMonitor<u32> = Monitor::new("log", 0);
    let own = account.clone();
    actors.spawn("clerk", "clerk", move || {
        own.enter("open", |account| *account = Some(100));
        log.enter("note", |log| *log += 1);
        own.enter("take too much", |account| *account = Some(0));
        log.enter("note again", |log| *log += 1);
    });
    AtRest(Box::new(move |_: &Rest| {
        let left = account.peek(|account| *account);
        (left == Some(0)).then(|| "the account is empty".to_owned())
    }))
}

#[test]
fn of_an_actor_alone_the_step_that_did_wrong_is_named() {
    let trace = found(&Named::new("clerk", clerk).check());
    let explanation = trace.explanation.as_ref().expect("it is explained");
    assert_eq!(
        explanation.why,
        "the account is empty, because of clerk's \"take too much\" (step 3): if nobody had gone on before it, nothing \
         would be wrong, and after it there always is"
    );
    assert_eq!(explanation.conflict, [3]);
}

/// An actor that does less than it should: it is wrong from the beginning on, and no step made it so.
fn idler(actors: &mut Actors<'_>) -> Judged {
    let done: SimMonitor<u32> = Monitor::new("done", 0);
    let own = done.clone();
    actors.spawn("idler", "idler", move || {
        own.enter("begin", |_| ());
        own.enter("end", |done| *done += 1);
    });
    AtRest(Box::new(move |_: &Rest| {
        (done.peek(|done| *done) < 2).then(|| "too little is done".to_owned())
    }))
}

#[test]
fn what_is_wrong_from_the_beginning_on_is_no_steps_doing() {
    let trace = found(&Named::new("idler", idler).check());
    let explanation = trace.explanation.as_ref().expect("it is explained");
    assert_eq!(
        explanation.why,
        "too little is done, because nobody can go on after idler's \"end\" (step 2)"
    );
}

/// What is wrong, is mended and is broken again is no one step's doing.
#[test]
fn what_was_wrong_before_as_well_is_not_said_to_have_been_right() {
    let broken_twice = |actors: &mut Actors<'_>| {
        let state: SimMonitor<u32> = Monitor::new("state", 0);
        let own = state.clone();
        actors.spawn("solo", "solo", move || {
            for (label, to) in [("break", 1), ("mend", 0), ("break again", 2), ("look", 2)] {
                own.enter(label, |state| *state = to);
            }
        });
        AtRest(move |_: &Rest| (state.peek(|state| *state) != 0).then(|| "broken".to_owned()))
    };
    let trace = found(&Named::new("broken-twice", broken_twice).check());
    let explanation = trace.explanation.as_ref().expect("it is explained");
    assert_eq!(
        explanation.why,
        "broken, because nobody can go on after solo's \"look\" (step 4)"
    );
}

/// A judge that cannot judge before the end has said nothing of what came before it.
#[test]
fn a_judge_that_panics_before_the_end_names_no_step() {
    let surprised = |actors: &mut Actors<'_>| {
        let account: SimMonitor<Option<u32>> = Monitor::new("account", None);
        let own = account.clone();
        actors.spawn("clerk", "clerk", move || {
            own.enter("open", |account| *account = Some(0));
            own.enter("look", |_| ());
        });
        AtRest(move |_: &Rest| {
            let left = account.peek(|account| *account);
            let left = left.expect("it is open when nobody can go on");
            (left == 0).then(|| "the account is empty".to_owned())
        })
    };
    let trace = found(&Named::new("surprised", surprised).check());
    let explanation = trace.explanation.as_ref().expect("it is explained");
    assert!(
        explanation
            .why
            .ends_with("because nobody can go on after clerk's \"look\" (step 2)"),
        "{}",
        explanation.why
    );
}

/// A reader fills a cache with what it read before a write; a second one looks at it afterwards.
fn stale_fill(actors: &mut Actors<'_>) -> Judged {
    let store: SimMonitor<u32> = Monitor::new("store", 1);
    let cache: SimMonitor<Option<u32>> = Monitor::new("cache", None);
    for name in ["reader-1", "reader-2"] {
        let (store, cache) = (store.clone(), cache.clone());
        actors.spawn(name, "reader", move || {
            if cache.enter("look", |cache| *cache).is_some() {
                return;
            }
            let value = store.enter("read", |store| *store);
            cache.enter("fill", |cache| *cache = Some(value));
        });
    }
    let (written, emptied) = (store.clone(), cache.clone());
    actors.spawn("writer", "writer", move || {
        written.enter("write", |store| *store = 2);
        emptied.enter("throw out", |cache| *cache = None);
    });
    AtRest(Box::new(move |_: &Rest| {
        let kept = cache.peek(|cache| *cache)?;
        (kept == 1).then(|| "the cache keeps an old value".to_owned())
    }))
}

#[test]
fn what_passes_instead_moves_no_step_of_somebody_whom_the_reason_does_not_name() {
    let trace = found(&Named::new("stale-fill", stale_fill).check());
    let explanation = trace.explanation.as_ref().expect("it is explained");
    let actor = |step: usize| trace.steps[step - 1].actor.as_str();
    let named: Vec<&str> = explanation
        .conflict
        .iter()
        .map(|&step| actor(step))
        .collect();
    assert!(!named.contains(&"reader-2"), "{}", explanation.why);
    let near = explanation.near.as_ref().expect("something passes");
    let said = "passes if reader-1's \"fill\" (step 5) moves before step 3";
    assert_eq!(near.sentence, said);
}

#[test]
fn its_author_may_give_the_reason() {
    let trace = found(&Check::new(Knowing));
    let why = trace.explanation.expect("it is explained").why;
    assert!(
        why.contains("because its author knows better, after counter-1's \"write\" (step 4)"),
        "{why}"
    );
}

/// The same fault under other names, and with another step before it.
fn renamed(size: usize, actors: &mut Actors<'_>) -> Judged {
    let count: SimMonitor<usize> = Monitor::new("count", 0);
    let log: SimMonitor<usize> = Monitor::new("log", 0);
    for number in 1..=size {
        let (count, log) = (count.clone(), log.clone());
        actors.spawn(format!("counter-{number}"), "counter", move || {
            let seen = count.enter("read it", |count| *count);
            log.update("note it", |log| *log += 1);
            count.update("store it", move |count| *count = seen + 1);
        });
    }
    AtRest(Box::new(move |_: &Rest| {
        let counted = count.peek(|count| *count);
        (counted < size).then(|| format!("a count is lost: {counted} of {size}"))
    }))
}

#[test]
fn a_change_that_holds_survives_the_recorded_turns_and_everything_that_follows() {
    let trace = found(&OfSize::new("counters", "counters", 2, counters(false)).check());
    let mended = OfSize::new("counters", "counters", 2, counters(true));
    let tried = fix(&trace, &mended, FixLimits::default()).expect("no fault");
    let survives = Fixed::Survives {
        states: 1,
        everywhere: true,
    };
    assert_eq!((tried.followed, &tried.fixed), (2, &survives));
    // Both count in their first turns, and have no others.
    let now: Vec<Option<&str>> = tried
        .other_turns
        .iter()
        .map(|turn| turn.now.as_deref())
        .collect();
    let counts = Some("update `count` on `count`");
    assert_eq!(now, [counts, counts, None, None]);
}

#[test]
fn a_change_that_only_looks_otherwise_still_falls() {
    let trace = found(&OfSize::new("counters", "counters", 2, counters(false)).check());
    let other = OfSize::new("counters", "counters", 2, renamed);
    let tried = fix(&trace, &other, FixLimits::default()).expect("no fault");
    assert_eq!(tried.followed, 4);
    let Fixed::Falls(falls) = tried.fixed else {
        panic!("it falls as before: {:?}", tried.fixed);
    };
    assert_eq!(
        falls.violation.expect("it falls").property,
        "a-count-is-lost"
    );
    assert_eq!(falls.steps.len(), 6);
    // Where not every state may be visited, chance finds it as well; and without chance it is not known.
    let few = |executions| FixLimits {
        states: 3,
        executions,
    };
    let sampled = fix(&trace, &other, few(100)).expect("no fault");
    assert!(
        matches!(sampled.fixed, Fixed::Falls(_)),
        "{:?}",
        sampled.fixed
    );
    let unknown = Fixed::Unknown(
        "there are more than 3 states, and nothing fell in 0 executions that go on at random"
            .to_owned(),
    );
    assert_eq!(
        fix(&trace, &other, few(0)).expect("no fault").fixed,
        unknown
    );
}

#[test]
fn a_kept_counterexample_is_a_regression_test_in_one_line() {
    let trace = found(&OfSize::new("counters", "counters", 2, counters(false)).check());
    let file = std::env::temp_dir().join(format!("logon-sim-{}.json", std::process::id()));
    std::fs::write(&file, trace.to_json()).expect("a temporary file can be written");
    assert_fixed(
        &OfSize::new("counters", "counters", 2, counters(true)),
        &file,
    );
    // With another size it may hold, and that is no fix.
    let fewer = std::panic::catch_unwind(|| {
        assert_fixed(
            &OfSize::new("counters", "counters", 1, counters(false)),
            &file,
        );
    });
    let message = fewer.expect_err("it is another size");
    let message = message.downcast_ref::<String>().expect("a sentence");
    assert!(
        message.contains(
            "has `1-counters` for its input, and the recorded execution has `2-counters`"
        ),
        "{message}"
    );
    // Nor where one is absent that took no step.
    let mut waits = trace.clone();
    waits.actors.push("counter-3".to_owned());
    let instance = OfSize::new("counters", "counters", 2, counters(true));
    let fault = fix(&waits, &instance, FixLimits::default()).expect_err("one is absent");
    let message = fault.to_string();
    assert!(
        message.contains("no actor called `counter-3`")
            && message.contains("its actors are counter-1, counter-2"),
        "{message}"
    );
    let falls = std::panic::catch_unwind(|| {
        assert_fixed(
            &OfSize::new("counters", "counters", 2, counters(false)),
            &file,
        );
    });
    let message = falls.expect_err("it still falls");
    let message = message.downcast_ref::<String>().expect("a sentence");
    assert!(
        message.contains("it still falls") && message.contains("a count is lost"),
        "{message}"
    );
    std::fs::remove_file(&file).expect("it is there");
}
