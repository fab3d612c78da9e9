//! The deterministic runtime as a backend.

use logon_core::primitives::Plain;
use logon_sim::Sim;

use super::Backend;

impl Backend for Sim {
    const NAME: &'static str = "sim";

    fn peek<S: Plain, R>(monitor: &Self::Monitor<S>, look: impl FnOnce(&S) -> R) -> R {
        monitor.peek(look)
    }
}
