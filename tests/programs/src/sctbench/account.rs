//! An account: a deposit, a withdrawal, and somebody who compares the balance with what both should leave.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Balance {
    balance: i64,
    deposited: bool,
    withdrawn: bool,
}

/// `account_bad` expects both to be taken away, `account_ok` one of them.
pub(crate) struct Account {
    pub(crate) expected: i64,
}

impl<P: Primitives> Portable<P> for Account {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let account = shared::<P, _>(
            "account",
            Balance {
                balance: 1,
                deposited: false,
                withdrawn: false,
            },
        );
        let (checked, expected) = (Arc::clone(&account), self.expected);
        actors.spawn("checker", "checker", move || {
            let balance = checked.enter("look", |account| {
                (account.deposited && account.withdrawn).then_some(account.balance)
            });
            assert!(balance.is_none_or(|balance| balance == expected));
        });
        let deposited = Arc::clone(&account);
        actors.spawn("depositor", "depositor", move || {
            deposited.enter("deposit", |account| {
                account.balance += 2;
                account.deposited = true;
            });
        });
        actors.spawn("withdrawer", "withdrawer", move || {
            account.enter("withdraw", |account| {
                account.balance -= 4;
                account.withdrawn = true;
            });
        });
        Judge::everybody_ends()
    }
}
