//! The judgment between two moments, and when everybody has come to rest.

use logon_core::Server;
use logon_core::primitives::Monitor;

use super::client::Client;
use super::run::Running;
use super::witness::{Ear, heard};
use crate::judge::{Inventory, MomentOver, Property, Rest, Totals};

impl Running<'_> {
    /// Judges the moment at which nobody can go on. `true`: it is not over, because somebody who was woken had not looked yet.
    pub(super) fn moment(&mut self) -> bool {
        // Without a step since the last moment nothing that is judged has changed, but the time.
        let steps = self.engine.steps();
        let has_changed = std::mem::replace(&mut self.steps_judged, steps) != steps;
        let mut world = self.world.borrow_mut();
        let now = world.now;
        world.count_clients();
        world.tally.moment(now);
        if let Some(progress) = &self.order.progress {
            progress.note(now, world.tally.outcomes.arrived);
        }
        if self.fell.is_some() {
            return false;
        }
        drop(world);
        let is_quiet = has_changed && self.engine.is_undisturbed();
        if self.is_not_over(is_quiet) {
            return true;
        }
        self.world.borrow_mut().happened.quiet_moments += u64::from(is_quiet);
        self.note_what_fell();
        false
    }

    /// Has the moment judged. `true`: somebody has still to look, and what was said is taken back.
    fn is_not_over(&mut self, is_quiet: bool) -> bool {
        let mut world = self.world.borrow_mut();
        let now = world.now;
        let server = self.callers.allocator.server().inner();
        let over = MomentOver {
            now: world.healthy.at(now),
            is_quiet,
            totals: is_quiet.then(|| server.peek(totals)),
            asleep: is_quiet.then(|| world.asleep()).flatten(),
        };
        drop(world);
        if !heard(|heard| heard.moment_is_over(over)) {
            return false;
        }
        // The server's own numbers may mean something else to this allocator. To ask it is dear, and nearly always needless.
        if heard(|heard| heard.judge.accuses_of(Property::Conservation)) {
            heard(|heard| heard.judge.take_back());
            let over = MomentOver {
                totals: Some(self.stock()),
                ..over
            };
            if !heard(|heard| heard.moment_is_over(over)) {
                return false;
            }
        }
        // Nothing is held against anybody before all who were woken have looked.
        if !self.engine.look_again() {
            return false;
        }
        heard(|heard| heard.judge.take_back());
        true
    }

    /// How much the allocator says it has.
    fn stock(&self) -> Totals {
        let allocator = &self.callers.allocator;
        let stock = allocator.server().peek(|server| allocator.stock(server));
        Totals {
            permits_in_use: stock.permits_in_use,
            idle: stock.idle.len() as u32,
            waiting: stock.line.len() as u32,
        }
    }

    /// Nothing is due and nobody can go on: what is left is left for ever.
    pub(super) fn rest(&mut self) {
        if self.fell.is_some() {
            return;
        }
        let world = self.world.borrow();
        let logons = world.clients.logons();
        let of = |wanted: &dyn Fn(&Client) -> bool| {
            let clients = logons.iter().filter_map(|&logon| world.clients.get(logon));
            clients
                .filter(|client| wanted(client))
                .map(|client| client.logon)
                .collect::<Vec<_>>()
        };
        let allocator = &self.callers.allocator;
        let stock = allocator.server().peek(|server| allocator.stock(server));
        let rest = Rest {
            unfinished: of(&|client| client.is_in_call),
            unlicensed: of(&|client| client.is_in_call && client.awaits_license)
                .into_iter()
                .collect(),
            others_unfinished: false,
            timed: Vec::new(),
            answers: Vec::new(),
            inventory: Inventory::from(stock),
        };
        drop(world);
        heard(|heard| heard.judge.rest(&rest));
        self.note_what_fell();
    }
}

/// How much the server has on record.
fn totals(server: &Server<Ear>) -> Totals {
    Totals {
        permits_in_use: server.ledger().in_use(),
        idle: server.idle().len() as u32,
        waiting: server.queue().len() as u32,
    }
}
