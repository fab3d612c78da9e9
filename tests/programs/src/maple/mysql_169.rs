//! A table and the log of its changes, each under a lock: the log may have another order than the changes.
//!
//! Bug 169 of MySQL.

use std::sync::Arc;

use logon_core::primitives::{Monitor, Primitives};
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::shared;

/// `mysql_169_extract`: one inserts, one removes everything.
pub(crate) struct Mysql169;

impl<P: Primitives> Portable<P> for Mysql169 {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let table = shared::<P, _>("table", false);
        let log = shared::<P, _>("log", Vec::<bool>::new());
        for (name, holds_a_row) in [("remover", false), ("inserter", true)] {
            let (table, log) = (Arc::clone(&table), Arc::clone(&log));
            actors.spawn(name, name, move || {
                table.enter("change the table", move |table| *table = holds_a_row);
                log.enter("write the log", move |log| log.push(holds_a_row));
            });
        }
        Judge::new(move |_| {
            let last = log.peek(|log| log.last().copied());
            let is_so = last == Some(table.peek(|table| *table));
            (!is_so).then(|| "the log ends with another change than the table".to_owned())
        })
    }
}
