//! A balance that is read under a lock and written under it, and changed in between.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `bank_account`: one deposits, one withdraws as much.
pub(crate) struct BankAccount;

impl<P: Primitives> Portable<P> for BankAccount {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let balance = shared::<P, _>("balance", 0_i64);
        for (name, amount) in [("depositor", 20), ("withdrawer", -20)] {
            let balance = Arc::clone(&balance);
            actors.spawn(name, name, move || {
                let seen = balance.enter("read", |balance| *balance);
                balance.enter("write", move |balance| *balance = seen + amount);
            });
        }
        Judge::new(move |_| {
            let balance = balance.peek(|balance| *balance);
            (balance != 0).then(|| format!("a booking is lost: {balance}"))
        })
    }
}
