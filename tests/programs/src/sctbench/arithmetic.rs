//! A producer and a consumer of numbers, whose sum is compared with what it is said to be.

use std::sync::Arc;

use logon_core::primitives::{Condition, Monitor, Primitives, Wake};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

const EMPTY: Condition = Condition("empty");
const FULL: Condition = Condition("full");

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Sum {
    produced: u64,
    total: u64,
}

/// `arithmetic_prog_bad` with three numbers says that the sum is not theirs, `arithmetic_prog_ok` with four that it is.
pub(crate) struct Arithmetic {
    pub(crate) numbers: u64,
    pub(crate) is_their_sum: bool,
}

impl<P: Primitives> Portable<P> for Arithmetic {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let sum = shared::<P, _>("sum", Sum::default());
        let (numbers, is_their_sum) = (self.numbers, self.is_their_sum);
        let produced = Arc::clone(&sum);
        actors.spawn("producer", "producer", move || {
            for _ in 0..numbers {
                produced.wait_on("produce", EMPTY, |sum| {
                    (sum.produced == 0).then(|| (sum.produced += 1, Wake::Nobody))
                });
                produced.change("signal full", |_| ((), Wake::All(FULL)));
            }
        });
        let consumed = Arc::clone(&sum);
        actors.spawn("consumer", "consumer", move || {
            for number in 0..numbers {
                consumed.wait_on("consume", FULL, move |sum| {
                    (sum.produced > 0).then(|| {
                        sum.total += number;
                        sum.produced -= 1;
                        ((), Wake::Nobody)
                    })
                });
                consumed.change("signal empty", |_| ((), Wake::All(EMPTY)));
            }
            consumed.enter("add the last", move |sum| sum.total += numbers);
        });
        Judge::new(move |_| {
            let total = sum.peek(|sum| sum.total);
            let is_so = total == numbers * (numbers + 1) / 2;
            (is_so != is_their_sum).then(|| format!("another sum: {total}"))
        })
    }
}
