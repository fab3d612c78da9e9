//! Classes of prefixes of executions: those after which the same can happen, whichever of them did.
//!
//! An actor knows what its operations have returned and nothing else, and what others can learn lies in the objects.
//! So two prefixes are alike if every actor has done the same and been told the same, every object holds the same, and
//! the same actors can go on. That is seen from outside, at scheduling points, in what values print: neither the keys
//! of the search of states nor its graph have a part in it. Those merge more, for they let an actor forget.
//!
//! What the harness notes of actors that have finished, and of what clients were answered, follows from what they have
//! done. Only the order of the answers does not; it could decide which of two properties is said to fall first, where
//! both fall at rest.

use std::collections::BTreeMap;

use logon_models::judge::Violation;
use logon_sim::{
    ActorId, Choice, End, Execution, ObjectId, Offer, Point, Program, Scheduler, Simulation, Watch,
};

use crate::explanations::found::{Event, Failure, failure};

/// What can happen after some prefixes.
pub(crate) struct Class {
    /// A prefix of this class.
    pub(crate) path: Vec<ActorId>,
    /// What each actor has been told, by number.
    told: Vec<usize>,
    /// A step for each actor that can go on.
    pub(crate) steps: Vec<Step>,
}

/// A step from one class to the next.
pub(crate) struct Step {
    pub(crate) actor: usize,
    pub(crate) event: Event,
    pub(crate) to: To,
}

/// Where a step leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum To {
    /// Nobody has taken it yet.
    Open,
    /// To the class of this number.
    Class(usize),
    /// To the end of the execution, with what has fallen, if anything has.
    End(Option<Failure>),
}

/// All classes of a program, that of the empty prefix first; `None` if there are more than `most`.
pub(crate) fn classes<P>(program: &P, most: usize) -> Option<Vec<Class>>
where
    P: Program,
    P::Watch: Watch<Verdict = Vec<Violation>>,
{
    let mut walk = Walk::default();
    let mut simulation = Simulation::default();
    while walk.begin() {
        let execution = simulation.run_once(program, &mut walk);
        walk.came_to(&execution);
        if walk.classes.len() > most {
            return None;
        }
    }
    Some(walk.classes)
}

/// By what classes are told apart: what each actor has been told, what each object holds, and who can go on.
type Key = (Vec<usize>, Vec<(ObjectId, usize)>, Vec<ActorId>);

/// A depth-first walk that leaves an execution when it comes to a class that is known.
#[derive(Default)]
struct Walk {
    classes: Vec<Class>,
    known: BTreeMap<Key, usize>,
    /// Numbers of texts, and of what an actor has been told, by what it was told before that.
    texts: BTreeMap<String, usize>,
    tellings: BTreeMap<(usize, String), usize>,
    /// Steps that nobody has taken yet: a class and which of its steps.
    open: Vec<(usize, usize)>,
    /// The step under way, and what each actor has been told after it.
    taken: Option<((usize, usize), Vec<usize>)>,
    /// The step with which this execution leaves what is known.
    leaving: Option<(usize, usize)>,
}

impl Walk {
    /// The number of the class that the execution has come to, and whether it is new.
    fn class(&mut self, point: &Point<'_>) -> (usize, bool) {
        let told = match &self.taken {
            Some((_, told)) => told.clone(),
            None => vec![0; point.actors.len()],
        };
        let objects = point.objects().into_iter().map(|object| {
            let text = format!("{:?}", object.state);
            let next = self.texts.len();
            (object.id, *self.texts.entry(text).or_insert(next))
        });
        let mut objects: Vec<(ObjectId, usize)> = objects.collect();
        objects.sort_unstable();
        let enabled = point.enabled.iter().map(|offer| offer.actor).collect();
        let key = (told.clone(), objects, enabled);
        if let Some(&known) = self.known.get(&key) {
            let steps = self.classes[known].steps.iter();
            let offered = point.enabled.iter().map(event);
            assert!(steps.map(|step| step.event.clone()).eq(offered));
            return (known, false);
        }
        let number = self.classes.len();
        self.known.insert(key, number);
        let path = self.taken.as_ref().map(|((class, step), _)| {
            let before = &self.classes[*class];
            let actor = before.steps[*step].actor;
            let actor = point.actors[actor].id;
            before.path.iter().copied().chain([actor]).collect()
        });
        let steps = point.enabled.iter().map(|offer| Step {
            actor: offer.actor.index(),
            event: event(offer),
            to: To::Open,
        });
        self.classes.push(Class {
            path: path.unwrap_or_default(),
            told,
            steps: steps.collect(),
        });
        (number, true)
    }

    /// Takes a step, and notes what its actor will be told.
    fn take(&mut self, point: &Point<'_>, (class, step): (usize, usize)) -> Choice {
        let offer = &point.enabled[step];
        let mut objects = point.objects().into_iter();
        let object = objects.find(|object| object.id == offer.operation.object);
        let mut state = object.expect("an operation is on an object").state;
        let result = point.try_out(offer.actor, &mut *state);
        let result = result.expect("no section of a defect panics");
        let mut told = self.classes[class].told.clone();
        let actor = offer.actor.index();
        let telling = (told[actor], format!("{:?} {result:?}", event(offer)));
        let next = self.tellings.len() + 1;
        told[actor] = *self.tellings.entry(telling).or_insert(next);
        self.taken = Some(((class, step), told));
        Choice::Run(offer.actor)
    }

    fn link(&mut self, to: To) {
        if let Some(((class, step), _)) = self.taken.take() {
            let link = &mut self.classes[class].steps[step].to;
            assert_eq!(*link, To::Open, "each step is taken once");
            *link = to;
        }
    }

    /// Notes how an execution ended.
    fn came_to(&mut self, execution: &Execution<Vec<Violation>>) {
        match &execution.end {
            End::Rest(_) => self.link(To::End(None)),
            End::Stopped { verdict, .. } => self.link(To::End(Some(failure(verdict)))),
            End::Abandoned => {}
            other => panic!("no defect comes to {other:?}"),
        }
    }
}

fn event(offer: &Offer) -> Event {
    Event::new(&offer.name, &offer.operation)
}

impl Scheduler for Walk {
    fn begin(&mut self) -> bool {
        self.leaving = self.open.last().copied();
        self.taken = None;
        self.leaving.is_some() || self.classes.is_empty()
    }

    fn choose(&mut self, point: &Point<'_>) -> Choice {
        if let Some((class, step)) = self.leaving {
            if let Some(&actor) = self.classes[class].path.get(point.number - 1) {
                return Choice::Run(actor);
            }
            self.leaving = None;
            self.open.pop();
            return self.take(point, (class, step));
        }
        let (class, is_new) = self.class(point);
        self.link(To::Class(class));
        if !is_new {
            return Choice::Stop;
        }
        self.open
            .extend((1..point.enabled.len()).map(|step| (class, step)));
        self.take(point, (class, 0))
    }
}
