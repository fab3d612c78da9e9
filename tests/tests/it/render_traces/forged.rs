//! Files put together by hand: what they say of their steps must not contradict them.

use logon_models::trace::{Near, Reach, Trace};

use crate::render_traces::samples;

/// What is wrong with the sample once `forge` has changed it.
#[track_caller]
fn refused(forge: impl Fn(&mut Trace)) -> String {
    let mut trace = samples::check_then_act();
    forge(&mut trace);
    let error = Trace::parse(&trace.to_json(), "kept/x.json").expect_err("it contradicts itself");
    let text = error.to_string();
    assert!(text.starts_with("kept/x.json: "), "{text}");
    let way_out = "; record it again with `logon-check check`";
    assert!(text.ends_with(way_out), "{text}");
    text
}

/// The same for a change of what was worked out.
macro_rules! refused {
    (|$found:ident| $change:expr) => {
        refused(|trace| {
            let $found = trace.explanation.as_mut().expect("the sample has one");
            $change;
        })
    };
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn the_samples_do_not() {
    for trace in samples::all() {
        let read = Trace::parse(&trace.to_json(), "x.json");
        assert_eq!(read, Ok(trace));
    }
}

#[test]
fn a_conflict_names_steps_in_their_order() {
    let text = refused!(|found| found.conflict = vec![2, 5, 4]);
    says(&text, &["conflict", "step 4 after step 5"]);
    let text = refused!(|found| found.conflict = vec![2, 2]);
    says(&text, &["conflict", "step 2 after step 2"]);
    let text = refused!(|found| found.pairs = vec![(2, 3)]);
    says(
        &text,
        &["steps 2 and 3", "step 3 is not part of the conflict"],
    );
    for (first, then) in [(4, 2), (4, 4)] {
        let text = refused!(|found| found.pairs = vec![(first, then)]);
        says(
            &text,
            &[&format!("steps {first} and {then}"), "the earlier first"],
        );
    }
}

#[test]
fn an_order_says_what_comes_later_and_that_does() {
    let text = refused!(|found| {
        let rule = found.rule.as_mut().expect("a rule");
        rule.orders[0].then = None;
    });
    says(&text, &["order 1 of its rule", "neither"]);
    let text = refused!(|found| {
        let rule = found.rule.as_mut().expect("a rule");
        rule.orders[1].then = Some(4);
    });
    says(&text, &["order 2 of its rule", "both"]);
    for then in [1, 2] {
        let text = refused!(|found| {
            let rule = found.rule.as_mut().expect("a rule");
            rule.orders[0].then = Some(then);
        });
        says(
            &text,
            &[
                "order 1 of its rule",
                &format!("step 2 is said to come before step {then}"),
            ],
        );
    }
}

#[test]
fn a_rule_has_the_orders_that_its_reach_needs() {
    let text = refused!(|found| found.rule.as_mut().expect("a rule").orders.clear());
    says(&text, &["its rule", "no order"]);
    for reach in [Reach::Always, Reach::Nothing] {
        let text = refused!(|found| found.rule.as_mut().expect("a rule").reach = reach);
        says(&text, &["its rule", "2 orders"]);
    }
    let text = refused!(|found| {
        let rule = found.rule.as_mut().expect("a rule");
        rule.orders = vec![rule.orders[0].clone(); 4];
    });
    says(&text, &["its rule", "4 orders"]);
}

#[test]
fn what_was_compared_with_nothing_has_no_rule_no_point_and_no_neighbour() {
    let text = refused!(|found| found.rule = None);
    says(&text, &["no rule", "point"]);
    let text = refused!(|found| found.near = None);
    says(&text, &["no execution passes", "its rule"]);
    let text = refused!(|found| found.point = None);
    says(&text, &["rule", "point"]);
}

#[test]
fn what_needs_a_weak_memory_may_be_the_only_one_to_fail() {
    let mut trace = samples::check_then_act();
    trace.needs_weak_memory = true;
    let found = trace.explanation.as_mut().expect("the sample has one");
    found.basis.failing = Some("0".to_owned());
    found.point = None;
    found.near = None;
    assert_eq!(Trace::parse(&trace.to_json(), "x.json"), Ok(trace));
    let text = refused(|trace| {
        trace.needs_weak_memory = true;
        let found = trace.explanation.as_mut().expect("the sample has one");
        found.rule.as_mut().expect("a rule").reach = Reach::Nothing;
    });
    says(&text, &["its rule", "2 orders"]);
}

#[test]
fn a_point_of_no_return_is_a_step_or_the_beginning() {
    let mut trace = samples::check_then_act();
    let found = trace.explanation.as_mut().expect("the sample has one");
    found.point.as_mut().expect("a point").step = 6;
    let error = Trace::parse(&trace.to_json(), "x.json").expect_err("there is no such step");
    says(&error.to_string(), &["step 6", "5 steps"]);
    let text = refused!(|found| found.point.as_mut().expect("a point").step = 0);
    says(&text, &["point", "beginning", "passes"]);
}

#[test]
fn the_passing_neighbour_keeps_steps_as_they_are() {
    let with = |change: &dyn Fn(&mut Near)| {
        refused(|trace| {
            let found = trace.explanation.as_mut().expect("the sample has one");
            change(found.near.as_mut().expect("a neighbour"));
        })
    };
    let text = with(&|near| near.steps.swap(1, 2));
    says(&text, &["passing neighbour", "keeps step 2 after step 5"]);
    let others: [fn(&mut Near); 3] = [
        |near| near.steps[1].actor = "bob".to_owned(),
        |near| near.steps[1].label = "take session".to_owned(),
        |near| near.steps[1].object = "pool".to_owned(),
    ];
    for change in others {
        let text = with(&change);
        says(&text, &["step 2 of its passing neighbour", "step 2"]);
    }
    let text = with(&|near| {
        near.moves.pop();
    });
    says(&text, &["step 4", "neither"]);
    let text = with(&|near| near.moves[0].step = 2);
    says(&text, &["step 2", "both"]);
    let text = with(&|near| near.moves[0].before = Some(2));
    says(&text, &["step 3", "before step 2", "after step 5"]);
    let text = with(&|near| near.moves[0].after = Some(4));
    says(&text, &["step 3", "after step 4"]);
}

#[test]
fn a_basis_counts_in_digits_and_has_states_if_it_is_all_of_them() {
    for number in ["", "-1", "4.0", "４", "007", "many"] {
        let text = refused!(|found| found.basis.failing = Some(number.to_owned()));
        says(&text, &["failing", &format!("{number:?}"), "digits"]);
        let text = refused!(|found| found.basis.passing = Some(number.to_owned()));
        says(&text, &["passing", &format!("{number:?}"), "digits"]);
    }
    let text = refused!(|found| found.basis.states = None);
    says(&text, &["every execution", "states"]);
    let text = refused!(|found| found.basis.exhausted = false);
    says(&text, &["sample", "13 states"]);
    let text = refused!(|found| found.basis.passing = Some("0".to_owned()));
    says(&text, &["an execution passes", "its count"]);
    let text = refused!(|found| found.basis.failing = Some("0".to_owned()));
    says(&text, &["fails", "0"]);
    let text = refused!(|found| found.basis.passing = None);
    says(&text, &["failing", "passing"]);
}

#[test]
fn only_what_fails_is_explained() {
    let text = refused(|trace| trace.violation = None);
    says(&text, &["explanation", "no property"]);
}

#[test]
fn preemptions_are_those_of_the_steps() {
    let text = refused(|trace| trace.preemptions = Some(3));
    says(&text, &["3 preemptions", "2 of its steps"]);
    let text = refused(|trace| {
        trace.steps[3].preemption = true;
        trace.preemptions = Some(3);
    });
    says(&text, &["step 4", "preemption", "bob"]);
    let text = refused(|trace| {
        trace.steps[2].enabled = samples::owned(&["bob", "worker 1"]);
    });
    says(&text, &["step 3", "preemption", "alice"]);
    let text = refused(|trace| {
        trace.steps[1].enabled = samples::owned(&["alice", "worker 1"]);
    });
    says(&text, &["step 2", "no preemption", "worker 1"]);
    let text = refused(|trace| {
        trace.steps[0].enabled = samples::owned(&["alice", "bob"]);
    });
    says(&text, &["step 1", "worker 1"]);
}
