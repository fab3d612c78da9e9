//! The examples of Maple, each a fault of a real program cut down to what shows it.
//!
//! J. Yu, S. Narayanasamy, C. Pereira, G. Pokam: Maple: a coverage-driven testing tool for multithreaded programs.
//! OOPSLA 2012.

pub(crate) mod bank_account;
pub(crate) mod circular_list;
pub(crate) mod log_sweep;
pub(crate) mod mysql_169;
pub(crate) mod shared_counter;
pub(crate) mod string_buffer;

use self::{
    bank_account::BankAccount, circular_list::CircularList, log_sweep::LogSweep,
    mysql_169::Mysql169, shared_counter::SharedCounter, string_buffer::StringBuffer,
};
use crate::entry::{Entry, Published, falls};

/// The programs, each with its source and what the search is to find.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "bank-account",
            "Maple 2012, `bank_account`",
            Published::Wrong,
            falls("a-booking-is-lost", 4),
            BankAccount,
        ),
        Entry::new(
            "circular-list",
            "Maple 2012, `circular_list`",
            Published::Wrong,
            falls("the-list-is-out-of-order", 4),
            CircularList,
        ),
        Entry::new(
            "log-sweep",
            "Maple 2012, `log_proc_sweep`",
            Published::Wrong,
            falls("panic", 3),
            LogSweep,
        ),
        Entry::new(
            "mysql-169",
            "Maple 2012, `mysql_169_extract`",
            Published::Wrong,
            falls("the-log-ends-with-another-change-than-th", 4),
            Mysql169,
        ),
        Entry::new(
            "shared-counter-2",
            "Maple 2012, `shared_counter`",
            Published::Wrong,
            falls("a-count-is-lost", 4),
            SharedCounter { counters: 2 },
        ),
        Entry::new(
            "shared-counter-5",
            "Maple 2012, `shared_counter`",
            Published::Wrong,
            falls("a-count-is-lost", 10),
            SharedCounter { counters: 5 },
        ),
        Entry::new(
            "string-buffer",
            "Maple 2012, `string_buffer`",
            Published::Wrong,
            falls("panic", 3),
            StringBuffer,
        ),
    ]
}
