//! E. W. Dijkstra: Cooperating sequential processes. EWD 123, 1965: the sleeping barber. Whoever finds him asleep wakes
//! him; but if looking and falling asleep are two steps of his, he may sleep while somebody waits.

use std::ops::ControlFlow;
use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Shop {
    waiting: u32,
    served: u32,
}

/// So many customers, in a shop with so many chairs.
pub(crate) struct Barber {
    pub(crate) customers: u32,
    pub(crate) chairs: u32,
    pub(crate) in_one_step: bool,
}

impl<P: Primitives> Portable<P> for Barber {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let shop = shared::<P, _>("shop", Shop::default());
        let (served, in_one_step) = (Arc::clone(&shop), self.in_one_step);
        actors.spawn_server("barber", "barber", move || {
            P::forever(|| {
                let looks = || served.enter("is anybody waiting?", |shop| shop.waiting == 0);
                if !in_one_step && looks() {
                    served.sleep("fall asleep");
                    return ControlFlow::Continue(());
                }
                served.wait_for("fetch a customer", |shop| {
                    (shop.waiting > 0).then(|| shop.waiting -= 1)
                });
                served.update("cut the hair", |shop| shop.served += 1);
                ControlFlow::Continue(())
            });
        });
        for number in 1..=self.customers {
            let (shop, chairs) = (Arc::clone(&shop), self.chairs);
            actors.spawn(format!("customer {number}"), "customer", move || {
                let stays = shop.update("come in", move |shop| {
                    let stays = shop.waiting < chairs;
                    shop.waiting += u32::from(stays);
                    stays
                });
                if stays {
                    shop.wait_for("wait for the barber", |shop| {
                        (shop.served > 0).then(|| shop.served -= 1)
                    });
                }
            });
        }
        Judge::everybody_ends()
    }
}
