//! The quantities: the integers that a proof speaks of.
//!
//! The first six are parameters and parts of the server's record; the others are sums over all parties, visible or not.
//! A state of the server, with any number of clients, has one value of each.

use super::arithmetic::linear::Variable;

/// The maximum of connections, where there is one.
pub(super) const MAXIMUM: Variable = Variable(0);
/// How many idle sessions to keep ready.
pub(super) const IDLE_TARGET: Variable = Variable(1);
/// How many sessions may be under creation at the same time.
pub(super) const MOST_CREATING: Variable = Variable(2);
/// How many permits are out, by the ledger.
pub(super) const PERMITS: Variable = Variable(3);
/// Whether the server shuts down: 0 or 1.
pub(super) const CLOSING: Variable = Variable(4);
/// Whether logons are enabled: 0 or 1.
pub(super) const ENABLED: Variable = Variable(5);
/// How many logons are on record and not over.
pub(super) const HELD: Variable = Variable(6);
/// How many logons are in line.
pub(super) const LINE: Variable = Variable(7);
/// How many sessions are on the idle list.
pub(super) const IDLE: Variable = Variable(8);
/// How many sessions are being created.
pub(super) const CREATING: Variable = Variable(9);
/// How many creation workers there are.
pub(super) const WORKERS: Variable = Variable(10);

/// All of them, with their names.
pub(super) const ALL: [(Variable, &str); 11] = [
    (MAXIMUM, "maximum"),
    (IDLE_TARGET, "idle target"),
    (MOST_CREATING, "most creating"),
    (PERMITS, "permits"),
    (CLOSING, "closing"),
    (ENABLED, "enabled"),
    (HELD, "held"),
    (LINE, "line"),
    (IDLE, "idle"),
    (CREATING, "creating"),
    (WORKERS, "workers"),
];

/// The sums over all parties, in the order of [`super::bundle::Bundle::shares`].
pub(super) const SUMS: [Variable; 5] = [HELD, LINE, IDLE, CREATING, WORKERS];

/// The name of a quantity.
pub(super) fn name(variable: Variable) -> String {
    let known = ALL.iter().find(|(quantity, _)| *quantity == variable);
    known.map_or_else(
        || format!("quantity {}", variable.0),
        |(_, name)| (*name).to_owned(),
    )
}
