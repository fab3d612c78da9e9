//! Executions: of every variant in every preset, of those in which things take time, of the liars where they fall, and the
//! kept counterexamples.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::Variant;
use logon_models::scenario::{Scenario, presets};
use logon_models::stage::{Stage, Subject};
use logon_sim::{
    Actors, Config, End, Limits, Program, Rest, Sampler, Scheduler, Sim, Simulation, Step, Watch,
};
use logon_tests::each::each;

use super::made_up::made_up;
use super::{Both, Told};
use crate::kept_counterexamples::kept_to_replay;
use crate::liars::{falling_liars, lawful_everywhere};

/// A scenario as a program whose verdict is what its judge was told.
struct Heard<'a, S> {
    subject: &'a S,
    scenario: Arc<Scenario>,
}

struct Hearing(Stage<Sim>);

impl Hearing {
    fn told(&self, is_rest: bool) -> Told {
        let (truth, sections) = self.0.sections();
        let rest = is_rest.then(|| self.0.rest());
        Told {
            truth,
            sections,
            rest,
        }
    }
}

impl Watch for Hearing {
    type Verdict = Told;

    fn after_step(&mut self, _: &Step) -> Option<Told> {
        (!self.0.violations().is_empty()).then(|| self.told(false))
    }

    fn at_rest(&mut self, _: &Rest) -> Option<Told> {
        Some(self.told(true))
    }
}

impl<S: Subject> Program for Heard<'_, S> {
    type Watch = Hearing;

    fn start(&self, actors: &mut Actors<'_>) -> Hearing {
        let (stage, cast) = Stage::<Sim>::set(self.subject, &self.scenario, true);
        for actor in cast {
            match actor.is_idle {
                true => actors.spawn_idle(actor.name, actor.class, actor.body),
                false => actors.spawn(actor.name, actor.class, actor.body),
            };
        }
        Hearing(stage)
    }
}

/// What the judge is told in so many executions of `subject` in `scenario`.
pub(super) fn told<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut impl Scheduler,
    executions: u64,
) -> Vec<Told> {
    let program = Heard {
        subject,
        scenario: Arc::clone(scenario),
    };
    let mut told = Vec::new();
    let limits = Limits::executions(executions);
    Simulation::new(Config::default()).explore(&program, scheduler, limits, |execution| {
        if let End::Stopped { verdict, .. } = &execution.end {
            told.push(verdict.clone());
        }
        ControlFlow::Continue(())
    });
    told
}

/// How many of these executions come to an end, and in how many something falls, once it is seen that both judges say the
/// same.
fn fallen<S: Subject>(
    subject: &S,
    scenario: &Arc<Scenario>,
    scheduler: &mut impl Scheduler,
    executions: u64,
) -> (usize, usize) {
    let (name, place) = (subject.name(), &scenario.name);
    let all = told(subject, scenario, scheduler, executions);
    let fell = all.iter().filter(|told| {
        let fell = told.to_both().unwrap_or_else(|(section, (one, other))| {
            panic!("{name} in {place}, after section {section}:\n{one}\n{other}\n{told:#?}")
        });
        !fell.is_empty()
    });
    (all.len(), fell.count())
}

#[test]
fn executions_of_every_variant_in_every_preset_are_judged_alike() {
    let cells: Vec<(Variant, usize)> = Variant::ALL
        .iter()
        .flat_map(|&variant| (0..presets().len()).map(move |place| (variant, place)))
        .collect();
    let fell = each(&cells, |&(variant, place)| {
        let scenario = Arc::new(presets()[place].scenario());
        let (ended, fell) = fallen(&variant, &scenario, &mut Sampler::Random.start(1), 30);
        assert_eq!(ended, 30, "{variant} in {}", scenario.name);
        Some(variant).filter(|_| fell > 0)
    });
    assert!(fell.iter().all(|variant| variant.is_defect()), "{fell:?}");
    assert!(
        fell.len() > 50,
        "something falls in {} cells only",
        fell.len()
    );
}

/// How many made-up sections are tried after each section of an execution.
const TRIED: usize = 12;

/// How many sections that are made up both judges accept after those of an execution, and how many they do not.
fn beside(told: &Told, number: u64) -> (usize, usize) {
    let mut made_up = made_up(number);
    let (mut accepted, mut fell) = (0, 0);
    let mut both = Both::of(&told.truth);
    for section in &told.sections {
        match both.hear(section) {
            Ok(true) => {}
            Ok(false) => break,
            Err(parted) => panic!("{parted:?}\nin {told:#?}"),
        }
        let mut aside = both.clone();
        for section in made_up.by_ref().take(TRIED) {
            let before = aside.clone();
            match aside.hear(&section) {
                Ok(true) => accepted += 1,
                Ok(false) => {
                    fell += 1;
                    aside = before;
                }
                Err(parted) => panic!("{section:#?}\n{parted:?}\n{before:#?}\nin {told:#?}"),
            }
        }
    }
    (accepted, fell)
}

#[test]
fn what_is_made_up_in_the_middle_of_an_execution_is_judged_alike() {
    let variants = [Variant::Fixed, Variant::CountThenReread];
    let cells = presets()
        .iter()
        .flat_map(|preset| variants.map(|variant| (preset, variant)));
    let cells: Vec<_> = cells.collect();
    let counts = each(&cells, |(preset, variant)| {
        let scenario = Arc::new(preset.scenario());
        let all = told(variant, &scenario, &mut Sampler::Random.start(5), 30);
        let counts = (0..).zip(&all).map(|(number, told)| beside(told, number));
        Some(counts.fold((0, 0), |sum, (accepted, fell)| {
            (sum.0 + accepted, sum.1 + fell)
        }))
    });
    let sum = |(accepted, fell), &(more, others)| (accepted + more, fell + others);
    let (accepted, fell): (usize, usize) = counts.iter().fold((0, 0), sum);
    assert!(
        accepted > 50_000 && fell > 100_000,
        "{accepted} accepted, {fell} fell"
    );
}

#[test]
fn executions_in_which_things_take_time_are_judged_alike() {
    let mut fell = 0;
    for (clients, slack, patience) in [(3, 2, "5s"), (5, 1, "7s"), (8, 1, "30s")] {
        let text = format!(
            "name = \"burst\"\nsummary = \"Clients at once.\"\nsource = \"reconstruction\"\n[server]\nidle-pool = 1\n\
             [time]\nset-up = \"2s\"\npatience = \"{patience}\"\nburst-slack = {slack}\n[[client]]\ncount = {clients}\n"
        );
        let scenario = Arc::new(Scenario::parse(&text, "burst").expect("it makes sense"));
        for &variant in Variant::ALL {
            let (ended, fallen) = fallen(&variant, &scenario, &mut Sampler::Random.start(1), 30);
            assert_eq!(ended, 30, "{variant}");
            assert!(variant.is_defect() || fallen == 0, "{variant}");
            fell += fallen;
        }
    }
    assert!(fell > 0, "nothing falls");
}

#[test]
fn the_kept_counterexamples_are_judged_alike_and_fall() {
    let kept = kept_to_replay();
    assert!(kept.len() >= 18, "{} counterexamples", kept.len());
    for (variant, scenario, mut replay) in kept {
        let fell = fallen(&variant, &scenario, &mut replay, 1);
        assert_eq!(fell, (1, 1), "{variant} falls");
    }
}

#[test]
fn executions_of_the_liars_and_of_the_lawful_are_judged_alike() {
    let liars = falling_liars();
    let fell = each(&liars, |(liar, scenario)| {
        // One of them goes round for ever, and never comes to an end.
        let (_, fell) = fallen(liar, scenario, &mut Sampler::Random.start(1), 100);
        (fell > 0).then_some(())
    });
    let count = fell.len();
    assert!(count >= 80, "{count} of {} liars fall", liars.len());
    each(&lawful_everywhere(), |(lawful, scenario)| {
        if lawful.name == "polls_in_line" && scenario.time.is_some() {
            // Who polls lets no time pass, and so no execution comes to an end.
            return None;
        }
        let fell = fallen(lawful, scenario, &mut Sampler::Random.start(1), 10);
        assert_eq!(fell, (10, 0), "{} in {}", lawful.name, scenario.name);
        None::<()>
    });
}
