//! What only executions at random notice, and what nothing notices today. Each test of the latter says what would
//! be right.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Mutex;

use logon_core::primitives::Monitor;
use logon_core::symmetry::{Shape, Symmetric};
use logon_sim::{
    Actors, AtRest, FaultKind, Program, Rest, Rule, Search, SharedState, SimMonitor, SpaceEnd,
    StateWatch, Step, Symmetry, Verdict, Watch,
};

use super::program_faults::smuggles_rounds;
use super::shapes::{key, tickets};
use super::symmetry_faults::{people, served_in_order};
use super::{
    Hall, Newest, PEOPLE, Person, TICKETS, Ticket, complete, distrustful, unchecked, up_to,
    verdicts,
};

/// Tells how it all ended.
type Judge = Box<dyn FnMut(&Rest) -> Option<u32>>;

/// The fault in which a search ends for which these verdicts count.
fn fault<P: Program<Watch: StateWatch>>(
    search: &Search,
    program: &P,
    counts: &dyn Fn(&Verdict<P>) -> bool,
) -> FaultKind {
    let space = search.run_while(program, counts, &mut |_| ControlFlow::Continue(()));
    match space.end {
        SpaceEnd::Fault(fault) => fault.kind,
        other => panic!("no fault: {other:?}"),
    }
}

/// Alice writes what she has seen, plus ten; how she comes to know it is up to `look`. Bob sets five.
fn writes_what_was_seen(
    look: impl Fn(&SimMonitor<u32>) -> u32 + Copy + 'static,
) -> impl Fn(&mut Actors<'_>) -> AtRest<Judge> {
    move |actors| {
        let monitor: SimMonitor<u32> = Monitor::new("monitor", 0);
        let (other, judged) = (monitor.clone(), monitor.clone());
        actors.spawn("alice", "alice", move || {
            let seen = look(&monitor);
            monitor.enter("write", move |value| *value = seen + 10);
        });
        actors.spawn("bob", "bob", move || {
            other.enter("set", |value| *value = 5);
        });
        AtRest(Box::new(move |_| judged.peek(|value| Some(*value))))
    }
}

/// The premise is broken and the two ways to one state differ. Only the one that was first is ever repeated.
#[test]
fn what_went_past_a_section_is_noticed_on_another_way() {
    let program = writes_what_was_seen(|monitor| {
        let slot = Mutex::new(0);
        monitor.enter("look", |value| {
            *slot.lock().expect("nobody panics") = *value;
        });
        slot.into_inner().expect("nobody panics")
    });
    let unnoticed = verdicts(&unchecked(), &program);
    assert_eq!(
        unnoticed,
        (BTreeSet::from([5, 10, 15]), BTreeSet::from([5, 10]))
    );
    let found = fault(&distrustful(), &program, &|_| false);
    assert!(matches!(found, FaultKind::Unrepeatable { .. }), "{found}");
}

/// Equal to any other of its kind that has the same number.
#[derive(Clone, Debug)]
struct Coarse {
    number: u32,
    hidden: u32,
}

impl PartialEq for Coarse {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Coarse {}

impl Hash for Coarse {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[test]
fn a_result_with_a_coarse_equality_is_noticed() {
    let program = writes_what_was_seen(|monitor| {
        let seen = monitor.enter("look", |value| Coarse {
            number: 0,
            hidden: *value,
        });
        seen.hidden
    });
    let unnoticed = verdicts(&unchecked(), &program);
    assert_eq!(
        unnoticed,
        (BTreeSet::from([5, 10, 15]), BTreeSet::from([5, 10]))
    );
    let found = fault(&distrustful(), &program, &|_| false);
    assert!(matches!(found, FaultKind::CoarseEquality { .. }), "{found}");
}

#[test]
fn an_object_with_a_coarse_equality_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let (number, hidden) = (0, 0);
        let monitor: SimMonitor<Coarse> = Monitor::new("coarse", Coarse { number, hidden });
        let done: SimMonitor<u32> = Monitor::new("done", 0);
        for (hidden, name) in [(1, "alice"), (2, "bob")] {
            let (monitor, done) = (monitor.clone(), done.clone());
            actors.spawn(name, name, move || {
                monitor.enter("hide", move |coarse| coarse.hidden = hidden);
                done.update("be done", |done| *done += 1);
            });
        }
        let other = monitor.clone();
        actors.spawn("carol", "carol", move || {
            done.wait_for("wait", |done| (*done == 2).then_some(()));
            other.enter("show", |coarse| coarse.number = coarse.hidden);
        });
        AtRest(move |_: &Rest| monitor.peek(|coarse| Some(coarse.number)))
    };
    let (all, found) = verdicts(&unchecked(), &program);
    assert_eq!((all.len(), found.len()), (2, 1));
    let found = fault(&distrustful(), &program, &|_| false);
    assert!(matches!(found, FaultKind::CoarseEquality { .. }), "{found}");
}

/// No path along which each state is reached first has three rounds in it.
#[test]
fn a_round_that_remembers_more_rounds_than_there_are_states_is_noticed() {
    let space = complete(&unchecked(), &smuggles_rounds(1));
    assert_eq!(space.progress.states, 1);
    let found = fault(&distrustful(), &smuggles_rounds(1), &|_| true);
    assert!(matches!(found, FaultKind::Remembered { .. }), "{found}");
}

/// A merged state is compared by what one step makes of it, and here it takes two to see the difference.
#[test]
fn identifiers_that_are_compared_by_order_are_not_noticed_two_steps_later() {
    let program = |actors: &mut Actors<'_>| served_in_order(actors);
    let symmetry = super::symmetry_faults::knows_queues(Rule::Fresh { pinned: 0 });
    let plain = complete(&distrustful(), &program);
    // Right would be a fault; the paths are as many, and lead elsewhere.
    let merged = complete(&up_to(distrustful(), symmetry), &program);
    assert_eq!(merged.graph.maximal_paths(), plain.graph.maximal_paths());
}

/// One of several actors steps for all that the key takes for its like. What the others do next is compared.
#[test]
fn an_actor_of_a_class_with_one_operation_more_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let total: SimMonitor<u32> = Monitor::new("total", 0);
        for place in 0..3 {
            let total = total.clone();
            actors.spawn(format!("adder {place}"), "adder", move || {
                total.enter("add", |total| *total += 1);
                if place == 2 {
                    total.enter("add", |total| *total += 1);
                }
            });
        }
        AtRest(move |_: &Rest| total.peek(|total| Some(*total)))
    };
    let (all, _) = verdicts(&distrustful(), &program);
    assert_eq!(all, BTreeSet::from([4]));
    let found = fault(&up_to(unchecked(), Symmetry::new()), &program, &|_| false);
    assert!(matches!(found, FaultKind::Asymmetric { .. }), "{found}");
}

/// The second of two alike actors must not be the first to come.
struct NotTheSecond(SimMonitor<Option<Person>>);

impl Watch for NotTheSecond {
    type Verdict = Person;

    fn after_step(&mut self, _: &Step) -> Option<Person> {
        self.0.peek(|first| first.filter(|person| person.0 == 1))
    }
}

impl StateWatch for NotTheSecond {
    fn in_state(&mut self, state: &SharedState<'_>) -> Option<Person> {
        state.monitor(&self.0).filter(|person| person.0 == 1)
    }
}

/// The one that steps for both is the first.
#[test]
fn a_watch_that_tells_alike_actors_apart_is_noticed() {
    let program = |actors: &mut Actors<'_>| {
        let first: SimMonitor<Option<Person>> = Monitor::new("first", None);
        for place in 0..2 {
            let first = first.clone();
            actors.spawn(format!("person {place}"), "person", move || {
                first.enter("come", move |first| {
                    first.get_or_insert(Person(place));
                });
            });
        }
        NotTheSecond(first)
    };
    let plain = Search::default().run(&program);
    assert!(
        matches!(plain.end, SpaceEnd::Violated(_)),
        "{:?}",
        plain.end
    );
    let merged = up_to(distrustful(), people().knows::<Option<Person>>());
    let found = fault(&merged, &program, &|_| true);
    assert!(matches!(found, FaultKind::Overlooked { .. }), "{found}");
}

/// Someone keeps a copy of the newest ticket, and others come after it.
#[test]
fn a_newest_ticket_that_is_remembered_is_not_taken_for_the_newest() {
    let program = |actors: &mut Actors<'_>| {
        let (newest, has) = (Newest(1), false);
        let hall: SimMonitor<Hall<bool>> = Monitor::new("hall", Hall { newest, has });
        let shared = hall.clone();
        actors.spawn("seer", "seer", move || {
            let seen = shared.enter("foresee", |hall| Ticket(hall.newest.0 + 2));
            shared.enter("look", move |hall| hall.has = hall.newest.0 >= seen.0);
        });
        let shared = hall.clone();
        actors.spawn("visitor", "visitor", move || {
            shared.enter("copy", |hall| hall.clone());
        });
        for name in ["alice", "bob"] {
            let hall = hall.clone();
            actors.spawn(name, name, move || {
                hall.enter("draw", |hall| hall.newest.0 += 1);
            });
        }
    };
    complete(&distrustful(), &program);
    let symmetry = tickets(0).knows::<Hall<bool>>().knows::<Ticket>();
    complete(&up_to(distrustful(), symmetry), &program);
}

/// Says with which call it describes itself by that call alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Said {
    Plain(u64),
    Ticket(u32),
    Person(u32),
}

impl Symmetric for Said {
    fn describe(&self, shape: &mut dyn Shape) {
        match *self {
            Self::Plain(value) => shape.plain(value),
            Self::Ticket(number) => shape.identifier(TICKETS, number),
            Self::Person(number) => shape.identifier(PEOPLE, number),
        }
    }
}

/// A key has the numbers of a description and not which calls they were given to.
#[test]
fn a_family_that_is_told_by_the_call_alone_is_not_in_the_key() {
    let of = |symmetry: &Symmetry, has| {
        let newest = Newest(1);
        key(symmetry, 2, &Hall { newest, has })
    };
    // The rules forbid such a description; right would be to notice it.
    let fresh = tickets(0);
    assert_eq!(of(&fresh, Said::Plain(1)), of(&fresh, Said::Ticket(1)));
    let plain = Symmetry::new();
    assert_eq!(of(&plain, Said::Person(1)), of(&plain, Said::Ticket(1)));
}

/// What two actors have hidden shows in one order of all, for a moment, and the state is one that was never seen.
#[test]
fn what_shows_in_a_state_of_one_order_alone_is_noticed() {
    struct Good(SimMonitor<u32>);
    impl Watch for Good {
        type Verdict = &'static str;
    }
    impl StateWatch for Good {
        fn in_state(&mut self, state: &SharedState<'_>) -> Option<&'static str> {
            (*state.monitor(&self.0) == 1).then_some("a bad count")
        }
    }
    const EACH: usize = 4;
    let program = |actors: &mut Actors<'_>| {
        let count: SimMonitor<u32> = Monitor::new("count", 0);
        let log = std::sync::Arc::new(Mutex::new(Vec::new()));
        for (number, name) in ["anna", "ben"].into_iter().enumerate() {
            let (count, log) = (count.clone(), log.clone());
            actors.spawn(name, name, move || {
                for _ in 0..EACH {
                    count.enter("touch", |_| ());
                    let order: Vec<usize> = {
                        let mut log = log.lock().expect("nobody panics with it");
                        log.push(number);
                        log.clone()
                    };
                    let turns = order.iter().zip([1, 0].into_iter().cycle());
                    if order.len() == 2 * EACH
                        && turns.into_iter().all(|(one, other)| *one == other)
                    {
                        count.enter("be bad", |count| *count = 1);
                        count.enter("be good", |count| *count = 0);
                    }
                }
            });
        }
        Good(count)
    };
    let found = fault(&distrustful(), &program, &|_| true);
    assert!(
        matches!(
            &found,
            FaultKind::Overlooked { .. } | FaultKind::Unrepeatable { .. }
        ),
        "{found}"
    );
}
