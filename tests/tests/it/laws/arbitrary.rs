//! What the laws are tried on.

use std::sync::Arc;

use logon_core::Variant;
use logon_models::scenario::{Preset, Scenario, presets};
use logon_models::trace::{Record, Recorded, Trace, record};
use logon_sim::{Chosen, OperationKind, RandomWalk, Schedule, ScheduledStep, Scheduler};
use quickcheck::{Arbitrary, Gen, QuickCheck, Testable};

/// Looks at `count` cases, always the same ones.
pub(crate) fn law<T: Testable>(count: u64, law: T) {
    QuickCheck::new()
        .rng(Gen::from_size_and_seed(40, 1))
        .tests(count)
        .max_tests(count)
        .quickcheck(law);
}

#[derive(Clone, Debug)]
pub(crate) struct AnySchedule(pub(crate) Schedule);

impl Arbitrary for AnySchedule {
    fn arbitrary(source: &mut Gen) -> Self {
        use OperationKind::{
            Change, Choose, CompareExchange, Enter, FetchAdd, Load, Sleep, Store, Swap, Update,
            Wait, WaitOn, Wake,
        };
        let kinds = [
            Enter,
            Update,
            Wait,
            Sleep,
            Wake,
            Load,
            Store,
            CompareExchange,
            FetchAdd,
            Swap,
            Choose,
            Change,
            WaitOn,
        ];
        let steps = Vec::<(String, String, String, u32, Vec<String>)>::arbitrary(source);
        let step = |(actor, label, object, nth, enabled)| ScheduledStep {
            actor,
            label,
            object,
            kind: *source.choose(&kinds).expect("there are kinds"),
            nth,
            chosen: match nth % 3 {
                0 => Some(Chosen::Value(nth)),
                1 => Some(Chosen::Woken(format!("actor {nth}"))),
                _ => None,
            },
            enabled,
        };
        AnySchedule(Schedule {
            steps: steps.into_iter().map(step).collect(),
        })
    }
}

/// An execution of any variant in any preset.
#[derive(Clone, Debug)]
pub(crate) struct AnyExecution {
    pub(crate) variant: Variant,
    pub(crate) preset: &'static Preset,
    pub(crate) seed: u64,
    pub(crate) number: u64,
}

impl Arbitrary for AnyExecution {
    fn arbitrary(source: &mut Gen) -> Self {
        let presets: Vec<&'static Preset> = presets().iter().collect();
        AnyExecution {
            variant: *source.choose(Variant::ALL).expect("there are variants"),
            preset: source.choose(&presets).expect("there are presets"),
            seed: u64::arbitrary(source),
            number: u64::from(u32::arbitrary(source)),
        }
    }
}

impl AnyExecution {
    pub(crate) fn scenario(&self) -> Arc<Scenario> {
        Arc::new(self.preset.scenario())
    }

    pub(crate) fn under(&self, scheduler: &mut dyn Scheduler) -> (Trace, Recorded) {
        let Record { trace, end, .. } =
            record(&self.variant, &self.scenario(), scheduler, "random");
        (trace, end)
    }

    pub(crate) fn bytes(&self) -> String {
        self.under(&mut RandomWalk::at(self.seed, self.number))
            .0
            .to_json()
    }
}
