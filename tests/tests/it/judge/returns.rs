//! Demands: what a call asked for is done when it returns, and what it answers is so.

use logon_core::observer::Departure;
use logon_core::{Ending, Observer};
use logon_models::judge::{
    Answer, Call, Course, Errand, Line, Property, Property::*, Standing, within,
};

use crate::judge::calls::*;
use crate::judge::histories::*;

/// What falls when a call returns this after `before`, if somebody has to look.
fn returns(before: &Sections, call: Call, answer: Answer) -> Vec<Property> {
    let course = Course {
        saw_living: true,
        ..Course::default()
    };
    returns_after(before, call, answer, course)
}

fn returns_after(before: &Sections, call: Call, answer: Answer, course: Course) -> Vec<Property> {
    let mut judge = run(with_calls(), before);
    assert_eq!(properties(&judge), [], "too early");
    within(Errand::returned(call, answer, course), || {
        judge.after_section();
    });
    properties(&judge)
}

#[test]
fn when_a_call_has_returned_what_it_asked_for_is_done() {
    let (on, left) = (&alice_is_on(), &alice_left_it());
    let (expire, reset) = (Call::Expire(FIRST, USER), Call::Reset(FIRST, wanted(USER)));
    let look = Call::LookUp(wanted(USER));
    let cases = [
        (on, Call::HangUp(ALICE), Answer::HungUp, &[AsAsked][..]),
        (left, Call::HangUp(ALICE), Answer::HungUp, &[]),
        (on, Call::HangUp(BOB), Answer::HungUp, &[]),
        (
            on,
            Call::EnableLogons(false),
            Answer::Switched(false),
            &[AsAsked],
        ),
        (on, Call::EnableLogons(true), Answer::Switched(true), &[]),
        (on, reset, Answer::WasReset(true), &[AsAsked]),
        (on, reset, Answer::WasReset(false), &[AsAsked]),
        (left, expire, Answer::WasReset(true), &[AsAsked]),
        (left, expire, Answer::WasReset(false), &[AsAsked]),
        (on, expire, Answer::WasReset(false), &[]),
        (on, look, Answer::LookedUp(None), &[AsAsked]),
        (on, look, Answer::LookedUp(Some(FIRST)), &[]),
        (on, look, Answer::LookedUp(Some(SECOND)), &[AsAsked]),
        (
            on,
            Call::LookUp(wanted(OTHER)),
            Answer::LookedUp(Some(FIRST)),
            &[AsAsked],
        ),
        (on, Call::LookUp(wanted(OTHER)), Answer::LookedUp(None), &[]),
        (
            left,
            Call::AwaitDisconnected(USER),
            Answer::Noticed(None),
            &[AsAsked],
        ),
        (
            on,
            Call::Disconnect(ALICE),
            Answer::Departed(Departure::Disconnected),
            &[OneOutcome],
        ),
        (
            left,
            Call::Disconnect(ALICE),
            Answer::Departed(Departure::Disconnected),
            &[],
        ),
        (on, Call::LogOn(ALICE, Line::Up), Answer::Home(FIRST), &[]),
        (
            on,
            Call::LogOn(ALICE, Line::Up),
            Answer::Home(SECOND),
            &[OneOutcome],
        ),
        (
            on,
            Call::LogOn(ALICE, Line::Up),
            Answer::Ended(Ending::Gone),
            &[OneOutcome],
        ),
        (
            left,
            Call::LogOn(ALICE, Line::Up),
            Answer::Ended(Ending::Gone),
            &[],
        ),
        (on, connect(BOB), Answer::Ended(Ending::Gone), &[OneOutcome]),
    ];
    for (before, call, answer, expected) in cases {
        assert_eq!(
            returns(before, call, answer),
            expected,
            "{answer:?} of {call:?}"
        );
    }
}

#[test]
fn what_a_call_did_itself_it_must_say_and_nothing_else() {
    let left = &alice_left_it();
    let gone = Answer::Ended(Ending::Gone);
    let departed = Answer::Departed(Departure::Disconnected);
    let reset = Call::Reset(SECOND, wanted(USER));
    for (call, answer, is_done, expected) in [
        (Call::Disconnect(ALICE), gone, true, &[OneOutcome][..]),
        (Call::Disconnect(ALICE), gone, false, &[]),
        (Call::Disconnect(ALICE), departed, true, &[]),
        (reset, Answer::WasReset(false), true, &[AsAsked]),
        (reset, Answer::WasReset(false), false, &[]),
        (reset, Answer::WasReset(true), true, &[]),
        (reset, Answer::WasReset(true), false, &[AsAsked]),
    ] {
        let course = Course {
            is_done,
            ..Course::default()
        };
        let fallen = returns_after(left, call, answer, course);
        assert_eq!(fallen, expected, "{answer:?} of {call:?}, done: {is_done}");
    }
}

#[test]
fn where_things_stand_is_told_apart_as_far_as_an_answer_needs_it() {
    let judge = run(with_calls(), &alice_is_on());
    for (call, standing) in [
        (Call::HangUp(ALICE), Standing::Living),
        (Call::HangUp(BOB), Standing::Nothing),
        (Call::LogOff(ALICE), Standing::LoggedOn),
        (connect(BOB), Standing::Nothing),
        (Call::EnableLogons(false), Standing::Enabled(true)),
        (Call::LookUp(wanted(USER)), Standing::Found(true, false)),
        (Call::LookUp(wanted(OTHER)), Standing::Found(false, false)),
        (Call::Reset(FIRST, wanted(USER)), Standing::Living),
        (Call::Expire(FIRST, USER), Standing::Nothing),
        (Call::Serve(None), Standing::Nothing),
    ] {
        assert_eq!(judge.standing(call, None), standing, "{call:?}");
    }
}

#[test]
fn an_answer_is_right_if_it_was_at_the_end_of_some_section_of_the_call() {
    let look = Call::LookUp(wanted(USER));
    let found = |claim| Some(Some(claim));
    let right = Standing::Found(true, true);
    let wrong = Standing::Found(true, false);
    let none = Standing::Found(false, false);
    let begun = Course::BEGINNING;
    let shown = begun.after(look, right, found(FIRST));
    let later = shown.after(look, none, None);
    for course in [shown, later] {
        assert!(course.allows(Answer::LookedUp(Some(FIRST))));
        assert!(!course.allows(Answer::LookedUp(Some(SECOND))));
    }
    assert!(!shown.allows(Answer::LookedUp(None)));
    assert!(later.allows(Answer::LookedUp(None)));
    // A section that finds the wrong one, and one that does not say which it finds.
    assert!(
        !begun
            .after(look, wrong, found(SECOND))
            .allows(Answer::LookedUp(Some(SECOND)))
    );
    assert!(
        begun
            .after(look, wrong, None)
            .allows(Answer::LookedUp(Some(SECOND)))
    );
    let awaits = Call::AwaitDisconnected(USER);
    let nothing = begun.after(awaits, none, Some(None));
    assert!(!nothing.allows(Answer::Noticed(None)));
    let switch = Call::EnableLogons(false);
    let switched = begun.after(switch, Standing::Enabled(false), None).after(
        switch,
        Standing::Enabled(true),
        None,
    );
    assert!(switched.allows(Answer::Switched(false)));
    assert!(
        !begun
            .after(switch, Standing::Enabled(true), None)
            .allows(Answer::Switched(false))
    );
    assert!(!begun.allows(Answer::HungUp));
}
