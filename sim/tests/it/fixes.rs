//! Whether a change holds: what still falls is never said to survive, whatever falls besides and however it is chosen.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::atomic::Ordering::{Acquire, Release, SeqCst};

use logon_core::primitives::{Condition, Monitor, Primitives, Wake, Word};
use logon_sim::explain::fix::{FixLimits, Fixed, fix};
use logon_sim::trace::Trace;
use logon_sim::{
    Actors, Cycle, FaultKind, Instance, Named, Obligation, Rest, Sim, SimMonitor, SimWord,
    StateWatch, Watch,
};

/// Says whether somebody waits for ever, or goes round for ever.
struct AllEnd;

impl Watch for AllEnd {
    type Verdict = String;

    fn at_rest(&mut self, rest: &Rest) -> Option<String> {
        let blocked = rest.blocked.first()?;
        Some(format!("stuck: {}", blocked.actor.name))
    }
}

impl StateWatch for AllEnd {
    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<String> {
        match cycle.obligation {
            Obligation::End(actor) => {
                Some(format!("never ends: {}", cycle.actors[actor.index()].name))
            }
            Obligation::Stated(_) => None,
        }
    }
}

fn found(instance: &impl Instance) -> Trace {
    let found = logon_sim::Check::new(instance.clone()).run();
    let found = found.expect("no fault").trace.expect("it falls");
    Trace::parse(&found.to_json(), "a trace").expect("what was written can be read")
}

fn tried(trace: &Trace, instance: &impl Instance) -> Fixed {
    let fix = fix(trace, instance, FixLimits::default());
    fix.expect("no fault").fixed
}

/// Two who claim one thing; whoever of those that are `wrong` comes first goes round for ever.
fn claims(wrong: [bool; 2], actors: &mut Actors<'_>) -> AllEnd {
    let owner: SimMonitor<Option<usize>> = Monitor::new("owner", None);
    for (number, name) in ["anna", "ben"].into_iter().enumerate() {
        let owner = owner.clone();
        actors.spawn(name, name, move || {
            let is_first =
                owner.enter("claim", move |owner| *owner.get_or_insert(number) == number);
            if is_first && wrong[number] {
                Sim::forever(|| {
                    owner.enter("go round", |_| ());
                    Continue(())
                });
            }
        });
    }
    AllEnd
}

#[test]
fn steps_that_repeat_for_ever_are_not_fixed_by_something_else_that_falls() {
    let instance = |wrong: [bool; 2]| {
        Named::new("claims", move |actors: &mut Actors<'_>| {
            claims(wrong, actors)
        })
    };
    let trace = found(&instance([false, true]));
    let Fixed::Falls(falls) = tried(&trace, &instance([false, true])) else {
        panic!("it still falls");
    };
    let fell = falls.violation.expect("it says what falls");
    assert_eq!(fell.sentence, "never ends: ben");
    assert!(fell.repeats_from.is_some());
    assert!(matches!(
        tried(&trace, &instance([false, false])),
        Fixed::Survives {
            everywhere: true,
            ..
        }
    ));
    let both = tried(&trace, &instance([true, true]));
    assert!(!matches!(both, Fixed::Survives { .. }), "{both:?}");
    // What is mended there is mended, although somebody else goes round elsewhere.
    let other = tried(&trace, &instance([true, false]));
    assert!(
        matches!(
            other,
            Fixed::Survives {
                everywhere: false,
                ..
            }
        ),
        "{other:?}"
    );
}

const CONDITION: Condition = Condition("a number");

/// Anna waits for 1 and ben for 2; a sender sends 1 and wakes whom it may, and anna passes 2 on to everybody.
fn passes_on(wake: Wake, ben_is_first: bool, actors: &mut Actors<'_>) -> AllEnd {
    let number: SimMonitor<u32> = Monitor::new("number", 0);
    let mut waiters = [("anna", 1), ("ben", 2)];
    if ben_is_first {
        waiters.reverse();
    }
    for (name, wanted) in waiters {
        let number = number.clone();
        actors.spawn(name, name, move || {
            number.wait_on("await it", CONDITION, |number| {
                (*number == wanted).then(|| {
                    *number += 1;
                    ((), Wake::All(CONDITION))
                })
            });
        });
    }
    actors.spawn("sender", "sender", move || {
        number.change("send", |number| {
            *number = 1;
            ((), wake)
        });
    });
    AllEnd
}

#[test]
fn a_step_that_chooses_now_is_followed_in_every_way() {
    for ben_is_first in [true, false] {
        let instance = |wake: Wake| {
            Named::new("passes-on", move |actors: &mut Actors<'_>| {
                passes_on(wake, ben_is_first, actors)
            })
        };
        let trace = found(&instance(Wake::Nobody));
        let one = tried(&trace, &instance(Wake::One(CONDITION)));
        assert!(matches!(one, Fixed::Falls(_)), "{ben_is_first}: {one:?}");
        let all = tried(&trace, &instance(Wake::All(CONDITION)));
        assert!(
            matches!(all, Fixed::Survives { .. }),
            "{ben_is_first}: {all:?}"
        );
    }
}

/// Raises a flag, with these orders, and spins until it is raised, or for ever.
fn flags(is_raised: bool, is_weak: bool, actors: &mut Actors<'_>) -> AllEnd {
    let flag: SimWord = Word::new("flag", 0);
    let (load, store) = match is_weak {
        true => (Acquire, Release),
        false => (SeqCst, SeqCst),
    };
    let raised = flag.clone();
    actors.spawn("setter", "setter", move || {
        raised.store("set", u64::from(is_raised), store);
    });
    actors.spawn("spinner", "spinner", move || {
        Sim::retry(|| match flag.load("raised?", load) {
            0 => Continue(()),
            _ => Break(()),
        });
    });
    AllEnd
}

#[test]
fn with_weak_orders_or_for_another_input_or_for_nothing_no_change_holds() {
    let instance = |is_raised, is_weak| {
        Named::new("flags", move |actors: &mut Actors<'_>| {
            flags(is_raised, is_weak, actors)
        })
    };
    let trace = found(&instance(false, false));
    assert!(matches!(
        tried(&trace, &instance(true, false)),
        Fixed::Survives { .. }
    ));
    let weak = tried(&trace, &instance(true, true));
    assert!(
        matches!(&weak, Fixed::Unknown(because) if because.contains("weaker than SeqCst")),
        "{weak:?}"
    );
    let needs = Trace {
        needs_weak_memory: true,
        ..trace.clone()
    };
    let needs = tried(&needs, &instance(true, false));
    assert!(
        matches!(&needs, Fixed::Unknown(because) if because.contains("a weak memory")),
        "{needs:?}"
    );
    let nothing = Trace {
        violation: None,
        ..trace.clone()
    };
    let refused = fix(&nothing, &instance(true, false), FixLimits::default());
    assert_eq!(
        refused.expect_err("nothing falls").kind,
        FaultKind::NoCounterexample
    );
    let mut other = trace;
    other.scenario.name = "3-flags".to_owned();
    let refused = fix(&other, &instance(true, false), FixLimits::default());
    let said = refused.expect_err("another input").to_string();
    assert!(said.contains("`3-flags`"), "{said}");
}
