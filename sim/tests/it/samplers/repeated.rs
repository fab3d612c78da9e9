//! The same seed draws the same executions, and another one others.

use logon_sim::{FewPreemptions, Sampler, Scheduler};

use super::{apart, order, sampled};

pub(super) const ALL: [Sampler; 4] = [
    Sampler::Random,
    Sampler::Pct { depth: 3 },
    Sampler::Pos,
    Sampler::Urw,
];

fn drawn(scheduler: &mut dyn Scheduler) -> Vec<String> {
    let mut orders = Vec::new();
    sampled(&apart(&[3, 2, 4]), scheduler, (0, 200), |execution| {
        orders.push(order(execution));
    });
    orders
}

#[test]
fn one_seed_draws_one_list_of_executions() {
    for sampler in ALL {
        let under = |seed| drawn(&mut sampler.start(seed));
        assert_eq!(under(7), under(7), "{sampler}");
        assert_ne!(under(7), under(8), "{sampler}");
    }
    let few = |seed| drawn(&mut FewPreemptions::new(seed, 2));
    assert_eq!(few(7), few(7));
}

#[test]
fn no_two_samplers_draw_alike() {
    let lists = ALL.map(|sampler| drawn(&mut sampler.start(7)));
    for (index, list) in lists.iter().enumerate() {
        assert!(!lists[index + 1..].contains(list), "{}", ALL[index]);
    }
}
