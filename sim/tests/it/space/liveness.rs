//! Liveness: what never happens although everybody is treated fairly.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{
    ActorId, Actors, Choice, Cycle, Obligation, Point, Program, Scheduler, Search, SharedState,
    Sim, SimMonitor, Simulation, SpaceEnd, StateWatch, Symmetry, Violation, Watch,
};

use super::{complete, distrustful, up_to};

/// What a cycle was asked about: the obligation, by the actor's place or its number, and the places of those
/// who move.
type Asked = BTreeSet<(Result<usize, u32>, Vec<usize>)>;

/// Notes what it is asked, and objects to one obligation.
struct Fair {
    value: SimMonitor<u32>,
    asked: Rc<RefCell<Asked>>,
    /// Obliges as long as the value is this one.
    obliges: Option<u32>,
    objects_to: Option<Obligation>,
}

impl Watch for Fair {
    type Verdict = Obligation;
}

impl StateWatch for Fair {
    fn obligations(&mut self, state: &SharedState<'_>) -> Vec<u32> {
        let value = Some(*state.monitor(&self.value));
        self.obliges
            .filter(|_| value == self.obliges)
            .into_iter()
            .collect()
    }

    fn starves(&mut self, cycle: &Cycle<'_>) -> Option<Obligation> {
        let obligation = match cycle.obligation {
            Obligation::End(actor) => Ok(actor.index()),
            Obligation::Stated(number) => Err(number),
        };
        let moving = cycle.moving.iter().map(|actor| actor.index()).collect();
        self.asked.borrow_mut().insert((obligation, moving));
        Some(cycle.obligation).filter(|one| Some(*one) == self.objects_to)
    }
}

/// A program over a number, its actors told by a function.
struct Over {
    spawn: fn(&mut Actors<'_>, &SimMonitor<u32>),
    asked: Rc<RefCell<Asked>>,
    obliges: Option<u32>,
    objects_to: Option<Obligation>,
}

impl Program for Over {
    type Watch = Fair;

    fn start(&self, actors: &mut Actors<'_>) -> Fair {
        let value = Monitor::new("value", 0);
        (self.spawn)(actors, &value);
        Fair {
            value,
            asked: Rc::clone(&self.asked),
            obliges: self.obliges,
            objects_to: self.objects_to,
        }
    }
}

fn over(spawn: fn(&mut Actors<'_>, &SimMonitor<u32>), obliges: Option<u32>) -> Over {
    Over {
        spawn,
        asked: Rc::default(),
        obliges,
        objects_to: None,
    }
}

/// Everything that `spawn` is asked.
fn asked(
    search: &Search,
    spawn: fn(&mut Actors<'_>, &SimMonitor<u32>),
    obliges: Option<u32>,
) -> Asked {
    let program = over(spawn, obliges);
    complete(search, &program);
    program.asked.take()
}

/// Serves for ever: waits for `mine`, and makes it `other`.
fn pass(actors: &mut Actors<'_>, value: &SimMonitor<u32>, name: &str, mine: u32, other: u32) {
    let value = value.clone();
    actors.spawn(name, name, move || {
        Sim::forever(|| {
            value.wait_for("wait", |value| (*value == mine).then_some(()));
            value.update("pass", |value| *value = other);
            ControlFlow::Continue(())
        });
    });
}

fn table_tennis(actors: &mut Actors<'_>, value: &SimMonitor<u32>) {
    pass(actors, value, "ping", 0, 1);
    pass(actors, value, "pong", 1, 0);
    let value = value.clone();
    actors.spawn("umpire", "umpire", move || {
        value.wait_for("wait", |value| (*value == 9).then_some(()));
    });
}

/// Runs these actors, one step each.
struct Along(Vec<ActorId>, bool);

impl Scheduler for Along {
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.1, true)
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        match self.0.get(point.number - 1) {
            Some(&actor) => Choice::Run(actor),
            None => Choice::Stop,
        }
    }
}

#[test]
fn who_waits_in_vain_while_others_play_for_ever_starves() {
    let everybody = vec![0, 1, 2];
    let all = BTreeSet::from([0, 1, 2].map(|actor| (Ok(actor), everybody.clone())));
    assert_eq!(asked(&distrustful(), table_tennis, None), all);
    let merged = up_to(distrustful(), Symmetry::new());
    let asked_merged = asked(&merged, table_tennis, None);
    assert!(
        asked_merged.contains(&(Ok(2), everybody)),
        "{asked_merged:?}"
    );
}

#[test]
fn the_loop_of_the_evidence_can_be_repeated() {
    for search in [distrustful(), up_to(distrustful(), Symmetry::new())] {
        let first = over(table_tennis, None);
        let ids = Simulation::default().run_once(&first, &mut Along(Vec::new(), false));
        let umpire = Obligation::End(ids.actors[2].id);
        let program = Over {
            objects_to: Some(umpire),
            ..over(table_tennis, None)
        };
        let SpaceEnd::Violated(evidence) = search.run(&program).end else {
            panic!("the umpire is served");
        };
        assert_eq!(evidence.execution.verdict(), Some(&umpire));
        let Violation::Cycle { loop_from } = evidence.violation else {
            panic!("{:?}", evidence.violation);
        };
        let steps: Vec<ActorId> = evidence
            .execution
            .steps
            .iter()
            .map(|step| step.actor)
            .collect();
        assert!(
            (1..=steps.len()).contains(&loop_from),
            "{loop_from} of {}",
            steps.len()
        );
        let round = &steps[loop_from - 1..];
        let labels = |from: usize, steps: &[logon_sim::Step]| -> Vec<_> {
            steps[from..]
                .iter()
                .map(|step| (step.actor, step.operation.label, step.effect))
                .collect()
        };
        let again = [&steps[..], round, round].concat();
        let execution = Simulation::default().run_once(&program, &mut Along(again.clone(), false));
        assert_eq!(execution.steps.len(), again.len());
        let expected = labels(loop_from - 1, &evidence.execution.steps);
        assert_eq!(
            labels(steps.len() + round.len(), &execution.steps),
            expected
        );
        assert_eq!(
            labels(steps.len(), &execution.steps[..steps.len() + round.len()]),
            expected
        );
    }
}

fn spin_beside_one_step(actors: &mut Actors<'_>, value: &SimMonitor<u32>) {
    let (spinning, other) = (value.clone(), value.clone());
    actors.spawn("spinner", "spinner", move || {
        Sim::forever(|| {
            spinning.enter("spin", |_| ());
            ControlFlow::Continue(())
        });
    });
    actors.spawn("walker", "walker", move || {
        other.enter("walk", |value| *value = 5);
    });
}

#[test]
fn whoever_can_go_on_all_the_time_does_so_in_the_end() {
    for search in [distrustful(), up_to(distrustful(), Symmetry::new())] {
        // Only the spinner goes on for ever; the walker walks, and the value becomes 5.
        let spinner = BTreeSet::from([(Ok(0), vec![0])]);
        assert_eq!(asked(&search, spin_beside_one_step, None), spinner);
        assert_eq!(asked(&search, spin_beside_one_step, Some(0)), spinner);
        let stands = BTreeSet::from([(Ok(0), vec![0]), (Err(5), vec![0])]);
        assert_eq!(asked(&search, spin_beside_one_step, Some(5)), stands);
    }
}

#[test]
fn an_obligation_that_falls_in_every_round_is_not_starved() {
    for value in [0, 1] {
        let asked = asked(&distrustful(), table_tennis, Some(value));
        assert!(
            asked.iter().all(|(obligation, _)| obligation.is_ok()),
            "{asked:?}"
        );
    }
}

/// Two alike, who take a lock again and again; a third one of their class would like to have it once.
fn three_and_a_lock(actors: &mut Actors<'_>, value: &SimMonitor<u32>) {
    for number in 0..3 {
        let value = value.clone();
        actors.spawn(format!("client {number}"), "client", move || {
            Sim::forever(|| {
                value.wait_for("take", |taken| (*taken == 0).then(|| *taken = 1));
                value.update("put back", |taken| *taken = 0);
                ControlFlow::Continue(())
            });
        });
    }
}

#[test]
fn a_cycle_of_merged_states_is_judged_with_every_actor_told_apart() {
    let plain = asked(&distrustful(), three_and_a_lock, Some(1));
    let merged = asked(
        &up_to(distrustful(), Symmetry::new()),
        three_and_a_lock,
        Some(1),
    );
    // That the lock is taken does not stand for ever: whoever has it puts it back.
    for asked in [plain, merged] {
        let who: BTreeSet<_> = asked
            .into_iter()
            .map(|(obligation, _)| obligation)
            .collect();
        assert_eq!(who, BTreeSet::from([Ok(0), Ok(1), Ok(2)]));
    }
}

#[test]
fn without_cycles_nothing_is_asked() {
    let once: fn(&mut Actors<'_>, &SimMonitor<u32>) = |actors, value| {
        let value = value.clone();
        actors.spawn("waiter", "waiter", move || {
            value.wait_for("wait", |value| (*value == 1).then_some(()));
        });
    };
    assert_eq!(asked(&distrustful(), once, Some(0)), BTreeSet::new());
}

/// Two who go round: one goes a long way around, the other, once the value is 3, a short one.
fn long_and_short(actors: &mut Actors<'_>, value: &SimMonitor<u32>) {
    for (name, from, to) in [
        ("a", 0, 1),
        ("b", 1, 2),
        ("c", 2, 3),
        ("d", 3, 0),
        ("e", 3, 2),
    ] {
        pass(actors, value, name, from, to);
    }
    let value = value.clone();
    actors.spawn("umpire", "umpire", move || {
        value.wait_for("wait", |value| (*value == 9).then_some(()));
    });
}

/// The evidence of a cycle in which the last actor starves: where the loop begins, how many steps there are, and whether
/// they are the fewest.
fn lasso(
    search: &Search,
    spawn: fn(&mut Actors<'_>, &SimMonitor<u32>),
    place: usize,
) -> (usize, usize, bool) {
    let ids = Simulation::default().run_once(&over(spawn, None), &mut Along(Vec::new(), false));
    let program = Over {
        objects_to: Some(Obligation::End(ids.actors[place].id)),
        ..over(spawn, None)
    };
    let SpaceEnd::Violated(evidence) = search.run(&program).end else {
        panic!("the last is served");
    };
    let Violation::Cycle { loop_from } = evidence.violation else {
        panic!("{:?}", evidence.violation);
    };
    (
        loop_from,
        evidence.execution.steps.len(),
        evidence.is_shortest,
    )
}

#[test]
fn of_all_loops_the_one_is_shown_that_takes_the_fewest_steps_to_come_to_and_to_go_around() {
    let with = |max_loop_pairs| Search {
        max_loop_pairs,
        ..distrustful()
    };
    // To try all sequences takes too long for six actors.
    let found = lasso(&with(200_000), table_tennis, 2);
    let (from, steps) = shortest_by_hand(table_tennis, 2);
    assert_eq!(found, (from, steps, true));
    assert_eq!(lasso(&with(200_000), long_and_short, 5), (1, 10, true));
    // Where the search is given up it says so, and a loop is shown all the same.
    assert_eq!(lasso(&with(1), table_tennis, 2).1, 6);
    let (_, steps, is_shortest) = lasso(&with(1), long_and_short, 5);
    assert!(!is_shortest && steps > 10, "{steps}");
    let merged = lasso(&up_to(distrustful(), Symmetry::new()), table_tennis, 2);
    assert!(!merged.2, "an exchange hides which loop is the shortest");
}

/// The same by trying all sequences of steps, the shortest first, and those with the longest loop last.
fn shortest_by_hand(spawn: fn(&mut Actors<'_>, &SimMonitor<u32>), place: usize) -> (usize, usize) {
    struct All {
        path: Vec<ActorId>,
        begun: bool,
        /// At each point the values and who could go on.
        seen: Vec<(String, Vec<ActorId>)>,
    }
    impl Scheduler for All {
        fn begin(&mut self) -> bool {
            !std::mem::replace(&mut self.begun, true)
        }
        fn choose(&mut self, point: &Point<'_>) -> Choice {
            let objects = point.objects();
            let states: Vec<_> = objects.iter().map(|object| &object.state).collect();
            let pending = point
                .enabled
                .iter()
                .map(|offer| (offer.actor, offer.operation.label));
            let pending: Vec<_> = pending.collect();
            let enabled = point.enabled.iter().map(|offer| offer.actor).collect();
            self.seen.push((format!("{states:?} {pending:?}"), enabled));
            match self.path.get(point.number - 1) {
                Some(&actor) => Choice::Run(actor),
                None => Choice::Stop,
            }
        }
    }
    let mut paths: Vec<Vec<ActorId>> = vec![Vec::new()];
    loop {
        let mut next = Vec::new();
        for path in paths {
            let mut all = All {
                path: path.clone(),
                begun: false,
                seen: Vec::new(),
            };
            let execution = Simulation::default().run_once(&over(spawn, None), &mut all);
            let actors = execution.actors.len();
            let seen = &all.seen;
            for from in (0..path.len()).rev() {
                let served = |actor: usize| {
                    path[from..].iter().any(|moved| moved.index() == actor)
                        || seen[from..]
                            .iter()
                            .any(|(_, enabled)| enabled.iter().all(|on| on.index() != actor))
                };
                if seen[from].0 == seen[path.len()].0 && (0..actors).all(served) {
                    assert!(place < actors);
                    return (from + 1, path.len());
                }
            }
            for &actor in &seen[path.len()].1 {
                let mut longer = path.clone();
                longer.push(actor);
                next.push(longer);
            }
        }
        paths = next;
    }
}
